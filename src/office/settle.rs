//! What people decide about posts that are queued: cancel, withdraw, publish anew, settle, try again.

use super::{Office, OfficeError};
use crate::domain::{PostId, State};
use crate::release::{self, Resolution};
use crate::store::{AsSeen, Delivery, DeliveryAsSeen, StoreError, Withdrawal};

impl Office {
    /// Cancels what is not out yet; what is out stays.
    pub async fn cancel(
        &self,
        post: impl Into<AsSeen>,
        by: &str,
        reason: &str,
    ) -> Result<Vec<Withdrawal>, OfficeError> {
        Ok(self.store.cancel_post(post, by, reason, self.clock.now()).await?)
    }

    /// Cancels what is not out yet and takes down what is.
    pub async fn withdraw(
        &self,
        post: impl Into<AsSeen>,
        by: &str,
        reason: &str,
    ) -> Result<Vec<Withdrawal>, OfficeError> {
        Ok(self.store.withdraw_post(post, by, reason, self.clock.now()).await?)
    }

    /// Publishes anew a post that was deleted in its primary channel; the others wait for the new hold.
    pub async fn republish(&self, post: impl Into<AsSeen>, by: &str) -> Result<(), OfficeError> {
        Ok(release::republish(&self.store, &self.channels, &*self.clock, post, by).await?)
    }

    /// Settles one delivery on a person's word, as far as the platform does not contradict. Gives its state afterwards.
    pub async fn resolve(
        &self,
        post: impl Into<AsSeen>,
        channel: &str,
        resolution: Resolution,
        by: &str,
    ) -> Result<State, OfficeError> {
        let (store, channels, hold) = (&self.store, &self.channels, self.config.hold);
        Ok(release::resolve(store, channels, &*self.clock, hold, (post, channel), (resolution, by)).await?)
    }

    /// Tries at once what waits after a refusal that was certain.
    pub async fn try_again(&self, post: impl Into<AsSeen>, channel: &str, by: &str) -> Result<(), OfficeError> {
        let AsSeen { post, mark } = post.into();
        let delivery = self.delivery(post, channel).await?.id;
        Ok(self.store.try_again(DeliveryAsSeen { delivery, mark }, by, self.clock.now()).await?)
    }

    /// The newest delivery of a post on a channel.
    pub(super) async fn delivery(&self, id: PostId, channel: &str) -> Result<Delivery, OfficeError> {
        let all = self.store.deliveries_of(id).await?;
        let newest = all.into_iter().filter(|d| d.channel == channel).max_by_key(|d| d.number);
        Ok(newest.ok_or_else(|| StoreError::NotFound {
            what: "channel",
            name: channel.into(),
            hint: format!(" among those of post {id}; `vestnik post show {id}` tells where it goes"),
        })?)
    }
}
