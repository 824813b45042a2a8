//! What the daemon has done since it started, in figures, for whoever watches it. What happened stands in the journal.

use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::TimeDelta;
use tokio::time::Instant;

use crate::store::Outcome;

/// Upper bounds of [`Lateness`], in seconds of the daemon's clock.
pub const LATENESS_BOUNDS: [f64; 9] = [0.1, 0.5, 1.0, 5.0, 15.0, 60.0, 300.0, 1800.0, 7200.0];

/// The daemon's figures. Shared by its workers and its watchers.
#[derive(Debug, Default)]
pub struct Pulse(Mutex<Reading>);

/// The figures at one moment.
#[derive(Debug, Clone, Default)]
pub struct Reading {
    /// When the last round ended without an error.
    beat: Option<Instant>,
    /// How many attempts ended how: by channel and outcome.
    pub ends: BTreeMap<(String, &'static str), u64>,
    /// How long after they were due attempts began.
    pub lateness: Lateness,
}

/// A histogram.
#[derive(Debug, Clone, Default)]
pub struct Lateness {
    /// How many fell under each of [`LATENESS_BOUNDS`] and above the one before; the last is all above.
    pub counts: [u64; LATENESS_BOUNDS.len() + 1],
    /// Of all, in seconds.
    pub sum: f64,
}

impl Pulse {
    /// A round ended well.
    pub(super) fn beat(&self) {
        self.lock().beat = Some(Instant::now());
    }

    /// An attempt began so long after it was due.
    pub(super) fn began(&self, late: TimeDelta) {
        let seconds = late.as_seconds_f64().max(0.0);
        let place = LATENESS_BOUNDS.iter().position(|bound| seconds <= *bound).unwrap_or(LATENESS_BOUNDS.len());
        let mut reading = self.lock();
        reading.lateness.counts[place] += 1;
        reading.lateness.sum += seconds;
    }

    /// An attempt's end was written down.
    pub(super) fn ended(&self, channel: &str, outcome: &Outcome) {
        let name = match outcome {
            Outcome::Confirmed { .. } => "confirmed",
            Outcome::Retracted => "retracted",
            Outcome::Retry { .. } => "retry",
            Outcome::Rejected(_) => "rejected",
            Outcome::Unauthorised(_) => "unauthorised",
            Outcome::InDoubt { .. } => "in_doubt",
            Outcome::Handed(_) => "handed",
            Outcome::NotAccepted { .. } => "not_accepted",
        };
        *self.lock().ends.entry((channel.to_owned(), name)).or_default() += 1;
    }

    /// The figures now.
    pub fn read(&self) -> Reading {
        self.lock().clone()
    }

    fn lock(&self) -> MutexGuard<'_, Reading> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Reading {
    /// How long ago (real time) the last round ended well; `None`: none has yet.
    pub fn since_beat(&self) -> Option<Duration> {
        self.beat.map(|beat| beat.elapsed())
    }
}
