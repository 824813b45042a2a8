//! What goes into an attempt and what comes back from it. All of it is stored, none of it holds a secret.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use crate::reading::Shown;
use crate::rendered::Rendered;

/// Names one delivery of one revision, the same for every attempt at it. Sent along where a platform takes an
/// idempotency key (VK `guid`, webhook `Idempotency-Key`) and worked into a site's slug.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct DeliveryKey {
    /// The delivery.
    pub delivery: Uuid,
    /// The revision it is to show, counted from 1.
    pub revision: u32,
}

impl DeliveryKey {
    /// A name-based UUID (RFC 9562, version 5) of the pair, fit for any platform's key field.
    pub fn idempotency_key(&self) -> Uuid {
        Uuid::new_v5(&self.delivery, &self.revision.to_be_bytes())
    }
}

impl std::fmt::Display for DeliveryKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}", self.delivery, self.revision)
    }
}

/// Everything the irreversible call needs: written down before it is made, used again by the next attempt,
/// and what `find` compares with after an unknown outcome.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Prepared {
    /// The delivery it is for.
    pub key: DeliveryKey,
    /// What will be shown.
    pub post: Rendered,
    /// When preparation ended, by our clock: no platform post older than this (less the allowed skew) is ours.
    pub at: DateTime<Utc>,
    /// The adapter's own notes: upload tokens, a draft's id, a watermark of the wall.
    pub notes: serde_json::Value,
}

impl Prepared {
    /// Reads the adapter's notes back; `None` when they are of another shape (an older version wrote them).
    pub fn notes<T: serde::de::DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_value(self.notes.clone()).ok()
    }
}

/// The platform's name for a post, for example `mid.…` on MAX or a number on VK.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct RemoteId(pub String);

impl std::fmt::Display for RemoteId {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// A platform's raw answer, cut to [`Evidence::MAX_CHARS`] and with secrets removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// HTTP status.
    pub status: u16,
    /// The body, as text.
    pub body: String,
}

impl Evidence {
    /// Longer bodies are cut here (characters).
    pub const MAX_CHARS: usize = 4096;
}

/// The platform's confirmation that something stands (or, after an edit, now reads so).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Receipt {
    /// The platform's id. A success without an id is no success.
    pub id: RemoteId,
    /// The public address.
    pub url: Option<Url>,
    /// The platform's own publication time, when it says one.
    pub platform_time: Option<DateTime<Utc>>,
    /// The `Date` header of the answer.
    pub server_date: Option<DateTime<Utc>>,
    /// What an officer should know although it worked ("published, not yet visible to readers").
    pub remark: Option<String>,
    /// The answer as evidence.
    pub answer: Option<Evidence>,
    /// What the answer says the post reads, where it does.
    #[serde(default)]
    pub shown: Option<Shown>,
}
