//! What `history verify` compares with the journal: every row that the journal tells of, in pages, each page of one
//! moment, so that a daemon at work meanwhile makes no false alarm.

use super::db::snapshot_all;
use super::{JournalRow, Store, StoreError};

/// Some posts, with every row of theirs, exactly as it lies in the database: nothing is read into types that a
/// changed row might not fit.
#[derive(Debug, Clone, Default)]
pub struct AuditPage {
    /// Where the next page begins; `None` after the last.
    pub next: Option<String>,
    /// The posts.
    pub posts: Vec<AuditPost>,
    /// Their revisions.
    pub revisions: Vec<AuditRevision>,
    /// Their deliveries.
    pub deliveries: Vec<AuditDelivery>,
    /// Their attempts.
    pub attempts: Vec<AuditAttempt>,
    /// The journal's rows of these posts, in order, and of posts between them that do not exist.
    pub journal: Vec<JournalRow>,
}

/// A post's row.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AuditPost {
    /// Its id.
    pub id: String,
    /// Its organisation: the chain that tells of it.
    pub organisation: String,
    /// The revision that is to be shown.
    pub revision: i64,
}

/// A revision's row.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AuditRevision {
    /// The post.
    pub post: String,
    /// Counted from 1.
    pub number: i64,
    /// What it says, as JSON.
    pub content: String,
    /// The hash that was written down with it.
    pub sha256: String,
}

/// A delivery's row.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AuditDelivery {
    /// Its id.
    pub id: String,
    /// The post.
    pub post: String,
    /// The channel.
    pub channel: String,
    /// Where it stands.
    pub state: String,
    /// The revision that stands on the platform.
    pub shown_revision: Option<i64>,
    /// The platform's id.
    pub remote_id: Option<String>,
    /// The public address.
    pub url: Option<String>,
    /// The platform's own time, in microseconds since 1970.
    pub platform_time: Option<i64>,
    /// The time that the publication counts from, in microseconds since 1970.
    pub published_at: Option<i64>,
}

/// An attempt's row.
#[derive(Debug, Clone, sqlx::FromRow)]
pub struct AuditAttempt {
    /// Its id.
    pub id: String,
    /// The delivery.
    pub delivery: String,
    /// The post.
    pub post: String,
    /// The channel.
    pub channel: String,
    /// Counted from 1.
    pub number: i64,
    /// What it was to do.
    pub action: String,
    /// The revision it was to show.
    pub revision: i64,
    /// When it began, in microseconds since 1970.
    pub started_at: i64,
    /// The hash of the content it was to show.
    pub content_sha256: String,
    /// `open`, `in_doubt` or `settled`.
    pub state: String,
    /// How it ended, once it is settled.
    pub outcome: Option<String>,
    /// The status of the platform's answer.
    pub answer_status: Option<i64>,
    /// The platform's answer, without secrets.
    pub answer: Option<String>,
}

/// Sorts after every id.
const LAST: &str = "~";

pub(super) const POSTS: &str = "SELECT id, organisation, revision FROM post WHERE id > $1 ORDER BY id LIMIT $2";
pub(super) const REVISIONS: &str = "SELECT post, number, content, sha256 FROM revision WHERE post > $1 AND post <= $2 \
     ORDER BY post, number";
pub(super) const DELIVERIES: &str = "SELECT id, post, channel, state, shown_revision, remote_id, url, platform_time, \
     published_at FROM delivery WHERE post > $1 AND post <= $2 ORDER BY post, channel, number";
pub(super) const ATTEMPTS: &str = "SELECT a.id, a.delivery, d.post, a.channel, a.number, a.action, a.revision, a.started_at, \
     a.content_sha256, a.state, a.outcome, a.answer_status, a.answer FROM attempt a JOIN delivery d ON d.id = a.delivery \
     WHERE d.post > $1 AND d.post <= $2 ORDER BY d.post, a.delivery, a.number";
pub(super) const JOURNAL: &str = "SELECT chain, seq, at, kind, post, delivery, channel, entry, hash FROM journal \
     WHERE post > $1 AND post <= $2 ORDER BY post, seq";

impl Store {
    /// The next posts after the id `after` (empty: from the first), at most `most`, with all their rows.
    pub async fn audit_page(&self, after: &str, most: u32) -> Result<AuditPage, StoreError> {
        let mut reader = self.readers.reader().await?;
        let mut snapshot = reader.snapshot().await?;
        let posts = snapshot_all!(&mut snapshot, AuditPost, POSTS, after, i64::from(most))?;
        let next = (posts.len() == most as usize).then(|| posts.last().map(|post| post.id.clone())).flatten();
        let to = next.as_deref().unwrap_or(LAST);
        Ok(AuditPage {
            revisions: snapshot_all!(&mut snapshot, AuditRevision, REVISIONS, after, to)?,
            deliveries: snapshot_all!(&mut snapshot, AuditDelivery, DELIVERIES, after, to)?,
            attempts: snapshot_all!(&mut snapshot, AuditAttempt, ATTEMPTS, after, to)?,
            journal: snapshot_all!(&mut snapshot, JournalRow, JOURNAL, after, to)?,
            posts,
            next,
        })
    }
}
