//! The one way adapters speak HTTP: time-outs everywhere, redirects never followed, answers limited in size,
//! secrets never in an error. HTTP proxies of the environment are honoured, but never for loopback.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::time::Duration;

use bytes::{Bytes, BytesMut};
use chrono::{DateTime, Datelike as _, Utc};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, DATE, HeaderMap, RETRY_AFTER};
use reqwest::{RequestBuilder, StatusCode};
use secrecy::{ExposeSecret, SecretString};
use url::{Host, Url};

use crate::error::{AdapterError, PublishError};
use crate::prepared::Evidence;
use crate::settings::{SettingsError, is_public};
use crate::text::cut;
use crate::told::{Told, ToldKind};

/// An ordinary call ends within this time, connection included.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(30);
/// An upload ends within this time.
pub const UPLOAD_TIMEOUT: Duration = Duration::from_secs(300);
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// Longer answers are rubbish: the largest list any adapter asks for is far below.
const ANSWER_BYTES_MAX: usize = 8 * 1024 * 1024;

/// An HTTP client for one channel.
#[derive(Debug, Clone)]
pub struct Http {
    client: reqwest::Client,
}

/// An answer that arrived whole.
#[derive(Debug, Clone)]
pub struct Reply {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Bytes,
}

/// Why no whole answer arrived.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SendError {
    /// No connection was made, so nothing was asked.
    #[error("{0}")]
    NotSent(String),
    /// The call was, or may have been, made, and no answer came.
    #[error("{0}")]
    Lost(String),
    /// The call was made, and its answer broke off.
    #[error("{0}")]
    Cut(String),
}

impl Http {
    /// A client that trusts the system's roots and, for this client only, the certificates in `extra_root` (PEM).
    pub fn new(extra_root: Option<&Path>) -> Result<Self, SettingsError> {
        Self::build(builder(), extra_root)
    }

    /// A client for addresses that people typed: it carries no credentials and, unless `allow_private`, does not
    /// reach loopback or private networks, whatever a name resolves to.
    pub fn for_typed_addresses(allow_private: bool) -> Result<Self, SettingsError> {
        let builder = builder();
        // A proxy would resolve names for us, past the guard.
        Self::build(if allow_private { builder } else { builder.no_proxy().dns_resolver(PublicOnly) }, None)
    }

    fn build(builder: reqwest::ClientBuilder, extra_root: Option<&Path>) -> Result<Self, SettingsError> {
        let client = builder.tls_backend_preconfigured(crate::tls::trusting(extra_root)?).build();
        let client = client.map_err(|e| SettingsError::new("tls", format!("no HTTP client can be made ({e})")))?;
        Ok(Self { client })
    }

    /// Starts a GET.
    pub fn get(&self, url: impl reqwest::IntoUrl) -> RequestBuilder {
        self.client.get(url)
    }

    /// Starts a POST.
    pub fn post(&self, url: impl reqwest::IntoUrl) -> RequestBuilder {
        self.client.post(url)
    }

    /// Starts any other call.
    pub fn request(&self, method: reqwest::Method, url: impl reqwest::IntoUrl) -> RequestBuilder {
        self.client.request(method, url)
    }

    /// Sends once and reads the whole answer, whatever its status.
    pub async fn send(&self, request: RequestBuilder) -> Result<Reply, SendError> {
        let mut response = request.send().await.map_err(|e| {
            let not_sent = e.is_connect() || e.is_builder();
            let text = explain(e);
            if not_sent { SendError::NotSent(text) } else { SendError::Lost(text) }
        })?;
        let (status, headers) = (response.status(), response.headers().clone());
        let mut body = BytesMut::new();
        while let Some(chunk) = response.chunk().await.map_err(|e| SendError::Cut(explain(e)))? {
            if body.len() + chunk.len() > ANSWER_BYTES_MAX {
                return Err(SendError::Cut(format!("the answer is longer than {ANSWER_BYTES_MAX} bytes")));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Reply { status, headers, body: body.freeze() })
    }

    /// GETs an address a person typed, refusing what is not a public web address unless the client allows it.
    pub async fn get_typed(&self, url: &Url, allow_private: bool) -> Result<Reply, SendError> {
        if !matches!(url.scheme(), "http" | "https") {
            return Err(SendError::NotSent(format!("`{url}` is not a web address; it must begin with https://")));
        }
        let literal = match url.host() {
            Some(Host::Ipv4(ip)) => Some(ip.into()),
            Some(Host::Ipv6(ip)) => Some(ip.into()),
            _ => None,
        };
        if !allow_private && literal.is_some_and(|ip| !is_public(ip)) {
            return Err(SendError::NotSent(format!(
                "`{url}` leads into a private network; enter the public address, or allow private addresses in the configuration"
            )));
        }
        self.send(self.get(url.clone())).await
    }
}

#[expect(clippy::disallowed_methods, reason = "the one place where clients are built")]
fn builder() -> reqwest::ClientBuilder {
    static PROVIDER: Once = Once::new();
    // Err means that another part of the program installed one first, which is as good.
    PROVIDER.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("vestnik/", env!("CARGO_PKG_VERSION")))
        .redirect(reqwest::redirect::Policy::none())
        .connect_timeout(CONNECT_TIMEOUT)
        .timeout(CALL_TIMEOUT)
        // An idle connection may be closed by the peer at the moment we write: an avoidable unknown outcome.
        .pool_idle_timeout(Duration::from_secs(5))
        .tcp_nodelay(true)
        // The caller alone decides what is sent again.
        .retry(reqwest::retry::never());
    if let Some(proxy) = system_proxy() {
        builder = builder.proxy(proxy);
    }
    builder
}

/// The environment's proxy with loopback taken out of it, whatever `NO_PROXY` says.
fn system_proxy() -> Option<reqwest::Proxy> {
    let var = |names: &[&str]| names.iter().find_map(|n| std::env::var(n).ok()).filter(|v| !v.is_empty());
    let https = var(&["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"])?;
    let own = var(&["no_proxy", "NO_PROXY"]).unwrap_or_default();
    let exceptions = reqwest::NoProxy::from_string(&format!("localhost,127.0.0.0/8,::1,{own}"));
    match reqwest::Proxy::all(&https) {
        Ok(proxy) => Some(proxy.no_proxy(exceptions)),
        Err(error) => {
            tracing::warn!(%error, "the proxy address in the environment cannot be read and is ignored");
            None
        }
    }
}

/// reqwest's own text names the address, which may hold a token: the causes are enough.
fn explain(error: reqwest::Error) -> String {
    let error = error.without_url();
    if error.is_timeout() {
        return "no answer in time".into();
    }
    let mut causes = vec![error.to_string()];
    let mut source = std::error::Error::source(&error);
    while let Some(cause) = source {
        causes.push(cause.to_string());
        source = cause.source();
    }
    causes.dedup();
    causes.join(": ")
}

/// Resolves names, and forgets the addresses that are not public.
struct PublicOnly;

impl Resolve for PublicOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found: Vec<SocketAddr> =
                tokio::net::lookup_host((name.as_str(), 0)).await?.filter(|a| is_public(a.ip())).collect();
            if found.is_empty() {
                return Err(format!("{} has no public address", name.as_str()).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

impl Reply {
    /// The `Date` header, when there is a readable one. Its year has four digits (RFC 9110 section 5.6.7), so that it
    /// can be reckoned with.
    pub fn date(&self) -> Option<DateTime<Utc>> {
        let text = self.headers.get(DATE)?.to_str().ok()?;
        DateTime::parse_from_rfc2822(text).ok().map(|t| t.to_utc()).filter(|t| (1..=9999).contains(&t.year()))
    }

    /// `Retry-After` in seconds (RFC 9110 section 10.2.3); a date is taken relative to the answer's own `Date`.
    pub fn retry_after(&self) -> Option<Duration> {
        let text = self.headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
        if let Ok(seconds) = text.parse::<u64>() {
            return Some(Duration::from_secs(seconds.min(86_400)));
        }
        let until = DateTime::parse_from_rfc2822(text).ok()?.to_utc();
        (until - self.date()?).to_std().ok().map(|d| d.min(Duration::from_secs(86_400)))
    }

    /// Whether the body is declared as JSON.
    pub fn is_json(&self) -> bool {
        self.headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).is_some_and(|v| {
            let kind = v.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
            kind.ends_with("/json") || kind.ends_with("+json")
        })
    }

    /// The body as JSON, whatever its declared type.
    pub fn json<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The same answer with every one of `secrets` blotted out of its body: what is quoted from it holds none.
    #[must_use]
    pub fn without(mut self, secrets: &[&SecretString]) -> Self {
        let body = String::from_utf8_lossy(&self.body);
        let clean = redact(&body, secrets);
        if clean != body {
            self.body = clean.into();
        }
        self
    }

    /// The answer as evidence, with every one of `secrets` blotted out.
    pub fn evidence(&self, secrets: &[&SecretString]) -> Evidence {
        let body = redact(&String::from_utf8_lossy(&self.body), secrets);
        Evidence { status: self.status.as_u16(), body: cut(&body, Evidence::MAX_CHARS) }
    }
}

/// Blots out secrets, also where JSON, a form, an address or a page has encoded them.
pub fn redact(text: &str, secrets: &[&SecretString]) -> String {
    let secrets: Vec<&str> =
        secrets.iter().map(|s| s.expose_secret()).filter(|s| s.len() >= SECRET_CHARS_MIN).collect();
    let mut text = text.to_owned();
    for secret in &secrets {
        for spelling in spellings(secret) {
            text = text.replace(&spelling, BLOT);
        }
    }
    // JSON can spell any character as \uXXXX: what is left in it is found by reading it.
    if let Ok(mut value) = serde_json::from_str::<serde_json::Value>(&text)
        && blot_json(&mut value, &secrets)
    {
        return value.to_string();
    }
    text
}

const BLOT: &str = "[secret]";
/// Shorter texts are no secrets, and blotting them out would garble the answer.
const SECRET_CHARS_MIN: usize = 4;

fn spellings(secret: &str) -> Vec<String> {
    let json = serde_json::to_string(secret).unwrap_or_default();
    let json = json.get(1..json.len().saturating_sub(1)).unwrap_or(secret).to_owned(); // without its quotes
    let form: String = url::form_urlencoded::byte_serialize(secret.as_bytes()).collect();
    let html = crate::markdown::escape_html(secret);
    let mut all = vec![secret.to_owned(), json.replace('/', "\\/"), json, form.replace('+', "%20"), form, html];
    // The longest first: a shorter spelling may be a part of it.
    all.sort_by_key(|spelling| std::cmp::Reverse(spelling.len()));
    all
}

/// Blots out secrets in every text of a JSON value; whether there were any.
fn blot_json(value: &mut serde_json::Value, secrets: &[&str]) -> bool {
    match value {
        serde_json::Value::String(text) => {
            let mut found = false;
            for secret in secrets {
                if text.contains(secret) {
                    *text = text.replace(secret, BLOT);
                    found = true;
                }
            }
            found
        }
        // Counted, not asked for the first: every one has to go.
        serde_json::Value::Array(items) => {
            items.iter_mut().filter_map(|i| blot_json(i, secrets).then_some(())).count() > 0
        }
        serde_json::Value::Object(fields) => {
            fields.values_mut().filter_map(|f| blot_json(f, secrets).then_some(())).count() > 0
        }
        _ => false,
    }
}

impl From<SendError> for AdapterError {
    fn from(error: SendError) -> Self {
        Self::Retry { after: None, told: error.told() }
    }
}

impl SendError {
    /// What kind of failure it is.
    pub fn kind(&self) -> ToldKind {
        match self {
            Self::NotSent(_) => ToldKind::NoConnection,
            Self::Lost(_) => ToldKind::NoAnswer,
            Self::Cut(_) => ToldKind::AnswerCut,
        }
    }

    /// The same with its sentence.
    pub fn told(&self) -> Told {
        Told::plain(self.kind(), self.to_string())
    }

    /// What a failed send means for a call that must not be repeated blindly.
    pub fn of_publish(self) -> PublishError {
        let told = self.told();
        match self {
            Self::NotSent(_) => PublishError::Retry { after: None, told },
            Self::Lost(_) | Self::Cut(_) => PublishError::InDoubt { told },
        }
    }

    /// What a failed send means for a call that can be repeated (uploads, drafts, watermarks).
    pub fn of_prepare(self) -> PublishError {
        PublishError::Retry { after: None, told: self.told() }
    }
}

/// A file as a multipart part, streamed from disk.
pub async fn file_part(path: &PathBuf, name: &str, mime: &str) -> Result<reqwest::multipart::Part, PublishError> {
    let shown = path.display().to_string();
    let part = reqwest::multipart::Part::file(path).await.map_err(|error| file_not_read(&shown, &error))?;
    part.file_name(name.to_owned()).mime_str(mime).map_err(|error| file_not_sent(&shown, &error))
}

/// What it means for a post that a file of it could not be read.
pub fn file_not_read(file: &str, error: &std::io::Error) -> PublishError {
    match error.kind() {
        ErrorKind::NotFound | ErrorKind::PermissionDenied | ErrorKind::IsADirectory => file_not_sent(file, error),
        // No descriptor left, a disk that does not answer: the file may be in order.
        _ => PublishError::Retry {
            after: None,
            told: Told::plain(
                ToldKind::FileUnreadable,
                format!("{file} could not be read this time ({error}); it is read again by itself"),
            ),
        },
    }
}

/// A file of a post that is none to send.
pub fn file_not_sent(file: &str, cause: &dyn std::fmt::Display) -> PublishError {
    PublishError::Rejected {
        told: Told::plain(
            ToldKind::FileUnreadable,
            format!("{file} cannot be sent ({cause}); add the file to the post again"),
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reply(headers: &[(&'static str, &str)]) -> Reply {
        let headers = headers.iter().map(|(k, v)| (k.parse().unwrap(), v.parse().unwrap())).collect();
        Reply { status: StatusCode::OK, headers, body: Bytes::from_static(b"{\"t\":\"a\\/b\"}") }
    }

    #[tokio::test]
    async fn a_file_that_cannot_be_read_for_now_burns_no_post() {
        let part = async |path: &str| file_part(&PathBuf::from(path), "a.pdf", "application/pdf").await.unwrap_err();
        assert!(matches!(part("/nowhere/a.pdf").await, PublishError::Rejected { .. }));
        let none_left = std::io::Error::other("Too many open files");
        assert!(matches!(file_not_read("a.pdf", &none_left), PublishError::Retry { .. }));
    }

    #[test]
    fn dates_and_waits_are_read() {
        let r = reply(&[("date", "Sun, 22 Nov 2026 04:00:00 GMT"), ("retry-after", "Sun, 22 Nov 2026 04:00:30 GMT")]);
        assert_eq!(r.date().unwrap().to_rfc3339(), "2026-11-22T04:00:00+00:00");
        assert_eq!(r.retry_after(), Some(Duration::from_secs(30)));
        assert_eq!(reply(&[("retry-after", "7")]).retry_after(), Some(Duration::from_secs(7)));
        assert_eq!(reply(&[("retry-after", "soon")]).retry_after(), None);
        assert_eq!(reply(&[("date", "Mon, 31 Dec 262142 23:59:59 GMT")]).date(), None, "nothing can be added to it");
    }

    #[test]
    fn secrets_are_blotted_out_in_every_encoding() {
        let secret = SecretString::from("p/ass \"word\"".to_owned());
        let text = "p/ass \"word\" | p%2Fass+%22word%22 | p/ass \\\"word\\\"";
        assert_eq!(redact(text, &[&secret]), "[secret] | [secret] | [secret]");
        let echoed = r#"{"a":"p\/ass \u0022word\"","b":["\u0070/ass \"word\""]}"#;
        assert!(!redact(echoed, &[&secret]).contains("ass"), "{}", redact(echoed, &[&secret]));
    }

    #[tokio::test]
    async fn an_answer_that_breaks_off_is_told_from_none() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap());
        let answers: [&[u8]; 2] = [b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nhalf", b""];
        let server = std::thread::spawn(move || {
            for answer in answers {
                use std::io::{Read as _, Write as _};
                let (mut line, _) = listener.accept().unwrap();
                let _ = line.read(&mut [0; 1024]).unwrap();
                line.write_all(answer).unwrap();
            }
        });
        let http = Http::new(None).unwrap();
        for kind in [ToldKind::AnswerCut, ToldKind::NoAnswer] {
            let error = http.send(http.get(&url)).await.unwrap_err();
            assert_eq!(error.kind(), kind, "{error}");
            assert!(matches!(error.of_publish(), PublishError::InDoubt { .. }));
        }
        server.join().unwrap();
    }

    #[tokio::test]
    async fn typed_addresses_do_not_reach_this_machine() {
        let http = Http::for_typed_addresses(false).unwrap();
        for url in ["http://127.0.0.1:1/", "http://localhost:1/", "http://[::ffff:10.0.0.1]/", "file:///etc/passwd"] {
            let error = http.get_typed(&url.parse().unwrap(), false).await.unwrap_err();
            assert!(matches!(error, SendError::NotSent(_)), "{url}: {error}");
        }
    }
}
