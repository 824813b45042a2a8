//! Moving a post or one of its followers: a page with forms, and the same by dragging.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::header::ACCEPT;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::get;
use axum::{Json, Router};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::dates::View;
use super::refusal::Refusal;
use crate::config::Organisation;
use crate::domain::schedule::follower_at;
use crate::domain::wall_time::local;
use crate::domain::{Deed, PostId};
use crate::office::{MoveTo, Standing, time_of};
use crate::store::Moved;
use crate::web::mistakes::Refused;
use crate::web::page::Page;
use crate::web::plan::{lies, whole_minute};
use crate::web::post::{Paused, told_at};
use crate::web::posted::Posted;
use crate::web::visitor::SignedIn;
use crate::web::{Desk, WebError};

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/posts/{id}/move", get(page).post(move_post))
}

/// Where a mover came from: a view of the calendar by its name, or `post`.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Back {
    back: String,
}

/// A wish. `seen` is where the mover saw it lie.
#[derive(Debug, Clone, Deserialize)]
struct Wish {
    at: String,
    #[serde(default)]
    channel: String,
    #[serde(default)]
    seen: Option<i64>,
    #[serde(default)]
    back: String,
}

#[derive(Template)]
#[template(path = "calendar/move.html")]
struct MovePage {
    page: Page,
    id: PostId,
    title: String,
    zone: Tz,
    back: String,
    legs: Vec<MoveLeg>,
    /// The time that was wished and refused, with the reason.
    refused: Refused,
}

/// One channel of the post.
struct MoveLeg {
    name: String,
    /// The follower's slug; empty for the primary, with which everything moves.
    channel: String,
    at: DateTime<Utc>,
    /// Where it lies, as a form carries it.
    seen: i64,
    /// As a `datetime-local` field has it.
    typed: String,
    state: &'static str,
    is_movable: bool,
    /// For followers that may be moved: not before.
    earliest: Option<DateTime<Utc>>,
}

impl MoveLeg {
    /// The `id` of the field for its time.
    fn place(&self) -> String {
        place(&self.channel)
    }
}

fn place(channel: &str) -> String {
    if channel.is_empty() { "at".to_owned() } else { format!("at-{channel}") }
}

/// What a script is told of a move.
#[derive(Debug, Serialize)]
struct Told {
    /// One sentence.
    told: String,
    /// What is sent along to move it back.
    fields: Vec<(&'static str, String)>,
}

async fn page(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<String>,
    Query(Back { back }): Query<Back>,
) -> Result<Html<String>, WebError> {
    let (id, organisation) = own_post(&desk, &visitor, &id).await?;
    let shown = form(&desk, visitor.page, organisation, id, back, Refused::default()).await?;
    Ok(Html(shown.render()?))
}

async fn move_post(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Posted(wish): Posted<Wish>,
) -> Result<Response, WebError> {
    let (id, organisation) = own_post(&desk, &visitor, &id).await?;
    let zone = organisation.zone;
    let channel = Some(wish.channel.clone()).filter(|channel| !channel.is_empty());
    let to = MoveTo { at: wish.at.clone(), channel, seen: wish.seen };
    let by_script = wants_json(&headers);
    match desk.office.move_post(id, to, &visitor.person.name).await {
        Ok(moved) if by_script => {
            let title = desk.office.store.calendar_posts(&[id]).await?.remove(&id).map(|post| post.title);
            let told = told(&desk, &visitor.page, zone, (&title.unwrap_or_default(), &moved.planned));
            Ok(Json(Told { told, fields: fields(&wish.channel, &moved) }).into_response())
        }
        Ok(moved) => Ok(Redirect::to(&after(&wish, id, &organisation.slug, zone, &moved)).into_response()),
        Err(error) => {
            let Refusal { status, why } = Refusal::of(error, &visitor.page, zone)?;
            if by_script {
                return Ok(refused_by_script(status, &why));
            }
            let back = wish.back.clone();
            let refused = Refused::at(&place(&wish.channel), &why, &wish.at);
            let shown = form(&desk, visitor.page, organisation, id, back, refused).await?;
            Ok((status, Html(shown.render()?)).into_response())
        }
    }
}

/// A refusal as a script reads it.
pub(super) fn refused_by_script(status: StatusCode, why: &str) -> Response {
    (status, Json(serde_json::json!({ "why": why }))).into_response()
}

/// Whether a script asks, which shows the answer in the page that it is on.
pub(super) fn wants_json(headers: &HeaderMap) -> bool {
    headers.get(ACCEPT).and_then(|v| v.to_str().ok()).is_some_and(|accept| accept.contains("application/json"))
}

/// The post, if the visitor may move posts of its organisation.
async fn own_post<'d>(desk: &'d Desk, visitor: &SignedIn, id: &str) -> Result<(PostId, &'d Organisation), WebError> {
    let id: PostId = id.parse().map_err(|_| WebError::NotFound)?;
    let slug = desk.office.store.organisation_of_post(id).await?.ok_or(WebError::NotFound)?;
    visitor.must(Deed::Settle, &slug)?;
    Ok((id, desk.office.config.organisation(&slug).ok_or(WebError::NotFound)?))
}

async fn form(
    desk: &Desk,
    page: Page,
    organisation: &Organisation,
    id: PostId,
    back: String,
    refused: Refused,
) -> Result<MovePage, WebError> {
    let posts = desk.office.store.post_summaries(&[id]).await?;
    let post = posts.into_iter().next().ok_or(WebError::NotFound)?;
    let standing = Standing::of_summary(&post);
    let current = &standing.deliveries;
    let primary_at = current.iter().find(|d| d.is_primary).map(|d| time_of(d));
    let hold = desk.office.config.hold;
    let paused = Paused::read(desk).await?;
    let legs = current.iter().map(|d| {
        // What the hold says: of one that is held, its end lies where no own time does.
        let earliest = primary_at.map(|at| whole_minute(follower_at(at, hold, None))).filter(|_| !d.is_primary);
        MoveLeg {
            name: desk.channel_name(&d.channel),
            channel: if d.is_primary { String::new() } else { d.channel.clone() },
            at: told_at(d),
            seen: d.planned_at.timestamp_micros(),
            // A time that ends within a minute would be before itself when it is typed.
            typed: typed(whole_minute(d.planned_at), organisation.zone),
            state: paused.stands(d, &standing),
            is_movable: d.is_movable(),
            earliest,
        }
    });
    let legs: Vec<MoveLeg> = legs.collect();
    let is_there = |place: &str| legs.iter().any(|leg| leg.is_movable && leg.place() == place);
    let refused = refused.placed(|place| is_there(place).then(|| place.to_owned()));
    let title = post.title.clone();
    Ok(MovePage { page, id, title, zone: organisation.zone, back, legs, refused })
}

/// A time as a `datetime-local` field has it.
fn typed(at: DateTime<Utc>, zone: Tz) -> String {
    local(at, zone).format("%Y-%m-%dT%H:%M").to_string()
}

/// Where the mover sees what became of it: the post that they came from, or the calendar around the new time, in the
/// view that they had.
fn after(wish: &Wish, id: PostId, organisation: &str, zone: Tz, moved: &Moved) -> String {
    if wish.back == "post" {
        return format!("/posts/{id}?told=moved");
    }
    let view = View::named(&wish.back).unwrap_or_default().name();
    let own = moved.planned.iter().find(|(slug, _)| *slug == wish.channel).or(moved.planned.first());
    let at = own.map(|(_, at)| local(*at, zone).format("&at=%Y-%m-%d").to_string()).unwrap_or_default();
    format!("/calendar?view={view}&organisation={organisation}{at}&moved={id}#moved")
}

/// «„Субботник“ перенесена: MAX 23 ноября, 10:00; VK, OK не раньше 23 ноября, 14:01».
pub(super) fn told(desk: &Desk, page: &Page, zone: Tz, (title, planned): (&str, &[(String, DateTime<Utc>)])) -> String {
    let legs = planned.iter().map(|(slug, at)| (slug.as_str(), *at));
    page.t("move-done").with("title", title.to_owned()).with("where", lies(desk, page, zone, legs)).to_string()
}

/// What a wish has to carry that moves it from where it lies now.
fn fields(channel: &str, moved: &Moved) -> Vec<(&'static str, String)> {
    let lies = moved.planned.iter().find(|(slug, _)| slug == channel);
    let seen = if channel.is_empty() { moved.planned.first() } else { lies };
    let seen = seen.map(|(_, at)| ("seen", at.timestamp_micros().to_string()));
    seen.into_iter().chain((!channel.is_empty()).then(|| ("channel", channel.to_owned()))).collect()
}
