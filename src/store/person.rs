//! Words of people: cancel, withdraw, republish, resolve, confirm.

use chrono::{DateTime, Utc};

use super::confirm::{self, Confirmation, HeldUntil, followers_held};
use super::db::{execute, fetch_optional};
use super::doubt::{ask_anew, give_up_asked};
use super::journal::{About, append};
use super::post::INSERT_DELIVERY;
use super::rows::{Delivery, Order, Post, deliveries, micros, post, running_hold, save};
use super::seen::{AsSeen, DeliveryAsSeen, delivery_as_seen, must_stand_as_seen};
use super::settle::{self, Outcome, tell};
use super::stop::Stop;
use super::taken_down::{UNSETTLED, follow_primary};
use super::writer::Tx;
use super::{Store, StoreError, StoreRefusal};
use crate::domain::delivery::{Action, Change, State, UnansweredCall};
use crate::domain::{AttemptId, DeliveryId, OwnReason, Reason, StopKind};
use crate::journal::event::Why;
use crate::journal::{Event, VESTNIK};

/// What an order did on one channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Withdrawal {
    /// The channel.
    pub channel: String,
    /// In words.
    pub result: &'static str,
}

/// What a resolution led to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resolved {
    /// The delivery's state afterwards.
    pub state: State,
}

pub(super) const ORDER_CANCEL: &str =
    "UPDATE post SET cancel_at = $2, cancel_by = $3, cancel_reason = $4 WHERE id = $1";
pub(super) const ORDER_WITHDRAW: &str =
    "UPDATE post SET withdraw_at = $2, withdraw_by = $3, withdraw_reason = $4 WHERE id = $1";
pub(super) const EXPIRES_ANEW: &str = "UPDATE post SET expiry_done = 0 WHERE id = $1";
pub(super) const ATTEMPT_IN_DOUBT: &str = "SELECT id FROM attempt WHERE delivery = $1 AND state = 'in_doubt'";

impl Store {
    /// Cancels what is not out yet. An attempt under way is settled first; what is out stays.
    pub async fn cancel_post(
        &self,
        which: impl Into<AsSeen>,
        by: &str,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<Withdrawal>, StoreError> {
        self.order(which.into(), by, reason, now, false).await
    }

    /// Cancels what is not out yet and takes down what is.
    pub async fn withdraw_post(
        &self,
        which: impl Into<AsSeen>,
        by: &str,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<Vec<Withdrawal>, StoreError> {
        self.order(which.into(), by, reason, now, true).await
    }

    async fn order(
        &self,
        AsSeen { post: id, mark }: AsSeen,
        by: &str,
        reason: &str,
        now: DateTime<Utc>,
        withdraw: bool,
    ) -> Result<Vec<Withdrawal>, StoreError> {
        let (by, reason) = (by.to_owned(), reason.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let p = post(tx, id).await?;
                let all = deliveries(tx, id).await?;
                must_stand_as_seen(mark.as_deref(), &p, &all)?;
                let something = all.iter().any(|d| {
                    ((d.state.may_go_out() || d.state == State::Failed || d.waits_for_a_text()) && p.cancel.is_none())
                        || (withdraw
                            && d.state == State::Published
                            && (d.action != Some(Action::Retract) || d.stop_reason.is_some()))
                });
                if !something {
                    let refusal = if withdraw {
                        StoreRefusal::NothingToWithdraw { post: id }
                    } else {
                        StoreRefusal::NothingToCancel { post: id }
                    };
                    return Err(refusal.into());
                }
                order(tx, &p, (Order { at: now, by, reason }, withdraw), now).await
            })
        })
        .await
    }

    /// Publishes a primary anew whose post was deleted; its followers wait for the new hold. The caller has seen that
    /// it does not stand.
    pub async fn republish(
        &self,
        which: impl Into<AsSeen>,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<DeliveryId, StoreError> {
        let AsSeen { post: id, mark } = which.into();
        let new = DeliveryId(self.ids.next(now));
        let by = by.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let p = post(tx, id).await?;
                let all = deliveries(tx, id).await?;
                must_stand_as_seen(mark.as_deref(), &p, &all)?;
                if p.is_over() {
                    return Err(StoreRefusal::PostOver { post: id }.into());
                }
                all.iter().try_for_each(must_not_wait_for_a_text)?;
                let Some(mut old) = all.iter().filter(|d| d.is_primary).max_by_key(|d| d.number).cloned() else {
                    return Err(StoreError::corrupt("post", id, "it has no primary"));
                };
                if !matches!(old.state, State::Published | State::Withdrawn) {
                    return Err(StoreRefusal::NotMissing { channel: old.channel, state: old.state }.into());
                }
                let about = About { post: Some(id.0), ..About::default() };
                append(tx, &p.organisation, now, &by, about, Event::PostRepublished {}).await?;
                // Withdrawn: a person said already that it was taken down.
                if old.state == State::Published {
                    give_up_asked(tx, &mut old, now, &by).await?;
                    // What becomes of an edit is told to the one that it was made on, which is to be the newest then.
                    if fetch_optional!(tx.sql().await?, (String,), UNSETTLED, old.id.to_string())?.is_some() {
                        return Err(StoreRefusal::Unsettled { post: id, channel: old.channel }.into());
                    }
                    old.take(Change::TakenDown)?;
                    old.nothing_to_do();
                    old.clear_stop();
                    tell(tx, &old, now, VESTNIK, Event::DeliveryRetracted {}).await?;
                    save(tx, &old);
                }
                tx.changes.end_holds(id);
                insert_primary(tx, new, &old, now).await?;
                wait_for_new_primary(tx, all, now).await?;
                Ok(new)
            })
        })
        .await
    }

    /// A person entered where the post stands: settles an attempt in doubt, a delivery by hand, or confirms a primary
    /// whose deletion cannot be seen.
    pub async fn resolve_published(
        &self,
        which: impl Into<DeliveryAsSeen>,
        confirmation: Confirmation,
        now: DateTime<Utc>,
    ) -> Result<Resolved, StoreError> {
        let which = which.into();
        let id = which.delivery;
        self.write(move |tx| {
            Box::pin(async move {
                let mut d = delivery_as_seen(tx, which).await?;
                let p = post(tx, d.post).await?;
                // How a call ended may still be told; what waits behind it goes on waiting.
                if d.state != State::InDoubt {
                    must_not_wait_for_a_text(&d)?;
                }
                if d.state == State::Published {
                    give_up_asked(tx, &mut d, now, &confirmation.actor).await?;
                }
                match d.state {
                    State::InDoubt => {
                        let attempt = attempt_in_doubt(tx, id).await?;
                        let Confirmation { receipt, by, hold, actor, .. } = confirmation;
                        settle::settle_by(tx, attempt, Outcome::Confirmed { receipt, by, hold }, now, &actor).await
                    }
                    // Handed, or found by a person before the first attempt, or edited by hand.
                    State::Handed => confirm::confirmed(tx, d, &p, None, confirmation, now).await,
                    State::Queued | State::Held if d.stop_reason.is_some() => {
                        confirm::confirmed(tx, d, &p, None, confirmation, now).await
                    }
                    State::Waiting if d.is_asked_whether_out() => {
                        confirm::confirmed(tx, d, &p, None, confirmation, now).await
                    }
                    // Edited by hand: what vestnik could not do, or could not confirm. A follower of which nothing is asked
                    // waits for a hold.
                    State::Published
                        if d.shown_revision < Some(p.revision)
                            && d.action != Some(Action::Retract)
                            && (d.is_primary || d.stop_reason.is_some()) =>
                    {
                        confirm::confirmed(tx, d, &p, None, confirmation, now).await
                    }
                    State::Published if d.is_primary => confirm_standing(tx, (d, &p), confirmation, now).await,
                    state => Err(StoreRefusal::NoAddressAsked { post: d.post, channel: d.channel, state }.into()),
                }
                .map(|(state, _)| Resolved { state })
            })
        })
        .await
    }

    /// A person says that the last attempt was not accepted, and the platform does not contradict.
    pub async fn resolve_not_published(
        &self,
        which: impl Into<DeliveryAsSeen>,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<Resolved, StoreError> {
        let (which, by) = (which.into(), by.to_owned());
        let id = which.delivery;
        self.write(move |tx| {
            Box::pin(async move {
                let mut d = delivery_as_seen(tx, which).await?;
                if d.is_asked_whether_out() {
                    let p = post(tx, d.post).await?;
                    if let Some(state) = call_off(tx, &mut d, &p, now).await? {
                        save(tx, &d);
                        return Ok(Resolved { state });
                    }
                    // It was due before the daemon started and nobody could tell whether it was out: it goes out now.
                    d.looked_at = Some(now);
                    d.answer();
                    d.due_at = d.due_at.map(|due| due.max(now));
                    let event = Event::DeliveryResumed(Why::of_kind(
                        OwnReason::PersonFoundNothing.name(),
                        format!("{by} found nothing on the channel"),
                    ));
                    tell(tx, &d, now, &by, event).await?;
                    if d.state == State::Waiting {
                        follow_primary(tx, &mut d, now).await?;
                    }
                    return Ok(Resolved { state: settle::finish(tx, d).0 });
                }
                if d.state != State::InDoubt {
                    if let Some(reason) = &d.stop_reason {
                        return Err(stands_still(&d, reason));
                    }
                    let (post, channel, state) = (d.post, d.channel, d.state);
                    return Err(StoreRefusal::NotInDoubt { post, channel, state }.into());
                }
                let attempt = attempt_in_doubt(tx, id).await?;
                if d.unanswered_call.is_some() {
                    // Who looked saw nothing of any call.
                    d.looked_at = Some(now);
                    d.unanswered_call = None;
                    save(tx, &d);
                }
                let outcome = Outcome::NotAccepted {
                    reason: Reason::own(OwnReason::PersonFoundNothing, format!("{by} found nothing on the channel")),
                    at: now,
                    actor: by.clone(),
                };
                settle::settle(tx, attempt, outcome, now).await.map(|(state, _)| Resolved { state })
            })
        })
        .await
    }
}

/// Whoever says where a post stands, or has it published anew, gives it no text (design: I4).
pub(super) fn must_not_wait_for_a_text(d: &Delivery) -> Result<(), StoreError> {
    match &d.stop_reason {
        Some(reason) if d.waits_for_a_text() => Err(stands_still(d, reason)),
        _ => Ok(()),
    }
}

fn stands_still(d: &Delivery, reason: &str) -> StoreError {
    let todo = d.stop_todo.clone().unwrap_or_default();
    let (post, channel, reason) = (d.post, d.channel.clone(), reason.to_owned());
    StoreRefusal::StandsStill { post, channel, reason, todo }.into()
}

const CANCELLED: &str = "cancelled";
const SETTLED_FIRST: &str = "is settled first";
const ASKED_FIRST: &str = "may be out already: a person is asked first";

/// Writes an order down and does what it says, as far as that needs no platform. What was called and has not answered, as
/// only the history beside the database tells, is looked for first.
pub(super) async fn order(
    tx: &mut Tx,
    p: &Post,
    (Order { at, by, reason }, withdraw): (Order, bool),
    now: DateTime<Utc>,
) -> Result<Vec<Withdrawal>, StoreError> {
    let (statement, event) = if withdraw {
        (ORDER_WITHDRAW, Event::PostWithdrawRequested { reason: reason.clone() })
    } else {
        (ORDER_CANCEL, Event::PostCancelRequested { reason: reason.clone() })
    };
    execute!(tx.sql().await?, statement, p.id.to_string(), micros(at), &*by, &*reason)?;
    let about = About { post: Some(p.id.0), ..About::default() };
    append(tx, &p.organisation, now, &by, about, event).await?;
    let mut results = Vec::new();
    let all = deliveries(tx, p.id).await?;
    let is_lost = all.iter().any(|d| d.stop_kind == Some(StopKind::PrimaryGone) && d.state != State::Withdrawn);
    let nothing_may_stand = withdraw || p.withdraw.is_some();
    for mut d in all {
        let is_gone = d.stop_kind == Some(StopKind::PrimaryGone);
        let gives_up = withdraw || (d.action == Some(Action::Edit) && (!d.is_primary || is_gone));
        if d.state == State::Published && gives_up {
            give_up_asked(tx, &mut d, now, &by).await?;
        }
        if d.state.is_open() && d.waits_for_a_text() {
            ask_anew(tx, &mut d, now).await?;
        }
        // Seen to be deleted: the question goes with the followers, what was seen stays.
        if is_lost && !withdraw && d.is_primary && d.state == State::Published && (d.action.is_none() || is_gone) {
            d.take(Change::TakenDown)?;
            d.nothing_to_do();
            d.clear_stop();
            tell(tx, &d, now, VESTNIK, Event::DeliveryRetracted {}).await?;
            tx.changes.end_holds(p.id);
        }
        if d.unanswered_call.is_some() && d.state == State::Failed {
            d.take(if d.is_primary { Change::BackToQueue } else { Change::BackToWaiting })?;
            if d.is_primary {
                d.plan(Action::Publish, now);
            }
        }
        let was_called = d.unanswered_call.is_some() && matches!(d.state, State::Waiting | State::Queued | State::Held);
        let is_asked = d.stop_kind == Some(StopKind::MaybeOut);
        let result = if was_called || is_asked || (nothing_may_stand && may_stand(&d, now)) {
            ask_first(tx, &mut d, now).await?
        } else {
            order_one(&mut d, now, withdraw)?
        };
        if d.state == State::Cancelled && result == CANCELLED {
            tell(tx, &d, now, &by, Event::DeliveryCancelled { reason: reason.clone() }).await?;
        }
        save(tx, &d);
        results.push(Withdrawal { channel: d.channel, result });
    }
    Ok(results)
}

/// Whether a delivery may stand on its platform unknown to this database: what stands is to be taken down. Followers of
/// which nobody was asked went nowhere, or their call would be known.
fn may_stand(d: &Delivery, now: DateTime<Utc>) -> bool {
    let is_asked = d.stop_kind == Some(StopKind::MaybeOut) || d.waits_for_a_text();
    let is_unknown = match d.state {
        State::Waiting => is_asked,
        State::Queued | State::Held => is_asked || (d.is_primary && d.stop_reason.is_none()),
        _ => false,
    };
    is_unknown && d.looked_at.is_none() && d.planned_at <= now
}

/// Nobody has said yet whether it stands. A primary is looked for, unless its text is lost; a follower is taken up again
/// only behind a hold, which ends with its primary: a person looks.
pub(super) async fn ask_first(tx: &mut Tx, d: &mut Delivery, now: DateTime<Utc>) -> Result<&'static str, StoreError> {
    if d.stop_kind == Some(StopKind::MaybeOut) {
        return Ok(ASKED_FIRST);
    }
    let reason = if d.waits_for_a_text() {
        "it may be out already, with a text that was lost with the database"
    } else if d.is_primary && d.unanswered_call != Some(UnansweredCall::TextMayBeLost) {
        return Ok(SETTLED_FIRST);
    } else {
        "it may be out already: it was called before the database was put back, and how that ended is lost"
    };
    let stop = Stop::maybe_out(d.post, &d.channel, reason.into());
    settle::ask(tx, d, stop, now).await?;
    Ok(ASKED_FIRST)
}

/// What does not stand is cancelled when a person has said so; gives the state then.
pub(super) async fn call_off(
    tx: &mut Tx,
    d: &mut Delivery,
    p: &Post,
    now: DateTime<Utc>,
) -> Result<Option<State>, StoreError> {
    let Some(order) = p.cancel.as_ref().or(p.withdraw.as_ref()) else { return Ok(None) };
    d.take(Change::Cancelled)?;
    d.nothing_to_do();
    d.answer();
    tell(tx, d, now, &order.by, Event::DeliveryCancelled { reason: order.reason.clone() }).await?;
    Ok(Some(d.state))
}

fn order_one(d: &mut Delivery, now: DateTime<Utc>, withdraw: bool) -> Result<&'static str, StoreError> {
    Ok(match d.state {
        State::Published if withdraw => {
            d.clear_stop();
            d.tries = 0;
            d.plan(Action::Retract, now);
            "is being taken down"
        }
        State::Published => {
            // What stands is left as it is, also where a person was asked about it, unless it was to be taken down; a call
            // in doubt still has its action.
            if d.action.is_none() && d.stop_kind != Some(StopKind::WithdrawalRefused) {
                d.clear_stop();
            }
            if d.action == Some(Action::Edit) && (!d.is_primary || d.waits_for_a_text()) {
                d.nothing_to_do();
                d.clear_stop();
            }
            "is out and stays"
        }
        State::Releasing | State::InDoubt => SETTLED_FIRST,
        State::Cancelled => "was cancelled before",
        State::Withdrawn => "was taken down before",
        State::Waiting | State::Held | State::Queued | State::Handed | State::Failed => {
            d.take(Change::Cancelled)?;
            d.nothing_to_do();
            d.clear_stop();
            CANCELLED
        }
    })
}

/// Followers wait for the hold of a new primary; what was asked because the old one is gone is not asked any more.
pub(super) async fn wait_for_new_primary(
    tx: &mut Tx,
    all: Vec<Delivery>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for mut d in all.into_iter().filter(|d| !d.is_primary) {
        if matches!(d.state, State::Held | State::Handed) {
            d.take(Change::HoldLapses)?;
            d.nothing_to_do();
            let why = Why::of_kind(OwnReason::PrimaryAnew.name(), "the primary is published anew");
            tell(tx, &d, now, VESTNIK, Event::DeliveryWaiting(why)).await?;
        }
        if d.state == State::Waiting {
            d.clear_stop();
        }
        save(tx, &d);
    }
    Ok(())
}

/// The delivery that publishes a post anew on its primary channel. It expires like the first.
pub(super) async fn insert_primary(
    tx: &mut Tx,
    new: DeliveryId,
    old: &Delivery,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    execute!(
        tx.sql().await?,
        INSERT_DELIVERY,
        new.to_string(),
        old.post.to_string(),
        &*old.organisation,
        &*old.channel,
        true,
        i64::from(old.number) + 1,
        "queued",
        "publish",
        micros(now),
        micros(now),
        None::<i64>,
    )?;
    execute!(tx.sql().await?, EXPIRES_ANEW, old.post.to_string())?;
    Ok(())
}

async fn attempt_in_doubt(tx: &mut Tx, id: DeliveryId) -> Result<AttemptId, StoreError> {
    let row = fetch_optional!(tx.sql().await?, (String,), ATTEMPT_IN_DOUBT, id.to_string())?;
    let (attempt,) = row.ok_or_else(|| StoreError::corrupt("delivery", id, "it is in doubt without an attempt"))?;
    attempt.parse().map_err(|_| StoreError::corrupt("attempt", attempt, "this is no UUID"))
}

/// The primary still stands, says a person: what waited for that word goes on.
async fn confirm_standing(
    tx: &mut Tx,
    (mut d, p): (Delivery, &Post),
    c: Confirmation,
    now: DateTime<Utc>,
) -> Result<(State, String), StoreError> {
    if d.remote_id.as_deref() != Some(&*c.receipt.id.0) {
        let url = d.url.or(d.remote_id).unwrap_or_default();
        return Err(StoreRefusal::OtherAddress { channel: d.channel, url }.into());
    }
    d.confirmed_at = Some(now);
    d.clear_stop();
    let said = format!("{} confirmed that the primary stands", c.actor);
    let resumed = Event::DeliveryResumed(Why::of_kind(OwnReason::PrimaryConfirmed.name(), said));
    tell(tx, &d, now, &c.actor, resumed.clone()).await?;
    let all = deliveries(tx, d.post).await?;
    // It was seen to read differently. Since when it reads as it should nobody knows but this person, now.
    let differed = all.iter().any(|f| f.stop_kind == Some(StopKind::PrimaryDiffers));
    for mut f in all.into_iter().filter(|f| !f.is_primary && f.stop_reason.is_some()) {
        if f.state == State::Held {
            f.clear_stop();
            if differed {
                f.take(Change::HoldLapses)?;
                f.nothing_to_do();
            }
            tell(tx, &f, now, &c.actor, resumed.clone()).await?;
            save(tx, &f);
        }
    }
    if differed {
        let hold = c.hold.no_earlier_than(d.published_at.unwrap_or(now));
        tx.changes.hold((p.id, d.id), p.revision, hold, true);
        let held = HeldUntil { revision: p.revision, from: hold.from(), until: hold.until(), length: hold.length() };
        followers_held(tx, p, held, now).await?;
    } else if let Some(hold) = running_hold(tx, p.id).await? {
        followers_held(tx, p, HeldUntil::from(&hold), now).await?;
    }
    Ok(settle::finish(tx, d))
}
