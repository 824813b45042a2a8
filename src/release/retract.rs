//! Taking down what stands. Repeating it is harmless.

use vestnik_contract::RemoteId;

use super::channels::Channel;
use super::daemon::Daemon;
use crate::store::{Claim, Clocks, Outcome, StoreError};

impl Daemon {
    pub(super) async fn retract(&self, channel: &Channel, claim: Claim) -> Result<Option<Claim>, StoreError> {
        let id = RemoteId(claim.delivery.remote_id.clone().unwrap_or_default());
        let Some((attempt, claim)) = self.begin(channel, claim, None, Clocks::default()).await? else {
            return Ok(None);
        };
        let _alive = self.alive(attempt);
        let of = (claim.delivery.id, claim.revision);
        let outcome = match self.keeping_attempt(attempt, channel.adapter.retract(&id)).await {
            Ok(()) => {
                tracing::info!(post = %claim.delivery.post, channel = channel.slug, %id, "taken down");
                Outcome::Retracted
            }
            Err(error) => self.outcome_of(channel, &claim, error, self.clock.now()),
        };
        self.write_down(channel, (attempt, of), outcome).await
    }
}
