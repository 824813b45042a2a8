//! Attempts whose outcome is unknown: left by a crash, or by a lost reply.

use chrono::{DateTime, TimeDelta, Utc};
use vestnik_contract::{Prepared, RemoteId};

use super::db::{execute, fetch_all, fetch_optional, read_all};
use super::rows::{DELIVERY_BY_ID, Delivery, count, delivery, instant, micros, save, uuid};
use super::settle::{Attempt, SETTLE, attempt, tell, tell_stop};
use super::writer::Tx;
use super::{Store, StoreError};
use crate::domain::delivery::{Action, Change};
use crate::domain::{AttemptId, PostContent};
use crate::journal::event::{AttemptEnd, Looked, Outcome};
use crate::journal::{Event, VESTNIK};

/// An unknown outcome that is to be looked into.
#[derive(Debug, Clone)]
pub struct Doubt {
    /// The attempt.
    pub attempt: AttemptId,
    /// What it was to do.
    pub action: Action,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When the first attempt at the same action and revision began.
    pub first_started_at: DateTime<Utc>,
    /// How many attempts at the same action and revision were made before.
    pub resends: u32,
    /// Looks that found nothing so far.
    pub looks: u32,
    /// Its delivery.
    pub delivery: Delivery,
    /// The revision it was to show.
    pub revision: u32,
    /// What that revision says.
    pub content: PostContent,
    /// What the platform was told.
    pub prepared: Option<Prepared>,
    /// Ids on the channel that belong to other deliveries.
    pub known: Vec<RemoteId>,
}

/// What a look showed, as far as it does not settle the attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// Nothing of ours: look again at this time.
    Nothing(DateTime<Utc>),
    /// The platform could not be asked; ask again at this time.
    NoAnswer(DateTime<Utc>, String),
    /// A person has to settle it.
    Ask(LookAfter),
}

/// Why a person is asked, and what they can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookAfter {
    /// What was seen.
    pub reason: String,
    /// What to do.
    pub todo: String,
    /// What the last look found.
    pub found: Looked,
}

/// `state <> 'settled'` says nothing new: it lets SQLite use the index of what is not settled.
pub(super) const ORPHANS: &str = "SELECT id FROM attempt WHERE state <> 'settled' AND state = 'open' \
     AND (lease_until < $1 OR lease_by <> $2) AND id NOT IN (SELECT value FROM json_each($3))";
pub(super) const ORPHAN: &str =
    "UPDATE attempt SET state = 'in_doubt', look_at = $2, reason = $3 WHERE id = $1 AND state = 'open'";
pub(super) const CLEAR_LEASES: &str =
    "UPDATE delivery SET lease_by = NULL, lease_until = NULL WHERE lease_by IS NOT NULL AND lease_by <> $1";
macro_rules! doubts_where {
    ($where:literal) => {
        concat!(
            "SELECT a.id, a.delivery, a.action, a.revision, a.started_at, a.looks, a.prepared, r.content, \
             (SELECT MIN(b.started_at) FROM attempt b WHERE b.delivery = a.delivery AND b.action = a.action \
              AND b.revision = a.revision) AS first_started_at, \
             (SELECT COUNT(*) FROM attempt b WHERE b.delivery = a.delivery AND b.action = a.action \
              AND b.revision = a.revision AND b.number < a.number AND b.outcome = 'abandoned') AS resends \
             FROM attempt a JOIN delivery d ON d.id = a.delivery \
             JOIN revision r ON r.post = d.post AND r.number = a.revision WHERE a.state = 'in_doubt' AND ",
            $where
        )
    };
}
pub(super) const DUE_LOOKS: &str = doubts_where!("a.look_at <= $1 ORDER BY a.look_at LIMIT 256");
pub(super) const ONE_DOUBT: &str = doubts_where!("a.delivery = $1");
pub(super) const KNOWN: &str = "SELECT remote_id FROM delivery WHERE channel = $1 AND id <> $2 AND remote_id IS NOT NULL \
     ORDER BY published_at DESC LIMIT 500";
pub(super) const LOOK_AGAIN: &str =
    "UPDATE attempt SET look_at = $2, looks = looks + $3 WHERE id = $1 AND state = 'in_doubt'";
pub(super) const ASK: &str =
    "UPDATE attempt SET look_at = NULL, asks = $2, looks = looks + 1 WHERE id = $1 AND state = 'in_doubt'";

type DoubtRow = (String, String, String, i64, i64, i64, Option<String>, String, i64, i64);

pub(super) const ASKED: &str =
    "SELECT id FROM attempt WHERE delivery = $1 AND state = 'in_doubt' AND asks IS NOT NULL AND action <> 'publish'";

/// A person decides anew about a post whose edit or withdrawal nobody could confirm: that attempt is given up. It made
/// no second post, whatever became of it.
pub(super) async fn give_up_asked(
    tx: &mut Tx,
    d: &mut Delivery,
    now: DateTime<Utc>,
    actor: &str,
) -> Result<(), StoreError> {
    let Some((id,)) = fetch_optional!(&mut tx.db, (String,), ASKED, d.id.to_string())? else { return Ok(()) };
    let reason = format!("{actor} decided anew");
    execute!(&mut tx.db, SETTLE, &*id, "abandoned", &*reason, None::<i64>, None::<&str>, micros(now))?;
    let end = AttemptEnd {
        attempt: uuid("attempt", &id)?,
        outcome: Outcome::Abandoned,
        reason: Some(reason),
        next_at: None,
        status: None,
        answer_sha256: None,
    };
    d.clear_stop();
    tell(tx, d, now, actor, Event::AttemptEnded(end)).await
}

/// No pacing, back-off or look waits longer than this over a start or a step of the clock.
const WAIT_MAX: TimeDelta = TimeDelta::hours(1);

pub(super) const SHORTEN_PACE: &str = "UPDATE channel SET next_at = $1 WHERE next_at > $1";
pub(super) const SHORTEN_LOOKS: &str = "UPDATE attempt SET look_at = $1 WHERE state = 'in_doubt' AND look_at > $1";
/// Only waits: what is planned later stays so, a hold's end is the planned time of its followers, and their edits wait
/// for a hold, too.
pub(super) const SHORTEN_BACKOFF: &str = "UPDATE delivery SET due_at = \
     CASE action WHEN 'publish' THEN MAX(planned_at, $1) ELSE $1 END WHERE due_at > $1 \
     AND CASE action WHEN 'publish' THEN due_at > planned_at WHEN 'edit' THEN is_primary = 1 ELSE action = 'retract' END";

async fn shorten_waits(tx: &mut Tx, now: DateTime<Utc>) -> Result<(), StoreError> {
    let latest = micros(now + WAIT_MAX);
    execute!(&mut tx.db, SHORTEN_PACE, latest)?;
    execute!(&mut tx.db, SHORTEN_LOOKS, latest)?;
    execute!(&mut tx.db, SHORTEN_BACKOFF, latest)?;
    Ok(())
}

impl Store {
    /// Puts attempts in doubt that nobody works on: those of other processes (this one holds the process lock, so
    /// they are dead) and those whose lease ran out, except the ones in `alive`. Gives how many.
    pub async fn doubt_orphans(
        &self,
        instance: &str,
        alive: Vec<AttemptId>,
        now: DateTime<Utc>,
    ) -> Result<usize, StoreError> {
        let instance = instance.to_owned();
        let alive = serde_json::to_string(&alive).unwrap_or_else(|_| "[]".into());
        if read_all!(&self.readers, (String,), ORPHANS, micros(now), &*instance, &*alive)?.is_empty() {
            return Ok(0);
        }
        self.write(move |tx| {
            Box::pin(async move {
                let orphans = fetch_all!(&mut tx.db, (String,), ORPHANS, micros(now), &*instance, &*alive)?;
                for (id,) in &orphans {
                    let reason = "the program ended before the answer was written down";
                    execute!(&mut tx.db, ORPHAN, id.as_str(), micros(now), reason)?;
                    let a = attempt(tx, AttemptId(uuid("attempt", id)?)).await?;
                    let mut d = delivery(tx, a.delivery).await?;
                    if a.action == Action::Publish {
                        d.take(Change::AnswerLost)?;
                        d.last_reason = Some(reason.into());
                        save(tx, &d).await?;
                    }
                    let end = AttemptEnd {
                        attempt: a.id.0,
                        outcome: Outcome::InDoubt,
                        reason: Some(reason.into()),
                        next_at: Some(now),
                        status: None,
                        answer_sha256: None,
                    };
                    tell(tx, &d, now, VESTNIK, Event::AttemptEnded(end)).await?;
                }
                Ok(orphans.len())
            })
        })
        .await
    }

    /// Takes over what dead processes had claimed without attempting it: this process holds the process lock.
    pub async fn take_over(&self, instance: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let instance = instance.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                execute!(&mut tx.db, CLEAR_LEASES, &*instance)?;
                shorten_waits(tx, now).await
            })
        })
        .await
    }

    /// The clock went back: waits that were written down by the clock as it was are not believed.
    pub async fn clock_went_back(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(move |tx| Box::pin(async move { shorten_waits(tx, now).await })).await
    }

    /// Attempts in doubt that are to be looked into now.
    pub async fn due_looks(&self, now: DateTime<Utc>) -> Result<Vec<Doubt>, StoreError> {
        let rows = read_all!(&self.readers, DoubtRow, DUE_LOOKS, micros(now))?;
        let mut doubts = Vec::with_capacity(rows.len());
        for row in rows {
            doubts.push(self.doubt(row).await?);
        }
        Ok(doubts)
    }

    /// The attempt in doubt of one delivery, whether or not a person was asked.
    pub async fn doubt_of(&self, delivery: crate::domain::DeliveryId) -> Result<Option<Doubt>, StoreError> {
        let rows = read_all!(&self.readers, DoubtRow, ONE_DOUBT, delivery.to_string())?;
        match rows.into_iter().next() {
            Some(row) => self.doubt(row).await.map(Some),
            None => Ok(None),
        }
    }

    async fn doubt(&self, row: DoubtRow) -> Result<Doubt, StoreError> {
        const T: &str = "attempt";
        let (id, delivery, action, revision, started_at, looks, prepared, content, first, resends) = row;
        let d = read_all!(&self.readers, super::rows::DeliveryRow, DELIVERY_BY_ID, &*delivery)?
            .into_iter()
            .next()
            .ok_or_else(|| StoreError::corrupt(T, &id, "its delivery is missing"))?;
        let d: Delivery = d.try_into()?;
        let known = read_all!(&self.readers, (String,), KNOWN, &*d.channel, &*delivery)?;
        Ok(Doubt {
            attempt: AttemptId(uuid(T, &id)?),
            action: action.parse().map_err(|e| StoreError::corrupt(T, &id, e))?,
            started_at: instant(T, &id, started_at)?,
            first_started_at: instant(T, &id, first)?,
            resends: count(T, &id, resends)?,
            looks: count(T, &id, looks)?,
            revision: count(T, &id, revision)?,
            content: serde_json::from_str(&content).map_err(|e| StoreError::corrupt("revision", &id, e))?,
            prepared: prepared.and_then(|json| serde_json::from_str(&json).ok()),
            known: known.into_iter().map(|r| RemoteId(r.0)).collect(),
            delivery: d,
        })
    }

    /// Writes down a look that does not settle the attempt.
    pub async fn looked(&self, id: AttemptId, look: Look, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let a: Attempt = attempt(tx, id).await?;
                let mut d = delivery(tx, a.delivery).await?;
                let name = id.to_string();
                match look {
                    Look::Nothing(again) => {
                        execute!(&mut tx.db, LOOK_AGAIN, &*name, micros(again), 1_i64)?;
                        let event = Event::AttemptLooked { attempt: id.0, found: Looked::No, reason: None };
                        tell(tx, &d, now, VESTNIK, event).await?;
                    }
                    Look::NoAnswer(again, reason) => {
                        execute!(&mut tx.db, LOOK_AGAIN, &*name, micros(again), 0_i64)?;
                        d.last_reason = Some(reason);
                        save(tx, &d).await?;
                    }
                    Look::Ask(after) => {
                        execute!(&mut tx.db, ASK, &*name, &*after.reason)?;
                        d.stop(&*after.reason, &*after.todo);
                        save(tx, &d).await?;
                        let event =
                            Event::AttemptLooked { attempt: id.0, found: after.found, reason: Some(after.reason) };
                        tell(tx, &d, now, VESTNIK, event).await?;
                        tell_stop(tx, &d, now).await?;
                    }
                }
                Ok(())
            })
        })
        .await
    }
}
