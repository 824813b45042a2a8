//! Stopping a channel, letting it go on, asking it.

use std::time::Duration;

use super::check::{ChannelCheck, one};
use super::{Office, OfficeError};
use crate::release::note_renewals;
use crate::store::StoreError;

/// A person waits no longer for a page; the slowest platform answers sooner or not at all.
const PATIENCE: Duration = Duration::from_secs(30);

impl Office {
    /// Begins nothing more on a channel. Holds keep running.
    pub async fn pause(&self, channel: &str, by: &str, reason: &str) -> Result<(), OfficeError> {
        Ok(self.store.pause_channel(channel, by, reason, self.clock.now()).await?)
    }

    /// Lets a paused channel go on.
    pub async fn resume(&self, channel: &str, by: &str) -> Result<(), OfficeError> {
        Ok(self.store.resume_channel(channel, by, self.clock.now()).await?)
    }

    /// Asks one channel whether it would take a post. `None`: it did not answer in time.
    pub async fn check_channel(&self, channel: &str) -> Result<Option<ChannelCheck>, OfficeError> {
        let channel = self.channels.get(channel).ok_or_else(|| StoreError::no_channel(channel))?;
        let answer = tokio::time::timeout(PATIENCE, one(channel, &*self.clock)).await.ok();
        note_renewals(&self.store, &self.channels, self.clock.now()).await?;
        Ok(answer)
    }
}
