//! An HTTP/1.1 server that can lose requests and replies, which an ordinary one cannot.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Body;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use futures_util::stream;
use http::header::{CONTENT_LENGTH, CONTENT_TYPE, DATE, RETRY_AFTER};
use http::{HeaderValue, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Limited};
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;
use tower::ServiceExt as _;
use url::Url;

use crate::clock::WorldClock;
use crate::faults::{Canned, Fault, Switches};

/// Larger requests are cut off (a little above the largest file any platform takes here).
const REQUEST_BYTES_MAX: usize = 300 * 1024 * 1024;
/// Of each request body this much is kept in the log.
const LOGGED_BYTES_MAX: usize = 64 * 1024;
/// The log keeps this many requests, the newest.
const LOGGED_MAX: usize = 100_000;

/// A request as the fault switches and the log see it.
#[derive(Debug)]
pub struct Call<'a> {
    /// Method, path, headers.
    pub parts: &'a http::request::Parts,
    /// The whole body.
    pub body: &'a Bytes,
}

/// One request that reached a server.
#[derive(Debug, Clone)]
pub struct Logged {
    /// When, by the world's clock.
    pub at: DateTime<Utc>,
    /// The call's name.
    pub call: String,
    /// HTTP method.
    pub method: String,
    /// Path and query.
    pub path: String,
    /// The headers.
    pub headers: http::HeaderMap,
    /// The start of the body.
    pub body: Bytes,
    /// The status answered, `None` when the connection was cut.
    pub status: Option<u16>,
}

/// A running server; it ends when dropped.
#[derive(Debug)]
pub struct Server {
    /// Where it listens.
    pub address: SocketAddr,
    /// Its faults.
    pub switches: Switches,
    /// Its clock.
    pub clock: WorldClock,
    log: Log,
    task: JoinHandle<()>,
}

type Log = Arc<Mutex<Vec<Logged>>>;

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Server {
    /// Serves `router` on `address` (loopback only; port 0 picks a free one). `name` names a call.
    pub async fn start(
        address: SocketAddr,
        clock: WorldClock,
        router: Router,
        name: fn(&Call<'_>) -> String,
    ) -> std::io::Result<Self> {
        if !address.ip().is_loopback() {
            return Err(std::io::Error::other(format!("the sandbox listens on loopback only, not on {address}")));
        }
        let listener = TcpListener::bind(address).await?;
        let address = listener.local_addr()?;
        let face = Face { router, switches: Switches::default(), clock, log: Log::default(), name };
        let (switches, clock, log) = (face.switches.clone(), face.clock.clone(), face.log.clone());
        let task = tokio::spawn(accept(listener, face));
        Ok(Self { address, switches, clock, log, task })
    }

    /// The base address, for configurations.
    pub fn url(&self) -> Url {
        Url::parse(&format!("http://{}", self.address))
            .unwrap_or_else(|_| unreachable!("a socket address makes an address"))
    }

    /// Every request so far (the newest hundred thousand).
    pub fn log(&self) -> Vec<Logged> {
        lock(&self.log).clone()
    }

    /// How often a call was made so far.
    pub fn calls(&self, name: &str) -> usize {
        lock(&self.log).iter().filter(|l| l.call == name).count()
    }
}

#[derive(Clone)]
struct Face {
    router: Router,
    switches: Switches,
    clock: WorldClock,
    log: Log,
    name: fn(&Call<'_>) -> String,
}

/// Ends the connection without another byte.
#[derive(Debug)]
struct Cut;

impl std::fmt::Display for Cut {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("the sandbox cuts this connection, as it was told")
    }
}

impl std::error::Error for Cut {}

async fn accept(listener: TcpListener, face: Face) {
    loop {
        let Ok((socket, _)) = listener.accept().await else {
            // Out of file descriptors: let others finish.
            tokio::task::yield_now().await;
            continue;
        };
        drop(socket.set_nodelay(true));
        let face = face.clone();
        tokio::spawn(async move {
            let service = service_fn(move |request| {
                let face = face.clone();
                async move { face.answer(request).await }
            });
            let connection = hyper::server::conn::http1::Builder::new()
                .auto_date_header(false)
                .serve_connection(TokioIo::new(socket), service);
            if let Err(error) = connection.await {
                tracing::trace!(%error, "sandbox connection ended");
            }
        });
    }
}

impl Face {
    async fn answer(&self, request: Request<hyper::body::Incoming>) -> Result<Response<Body>, Cut> {
        let (parts, body) = request.into_parts();
        let body = Limited::new(body, REQUEST_BYTES_MAX).collect().await.map_err(|_| Cut)?.to_bytes();
        let call = (self.name)(&Call { parts: &parts, body: &body });
        let mut logged = Logged {
            at: self.clock.now(),
            call: call.clone(),
            method: parts.method.to_string(),
            path: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
            headers: parts.headers.clone(),
            body: body.slice(..body.len().min(LOGGED_BYTES_MAX)),
            status: None,
        };
        let request = Request::from_parts(parts, Body::from(body));
        let fault = self.switches.take(&call);
        let dated = fault != Some(Fault::WithoutDate);
        let result = self.through_faults(fault, request).await;
        let result = result.map(|mut response| {
            let date = self.clock.date_header().filter(|_| dated);
            if let Some(date) = date.and_then(|d| HeaderValue::from_str(&d).ok()) {
                response.headers_mut().insert(DATE, date);
            }
            response
        });
        logged.status = result.as_ref().ok().map(|r| r.status().as_u16());
        let mut log = lock(&self.log);
        if log.len() >= LOGGED_MAX {
            log.drain(..LOGGED_MAX / 2);
        }
        log.push(logged);
        result
    }

    async fn through_faults(&self, fault: Option<Fault>, request: Request<Body>) -> Result<Response<Body>, Cut> {
        match fault {
            None | Some(Fault::WithoutDate) => Ok(self.handle(request).await),
            Some(Fault::Delay(time)) => {
                tokio::time::sleep(time).await;
                Ok(self.handle(request).await)
            }
            Some(Fault::Refuse(canned)) => Ok(canned_response(&canned)),
            Some(Fault::DropBefore) => Err(Cut),
            Some(Fault::CommitThenDrop) => {
                self.handle(request).await;
                Err(Cut)
            }
            Some(Fault::CommitThenDelay(time)) => {
                let answer = self.handle(request).await;
                tokio::time::sleep(time).await;
                Ok(answer)
            }
            Some(Fault::CommitThenAnswer(canned)) => {
                self.handle(request).await;
                Ok(canned_response(&canned))
            }
            Some(Fault::Truncate) => Ok(truncated(self.handle(request).await).await),
        }
    }

    async fn handle(&self, request: Request<Body>) -> Response<Body> {
        match self.router.clone().oneshot(request).await {
            Ok(response) => response,
            Err(never) => {
                let never: Infallible = never;
                match never {}
            }
        }
    }
}

fn canned_response(canned: &Canned) -> Response<Body> {
    let mut response = Response::new(Body::from(canned.body.clone()));
    *response.status_mut() = StatusCode::from_u16(canned.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let headers = response.headers_mut();
    if let Ok(kind) = HeaderValue::from_str(&canned.content_type) {
        headers.insert(CONTENT_TYPE, kind);
    }
    if let Some(seconds) = canned.retry_after {
        headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
    }
    response
}

/// Announces the whole length, sends half, cuts.
async fn truncated(response: Response<Body>) -> Response<Body> {
    let (mut parts, body) = response.into_parts();
    let whole = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    parts.headers.insert(CONTENT_LENGTH, HeaderValue::from(whole.len()));
    let half = whole.slice(..whole.len() / 2);
    let body = Body::from_stream(stream::iter([Ok(half), Err(Cut)]));
    Response::from_parts(parts, body)
}

fn lock(log: &Log) -> std::sync::MutexGuard<'_, Vec<Logged>> {
    log.lock().unwrap_or_else(PoisonError::into_inner)
}
