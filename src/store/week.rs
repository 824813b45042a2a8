//! What the weekly counter reads and remembers.

use std::ops::Range;

use chrono::{DateTime, Utc};

use super::changes::json;
use super::channel::unfinished;
use super::db::{execute, read_all};
use super::journal::{About, append};
use super::rows::{count, micros};
use super::{Store, StoreError};
use crate::journal::{Event, VESTNIK};

/// Which posts of a channel count for a week.
#[derive(Debug, Clone)]
pub struct WeekOfChannel<'a> {
    /// The channel.
    pub channel: &'a str,
    /// When what counts went out.
    pub published: Range<DateTime<Utc>>,
    /// When what counts is, or was, to go out.
    pub planned: Range<DateTime<Utc>>,
}

/// How many posts of a channel count for a week.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WeekTally {
    /// What stands: withdrawn posts do not count.
    pub published: u32,
    /// What is still to go out.
    pub planned: u32,
}

/// For each channel of the JSON array `$1`: its name, from when to when what counts went out, and from when to when it
/// is to.
pub(super) const TALLIES: &str = concat!(
    "SELECT (SELECT COUNT(*) FROM delivery WHERE channel = c.slug AND published_at >= q.value ->> 1 \
       AND published_at < q.value ->> 2 AND state = 'published'), \
     (SELECT COUNT(*) FROM (",
    unfinished!(" AND d.planned_at >= q.value ->> 3 AND d.planned_at < q.value ->> 4"),
    ")) FROM json_each($1) q CROSS JOIN channel c ON c.slug = q.value ->> 0 ORDER BY q.key"
);
/// How many went out in each period of the JSON array `$2` and stand.
pub(super) const COUNTS: &str = "SELECT (SELECT COUNT(*) FROM delivery WHERE channel = $1 \
     AND published_at >= q.value ->> 0 AND published_at < q.value ->> 1 AND state = 'published') AS n \
     FROM json_each($2) q ORDER BY q.key";
pub(super) const REPORT: &str =
    "INSERT INTO week_report (channel, week, verdict, at) VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING";

impl Store {
    /// Counts each of these weeks, in their order. The channels must be known.
    pub async fn week_tallies(&self, weeks: &[WeekOfChannel<'_>]) -> Result<Vec<WeekTally>, StoreError> {
        let asked: Vec<_> = weeks
            .iter()
            .map(|WeekOfChannel { channel, published, planned }| {
                let [from, to] = [published.start, published.end].map(micros);
                (channel, from, to, micros(planned.start), micros(planned.end))
            })
            .collect();
        let rows = read_all!(&self.readers, (i64, i64), TALLIES, json(&asked)?)?;
        rows.into_iter()
            .zip(weeks)
            .map(|((published, planned), week)| {
                let count = |n| count("delivery", week.channel, n);
                Ok(WeekTally { published: count(published)?, planned: count(planned)? })
            })
            .collect()
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
