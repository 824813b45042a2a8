//! What the platform will be told of a claim: composed, then prepared. `None`: the claim was given back with the reason.

use vestnik_contract::adapter::Purpose;
use vestnik_contract::{DeliveryKey, Prepared, Rendered};

use super::channels::Channel;
use super::compose::{compose, sentence};
use super::daemon::Daemon;
use crate::domain::content::PrimaryUrl;
use crate::domain::{OwnReason, Reason};
use crate::store::{Claim, StoreError, Unsent};

impl Daemon {
    /// The claim's content as the channel will show it.
    pub(super) async fn composed(&self, channel: &Channel, claim: &Claim) -> Result<Option<Rendered>, StoreError> {
        let url = claim.primary.as_ref().and_then(|p| p.url.as_ref());
        match compose(channel, &claim.content, url.map_or(PrimaryUrl::None, PrimaryUrl::Known)) {
            Ok(post) => Ok(Some(post)),
            Err(misfits) => {
                let said = format!("it does not fit: {}", sentence(&misfits));
                let why = Unsent::Rejected(Reason::own(OwnReason::DoesNotFit, said));
                self.store.unsent(claim, why, self.clock.now()).await?;
                Ok(None)
            }
        }
    }

    /// Everything that may be repeated safely before the one call.
    pub(super) async fn prepared(
        &self,
        channel: &Channel,
        claim: &Claim,
        post: &Rendered,
        purpose: Purpose<'_>,
    ) -> Result<Option<Prepared>, StoreError> {
        let key = DeliveryKey { delivery: claim.delivery.id.0, revision: claim.revision };
        let prepare = channel.adapter.prepare(post, &key, purpose, claim.earlier.as_ref());
        match self.keeping_claim(claim, prepare).await {
            Ok(prepared) => Ok(Some(prepared)),
            Err(error) => self.not_prepared(claim, error).await.map(|()| None),
        }
    }
}
