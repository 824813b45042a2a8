//! What operations change in the rows that every delivery goes through: gathered, and written by one statement a kind.

use chrono::{DateTime, Utc};
use serde::Serialize;
use uuid::Uuid;

use super::StoreError;
use super::db::{Db, execute};
use super::rows::{Delivery, micros};
use crate::domain::delivery::{Action, UnansweredCall};
use crate::domain::{AttemptId, DeliveryId, Hold, PostId, ReasonKind, StopKind};

/// The rows of a JSON array as `n`, each read out of the array once and not once a column.
macro_rules! rows {
    () => {
        "WITH n AS MATERIALIZED (SELECT value AS row FROM json_each($1)) "
    };
}
pub(super) use rows;

pub(super) const SAVE_DELIVERIES: &str = concat!(
    rows!(),
    "UPDATE delivery SET state = n.row ->> 'state', \
     action = n.row ->> 'action', due_at = n.row ->> 'due_at', planned_at = n.row ->> 'planned_at', \
     not_before = n.row ->> 'not_before', shown_revision = n.row ->> 'shown_revision', \
     shows_lost_text = n.row ->> 'shows_lost_text', \
     remote_id = n.row ->> 'remote_id', url = n.row ->> 'url', platform_time = n.row ->> 'platform_time', \
     published_at = n.row ->> 'published_at', tries = n.row ->> 'tries', calls = n.row ->> 'calls', last_reason = n.row ->> 'last_reason', \
     last_kind = n.row ->> 'last_kind', stop_kind = n.row ->> 'stop_kind', stop_reason = n.row ->> 'stop_reason', stop_todo = n.row ->> 'stop_todo', \
     confirmed_at = n.row ->> 'confirmed_at', looked_at = n.row ->> 'looked_at', \
     unanswered_call = n.row ->> 'unanswered_call', lease_by = n.row ->> 'lease_by', \
     lease_until = n.row ->> 'lease_until' FROM n WHERE delivery.id = n.row ->> 'id'"
);
pub(super) const INSERT_ATTEMPTS: &str = concat!(
    rows!(),
    "INSERT INTO attempt (id, delivery, channel, number, action, revision, hold, \
     started_at, prepared, content_sha256, primary_seen_at, primary_clock, follower_clock, lease_by, lease_until, state) \
     SELECT row ->> 'id', row ->> 'delivery', row ->> 'channel', row ->> 'number', row ->> 'action', \
     row ->> 'revision', row ->> 'hold', row ->> 'started_at', row ->> 'prepared', row ->> 'content_sha256', \
     row ->> 'primary_seen_at', row ->> 'primary_clock', row ->> 'follower_clock', row ->> 'lease_by', \
     row ->> 'lease_until', 'open' FROM n"
);
pub(super) const SETTLE: &str = concat!(
    rows!(),
    "UPDATE attempt SET state = 'settled', outcome = n.row ->> 'outcome', \
     reason = n.row ->> 'reason', kind = n.row ->> 'kind', answer_status = n.row ->> 'status', answer = n.row ->> 'body', \
     ended_at = n.row ->> 'at', look_at = NULL, asks = NULL FROM n \
     WHERE attempt.id = n.row ->> 'id' AND attempt.state <> 'settled'"
);
pub(super) const DOUBT: &str = concat!(
    rows!(),
    "UPDATE attempt SET state = 'in_doubt', reason = n.row ->> 'reason', kind = n.row ->> 'kind', \
     answer_status = n.row ->> 'status', answer = n.row ->> 'body', look_at = n.row ->> 'at', asks = NULL \
     FROM n WHERE attempt.id = n.row ->> 'id' AND attempt.state = 'open'"
);
/// A channel never waits shorter than it did.
pub(super) const WAIT_CHANNELS: &str = "UPDATE channel SET next_at = MAX(next_at, n.at) FROM (SELECT \
     value ->> 'channel' AS slug, MAX(value ->> 'at') AS at FROM json_each($1) GROUP BY 1) n WHERE channel.slug = n.slug";
pub(super) const END_HOLDS: &str =
    "UPDATE hold SET state = 'ended' WHERE post IN (SELECT value FROM json_each($1)) AND state <> 'ended'";
pub(super) const INSERT_HOLDS: &str = concat!(
    rows!(),
    "INSERT INTO hold (post, revision, delivery, from_at, hold_seconds, \
     margin_seconds, until_at, state) SELECT row ->> 'post', row ->> 'revision', row ->> 'delivery', \
     row ->> 'from_at', row ->> 'hold_seconds', row ->> 'margin_seconds', row ->> 'until_at', row ->> 'state' \
     FROM n"
);

/// Changes that are not written yet.
#[derive(Debug, Default)]
pub(super) struct Changes {
    deliveries: Vec<DeliveryChange>,
    attempts: Vec<NewAttempt>,
    settled: Vec<End>,
    doubted: Vec<End>,
    waits: Vec<Wait>,
    ended_holds: Vec<PostId>,
    holds: Vec<NewHold>,
}

/// How many changes there were at a moment.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Mark([usize; 7]);

#[derive(Debug, Serialize)]
struct DeliveryChange {
    id: DeliveryId,
    state: &'static str,
    action: Option<&'static str>,
    due_at: Option<i64>,
    planned_at: i64,
    not_before: Option<i64>,
    shown_revision: Option<u32>,
    shows_lost_text: bool,
    remote_id: Option<String>,
    url: Option<String>,
    platform_time: Option<i64>,
    published_at: Option<i64>,
    tries: u32,
    calls: u32,
    last_reason: Option<String>,
    last_kind: Option<&'static str>,
    stop_kind: Option<&'static str>,
    stop_reason: Option<String>,
    stop_todo: Option<String>,
    confirmed_at: Option<i64>,
    looked_at: Option<i64>,
    unanswered_call: Option<&'static str>,
    lease_by: Option<String>,
    lease_until: Option<i64>,
}

/// An attempt that begins. Times are microseconds since 1970.
#[derive(Debug, Serialize)]
pub(super) struct NewAttempt {
    pub id: AttemptId,
    pub delivery: DeliveryId,
    pub channel: String,
    pub number: u32,
    pub action: &'static str,
    pub revision: u32,
    pub hold: Option<i64>,
    pub started_at: i64,
    pub prepared: Option<String>,
    pub content_sha256: String,
    pub primary_seen_at: Option<i64>,
    pub primary_clock: Option<i64>,
    pub follower_clock: Option<i64>,
    pub lease_by: String,
    pub lease_until: i64,
}

/// How an attempt ended, or that nobody knows.
#[derive(Debug, Serialize)]
pub(super) struct End {
    pub id: Uuid,
    /// Absent for a doubt.
    pub outcome: Option<&'static str>,
    pub reason: Option<String>,
    pub kind: Option<&'static str>,
    pub status: Option<u16>,
    pub body: Option<String>,
    /// When it ended; when a doubt is looked into. Microseconds since 1970.
    pub at: i64,
}

#[derive(Debug, Serialize)]
struct Wait {
    channel: String,
    at: i64,
}

#[derive(Debug, Serialize)]
struct NewHold {
    post: PostId,
    revision: u32,
    delivery: DeliveryId,
    from_at: i64,
    hold_seconds: i64,
    margin_seconds: i64,
    until_at: i64,
    state: &'static str,
}

impl Changes {
    pub(super) fn delivery(&mut self, d: &Delivery) {
        let change = DeliveryChange {
            id: d.id,
            state: d.state.name(),
            action: d.action.map(Action::name),
            due_at: d.due_at.map(micros),
            planned_at: micros(d.planned_at),
            not_before: d.not_before.map(micros),
            shown_revision: d.shown_revision,
            shows_lost_text: d.shows_lost_text,
            remote_id: d.remote_id.clone(),
            url: d.url.clone(),
            platform_time: d.platform_time.map(micros),
            published_at: d.published_at.map(micros),
            tries: d.tries,
            calls: d.calls,
            last_reason: d.last_reason.clone(),
            last_kind: d.last_kind.map(ReasonKind::name),
            stop_kind: d.stop_kind.map(StopKind::name),
            stop_reason: d.stop_reason.clone(),
            stop_todo: d.stop_todo.clone(),
            confirmed_at: d.confirmed_at.map(micros),
            looked_at: d.looked_at.map(micros),
            unanswered_call: d.unanswered_call.map(UnansweredCall::name),
            lease_by: d.lease_by.clone(),
            lease_until: d.lease_until.map(micros),
        };
        // One row, one change: of two the last counts. They are of one operation, so they stand near the end.
        match self.deliveries.iter_mut().rev().find(|c| c.id == d.id) {
            Some(earlier) => *earlier = change,
            None => self.deliveries.push(change),
        }
    }

    pub(super) fn attempt(&mut self, new: NewAttempt) {
        self.attempts.push(new);
    }

    pub(super) fn settled(&mut self, end: End) {
        self.settled.push(end);
    }

    pub(super) fn doubted(&mut self, doubt: End) {
        self.doubted.push(doubt);
    }

    /// Nothing is begun on the channel before `at`.
    pub(super) fn wait(&mut self, channel: &str, at: DateTime<Utc>) {
        self.waits.push(Wait { channel: channel.into(), at: micros(at) });
    }

    pub(super) fn end_holds(&mut self, post: PostId) {
        self.ended_holds.push(post);
    }

    /// A hold that takes the place of all others of its post.
    pub(super) fn hold(&mut self, (post, delivery): (PostId, DeliveryId), revision: u32, hold: Hold, runs: bool) {
        self.end_holds(post);
        self.holds.push(NewHold {
            post,
            revision,
            delivery,
            from_at: micros(hold.from()),
            hold_seconds: hold.length().hold_seconds(),
            margin_seconds: hold.length().margin_seconds(),
            until_at: micros(hold.until()),
            state: if runs { "running" } else { "suspended" },
        });
    }

    pub(super) fn mark(&self) -> Mark {
        Mark([
            self.deliveries.len(),
            self.attempts.len(),
            self.settled.len(),
            self.doubted.len(),
            self.waits.len(),
            self.ended_holds.len(),
            self.holds.len(),
        ])
    }

    /// Forgets what came after the mark.
    pub(super) fn back_to(&mut self, Mark([deliveries, attempts, settled, doubted, waits, ended, holds]): Mark) {
        self.deliveries.truncate(deliveries);
        self.attempts.truncate(attempts);
        self.settled.truncate(settled);
        self.doubted.truncate(doubted);
        self.waits.truncate(waits);
        self.ended_holds.truncate(ended);
        self.holds.truncate(holds);
    }

    /// Writes everything, in the order that the triggers ask for: a hold is made of a delivery that is confirmed.
    pub(super) async fn write(&mut self, db: &mut Db) -> Result<(), StoreError> {
        if !self.deliveries.is_empty() {
            let saved = execute!(db, SAVE_DELIVERIES, json(&self.deliveries)?)?;
            if saved != self.deliveries.len() as u64 {
                let ids: Vec<_> = self.deliveries.iter().map(|d| d.id.to_string()).collect();
                return Err(StoreError::corrupt("delivery", ids.join(", "), "it vanished while it was changed"));
            }
            self.deliveries.clear();
        }
        write_all(db, &mut self.settled, SETTLE).await?;
        write_all(db, &mut self.doubted, DOUBT).await?;
        write_all(db, &mut self.waits, WAIT_CHANNELS).await?;
        write_all(db, &mut self.attempts, INSERT_ATTEMPTS).await?;
        write_all(db, &mut self.ended_holds, END_HOLDS).await?;
        write_all(db, &mut self.holds, INSERT_HOLDS).await
    }
}

async fn write_all<T: Serialize>(db: &mut Db, rows: &mut Vec<T>, sql: &'static str) -> Result<(), StoreError> {
    if !rows.is_empty() {
        execute!(db, sql, json(rows)?)?;
        rows.clear();
    }
    Ok(())
}

/// Rows as one parameter of a statement.
pub(super) fn json<T: Serialize + ?Sized>(rows: &T) -> Result<String, StoreError> {
    serde_json::to_string(rows).map_err(|e| StoreError::Database(format!("rows cannot be written as JSON: {e}")))
}
