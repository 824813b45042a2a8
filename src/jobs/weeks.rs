//! Every channel's weeks against the weekly minimum: the one that runs, and those that are over.

use std::ops::Range;

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::Organisation;
use crate::domain::week::{IsoWeek, WeekCount, planned_within};
use crate::journal::INSTALLATION;
use crate::store::{ChannelView, Store, StoreError, WeekOfChannel, WeekTally};

/// One channel's week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChannelWeekReport {
    /// The organisation.
    pub organisation: String,
    /// The channel.
    pub channel: String,
    /// The week, in the organisation's zone.
    pub week: IsoWeek,
    /// What it comes to.
    #[serde(flatten)]
    pub count: WeekCount,
}

/// Every channel's `week`, or the current one where none is named: organisations in their order, the primary first.
pub async fn weeks(
    store: &Store,
    organisations: &[Organisation],
    minimum: u32,
    week: Option<IsoWeek>,
    now: DateTime<Utc>,
) -> Result<Vec<ChannelWeekReport>, StoreError> {
    let channels = store.channel_views().await?;
    let asked: Vec<_> = organisations
        .iter()
        .map(|organisation| (organisation, week.unwrap_or_else(|| IsoWeek::of(now, organisation.zone))))
        .collect();
    weeks_of(store, &asked, &channels, minimum, now).await
}

/// The weeks that are asked for, of every channel of their organisations.
pub(super) async fn weeks_of(
    store: &Store,
    asked: &[(&Organisation, IsoWeek)],
    channels: &[ChannelView],
    minimum: u32,
    now: DateTime<Utc>,
) -> Result<Vec<ChannelWeekReport>, StoreError> {
    let mut wanted = Vec::new();
    for &(organisation, week) in asked {
        let bounds = week.bounds(organisation.zone);
        let own = channels.iter().filter(|channel| channel.organisation == organisation.slug);
        wanted.extend(own.map(|channel| (channel, week, bounds.clone())));
    }
    let counted = wanted.iter().map(|(channel, _, bounds)| WeekOfChannel {
        channel: &channel.slug,
        published: bounds.clone(),
        planned: planned_within(bounds, now),
    });
    let tallies = store.week_tallies(&counted.collect::<Vec<_>>()).await?;
    let report = |((channel, week, bounds), tally): ((&ChannelView, _, Range<_>), WeekTally)| ChannelWeekReport {
        organisation: channel.organisation.clone(),
        channel: channel.slug.clone(),
        week,
        count: WeekCount::of(tally.published, tally.planned, minimum, now >= bounds.end),
    };
    Ok(wanted.into_iter().zip(tallies).map(report).collect())
}

/// A channel's week that is over.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct PastWeek {
    /// The week, in the organisation's zone.
    pub week: IsoWeek,
    /// How many posts went out and stand.
    pub published: u32,
    /// Whether vestnik was at work by the end of the week: nobody is reproached with one before.
    pub was_counted: bool,
}

/// The weeks of a channel before `until`, oldest first.
pub async fn past_weeks(
    store: &Store,
    organisation: &Organisation,
    channel: &str,
    until: IsoWeek,
    how_many: usize,
) -> Result<Vec<PastWeek>, StoreError> {
    let before = std::iter::successors(Some(until.previous()), |week| Some(week.previous()));
    let mut weeks: Vec<_> = before.take(how_many).collect();
    weeks.reverse();
    let periods: Vec<_> = weeks.iter().map(|week| week.bounds(organisation.zone)).collect();
    let counts = store.channel_counts(channel, &periods).await?;
    let began = began(store).await?;
    let past = weeks.into_iter().zip(periods).zip(counts).map(|((week, period), published)| PastWeek {
        week,
        published,
        was_counted: began.is_some_and(|began| period.end > began),
    });
    Ok(past.collect())
}

/// When vestnik began its work here.
pub(super) async fn began(store: &Store) -> Result<Option<DateTime<Utc>>, StoreError> {
    let first = store.journal_page(INSTALLATION, 0, 1).await?;
    Ok(first.first().and_then(|row| DateTime::from_timestamp_micros(row.at)))
}
