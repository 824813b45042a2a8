//! *Calendar*: month, week and list of an organisation's posts, and moving them.
//!
//! The server draws everything as tables, which a keyboard and a screen reader go through; a script lays a calendar
//! with dragging over the month and the week and asks [`events`] and [`move_post`] for the rest.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use chrono::{DateTime, NaiveDate, Utc};
use serde::Deserialize;

use super::journal::no_date;
use super::mistakes::Refused;
use super::page::Page;
use super::post::Paused;
use super::visitor::SignedIn;
use super::{Desk, WebError};
use crate::config::Organisation;
use crate::domain::wall_time::{day_start, local};
use crate::domain::{Deed, DeliveryId, PostId};
use crate::office::{Place, Standing};

mod dates;
mod events;
mod list;
mod move_draft;
mod move_post;
mod refusal;
mod rows;
mod tables;

use dates::{Period, View};
use list::ListView;
use tables::{MonthView, WeekView};

/// Posts that a month shows of one day before it says how many more there are.
const MONTH_POSTS: u32 = 4;
/// The same of a week.
const WEEK_POSTS: u32 = 30;
/// Posts on a page of the list.
const LIST_POSTS: u32 = 50;

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route("/calendar", get(calendar))
        .merge(events::routes())
        .merge(move_post::routes())
        .merge(move_draft::routes())
}

/// What of the calendar is asked for. What cannot be read means what most people want: this month, from today; of a day
/// that was typed it is said.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Asked {
    organisation: Option<String>,
    view: Option<String>,
    at: Option<String>,
    from: Option<String>,
    before: Option<String>,
    /// The post that was moved a moment ago.
    moved: Option<String>,
    /// A narrow window gets the grid, too, to be scrolled sideways.
    #[serde(rename = "grid")]
    is_grid: Option<String>,
}

#[derive(Template)]
#[template(path = "calendar/page.html")]
struct CalendarPage {
    page: Page,
    organisation: String,
    period: Period,
    /// Today on the clocks of the organisation.
    today: NaiveDate,
    may_settle: bool,
    /// The post that was moved a moment ago, and where it lies now.
    moved: Option<(PostId, String)>,
    /// The grid stays one in a narrow window.
    is_grid: bool,
    body: Body,
    /// The day as it was typed, where it is none.
    refused: Refused,
}

impl CalendarPage {
    fn is_moved(&self, id: &PostId) -> bool {
        self.moved.as_ref().is_some_and(|(moved, _)| moved == id)
    }
}

enum Body {
    Month(MonthView),
    Week(WeekView),
    List(ListView),
}

async fn calendar(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let organisation = chosen(&desk, &visitor, asked.organisation.as_deref())?;
    let zone = organisation.zone;
    let today = local(desk.office.clock.now(), zone).date_naive();
    let view = asked.view.as_deref().and_then(View::named).unwrap_or_default();
    let typed = asked.at.as_deref().map(str::trim).filter(|typed| !typed.is_empty());
    let wrong = typed.filter(|typed| dates::date(typed).is_none());
    let refused = wrong.map(|typed| Refused::at("at", &no_date(&visitor.page, "at", typed), typed));
    let at = typed.and_then(dates::date).unwrap_or(today);
    let mut period = Period { view, at };
    let paused = &Paused::read(&desk).await?;
    let drawing = rows::Drawing { desk: &desk, page: &visitor.page, organisation, today, paused };
    let body = match view {
        View::Month => Body::Month(MonthView::of(&drawing, period).await?),
        View::Week => Body::Week(WeekView::of(&drawing, period).await?),
        View::List => {
            let place = |text: &Option<String>| text.as_deref().and_then(place);
            let (place, backwards) = match (place(&asked.before), place(&asked.from)) {
                (Some(before), _) => (before, true),
                (None, Some(from)) => (from, false),
                (None, None) => (Place { at: day_start(at, zone), delivery: None }, false),
            };
            let list = ListView::of(&drawing, place, backwards).await?;
            period.at = list.days.first().map_or(at, |day| day.date);
            Body::List(list)
        }
    };
    let may_settle = visitor.person.rights.may(Deed::Settle, &organisation.slug);
    let page = visitor.page.clone();
    let moved = match asked.moved.as_deref().and_then(|id| id.parse().ok()) {
        Some(id) => moved(&desk, &page, organisation, id).await?,
        None => None,
    };
    let organisation = organisation.slug.clone();
    let is_grid = asked.is_grid.is_some() && view != View::List;
    let status = if refused.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let refused = refused.unwrap_or_default();
    let html =
        CalendarPage { page, organisation, period, today, may_settle, moved, is_grid, body, refused }.render()?;
    Ok((status, Html(html)).into_response())
}

/// Where a post of the organisation lies that was moved.
async fn moved(
    desk: &Desk,
    page: &Page,
    organisation: &Organisation,
    id: PostId,
) -> Result<Option<(PostId, String)>, WebError> {
    let posts = desk.office.store.post_summaries(&[id]).await?;
    let Some(post) = posts.iter().find(|post| post.organisation == organisation.slug) else { return Ok(None) };
    let standing = Standing::of_summary(post);
    let open = standing.deliveries.iter().filter(|d| d.state.may_go_out());
    let planned: Vec<_> = open.map(|d| (d.channel.clone(), d.planned_at)).collect();
    Ok(Some((id, move_post::told(desk, page, organisation.zone, (&post.title, &planned)))))
}

/// The organisation that is asked for, or the first that the visitor may read.
pub(super) fn chosen<'d>(
    desk: &'d Desk,
    visitor: &SignedIn,
    asked: Option<&str>,
) -> Result<&'d Organisation, WebError> {
    let first = visitor.page.organisations.first().map(|(slug, _)| slug.as_str());
    let slug = asked.filter(|slug| !slug.is_empty()).or(first).ok_or(WebError::NotFound)?;
    visitor.must(Deed::Read, slug)?;
    desk.office.config.organisation(slug).ok_or(WebError::NotFound)
}

/// A place of the list as it stands in addresses: microseconds, and the delivery where there is one.
fn place(text: &str) -> Option<Place> {
    let (micros, delivery) = text.split_once('.').unwrap_or((text, ""));
    let at = DateTime::<Utc>::from_timestamp_micros(micros.parse().ok()?)?;
    let delivery = if delivery.is_empty() { None } else { Some(delivery.parse::<DeliveryId>().ok()?) };
    Some(Place { at, delivery })
}

fn place_text(place: Place) -> String {
    let delivery = place.delivery.map(|id| id.to_string()).unwrap_or_default();
    format!("{}.{delivery}", place.at.timestamp_micros())
}
