//! Writing down how an attempt ended, and what follows for the delivery, its post and its channel.

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use vestnik_contract::{Evidence, Receipt, ToldKind};

use super::attempt_row::{Attempt, attempt};
use super::changes::End;
use super::claim::{Claim, ClaimRequest};
use super::confirm::{self, Confirmation};
use super::db::execute;
use super::facts::Subject;
use super::journal::{About, append};
use super::person;
use super::rows::{Delivery, Post, deliveries, delivery_and_post, micros, running_hold, save};
use super::stop::Stop;
use super::unsent::may_be_out;
use super::writer::Tx;
use super::{Store, StoreError, StoreRefusal};
use crate::domain::delivery::{Action, Change, State};
use crate::domain::{AttemptId, Hold, OwnReason, Reason, ReasonKind, StopKind};
use crate::journal::event::{self, AttemptEnd, Why};
use crate::journal::{Event, VESTNIK};

/// How an attempt ended.
#[derive(Debug, Clone)]
pub enum Outcome {
    /// The platform, `find` or a person confirmed it.
    Confirmed {
        /// The receipt.
        receipt: Receipt,
        /// Whose word it is.
        by: event::By,
        /// The hold that starts from it (counts for primaries; followers take its `from` as their own time).
        hold: Hold,
    },
    /// It was taken down.
    Retracted,
    /// Certainly not accepted; try again from `at`.
    Retry {
        /// What was said.
        told: Reason,
        /// When.
        at: DateTime<Utc>,
    },
    /// Never will be accepted.
    Rejected(Reason),
    /// The channel pauses until a person acts.
    Unauthorised(Reason),
    /// Nobody knows; look from `look_at`.
    InDoubt {
        /// What was said.
        told: Reason,
        /// When.
        look_at: DateTime<Utc>,
    },
    /// A person was told to do it.
    Handed(Reason),
    /// Looks on the platform (or a person) showed that it was not accepted; try again from `at`.
    NotAccepted {
        /// What was seen.
        reason: Reason,
        /// When.
        at: DateTime<Utc>,
        /// Who says so.
        actor: String,
    },
}

/// What the writing down led to.
#[derive(Debug, Clone)]
pub struct Settled {
    /// The delivery's state afterwards.
    pub state: State,
    /// The channel's next claim, taken in the same commit.
    pub next: Option<Claim>,
}

/// Asks for the channel's next delivery in the same commit.
#[derive(Debug, Clone)]
pub struct NextClaim {
    /// The channel.
    pub channel: String,
    /// The process.
    pub instance: String,
    /// Its lease.
    pub lease_until: DateTime<Utc>,
    /// The least time from now to the channel's next attempt.
    pub gap: Duration,
}

pub(super) const PAUSE_CHANNEL: &str = "UPDATE channel SET paused_at = $2, paused_by = $3, paused_reason = $4 \
     WHERE slug = $1 AND paused_at IS NULL";

impl Store {
    /// Writes down the end of an attempt. An attempt that is settled already (by a look, by a person) is refused.
    pub async fn settle(
        &self,
        attempt: AttemptId,
        outcome: Outcome,
        now: DateTime<Utc>,
        next: Option<NextClaim>,
    ) -> Result<Settled, StoreError> {
        let remote = match &outcome {
            Outcome::Confirmed { receipt, .. } => Some(receipt.id.clone()),
            _ => None,
        };
        let claim = next.as_ref().map(|n| ClaimRequest {
            channel: n.channel.clone(),
            now,
            instance: n.instance.clone(),
            lease_until: n.lease_until,
        });
        let told = Arc::new((outcome, next));
        let operation = self.writer.run_in_set(Subject::Attempt(attempt, remote), claim, move |tx| {
            let told = Arc::clone(&told);
            Box::pin(async move {
                let (outcome, next) = &*told;
                let (state, channel) = settle(tx, attempt, outcome.clone(), now).await?;
                if let Some(next) = next {
                    tx.changes.wait(&channel, now + next.gap);
                }
                Ok(state)
            })
        });
        let (state, next) = operation.await?;
        Ok(Settled { state, next })
    }
}

/// The end of an attempt; gives the delivery's state and channel.
pub(super) async fn settle(
    tx: &mut Tx,
    id: AttemptId,
    outcome: Outcome,
    now: DateTime<Utc>,
) -> Result<(State, String), StoreError> {
    settle_by(tx, id, outcome, now, VESTNIK).await
}

/// The same on the word of `actor`.
pub(super) async fn settle_by(
    tx: &mut Tx,
    id: AttemptId,
    outcome: Outcome,
    now: DateTime<Utc>,
    actor: &str,
) -> Result<(State, String), StoreError> {
    let a = attempt(tx, id).await?;
    if a.state == "settled" {
        return Err(StoreRefusal::AttemptSettled { attempt: id }.into());
    }
    let (mut d, p) = delivery_and_post(tx, a.delivery).await?;
    if a.state == "in_doubt" && matches!(outcome, Outcome::InDoubt { .. }) {
        // Another process has said so before; the look that it planned counts.
        return Ok((d.state, d.channel));
    }
    end_attempt(tx, &a, &d, &outcome, now).await?;
    if a.asked {
        d.clear_stop_of_call();
    }
    d.lease_by = None;
    d.lease_until = None;
    match outcome {
        Outcome::Confirmed { receipt, by, hold } => {
            confirm::confirmed(
                tx,
                d,
                &p,
                Some(&a),
                Confirmation { receipt, by, hold, actor: actor.into(), revision: None },
                now,
            )
            .await
        }
        Outcome::Retracted => {
            d.take(Change::TakenDown)?;
            d.nothing_to_do();
            d.clear_stop();
            tell(tx, &d, now, VESTNIK, Event::DeliveryRetracted {}).await?;
            Ok(finish(tx, d))
        }
        Outcome::Retry { told, at } => {
            d.tries += 1;
            tx.changes.wait(&d.channel, at);
            not_accepted(tx, d, &p, a.action, &told, at, now).await
        }
        Outcome::NotAccepted { reason, at, .. } => not_accepted(tx, d, &p, a.action, &reason, at, now).await,
        Outcome::Unauthorised(told) => {
            pause(tx, &d.organisation, &d.channel, now, VESTNIK, (&told).into()).await?;
            not_accepted(tx, d, &p, a.action, &told, now, now).await
        }
        Outcome::Rejected(told) => rejected(tx, d, &p, (a.action, a.revision), &told, now).await,
        Outcome::InDoubt { told, .. } => {
            d.say(&told);
            if a.action == Action::Publish {
                d.take(Change::AnswerLost)?;
            }
            Ok(finish(tx, d))
        }
        // People have said something else since the call began: they would be told to do what counts no more.
        Outcome::Handed(told) if a.action == Action::Publish && (p.is_over() || p.revision > a.revision) => {
            not_accepted(tx, d, &p, a.action, &told, now, now).await
        }
        Outcome::Handed(_)
            if a.action == Action::Edit && !d.is_primary && p.revision > a.revision && p.withdraw.is_none() =>
        {
            d.nothing_to_do();
            Ok(finish(tx, d))
        }
        Outcome::Handed(told) => {
            d.say(&told);
            d.stop(StopKind::ByHand, "a person does this by hand", &*told.said);
            if a.action == Action::Publish {
                d.take(Change::HandedOver)?;
            } else {
                d.nothing_to_do();
                follow_later_orders(&mut d, &p, (a.action, a.revision), now);
            }
            tell(tx, &d, now, VESTNIK, Event::DeliveryHanded { todo: told.said }).await?;
            Ok(finish(tx, d))
        }
    }
}

async fn end_attempt(
    tx: &mut Tx,
    a: &Attempt,
    d: &Delivery,
    outcome: &Outcome,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    use event::Outcome as O;
    let (told, next_at, ended): (Option<&Reason>, _, _) = match outcome {
        Outcome::Confirmed { .. } => (None, None, if a.action == Action::Edit { O::Edited } else { O::Published }),
        Outcome::Retracted => (None, None, O::Retracted),
        Outcome::Retry { told, at } => (Some(told), Some(*at), O::Retry),
        Outcome::Rejected(told) => (Some(told), None, O::Rejected),
        Outcome::Unauthorised(told) => (Some(told), None, O::Unauthorised),
        Outcome::InDoubt { told, look_at } => (Some(told), Some(*look_at), O::InDoubt),
        Outcome::Handed(told) => (Some(told), None, O::Handed),
        Outcome::NotAccepted { reason, at, .. } => (Some(reason), Some(*at), O::Abandoned),
    };
    let receipt_answer = if let Outcome::Confirmed { receipt, .. } = outcome { receipt.answer.as_ref() } else { None };
    let answer = told.and_then(|t| t.answer.as_ref()).or(receipt_answer);
    let remark = if let Outcome::Confirmed { receipt, .. } = outcome { receipt.remark.as_deref() } else { None };
    let reason = told.map(|t| t.said.as_str()).or(remark);
    let of_remark = remark.map(|_| ReasonKind::Own(OwnReason::Remark));
    let kind = told.map(|t| t.kind).or(of_remark).map(ReasonKind::name);
    let body = answer.map(|e: &Evidence| e.body.as_str());
    let written = |outcome, at| End {
        id: a.id.0,
        outcome,
        reason: reason.map(Into::into),
        kind,
        status: answer.map(|e| e.status),
        body: body.map(Into::into),
        at: micros(at),
    };
    if let Outcome::InDoubt { look_at, .. } = outcome {
        tx.changes.doubted(written(None, *look_at));
    } else {
        tx.changes.settled(written(Some(outcome_name(ended)), now));
    }
    let end = AttemptEnd {
        attempt: a.id.0,
        outcome: ended,
        reason: reason.map(Into::into),
        kind: kind.map(Into::into),
        next_at,
        status: answer.map(|e| e.status),
        answer_sha256: body.map(|b| hex::encode(Sha256::digest(b.as_bytes()))),
    };
    let actor = if let Outcome::NotAccepted { actor, .. } = outcome { actor } else { VESTNIK };
    tell(tx, d, now, actor, Event::AttemptEnded(end)).await
}

fn outcome_name(outcome: event::Outcome) -> &'static str {
    use event::Outcome as O;
    match outcome {
        O::Published => "published",
        O::Edited => "edited",
        O::Retracted => "retracted",
        O::Retry => "retry",
        O::Rejected => "rejected",
        O::Unauthorised => "unauthorised",
        O::InDoubt => "in_doubt",
        O::Handed => "handed",
        O::Abandoned => "abandoned",
    }
}

/// Certainly not accepted: back to where it came from, unless people decided otherwise meanwhile.
pub(super) async fn not_accepted(
    tx: &mut Tx,
    mut d: Delivery,
    p: &Post,
    action: Action,
    reason: &Reason,
    at: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(State, String), StoreError> {
    d.say(reason);
    if action != Action::Publish {
        d.clear_stop_of_call();
        // It stands already; the edit or withdrawal is tried again, unless a later edit put it aside.
        if d.action.is_some() {
            d.plan(if p.withdraw.is_some() { Action::Retract } else { action }, at);
        }
        return Ok(finish(tx, d));
    }
    // What may stand is not called off before somebody has looked.
    let is_unseen = d.unanswered_call.is_some() || (!d.state.is_open() && may_be_out(&d, now));
    if !is_unseen && person::call_off(tx, &mut d, p, now).await?.is_some() {
        return Ok(finish(tx, d));
    }
    if p.expires_at.is_some_and(|t| t <= now) && !is_unseen {
        return super::confirm::failed(tx, d, &expired(), now).await;
    }
    let is_asked = is_unseen && p.is_over() && !d.is_primary;
    // Before an attempt was written down nothing has changed: only the time.
    let attempted = d.state.is_open();
    // What a person is asked about an open delivery, but not how its call ended, stays to be asked.
    if !attempted {
        d.clear_stop_of_call();
    }
    if d.is_primary {
        if attempted {
            d.take(Change::BackToQueue)?;
        }
        d.plan(Action::Publish, at);
    } else {
        match running_hold(tx, d.post).await?.filter(|h| h.revision == p.revision) {
            Some(hold) => {
                if attempted {
                    d.take(Change::BackToHold)?;
                }
                d.plan(Action::Publish, at.max(hold.until));
            }
            None => {
                d.take(if attempted { Change::BackToWaiting } else { Change::HoldLapses })?;
                d.nothing_to_do();
                if !is_asked {
                    super::taken_down::follow_primary(tx, &mut d, now).await?;
                }
            }
        }
    }
    if is_asked {
        person::ask_first(tx, &mut d, now).await?;
    }
    Ok(finish(tx, d))
}

pub(super) fn expired() -> Reason {
    Reason::own(OwnReason::Expired, "its time to expire passed before it went out")
}

pub(super) async fn rejected(
    tx: &mut Tx,
    mut d: Delivery,
    p: &Post,
    (action, revision): (Action, u32),
    reason: &Reason,
    now: DateTime<Utc>,
) -> Result<(State, String), StoreError> {
    d.say(reason);
    match action {
        // A later revision is another post: it gets its own try.
        Action::Publish if p.revision > revision && d.state.is_open() => {
            not_accepted(tx, d, p, action, reason, now, now).await
        }
        // Without a text that fits it cannot be looked for.
        Action::Publish
            if (p.is_over() || d.unanswered_call.is_some()) && !d.state.is_open() && may_be_out(&d, now) =>
        {
            let said = format!("it may be out already, and cannot be looked for: {}", reason.said);
            let stop = Stop::maybe_out(d.post, &d.channel, said);
            ask(tx, &mut d, stop, now).await?;
            Ok(finish(tx, d))
        }
        // What was called off while it was on its way has not failed.
        Action::Publish if p.is_over() => not_accepted(tx, d, p, action, reason, now, now).await,
        Action::Publish => confirm::failed(tx, d, reason, now).await,
        Action::Edit if p.withdraw.is_some() || p.revision > revision => {
            d.nothing_to_do();
            follow_later_orders(&mut d, p, (action, revision), now);
            Ok(finish(tx, d))
        }
        Action::Edit if d.is_primary && p.cancel.is_none() && reason.kind == ReasonKind::Told(ToldKind::PostGone) => {
            d.nothing_to_do();
            let stop = Stop::primary_gone(d.post, format!("the post on channel `{}` was deleted", d.channel));
            ask(tx, &mut d, stop, now).await?;
            Ok(finish(tx, d))
        }
        Action::Edit => {
            d.nothing_to_do();
            let stop = Stop::edit_refused(&d, &reason.said);
            ask(tx, &mut d, stop, now).await?;
            // To a text that is lost nothing goes back.
            let known = d.shown_revision.filter(|_| d.is_primary && !d.shows_lost_text && p.revision == revision);
            let done = finish(tx, d);
            if let Some(shown) = known {
                super::edit::take_back(tx, p, shown, now).await?;
            }
            Ok(done)
        }
        Action::Retract => {
            d.nothing_to_do();
            let stop = Stop::withdrawal_refused(&reason.said);
            d.stop(stop.kind, stop.reason, stop.todo);
            tell(tx, &d, now, VESTNIK, Event::DeliveryRetractFailed(reason.into())).await?;
            Ok(finish(tx, d))
        }
    }
}

/// An edit ended without effect, but people have said more since: a withdrawal, or a later revision.
fn follow_later_orders(d: &mut Delivery, p: &Post, (action, revision): (Action, u32), now: DateTime<Utc>) {
    if action == Action::Edit && p.withdraw.is_some() {
        d.clear_stop();
        d.plan(Action::Retract, now);
    } else if action == Action::Edit && p.revision > revision && d.is_primary {
        d.clear_stop();
        d.plan(Action::Edit, now);
    }
}

pub(super) fn finish(tx: &mut Tx, d: Delivery) -> (State, String) {
    save(tx, &d);
    (d.state, d.channel)
}

pub(super) async fn tell(
    tx: &mut Tx,
    d: &Delivery,
    now: DateTime<Utc>,
    actor: &str,
    event: Event,
) -> Result<(), StoreError> {
    let about = About { post: Some(d.post.0), delivery: Some(d.id.0), channel: Some(&d.channel) };
    append(tx, &d.organisation, now, actor, about, event).await
}

/// The delivery waits for a person.
pub(super) async fn ask(tx: &mut Tx, d: &mut Delivery, stop: Stop, now: DateTime<Utc>) -> Result<(), StoreError> {
    d.stop(stop.kind, stop.reason, stop.todo);
    tell_stop(tx, d, now).await
}

pub(super) async fn tell_stop(tx: &mut Tx, d: &Delivery, now: DateTime<Utc>) -> Result<(), StoreError> {
    let (Some(reason), Some(todo)) = (d.stop_reason.clone(), d.stop_todo.clone()) else { return Ok(()) };
    let why = Why { reason, kind: d.stop_kind.map(|kind| kind.name().into()) };
    tell(tx, d, now, VESTNIK, Event::DeliveryStopped { why, todo }).await
}

/// Pauses a channel, once: one incident, one line.
pub(super) async fn pause(
    tx: &mut Tx,
    organisation: &str,
    channel: &str,
    now: DateTime<Utc>,
    actor: &str,
    why: Why,
) -> Result<bool, StoreError> {
    if execute!(tx.sql().await?, PAUSE_CHANNEL, channel, micros(now), actor, &*why.reason)? == 0 {
        return Ok(false);
    }
    let about = About { channel: Some(channel), ..About::default() };
    append(tx, organisation, now, actor, about, Event::ChannelPaused(why)).await?;
    Ok(true)
}

/// Deliveries of the post's followers.
pub(super) async fn followers(tx: &mut Tx, p: &Post) -> Result<Vec<Delivery>, StoreError> {
    Ok(deliveries(tx, p.id).await?.into_iter().filter(|d| !d.is_primary).collect())
}
