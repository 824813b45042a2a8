//! One delivery from its claim to its outcome.

use std::time::Duration;

use chrono::{DateTime, Utc};
use vestnik_contract::adapter::Purpose;
use vestnik_contract::text::same_text;
use vestnik_contract::{Prepared, PublishError, Receipt, Rendered};

use super::channels::Channel;
use super::daemon::{Daemon, POLL};
use crate::domain::delivery::Action;
use crate::domain::{AttemptId, DeliveryId, Hold, OwnReason, Reason, StopKind};
use crate::journal::event::{By, Looked};
use crate::store::{Begin, Claim, Clocks, Confirmation, Intent, Look, LookAfter, Outcome, Stop, StoreError, Unsent};

/// How long an unanswered question before a release waits (the two-clock rule asks at least every 15 s).
pub(super) const ASK_AGAIN: chrono::TimeDelta = chrono::TimeDelta::seconds(15);

/// Later than this is late: its channel slows down.
const LATE: chrono::TimeDelta = chrono::TimeDelta::minutes(10);

fn gap(channel: &Channel, claim: &Claim, now: DateTime<Utc>) -> Duration {
    let late = claim.action == Action::Publish && now - claim.delivery.planned_at > LATE;
    if late { channel.late_gap } else { channel.gap }
}

/// A platform's time so far ahead of every other clock is not believed.
pub(super) const TIME_AHEAD_MAX: chrono::TimeDelta = chrono::TimeDelta::days(1);

/// The receipt without a publication time that cannot be: a hold must not last until the year 2100 unseen.
pub(super) fn believable(receipt: Receipt, now: DateTime<Utc>) -> Receipt {
    let latest = receipt.server_date.map_or(now, |date| date.max(now)).checked_add_signed(TIME_AHEAD_MAX);
    match receipt.platform_time {
        Some(time) if latest.is_some_and(|latest| time > latest) => {
            let remark = format!("the platform stamped it with {time}, which cannot be; the time of the answer counts");
            tracing::warn!(id = %receipt.id, remark);
            Receipt { platform_time: None, remark: Some(remark), ..receipt }
        }
        _ => receipt,
    }
}

impl Daemon {
    pub(super) async fn publish(&self, channel: &Channel, claim: Claim) -> Result<Option<Claim>, StoreError> {
        let Some(post) = self.composed(channel, &claim).await? else { return Ok(None) };
        if !self.looked_before_sending(channel, &claim, &post).await? {
            return Ok(None);
        }
        if self.over_the_daily_ceiling(channel, &claim).await? {
            return Ok(None);
        }
        let Some(clocks) = self.may_be_released(channel, &claim).await? else { return Ok(None) };
        self.attempt(channel, claim, &post, clocks).await
    }

    async fn attempt(
        &self,
        channel: &Channel,
        claim: Claim,
        post: &Rendered,
        clocks: Clocks,
    ) -> Result<Option<Claim>, StoreError> {
        let purpose = Purpose::Publish;
        let Some(prepared) = self.prepared(channel, &claim, post, purpose).await? else { return Ok(None) };
        let Some((attempt, claim)) = self.begin(channel, claim, Some(prepared.clone()), clocks).await? else {
            return Ok(None);
        };
        let _alive = self.alive(attempt);
        let of = (claim.delivery.id, claim.revision);
        let answer = self.keeping_attempt(attempt, channel.adapter.publish(&prepared)).await;
        let now = self.clock.now();
        match answer {
            Ok(receipt) => {
                let receipt = believable(receipt, now);
                let hold = if channel.primary {
                    Hold::from_primary_receipt(&receipt, now, self.settings.hold)
                } else {
                    Hold::from_receipt(&receipt, now, self.settings.hold)
                };
                tracing::info!(post = %claim.delivery.post, channel = channel.slug, id = %receipt.id, "published");
                let differs = channel.primary
                    && receipt.shown.as_ref().is_some_and(|shown| !same_text(&prepared.post.plain, shown));
                let outcome = Outcome::Confirmed { receipt, by: By::Platform, hold };
                let next = self.write_down(channel, (attempt, of), outcome).await?;
                if differs {
                    let stop = Stop::primary_differs(claim.delivery.post, &channel.slug);
                    self.store.primary_trouble(&claim, stop, self.clock.now()).await?;
                }
                Ok(next)
            }
            Err(error) => {
                let (post, channel_slug, said) = (claim.delivery.post, &channel.slug, error.told().kind.name());
                // What was said may hold the post's words: it is for the journal, not for the log.
                if let PublishError::Handed { .. } = error {
                    tracing::info!(%post, channel = channel_slug, "handed to a person");
                } else {
                    tracing::warn!(%post, channel = channel_slug, said, "not published");
                }
                let outcome = self.outcome_of(channel, &claim, error, now);
                self.write_down(channel, (attempt, of), outcome).await
            }
        }
    }

    /// Commits the intent. `None`: something changed since the claim, which was given back.
    pub(super) async fn begin(
        &self,
        channel: &Channel,
        claim: Claim,
        prepared: Option<Prepared>,
        clocks: Clocks,
    ) -> Result<Option<(AttemptId, Claim)>, StoreError> {
        let Some(clocks) = self.still_fresh(channel, &claim, clocks).await? else { return Ok(None) };
        let now = self.clock.now();
        let intent = Intent {
            claim: claim.clone(),
            prepared,
            clocks,
            instance: self.settings.instance.clone(),
            lease_until: self.lease_until(now),
            gap: gap(channel, &claim, now),
        };
        match self.store.begin_attempt(intent, now).await? {
            Begin::Now(begun) => {
                self.pulse().began(now - claim.delivery.due_at.unwrap_or(now));
                Ok(Some((begun.attempt, claim)))
            }
            Begin::NotNow(why) => {
                tracing::info!(post = %claim.delivery.post, channel = channel.slug, why, "not attempted after all");
                self.store.unclaim(&claim, &self.settings.instance).await?;
                Ok(None)
            }
        }
    }

    /// Commits the outcome and takes the channel's next delivery. An answer in hand is not given up because the disk
    /// is full or fails or another program holds the lock.
    pub(super) async fn write_down(
        &self,
        channel: &Channel,
        (attempt, (delivery, revision)): (AttemptId, (DeliveryId, u32)),
        outcome: Outcome,
    ) -> Result<Option<Claim>, StoreError> {
        loop {
            let now = self.clock.now();
            let next = (!self.is_stopping()).then(|| self.next_claim(channel));
            match self.store.settle(attempt, outcome.clone(), now, next).await {
                Ok(settled) => {
                    self.pulse().ended(&channel.slug, &outcome);
                    return Ok(settled.next);
                }
                Err(StoreError::Refused(why)) => {
                    if let Outcome::Confirmed { receipt, by, hold } = outcome {
                        let actor = crate::journal::VESTNIK.into();
                        let late = Confirmation { receipt, by, hold, actor, revision: Some(revision) };
                        self.late_receipt(attempt, delivery, late, why.to_string()).await?;
                    }
                    return Ok(None);
                }
                Err(error @ (StoreError::Locked | StoreError::Full | StoreError::Disk(_) | StoreError::ReadOnly))
                    if !self.is_stopping() =>
                {
                    tracing::error!(channel = channel.slug, %error, "an answer waits to be written down");
                    tokio::time::sleep(POLL).await;
                }
                Err(error) => return Err(error),
            }
        }
    }

    /// A receipt for an attempt that was settled meanwhile, or one that cannot be true (an id of another post).
    async fn late_receipt(
        &self,
        attempt: AttemptId,
        delivery: DeliveryId,
        late: Confirmation,
        why: String,
    ) -> Result<(), StoreError> {
        // Given up as not accepted, and now it stands: it must not be sent again.
        match self.store.adopt(delivery, late, self.clock.now()).await {
            Ok(true) => return Ok(()),
            Ok(false) | Err(StoreError::Refused(_)) => {}
            Err(error) => return Err(error),
        }
        tracing::warn!(%attempt, why, "the platform's receipt cannot be true");
        let now = self.clock.now();
        let outcome = Outcome::InDoubt { told: Reason::own(OwnReason::ReceiptRefused, &*why), look_at: now };
        match self.store.settle(attempt, outcome, now, None).await {
            // Settled meanwhile by a look or a person: that counts.
            Err(StoreError::Refused(_)) => return Ok(()),
            Err(error) => return Err(error),
            Ok(_) => {}
        }
        let todo =
            "look at the channel; `vestnik post resolve` with the right address, or with --not-published".to_owned();
        let (kind, found) = (StopKind::UnknownOutcome, Looked::CannotTell);
        self.store.looked(attempt, Look::Ask(LookAfter { kind, reason: why, todo, found }), now).await
    }

    async fn over_the_daily_ceiling(&self, channel: &Channel, claim: &Claim) -> Result<bool, StoreError> {
        let Some(ceiling) = channel.per_day else { return Ok(false) };
        let now = self.clock.now();
        let (published, oldest) = self.store.published_since(&channel.slug, now - chrono::TimeDelta::days(1)).await?;
        if published < ceiling {
            return Ok(false);
        }
        let until = oldest.unwrap_or(now) + chrono::TimeDelta::days(1);
        let reason =
            format!("{} takes {ceiling} posts a day and {published} went out", channel.adapter.traits().platform);
        let reason = Reason::own(OwnReason::DailyCeiling, reason);
        self.store.unsent(claim, Unsent::Postponed(until.max(now + ASK_AGAIN), reason), now).await?;
        Ok(true)
    }
}
