//! What the weekly counter reads and remembers.

use std::ops::Range;

use chrono::{DateTime, Utc};

use super::changes::json;
use super::channel::unfinished;
use super::db::{execute, read_all};
use super::journal::{About, append};
use super::rows::{count, instant, micros};
use super::{Store, StoreError};
use crate::journal::{Event, VESTNIK};

/// A channel's publications and plans within some days.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelWeek {
    /// When posts went out.
    pub published: Vec<DateTime<Utc>>,
    /// When more are, or were, to go out.
    pub planned: Vec<DateTime<Utc>>,
}

/// What stands: withdrawn posts do not count.
pub(super) const PUBLISHED: &str = "SELECT published_at FROM delivery WHERE channel = $1 AND published_at >= $2 \
     AND published_at < $3 AND state = 'published' ORDER BY published_at";
/// What is overdue is still planned: for now.
pub(super) const PLANNED: &str = concat!(
    "SELECT d.planned_at FROM channel c CROSS JOIN delivery d ON d.channel = c.slug \
     WHERE c.slug = $1 AND d.planned_at < $2 AND ",
    unfinished!(),
    " ORDER BY d.planned_at"
);
/// How many went out in each period of the JSON array `$2` and stand.
pub(super) const COUNTS: &str = "SELECT (SELECT COUNT(*) FROM delivery WHERE channel = $1 \
     AND published_at >= q.value ->> 0 AND published_at < q.value ->> 1 AND state = 'published') AS n \
     FROM json_each($2) q ORDER BY q.key";
pub(super) const REPORT: &str =
    "INSERT INTO week_report (channel, week, verdict, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

impl Store {
    /// What a channel has put out between two moments, and what it has still to put out before the second.
    pub async fn channel_week(
        &self,
        channel: &str,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<ChannelWeek, StoreError> {
        let published = read_all!(&self.readers, (i64,), PUBLISHED, channel, micros(from), micros(to))?;
        let planned = read_all!(&self.readers, (i64,), PLANNED, channel, micros(to))?;
        let times =
            |rows: Vec<(i64,)>| rows.into_iter().map(|r| instant("delivery", channel, r.0)).collect::<Result<_, _>>();
        Ok(ChannelWeek { published: times(published)?, planned: times(planned)? })
    }

    /// How many posts went out on a channel in each of some periods, and stand.
    pub async fn channel_counts(
        &self,
        channel: &str,
        periods: &[Range<DateTime<Utc>>],
    ) -> Result<Vec<u32>, StoreError> {
        let periods: Vec<_> = periods.iter().map(|period| (micros(period.start), micros(period.end))).collect();
        let rows = read_all!(&self.readers, (i64,), COUNTS, channel, json(&periods)?)?;
        rows.into_iter().map(|(n,)| count("delivery", channel, n)).collect()
    }

    /// Writes a verdict on a week down, once; gives whether it was new.
    pub async fn report_week(
        &self,
        organisation: &str,
        channel: &str,
        (week, verdict): (&str, &str),
        event: Event,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let (organisation, channel) = (organisation.to_owned(), channel.to_owned());
        let (week, verdict) = (week.to_owned(), verdict.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                if execute!(tx.sql().await?, REPORT, &*channel, &*week, &*verdict, micros(now))? == 0 {
                    return Ok(false);
                }
                let about = About { channel: Some(&channel), ..About::default() };
                append(tx, &organisation, now, VESTNIK, about, event).await?;
                Ok(true)
            })
        })
        .await
    }
}
