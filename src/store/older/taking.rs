//! One post of an older copy: what the mirror tells of it becomes what the database knows.

use std::collections::HashSet;

use chrono::{DateTime, TimeDelta, Utc};
use vestnik_contract::{Receipt, RemoteId};

use crate::domain::delivery::{Action, Change, State, UnansweredCall};
use crate::domain::{AttemptId, DeliveryId, Hold, HoldLength, OwnReason, PostId, Reason, StopKind};
use crate::journal::event::{self, Published, Why};
use crate::journal::later::{LaterPost, Shown, Word};
use crate::journal::{Event, VESTNIK};
use crate::store::confirm::{Confirmation, confirmed_showing, owners};
use crate::store::db::{execute, fetch_optional};
use crate::store::edit::{REVISION_SHA, SUSPEND_HOLD};
use crate::store::move_post::moved_later;
use crate::store::person::{insert_primary, order, wait_for_new_primary};
use crate::store::rows::{DELIVERY_BY_ID, Delivery, DeliveryRow, Order, Post, deliveries, delivery, post, save, uuid};
use crate::store::settle::{Outcome, followers, settle, tell, tell_stop};
use crate::store::unsent::SET_LOOKED_AT;
use crate::store::writer::Tx;
use crate::store::{Ids, StoreError, taken_down};

/// A call that the copy does not know may still be on its way for so long.
const UNANSWERED: TimeDelta = TimeDelta::minutes(2);

pub(in crate::store) const REVISION_OF_SHA: &str =
    "SELECT number FROM revision WHERE post = $1 AND sha256 = $2 ORDER BY number DESC LIMIT 1";
pub(in crate::store) const UNSETTLED: &str =
    "SELECT id, action FROM attempt WHERE delivery = $1 AND state <> 'settled'";

/// One post of the copy.
pub(super) struct Taking {
    pub post: Post,
    pub hold: HoldLength,
    pub now: DateTime<Utc>,
}

impl Taking {
    /// Gives whether a person is asked.
    pub async fn take_up(&self, tx: &mut Tx, since: &LaterPost, ids: &dyn Ids) -> Result<bool, StoreError> {
        let mut unknown_text = HashSet::new();
        for shown in &since.shown {
            match &shown.receipt {
                Some(receipt) => {
                    if self.stands(tx, shown, receipt).await? {
                        unknown_text.remove(&shown.delivery);
                    } else {
                        unknown_text.insert(shown.delivery);
                    }
                }
                None => self.taken_down(tx, shown).await?,
            }
        }
        if let Some(asked_at) = since.republished {
            self.publish_anew(tx, since, asked_at, ids).await?;
        }
        self.mark_unanswered_calls(tx, since).await?;
        self.follow_orders(tx, since).await?;
        if let Some(planned) = &since.moved {
            let p = post(tx, self.post.id).await?;
            moved_later(tx, &p, planned, self.hold, self.now).await?;
        }
        let p = post(tx, self.post.id).await?;
        // The same text may stand there with another time.
        let edited = match &since.edited {
            Some(sha256) => {
                self.revision_of(tx, sha256).await? != Some(p.revision)
                    || deliveries(tx, p.id).await?.iter().any(|d| d.state.may_go_out())
            }
            None => false,
        };
        let ordered = p.is_over();
        let asked = !ordered && (edited || !unknown_text.is_empty()) && self.ask(tx).await?;
        self.miss_primary(tx, ordered).await?;
        Ok(asked)
    }

    /// A channel showed the post: gives whether it is known with what text. What cannot be is passed over.
    async fn stands(&self, tx: &mut Tx, shown: &Shown, seen: &Published) -> Result<bool, StoreError> {
        let known = self.revision_of(tx, &seen.content_sha256).await?;
        let Some(mut d) = self.delivery(tx, shown, Some(seen.primary)).await? else { return Ok(true) };
        let claimed = (d.id, d.channel.clone(), RemoteId(seen.remote_id.clone()));
        if !owners(tx.sql().await?, &[claimed]).await?.is_empty() {
            // One of the two databases was told wrongly by a person.
            self.pass_over(shown, "what it names belongs to another post");
            return Ok(true);
        }
        let stands = d.state == State::Published;
        if d.state == State::Withdrawn || (stands && seen.action == event::Action::Publish) {
            return Ok(true);
        }
        let Some(revision) = known.or((!stands).then_some(self.post.revision)) else { return Ok(false) };
        let receipt = Receipt {
            id: RemoteId(seen.remote_id.clone()),
            url: seen.url.clone(),
            platform_time: seen.platform_time,
            server_date: None,
            remark: None,
            answer: None,
            shown: None,
        };
        // Our clock went back since the post was queued, or somebody forged the line: that it stands is asked of the
        // channel, and from when nobody can tell.
        let counts_from = if seen.counts_from < self.post.created_at { self.now } else { seen.counts_from };
        let hold = Hold::from_receipt(&receipt, counts_from, self.hold);
        if let Some((attempt, _)) = unsettled(tx, d.id).await? {
            if seen.attempt == Some(attempt.0) {
                settle(tx, attempt, Outcome::Confirmed { receipt, by: seen.by, hold }, self.now).await?;
                return Ok(known.is_some());
            }
            self.give_up(tx, attempt).await?;
            d = delivery(tx, d.id).await?;
        }
        if d.state == State::Failed {
            d.take(if d.is_primary { Change::BackToQueue } else { Change::BackToWaiting })?;
        }
        if d.state != State::Published && d.state.after(Change::Confirmed).is_err() {
            return Ok(true);
        }
        let confirmation = Confirmation { receipt, by: seen.by, hold, actor: VESTNIK.into(), revision: Some(revision) };
        let sha256 = Some(seen.content_sha256.clone());
        confirmed_showing(tx, d, &self.post, None, (confirmation, sha256), self.now).await?;
        Ok(known.is_some())
    }

    /// The delivery of the copy, or the one that was made later to publish the primary anew.
    async fn delivery(
        &self,
        tx: &mut Tx,
        shown: &Shown,
        primary: Option<bool>,
    ) -> Result<Option<Delivery>, StoreError> {
        let id = DeliveryId(shown.delivery);
        if let Some(row) = fetch_optional!(tx.sql().await?, DeliveryRow, DELIVERY_BY_ID, id.to_string())? {
            let d = Delivery::try_from(row)?;
            let same = d.post == self.post.id && d.channel == shown.channel;
            if same && primary.is_none_or(|primary| d.is_primary == primary) {
                return Ok(Some(d));
            }
            self.pass_over(shown, "it names a delivery of another post or channel");
            return Ok(None);
        }
        match self.newest_primary(tx).await? {
            Some(old) if primary == Some(true) && old.channel == shown.channel => {
                self.insert_primary(tx, id, &old, self.now).await?;
                delivery(tx, id).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    async fn insert_primary(
        &self,
        tx: &mut Tx,
        new: DeliveryId,
        old: &Delivery,
        from: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        insert_primary(tx, new, old, from).await?;
        let all = deliveries(tx, self.post.id).await?;
        wait_for_new_primary(tx, all, self.now).await
    }

    fn pass_over(&self, shown: &Shown, why: &str) {
        tracing::warn!(
            post = %self.post.id, channel = shown.channel, why,
            "an entry of the history beside the database is not taken up"
        );
    }

    async fn newest_primary(&self, tx: &mut Tx) -> Result<Option<Delivery>, StoreError> {
        Ok(deliveries(tx, self.post.id).await?.into_iter().filter(|d| d.is_primary).max_by_key(|d| d.number))
    }

    async fn revision_of(&self, tx: &mut Tx, sha256: &str) -> Result<Option<u32>, StoreError> {
        let id = self.post.id.to_string();
        let current = fetch_optional!(tx.sql().await?, (String,), REVISION_SHA, &*id, i64::from(self.post.revision))?;
        if current.is_some_and(|(current,)| current == sha256) {
            return Ok(Some(self.post.revision));
        }
        let row = fetch_optional!(tx.sql().await?, (i64,), REVISION_OF_SHA, &*id, sha256)?;
        Ok(row.and_then(|(number,)| u32::try_from(number).ok()))
    }

    async fn taken_down(&self, tx: &mut Tx, shown: &Shown) -> Result<(), StoreError> {
        let Some(mut d) = self.delivery(tx, shown, None).await? else { return Ok(()) };
        if let Some((attempt, action)) = unsettled(tx, d.id).await? {
            if action == Action::Retract {
                return settle(tx, attempt, Outcome::Retracted, self.now).await.map(drop);
            }
            self.give_up(tx, attempt).await?;
            d = delivery(tx, d.id).await?;
        }
        if d.state != State::Published {
            return Ok(());
        }
        d.take(Change::TakenDown)?;
        d.nothing_to_do();
        d.clear_stop();
        tell(tx, &d, self.now, VESTNIK, Event::DeliveryRetracted {}).await?;
        save(tx, &d);
        if d.is_primary {
            tx.changes.end_holds(self.post.id);
            self.back_to_waiting(tx, OwnReason::PrimaryTakenDown, "the primary was taken down").await?;
        }
        Ok(())
    }

    async fn back_to_waiting(&self, tx: &mut Tx, kind: OwnReason, reason: &str) -> Result<(), StoreError> {
        if self.post.is_over() {
            return Ok(());
        }
        for mut d in followers(tx, &self.post).await? {
            if matches!(d.state, State::Held | State::Handed) {
                d.take(Change::HoldLapses)?;
                d.nothing_to_do();
                d.clear_stop();
                tell(tx, &d, self.now, VESTNIK, Event::DeliveryWaiting(Why::of_kind(kind.name(), reason))).await?;
                save(tx, &d);
            }
        }
        Ok(())
    }

    /// The call of the copy came to another end than its delivery.
    async fn give_up(&self, tx: &mut Tx, attempt: AttemptId) -> Result<(), StoreError> {
        let outcome = Outcome::NotAccepted {
            reason: Reason::own(OwnReason::HistoryTells, "the history beside the database tells what came after it"),
            at: self.now,
            actor: VESTNIK.into(),
        };
        settle(tx, attempt, outcome, self.now).await.map(drop)
    }

    /// A person had asked for a new primary that was not out yet, as far as is known. It keeps the id under which it
    /// was called, and is looked for first.
    async fn publish_anew(
        &self,
        tx: &mut Tx,
        since: &LaterPost,
        asked_at: DateTime<Utc>,
        ids: &dyn Ids,
    ) -> Result<(), StoreError> {
        let Some(old) = self.newest_primary(tx).await?.filter(|d| d.state == State::Withdrawn) else { return Ok(()) };
        let known: HashSet<_> = deliveries(tx, self.post.id).await?.into_iter().map(|d| d.id.0).collect();
        let mut attempted = since.attempted.iter().rev();
        let called = attempted.find(|(id, channel)| **channel == old.channel && !known.contains(id));
        let id = DeliveryId(called.map_or_else(|| ids.next(self.now), |(id, _)| *id));
        self.insert_primary(tx, id, &old, asked_at.min(self.now)).await?;
        execute!(tx.sql().await?, SET_LOOKED_AT, id.to_string(), None::<i64>)?;
        Ok(())
    }

    /// The primary was taken down and nobody had asked for a new one: followers that are not out ask, unless they were
    /// called off, and what is out stays as it is.
    async fn miss_primary(&self, tx: &mut Tx, ordered: bool) -> Result<(), StoreError> {
        let Some(gone) = self.newest_primary(tx).await?.filter(|d| d.state == State::Withdrawn) else { return Ok(()) };
        for follower in followers(tx, &self.post).await? {
            if follower.stop_reason.is_none() && (!ordered || follower.state == State::Published) {
                taken_down::lose_primary(tx, follower, &gone.channel, self.now).await?;
            }
        }
        Ok(())
    }

    /// What was called before the copy was put back may stand, or still arrive: it is not looked for too soon.
    async fn mark_unanswered_calls(&self, tx: &mut Tx, since: &LaterPost) -> Result<(), StoreError> {
        for mut d in deliveries(tx, self.post.id).await? {
            let is_known = matches!(d.state, State::Published | State::Cancelled | State::Withdrawn);
            if since.unanswered.contains(&d.id.0) && !is_known {
                if !d.state.is_open() {
                    d.due_at = d.due_at.map(|due| due.max(self.now + UNANSWERED));
                }
                let call =
                    if since.edited.is_some() { UnansweredCall::TextMayBeLost } else { UnansweredCall::SameText };
                d.looked_at = None;
                d.unanswered_call = Some(call);
                save(tx, &d);
            }
        }
        Ok(())
    }

    async fn follow_orders(&self, tx: &mut Tx, since: &LaterPost) -> Result<(), StoreError> {
        for (word, withdraw, known) in [
            (&since.cancelled, false, self.post.cancel.is_some()),
            (&since.withdrawn, true, self.post.withdraw.is_some()),
        ] {
            if let Some(Word { by, at, reason }) = word.as_ref().filter(|_| !known) {
                let given = Order { at: *at, by: by.clone(), reason: reason.clone() };
                order(tx, &self.post, (given, withdraw), self.now).await?;
            }
        }
        Ok(())
    }

    /// A text that was lost with the database stands or was to stand: nothing more goes out with the old one.
    async fn ask(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        let id = self.post.id;
        execute!(tx.sql().await?, SUSPEND_HOLD, id.to_string())?;
        self.back_to_waiting(tx, OwnReason::LaterTextLost, "a later text of the post is lost").await?;
        let all = deliveries(tx, id).await?;
        let primary = all.iter().filter(|d| d.is_primary).max_by_key(|d| d.number);
        // A call that is on its way may still come through, and begin the hold of the old text.
        let out = primary.is_some_and(|d| d.state == State::Published || d.state.is_open());
        // A primary that was taken down asks nothing: its followers ask before it is published anew with the old text.
        let gone = primary.is_some_and(|d| d.state == State::Withdrawn);
        let mut asked = false;
        for mut d in all {
            let affected = match d.state {
                State::Cancelled | State::Withdrawn => false,
                _ if d.is_primary => true,
                State::Waiting => out || gone,
                State::Failed => gone,
                State::Published => gone && d.action != Some(Action::Retract),
                _ => false,
            };
            if affected {
                d.shows_lost_text = d.state == State::Published;
                if d.action == Some(Action::Edit) && !d.is_primary {
                    d.nothing_to_do();
                }
                d.stop(
                    StopKind::TextLost,
                    "the database was restored from a copy that does not hold the newest text and times of this post",
                    format!(
                        "it may stand on the channel already: `vestnik post edit {id} FILE.md` with the text as it is to read \
                         (it is looked for first), or `vestnik post cancel {id} --reason TEXT` to leave everything as it \
                         stands"
                    ),
                );
                tell_stop(tx, &d, self.now).await?;
                save(tx, &d);
                asked = true;
            }
        }
        Ok(asked)
    }
}

async fn unsettled(tx: &mut Tx, id: DeliveryId) -> Result<Option<(AttemptId, Action)>, StoreError> {
    let Some((attempt, action)) = fetch_optional!(tx.sql().await?, (String, String), UNSETTLED, id.to_string())? else {
        return Ok(None);
    };
    let action = action.parse().map_err(|e| StoreError::corrupt("attempt", &attempt, e))?;
    Ok(Some((AttemptId(uuid("attempt", &attempt)?), action)))
}

/// The database refuses what the mirror tells of a post: nothing of it moves until a person has looked.
pub(super) async fn ask_instead(
    tx: &mut Tx,
    id: PostId,
    why: &StoreError,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    for mut d in deliveries(tx, id).await? {
        if d.state.may_go_out() || d.action.is_some() {
            d.stop(
                StopKind::PastLost,
                format!("the database was restored from a copy, and what happened since cannot be taken up: {why}"),
                format!(
                    "look where it stands (`vestnik post show {id}`, the channels); `vestnik post edit {id} FILE.md` lets \
                     it go on with the text of the file, `vestnik post cancel {id} --reason TEXT` leaves it as it is"
                ),
            );
            tell_stop(tx, &d, now).await?;
            save(tx, &d);
        }
    }
    Ok(())
}
