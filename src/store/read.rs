//! Posts as people see them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::changes::json;
use super::db::{read_all, read_optional};
use super::rows::{
    DELIVERIES_OF_POSTS, Delivery, DeliveryRow, HoldRow, Order, POSTS_BY_ID, Post, PostRow, StoredHold, count, instant,
    instant_opt, reason_kind,
};
use super::{Store, StoreError};
use crate::domain::{PostContent, PostId, ReasonKind};

/// A line of the list of posts.
#[derive(Debug, Clone)]
pub struct PostSummary {
    /// Its id.
    pub id: PostId,
    /// Its organisation.
    pub organisation: String,
    /// The current revision.
    pub revision: u32,
    /// Its headline.
    pub title: String,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: String,
    /// Whether a person cancelled it.
    pub is_cancelled: bool,
    /// Whether a person withdrew it.
    pub is_withdrawn: bool,
    /// Its deliveries, the primary's first.
    pub deliveries: Vec<Delivery>,
}

/// A post with its whole life.
#[derive(Debug, Clone)]
pub struct PostView {
    /// Its id.
    pub id: PostId,
    /// Its organisation.
    pub organisation: String,
    /// The current revision.
    pub revision: u32,
    /// What that revision says.
    pub content: PostContent,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: String,
    /// When what is not out fails.
    pub expires_at: Option<DateTime<Utc>>,
    /// Who cancelled it.
    pub cancel: Option<Order>,
    /// Who withdrew it.
    pub withdraw: Option<Order>,
    /// Its deliveries with their attempts, the primary's first.
    pub deliveries: Vec<DeliveryView>,
    /// Its holds, the newest last.
    pub holds: Vec<StoredHold>,
}

/// One content of a post, as it was queued or edited.
#[derive(Debug, Clone)]
pub struct RevisionView {
    /// Counted from 1.
    pub number: u32,
    /// What it says.
    pub content: PostContent,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: String,
}

/// A delivery with its attempts.
#[derive(Debug, Clone)]
pub struct DeliveryView {
    /// The delivery.
    pub delivery: Delivery,
    /// Its attempts, oldest first.
    pub attempts: Vec<AttemptView>,
}

/// One attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttemptView {
    /// Counted from 1.
    pub number: u32,
    /// `publish`, `edit` or `retract`.
    pub action: String,
    /// The revision.
    pub revision: u32,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When its outcome was known.
    pub ended_at: Option<DateTime<Utc>>,
    /// The outcome, or `open` or `in_doubt`.
    pub outcome: String,
    /// What was said.
    pub reason: Option<String>,
    /// Of what kind that is, where it was written down.
    pub kind: Option<ReasonKind>,
    /// The status of the answer.
    pub answer_status: Option<i64>,
    /// The answer, without secrets.
    pub answer: Option<String>,
}

pub(super) const CONTENT: &str = "SELECT content FROM revision WHERE post = $1 AND number = $2";
pub(super) const REVISIONS: &str =
    "SELECT number, content, created_at, created_by FROM revision WHERE post = $1 ORDER BY number";
pub(super) const HOLDS: &str = "SELECT id, post, revision, from_at, hold_seconds, margin_seconds, until_at, state \
     FROM hold WHERE post = $1 ORDER BY id";
/// Of the deliveries in a JSON array.
pub(super) const ATTEMPTS: &str = "SELECT delivery, number, action, revision, started_at, ended_at, \
     COALESCE(outcome, state) AS ended, reason, kind, answer_status, answer FROM attempt \
     WHERE delivery IN (SELECT value FROM json_each($1)) ORDER BY delivery, number";

#[derive(Debug, sqlx::FromRow)]
struct AttemptRow {
    delivery: String,
    number: i64,
    action: String,
    revision: i64,
    started_at: i64,
    ended_at: Option<i64>,
    ended: String,
    reason: Option<String>,
    kind: Option<String>,
    answer_status: Option<i64>,
    answer: Option<String>,
}

impl Store {
    /// The deliveries of a post, the primary's first.
    pub async fn deliveries_of(&self, id: PostId) -> Result<Vec<Delivery>, StoreError> {
        let rows = read_all!(&self.readers, DeliveryRow, DELIVERIES_OF_POSTS, json(&[id])?)?;
        rows.into_iter().map(TryInto::try_into).collect()
    }

    /// One post with everything about it.
    pub async fn post_view(&self, id: PostId) -> Result<PostView, StoreError> {
        let row = read_optional!(&self.readers, PostRow, POSTS_BY_ID, json(&[id])?)?;
        let p: Post = row.ok_or_else(|| StoreError::no_post(id))?.try_into()?;
        let deliveries = self.deliveries_of(id).await?;
        let mut attempts = self.attempts_of(&deliveries).await?;
        let deliveries = deliveries.into_iter().map(|delivery| {
            let attempts = attempts.remove(&delivery.id.to_string()).unwrap_or_default();
            DeliveryView { delivery, attempts }
        });
        let deliveries = deliveries.collect();
        let holds = read_all!(&self.readers, HoldRow, HOLDS, id.to_string())?;
        Ok(PostView {
            content: self.content_of(id, p.revision).await?,
            holds: holds.into_iter().map(TryInto::try_into).collect::<Result<_, _>>()?,
            id,
            organisation: p.organisation,
            revision: p.revision,
            created_at: p.created_at,
            created_by: p.created_by,
            expires_at: p.expires_at,
            cancel: p.cancel,
            withdraw: p.withdraw,
            deliveries,
        })
    }

    /// What one revision says.
    pub async fn content_of(&self, id: PostId, revision: u32) -> Result<PostContent, StoreError> {
        let row = read_optional!(&self.readers, (String,), CONTENT, id.to_string(), i64::from(revision))?;
        let (json,) = row.ok_or_else(|| StoreError::corrupt("post", id, format!("revision {revision} is missing")))?;
        serde_json::from_str(&json).map_err(|e| StoreError::corrupt("revision", id, e))
    }

    /// Everything that a post said, oldest first.
    pub async fn revisions_of(&self, id: PostId) -> Result<Vec<RevisionView>, StoreError> {
        type Row = (i64, String, i64, String);
        let name = id.to_string();
        read_all!(&self.readers, Row, REVISIONS, &*name)?
            .into_iter()
            .map(|(number, content, created_at, created_by)| {
                Ok(RevisionView {
                    number: count("revision", &name, number)?,
                    content: serde_json::from_str(&content).map_err(|e| StoreError::corrupt("revision", &name, e))?,
                    created_at: instant("revision", &name, created_at)?,
                    created_by,
                })
            })
            .collect()
    }

    /// The attempts of some deliveries, oldest first, by the delivery.
    async fn attempts_of(&self, deliveries: &[Delivery]) -> Result<HashMap<String, Vec<AttemptView>>, StoreError> {
        let ids: Vec<_> = deliveries.iter().map(|d| d.id).collect();
        let mut attempts = HashMap::<_, Vec<_>>::new();
        for r in read_all!(&self.readers, AttemptRow, ATTEMPTS, json(&ids)?)? {
            let name = &r.delivery;
            let attempt = AttemptView {
                number: count("attempt", name, r.number)?,
                revision: count("attempt", name, r.revision)?,
                started_at: instant("attempt", name, r.started_at)?,
                ended_at: instant_opt("attempt", name, r.ended_at)?,
                action: r.action,
                outcome: r.ended,
                reason: r.reason,
                kind: reason_kind("attempt", name, r.kind)?,
                answer_status: r.answer_status,
                answer: r.answer,
            };
            attempts.entry(r.delivery).or_default().push(attempt);
        }
        Ok(attempts)
    }
}
