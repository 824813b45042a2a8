//! The details of events that have many.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;
use uuid::Uuid;

use crate::journal::stamp;

/// What was queued.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Queued {
    /// The headline.
    pub title: String,
    /// SHA-256 of the content, lower-case hex.
    pub content_sha256: String,
    /// The revision, counted from 1.
    pub revision: u32,
    /// Every channel it goes to and when, as far as that was known.
    pub planned: Vec<Planned>,
    /// What is not out by then stays in.
    #[serde(with = "stamp::option", default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<DateTime<Utc>>,
    /// The key that keeps a repeated request from queueing twice.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// When a post is to go out on one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Planned {
    /// The channel's slug.
    pub channel: String,
    /// The planned time; for a follower the earliest there is, counted from the primary's.
    #[serde(with = "stamp")]
    pub at: DateTime<Utc>,
}

/// Where a post stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Standing {
    /// The channel's slug.
    pub channel: String,
    /// Its public address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Url>,
}

/// What a person may do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Right {
    /// `officer`, `editor`, `auditor` or `administrator`.
    pub role: String,
    /// The organisation's slug; absent: all of them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organisation: Option<String>,
}

/// What a call to a platform does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Action {
    /// Puts up a new post.
    Publish,
    /// Replaces what a post shows.
    Edit,
    /// Takes a post down.
    Retract,
}

/// How a call ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// The post stands.
    Published,
    /// The post shows the new content.
    Edited,
    /// The post was taken down.
    Retracted,
    /// Not accepted for now.
    Retry,
    /// Never will be accepted.
    Rejected,
    /// Not accepted until a person acts on the account.
    Unauthorised,
    /// Nobody knows.
    InDoubt,
    /// A person was told to do it.
    Handed,
    /// It was certain that the call had not been accepted, and it was given up.
    Abandoned,
}

/// Why something stands, waits or goes on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Why {
    /// A sentence: a person's own, or an English one of vestnik's.
    pub reason: String,
    /// Of what kind it is. A newer vestnik may name kinds that this one does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
}

impl Why {
    /// A sentence of this kind.
    pub fn of_kind(kind: &str, reason: impl Into<String>) -> Self {
        Self { reason: reason.into(), kind: Some(kind.into()) }
    }
}

/// What a person said is of no kind.
impl From<String> for Why {
    fn from(reason: String) -> Self {
        Self { reason, kind: None }
    }
}

impl From<&str> for Why {
    fn from(reason: &str) -> Self {
        reason.to_owned().into()
    }
}

/// The end of an attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct AttemptEnd {
    /// The attempt.
    pub attempt: Uuid,
    /// How it ended.
    pub outcome: Outcome,
    /// What the platform or the line to it said.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Of what kind that is. A newer vestnik may name kinds that this one does not know.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// When the next attempt or look is due.
    #[serde(with = "stamp::option", default, skip_serializing_if = "Option::is_none")]
    pub next_at: Option<DateTime<Utc>>,
    /// The HTTP status of the answer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// SHA-256 of the answer that was kept beside the journal, lower-case hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub answer_sha256: Option<String>,
}

/// What a look on the platform found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Looked {
    /// Our post.
    Yes,
    /// Nothing of ours.
    No,
    /// A person has to look.
    CannotTell,
}

/// Whose word a receipt is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum By {
    /// The platform's answer to the call.
    Platform,
    /// A look on the platform after an unknown outcome.
    Find,
    /// A person entered the address.
    Person,
}

/// A receipt. Everything that the four-hour rule is computed from stands here and in the entry of the attempt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Published {
    /// The revision that is shown.
    pub revision: u32,
    /// The attempt that made it, when there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub attempt: Option<Uuid>,
    /// [`Action::Publish`], or [`Action::Edit`] when a standing post shows a new revision.
    pub action: Action,
    /// Whether this is the organisation's primary channel.
    pub primary: bool,
    /// Whose word it is.
    pub by: By,
    /// The platform's id of the post.
    pub remote_id: String,
    /// Its public address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub url: Option<Url>,
    /// The platform's own time of the publication. Platforms tell none of an edit.
    #[serde(with = "stamp::option", default, skip_serializing_if = "Option::is_none")]
    pub platform_time: Option<DateTime<Utc>>,
    /// When we had the confirmation, by our clock.
    #[serde(with = "stamp")]
    pub received_at: DateTime<Utc>,
    /// From when it counts: for a primary, the beginning of its followers' hold.
    #[serde(with = "stamp")]
    pub counts_from: DateTime<Utc>,
    /// SHA-256 of the content that is shown, lower-case hex.
    pub content_sha256: String,
    /// Follower: the beginning of the hold it was released under.
    #[serde(with = "stamp::option", default, skip_serializing_if = "Option::is_none")]
    pub hold_from: Option<DateTime<Utc>>,
    /// Follower: the hold it was released under, without the margin.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hold_seconds: Option<u32>,
    /// Follower: the margin on top of the hold.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub margin_seconds: Option<u32>,
    /// Follower: when the primary was last seen live before the release, by our clock.
    #[serde(with = "stamp::option", default, skip_serializing_if = "Option::is_none")]
    pub primary_seen_at: Option<DateTime<Utc>>,
    /// The clocks that were seen at the release (follower) or the confirmation (primary).
    pub clocks: Clocks,
}

/// What each clock said.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Clocks {
    /// Ours.
    #[serde(with = "stamp")]
    pub ours: DateTime<Utc>,
    /// That of the primary's platform.
    #[serde(with = "stamp::option", default, skip_serializing_if = "Option::is_none")]
    pub primary: Option<DateTime<Utc>>,
    /// That of the follower's platform.
    #[serde(with = "stamp::option", default, skip_serializing_if = "Option::is_none")]
    pub follower: Option<DateTime<Utc>>,
}

/// A channel's week against the weekly minimum.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Week {
    /// The ISO 8601 week in the organisation's time zone, for example `2026-W47`.
    pub week: String,
    /// Posts that went out in it.
    pub published: u32,
    /// Posts still planned for it.
    pub planned: u32,
    /// Posts asked for.
    pub minimum: u32,
    /// What follows.
    pub verdict: WeekVerdict,
}

/// How a week stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WeekVerdict {
    /// The minimum is reached.
    Met,
    /// It will be reached by what is planned.
    OnTheWay,
    /// It will not be reached unless more is planned.
    AtRisk,
    /// The week is over and it was not reached.
    Missed,
}
