//! What a round of the daemon finds to do. It is asked at every moment, so it is one question.

use chrono::{DateTime, Utc};

use super::changes::json;
use super::claim::{claimable, due_channels, to_change, to_publish};
use super::db::read_optional;
use super::doubt::{doubts_where, due_looks, orphans};
use super::rows::{instant, micros};
use super::unsent::{expired_posts, maybe_out};
use super::{Store, StoreError};
use crate::domain::AttemptId;

/// Who asks, and what they are at work on.
#[derive(Debug, Clone)]
pub struct Asking<'a> {
    /// The process, as leases name it.
    pub instance: &'a str,
    /// Attempts that it works on.
    pub alive: Vec<AttemptId>,
    /// Channels that it works on: whoever does goes on by itself, so that they have no next moment.
    pub busy: Vec<String>,
    /// How far ahead the next moment is looked for.
    pub horizon: DateTime<Utc>,
}

/// What is to be done now.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Round {
    /// There are attempts that nobody works on any more: [`Store::doubt_orphans`].
    pub orphaned: bool,
    /// There are posts whose expiry is to be acted on: [`Store::expire`].
    pub expired: bool,
    /// There are unknown outcomes to be looked into: [`Store::due_looks`].
    pub looks: bool,
    /// Channels on which the process may claim something.
    pub channels: Vec<String>,
    /// When something is due next, looking no further than the horizon for deliveries.
    pub next: Option<DateTime<Utc>>,
}

/// The next moment at which something may be due: deliveries with their channel's pacing, looks after unknown outcomes,
/// expiries. A CROSS JOIN keeps the channels first: from there the indexes lead to what is due, however much is planned for
/// later.
macro_rules! next_due {
    () => {
        "SELECT MIN(at) FROM ( \
         SELECT MAX(d.planned_at, d.due_at, c.next_at) AS at FROM channel c CROSS JOIN delivery d ON d.channel = c.slug \
           WHERE c.retired = 0 AND c.paused_at IS NULL AND c.slug NOT IN (SELECT value FROM json_each($4)) \
           AND d.action = 'publish' AND d.stop_reason IS NULL AND d.planned_at <= $5 AND d.due_at <= $5 \
         UNION ALL SELECT MAX(d.due_at, c.next_at) AS at FROM channel c CROSS JOIN delivery d ON d.channel = c.slug \
           WHERE c.retired = 0 AND c.paused_at IS NULL AND c.slug NOT IN (SELECT value FROM json_each($4)) \
           AND d.action IN ('edit', 'retract') AND d.stop_reason IS NULL AND d.due_at <= $5 \
         UNION ALL SELECT MIN(look_at) AS at FROM attempt WHERE look_at > $1 \
         UNION ALL SELECT expires_at AS at FROM post WHERE expires_at IS NOT NULL AND expires_at > $1) WHERE at > $1"
    };
}

pub(super) const ROUND: &str = concat!(
    "SELECT EXISTS (",
    orphans!(),
    "), EXISTS (",
    expired_posts!(),
    "), EXISTS (",
    due_looks!(),
    "), (SELECT json_group_array(slug) FROM (",
    due_channels!(),
    ")), (",
    next_due!(),
    ")"
);

impl Store {
    /// What is to be done now.
    pub async fn round(&self, now: DateTime<Utc>, asking: Asking<'_>) -> Result<Round, StoreError> {
        type Row = (bool, bool, bool, String, Option<i64>);
        let (instance, alive, busy) = (asking.instance, json(&asking.alive)?, json(&asking.busy)?);
        let (at, horizon) = (micros(now), micros(asking.horizon));
        let row = read_optional!(&self.readers, Row, ROUND, at, instance, alive, busy, horizon)?;
        let (orphaned, expired, looks, channels, next) = row.unwrap_or_default();
        Ok(Round {
            orphaned,
            expired,
            looks,
            channels: serde_json::from_str(&channels).map_err(|e| StoreError::corrupt("channel", "due", e))?,
            next: next.map(|at| instant("delivery", "next", at)).transpose()?,
        })
    }
}
