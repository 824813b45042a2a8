//! Connections: whoever holds one and asks for nothing is let go, and nobody holds so many that the rest of the program
//! finds no descriptor left. The release shares this process.

use std::collections::HashMap;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use ipnet::IpNet;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt as _;

use super::throttle::neighbours;

/// A request's headers arrive within this time, the first as the next on a connection that is kept.
const HEADERS_WITHIN: Duration = Duration::from_secs(15);
/// The same from a trusted proxy: it reads its visitors' headers before it speaks to us, and keeps connections for the next
/// of them, Caddy two minutes. Whoever closes first must not be us: a form could be on its way.
const HEADERS_OF_A_PROXY_WITHIN: Duration = Duration::from_secs(180);
/// More connections than any press office has windows.
const CONNECTIONS_MAX: usize = 4096;
/// What systems give a program that asks for nothing.
const DESCRIPTORS_UNKNOWN: usize = 1024;
/// Fewer would be no desk.
const CONNECTIONS_MIN: usize = 16;
/// When none can be accepted: no descriptor is left in the whole system.
const NEXT_TRY: Duration = Duration::from_secs(1);

/// How many connections there may be, and how long they may be silent.
#[derive(Debug, Clone)]
pub(super) struct Limits {
    headers_within: Duration,
    headers_of_a_proxy_within: Duration,
    connections: usize,
    of_one_network: usize,
    /// Behind these addresses stands everybody.
    trusted: Vec<IpNet>,
}

impl Limits {
    /// Half of the descriptors of this process: the other half is for the database, the platforms, files.
    pub(super) fn of_this_process(trusted: &[IpNet]) -> Self {
        let connections = (descriptors() / 2).clamp(CONNECTIONS_MIN, CONNECTIONS_MAX);
        let of_one_network = connections / 4;
        Self {
            headers_within: HEADERS_WITHIN,
            headers_of_a_proxy_within: HEADERS_OF_A_PROXY_WITHIN,
            connections,
            of_one_network,
            trusted: trusted.to_vec(),
        }
    }

    fn trusts(&self, ip: IpAddr) -> bool {
        let ip = ip.to_canonical();
        self.trusted.iter().any(|net| net.contains(&ip))
    }
}

/// How many descriptors this process may have.
fn descriptors() -> usize {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    limits.lines().find_map(of_descriptors).unwrap_or(DESCRIPTORS_UNKNOWN)
}

/// `Max open files            1024                 524288               files` (proc(5)).
fn of_descriptors(line: &str) -> Option<usize> {
    let soft = line.strip_prefix("Max open files")?.split_whitespace().next()?;
    Some(soft.parse().unwrap_or(usize::MAX))
}

/// Answers until `stop`; what is being answered then is finished.
pub(super) async fn serve(listener: TcpListener, router: Router, limits: Limits, stop: impl Future<Output = ()>) {
    let (places, ending) = (Places::new(limits.clone()), CancellationToken::new());
    let mut stop = pin!(stop);
    loop {
        let (socket, peer, place) = tokio::select! {
            () = &mut stop => break,
            accepted = places.next(&listener) => accepted,
        };
        let router = router.clone();
        let service = service_fn(move |mut request: hyper::Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().oneshot(request.map(Body::new))
        });
        let within = if limits.trusts(peer.ip()) { limits.headers_of_a_proxy_within } else { limits.headers_within };
        let mut http = http1::Builder::new();
        http.timer(TokioTimer::new()).header_read_timeout(within);
        let connection = http.serve_connection(TokioIo::new(socket), service);
        let ends = ending.clone();
        tokio::spawn(async move {
            let mut connection = pin!(connection);
            let ended = tokio::select! {
                ended = connection.as_mut() => ended,
                () = ends.cancelled() => {
                    connection.as_mut().graceful_shutdown();
                    connection.await
                }
            };
            if let Err(error) = ended {
                tracing::trace!(%error, "a connection ended");
            }
            drop(place);
        });
    }
    drop(listener);
    ending.cancel();
    places.all_given_back().await;
}

/// How many connections each network holds.
type Networks = Arc<Mutex<HashMap<IpAddr, usize>>>;

/// Who holds how many connections.
struct Places {
    limits: Limits,
    all: Arc<Semaphore>,
    networks: Networks,
}

/// One connection's place; given back when it ends.
struct Place {
    _of_all: OwnedSemaphorePermit,
    network: Option<(IpAddr, Networks)>,
}

impl Places {
    fn new(limits: Limits) -> Self {
        Self { all: Arc::new(Semaphore::new(limits.connections)), networks: Arc::default(), limits }
    }

    /// The next connection that has a place. Where there is none at all, newcomers wait in the system's queue.
    async fn next(&self, listener: &TcpListener) -> (TcpStream, SocketAddr, Place) {
        loop {
            let Ok(of_all) = Arc::clone(&self.all).acquire_owned().await else {
                unreachable!("nobody closes the semaphore")
            };
            match listener.accept().await {
                Ok((socket, peer)) => {
                    if let Some(place) = self.of_network(peer.ip(), of_all) {
                        return (socket, peer, place);
                    }
                }
                Err(error) if is_the_visitors(&error) => {}
                Err(error) => {
                    tracing::error!(cause = %error, "no connection can be accepted");
                    tokio::time::sleep(NEXT_TRY).await;
                }
            }
        }
    }

    /// Waits until nobody holds a connection any more.
    async fn all_given_back(&self) {
        let all = u32::try_from(self.limits.connections).unwrap_or(u32::MAX);
        let _ = self.all.acquire_many(all).await;
    }

    /// `None`: the network holds as many as one may.
    fn of_network(&self, ip: IpAddr, of_all: OwnedSemaphorePermit) -> Option<Place> {
        if self.limits.trusts(ip) {
            return Some(Place { _of_all: of_all, network: None });
        }
        let network = neighbours(ip);
        let mut held = self.networks.lock().unwrap_or_else(PoisonError::into_inner);
        let of_this = held.entry(network).or_default();
        if *of_this >= self.limits.of_one_network {
            return None;
        }
        *of_this += 1;
        Some(Place { _of_all: of_all, network: Some((network, Arc::clone(&self.networks))) })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((network, networks)) = &self.network else { return };
        let mut held = networks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(of_this) = held.get_mut(network) {
            *of_this -= 1;
            if *of_this == 0 {
                held.remove(network);
            }
        }
    }
}

/// Whether a connection went wrong and not the listening.
fn is_the_visitors(error: &std::io::Error) -> bool {
    use std::io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset};
    matches!(error.kind(), ConnectionAborted | ConnectionRefused | ConnectionReset)
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    const WHOLE: &[u8] = b"GET / HTTP/1.1\r\nHost: gorod.ru\r\n\r\n";
    const HALF: &[u8] = b"GET / HTTP/1.1\r\nHost: gorod.ru\r\n";

    fn limits(headers_within: Duration) -> Limits {
        let headers_of_a_proxy_within = Duration::from_secs(3600);
        Limits { headers_within, headers_of_a_proxy_within, connections: 8, of_one_network: 3, trusted: Vec::new() }
    }

    async fn desk(limits: Limits) -> SocketAddr {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().fallback(|| async { "да" });
        tokio::spawn(serve(listener, router, limits, std::future::pending()));
        address
    }

    async fn says(address: SocketAddr, request: &[u8]) -> TcpStream {
        let mut socket = TcpStream::connect(address).await.unwrap();
        socket.write_all(request).await.unwrap();
        socket
    }

    /// What comes until the connection is closed.
    async fn to_the_end(mut socket: TcpStream) -> String {
        let mut bytes = Vec::new();
        // A connection that was closed over what it sent ends in an error.
        let _ = socket.read_to_end(&mut bytes).await;
        String::from_utf8_lossy(&bytes).into_owned()
    }

    #[tokio::test]
    async fn who_asks_half_or_nothing_is_let_go_and_who_asked_before_is_too() {
        let address = desk(limits(Duration::from_millis(100))).await;
        for request in [HALF, b"", WHOLE] {
            let told = to_the_end(says(address, request).await).await;
            assert_eq!(told.contains("200 OK"), request == WHOLE, "{told}");
        }
    }

    #[tokio::test]
    async fn one_address_does_not_take_every_place() {
        let address = desk(limits(Duration::from_secs(3600))).await;
        let mut held = Vec::new();
        for _ in 0..3 {
            held.push(says(address, HALF).await);
        }
        assert_eq!(to_the_end(says(address, WHOLE).await).await, "", "a fourth is closed at once");
        // Places are given back.
        drop(held);
        let answered = async {
            loop {
                let mut socket = says(address, WHOLE).await;
                let mut first = [0; 1];
                if socket.read(&mut first).await.is_ok_and(|n| n == 1) {
                    return;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(Duration::from_secs(60), answered).await.unwrap();
    }

    #[test]
    fn the_limit_of_descriptors_is_read_as_the_system_writes_it() {
        assert_eq!(
            of_descriptors("Max open files            1024                 524288               files     "),
            Some(1024)
        );
        assert_eq!(
            of_descriptors("Max open files            unlimited            unlimited            files"),
            Some(usize::MAX)
        );
        assert_eq!(of_descriptors("Max locked memory         8388608              8388608              bytes"), None);
        assert!(descriptors() >= 64);
    }

    #[tokio::test]
    async fn what_is_answered_at_the_end_is_finished() {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (began, begins) = tokio::sync::oneshot::channel();
        let (finish, finishes) = tokio::sync::oneshot::channel::<()>();
        let once = Arc::new(Mutex::new(Some((began, finishes))));
        let slow = move || {
            let (began, finishes) = once.lock().unwrap().take().unwrap();
            began.send(()).unwrap();
            async move {
                finishes.await.unwrap();
                "да"
            }
        };
        let (stop, stops) = tokio::sync::oneshot::channel::<()>();
        let router = Router::new().fallback(slow);
        let desk =
            tokio::spawn(serve(listener, router, limits(Duration::from_secs(3600)), async { drop(stops.await) }));
        let asking = tokio::spawn(to_the_end(says(address, WHOLE).await));
        begins.await.unwrap();
        drop(stop);
        finish.send(()).unwrap();
        assert!(asking.await.unwrap().contains("200 OK"));
        desk.await.unwrap();
    }

    #[tokio::test]
    async fn a_proxy_keeps_its_connections_for_the_next_visitor() {
        let headers_of_a_proxy_within = Duration::from_millis(500);
        let trusted = vec!["127.0.0.0/8".parse().unwrap()];
        let limits = Limits { headers_of_a_proxy_within, trusted, ..limits(Duration::from_millis(1)) };
        let began = tokio::time::Instant::now();
        let told = to_the_end(says(desk(limits).await, WHOLE).await).await;
        assert!(told.contains("200 OK") && began.elapsed() >= headers_of_a_proxy_within, "{told}");
    }

    #[tokio::test]
    async fn behind_a_trusted_proxy_stands_everybody() {
        let trusted = vec!["127.0.0.0/8".parse().unwrap()];
        let address = desk(Limits { trusted, ..limits(Duration::from_secs(3600)) }).await;
        let mut held = Vec::new();
        for _ in 0..7 {
            held.push(says(address, HALF).await);
        }
        let mut eighth = says(address, WHOLE).await;
        let mut first = [0; 8];
        eighth.read_exact(&mut first).await.unwrap();
        assert_eq!(&first, b"HTTP/1.1");
    }
}
