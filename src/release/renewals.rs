//! Credentials that platforms renewed: the journal says when, never what.

use chrono::{DateTime, Utc};

use super::channels::Channels;
use crate::journal::{Event, VESTNIK};
use crate::store::{Store, StoreError};

/// Writes down what adapters told since the last time. What cannot be written down is kept for the next.
pub async fn note_renewals(store: &Store, channels: &Channels, now: DateTime<Utc>) -> Result<(), StoreError> {
    while let Some(slug) = channels.renewals().take() {
        let Some(channel) = channels.get(&slug) else { continue };
        let noted = store.note(&channel.organisation, now, VESTNIK, Some(&slug), Event::CredentialRenewed {}).await;
        if noted.is_err() {
            channels.renewals().of(&slug).tell();
            return noted;
        }
    }
    Ok(())
}
