//! A platform's own clock, which may differ from ours.

use std::sync::{Arc, Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use vestnik_contract::Clock;

/// The clock a world stamps posts and `Date` headers with.
#[derive(Debug, Clone)]
pub struct WorldClock {
    base: Arc<dyn Clock>,
    set: Arc<Mutex<Set>>,
}

#[derive(Debug)]
struct Set {
    ahead: TimeDelta,
    date_header: bool,
}

impl WorldClock {
    /// A clock that agrees with `base` until it is set wrong.
    pub fn new(base: Arc<dyn Clock>) -> Self {
        Self { base, set: Arc::new(Mutex::new(Set { ahead: TimeDelta::zero(), date_header: true })) }
    }

    /// What time the platform believes it is.
    pub fn now(&self) -> DateTime<Utc> {
        self.base.now() + self.lock().ahead
    }

    /// Sets the clock wrong by `ahead` (negative: behind).
    pub fn set_ahead(&self, ahead: TimeDelta) {
        self.lock().ahead = ahead;
    }

    /// Whether answers carry a `Date` header.
    pub fn send_date_header(&self, on: bool) {
        self.lock().date_header = on;
    }

    /// The `Date` header of an answer sent now (RFC 9110 section 5.6.7), when one is sent.
    pub(crate) fn date_header(&self) -> Option<String> {
        let on = self.lock().date_header;
        on.then(|| self.now().format("%a, %d %b %Y %H:%M:%S GMT").to_string())
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Set> {
        self.set.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
