//! Keeps credentials alive where platforms let them lapse.

use futures_util::{StreamExt as _, stream};
use vestnik_contract::AdapterError;

use super::Jobs;
use crate::domain::Reason;
use crate::journal::VESTNIK;
use crate::release::Channel;
use crate::store::StoreError;

/// So many platforms are asked at a time.
const AT_ONCE: usize = 8;

/// Asks every channel's adapter to keep its credential alive. One that a person must renew pauses its channel, so that
/// it is noticed today and not when the next post is due. Channels do not hinder each other.
pub async fn keep_credentials(jobs: &Jobs) -> Result<(), StoreError> {
    let channels = jobs.channels.all().into_iter().cloned();
    let asked = stream::iter(channels).map(|channel| async move { keep(jobs, &channel).await });
    let kept: Vec<_> = asked.buffer_unordered(AT_ONCE).collect().await;
    kept.into_iter().collect()
}

async fn keep(jobs: &Jobs, channel: &Channel) -> Result<(), StoreError> {
    let slug = channel.slug.as_str();
    match channel.adapter.keep_alive().await {
        Ok(()) | Err(AdapterError::Unsupported(_)) => Ok(()),
        Err(AdapterError::Unauthorised { told }) => {
            match jobs.store.pause_channel(slug, VESTNIK, &Reason::from(told.clone()), jobs.clock.now()).await {
                Ok(()) => {
                    tracing::error!(channel = slug, reason = %told, "the credential is no good; the channel is paused");
                    Ok(())
                }
                // It is paused already, and somebody was told why.
                Err(StoreError::Refused(_)) => Ok(()),
                Err(error) => Err(error),
            }
        }
        Err(error @ (AdapterError::Retry { .. } | AdapterError::Unclear { .. })) => {
            tracing::warn!(channel = slug, %error, "the credential could not be kept alive; it is tried again tomorrow");
            Ok(())
        }
    }
}
