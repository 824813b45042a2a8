//! The channels: what is paused and why, what lies on them, whether the platform would take a post.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use chrono_tz::Tz;
use serde::Deserialize;

use super::live::LiveMark;
use super::mistakes::Refused;
use super::page::Page;
use super::post::told_key;
use super::posted::Posted;
use super::visitor::SignedIn;
use super::{Desk, WebError};
use crate::domain::Deed;
use crate::journal::VESTNIK;
use crate::office::{ChannelCheck, OfficeError, reason};
use crate::store::{ChannelView, StoreError, StoreRefusal};

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route("/channels", get(list))
        .route("/channels/{slug}/pause", post(pause))
        .route("/channels/{slug}/resume", post(resume))
        .route("/channels/{slug}/check", post(check))
}

#[derive(Template)]
#[template(path = "channels.html")]
struct ChannelsPage {
    page: Page,
    live: LiveMark,
    told: Option<&'static str>,
    groups: Vec<Group>,
}

/// The channels of an organisation.
struct Group {
    slug: String,
    name: String,
    zone: Tz,
    channels: Vec<Line>,
}

struct Line {
    name: String,
    view: ChannelView,
    /// How many deliveries are not at their end.
    unfinished: i64,
    /// The program stopped it by itself.
    was_refused: bool,
    /// What the platform said just now.
    checked: Option<Checked>,
    /// Why it was not paused.
    refused: Refused,
}

/// What came of asking a channel.
enum Checked {
    Answer(ChannelCheck),
    TooSlow,
}

impl Line {
    /// The `id` of the field for the reason.
    fn reason_place(&self) -> String {
        reason_place(&self.view.slug)
    }

    fn answer(&self) -> Option<&ChannelCheck> {
        match &self.checked {
            Some(Checked::Answer(answer)) => Some(answer),
            _ => None,
        }
    }

    fn was_too_slow(&self) -> bool {
        matches!(self.checked, Some(Checked::TooSlow))
    }
}

#[derive(Deserialize)]
struct Asked {
    told: Option<String>,
}

async fn list(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, WebError> {
    visitor.must_somewhere(Deed::Read)?;
    shown(&desk, visitor, told_key(asked.told.as_deref()), None, None).await
}

async fn shown(
    desk: &Desk,
    visitor: SignedIn,
    told: Option<&'static str>,
    mut checked: Option<(String, Checked)>,
    mut refused: Option<(String, Refused)>,
) -> Result<Html<String>, WebError> {
    let live = desk.live_mark(&visitor.person).await?;
    let mut views = desk.office.store.channel_views().await?;
    let unfinished = desk.office.store.unfinished().await?;
    let mut groups = Vec::with_capacity(visitor.page.organisations.len());
    for (slug, name) in &visitor.page.organisations {
        let own = views.extract_if(.., |view| view.organisation == *slug);
        let line = |view: ChannelView| Line {
            name: desk.channel_name(&view.slug),
            unfinished: unfinished.get(&view.slug).copied().unwrap_or_default(),
            was_refused: view.paused_by.as_deref() == Some(VESTNIK),
            checked: checked.take_if(|(slug, _)| *slug == view.slug).map(|(_, checked)| checked),
            refused: refused.take_if(|(slug, _)| *slug == view.slug).map(|(_, refused)| refused).unwrap_or_default(),
            view,
        };
        let channels = own.map(line).collect();
        groups.push(Group { slug: slug.clone(), name: name.clone(), zone: desk.zone(slug), channels });
    }
    Ok(Html(ChannelsPage { page: visitor.page, live, told, groups }.render()?))
}

fn reason_place(slug: &str) -> String {
    format!("reason-{slug}")
}

/// Lets those on who run this channel. To anyone else it does not exist.
fn must_run(desk: &Desk, visitor: &SignedIn, slug: &str) -> Result<(), WebError> {
    let (organisation, _) = desk.office.config.channel(slug).ok_or(WebError::NotFound)?;
    visitor.must(Deed::RunChannels, &organisation.slug)
}

#[derive(Deserialize)]
struct Pause {
    #[serde(default)]
    reason: String,
}

#[derive(Deserialize)]
struct Back {
    #[serde(default)]
    back: String,
}

async fn pause(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(slug): Path<String>,
    Posted(form): Posted<Pause>,
) -> Result<Response, WebError> {
    must_run(&desk, &visitor, &slug)?;
    let Ok(why) = reason(&form.reason) else {
        let refused = Refused::at(&reason_place(&slug), &visitor.page.t("post-reason-missing"), &form.reason);
        let html = shown(&desk, visitor, None, None, Some((slug, refused))).await?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, html).into_response());
    };
    let done = desk.office.pause(&slug, &visitor.person.name, &why).await;
    Ok(Redirect::to(&format!("/channels?told={}", told(done, "paused")?)).into_response())
}

async fn resume(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(slug): Path<String>,
    Posted(form): Posted<Back>,
) -> Result<Redirect, WebError> {
    must_run(&desk, &visitor, &slug)?;
    let told = told(desk.office.resume(&slug, &visitor.person.name).await, "resumed")?;
    let place = if form.back == "today" { "/today" } else { "/channels" };
    Ok(Redirect::to(&format!("{place}?told={told}")))
}

/// What is so already is no failure: a click came twice, or a colleague was quicker.
fn told(done: Result<(), OfficeError>, word: &'static str) -> Result<&'static str, WebError> {
    match done {
        Ok(()) => Ok(word),
        Err(OfficeError::Store(StoreError::Refused(
            StoreRefusal::AlreadyPaused { .. } | StoreRefusal::NotPaused { .. },
        ))) => Ok("already"),
        Err(error) => Err(error.into()),
    }
}

async fn check(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(slug): Path<String>,
    Posted(_): Posted<Back>,
) -> Result<Html<String>, WebError> {
    must_run(&desk, &visitor, &slug)?;
    let answer = desk.office.check_channel(&slug).await?;
    let checked = answer.map_or(Checked::TooSlow, Checked::Answer);
    shown(&desk, visitor, None, Some((slug, checked)), None).await
}
