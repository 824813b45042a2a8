//! What every request and every answer passes, before and after the pages.

use std::net::{IpAddr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use ipnet::IpNet;
use tracing::Instrument as _;
use uuid::Uuid;

use super::{Desk, WebError};

/// Scripts, styles and pictures from ourselves alone; nothing inline; in nobody's frame.
const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; \
     font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; manifest-src 'self'";
/// Half a year, as OWASP's cheat sheet advises at least.
const STRICT_TRANSPORT_SECURITY: &str = "max-age=15768000";

/// Tells browsers what they must not do with our answers.
pub(super) async fn headers(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    let mut set = |name: HeaderName, value: &'static str| {
        headers.entry(name).or_insert(HeaderValue::from_static(value));
    };
    set(header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY);
    set(header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    set(header::X_FRAME_OPTIONS, "DENY");
    set(header::REFERRER_POLICY, "same-origin");
    set(HeaderName::from_static("cross-origin-opener-policy"), "same-origin");
    set(HeaderName::from_static("cross-origin-resource-policy"), "same-origin");
    set(HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()");
    set(header::CACHE_CONTROL, "no-store");
    if desk.is_behind_tls() {
        set(header::STRICT_TRANSPORT_SECURITY, STRICT_TRANSPORT_SECURITY);
    }
    response
}

/// Refuses what another site's page sends: browsers say where a request comes from. Forms also carry a token
/// ([`super::posted::Posted`]); each of the two is enough.
pub(super) async fn only_own_forms(request: Request, next: Next) -> Response {
    let is_safe = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    if !is_safe && is_foreign(&request) {
        return WebError::Forged.into_response();
    }
    next.run(request).await
}

fn is_foreign(request: &Request) -> bool {
    let text = |name: &str| request.headers().get(name).and_then(|v| v.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return !matches!(site, "same-origin" | "none");
    }
    let Some(origin) = text("origin") else { return false };
    let host = text("host").unwrap_or_default();
    origin.split_once("://").is_none_or(|(_, theirs)| theirs != host)
}

/// One line a request, with an id that the answer carries too. Never a query, a body, a cookie.
pub(super) async fn log(mut request: Request, next: Next) -> Response {
    let id = request_id(&request);
    let (method, path) = (request.method().clone(), loggable(request.uri().path()));
    let span = tracing::info_span!("request", %id, %method, path);
    request.extensions_mut().insert(RequestId(id.clone()));
    let began = tokio::time::Instant::now();
    let mut response = next.run(request).instrument(span.clone()).await;
    let status = response.status().as_u16();
    span.in_scope(|| tracing::debug!(status, ms = began.elapsed().as_millis(), "answered"));
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert("x-request-id", value);
    }
    response
}

/// A path without the secret of a one-time address.
fn loggable(path: &str) -> String {
    match path.strip_prefix("/welcome/") {
        Some(_) => "/welcome/…".into(),
        None => path.to_owned(),
    }
}

/// The name of a request in the log and in the answer.
#[derive(Debug, Clone)]
pub struct RequestId(pub String);

fn request_id(request: &Request) -> String {
    let given = request.headers().get("x-request-id").and_then(|v| v.to_str().ok());
    let is_plain =
        |id: &&str| (8..=64).contains(&id.len()) && id.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    given.filter(is_plain).map_or_else(|| Uuid::new_v4().to_string(), ToOwned::to_owned)
}

/// The address of the visitor: the connection's, or what a trusted proxy says of it.
pub(super) fn visitor_address(desk: &Desk, request: &axum::http::request::Parts) -> String {
    let peer = request.extensions.get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip());
    let Some(peer) = peer else { return "unknown".into() };
    behind(peer, &request.headers, &desk.office.config.server.trusted_proxies).to_string()
}

/// Walks back along `X-Forwarded-For` while the word of the last one may be believed. A proxy may add a line of its own
/// below those that came with the request: only the last hop of the last line is its word.
fn behind(peer: IpAddr, headers: &HeaderMap, trusted: &[IpNet]) -> IpAddr {
    let is_trusted = |ip: &IpAddr| trusted.iter().any(|net| net.contains(ip));
    let lines = headers.get_all("x-forwarded-for").iter().rev();
    // What cannot be read is a hop that nobody knows: the walk ends there.
    let mut hops = lines.flat_map(|line| line.to_str().unwrap_or_default().rsplit(','));
    // A socket of both families writes an IPv4 address as an IPv6 one.
    let mut last = peer.to_canonical();
    while is_trusted(&last) {
        let Some(Ok(before)) = hops.next().map(|hop| hop.trim().parse::<IpAddr>()) else { break };
        last = before.to_canonical();
    }
    last
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_one_time_address_is_in_no_log() {
        assert_eq!(loggable("/welcome/0123456789abcdef"), "/welcome/…");
        assert_eq!(loggable("/people"), "/people");
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let trusted = ["127.0.0.1/32".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
        let told = |peer: &str, lines: &[&str]| {
            let line = |line: &&str| (HeaderName::from_static("x-forwarded-for"), line.parse().unwrap());
            behind(ip(peer), &lines.iter().map(line).collect(), &trusted)
        };
        assert_eq!(told("127.0.0.1", &["203.0.113.9"]), ip("203.0.113.9"));
        assert_eq!(told("127.0.0.1", &["1.2.3.4, 203.0.113.9, 10.0.0.2"]), ip("203.0.113.9"));
        assert_eq!(told("198.51.100.1", &["203.0.113.9"]), ip("198.51.100.1"));
        assert_eq!(told("127.0.0.1", &["rubbish"]), ip("127.0.0.1"));
        assert_eq!(told("127.0.0.1", &[]), ip("127.0.0.1"));
    }

    #[test]
    fn what_a_visitor_says_above_the_line_of_a_proxy_is_not_believed() {
        let ip = |text: &str| text.parse::<IpAddr>().unwrap();
        let trusted = ["127.0.0.1/32".parse().unwrap()];
        let told = |peer: &str, lines: &[&[u8]]| {
            let line =
                |line: &&[u8]| (HeaderName::from_static("x-forwarded-for"), HeaderValue::from_bytes(line).unwrap());
            behind(ip(peer), &lines.iter().map(line).collect(), &trusted)
        };
        // As HAProxy's `option forwardfor` does it.
        assert_eq!(told("127.0.0.1", &[b"1.2.3.4", b"203.0.113.9"]), ip("203.0.113.9"));
        assert_eq!(told("::ffff:127.0.0.1", &[b"1.2.3.4", b"203.0.113.9"]), ip("203.0.113.9"));
        assert_eq!(told("127.0.0.1", &[b"1.2.3.4", b"::ffff:127.0.0.1", b"127.0.0.1"]), ip("1.2.3.4"));
        assert_eq!(told("127.0.0.1", &[b"1.2.3.4", "\u{fc}".as_bytes()]), ip("127.0.0.1"));
    }
}
