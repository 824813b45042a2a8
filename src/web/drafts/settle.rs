//! What people decide about a draft that somebody wrote.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use chrono_tz::Tz;
use serde::Deserialize;

use super::super::mistakes::{Mistakes, Refused};
use super::super::page::Page;
use super::super::posted::Posted;
use super::super::visitor::SignedIn;
use super::super::{Desk, WebError, words};
use super::composer::{self, Written};
use super::shown::Said;
use super::write::queued;
use super::{found, shown};
use crate::domain::Deed;
use crate::domain::DraftId;
use crate::domain::draft::{DraftRefusal, DraftState};
use crate::office::{OfficeError, OfficeRefusal};
use crate::store::{Began, Draft, StoreError};

/// What a decision is about, and what is said of it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Decision {
    /// The version that was read.
    version: u32,
    /// A reason, or a remark.
    text: String,
    /// Another time, where the written one has passed.
    at: String,
}

/// What waits for a new time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Waits {
    Approval,
    Queue,
}

impl Waits {
    /// Where the new time is sent, why it is asked for, and the name of the button.
    fn words(self) -> (&'static str, &'static str, &'static str) {
        match self {
            Self::Approval => ("approve", "draft-time-how-approve", "draft-approve"),
            Self::Queue => ("release", "draft-time-how", "draft-queue"),
        }
    }
}

#[derive(Template)]
#[template(path = "drafts/time.html")]
struct AskTime {
    page: Page,
    waits: Waits,
    id: DraftId,
    version: u32,
    title: String,
    at: String,
    zone: Tz,
    /// A new time that is none, either.
    refused: Refused,
}

pub(super) async fn approve(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<String>,
    Posted(decision): Posted<Decision>,
) -> Result<Response, WebError> {
    let draft = found(&desk, &visitor, &id, Deed::Approve).await?;
    let by = &visitor.person.name;
    match desk.office.approve_draft(draft.id, decision.version, Some(&decision.at), by).await {
        Err(error @ (OfficeError::Time(_) | OfficeError::Store(StoreError::Draft(DraftRefusal::TimePassed)))) => {
            let problems = words::reasons(&desk, &visitor.page, error)?;
            ask_time(&desk, visitor, &draft, Waits::Approval, no_time(&problems, &decision.at))
        }
        done => back(&draft, done, "approved"),
    }
}

pub(super) async fn send_back(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<String>,
    Posted(decision): Posted<Decision>,
) -> Result<Response, WebError> {
    let draft = found(&desk, &visitor, &id, Deed::Approve).await?;
    let by = visitor.person.name.clone();
    let done = desk.office.return_draft(draft.id, decision.version, &decision.text, &by).await;
    if let Some(refused) = no_text(&desk, &visitor.page, &done, ("return-reason", &decision.text)) {
        let said = Said { refused, ..Said::default() };
        return shown::page(&desk, visitor, &draft, said, StatusCode::UNPROCESSABLE_ENTITY).await;
    }
    back(&draft, done, "returned")
}

pub(super) async fn comment(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<String>,
    Posted(decision): Posted<Decision>,
) -> Result<Response, WebError> {
    let draft = found(&desk, &visitor, &id, Deed::Write).await?;
    let done = desk.office.comment_draft(draft.id, &decision.text, &visitor.person.name).await;
    if let Some(refused) = no_text(&desk, &visitor.page, &done, ("remark", &decision.text)) {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        if draft.state == DraftState::Draft {
            return composer::page(&desk, visitor, Written { refused, ..Written::of(&draft) }, status).await;
        }
        return shown::page(&desk, visitor, &draft, Said { refused, ..Said::default() }, status).await;
    }
    back(&draft, done, "remarked")
}

pub(super) async fn discard(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<String>,
    Posted(Decision { .. }): Posted<Decision>,
) -> Result<Response, WebError> {
    let draft = found(&desk, &visitor, &id, Deed::Write).await?;
    desk.office.discard_draft(draft.id, &visitor.person.name).await?;
    Ok(Redirect::to(&format!("/drafts?organisation={}&told=discarded", draft.organisation)).into_response())
}

/// How a post stands that is shown beside the draft that edits it.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Seen {
    revision: u32,
    /// Its times, as the page carries them.
    times: String,
}

/// Goes on editing a post as it was shown.
pub(super) async fn go_on(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<String>,
    Posted(Seen { revision, times }): Posted<Seen>,
) -> Result<Response, WebError> {
    let draft = found(&desk, &visitor, &id, Deed::Write).await?;
    let seen = Began { revision, times: serde_json::from_str(&times).ok() };
    desk.office.begin_draft_anew(draft.id, seen, &visitor.person.name).await?;
    Ok(Redirect::to(&format!("/drafts/{}?edit", draft.id)).into_response())
}

/// Queues what was approved, as it was approved. `at`: a new time for what has passed.
pub(super) async fn release(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<String>,
    Posted(decision): Posted<Decision>,
) -> Result<Response, WebError> {
    let draft = found(&desk, &visitor, &id, Deed::Write).await?;
    let by = &visitor.person.name;
    match desk.office.queue_draft(draft.id, decision.version, Some(&decision.at), by).await {
        Ok(post) => Ok(Redirect::to(&queued(&draft, post)).into_response()),
        Err(error) => {
            let has_passed = matches!(error, OfficeError::Store(StoreError::Draft(DraftRefusal::TimePassed)));
            let problems = words::reasons(&desk, &visitor.page, error)?;
            if has_passed || (!decision.at.trim().is_empty() && problems.all().iter().all(|one| one.is_at("at"))) {
                return ask_time(&desk, visitor, &draft, Waits::Queue, no_time(&problems, &decision.at));
            }
            shown::page(&desk, visitor, &draft, said(problems), StatusCode::UNPROCESSABLE_ENTITY).await
        }
    }
}

/// Asks for a new time.
pub(super) fn ask_time(
    desk: &Desk,
    visitor: SignedIn,
    draft: &Draft,
    waits: Waits,
    refused: Refused,
) -> Result<Response, WebError> {
    let organisation = desk.office.config.organisation(&draft.organisation).ok_or(WebError::NotFound)?;
    let asked = AskTime {
        waits,
        id: draft.id,
        version: draft.version,
        title: draft.content.title.clone(),
        at: shown::wished(&visitor.page, draft),
        zone: organisation.zone,
        page: visitor.page,
        refused,
    };
    Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(asked.render()?)).into_response())
}

/// What was typed for a new time and is none. Where nothing was typed there is nothing to say of it.
fn no_time(problems: &Mistakes, typed: &str) -> Refused {
    if typed.trim().is_empty() { Refused::default() } else { Refused::at("at", problems, typed) }
}

/// What was typed into a field where it is no text that can be said: the form comes back with it.
fn no_text(desk: &Desk, page: &Page, done: &Result<(), OfficeError>, typed: (&str, &str)) -> Option<Refused> {
    let Err(error @ OfficeError::Refused(OfficeRefusal::RemarkEmpty {} | OfficeRefusal::RemarkTooLong { .. })) = done
    else {
        return None;
    };
    let (field, text) = typed;
    Some(Refused::at(field, &words::why(desk, page, error)?, text))
}

fn said(problems: Mistakes) -> Said {
    Said { problems, ..Said::default() }
}

/// Back to the draft, which says what was done. What was decided twice stays as it was decided once.
fn back(draft: &Draft, done: Result<(), OfficeError>, told: &str) -> Result<Response, WebError> {
    done?;
    Ok(Redirect::to(&format!("/drafts/{}?told={told}", draft.id)).into_response())
}
