//! From a platform's word to what is written down.

use chrono::{DateTime, Utc};
use vestnik_contract::{PublishError, Told};

use super::channels::Channel;
use super::daemon::Daemon;
use crate::domain::StopKind;
use crate::domain::backoff::backoff;
use crate::store::{Claim, Outcome, Stop, StoreError, Unsent};

impl Daemon {
    /// The end of an attempt that brought no receipt.
    pub(super) fn outcome_of(
        &self,
        channel: &Channel,
        claim: &Claim,
        error: PublishError,
        now: DateTime<Utc>,
    ) -> Outcome {
        match error {
            PublishError::Retry { after, told } => {
                Outcome::Retry { at: now + backoff(claim.delivery.tries + 1, after, self.chance()), told: told.into() }
            }
            PublishError::Rejected { told } => Outcome::Rejected(told.into()),
            PublishError::Unauthorised { told } => Outcome::Unauthorised(told.into()),
            PublishError::InDoubt { told } => {
                Outcome::InDoubt { told: told.into(), look_at: now + channel.adapter.doubt_policy().first_look_after }
            }
            PublishError::Handed { told } => Outcome::Handed(by_hand(claim, told).into()),
        }
    }

    /// A preparation that failed: nothing was attempted.
    pub(super) async fn not_prepared(&self, claim: &Claim, error: PublishError) -> Result<(), StoreError> {
        let now = self.clock.now();
        let said = error.told().kind.name();
        let why = match error {
            PublishError::Retry { after, told } => {
                Unsent::Retry(now + backoff(claim.delivery.tries + 1, after, self.chance()), told.into())
            }
            // Nothing a reader could see has happened: preparing again is safe.
            PublishError::InDoubt { told } => {
                Unsent::Retry(now + backoff(claim.delivery.tries + 1, None, self.chance()), told.into())
            }
            PublishError::Rejected { told } => Unsent::Rejected(told.into()),
            PublishError::Unauthorised { told } => Unsent::Unauthorised(told.into()),
            PublishError::Handed { told } => {
                let (kind, todo) = (StopKind::ByHand, by_hand(claim, told).reason);
                Unsent::Stopped(Stop { kind, reason: "a person does this by hand".into(), todo })
            }
        };
        tracing::info!(post = %claim.delivery.post, channel = claim.delivery.channel, said, "not attempted");
        self.store.unsent(claim, why, now).await
    }
}

fn by_hand(claim: &Claim, told: Told) -> Told {
    use crate::domain::delivery::Action;
    let (post, channel) = (claim.delivery.post, &claim.delivery.channel);
    let then = match claim.action {
        Action::Publish => {
            format!("; then enter its address: vestnik post resolve {post} {channel} --published ADDRESS")
        }
        Action::Edit => format!("; then say so: vestnik post resolve {post} {channel} --published ADDRESS"),
        Action::Retract => format!("; then say so: vestnik post resolve {post} {channel} --not-published"),
    };
    Told { reason: format!("{}{then}", told.reason), ..told }
}
