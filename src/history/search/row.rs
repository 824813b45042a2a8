//! An entry as an auditor reads it.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::Hit;
use crate::history::rule::whole_seconds;
use crate::journal::event::{Action, Published};
use crate::journal::{Event, Hash, stamp};

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
    /// Whole seconds from the primary to this publication, by the earlier of the platform's clock and ours, as far as
    /// the entry itself tells. `history verify` measures with everything that is known.
    pub distance_seconds: Option<i64>,
    /// What was said.
    pub reason: Option<String>,
    /// The entry's hash.
    pub hash: Hash,
}

impl From<Hit> for Row {
    fn from(Hit { entry, title }: Hit) -> Self {
        let receipt = match entry.event() {
            Ok(Some(Event::DeliveryPublished(receipt))) => Some(receipt),
            _ => None,
        };
        let text = |field: &str| entry.detail.get(field).and_then(serde_json::Value::as_str).map(ToOwned::to_owned);
        let revision = entry.detail.get("revision").and_then(serde_json::Value::as_u64);
        Self {
            revision: revision.and_then(|n| u32::try_from(n).ok()),
            remote_id: text("remote_id"),
            url: text("url"),
            platform_time: receipt.as_ref().and_then(|receipt| receipt.platform_time),
            distance_seconds: receipt.as_ref().and_then(distance),
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

fn distance(receipt: &Published) -> Option<i64> {
    // Of an edit platforms tell no time; what they tell then is the time of the first publication.
    let platform_time = receipt.platform_time.filter(|_| receipt.action != Action::Edit);
    let out_at = platform_time.map_or(receipt.received_at, |time| time.min(receipt.received_at));
    receipt.hold_from.map(|from| whole_seconds(out_at - from))
}
