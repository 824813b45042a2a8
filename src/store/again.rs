//! Trying again at once what waits after a refusal that was certain.

use chrono::{DateTime, Utc};

use super::db::execute;
use super::rows::{Delivery, micros, running_hold, save};
use super::seen::{DeliveryAsSeen, delivery_as_seen};
use super::settle::tell;
use super::{Store, StoreError, StoreRefusal};
use crate::domain::OwnReason;
use crate::domain::delivery::{Action, State};
use crate::journal::Event;
use crate::journal::event::Why;

/// The pause that the failed try itself brought, and no other.
pub(super) const END_OWN_PAUSE: &str = "UPDATE channel SET next_at = $2 WHERE slug = $1 AND next_at = $3";

impl Delivery {
    /// Whether it waits after a try that was certainly not accepted, and could be tried at once.
    pub fn waits_to_try_again(&self, now: DateTime<Utc>) -> bool {
        let is_fit = match self.action {
            Some(Action::Publish) => matches!(self.state, State::Queued | State::Held) && self.planned_at <= now,
            Some(Action::Retract) => true,
            // A follower's edit waits for its hold.
            Some(Action::Edit) => self.is_primary,
            None => false,
        };
        is_fit && self.tries > 0 && self.stop_reason.is_none() && self.due_at.is_some_and(|due| due > now)
    }
}

impl Store {
    /// Tries a delivery again at once that waits after a refusal. What is in doubt is never tried again like this, and
    /// a hold is never cut short.
    pub async fn try_again(
        &self,
        which: impl Into<DeliveryAsSeen>,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (which, by) = (which.into(), by.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let mut d = delivery_as_seen(tx, which).await?;
                if !d.waits_to_try_again(now) {
                    return Err(StoreRefusal::NoTryAhead { post: d.post, channel: d.channel }.into());
                }
                let held_until = if d.state == State::Held { running_hold(tx, d.post).await? } else { None };
                let at = held_until.map_or(now, |hold| hold.until.max(now));
                let waited_until = d.due_at.replace(at);
                save(tx, &d);
                if let Some(until) = waited_until {
                    execute!(tx.sql().await?, END_OWN_PAUSE, &*d.channel, micros(now), micros(until))?;
                }
                let event = Event::DeliveryResumed(Why::of_kind(
                    OwnReason::AskedAgain.name(),
                    format!("{by} asked for another try at once"),
                ));
                tell(tx, &d, now, &by, event).await
            })
        })
        .await
    }
}
