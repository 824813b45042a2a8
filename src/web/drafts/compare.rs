//! Two people wrote at once: both texts side by side, and the ways out. Nothing is overwritten before someone chose.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use chrono_tz::Tz;

use super::super::page::Page;
use super::super::posted::Posted;
use super::super::visitor::SignedIn;
use super::super::{Desk, WebError};
use super::composer::{self, Written};
use super::difference::{Difference, differences};
use super::write::after;
use super::{DraftForm, found};
use crate::domain::draft::DraftContent;
use crate::domain::{Deed, DraftId};
use crate::store::{Draft, Signed};

#[derive(Template)]
#[template(path = "drafts/compare.html")]
struct Compare {
    page: Page,
    id: DraftId,
    /// The version of their text: what is sent from here knows it.
    version: u32,
    organisation: String,
    zone: Tz,
    theirs: Signed,
    content: DraftContent,
    differences: Vec<Difference>,
}

/// The page for a text that could not be kept.
pub(super) async fn page(
    desk: &Desk,
    visitor: SignedIn,
    mine: DraftForm,
    theirs: &Draft,
) -> Result<Response, WebError> {
    let organisation = desk.office.config.organisation(&theirs.organisation).ok_or(WebError::NotFound)?;
    let page = visitor.page;
    let mine = mine.content.for_channels(|slug| organisation.has_channel(slug));
    let name = |slug: &str| desk.name_in_draft(organisation, slug);
    let shown = Compare {
        differences: differences(&page, &theirs.content, &mine, name).await?,
        page,
        id: theirs.id,
        version: theirs.version,
        organisation: theirs.organisation.clone(),
        zone: organisation.zone,
        theirs: theirs.changed.clone(),
        content: mine,
    };
    Ok((StatusCode::CONFLICT, Html(shown.render()?)).into_response())
}

/// Compares what was typed with what is kept; keeps nothing.
pub(super) async fn compare(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<String>,
    Posted(form): Posted<DraftForm>,
) -> Result<Response, WebError> {
    let theirs = found(&desk, &visitor, &id, Deed::Write).await?;
    if !theirs.state.is_open() {
        return Ok(Redirect::to(&after(&theirs)).into_response());
    }
    page(&desk, visitor, form, &theirs).await
}

/// The composer with one's own text, and theirs beside it: what is kept from there is the whole.
pub(super) async fn merge(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<String>,
    Posted(form): Posted<DraftForm>,
) -> Result<Response, WebError> {
    let theirs = found(&desk, &visitor, &id, Deed::Write).await?;
    if !theirs.state.is_open() {
        return Ok(Redirect::to(&after(&theirs)).into_response());
    }
    if form.version != theirs.version {
        return page(&desk, visitor, form, &theirs).await;
    }
    let organisation = desk.office.config.organisation(&theirs.organisation).ok_or(WebError::NotFound)?;
    let mine = form.content.for_channels(|slug| organisation.has_channel(slug));
    let name = |slug: &str| desk.name_in_draft(organisation, slug);
    let differing = differences(&visitor.page, &theirs.content, &mine, name).await?;
    let written = Written { theirs: Some((theirs.changed.clone(), differing)), content: mine, ..Written::of(&theirs) };
    composer::page(&desk, visitor, written, StatusCode::OK).await
}
