//! An entry as an auditor reads it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::journal::{Entry, Event, Hash, stamp};

/// A row of the answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Row {
    /// When it happened, by our clock.
    #[serde(with = "stamp")]
    pub at: DateTime<Utc>,
    /// The chain.
    pub chain: String,
    /// The place in the chain.
    pub seq: u64,
    /// What happened.
    pub kind: String,
    /// Who did it.
    pub actor: String,
    /// The post.
    pub post: Option<Uuid>,
    /// The post's headline.
    pub title: Option<String>,
    /// The delivery.
    pub delivery: Option<Uuid>,
    /// The channel.
    pub channel: Option<String>,
    /// The revision.
    pub revision: Option<u32>,
    /// The platform's id.
    pub remote_id: Option<String>,
    /// The public address.
    pub url: Option<String>,
    /// The platform's own time of the publication.
    #[serde(with = "stamp::option")]
    pub platform_time: Option<DateTime<Utc>>,
    /// Whole seconds from the primary to this publication, as `history verify` measures them.
    pub distance_seconds: Option<i64>,
    /// What was said.
    pub reason: Option<String>,
    /// The entry's hash.
    pub hash: Hash,
}

impl Row {
    pub(super) fn new(entry: Entry, title: Option<String>, distance_seconds: Option<i64>) -> Self {
        let platform_time = match entry.event() {
            Ok(Some(Event::DeliveryPublished(receipt))) => receipt.platform_time,
            _ => None,
        };
        let text = |field: &str| entry.detail.get(field).and_then(serde_json::Value::as_str).map(ToOwned::to_owned);
        let revision = entry.detail.get("revision").and_then(serde_json::Value::as_u64);
        Self {
            revision: revision.and_then(|n| u32::try_from(n).ok()),
            remote_id: text("remote_id"),
            url: text("url"),
            platform_time,
            distance_seconds,
            reason: text("reason").or_else(|| text("todo")),
            at: entry.at,
            chain: entry.chain,
            seq: entry.seq,
            kind: entry.kind,
            actor: entry.actor,
            post: entry.post,
            title,
            delivery: entry.delivery,
            channel: entry.channel,
            hash: entry.hash,
        }
    }
}
