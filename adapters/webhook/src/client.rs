//! One signed request, one answer.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use reqwest::StatusCode;
use reqwest::header::CONTENT_TYPE;
use url::Url;
use vestnik_contract::http::{Http, Reply, SendError, UPLOAD_TIMEOUT, redact};
use vestnik_contract::{Clock, Evidence, Told, ToldKind};

use crate::event::Event;
use crate::signature::{Keys, Signer};

/// Larger requests are given the time of an upload.
const UPLOAD_FROM_BYTES: usize = 512 * 1024;

/// Speaks to one receiver.
#[derive(Debug)]
pub(crate) struct Client {
    http: Http,
    url: Url,
    signer: Signer,
    clock: Arc<dyn Clock>,
}

/// Why there is no answer.
pub(crate) enum Failure {
    /// The secret cannot be had, so nothing was sent.
    NoSecret(String),
    /// The secret could not be read just now, so nothing was sent.
    Unread(String),
    /// The line failed.
    Line(SendError),
}

/// An answer, and the secrets that must not be repeated from it.
pub(crate) struct Answer {
    /// When the request was made, by our clock.
    pub(crate) sent_at: DateTime<Utc>,
    reply: Reply,
    keys: Keys,
}

impl Client {
    pub(crate) fn new(http: Http, url: Url, signer: Signer, clock: Arc<dyn Clock>) -> Self {
        Self { http, url, signer, clock }
    }

    /// The receiver's address.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// Signs and sends once.
    pub(crate) async fn call(&self, event: &Event) -> Result<Answer, Failure> {
        let keys = self.signer.keys()?;
        // The time of this attempt, not of the event: receivers refuse what is five minutes off.
        let sent_at = self.clock.now();
        let timestamp = sent_at.timestamp();
        let signature = keys.sign(&event.id, timestamp, &event.body).map_err(Failure::NoSecret)?;
        let mut request = self
            .http
            .post(self.url.clone())
            .header(CONTENT_TYPE, "application/json; charset=utf-8")
            .header("webhook-id", &event.id)
            .header("webhook-timestamp", timestamp)
            .header("webhook-signature", signature);
        if event.kind.changes() {
            // A structured-field string (RFC 9651), hence the quotes.
            request = request.header("idempotency-key", format!("\"{}\"", event.id));
        }
        if event.body.len() >= UPLOAD_FROM_BYTES {
            request = request.timeout(UPLOAD_TIMEOUT);
        }
        let reply = self.http.send(request.body(event.body.clone())).await.map_err(Failure::Line)?;
        Ok(Answer { sent_at, reply, keys })
    }
}

impl Answer {
    pub(crate) fn status(&self) -> StatusCode {
        self.reply.status
    }

    /// The answer itself, for its headers and body.
    pub(crate) fn reply(&self) -> &Reply {
        &self.reply
    }

    /// A sentence with this answer behind it.
    pub(crate) fn told(&self, kind: ToldKind, reason: &str) -> Told {
        Told::with(kind, redact(reason, &self.keys.secrets()), self.evidence())
    }

    pub(crate) fn evidence(&self) -> Evidence {
        self.reply.evidence(&self.keys.secrets())
    }
}
