//! Every channel's weeks against the weekly minimum: the one that runs, and those that are over.

use chrono::{DateTime, Utc};
use serde::Serialize;

use super::Organisation;
use crate::domain::week::{IsoWeek, WeekCount, count};
use crate::journal::INSTALLATION;
use crate::store::{ChannelView, Store, StoreError};

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
    let mut reports = Vec::with_capacity(channels.len());
    for organisation in organisations {
        let week = week.unwrap_or_else(|| IsoWeek::of(now, organisation.zone));
        reports.extend(weeks_of(store, organisation, &channels, minimum, week, now).await?);
    }
    Ok(reports)
}

pub(super) async fn weeks_of(
    store: &Store,
    organisation: &Organisation,
    channels: &[ChannelView],
    minimum: u32,
    week: IsoWeek,
    now: DateTime<Utc>,
) -> Result<Vec<ChannelWeekReport>, StoreError> {
    let bounds = week.bounds(organisation.zone);
    let mut reports = Vec::new();
    for channel in channels.iter().filter(|channel| channel.organisation == organisation.slug) {
        let times = store.channel_week(&channel.slug, bounds.start, bounds.end).await?;
        reports.push(ChannelWeekReport {
            organisation: organisation.slug.clone(),
            channel: channel.slug.clone(),
            week,
            count: count(&times.published, &times.planned, minimum, week, organisation.zone, now),
        });
    }
    Ok(reports)
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
