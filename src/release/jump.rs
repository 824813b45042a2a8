//! What follows when the clock of this machine was put back or forward.

use chrono::{DateTime, TimeDelta, Utc};

use super::daemon::Daemon;
use crate::store::StoreError;

impl Daemon {
    /// The clock went back, from `before` to `now` in no time: what it stamped before may look fresh once more when it comes there again, and waits that
    /// it led to are too long.
    pub async fn clock_went_back(&self, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.sightings().clear();
        self.clock_moved(now - before);
        self.store.clock_went_back(now).await
    }

    /// The clock went forward, from `before` to `now` in no time: looks after unknown outcomes wait as long as they were
    /// to wait, because what they look for needs that time to arrive and to be listed.
    pub async fn clock_went_forward(&self, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.clock_moved(now - before);
        self.store.clock_went_forward(before, now).await
    }

    /// The platforms' clocks did not move with ours. A machine that was asleep takes them for as much behind, until they are
    /// heard again: later, not earlier.
    fn clock_moved(&self, by: TimeDelta) {
        self.offsets().values_mut().for_each(|ahead| *ahead -= by);
    }
}
