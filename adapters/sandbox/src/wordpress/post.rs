//! A post and its statuses.

use chrono::{DateTime, Utc};
use serde::Serialize;

/// Where a post stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Status {
    /// Everybody reads it.
    Publish,
    /// It will be published when its date comes and somebody visits the site.
    Future,
    /// It is being written.
    Draft,
    /// It waits for an editor.
    Pending,
    /// Editors read it.
    Private,
    /// It was deleted and can be brought back.
    Trash,
}

impl Status {
    /// The statuses that a program may set and that `status=any` covers.
    pub(super) const LIVING: [Self; 5] = [Self::Publish, Self::Future, Self::Draft, Self::Pending, Self::Private];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Publish => "publish",
            Self::Future => "future",
            Self::Draft => "draft",
            Self::Pending => "pending",
            Self::Private => "private",
            Self::Trash => "trash",
        }
    }
}

/// A post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Post {
    /// Its number.
    pub id: u64,
    /// The last part of its address. Empty while a draft was given none.
    pub slug: String,
    /// Where it stands.
    pub status: Status,
    /// The headline (HTML).
    pub title: String,
    /// The text (HTML).
    pub content: String,
    /// The excerpt (HTML).
    pub excerpt: String,
    /// When it was, or is to be, published; for a draft without a date, when it was last changed.
    pub date: DateTime<Utc>,
    /// Somebody gave it a date; otherwise publication does.
    pub dated: bool,
    /// When it was last changed.
    pub modified: DateTime<Utc>,
    /// Categories, by id.
    pub categories: Vec<u64>,
    /// Tags, by id.
    pub tags: Vec<u64>,
    /// The featured picture; 0 means none.
    pub featured_media: u64,
    /// The user who wrote it.
    pub author: u64,
}
