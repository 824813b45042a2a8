//! *Week*: every channel against the weekly minimum, now and over the last half year.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use serde::Deserialize;

use super::calendar::chosen;
use super::page::Page;
use super::visitor::SignedIn;
use super::{Desk, WebError};
use crate::config::Organisation;
use crate::domain::week::IsoWeek;
use crate::jobs::{self, ChannelWeekReport, past_weeks};

mod picture;
mod planned;

use picture::Picture;
use planned::Planned;

/// Half a year.
const PAST_WEEKS: usize = 26;

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/weeks", get(weeks))
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Asked {
    organisation: Option<String>,
    week: Option<String>,
}

#[derive(Template)]
#[template(path = "weeks/page.html")]
struct WeeksPage {
    page: Page,
    organisation: String,
    name: String,
    week: IsoWeek,
    is_current: bool,
    minimum: u32,
    channels: Vec<ChannelWeek>,
    planned: Planned,
    picture: Picture,
}

/// One channel's week.
struct ChannelWeek {
    name: String,
    report: ChannelWeekReport,
}

impl ChannelWeek {
    /// The verdict's name.
    fn verdict(&self) -> &'static str {
        self.report.count.verdict.name()
    }

    /// The key of its words.
    fn verdict_key(&self) -> String {
        format!("weeks-verdict-{}", self.verdict().replace('_', "-"))
    }

    /// How many are missing even when everything planned goes out.
    fn missing(&self) -> u32 {
        let count = self.report.count;
        count.minimum.saturating_sub(count.published.saturating_add(count.planned))
    }
}

impl WeeksPage {
    /// «16 ноября – 22 ноября 2026».
    fn days(&self) -> String {
        self.page.week(self.week.monday())
    }
}

async fn weeks(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, WebError> {
    let organisation = chosen(&desk, &visitor, asked.organisation.as_deref())?;
    let (store, now) = (&desk.office.store, desk.office.clock.now());
    let current = IsoWeek::of(now, organisation.zone);
    let week = asked.week.as_deref().and_then(|week| week.parse().ok()).unwrap_or(current);
    let minimum = desk.office.config.week_minimum;
    let of_jobs = [job_organisation(organisation)];
    let reports = jobs::weeks(store, &of_jobs, minimum, Some(week), now).await?;
    let mut histories = Vec::new();
    for report in &reports {
        let weeks = past_weeks(store, &of_jobs[0], &report.channel, current, PAST_WEEKS).await?;
        histories.push((desk.channel_name(&report.channel), weeks));
    }
    let channels =
        reports.into_iter().map(|report| ChannelWeek { name: desk.channel_name(&report.channel), report }).collect();
    let page = WeeksPage {
        organisation: organisation.slug.clone(),
        name: organisation.name.clone(),
        is_current: week == current,
        planned: Planned::of(&desk, &visitor.page, organisation, week).await?,
        picture: Picture::of(histories, minimum),
        page: visitor.page,
        week,
        minimum,
        channels,
    };
    Ok(Html(page.render()?))
}

fn job_organisation(organisation: &Organisation) -> jobs::Organisation {
    jobs::Organisation { slug: organisation.slug.clone(), zone: organisation.zone }
}
