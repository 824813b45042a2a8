//! What is written down with an attempt: upload tokens and how the group looked before it.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use vestnik_contract::RemoteId;

/// A token that ends within this time is not used any more: the topic has yet to be sent.
const TOKEN_MARGIN: TimeDelta = TimeDelta::minutes(10);

/// The adapter's notes in [`vestnik_contract::Prepared`].
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Notes {
    /// The topic to edit; `None` for a new one. A published topic has spent its tokens, so those prepared for
    /// another purpose are not used again.
    pub(crate) edits: Option<RemoteId>,
    /// The pictures, in the order of the post.
    pub(crate) pictures: Vec<Uploaded>,
    /// The group before the attempt; `None` when a topic is edited.
    pub(crate) before: Option<Snapshot>,
}

/// A picture that OK holds until a topic takes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Uploaded {
    /// SHA-256 of the file.
    pub(crate) sha256: String,
    /// The upload token. Of use only to who signs with the application's key.
    pub(crate) token: String,
    /// When OK forgets it.
    pub(crate) expires: DateTime<Utc>,
}

impl Uploaded {
    /// Whether a topic sent now will still find it.
    pub(crate) fn is_fresh(&self, now: DateTime<Utc>) -> bool {
        now + TOKEN_MARGIN < self.expires
    }
}

/// How a group looked before a topic was sent: what is not in it afterwards may be ours.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Snapshot {
    /// The time of the snapshot by OK's clock (its `Date`), by ours where it sent none: topics carry OK's time.
    pub(crate) at: DateTime<Utc>,
    /// The newest topics.
    pub(crate) topics: Vec<String>,
    /// When the newest of them was made.
    pub(crate) newest: Option<DateTime<Utc>>,
    /// How many topics the group had (`themes`), when OK said it.
    pub(crate) count: Option<i64>,
}
