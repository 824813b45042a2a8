//! What the daemon writes down when a claimed delivery does not come to an attempt: it waits, it is stopped, it was
//! there already, it expired.

use chrono::{DateTime, Utc};
use vestnik_contract::RemoteId;

use super::claim::Claim;
use super::confirm::{self, Confirmation};
use super::db::{execute, read_all};
use super::doubt::KNOWN;
use super::journal::{About, append};
use super::rows::{Delivery, deliveries, delivery, delivery_and_post, micros, post, running_hold, save, uuid};
use super::settle::{self, expired, finish, pause, tell, tell_stop};
use super::stop::Stop;
use super::{Store, StoreError};
use crate::domain::delivery::{Action, State};
use crate::domain::{DeliveryId, PostId, Reason, StopKind};
use crate::journal::{Event, VESTNIK};

/// Why a claimed delivery was not attempted.
#[derive(Debug, Clone)]
pub enum Unsent {
    /// Not now: ask again at this time. No failure of the channel.
    Postponed(DateTime<Utc>, Reason),
    /// Preparation failed for now.
    Retry(DateTime<Utc>, Reason),
    /// The platform will never take it.
    Rejected(Reason),
    /// A person must act on the account.
    Unauthorised(Reason),
    /// A person must act on this delivery.
    Stopped(Stop),
}

macro_rules! maybe_out {
    ($d:literal) => {
        concat!(
            "(",
            $d,
            ".state IN ('waiting', 'held', 'queued') AND ",
            $d,
            ".unanswered_call IS NOT NULL OR ",
            $d,
            ".state = 'waiting' AND ",
            $d,
            ".stop_kind = 'maybe_out' OR ",
            $d,
            ".state IN ('held', 'queued') AND ",
            $d,
            ".looked_at IS NULL AND ",
            $d,
            ".planned_at <= $1 AND (",
            $d,
            ".stop_kind IS NULL OR ",
            $d,
            ".stop_kind = 'maybe_out'))"
        )
    };
}
/// Posts whose expiry is to be acted on, and whether there is something to fail. What is open is settled first, and
/// what may be out already is looked for first: see [`expires`].
macro_rules! expired_posts {
    () => {
        concat!(
            "SELECT id, fails FROM (SELECT p.id, \
             EXISTS (SELECT 1 FROM delivery d WHERE d.post = p.id AND d.state IN ('waiting', 'held', 'queued', 'handed') \
             AND NOT (",
            maybe_out!("d"),
            ") AND NOT (d.state = 'waiting' AND EXISTS (SELECT 1 FROM delivery m WHERE m.post = p.id AND m.is_primary = 1 \
             AND ",
            maybe_out!("m"),
            "))) AS fails, \
             NOT EXISTS (SELECT 1 FROM delivery d WHERE d.post = p.id \
             AND d.state IN ('releasing', 'in_doubt', 'waiting', 'held', 'queued', 'handed')) AS over \
             FROM post p WHERE p.expires_at <= $1 AND p.expires_at IS NOT NULL AND p.expiry_done = 0) WHERE fails OR over"
        )
    };
}
pub(super) use {expired_posts, maybe_out};
pub(super) const EXPIRED_POSTS: &str = expired_posts!();
pub(super) const EXPIRY_DONE: &str = "UPDATE post SET expiry_done = 1 WHERE id = $1 AND NOT EXISTS \
     (SELECT 1 FROM delivery d WHERE d.post = $1 AND d.state NOT IN ('published', 'failed', 'cancelled', 'withdrawn'))";
pub(super) const EXPIRY_LEFT: &str = "UPDATE post SET expiry_done = 1 WHERE id = $1";
pub(super) const UNFINISHED_OF: &str =
    "SELECT id FROM delivery WHERE post = $1 AND state NOT IN ('published', 'failed', 'cancelled', 'withdrawn')";
pub(super) const SET_LOOKED_AT: &str = "UPDATE delivery SET looked_at = $2, unanswered_call = NULL WHERE id = $1";

/// Whether a delivery fails when its post expires.
fn expires(d: &Delivery, primary_may_be_out: bool, now: DateTime<Utc>) -> bool {
    let is_asked_about = may_be_out(d, now) || (d.state == State::Waiting && primary_may_be_out);
    d.state.may_go_out() && !d.state.is_open() && !is_asked_about
}

/// Whether a delivery may stand on its platform unknown to this database, which may be an older copy: it was to be out
/// by now, and nobody has looked since the daemon started; or a person is asked about it.
pub(super) fn may_be_out(d: &Delivery, now: DateTime<Utc>) -> bool {
    let was_called = d.unanswered_call.is_some() && matches!(d.state, State::Waiting | State::Held | State::Queued);
    let was_due = matches!(d.state, State::Queued | State::Held) && d.looked_at.is_none() && d.planned_at <= now;
    let is_asked = d.stop_kind == Some(StopKind::MaybeOut);
    was_called || (was_due && (is_asked || d.stop_kind.is_none())) || (d.state == State::Waiting && is_asked)
}

impl Store {
    /// Gives a claimed delivery back with the reason why it was not attempted.
    pub async fn unsent(&self, claim: &Claim, why: Unsent, now: DateTime<Utc>) -> Result<(), StoreError> {
        let (id, revision, action) = (claim.delivery.id, claim.revision, claim.action);
        self.write(move |tx| {
            Box::pin(async move {
                let (mut d, p) = delivery_and_post(tx, id).await?;
                d.lease_by = None;
                d.lease_until = None;
                if d.action != Some(action) || p.revision != revision {
                    // Cancelled or edited meanwhile: that counts, and what was seen of an older revision does not.
                    return {
                        finish(tx, d);
                        Ok(())
                    };
                }
                match why {
                    Unsent::Postponed(until, reason) => {
                        if d.last_reason.as_deref() != Some(&*reason.said) {
                            let event = Event::DeliveryPostponed { why: (&reason).into(), until };
                            tell(tx, &d, now, VESTNIK, event).await?;
                        }
                        d.say(&reason);
                        d.due_at = Some(until);
                        Ok(finish(tx, d))
                    }
                    Unsent::Retry(at, told) => {
                        d.tries += 1;
                        tx.changes.wait(&d.channel, at);
                        if d.last_reason.as_deref() != Some(&*told.said) {
                            let event = Event::DeliveryPostponed { why: (&told).into(), until: at };
                            tell(tx, &d, now, VESTNIK, event).await?;
                        }
                        settle::not_accepted(tx, d, &p, action, &told, at, now).await
                    }
                    Unsent::Rejected(told) => settle::rejected(tx, d, &p, (action, revision), &told, now).await,
                    Unsent::Unauthorised(told) => {
                        pause(tx, &d.organisation, &d.channel, now, VESTNIK, (&told).into()).await?;
                        settle::not_accepted(tx, d, &p, action, &told, now, now).await
                    }
                    Unsent::Stopped(stop) => {
                        settle::ask(tx, &mut d, stop, now).await?;
                        Ok(finish(tx, d))
                    }
                }
                .map(drop)
            })
        })
        .await
    }

    /// The primary does not stand as it should: its followers that are not out stop, those that are out stay as they
    /// are, and a person is asked once. What was seen counts only while the claim does: an edit may have changed the
    /// primary since.
    pub async fn primary_trouble(&self, claim: &Claim, stop: Stop, now: DateTime<Utc>) -> Result<(), StoreError> {
        let (id, post_id, revision) = (claim.delivery.id, claim.delivery.post, claim.revision);
        let hold = claim.hold.as_ref().map(|h| h.id);
        self.write(move |tx| {
            Box::pin(async move {
                let mut claimed = delivery(tx, id).await?;
                claimed.lease_by = None;
                claimed.lease_until = None;
                save(tx, &claimed);
                let p = post(tx, post_id).await?;
                let runs = running_hold(tx, post_id).await?.map(|h| h.id);
                if p.revision != revision || (hold.is_some() && runs != hold) {
                    return Ok(());
                }
                for mut d in deliveries(tx, post_id).await? {
                    let affected = if d.is_primary {
                        d.state == State::Published
                    } else {
                        d.state.may_go_out() && !d.state.is_open()
                    };
                    if affected && d.stop_reason.is_none() {
                        d.stop(stop.kind, &*stop.reason, &*stop.todo);
                        tell_stop(tx, &d, now).await?;
                        save(tx, &d);
                    } else if !d.is_primary && d.state == State::Published && d.action == Some(Action::Edit) {
                        // It stands with the old text until the primary does again.
                        d.nothing_to_do();
                        save(tx, &d);
                    }
                }
                Ok(())
            })
        })
        .await
    }

    /// A look found the post there already, without an attempt of ours that is open. Gives whether that was news: a
    /// delivery that is out or on its way again is left as it is.
    pub async fn adopt(
        &self,
        id: DeliveryId,
        confirmation: Confirmation,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let (mut d, p) = delivery_and_post(tx, id).await?;
                if !matches!(d.state, State::Waiting | State::Held | State::Queued) {
                    return Ok(false);
                }
                d.lease_by = None;
                d.lease_until = None;
                confirm::confirmed(tx, d, &p, None, confirmation, now).await?;
                Ok(true)
            })
        })
        .await
    }

    /// Writes down that the platform was asked, and that nothing of ours was there.
    pub async fn looked_before_sending(&self, id: DeliveryId, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                execute!(tx.sql().await?, SET_LOOKED_AT, id.to_string(), micros(now))?;
                Ok(())
            })
        })
        .await
    }

    /// Ids on the claim's channel that belong to other deliveries.
    pub async fn known_ids(&self, channel: &str, except: DeliveryId) -> Result<Vec<RemoteId>, StoreError> {
        let rows = read_all!(&self.readers, (String,), KNOWN, channel, except.to_string())?;
        Ok(rows.into_iter().map(|r| RemoteId(r.0)).collect())
    }

    /// Fails what has not gone out of posts whose time to expire has passed. Gives how many posts.
    pub async fn expire(&self, now: DateTime<Utc>) -> Result<usize, StoreError> {
        let posts = read_all!(&self.readers, (String, bool), EXPIRED_POSTS, micros(now))?;
        for (id, _) in &posts {
            match self.expire_one(id, now).await {
                Err(error) if error.concerns_one_row() => self.leave_expired(id, &error, now).await?,
                done => done?,
            }
        }
        Ok(posts.iter().filter(|(_, fails)| *fails).count())
    }

    async fn expire_one(&self, id: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let id = PostId(uuid("post", id)?);
        self.write(move |tx| {
            Box::pin(async move {
                let p = post(tx, id).await?;
                if p.expires_at.is_none_or(|at| at > now) {
                    // Somebody gave it more time meanwhile.
                    return Ok(());
                }
                let all = deliveries(tx, id).await?;
                let primary_may_be_out = all.iter().any(|d| d.is_primary && may_be_out(d, now));
                let fails = |d: &Delivery| expires(d, primary_may_be_out, now);
                // A post may expire in parts: where it was found it goes on.
                let is_news = !all.iter().any(|d| d.state == State::Failed);
                if is_news && all.iter().any(fails) {
                    let about = About { post: Some(id.0), ..About::default() };
                    append(tx, &p.organisation, now, VESTNIK, about, Event::PostExpired {}).await?;
                }
                for d in all {
                    // Read again: failing the primary fails its followers.
                    let d = delivery(tx, d.id).await?;
                    if fails(&d) {
                        confirm::failed(tx, d, &expired(), now).await?;
                    }
                }
                execute!(tx.sql().await?, EXPIRY_DONE, id.to_string())?;
                Ok(())
            })
        })
        .await
    }

    /// A post that cannot be read must not keep the others from expiring: its deliveries stop, and a person is asked.
    async fn leave_expired(&self, id: &str, why: &StoreError, now: DateTime<Utc>) -> Result<(), StoreError> {
        for (delivery,) in read_all!(&self.readers, (String,), UNFINISHED_OF, id)? {
            self.stop_broken(DeliveryId(uuid("delivery", &delivery)?), why, now).await?;
        }
        let id = id.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                execute!(tx.sql().await?, EXPIRY_LEFT, &*id)?;
                Ok(())
            })
        })
        .await
    }
}
