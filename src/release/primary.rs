//! Before a follower goes out: the primary still stands and says what was announced.

use chrono::{DateTime, TimeDelta, Utc};
use vestnik_contract::text::same_text;
use vestnik_contract::{AdapterError, Presence, RemoteId, Sighting};

use super::channels::Channel;
use super::compose::compose;
use super::daemon::Daemon;
use super::publish::{ASK_AGAIN, TIME_AHEAD_MAX};
use crate::domain::content::PrimaryUrl;
use crate::domain::{OwnReason, Reason};
use crate::store::{Claim, ClaimedPrimary, Stop, StoreError, Unsent};

/// The primary must have been seen live within this time before a release.
pub(super) const SEEN_WITHIN: TimeDelta = TimeDelta::seconds(60);
/// A platform may stamp a post a little later than its answer reached us.
const STAMPS_DIFFER: TimeDelta = TimeDelta::minutes(1);
/// Where deletion cannot be seen, a person's word must not be older than this before the hold's end.
const WORD_WITHIN: TimeDelta = TimeDelta::hours(1);

/// A primary that stands as announced.
pub(super) struct Standing {
    /// When it was seen, by our clock.
    pub seen_at: DateTime<Utc>,
    /// What time its platform said it was.
    pub clock: Option<DateTime<Utc>>,
    /// Its clock may witness.
    pub witness: bool,
    /// When its platform says that it was published, where that is later than what the hold counts from.
    pub stamped: Option<DateTime<Utc>>,
}

impl Daemon {
    /// Looks at the primary; `None`: the claim was given back with the reason.
    pub(super) async fn primary_stands(&self, claim: &Claim) -> Result<Option<Standing>, StoreError> {
        let now = self.clock.now();
        let Some(primary) = claim.primary.as_ref() else {
            let reason = Reason::own(OwnReason::PrimaryMissing, "the primary does not stand");
            self.store.unsent(claim, Unsent::Postponed(now + ASK_AGAIN, reason), now).await?;
            return Ok(None);
        };
        let Some(channel) = self.channels.get(&primary.channel).cloned() else {
            let said = format!("primary channel `{}` is not in the configuration any more", primary.channel);
            let reason = Reason::own(OwnReason::PrimaryNotConfigured, said);
            self.store.unsent(claim, Unsent::Postponed(now + ASK_AGAIN, reason), now).await?;
            return Ok(None);
        };
        if !self.person_confirmed(claim, primary, &channel, now).await? {
            return Ok(None);
        }
        let (seen_at, sighting) = match self.sighting(&channel, claim, primary, now).await {
            Ok(seen) => seen,
            Err(error) => {
                let reason = Reason::own(OwnReason::PrimaryUnasked, format!("the primary cannot be asked: {error}"));
                let now = self.clock.now();
                self.store.unsent(claim, Unsent::Postponed(now + ASK_AGAIN, reason), now).await?;
                return Ok(None);
            }
        };
        self.time_there(&channel, sighting.clock.earliest(), seen_at);
        let Some(trouble) = trouble(&channel, claim, primary, (seen_at, &sighting)) else {
            let (clock, witness) = (sighting.clock.earliest(), channel.adapter.traits().clock_is_witness);
            return Ok(Some(Standing { seen_at, clock, witness, stamped: later_stamp(claim, seen_at, &sighting) }));
        };
        self.sightings().remove(&primary.remote_id);
        let now = self.clock.now();
        match trouble {
            Trouble::Unknown(reason) => {
                self.store.unsent(claim, Unsent::Postponed(now + ASK_AGAIN, reason), now).await?;
            }
            Trouble::Stop(stop) => {
                tracing::warn!(post = %claim.delivery.post, reason = stop.reason, "the followers of this post stop");
                self.store.primary_trouble(claim, stop, now).await?;
            }
        }
        Ok(None)
    }

    /// The primary as it was seen within the last minute.
    pub(super) fn seen_lately(&self, id: &RemoteId, now: DateTime<Utc>) -> Option<(DateTime<Utc>, Sighting)> {
        let kept = self.sightings().get(id).cloned();
        kept.filter(|(seen_at, _)| *seen_at <= now && now - *seen_at < SEEN_WITHIN)
    }

    /// The primary as seen within the last minute, or as it is now.
    async fn sighting(
        &self,
        channel: &Channel,
        claim: &Claim,
        primary: &ClaimedPrimary,
        now: DateTime<Utc>,
    ) -> Result<(DateTime<Utc>, Sighting), AdapterError> {
        let until = claim.hold.as_ref().map_or(now, |h| h.until);
        if let Some((seen_at, sighting)) = self.seen_lately(&primary.remote_id, now)
            // An older reading of a clock can only be too early; then it is read again.
            && sighting.clock.earliest().is_some_and(|t| t >= until)
        {
            return Ok((seen_at, sighting));
        }
        let sighting = self.keeping_claim(claim, channel.adapter.presence(&primary.remote_id)).await?;
        let seen_at = self.clock.now();
        let mut kept = self.sightings();
        kept.retain(|_, (at, _)| *at <= seen_at && seen_at - *at < SEEN_WITHIN);
        if matches!(sighting.presence, Presence::Live(_)) {
            kept.insert(primary.remote_id.clone(), (seen_at, sighting.clone()));
        }
        Ok((seen_at, sighting))
    }

    /// Where deletion cannot be seen, a person says once more that the primary stands.
    async fn person_confirmed(
        &self,
        claim: &Claim,
        primary: &ClaimedPrimary,
        channel: &Channel,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let until = claim.hold.as_ref().map_or(now, |h| h.until);
        let traits = channel.adapter.traits();
        if traits.sees_deletion || primary.confirmed_at.is_some_and(|at| at >= until - WORD_WITHIN) {
            return Ok(true);
        }
        let address = primary.url.as_ref().map_or("ADDRESS", url::Url::as_str);
        let stop = Stop::primary_unseen(claim.delivery.post, &channel.slug, address);
        self.store.unsent(claim, Unsent::Stopped(stop), now).await?;
        Ok(false)
    }
}

/// What keeps the followers from going out, if anything.
fn trouble(
    channel: &Channel,
    claim: &Claim,
    primary: &ClaimedPrimary,
    (seen_at, sighting): (DateTime<Utc>, &Sighting),
) -> Option<Trouble> {
    let id = claim.delivery.post;
    match &sighting.presence {
        Presence::Live(shown) => {
            let announced = match &primary.announced {
                Some(text) => text.clone(),
                None => match compose(channel, &claim.content, PrimaryUrl::None) {
                    Ok(composed) => composed.plain,
                    Err(_) => {
                        let said = format!("what channel `{}` is to show cannot be composed any more", channel.slug);
                        return Some(Trouble::Unknown(Reason::own(OwnReason::PrimaryNotComposed, said)));
                    }
                },
            };
            if !same_text(&announced, shown) {
                return Some(Trouble::Stop(Stop::primary_differs(id, &channel.slug)));
            }
            let stamped = later_stamp(claim, seen_at, sighting)?;
            too_young(claim, stamped, sighting.clock.earliest().unwrap_or(seen_at)).map(Trouble::Unknown)
        }
        Presence::Gone => {
            let said = format!("the post on channel `{}` was deleted", channel.slug);
            Some(Trouble::Stop(Stop::primary_gone(id, said)))
        }
        Presence::Unknown(reason) => {
            let said = format!("the primary is out of sight: {reason}");
            Some(Trouble::Unknown(Reason::own(OwnReason::PrimaryUnseen, said)))
        }
    }
}

/// When the platform itself says that the primary was published, where that is later than what the stored hold counts from.
/// A stamp far in the future of its own clock (ours, if it tells none) is not believed, as in a receipt.
fn later_stamp(claim: &Claim, seen_at: DateTime<Utc>, sighting: &Sighting) -> Option<DateTime<Utc>> {
    let (Presence::Live(shown), Some(hold)) = (&sighting.presence, &claim.hold) else { return None };
    let clock = sighting.clock.earliest().unwrap_or(seen_at);
    shown.platform_time.filter(|stamp| *stamp - hold.from > STAMPS_DIFFER && *stamp - clock <= TIME_AHEAD_MAX)
}

/// By this clock the hold has not passed since that stamp: whatever the database was told, the follower waits.
pub(super) fn too_young(claim: &Claim, stamped: DateTime<Utc>, clock: DateTime<Utc>) -> Option<Reason> {
    let hold = claim.hold.as_ref()?;
    (clock - stamped < hold.length.total()).then(|| {
        let said = format!("its platform says that the primary is there only since {stamped}");
        Reason::own(OwnReason::PrimaryTooYoung, said)
    })
}

enum Trouble {
    Unknown(Reason),
    Stop(Stop),
}
