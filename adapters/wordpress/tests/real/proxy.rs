//! A proxy with the sandbox's fault switches in front of a real site.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use axum::Router;
use axum::body::Body;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::response::{IntoResponse as _, Response};
use http_body_util::BodyExt as _;
use reqwest::StatusCode;
use reqwest::header::{AUTHORIZATION, CONNECTION, CONTENT_LENGTH, DATE, TRANSFER_ENCODING};
use url::Url;
use vestnik_contract::SystemClock;
use vestnik_contract::http::Http;
use vestnik_sandbox::wordpress::call_name;
use vestnik_sandbox::{Server, WorldClock};

pub(crate) struct Proxy {
    pub(crate) server: Server,
    anonymous: Arc<AtomicBool>,
}

#[derive(Clone)]
struct Behind {
    http: Http,
    site: Url,
    anonymous: Arc<AtomicBool>,
}

impl Proxy {
    pub(crate) async fn start(site: Url) -> Self {
        let anonymous = Arc::new(AtomicBool::new(false));
        let behind = Behind { http: Http::new(None).unwrap(), site, anonymous: Arc::clone(&anonymous) };
        let router = Router::new().fallback(forward).layer(DefaultBodyLimit::disable()).with_state(behind);
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let clock = WorldClock::new(Arc::new(SystemClock));
        let server = Server::start(address, clock, router, call_name).await.unwrap();
        Self { server, anonymous }
    }

    /// From now on credentials do not reach the site, which is how a revoked password looks.
    pub(crate) fn drop_credentials(&self) {
        self.anonymous.store(true, Ordering::SeqCst);
    }
}

async fn forward(State(behind): State<Behind>, request: Request) -> Response {
    let (mut parts, body) = request.into_parts();
    let body = body.collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
    if behind.anonymous.load(Ordering::SeqCst) {
        parts.headers.remove(AUTHORIZATION);
    }
    // `Host` stays: the site then answers with addresses that lead through the proxy.
    parts.headers.remove(CONTENT_LENGTH);
    let mut url = behind.site.clone();
    url.set_path(parts.uri.path());
    url.set_query(parts.uri.query());
    let request = behind.http.request(parts.method, url).headers(parts.headers).body(body);
    let Ok(reply) = behind.http.send(request).await else { return StatusCode::BAD_GATEWAY.into_response() };
    let mut response = Body::from(reply.body).into_response();
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    for hop in [DATE, CONNECTION, CONTENT_LENGTH, TRANSFER_ENCODING] {
        response.headers_mut().remove(hop);
    }
    response
}
