//! What follows when the clock of this machine was put back or forward.

use chrono::{DateTime, Utc};

use super::daemon::Daemon;
use crate::store::StoreError;

impl Daemon {
    /// The clock went back: what it stamped before may look fresh once more when it comes there again, and waits that
    /// it led to are too long.
    pub async fn clock_went_back(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.sightings().clear();
        self.store.clock_went_back(now).await
    }

    /// The clock went forward, from `before` to `now` in no time: looks after unknown outcomes wait as long as they were
    /// to wait, because what they look for needs that time to arrive and to be listed.
    pub async fn clock_went_forward(&self, before: DateTime<Utc>, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.store.clock_went_forward(before, now).await
    }
}
