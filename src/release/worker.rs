//! One channel's worker: one delivery after the other, until nothing is due there.

use std::future::Future;
use std::time::Duration;

use super::channels::Channel;
use super::daemon::{Daemon, POLL};
use crate::domain::delivery::Action;
use crate::domain::{AttemptId, DeliveryId};
use crate::store::{Claim, NextClaim, StoreError};

/// A channel that another process's configuration names is asked about this often (real time).
const UNKNOWN_CHANNEL: Duration = Duration::from_secs(60);
/// Leases are renewed this often (real time).
const RENEW_EVERY: Duration = Duration::from_secs(20);

impl Daemon {
    pub(super) async fn work(&self, slug: &str) {
        let Some(channel) = self.channels.get(slug).cloned() else {
            // Retired in the configuration after the store was set up by another process.
            tracing::warn!(channel = slug, "not in this program's configuration; restart `vestnik serve`");
            // The end of this worker begins another round, which finds the same.
            tokio::time::sleep(UNKNOWN_CHANNEL).await;
            return;
        };
        if let Err(error) = Box::pin(self.work_all(&channel)).await {
            tracing::error!(channel = slug, %error, "the database failed; trying again in a moment");
            tokio::time::sleep(POLL).await;
        }
    }

    async fn work_all(&self, channel: &Channel) -> Result<(), StoreError> {
        let (now, instance) = (self.clock.now(), &self.settings.instance);
        let mut next = match self.store.claim(&channel.slug, now, instance, self.lease_until(now)).await {
            Err(error) if error.concerns_one_row() => {
                let first = self.store.first_claimable(&channel.slug, now, instance).await?;
                return self.leave_to_a_person(channel, first.ok_or_else(|| error.clone())?, &error).await;
            }
            claimed => claimed?,
        };
        while let Some(claim) = next.take() {
            if self.is_stopping() {
                return self.store.unclaim(&claim, instance).await;
            }
            let id = claim.delivery.id;
            let done = match claim.action {
                Action::Publish => self.publish(channel, claim).await,
                Action::Edit => self.edit(channel, claim).await,
                Action::Retract => self.retract(channel, claim).await,
            };
            next = match done {
                Err(error) if error.concerns_one_row() => return self.leave_to_a_person(channel, id, &error).await,
                done => done?,
            };
        }
        Ok(())
    }

    /// Trying again would end the same way, and keep everything behind it waiting.
    async fn leave_to_a_person(&self, channel: &Channel, id: DeliveryId, error: &StoreError) -> Result<(), StoreError> {
        tracing::error!(channel = channel.slug, delivery = %id, %error, "this delivery stops, a person has to look");
        self.store.stop_broken(id, error, self.clock.now()).await
    }

    /// What asks for the channel's next delivery together with writing down this outcome.
    pub(super) fn next_claim(&self, channel: &Channel) -> NextClaim {
        NextClaim {
            channel: channel.slug.clone(),
            instance: self.settings.instance.clone(),
            lease_until: self.lease_until(self.clock.now()),
            gap: channel.gap,
        }
    }

    /// Runs a preparation while keeping the claim.
    pub(super) async fn keeping_claim<T>(&self, claim: &Claim, work: impl Future<Output = T>) -> T {
        self.keeping(Kept::Claim(claim), work).await
    }

    /// Runs a call while keeping the attempt's lease.
    pub(super) async fn keeping_attempt<T>(&self, attempt: AttemptId, work: impl Future<Output = T>) -> T {
        self.keeping(Kept::Attempt(attempt), work).await
    }

    async fn keeping<T>(&self, kept: Kept<'_>, work: impl Future<Output = T>) -> T {
        tokio::pin!(work);
        loop {
            tokio::select! {
                biased;
                done = &mut work => return done,
                () = tokio::time::sleep(RENEW_EVERY) => {
                    let (instance, until) = (&self.settings.instance, self.lease_until(self.clock.now()));
                    let renewed = match kept {
                        Kept::Claim(claim) => self.store.renew_claim(claim, instance, until).await,
                        Kept::Attempt(attempt) => self.store.renew(attempt, instance, until).await,
                    };
                    if let Err(error) = renewed {
                        tracing::warn!(%error, "a lease could not be renewed");
                    }
                }
            }
        }
    }
}

/// What a lease is kept on.
#[derive(Clone, Copy)]
enum Kept<'a> {
    Claim(&'a Claim),
    Attempt(AttemptId),
}
