//! Channels as people see and stop them.

use chrono::{DateTime, Utc};

use super::db::{execute, fetch_optional, read_all, read_optional};
use super::journal::{About, append};
use super::rows::{instant_opt, micros};
use super::settle::pause;
use super::{Store, StoreError, StoreRefusal};
use crate::journal::Event;

/// A channel with what lies on it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelView {
    /// Its slug.
    pub slug: String,
    /// Its organisation.
    pub organisation: String,
    /// Its platform.
    pub platform: String,
    /// Whether it is the primary.
    pub is_primary: bool,
    /// Since when it is paused.
    pub paused_at: Option<DateTime<Utc>>,
    /// By whom.
    pub paused_by: Option<String>,
    /// Why.
    pub paused_reason: Option<String>,
    /// How many deliveries have not gone out yet.
    pub unfinished: i64,
}

/// Deliveries `d` of channel `c` that are not at their end, by the indexes that there are.
macro_rules! unfinished {
    () => {
        "d.state NOT IN ('published', 'failed', 'cancelled', 'withdrawn') AND d.id IN ( \
         SELECT id FROM delivery WHERE channel = c.slug AND state = 'waiting' \
         UNION ALL SELECT id FROM delivery WHERE channel = c.slug AND action IS NOT NULL AND stop_reason IS NULL \
         UNION ALL SELECT delivery FROM attempt WHERE channel = c.slug AND state <> 'settled' \
         UNION ALL SELECT id FROM delivery WHERE organisation = c.organisation AND channel = c.slug AND stop_reason IS NOT NULL)"
    };
}
pub(super) use unfinished;

pub(super) const CHANNEL_VIEWS: &str = concat!(
    "SELECT slug, organisation, platform, is_primary, paused_at, paused_by, \
     paused_reason, (SELECT COUNT(*) FROM delivery d WHERE ",
    unfinished!(),
    ") AS unfinished FROM channel c WHERE retired = 0 ORDER BY organisation, is_primary DESC, slug"
);
pub(super) const CHANNEL_OF: &str = "SELECT organisation FROM channel WHERE slug = $1 AND retired = 0";
pub(super) const RESUME: &str = "UPDATE channel SET paused_at = NULL, paused_by = NULL, paused_reason = NULL, \
     next_at = 0 WHERE slug = $1 AND paused_at IS NOT NULL";
pub(super) const PUBLISHED_SINCE: &str =
    "SELECT COUNT(*) AS n, MIN(published_at) AS oldest FROM delivery WHERE channel = $1 AND published_at >= $2";

type ChannelRow = (String, String, String, bool, Option<i64>, Option<String>, Option<String>, i64);

impl Store {
    /// All channels in use.
    pub async fn channel_views(&self) -> Result<Vec<ChannelView>, StoreError> {
        let rows = read_all!(&self.readers, ChannelRow, CHANNEL_VIEWS)?;
        rows.into_iter()
            .map(|(slug, organisation, platform, is_primary, paused_at, paused_by, paused_reason, unfinished)| {
                let paused_at = instant_opt("channel", &slug, paused_at)?;
                Ok(ChannelView {
                    slug,
                    organisation,
                    platform,
                    is_primary,
                    paused_at,
                    paused_by,
                    paused_reason,
                    unfinished,
                })
            })
            .collect()
    }

    /// Blocks new attempts on a channel. Holds keep running.
    pub async fn pause_channel(
        &self,
        slug: &str,
        by: &str,
        reason: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (slug, by, reason) = (slug.to_owned(), by.to_owned(), reason.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let Some((organisation,)) = fetch_optional!(tx.sql().await?, (String,), CHANNEL_OF, &*slug)? else {
                    return Err(StoreError::no_channel(&slug));
                };
                if pause(tx, &organisation, &slug, now, &by, &reason).await? {
                    return Ok(());
                }
                Err(StoreRefusal::AlreadyPaused { channel: slug }.into())
            })
        })
        .await
    }

    /// Lets a paused channel go on.
    pub async fn resume_channel(&self, slug: &str, by: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let (slug, by) = (slug.to_owned(), by.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let Some((organisation,)) = fetch_optional!(tx.sql().await?, (String,), CHANNEL_OF, &*slug)? else {
                    return Err(StoreError::no_channel(&slug));
                };
                if execute!(tx.sql().await?, RESUME, &*slug)? == 0 {
                    return Err(StoreRefusal::NotPaused { channel: slug }.into());
                }
                let about = About { channel: Some(&slug), ..About::default() };
                append(tx, &organisation, now, &by, about, Event::ChannelResumed {}).await
            })
        })
        .await
    }

    /// How many posts a channel has put out since a moment, and when the oldest of them went out.
    pub async fn published_since(
        &self,
        channel: &str,
        since: DateTime<Utc>,
    ) -> Result<(u32, Option<DateTime<Utc>>), StoreError> {
        let row = read_optional!(&self.readers, (i64, Option<i64>), PUBLISHED_SINCE, channel, micros(since))?;
        let (n, oldest) = row.unwrap_or_default();
        Ok((u32::try_from(n).unwrap_or(u32::MAX), instant_opt("delivery", channel, oldest)?))
    }
}
