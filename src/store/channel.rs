//! Channels as people see and stop them.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::db::{execute, fetch_optional, read_all, read_optional};
use super::journal::{About, append};
use super::rows::{instant_opt, micros};
use super::settle::pause;
use super::{Store, StoreError, StoreRefusal};
use crate::journal::Event;
use crate::journal::event::Why;

/// A channel and whether it is stopped.
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
}

/// The ids of the deliveries of channel `c` that are not at their end and meet one more condition on `d`. Each part has
/// an index of its own, and a delivery may be in several.
macro_rules! unfinished {
    ($and:literal) => {
        concat!(
            "SELECT d.id FROM delivery d WHERE d.channel = c.slug AND d.state = 'waiting'",
            $and,
            " UNION SELECT d.id FROM delivery d WHERE d.channel = c.slug AND d.action IS NOT NULL AND d.stop_reason IS NULL \
              AND d.state NOT IN ('published', 'failed', 'cancelled', 'withdrawn')",
            $and,
            " UNION SELECT d.id FROM attempt a CROSS JOIN delivery d ON d.id = a.delivery \
              WHERE a.channel = c.slug AND a.state <> 'settled' \
              AND d.state NOT IN ('published', 'failed', 'cancelled', 'withdrawn')",
            $and,
            " UNION SELECT d.id FROM delivery d WHERE d.organisation = c.organisation AND d.channel = c.slug \
              AND d.stop_reason IS NOT NULL AND d.state NOT IN ('published', 'failed', 'cancelled', 'withdrawn')",
            $and
        )
    };
}
pub(super) use unfinished;

pub(super) const CHANNEL_VIEWS: &str = "SELECT slug, organisation, platform, is_primary, paused_at, paused_by, \
     paused_reason FROM channel c WHERE retired = 0 ORDER BY organisation, is_primary DESC, slug";
pub(super) const UNFINISHED: &str =
    concat!("SELECT c.slug, (SELECT COUNT(*) FROM (", unfinished!(""), ")) FROM channel c WHERE c.retired = 0");
pub(super) const CHANNEL_OF: &str = "SELECT organisation FROM channel WHERE slug = $1 AND retired = 0";
pub(super) const RESUME: &str = "UPDATE channel SET paused_at = NULL, paused_by = NULL, paused_reason = NULL, \
     next_at = 0 WHERE slug = $1 AND paused_at IS NOT NULL";
pub(super) const PUBLISHED_SINCE: &str =
    "SELECT COUNT(*) AS n, MIN(published_at) AS oldest FROM delivery WHERE channel = $1 AND published_at >= $2";

type ChannelRow = (String, String, String, bool, Option<i64>, Option<String>, Option<String>);

impl Store {
    /// All channels in use.
    pub async fn channel_views(&self) -> Result<Vec<ChannelView>, StoreError> {
        let rows = read_all!(&self.readers, ChannelRow, CHANNEL_VIEWS)?;
        rows.into_iter()
            .map(|(slug, organisation, platform, is_primary, paused_at, paused_by, paused_reason)| {
                let paused_at = instant_opt("channel", &slug, paused_at)?;
                Ok(ChannelView { slug, organisation, platform, is_primary, paused_at, paused_by, paused_reason })
            })
            .collect()
    }

    /// How many deliveries of each channel in use are not at their end, by the channel's slug. It counts all of them, so
    /// that a month of 10 000 posts takes a tenth of a second.
    pub async fn unfinished(&self) -> Result<HashMap<String, i64>, StoreError> {
        Ok(read_all!(&self.readers, (String, i64), UNFINISHED)?.into_iter().collect())
    }

    /// Blocks new attempts on a channel. Holds keep running.
    pub async fn pause_channel(
        &self,
        slug: &str,
        by: &str,
        why: impl Into<Why>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (slug, by, why) = (slug.to_owned(), by.to_owned(), why.into());
        self.write(move |tx| {
            Box::pin(async move {
                let Some((organisation,)) = fetch_optional!(tx.sql().await?, (String,), CHANNEL_OF, &*slug)? else {
                    return Err(StoreError::no_channel(&slug));
                };
                if pause(tx, &organisation, &slug, now, &by, why).await? {
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
