//! Attempts as the database gives them, as far as their end is concerned.

use chrono::{DateTime, Utc};

use super::StoreError;
use super::changes::json;
use super::db::{Db, fetch_all};
use super::rows::{MaybeHoldRow, StoredHold, count, instant_opt, uuid};
use super::writer::Tx;
use crate::domain::delivery::Action;
use crate::domain::{AttemptId, DeliveryId, PostId};

/// Attempts of a JSON array of ids, each with its post and the hold that it waited for.
pub(super) const ATTEMPTS: &str = "SELECT a.id AS attempt, d.post AS of_post, a.delivery, a.action, \
     a.revision AS shows, a.content_sha256, a.state AS attempt_state, a.asks, a.primary_seen_at, a.primary_clock, a.follower_clock, \
     h.id, h.post, h.revision, h.from_at, h.hold_seconds, h.margin_seconds, h.until_at, h.state \
     FROM attempt a JOIN delivery d ON d.id = a.delivery LEFT JOIN hold h ON h.id = a.hold \
     WHERE a.id IN (SELECT value FROM json_each($1))";
/// An attempt as far as its end is concerned.
#[derive(Debug, Clone)]
pub(super) struct Attempt {
    pub id: AttemptId,
    pub delivery: DeliveryId,
    pub action: Action,
    pub revision: u32,
    pub content_sha256: String,
    pub state: String,
    /// A person was asked how it ended.
    pub asked: bool,
    pub primary_seen_at: Option<DateTime<Utc>>,
    pub primary_clock: Option<DateTime<Utc>>,
    pub follower_clock: Option<DateTime<Utc>>,
    /// The hold that it waited for.
    pub hold: Option<StoredHold>,
}

#[derive(Debug, sqlx::FromRow)]
struct AttemptRow {
    attempt: String,
    of_post: String,
    delivery: String,
    action: String,
    shows: i64,
    content_sha256: String,
    attempt_state: String,
    asks: Option<String>,
    primary_seen_at: Option<i64>,
    primary_clock: Option<i64>,
    follower_clock: Option<i64>,
    #[sqlx(flatten)]
    hold: MaybeHoldRow,
}

pub(super) async fn attempt(tx: &mut Tx, id: AttemptId) -> Result<Attempt, StoreError> {
    if let Some(facts) = &tx.facts {
        return facts.attempt.clone().filter(|a| a.id == id).ok_or(StoreError::Alone);
    }
    let found = attempts(tx.sql().await?, &[id]).await?.pop();
    found.map(|(_, a)| a).ok_or_else(|| StoreError::NotFound {
        what: "attempt",
        name: id.to_string(),
        hint: String::new(),
    })
}

/// Attempts, each with its post.
pub(super) async fn attempts(db: &mut Db, ids: &[AttemptId]) -> Result<Vec<(PostId, Attempt)>, StoreError> {
    if ids.is_empty() {
        return Ok(vec![]);
    }
    let rows = fetch_all!(db, AttemptRow, ATTEMPTS, json(ids)?)?;
    rows.into_iter().map(AttemptRow::read).collect()
}

impl AttemptRow {
    fn read(self) -> Result<(PostId, Attempt), StoreError> {
        const T: &str = "attempt";
        let name = &self.attempt;
        let attempt = Attempt {
            id: AttemptId(uuid(T, name)?),
            delivery: DeliveryId(uuid(T, &self.delivery)?),
            action: self.action.parse().map_err(|e| StoreError::corrupt(T, name, e))?,
            revision: count(T, name, self.shows)?,
            primary_seen_at: instant_opt(T, name, self.primary_seen_at)?,
            primary_clock: instant_opt(T, name, self.primary_clock)?,
            follower_clock: instant_opt(T, name, self.follower_clock)?,
            hold: self.hold.read()?,
            content_sha256: self.content_sha256,
            state: self.attempt_state,
            asked: self.asks.is_some(),
        };
        Ok((PostId(uuid(T, &self.of_post)?), attempt))
    }
}
