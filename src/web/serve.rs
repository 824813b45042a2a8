//! Listening, and ending without cutting anyone off.

use std::future::Future;
use std::net::SocketAddr;

use tokio::net::TcpListener;

use super::{Desk, router};

/// A desk that has its address.
#[derive(Debug)]
pub struct Listening {
    listener: TcpListener,
    desk: Desk,
}

/// Takes the configured address.
pub async fn listen(desk: Desk) -> std::io::Result<Listening> {
    let listener = TcpListener::bind(desk.office.config.server.listen).await?;
    Ok(Listening { listener, desk })
}

impl Listening {
    /// The address: with port 0 in the configuration, the one that was free.
    pub fn address(&self) -> std::io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Answers until `stop`; what is being answered then is finished.
    pub async fn run(self, stop: impl Future<Output = ()> + Send + 'static) -> std::io::Result<()> {
        let service = router(self.desk).into_make_service_with_connect_info::<SocketAddr>();
        axum::serve(self.listener, service).with_graceful_shutdown(stop).await
    }
}
