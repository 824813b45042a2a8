//! The two-clock rule applied: a follower goes out only when every clock that can be seen says so.

use chrono::{DateTime, TimeDelta, Utc};

use vestnik_contract::AdapterError;

use super::channels::Channel;
use super::daemon::Daemon;
use super::primary::{SEEN_WITHIN, too_young};
use super::publish::ASK_AGAIN;
use crate::domain::clocks::{Reading, Verdict, Whose, hold_passed};
use crate::domain::{OwnReason, Reason};
use crate::journal::{Event, VESTNIK};
use crate::store::{Claim, Clocks, StoreError, Unsent};

/// Differences above this are written to the journal.
const DISAGREEMENT: TimeDelta = TimeDelta::seconds(30);

impl Daemon {
    /// Whether the claimed delivery may be attempted now; gives the clocks that were seen. `None`: the claim was given
    /// back with the reason. A primary has no hold.
    pub(super) async fn may_be_released(&self, channel: &Channel, claim: &Claim) -> Result<Option<Clocks>, StoreError> {
        let Some(hold) = &claim.hold else { return Ok(Some(Clocks::default())) };
        let Some(standing) = self.primary_stands(claim).await? else { return Ok(None) };
        let told = match self.keeping_claim(claim, channel.adapter.clock()).await {
            Ok(clock) => clock.earliest(),
            Err(AdapterError::Unauthorised { told }) => {
                self.store.unsent(claim, Unsent::Unauthorised(told.into()), self.clock.now()).await?;
                return Ok(None);
            }
            Err(error) => {
                let now = self.clock.now();
                let reason = format!("{} cannot be asked for the time: {error}", channel.adapter.traits().platform);
                let reason = Reason::own(OwnReason::TimeUnasked, reason);
                self.store.unsent(claim, Unsent::Postponed(now + ASK_AGAIN, reason), now).await?;
                return Ok(None);
            }
        };
        let now = self.clock.now();
        let follower = self.time_there(channel, told, now);
        let mut readings = vec![Reading { whose: Whose::Ours, at: now, witness: false }];
        if let Some(at) = standing.clock {
            readings.push(Reading { whose: Whose::Primary, at, witness: standing.witness });
        }
        if let Some(at) = follower {
            // One that is silent now is ours by another name: it may object, not vouch.
            let witness = channel.adapter.traits().clock_is_witness && told.is_some();
            readings.push(Reading { whose: Whose::Follower, at, witness });
            self.compare(channel, at, now).await?;
            if let Some(reason) = standing.stamped.and_then(|stamped| too_young(claim, stamped, at)) {
                self.store.unsent(claim, Unsent::Postponed(now + ASK_AGAIN, reason), now).await?;
                return Ok(None);
            }
        }
        let mut verdict = hold_passed(hold.until, &readings);
        if verdict == Verdict::NoWitness {
            readings.extend(self.witness(channel).await);
            verdict = hold_passed(hold.until, &readings);
        }
        let (wait, reason) = match verdict {
            Verdict::Passed => {
                return Ok(Some(Clocks { primary_seen_at: Some(standing.seen_at), primary: standing.clock, follower }));
            }
            Verdict::NotYet(whose, missing) => (
                missing.clamp(TimeDelta::seconds(1), ASK_AGAIN),
                Reason::own(OwnReason::HoldNotPassed, format!("{whose} says that the hold has not passed yet")),
            ),
            Verdict::NoWitness => {
                let said = "no clock but ours can be seen; the release waits for one";
                (ASK_AGAIN, Reason::own(OwnReason::NoWitness, said))
            }
        };
        self.store.unsent(claim, Unsent::Postponed(now + wait, reason), now).await?;
        Ok(None)
    }

    /// What a channel's clock shows now, as it told or as it did last: a clock that was seen and is silent now has not been
    /// put right by that.
    pub(super) fn time_there(
        &self,
        channel: &Channel,
        told: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Option<DateTime<Utc>> {
        if let Some(at) = told {
            self.offsets().insert(channel.slug.clone(), at - now);
            return told;
        }
        self.offsets().get(&channel.slug).and_then(|ahead| now.checked_add_signed(*ahead))
    }

    /// The same; a clock that has not been heard since the start of the program is asked for.
    ///
    /// # Errors
    ///
    /// The platform cannot be asked now.
    pub(super) async fn time_there_asked(
        &self,
        channel: &Channel,
        told: Option<DateTime<Utc>>,
    ) -> Result<Option<DateTime<Utc>>, AdapterError> {
        let known = self.time_there(channel, told, self.clock.now());
        if known.is_some() {
            return Ok(known);
        }
        match channel.adapter.clock().await {
            Ok(clock) => Ok(self.time_there(channel, clock.earliest(), self.clock.now())),
            Err(AdapterError::Unsupported(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Uploads may take minutes: the primary must have been seen within the last one when the attempt begins.
    pub(super) async fn still_fresh(
        &self,
        channel: &Channel,
        claim: &Claim,
        clocks: Clocks,
    ) -> Result<Option<Clocks>, StoreError> {
        let now = self.clock.now();
        let kept = || claim.primary.as_ref().is_some_and(|p| self.seen_lately(&p.remote_id, now).is_some());
        match clocks.primary_seen_at {
            Some(seen) if seen > now || now - seen >= SEEN_WITHIN || !kept() => {
                self.may_be_released(channel, claim).await
            }
            _ => Ok(Some(clocks)),
        }
    }

    /// The clock of another platform of the organisation that may witness.
    async fn witness(&self, but: &Channel) -> Option<Reading> {
        for channel in self.channels.of(&but.organisation) {
            if channel.slug == but.slug || !channel.adapter.traits().clock_is_witness {
                continue;
            }
            if let Ok(clock) = channel.adapter.clock().await
                && let Some(at) = clock.earliest()
            {
                return Some(Reading { whose: Whose::Witness(channel.slug.clone()), at, witness: true });
            }
        }
        None
    }

    /// Tells the journal when a platform's clock and ours differ, once per difference.
    async fn compare(&self, channel: &Channel, theirs: DateTime<Utc>, ours: DateTime<Utc>) -> Result<(), StoreError> {
        let ahead = theirs - ours;
        let tens = ahead.num_seconds() / 10;
        {
            let mut told = self.disagreements();
            if ahead.abs() <= DISAGREEMENT {
                told.remove(&channel.slug);
                return Ok(());
            }
            if told.insert(channel.slug.clone(), tens).is_some_and(|before| before == tens) {
                return Ok(());
            }
        }
        let event = Event::ClockDisagreed { ahead_ms: ahead.num_milliseconds() };
        self.store.note(&channel.organisation, ours, VESTNIK, Some(&channel.slug), event).await
    }
}
