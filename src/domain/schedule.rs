//! The times of a post that is not out yet, and what may be done with them: a post is moved with its followers, and a
//! follower's own time lies where its hold allows.

use chrono::{DateTime, TimeDelta, Utc};

use super::{HoldLength, State};

/// A time this little ago was meant as "now": it was chosen a moment before it arrived.
const JUST_NOW: TimeDelta = TimeDelta::minutes(1);

/// When a follower goes out at the earliest, as far as it can be told before the primary is confirmed.
pub fn follower_at(primary_at: DateTime<Utc>, hold: HoldLength, not_before: Option<DateTime<Utc>>) -> DateTime<Utc> {
    let earliest = primary_at + hold.total();
    not_before.map_or(earliest, |own| own.max(earliest))
}

/// Whether a delivery that stands so may be given another time at all: a primary and with it the whole post, a follower
/// by itself. Which times it may be given tells its [`Schedule`].
pub fn is_movable(state: State, is_stopped: bool) -> bool {
    !is_stopped && matches!(state, State::Queued | State::Waiting | State::Held)
}

/// One delivery, as far as its time is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Slot {
    /// Where it stands.
    pub state: State,
    /// When it is to go out.
    pub planned_at: DateTime<Utc>,
    /// The officer's own earliest time.
    pub not_before: Option<DateTime<Utc>>,
    /// When it went out.
    pub published_at: Option<DateTime<Utc>>,
    /// A person was asked something about it.
    pub is_stopped: bool,
    /// Nobody has looked yet whether it is out already: the database may be an older copy.
    pub is_unlooked: bool,
}

/// The times of one post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Schedule {
    /// Its primary.
    pub primary: Slot,
    /// Its followers, in any order.
    pub followers: Vec<Slot>,
    /// How long followers wait, as configured.
    pub hold: HoldLength,
    /// When the hold that runs ends.
    pub held_until: Option<DateTime<Utc>>,
    /// Past it nothing goes out.
    pub expires_at: Option<DateTime<Utc>>,
    /// A person cancelled or withdrew the post.
    pub is_over: bool,
}

/// Why a post keeps its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum NotMoved {
    /// The wished time is over.
    #[error("the time is in the past: it is {} now; take a later one", utc(.now))]
    Past {
        /// Now.
        now: DateTime<Utc>,
    },
    /// Someone else moved it first.
    #[error("it was moved meanwhile, to {}; look at it and try again", utc(.planned_at))]
    MovedMeanwhile {
        /// Where it lies now.
        planned_at: DateTime<Utc>,
    },
    /// It is out.
    #[error("it is out already, since {}; what is out keeps its time", utc(.since))]
    Out {
        /// Since when.
        since: DateTime<Utc>,
    },
    /// A call is open, its outcome unknown, or a person was told to publish.
    #[error("it is on its way to the platform; wait until its outcome is known")]
    OnItsWay,
    /// It was cancelled, withdrawn or refused.
    #[error("it does not go out any more; queue a new post")]
    Over,
    /// Something else has to be settled by a person first.
    #[error("it stands still until what it asks is settled; see `vestnik attention`")]
    Stopped,
    /// Its time came before vestnik started, and its platform was not asked yet whether it is out.
    #[error("its time has come, and vestnik looks first whether it is out already; wait for that")]
    Unlooked,
    /// A follower before its hold has passed.
    #[error("before {} its hold has not passed; take a later time", utc(.earliest))]
    BeforeHold {
        /// The earliest time.
        earliest: DateTime<Utc>,
    },
    /// Something of it would go out after the post expired.
    #[error("the post expires {}, before all of it would be out; take an earlier time", utc(.expires_at))]
    Expires {
        /// When it expires.
        expires_at: DateTime<Utc>,
    },
}

fn utc(at: &DateTime<Utc>) -> String {
    at.format("%F %R UTC").to_string()
}

impl Schedule {
    /// Whether the whole post may be moved to `to`; `seen` is where whoever asks believes it to lie. Gives its new time.
    pub fn move_primary(
        &self,
        seen: Option<DateTime<Utc>>,
        to: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<DateTime<Utc>, NotMoved> {
        self.may_move(&self.primary, now)?;
        let to = to_come(&self.primary, seen, to, now)?;
        let open = self.followers.iter().filter(|follower| follower.state.may_go_out());
        let last = open.map(|f| follower_at(to, self.hold, f.not_before)).fold(to, DateTime::max);
        self.must_not_expire(last)?;
        Ok(to)
    }

    /// Whether one follower may be given its own time `to`. Gives that time; nothing where the hold alone says as much.
    pub fn move_follower(
        &self,
        follower: &Slot,
        seen: Option<DateTime<Utc>>,
        to: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Option<DateTime<Utc>>, NotMoved> {
        self.may_move(follower, now)?;
        let earliest = self.earliest_for_followers()?;
        let to = to_come(follower, seen, to, now)?;
        // People choose minutes, and holds end at seconds.
        let own = match to {
            to if to >= earliest + TimeDelta::minutes(1) => Some(to),
            to if to > earliest - TimeDelta::minutes(1) => None,
            _ => return Err(NotMoved::BeforeHold { earliest }),
        };
        self.must_not_expire(own.unwrap_or(earliest))?;
        Ok(own)
    }

    /// When followers may go out at the earliest, as far as it is known now.
    pub fn earliest_for_followers(&self) -> Result<DateTime<Utc>, NotMoved> {
        match (self.primary.state, self.held_until) {
            (State::Cancelled | State::Withdrawn | State::Failed, _) => Err(NotMoved::Over),
            (_, Some(until)) => Ok(until),
            (_, None) => Ok(self.primary.published_at.unwrap_or(self.primary.planned_at) + self.hold.total()),
        }
    }

    fn may_move(&self, slot: &Slot, now: DateTime<Utc>) -> Result<(), NotMoved> {
        if let (State::Published, Some(since)) = (slot.state, slot.published_at) {
            return Err(NotMoved::Out { since });
        }
        if self.is_over || slot.state.is_final() {
            return Err(NotMoved::Over);
        }
        if !is_movable(slot.state, false) {
            return Err(NotMoved::OnItsWay);
        }
        if !is_movable(slot.state, slot.is_stopped) {
            return Err(NotMoved::Stopped);
        }
        // Under another time nobody would know any more that it was overdue, and look for it less carefully.
        if slot.is_unlooked && slot.state != State::Waiting && slot.planned_at <= now {
            return Err(NotMoved::Unlooked);
        }
        Ok(())
    }

    fn must_not_expire(&self, last: DateTime<Utc>) -> Result<(), NotMoved> {
        match self.expires_at {
            Some(expires_at) if expires_at <= last => Err(NotMoved::Expires { expires_at }),
            _ => Ok(()),
        }
    }
}

fn to_come(
    slot: &Slot,
    seen: Option<DateTime<Utc>>,
    to: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<DateTime<Utc>, NotMoved> {
    // A form sent twice asks the second time for what is so already.
    if seen.is_some_and(|seen| seen != slot.planned_at) && to != slot.planned_at {
        return Err(NotMoved::MovedMeanwhile { planned_at: slot.planned_at });
    }
    if now.signed_duration_since(to) > JUST_NOW {
        return Err(NotMoved::Past { now });
    }
    Ok(to.max(now))
}

#[cfg(test)]
mod tests;
