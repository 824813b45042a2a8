//! Listening, and ending without cutting anyone off who moves.

use std::future::Future;
use std::net::SocketAddr;

use listenfd::ListenFd;
use tokio::net::TcpListener;

use super::connections::{self, Limits};
use super::{Desk, metrics, router};

/// A desk that has its addresses.
#[derive(Debug)]
pub struct Listening {
    pages: TcpListener,
    figures: Option<TcpListener>,
    desk: Desk,
}

/// An address that cannot be had.
#[derive(Debug, thiserror::Error)]
#[error("nothing can listen on {address} ({cause}); free the port, or write another under `{key}`")]
pub struct ListenError {
    address: SocketAddr,
    key: &'static str,
    cause: std::io::Error,
}

impl ListenError {
    fn of(key: &'static str, address: SocketAddr, cause: std::io::Error) -> Self {
        Self { address, key, cause }
    }
}

/// Takes the configured addresses. A socket that systemd hands over counts instead of `server.listen`.
pub async fn listen(desk: Desk) -> Result<Listening, ListenError> {
    let server = &desk.office.config.server;
    let listening_already = kept_open().map_err(|cause| ListenError::of("server.listen", server.listen, cause))?;
    let pages = match listening_already {
        Some(socket) => socket,
        None => bind("server.listen", server.listen).await?,
    };
    if let Ok(address) = pages.local_addr() {
        // A desk that listens twice is known by its first address.
        let _ = desk.listens.set(address);
    }
    let figures = match server.metrics {
        Some(address) => Some(bind("server.metrics", address).await?),
        None => None,
    };
    Ok(Listening { pages, figures, desk })
}

async fn bind(key: &'static str, address: SocketAddr) -> Result<TcpListener, ListenError> {
    TcpListener::bind(address).await.map_err(|cause| ListenError::of(key, address, cause))
}

/// The socket that systemd keeps open (`docs/deploy/vestnik.socket`, `sd_listen_fds(3)`): whoever comes while vestnik
/// restarts waits a moment and is not refused.
fn kept_open() -> std::io::Result<Option<TcpListener>> {
    let Some(socket) = ListenFd::from_env().take_tcp_listener(0)? else { return Ok(None) };
    socket.set_nonblocking(true)?;
    TcpListener::from_std(socket).map(Some)
}

impl Listening {
    /// The address of the pages: with port 0 in the configuration, the one that was free.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.pages.local_addr()
    }

    /// The address of the figures.
    pub fn metrics_address(&self) -> Option<SocketAddr> {
        self.figures.as_ref().and_then(|listener| listener.local_addr().ok())
    }

    /// Answers until `stop`; what is being answered then is finished, as far as it moves on.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
        let limits = Limits::of_this_process(&self.desk.office.config.server.trusted_proxies);
        if let Some(figures) = self.figures {
            // Figures end with the program: nobody waits for them.
            let (service, limits) = (metrics::router(self.desk.clone()), limits.clone());
            tokio::spawn(connections::serve(figures, service, limits, std::future::pending()));
        }
        let service = router(self.desk.clone());
        let desk = self.desk.clone();
        let (stopped, stops) = tokio::sync::oneshot::channel::<()>();
        let stop = async move {
            stop.await;
            // Streams have no end of their own to wait for.
            self.desk.live.end();
            drop(stopped);
        };
        let patience = async {
            drop(stops.await);
            desk.arriving.patience().await;
        };
        tokio::select! {
            () = connections::serve(self.pages, service, limits, stop) => Ok(()),
            // Half-open connections must not keep an ended program alive.
            () = patience => {
                tracing::warn!("the desk ended before everyone was answered");
                Ok(())
            }
        }
    }
}
