//! The weekly minimum: counts every channel's week and says once what it came to.

use chrono::{DateTime, Utc};

use super::Jobs;
use super::weeks::{ChannelWeekReport, began, weeks_of};
use crate::domain::week::{IsoWeek, Verdict};
use crate::journal::Event;
use crate::journal::event::{Week, WeekVerdict};
use crate::store::{Store, StoreError};

/// Counts this week and the last for every channel. What they came to is written to the journal and the log, once for
/// each channel, week and verdict.
pub async fn count_week(jobs: &Jobs) -> Result<(), StoreError> {
    let now = jobs.clock.now();
    let channels = jobs.store.channel_views().await?;
    let began = began(&jobs.store).await?;
    let mut asked = Vec::new();
    for organisation in &jobs.organisations {
        let this_week = IsoWeek::of(now, organisation.zone);
        let last_week = this_week.previous();
        // Nobody is reproached with a week that was over before vestnik was there.
        if began.is_some_and(|began| last_week.bounds(organisation.zone).end > began) {
            asked.push((organisation, last_week));
        }
        asked.push((organisation, this_week));
    }
    for report in weeks_of(&jobs.store, &asked, &channels, jobs.week_minimum, now).await? {
        tell(&jobs.store, &report, now).await?;
    }
    Ok(())
}

async fn tell(store: &Store, report: &ChannelWeekReport, now: DateTime<Utc>) -> Result<(), StoreError> {
    let ChannelWeekReport { organisation, channel, week, count } = report;
    let told = Week {
        week: week.to_string(),
        published: count.published,
        planned: count.planned,
        minimum: count.minimum,
        verdict: journal_verdict(count.verdict),
    };
    let event = match count.verdict {
        // There is nothing to say yet.
        Verdict::OnTheWay => return Ok(()),
        Verdict::Met => Event::WeekCounted(told),
        Verdict::AtRisk => Event::WeekWarned(told),
        // A week that is over is counted, whatever it came to; a warning is for one that can still be saved.
        Verdict::Missed => Event::WeekCounted(told),
    };
    let week = week.to_string();
    if !store.report_week(organisation, channel, (&week, count.verdict.name()), event, now).await? {
        return Ok(());
    }
    let (published, planned, minimum) = (count.published, count.planned, count.minimum);
    match count.verdict {
        Verdict::Met | Verdict::OnTheWay => {
            tracing::info!(organisation, channel, week, published, minimum, "the week has its posts");
        }
        Verdict::AtRisk => tracing::warn!(
            organisation,
            channel,
            week,
            published,
            planned,
            minimum,
            "too few posts are planned for this week; queue more before Sunday ends"
        ),
        Verdict::Missed => {
            tracing::warn!(organisation, channel, week, published, minimum, "the week had too few posts");
        }
    }
    Ok(())
}

fn journal_verdict(verdict: Verdict) -> WeekVerdict {
    match verdict {
        Verdict::Met => WeekVerdict::Met,
        Verdict::OnTheWay => WeekVerdict::OnTheWay,
        Verdict::AtRisk => WeekVerdict::AtRisk,
        Verdict::Missed => WeekVerdict::Missed,
    }
}
