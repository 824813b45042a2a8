//! All that matters in one moment of one post's life on two channels: rows, daemons, calls on their way, platforms.

use chrono::{DateTime, TimeDelta, Utc};
use vestnik::domain::{HoldLength, State};

/// Moments, in whole [`TICK`]s from what our clock shows: 0 is now, -1 one tick ago. What was long ago is not told
/// apart, so that there are finitely many situations.
pub type Ticks = i8;

/// So coarse that a hold has few of them.
pub const TICK: TimeDelta = TimeDelta::hours(2);

/// Two ticks, without a margin: every hold ends on a tick.
pub fn hold_length() -> HoldLength {
    HoldLength::new(4 * 3600, 0).unwrap()
}
pub const HOLD: Ticks = 2;
/// Renewed never: it is over in the second tick.
pub const LEASE: Ticks = 1;

pub const PRIMARY: usize = 0;
pub const FOLLOWER: usize = 1;
pub const CHANNELS: [usize; 2] = [PRIMARY, FOLLOWER];
/// Who holds what a dead process held.
pub const DEAD: usize = 9;

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Situation {
    /// How far our clock is ahead of the real time.
    pub ahead: Ticks,
    /// How often a process may still die.
    pub crashes: u8,
    /// How often our clock may still be put wrong.
    pub steps: u8,
    /// When the running hold ends.
    pub hold: Option<Ticks>,
    /// From when the primary counts, as the rule says and whatever the program made of it.
    pub counts_from: Option<Ticks>,
    pub channels: [Channel; 2],
    pub daemons: [Daemon; 2],
}

/// One delivery with its channel and its platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Channel {
    pub state: State,
    /// From when it is to be published, where that is to be done.
    pub due: Option<Ticks>,
    pub planned: Ticks,
    /// It is certain that it was not out when the daemon started.
    pub looked: bool,
    /// Nothing begins on the channel before.
    pub next: Ticks,
    /// Whose claim, and until when.
    pub lease: Option<(usize, Ticks)>,
    /// The attempt that is not settled.
    pub attempt: Option<Attempt>,
    /// Attempts that were given up after looks.
    pub resends: u32,
    /// Calls that the platform has not taken yet.
    pub calls: [Option<Call>; 2],
    /// How many posts stand there.
    pub posts: u8,
    /// Since when, in real time.
    pub stood: Ticks,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Attempt {
    pub by: usize,
    pub started: Ticks,
    pub lease: Ticks,
    pub phase: Phase,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Phase {
    Open,
    InDoubt {
        /// `None`: nobody will ever look (no rule of ours; one that is broken).
        look: Option<Ticks>,
        looks: u32,
        /// A person has to settle it.
        asked: bool,
    },
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Call {
    /// Whose worker waits for the answer.
    pub waiting: Option<usize>,
    /// How long it has been on its way.
    pub age: Ticks,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Daemon {
    pub up: bool,
    pub workers: [Worker; 2],
    pub looks: [Option<Missed>; 2],
}

/// What a daemon is doing on one channel.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Worker {
    Idle,
    Claimed {
        looked: bool,
    },
    /// The primary was seen to stand, and every clock that the hold has passed, in this very tick.
    Ready,
    Calling {
        /// Nobody has settled its attempt.
        current: bool,
        /// The platform has taken the post.
        landed: bool,
    },
}

/// A look that found nothing and is not written down yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Missed {
    pub current: bool,
    pub looks: u32,
}

impl Situation {
    /// A post was queued a moment ago.
    pub fn queued(crashes: u8, steps: u8) -> Self {
        let channel = |state, due| Channel {
            state,
            due,
            planned: 0,
            looked: true,
            next: 0,
            lease: None,
            attempt: None,
            resends: 0,
            calls: [None; 2],
            posts: 0,
            stood: 0,
        };
        let daemon = |up| Daemon { up, workers: [Worker::Idle; 2], looks: [None; 2] };
        Self {
            ahead: 0,
            crashes,
            steps,
            hold: None,
            counts_from: None,
            channels: [channel(State::Queued, Some(0)), channel(State::Waiting, None)],
            daemons: [daemon(true), daemon(false)],
        }
    }

    /// Everyone knows how it ended: it is out, it failed, or a person was asked.
    pub fn is_finished(&self) -> bool {
        let asked = |c: &Channel| c.attempt.is_some_and(|a| matches!(a.phase, Phase::InDoubt { asked: true, .. }));
        self.channels.iter().any(asked) || self.channels.iter().all(|c| c.state.is_final())
    }
}

/// The moment behind ticks from `now`.
pub fn moment(now: DateTime<Utc>, ticks: Ticks) -> DateTime<Utc> {
    now + TICK * i32::from(ticks)
}

/// The first tick at which a moment has come.
pub fn ticks(now: DateTime<Utc>, moment: DateTime<Utc>) -> Ticks {
    let (seconds, tick) = ((moment - now).num_seconds(), TICK.num_seconds());
    Ticks::try_from(-(-seconds).div_euclid(tick)).unwrap()
}
