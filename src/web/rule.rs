//! *Правило четырёх часов*: every publication of a period on a follower with its distance to MAX, the smallest first.

mod export;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::{get, post};
use chrono::{DateTime, Datelike as _, NaiveDate, Utc};
use chrono_tz::Tz;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

use super::journal::period;
use super::mistakes::Mistakes;
use super::page::Page;
use super::visitor::SignedIn;
use super::{Desk, WebError};
use crate::config::Organisation;
use crate::domain::Deed;
use crate::domain::wall_time::{day_start, local};
use crate::history::index;
use crate::history::rule::period::{Counts, Measured, counts, smallest};
use crate::history::rule::{Distance, Verdict, hours};
use crate::journal::event::Action;
use crate::store::{DistancePeriod, DistancePlace};

/// Publications on a page.
const PAGE: u32 = 100;
/// Entries that are indexed before an answer, rather than left to the indexing in the background.
const CATCH_UP_MAX: u64 = 2_000;

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/rule", get(show)).route("/rule/export", post(export::take))
}

/// The fields of the form above the table.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    organisation: Option<String>,
    channel: Option<String>,
    from: Option<String>,
    to: Option<String>,
    /// The publication after which the page begins: `seconds.entry`.
    after: Option<String>,
}

/// What is asked for, once it is known to be allowed.
struct Question<'a> {
    organisation: &'a Organisation,
    period: DistancePeriod,
    /// The days of the period, as the form has them; the second one is still in it.
    days: (NaiveDate, NaiveDate),
}

#[derive(Template)]
#[template(path = "rule/page.html")]
struct RulePage {
    page: Page,
    zone: Tz,
    organisation: String,
    organisation_name: String,
    /// Followers that can be chosen: slug and name.
    channels: Vec<(String, String)>,
    channel: String,
    /// As the form has them.
    from: String,
    to: String,
    /// What cannot be understood of it: then there is no answer.
    mistakes: Mistakes,
    answer: Option<Answer>,
}

/// What the rule comes to over a period.
struct Answer {
    /// As people say them.
    first_day: String,
    last_day: String,
    counts: Counts,
    rows: Vec<Measured>,
    next: Option<String>,
    is_first: bool,
    not_indexed: u64,
}

/// Which colour says a verdict again.
pub(super) fn tone(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Kept => "good",
        Verdict::Unknown => "wait",
        Verdict::Broken | Verdict::NoPrimary => "bad",
    }
}

impl RulePage {
    fn verdict_key(distance: &Distance) -> String {
        format!("rule-{}", distance.verdict.name().replace('_', "-"))
    }

    fn hours(distance: &Distance) -> String {
        distance.distance_seconds.map_or_else(|| "—".to_owned(), hours)
    }

    fn required(distance: &Distance) -> String {
        hours(distance.required_seconds.into())
    }

    fn is_edit(distance: &Distance) -> bool {
        distance.action == Action::Edit
    }

    fn tone(distance: &Distance) -> &'static str {
        tone(distance.verdict)
    }

    /// What people call a channel.
    fn name<'a>(&'a self, slug: &'a str) -> &'a str {
        self.channels.iter().find(|(known, _)| known == slug).map_or(slug, |(_, name)| name)
    }

    fn time(&self, at: &DateTime<Utc>) -> String {
        self.page.exact_time(at, &self.zone)
    }
}

async fn show(State(desk): State<Desk>, visitor: SignedIn, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let (organisation, channel) = asked.place(&desk, &visitor)?;
    let mut shown = RulePage {
        zone: organisation.zone,
        organisation: organisation.slug.clone(),
        organisation_name: organisation.name.clone(),
        channels: followers(&desk, organisation),
        channel: channel.unwrap_or_default().to_owned(),
        from: asked.from.clone().unwrap_or_default(),
        to: asked.to.clone().unwrap_or_default(),
        page: visitor.page.clone(),
        mistakes: Mistakes::default(),
        answer: None,
    };
    let question = match asked.question(&desk, &visitor) {
        Err(WebError::Mistyped { field, words }) => {
            shown.mistakes = Mistakes::at(field, &words);
            return Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(shown.render()?)).into_response());
        }
        question => question?,
    };
    (shown.from, shown.to) = (question.days.0.to_string(), question.days.1.to_string());
    shown.answer = Some(answer(&desk, &visitor.page, &asked, &question).await?);
    Ok(Html(shown.render()?).into_response())
}

async fn answer(desk: &Desk, page: &Page, asked: &Asked, question: &Question<'_>) -> Result<Answer, WebError> {
    let after = match asked.after.as_deref().filter(|text| !text.is_empty()) {
        Some(text) => place(text).ok_or(WebError::NotFound)?,
        None => DistancePlace::FIRST,
    };
    let store = &desk.office.store;
    let chain = &question.period.chain;
    // A database that takes no more is no reason not to show what is known.
    let not_indexed = match index::catch_up(store, chain, CATCH_UP_MAX).await {
        Ok(reach) => reach.missing(),
        Err(error) => {
            tracing::warn!(%error, chain, "the index of the journal was not brought up");
            0
        }
    };
    let mut rows = smallest(store, &question.period, after, PAGE + 1).await?;
    let is_more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    let next = rows.last().filter(|_| is_more).map(|row| {
        let after = format!("{}.{}", row.place.key, row.place.seq);
        format!("/rule?{}&after={after}", Asked::pairs(question))
    });
    Ok(Answer {
        counts: counts(store, &question.period).await?,
        first_day: in_words(page, question.days.0),
        last_day: in_words(page, question.days.1),
        is_first: after == DistancePlace::FIRST,
        rows,
        next,
        not_indexed,
    })
}

/// A day as people say it, like «22 ноября 2026».
fn in_words(page: &Page, day: NaiveDate) -> String {
    format!("{} {}", page.day(day), day.year())
}

fn followers(desk: &Desk, organisation: &Organisation) -> Vec<(String, String)> {
    let followers = organisation.channels.iter().filter(|c| !c.primary);
    followers.map(|c| (c.slug.clone(), desk.channel_name(&c.slug))).collect()
}

fn place(text: &str) -> Option<DistancePlace> {
    let (key, seq) = text.split_once('.')?;
    Some(DistancePlace { key: key.parse().ok()?, seq: seq.parse().ok()? })
}

impl Asked {
    /// Where: the visitor's first organisation and all of its channels, unless something else is chosen.
    fn place<'a>(&self, desk: &'a Desk, visitor: &SignedIn) -> Result<(&'a Organisation, Option<&str>), WebError> {
        let chosen = self.organisation.as_deref().filter(|slug| !slug.is_empty());
        let slug = chosen.or(visitor.page.organisations.first().map(|(slug, _)| slug.as_str()));
        let organisation = slug.and_then(|slug| desk.office.config.organisation(slug)).ok_or(WebError::NotFound)?;
        visitor.must(Deed::Read, &organisation.slug)?;
        let channel = self.channel.as_deref().filter(|slug| !slug.is_empty());
        if channel.is_some_and(|slug| !organisation.channels.iter().any(|c| c.slug == slug)) {
            return Err(WebError::NotFound);
        }
        Ok((organisation, channel))
    }

    /// What is asked for: there, the month that runs, unless other days are chosen.
    fn question<'a>(&self, desk: &'a Desk, visitor: &SignedIn) -> Result<Question<'a>, WebError> {
        let (organisation, channel) = self.place(desk, visitor)?;
        let (zone, now) = (organisation.zone, desk.office.clock.now());
        let (from, to) = period(&visitor.page, zone, now, self.from.as_ref(), self.to.as_ref())?;
        let today = local(now, zone).date_naive();
        let to = to.unwrap_or_else(|| day_start(today.succ_opt().unwrap_or(today), zone));
        // The month of the last day, where only the end is chosen.
        let last = local(to - chrono::TimeDelta::microseconds(1), zone).date_naive();
        let from = from.unwrap_or_else(|| day_start(last.with_day(1).unwrap_or(last), zone));
        let period =
            DistancePeriod { chain: organisation.slug.clone(), from, to, channel: channel.map(ToOwned::to_owned) };
        Ok(Question { organisation, period, days: (local(from, zone).date_naive(), last) })
    }

    /// The same question as a link carries it.
    fn pairs(question: &Question<'_>) -> String {
        let encoded = |text: &str| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        let mut pairs = format!(
            "organisation={}&from={}&to={}",
            encoded(&question.organisation.slug),
            question.days.0,
            question.days.1
        );
        if let Some(channel) = &question.period.channel {
            pairs.push_str("&channel=");
            pairs.push_str(&encoded(channel));
        }
        pairs
    }
}
