//! Credentials that platforms renewed, so that the journal can say so.

use std::sync::{Arc, Mutex, PoisonError};

/// Where an adapter tells that its platform renewed the channel's credential. Clones share what was told.
#[derive(Debug, Clone, Default)]
pub struct Renewals {
    channel: String,
    told: Arc<Mutex<Vec<String>>>,
}

impl Renewals {
    /// The same place, for the adapter of one channel.
    #[must_use]
    pub fn of(&self, channel: &str) -> Self {
        Self { channel: channel.into(), told: Arc::clone(&self.told) }
    }

    /// The credential was renewed and stands where it is read.
    pub fn tell(&self) {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).push(self.channel.clone());
    }

    /// Whether nobody told since the last was taken out.
    pub fn is_empty(&self) -> bool {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).is_empty()
    }

    /// Takes out one channel that told; one for each time.
    pub fn take(&self) -> Option<String> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).pop()
    }
}
