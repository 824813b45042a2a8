//! Attempts whose outcome is unknown: left by a crash, or by a lost reply.

use chrono::{DateTime, TimeDelta, Utc};
use vestnik_contract::Prepared;

use super::attempt_row::{Attempt, attempt};
use super::changes::End;
use super::db::{execute, fetch_optional, read_all};
use super::rows::{Delivery, DeliveryRow, count, delivery, instant, micros, save, uuid};
use super::settle::{tell, tell_stop};
use super::writer::Tx;
use super::{Store, StoreError};
use crate::domain::delivery::{Action, Change};
use crate::domain::{AttemptId, DeliveryId, OwnReason, PostContent, Reason, StopKind};
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
}

/// What a look showed, as far as it does not settle the attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Look {
    /// Nothing of ours: look again at this time.
    Nothing(DateTime<Utc>),
    /// The platform could not be asked; ask again at this time.
    NoAnswer(DateTime<Utc>, Reason),
    /// A person has to settle it.
    Ask(LookAfter),
}

/// Why a person is asked, and what they can do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookAfter {
    /// What the person is asked.
    pub kind: StopKind,
    /// What was seen.
    pub reason: String,
    /// What to do.
    pub todo: String,
    /// What the last look found.
    pub found: Looked,
}

/// Attempts that nobody works on: of another process or of an ended lease, and none of those in the JSON array `$3`.
/// `state <> 'settled'` says nothing new: it lets SQLite use the index of what is not settled.
macro_rules! orphans {
    () => {
        "SELECT id, delivery FROM attempt WHERE state <> 'settled' AND state = 'open' \
         AND (lease_until < $1 OR lease_by <> $2) AND id NOT IN (SELECT value FROM json_each($3))"
    };
}
pub(super) use orphans;
pub(super) const ORPHANS: &str = orphans!();
pub(super) const ORPHAN: &str =
    "UPDATE attempt SET state = 'in_doubt', look_at = $2, reason = $3, kind = $4 WHERE id = $1 AND state = 'open'";
pub(super) const CLEAR_LEASES: &str =
    "UPDATE delivery SET lease_by = NULL, lease_until = NULL WHERE lease_by IS NOT NULL AND lease_by <> $1";
/// What is not out may be out already where this database is an older copy, so it is looked for before it is sent. No
/// clock says since when: it may have been wrong.
pub(super) const FORGET_LOOKS: &str = "UPDATE delivery SET looked_at = NULL WHERE looked_at IS NOT NULL \
     AND state NOT IN ('published', 'cancelled', 'withdrawn')";
macro_rules! doubts_where {
    ($where:literal) => {
        concat!(
            "SELECT d.*, a.id AS attempt, a.delivery AS delivery_id, a.action AS attempted, a.revision, a.started_at, \
             a.looks, a.prepared, r.content, \
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
macro_rules! due_looks {
    () => {
        doubts_where!("a.look_at <= $1 ORDER BY a.look_at LIMIT 256")
    };
}
pub(super) use {doubts_where, due_looks};
pub(super) const DUE_LOOKS: &str = due_looks!();
pub(super) const ONE_DOUBT: &str = doubts_where!("a.delivery = $1");
pub(super) const KNOWN: &str = "SELECT remote_id FROM delivery WHERE channel = $1 AND id <> $2 AND remote_id IS NOT NULL \
     ORDER BY published_at DESC LIMIT 500";
pub(super) const LOOK_AGAIN: &str =
    "UPDATE attempt SET look_at = $2, looks = looks + $3 WHERE id = $1 AND state = 'in_doubt'";
pub(super) const ASK: &str =
    "UPDATE attempt SET look_at = NULL, asks = $2, looks = looks + 1 WHERE id = $1 AND state = 'in_doubt'";

pub(super) const ASK_ANEW: &str = "UPDATE attempt SET look_at = $2, asks = NULL \
     WHERE delivery = $1 AND state = 'in_doubt' AND asks IS NOT NULL";

#[derive(Debug, sqlx::FromRow)]
struct DoubtRow {
    #[sqlx(flatten)]
    delivery: DeliveryRow,
    attempt: String,
    delivery_id: String,
    attempted: String,
    revision: i64,
    started_at: i64,
    looks: i64,
    prepared: Option<String>,
    content: String,
    first_started_at: i64,
    resends: i64,
}

impl TryFrom<DoubtRow> for Doubt {
    type Error = StoreError;

    fn try_from(r: DoubtRow) -> Result<Self, StoreError> {
        const T: &str = "attempt";
        let id = r.attempt;
        Ok(Self {
            attempt: AttemptId(uuid(T, &id)?),
            action: r.attempted.parse().map_err(|e| StoreError::corrupt(T, &id, e))?,
            started_at: instant(T, &id, r.started_at)?,
            first_started_at: instant(T, &id, r.first_started_at)?,
            resends: count(T, &id, r.resends)?,
            looks: count(T, &id, r.looks)?,
            revision: count(T, &id, r.revision)?,
            content: serde_json::from_str(&r.content).map_err(|e| StoreError::corrupt("revision", &id, e))?,
            prepared: r.prepared.and_then(|json| serde_json::from_str(&json).ok()),
            delivery: r.delivery.try_into()?,
        })
    }
}

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
    let Some((id,)) = fetch_optional!(tx.sql().await?, (String,), ASKED, d.id.to_string())? else { return Ok(()) };
    let reason = format!("{actor} decided anew");
    let kind = OwnReason::DecidedAnew.name();
    tx.changes.settled(End {
        id: uuid("attempt", &id)?,
        outcome: Some("abandoned"),
        reason: Some(reason.clone()),
        kind: Some(kind),
        status: None,
        body: None,
        at: micros(now),
    });
    let end = AttemptEnd {
        attempt: uuid("attempt", &id)?,
        outcome: Outcome::Abandoned,
        reason: Some(reason),
        kind: Some(kind.into()),
        next_at: None,
        status: None,
        answer_sha256: None,
    };
    d.clear_stop_of_call();
    tell(tx, d, now, actor, Event::AttemptEnded(end)).await
}

/// A person said what becomes of a post that stood still for want of its text. How its last call ended is looked into
/// again: the question may never have been put.
pub(super) async fn ask_anew(tx: &mut Tx, d: &mut Delivery, now: DateTime<Utc>) -> Result<(), StoreError> {
    d.clear_stop();
    execute!(tx.sql().await?, ASK_ANEW, d.id.to_string(), micros(now))?;
    Ok(())
}

const NO_ANSWER: &str = "the program ended before the answer was written down";
const NO_ANSWER_KIND: OwnReason = OwnReason::AnswerNotWritten;

/// No pacing, back-off or look waits longer than this over a start or a step of the clock.
const WAIT_MAX: TimeDelta = TimeDelta::hours(1);

pub(super) const SHORTEN_PACE: &str = "UPDATE channel SET next_at = $1 WHERE next_at > $1";
pub(super) const SHORTEN_LOOKS: &str = "UPDATE attempt SET look_at = $1 WHERE state = 'in_doubt' AND look_at > $1";
pub(super) const PUT_OFF_LOOKS: &str =
    "UPDATE attempt SET look_at = look_at + $2 WHERE state = 'in_doubt' AND look_at > $1";
/// Only waits: what is planned later stays so, a hold's end is the planned time of its followers, and their edits wait
/// for a hold, too.
pub(super) const SHORTEN_BACKOFF: &str = "UPDATE delivery SET due_at = \
     CASE action WHEN 'publish' THEN MAX(planned_at, $1) ELSE $1 END WHERE due_at > $1 \
     AND CASE action WHEN 'publish' THEN due_at > planned_at WHEN 'edit' THEN is_primary = 1 ELSE action = 'retract' END";

async fn shorten_waits(tx: &mut Tx, now: DateTime<Utc>) -> Result<(), StoreError> {
    let latest = micros(now + WAIT_MAX);
    execute!(tx.sql().await?, SHORTEN_PACE, latest)?;
    execute!(tx.sql().await?, SHORTEN_LOOKS, latest)?;
    execute!(tx.sql().await?, SHORTEN_BACKOFF, latest)?;
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
        let alive = serde_json::to_string(&alive).unwrap_or_else(|_| "[]".into());
        let orphans = read_all!(&self.readers, (String, String), ORPHANS, micros(now), instance, &*alive)?;
        for (attempt, delivery) in &orphans {
            match self.doubt_orphan(attempt, now).await {
                Err(error) if error.concerns_one_row() => {
                    self.orphan(attempt, now).await?;
                    self.ask_about_broken(attempt.clone(), delivery, &error, now).await?;
                }
                done => done?,
            }
        }
        Ok(orphans.len())
    }

    async fn doubt_orphan(&self, id: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let id = AttemptId(uuid("attempt", id)?);
        self.write(move |tx| {
            Box::pin(async move {
                if execute!(tx.sql().await?, ORPHAN, id.to_string(), micros(now), NO_ANSWER, NO_ANSWER_KIND.name())?
                    == 0
                {
                    // Its answer came after all.
                    return Ok(());
                }
                let a = attempt(tx, id).await?;
                let mut d = delivery(tx, a.delivery).await?;
                if a.action == Action::Publish {
                    d.take(Change::AnswerLost)?;
                    d.say(&Reason::own(NO_ANSWER_KIND, NO_ANSWER));
                    save(tx, &d);
                }
                let end = AttemptEnd {
                    attempt: a.id.0,
                    outcome: Outcome::InDoubt,
                    reason: Some(NO_ANSWER.into()),
                    kind: Some(NO_ANSWER_KIND.name().into()),
                    next_at: Some(now),
                    status: None,
                    answer_sha256: None,
                };
                tell(tx, &d, now, VESTNIK, Event::AttemptEnded(end)).await
            })
        })
        .await
    }

    /// Marks an attempt whose row or delivery cannot be read: it is not begun again, whatever it was.
    async fn orphan(&self, id: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let id = id.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                execute!(tx.sql().await?, ORPHAN, &*id, micros(now), NO_ANSWER, NO_ANSWER_KIND.name())?;
                Ok(())
            })
        })
        .await
    }

    /// Takes over what dead processes had claimed without attempting it, and has everything that is not out looked for
    /// once before it is sent: this process holds the process lock.
    pub async fn take_over(&self, instance: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let instance = instance.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                execute!(tx.sql().await?, CLEAR_LEASES, &*instance)?;
                execute!(tx.sql().await?, FORGET_LOOKS)?;
                shorten_waits(tx, now).await
            })
        })
        .await
    }

    /// The clock went back: waits that were written down by the clock as it was are not believed.
    pub async fn clock_went_back(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(move |tx| Box::pin(async move { shorten_waits(tx, now).await })).await
    }

    /// The clock went forward, from `before` to `now` in no time: what was to be looked for after `before` waits for as
    /// much longer.
    pub async fn clock_went_forward(&self, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), StoreError> {
        let (before, ahead) = (micros(before), micros(now) - micros(before));
        self.write(move |tx| {
            Box::pin(async move {
                execute!(tx.sql().await?, PUT_OFF_LOOKS, before, ahead)?;
                Ok(())
            })
        })
        .await
    }

    /// Attempts in doubt that are to be looked into now.
    pub async fn due_looks(&self, now: DateTime<Utc>) -> Result<Vec<Doubt>, StoreError> {
        let rows = read_all!(&self.readers, DoubtRow, DUE_LOOKS, micros(now))?;
        let mut doubts = Vec::with_capacity(rows.len());
        for row in rows {
            let (attempt, delivery) = (row.attempt.clone(), row.delivery_id.clone());
            match Doubt::try_from(row) {
                Ok(doubt) => doubts.push(doubt),
                Err(error) => self.ask_about_broken(attempt, &delivery, &error, now).await?,
            }
        }
        Ok(doubts)
    }

    /// An unknown outcome that cannot be read cannot be looked into either, and must not keep the others from it.
    async fn ask_about_broken(
        &self,
        attempt: String,
        delivery: &str,
        error: &StoreError,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.stop_broken(DeliveryId(uuid("delivery", delivery)?), error, now).await?;
        let why = error.to_string();
        self.write(move |tx| {
            Box::pin(async move {
                execute!(tx.sql().await?, ASK, &*attempt, &*why)?;
                Ok(())
            })
        })
        .await
    }

    /// The attempt in doubt of one delivery, whether or not a person was asked.
    pub async fn doubt_of(&self, delivery: crate::domain::DeliveryId) -> Result<Option<Doubt>, StoreError> {
        let rows = read_all!(&self.readers, DoubtRow, ONE_DOUBT, delivery.to_string())?;
        rows.into_iter().next().map(TryInto::try_into).transpose()
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
                        execute!(tx.sql().await?, LOOK_AGAIN, &*name, micros(again), 1_i64)?;
                        let event = Event::AttemptLooked { attempt: id.0, found: Looked::No, reason: None };
                        tell(tx, &d, now, VESTNIK, event).await?;
                    }
                    Look::NoAnswer(again, reason) => {
                        execute!(tx.sql().await?, LOOK_AGAIN, &*name, micros(again), 0_i64)?;
                        d.say(&reason);
                        save(tx, &d);
                    }
                    Look::Ask(after) => {
                        execute!(tx.sql().await?, ASK, &*name, &*after.reason)?;
                        // A missing text is asked for first: `ask_anew` has the other question put again afterwards.
                        let waits_for_a_text = d.waits_for_a_text();
                        if !waits_for_a_text {
                            d.stop(after.kind, &*after.reason, &*after.todo);
                            save(tx, &d);
                        }
                        let event =
                            Event::AttemptLooked { attempt: id.0, found: after.found, reason: Some(after.reason) };
                        tell(tx, &d, now, VESTNIK, event).await?;
                        if !waits_for_a_text {
                            tell_stop(tx, &d, now).await?;
                        }
                    }
                }
                Ok(())
            })
        })
        .await
    }
}
