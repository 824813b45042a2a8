//! The time of the demo: set while its past is lived through, running once the desk is open.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use vestnik_contract::Clock;

/// A clock that is set by hand until it runs.
#[derive(Debug)]
pub(super) struct DayClock(Mutex<Face>);

#[derive(Debug)]
struct Face {
    shown: DateTime<Utc>,
    /// Since when it runs, and how many times faster than real time.
    running: Option<(Instant, u32)>,
}

impl DayClock {
    pub(super) fn standing_at(shown: DateTime<Utc>) -> Self {
        Self(Mutex::new(Face { shown, running: None }))
    }

    /// Sets it on. It never goes back.
    pub(super) fn set(&self, to: DateTime<Utc>) {
        let mut face = self.face();
        face.shown = face.shown.max(to);
    }

    /// Lets it run.
    pub(super) fn run(&self, speed: u32) {
        self.face().running = Some((Instant::now(), speed));
    }

    fn face(&self) -> MutexGuard<'_, Face> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Clock for DayClock {
    fn now(&self) -> DateTime<Utc> {
        let face = self.face();
        let passed = face.running.and_then(|(since, speed)| since.elapsed().checked_mul(speed));
        let passed = passed.and_then(|passed| TimeDelta::from_std(passed).ok()).unwrap_or_default();
        face.shown.checked_add_signed(passed).unwrap_or(DateTime::<Utc>::MAX_UTC).trunc_subsecs(6)
    }
}
