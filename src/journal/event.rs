//! What can happen, as a closed list. The kinds and the names of the details stand in journals for ever and are never
//! changed; a new fact is a new field or a new kind. `docs/journal-format.md` tells each of them to outsiders.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};
use uuid::Uuid;

use super::canonical::INTEGER_MAX;
use super::chain::Head;
use super::stamp;

mod details;

pub use details::{
    Action, AttemptEnd, By, Clocks, Looked, Outcome, Planned, Published, Queued, Right, Standing, Week, WeekVerdict,
    Why,
};

/// One thing that happened, with what is known of it. Which post, delivery and channel it happened to stands in the
/// entry itself. Facts that are not known are left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", content = "detail")]
#[expect(missing_docs, reason = "the fields say what they are; docs/journal-format.md gives units and sources")]
pub enum Event {
    /// An officer queued a post.
    #[serde(rename = "post.queued")]
    PostQueued(Queued),
    /// An officer gave a post new content.
    #[serde(rename = "post.edited")]
    PostEdited { revision: u32, content_sha256: String },
    /// A person gave other times to what is not out yet.
    #[serde(rename = "post.moved")]
    PostMoved { planned: Vec<Planned> },
    /// A person asked that what is not out yet stay in.
    #[serde(rename = "post.cancel_requested")]
    PostCancelRequested { reason: String },
    /// A person asked that what is out be taken down.
    #[serde(rename = "post.withdraw_requested")]
    PostWithdrawRequested { reason: String },
    /// A person asked for a new primary (the old one was deleted), with a new hold.
    #[serde(rename = "post.republished")]
    PostRepublished {},
    /// The post's `expires_at` passed; what had not gone out will not.
    #[serde(rename = "post.expired")]
    PostExpired {},
    /// A restored copy of the database does not know this post: it was queued later.
    #[serde(rename = "post.lost")]
    PostLost { title: String, standing: Vec<Standing> },

    /// A follower's hold began, or began again: not before `until`.
    #[serde(rename = "delivery.held")]
    DeliveryHeld {
        revision: u32,
        #[serde(with = "stamp")]
        from: DateTime<Utc>,
        #[serde(with = "stamp")]
        until: DateTime<Utc>,
        hold_seconds: u32,
        margin_seconds: u32,
    },
    /// A due delivery was not attempted: a clock, a platform or its channel was not ready. Written when the reason changes.
    #[serde(rename = "delivery.postponed")]
    DeliveryPostponed {
        #[serde(flatten)]
        why: Why,
        #[serde(with = "stamp")]
        until: DateTime<Utc>,
    },
    /// A follower went back to waiting for its primary.
    #[serde(rename = "delivery.waiting")]
    DeliveryWaiting(Why),
    /// A delivery stands still until a person decides.
    #[serde(rename = "delivery.stopped")]
    DeliveryStopped {
        #[serde(flatten)]
        why: Why,
        todo: String,
    },
    /// A stopped delivery goes on.
    #[serde(rename = "delivery.resumed")]
    DeliveryResumed(Why),
    /// A receipt: the platform shows it.
    #[serde(rename = "delivery.published")]
    DeliveryPublished(Published),
    /// The delivery will not go out.
    #[serde(rename = "delivery.failed")]
    DeliveryFailed(Why),
    /// The delivery was cancelled before it was out.
    #[serde(rename = "delivery.cancelled")]
    DeliveryCancelled { reason: String },
    /// What was out was taken down.
    #[serde(rename = "delivery.retracted")]
    DeliveryRetracted {},
    /// What was out could not be taken down.
    #[serde(rename = "delivery.retract_failed")]
    DeliveryRetractFailed(Why),
    /// A person was told to publish by hand.
    #[serde(rename = "delivery.handed")]
    DeliveryHanded { todo: String },

    /// A call to a platform is about to be made. Stands in the journal before the call.
    #[serde(rename = "attempt.started")]
    AttemptStarted { attempt: Uuid, number: u32, action: Action, revision: u32, content_sha256: String },
    /// How the call ended.
    #[serde(rename = "attempt.ended")]
    AttemptEnded(AttemptEnd),
    /// After an unknown outcome the platform was asked what it holds.
    #[serde(rename = "attempt.looked")]
    AttemptLooked {
        attempt: Uuid,
        found: Looked,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },

    /// Nothing more is sent to the channel until it is resumed.
    #[serde(rename = "channel.paused")]
    ChannelPaused(Why),
    /// The channel is used again.
    #[serde(rename = "channel.resumed")]
    ChannelResumed {},
    /// A platform's clock and ours differ by more than holds allow for.
    #[serde(rename = "clock.disagreed")]
    ClockDisagreed {
        #[serde(serialize_with = "exact")]
        ahead_ms: i64,
    },
    /// Our wall clock moved against the monotonic one.
    #[serde(rename = "clock.jumped")]
    ClockJumped {
        #[serde(with = "stamp")]
        before: DateTime<Utc>,
        #[serde(with = "stamp")]
        after: DateTime<Utc>,
        #[serde(serialize_with = "exact")]
        ahead_ms: i64,
    },

    /// What a channel's week came to: met, or over and missed.
    #[serde(rename = "week.counted")]
    WeekCounted(Week),
    /// A channel's week is in danger while it can still be saved.
    #[serde(rename = "week.warned")]
    WeekWarned(Week),

    /// The daemon began its work under these rules.
    #[serde(rename = "daemon.started")]
    DaemonStarted { version: String, hold_seconds: u32, margin_seconds: u32 },
    /// The daemon ended in order.
    #[serde(rename = "daemon.stopped")]
    DaemonStopped {},
    /// A platform renewed the channel's credential.
    #[serde(rename = "credential.renewed")]
    CredentialRenewed {},
    /// Someone took a copy of the history.
    #[serde(rename = "history.exported")]
    HistoryExported {
        format: String,
        #[serde(default, skip_serializing_if = "Option::is_none")]
        filter: Option<String>,
    },
    /// The database ends earlier than vestnik remembers: it was restored from an older copy, or cut.
    #[serde(rename = "history.older_head")]
    HistoryOlderHead { remembered: Head, found: Head },

    /// Someone asks an editor to approve a draft.
    #[serde(rename = "draft.submitted")]
    DraftSubmitted { draft: Uuid, version: u32, title: String },
    /// An editor approved this version of a draft.
    #[serde(rename = "draft.approved")]
    DraftApproved { draft: Uuid, version: u32, title: String },
    /// A draft went back to its author: an editor wants something else, or it was changed after its approval.
    #[serde(rename = "draft.returned")]
    DraftReturned { draft: Uuid, version: u32, title: String, reason: String },
    /// A draft will not be queued.
    #[serde(rename = "draft.discarded")]
    DraftDiscarded { draft: Uuid, title: String },

    /// A person may work at the desk.
    #[serde(rename = "person.added")]
    PersonAdded { login: String, name: String, roles: Vec<Right> },
    /// What a person may do was changed.
    #[serde(rename = "person.rights_changed")]
    PersonRightsChanged { login: String, roles: Vec<Right> },
    /// A person may not sign in any more; their sessions and tokens ended.
    #[serde(rename = "person.disabled")]
    PersonDisabled { login: String },
    /// A person may sign in again.
    #[serde(rename = "person.enabled")]
    PersonEnabled { login: String },
    /// A one-time address for a new password was made.
    #[serde(rename = "person.password_reset")]
    PersonPasswordReset { login: String },
    /// A person chose a password.
    #[serde(rename = "person.password_set")]
    PersonPasswordSet { login: String },
    /// A person signed in.
    #[serde(rename = "person.signed_in")]
    PersonSignedIn { login: String, address: String },
    /// A person signed out, or one of their sessions was ended.
    #[serde(rename = "person.signed_out")]
    PersonSignedOut { login: String },
    /// Someone was not let in. The login only where it is a known person's: people type passwords into the wrong field.
    #[serde(rename = "person.sign_in_refused")]
    PersonSignInRefused {
        #[serde(default, skip_serializing_if = "Option::is_none")]
        login: Option<String>,
        address: String,
        reason: String,
    },
    /// Someone asked for what their role does not allow.
    #[serde(rename = "person.refused")]
    PersonRefused { login: String, action: String, reason: String },
    /// A person made a token for a program.
    #[serde(rename = "token.made")]
    TokenMade { login: String, label: String, role: String },
    /// A token was revoked.
    #[serde(rename = "token.revoked")]
    TokenRevoked { login: String, label: String },
}

/// An entry's detail is not of the shape of its kind.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the detail of `{kind}` cannot be read: {cause}")]
pub struct EventError {
    /// The kind.
    pub kind: String,
    /// What does not fit.
    pub cause: String,
}

impl Event {
    /// Every kind, in the order of the list above.
    pub const KINDS: &'static [&'static str] = &[
        "post.queued",
        "post.edited",
        "post.moved",
        "post.cancel_requested",
        "post.withdraw_requested",
        "post.republished",
        "post.expired",
        "post.lost",
        "delivery.held",
        "delivery.postponed",
        "delivery.waiting",
        "delivery.stopped",
        "delivery.resumed",
        "delivery.published",
        "delivery.failed",
        "delivery.cancelled",
        "delivery.retracted",
        "delivery.retract_failed",
        "delivery.handed",
        "attempt.started",
        "attempt.ended",
        "attempt.looked",
        "channel.paused",
        "channel.resumed",
        "clock.disagreed",
        "clock.jumped",
        "week.counted",
        "week.warned",
        "daemon.started",
        "daemon.stopped",
        "credential.renewed",
        "history.exported",
        "history.older_head",
        "draft.submitted",
        "draft.approved",
        "draft.returned",
        "draft.discarded",
        "person.added",
        "person.rights_changed",
        "person.disabled",
        "person.enabled",
        "person.password_reset",
        "person.password_set",
        "person.signed_in",
        "person.signed_out",
        "person.sign_in_refused",
        "person.refused",
        "token.made",
        "token.revoked",
    ];

    /// The kind and the detail, as they stand in an entry.
    pub fn parts(&self) -> (String, Map<String, Value>) {
        let mut whole = serde_json::to_value(self).unwrap_or_default();
        match (whole["kind"].take(), whole["detail"].take()) {
            (Value::String(kind), Value::Object(detail)) => (kind, detail),
            _ => unreachable!("every event is written as a kind and an object"),
        }
    }

    /// Reads an entry's kind and detail. `None`: a kind of a newer vestnik.
    pub fn read(kind: &str, detail: &Map<String, Value>) -> Result<Option<Self>, EventError> {
        if !Self::KINDS.contains(&kind) {
            return Ok(None);
        }
        let whole = serde_json::json!({ "kind": kind, "detail": detail });
        let event = serde_json::from_value(whole);
        event.map(Some).map_err(|e| EventError { kind: kind.to_owned(), cause: e.to_string() })
    }
}

/// Keeps a number that a platform's clock had a part in within what the journal can write.
#[expect(clippy::trivially_copy_pass_by_ref, reason = "the shape that serde asks for")]
fn exact<S: serde::Serializer>(number: &i64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_i64((*number).clamp(-INTEGER_MAX, INTEGER_MAX))
}

#[cfg(test)]
mod tests;
