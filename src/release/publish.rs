//! One delivery from its claim to its outcome.

use std::time::Duration;

use chrono::{DateTime, Utc};
use vestnik_contract::adapter::Purpose;
use vestnik_contract::{AdapterError, DeliveryKey, Found, Prepared, Rendered, Told};

use super::channels::Channel;
use super::compose::{compose, sentence};
use super::daemon::Daemon;
use crate::domain::Hold;
use crate::domain::content::PrimaryUrl;
use crate::domain::delivery::Action;
use crate::journal::event::By;
use crate::store::{Begin, Claim, Clocks, Confirmation, Intent, Outcome, Stop, StoreError, Unsent};

/// How long an unanswered question before a release waits (the two-clock rule asks at least every 15 s).
pub(super) const ASK_AGAIN: chrono::TimeDelta = chrono::TimeDelta::seconds(15);

/// Later than this is late: its channel slows down.
const LATE: chrono::TimeDelta = chrono::TimeDelta::minutes(10);

fn gap(channel: &Channel, claim: &Claim, now: DateTime<Utc>) -> Duration {
    let late = claim.action == Action::Publish && now - claim.delivery.planned_at > LATE;
    if late { channel.late_gap } else { channel.gap }
}

impl Daemon {
    pub(super) async fn publish(&self, channel: &Channel, claim: Claim) -> Result<Option<Claim>, StoreError> {
        if self.over_the_daily_ceiling(channel, &claim).await? {
            return Ok(None);
        }
        let url = claim.primary.as_ref().and_then(|p| p.url.as_ref());
        let post = match compose(channel, &claim.content, url.map_or(PrimaryUrl::None, PrimaryUrl::Known)) {
            Ok(post) => post,
            Err(misfits) => {
                let why = Unsent::Rejected(Told::plain(format!("it does not fit: {}", sentence(&misfits))));
                self.store.unsent(&claim, why, self.clock.now()).await?;
                return Ok(None);
            }
        };
        if !self.looked_before_sending(channel, &claim, &post).await? {
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
        let key = DeliveryKey { delivery: claim.delivery.id.0, revision: claim.revision };
        let prepare = channel.adapter.prepare(post, &key, Purpose::Publish, claim.earlier.as_ref());
        let prepared = match self.keeping_claim(&claim, prepare).await {
            Ok(prepared) => prepared,
            Err(error) => {
                self.not_prepared(&claim, error).await?;
                return Ok(None);
            }
        };
        let Some((attempt, claim)) = self.begin(channel, claim, Some(prepared.clone()), clocks).await? else {
            return Ok(None);
        };
        let _alive = self.alive(attempt);
        let answer = self.keeping_attempt(attempt, channel.adapter.publish(&prepared)).await;
        let now = self.clock.now();
        let outcome = match answer {
            Ok(receipt) => {
                let hold = Hold::from_receipt(&receipt, now, self.settings.hold);
                tracing::info!(post = %claim.delivery.post, channel = channel.slug, id = %receipt.id, "published");
                Outcome::Confirmed { receipt, by: By::Platform, hold }
            }
            Err(error) => {
                tracing::warn!(post = %claim.delivery.post, channel = channel.slug, %error, "not published");
                self.outcome_of(channel, &claim, error, now)
            }
        };
        self.write_down(channel, attempt, outcome).await
    }

    /// Commits the intent. `None`: something changed since the claim, which was given back.
    pub(super) async fn begin(
        &self,
        channel: &Channel,
        claim: Claim,
        prepared: Option<Prepared>,
        clocks: Clocks,
    ) -> Result<Option<(crate::domain::AttemptId, Claim)>, StoreError> {
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
            Begin::Now(begun) => Ok(Some((begun.attempt, claim))),
            Begin::NotNow(why) => {
                tracing::info!(post = %claim.delivery.post, channel = channel.slug, why, "not attempted after all");
                self.store.unclaim(&claim, &self.settings.instance).await?;
                Ok(None)
            }
        }
    }

    /// Commits the outcome and takes the channel's next delivery.
    pub(super) async fn write_down(
        &self,
        channel: &Channel,
        attempt: crate::domain::AttemptId,
        outcome: Outcome,
    ) -> Result<Option<Claim>, StoreError> {
        let now = self.clock.now();
        let next = (!self.is_stopping()).then(|| self.next_claim(channel));
        Ok(self.store.settle(attempt, outcome, now, next).await?.next)
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
        self.store.unsent(claim, Unsent::Postponed(until.max(now + ASK_AGAIN), reason), now).await?;
        Ok(true)
    }

    /// What was due before this daemon started may have gone out already: the database may be a copy of an earlier
    /// day. True: it is not there, go on.
    async fn looked_before_sending(
        &self,
        channel: &Channel,
        claim: &Claim,
        post: &Rendered,
    ) -> Result<bool, StoreError> {
        if claim.due_at >= self.started_at || channel.adapter.traits().by_hand {
            return Ok(true);
        }
        let prepared = claim.earlier.clone().unwrap_or_else(|| Prepared {
            key: DeliveryKey { delivery: claim.delivery.id.0, revision: claim.revision },
            post: post.clone(),
            at: claim.created_at,
            notes: serde_json::Value::Null,
        });
        let known = self.store.known_ids(&channel.slug, claim.delivery.id).await?;
        let found = self.keeping_claim(claim, channel.adapter.find(&prepared, &known)).await;
        let now = self.clock.now();
        match found {
            Ok(Found::No(_)) => Ok(true),
            Ok(Found::Yes(receipt)) => {
                tracing::warn!(post = %claim.delivery.post, channel = channel.slug, id = %receipt.id, "was out already");
                // No attempt of ours is known: what the platform says counts, or this moment.
                let from = receipt.platform_time.unwrap_or(now);
                let hold = Hold::from_found(&receipt, from, self.settings.hold);
                let confirmation = Confirmation { receipt, by: By::Find, hold, actor: crate::journal::VESTNIK.into() };
                self.store.adopt(claim, confirmation, now).await?;
                Ok(false)
            }
            Ok(Found::CannotTell(reason)) => {
                let (id, slug) = (claim.delivery.post, &channel.slug);
                let stop = Stop {
                    reason: format!("it was due before vestnik started and may be out already: {reason}"),
                    todo: format!(
                        "look at the channel; then `vestnik post resolve {id} {slug} --published ADDRESS` or \
                         `vestnik post resolve {id} {slug} --not-published`"
                    ),
                };
                self.store.unsent(claim, Unsent::Stopped(stop), now).await?;
                Ok(false)
            }
            Err(AdapterError::Unauthorised { told }) => {
                self.store.unsent(claim, Unsent::Unauthorised(told), now).await?;
                Ok(false)
            }
            Err(error) => {
                let reason = format!("it was due before vestnik started, and the channel cannot be asked: {error}");
                self.store.unsent(claim, Unsent::Postponed(now + ASK_AGAIN, reason), now).await?;
                Ok(false)
            }
        }
    }
}
