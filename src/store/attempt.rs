//! Writing down an attempt before it is made.

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use vestnik_contract::Prepared;

use super::changes::{NewAttempt, json};
use super::claim::Claim;
use super::db::{Db, execute, fetch_all};
use super::facts::Subject;
use super::journal::{About, append};
use super::person::call_off;
use super::rows::{delivery_and_post, micros, running_hold, save, uuid};
use super::writer::Tx;
use super::{Store, StoreError};
use crate::domain::delivery::{Action, Change};
use crate::domain::{AttemptId, DeliveryId};
use crate::journal::{Event, VESTNIK, event};

/// What is about to be done.
#[derive(Debug, Clone)]
pub struct Intent {
    /// The claimed delivery.
    pub claim: Claim,
    /// What the platform will be told; nothing for a withdrawal.
    pub prepared: Option<Prepared>,
    /// The clocks that were seen.
    pub clocks: Clocks,
    /// The process that makes the attempt.
    pub instance: String,
    /// Until when nobody else may doubt it.
    pub lease_until: DateTime<Utc>,
    /// The least time to the channel's next attempt.
    pub gap: Duration,
}

/// The clocks that were seen before a release.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Clocks {
    /// When the primary was last seen live, by our clock.
    pub primary_seen_at: Option<DateTime<Utc>>,
    /// What the primary's platform said.
    pub primary: Option<DateTime<Utc>>,
    /// What the follower's platform said.
    pub follower: Option<DateTime<Utc>>,
}

/// Whether the attempt may be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Begin {
    /// It is written down: make it.
    Now(Begun),
    /// Something changed since the claim; nothing was written. The sentence says what.
    NotNow(String),
}

/// A written-down attempt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Begun {
    /// Its id.
    pub attempt: AttemptId,
    /// Its number, counted from 1.
    pub number: u32,
    /// When it began.
    pub started_at: DateTime<Utc>,
}

/// Of each delivery of a JSON array: whether its channel is shut, or for what needs a hold the primary's, and the number
/// of its last attempt.
pub(super) const LAST_ATTEMPTS: &str = "SELECT d.id, (c.paused_at IS NOT NULL OR c.retired = 1 \
     OR NOT (d.is_primary = 1 AND c.is_primary = 1 OR d.action = 'retract') AND EXISTS (SELECT 1 FROM channel m \
     WHERE m.organisation = c.organisation AND m.is_primary = 1 AND m.retired = 0 AND m.paused_at IS NOT NULL)) AS shut, \
     (SELECT COALESCE(MAX(number), 0) FROM attempt WHERE delivery = d.id) AS number \
     FROM delivery d JOIN channel c ON c.slug = d.channel WHERE d.id IN (SELECT value FROM json_each($1))";
pub(super) const RENEW: &str = "UPDATE attempt SET lease_until = $3 WHERE id = $1 AND lease_by = $2 AND state = 'open'";
pub(super) const RENEW_CLAIM: &str = "UPDATE delivery SET lease_until = $3 WHERE id = $1 AND lease_by = $2";

impl Store {
    /// Commits the intent, after checking once more that nothing changed since the claim: revision, hold, pause,
    /// cancellation, lease. For followers the database's own trigger checks the hold again.
    pub async fn begin_attempt(&self, intent: Intent, now: DateTime<Utc>) -> Result<Begin, StoreError> {
        let attempt = AttemptId(self.ids.next(now));
        let subject = Subject::Delivery(intent.claim.delivery.id, intent.claim.delivery.post);
        let intent = Arc::new(intent);
        let operation = self.writer.run_in_set(subject, None, move |tx| {
            let intent = Arc::clone(&intent);
            Box::pin(async move { begin(tx, attempt, &intent, now).await })
        });
        operation.await.map(|(begin, _)| begin)
    }

    /// Keeps the lease of a call that takes long.
    pub async fn renew(&self, attempt: AttemptId, instance: &str, until: DateTime<Utc>) -> Result<(), StoreError> {
        let instance = instance.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                execute!(tx.sql().await?, RENEW, attempt.to_string(), &*instance, micros(until))?;
                Ok(())
            })
        })
        .await
    }

    /// Keeps a claim whose preparation (uploads) takes long.
    pub async fn renew_claim(&self, claim: &Claim, instance: &str, until: DateTime<Utc>) -> Result<(), StoreError> {
        let (id, instance) = (claim.delivery.id, instance.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                execute!(tx.sql().await?, RENEW_CLAIM, id.to_string(), &*instance, micros(until))?;
                Ok(())
            })
        })
        .await
    }
}

async fn begin(tx: &mut Tx, attempt: AttemptId, intent: &Intent, now: DateTime<Utc>) -> Result<Begin, StoreError> {
    let claim = &intent.claim;
    let (mut d, p) = delivery_and_post(tx, claim.delivery.id).await?;
    let not_now = |why: &str| Ok(Begin::NotNow(why.into()));
    if d.lease_by.as_deref() != Some(&*intent.instance) {
        return not_now("another process took it over");
    }
    if d.state != claim.delivery.state || d.action != Some(claim.action) || d.stop_reason.is_some() {
        return not_now("its state changed");
    }
    if claim.action == Action::Publish && d.planned_at != claim.delivery.planned_at {
        return not_now("the post was moved");
    }
    if claim.action != Action::Retract && p.revision != claim.revision {
        return not_now("the post was edited");
    }
    // What may have been called before the database was put back was looked for, and does not stand.
    if claim.action == Action::Publish && call_off(tx, &mut d, &p, now).await?.is_some() {
        save(tx, &d);
        return not_now("the post was cancelled");
    }
    if claim.action == Action::Publish && p.expires_at.is_some_and(|t| t <= now) {
        return not_now("the post expired");
    }
    let id = d.id.to_string();
    let last_attempt = match &tx.facts {
        Some(facts) => facts.last_attempt,
        None => last_attempts(tx.sql().await?, &[d.id]).await?.remove(&d.id),
    };
    let (shut, last) =
        last_attempt.ok_or_else(|| StoreError::corrupt("attempt", &id, "the number of the last one cannot be read"))?;
    if shut {
        return not_now("the channel is paused");
    }
    let hold = if d.is_primary || claim.action == Action::Retract {
        None
    } else {
        match running_hold(tx, d.post).await? {
            Some(hold) if hold.revision == claim.revision && hold.until <= now => Some(hold),
            _ => return not_now("the hold changed"),
        }
    };
    let number = u32::try_from(last + 1).map_err(|e| StoreError::corrupt("attempt", &id, e))?;
    let prepared = intent.prepared.as_ref().map(serde_json::to_string).transpose();
    tx.changes.attempt(NewAttempt {
        id: attempt,
        delivery: d.id,
        channel: d.channel.clone(),
        number,
        action: claim.action.name(),
        revision: claim.revision,
        hold: hold.as_ref().map(|h| h.id),
        started_at: micros(now),
        prepared: prepared.map_err(|e| StoreError::corrupt("attempt", &id, e))?,
        content_sha256: claim.content_sha256.clone(),
        primary_seen_at: intent.clocks.primary_seen_at.map(micros),
        primary_clock: intent.clocks.primary.map(micros),
        follower_clock: intent.clocks.follower.map(micros),
        lease_by: intent.instance.clone(),
        lease_until: micros(intent.lease_until),
    });
    tx.changes.wait(&d.channel, now + intent.gap);
    if claim.action == Action::Publish {
        d.take(Change::AttemptBegins)?;
        d.calls = d.calls.saturating_add(1);
        d.nothing_to_do();
        save(tx, &d);
    }
    let about = About { post: Some(d.post.0), delivery: Some(d.id.0), channel: Some(&d.channel) };
    let event = Event::AttemptStarted {
        attempt: attempt.0,
        number,
        action: event_action(claim.action),
        revision: claim.revision,
        content_sha256: claim.content_sha256.clone(),
    };
    append(tx, &d.organisation, now, VESTNIK, about, event).await?;
    Ok(Begin::Now(Begun { attempt, number, started_at: now }))
}

/// Whether the channel is shut, and the number of the last attempt, of each delivery.
pub(super) async fn last_attempts(
    db: &mut Db,
    ids: &[DeliveryId],
) -> Result<HashMap<DeliveryId, (bool, i64)>, StoreError> {
    if ids.is_empty() {
        return Ok(HashMap::new());
    }
    let rows = fetch_all!(db, (String, bool, i64), LAST_ATTEMPTS, json(ids)?)?;
    rows.into_iter().map(|(id, shut, last)| Ok((DeliveryId(uuid("delivery", &id)?), (shut, last)))).collect()
}

pub(super) fn event_action(action: Action) -> event::Action {
    match action {
        Action::Publish => event::Action::Publish,
        Action::Edit => event::Action::Edit,
        Action::Retract => event::Action::Retract,
    }
}
