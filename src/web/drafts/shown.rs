//! A draft to be read: by its editor, by an auditor, by its author while it waits.

use askama::Template;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use chrono_tz::Tz;
use serde::Deserialize;

use super::super::mistakes::{Mistakes, Refused};
use super::super::page::Page;
use super::super::visitor::SignedIn;
use super::super::{Desk, WebError, plan};
use super::composer::{self, Written};
use super::difference::{Difference, differences};
use super::places::place;
use super::{found, told_key};
use crate::domain::Deed;
use crate::domain::draft::{DraftContent, DraftState};
use crate::store::{Draft, DraftComment};

#[derive(Template)]
#[template(path = "drafts/draft.html")]
struct Shown {
    page: Page,
    zone: Tz,
    draft: Draft,
    content: DraftContent,
    followers: Vec<String>,
    overrides: Vec<(String, String)>,
    /// When it is to go out, as its author wishes.
    at: String,
    plan: String,
    problems: Mistakes,
    refused: Refused,
    told: Option<&'static str>,
    comments: Vec<DraftComment>,
    /// What changed since the text that was approved, submitted or published before; `None`: there is none.
    since: Option<(&'static str, Vec<Difference>)>,
    may_write: bool,
    may_approve: bool,
    is_own: bool,
}

impl Shown {
    /// Where what is wrong is mended.
    fn composer(&self) -> String {
        format!("/drafts/{}?edit", self.draft.id)
    }
}

/// What the address of a draft may say.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Asked {
    /// Present: the composer, whatever the draft's state.
    edit: Option<String>,
    told: String,
}

pub(super) async fn show(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Response, WebError> {
    let draft = found(&desk, &visitor, &id, Deed::Read).await?;
    let may_write = visitor.person.rights.may(draft.deed_to_write(), &draft.organisation);
    let wants_to_write = draft.state == DraftState::Draft || asked.edit.is_some();
    let told = told_key(&asked.told, Some(&draft));
    if may_write && wants_to_write && draft.state.is_open() {
        let written = Written { told, ..Written::of(&draft) };
        return composer::page(&desk, visitor, written, StatusCode::OK).await;
    }
    page(&desk, visitor, &draft, Said { told, ..Said::default() }, StatusCode::OK).await
}

/// What the page of a draft says first: what was done, or what kept it from being queued or said.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub told: Option<&'static str>,
    pub problems: Mistakes,
    /// A remark, or the reason of a return, that is none.
    pub refused: Refused,
}

/// The page of a draft.
pub(super) async fn page(
    desk: &Desk,
    visitor: SignedIn,
    draft: &Draft,
    said: Said,
    status: StatusCode,
) -> Result<Response, WebError> {
    let office = &desk.office;
    let organisation = office.config.organisation(&draft.organisation).ok_or(WebError::NotFound)?;
    let (page, person) = (visitor.page, visitor.person);
    let name = |slug: &str| desk.name_in_draft(organisation, slug);
    let earlier = before(desk, draft).await?;
    let since = match earlier {
        Some((what, before)) => Some((what, differences(&page, &before, &draft.content, name).await?)),
        None => None,
    };
    let planned = office.plan_of_draft(organisation, draft.edits, &draft.content).await?;
    let may_write = person.rights.may(draft.deed_to_write(), &draft.organisation);
    let shown = Shown {
        zone: organisation.zone,
        content: draft.content.clone(),
        followers: draft.content.channels.iter().map(|slug| name(slug)).collect(),
        overrides: draft.content.overrides.iter().map(|(slug, text)| (name(slug), text.clone())).collect(),
        at: wished(&page, draft),
        plan: plan::in_words(&page, &planned, organisation.zone, name),
        problems: said.problems.placed(|key| place(key, &draft.content).filter(|_| may_write)),
        refused: said.refused,
        told: said.told,
        comments: office.store.draft_comments(draft.id).await?,
        since,
        may_write,
        may_approve: person.rights.may(Deed::Approve, &draft.organisation),
        is_own: !draft.may_be_approved_by(&person.name),
        draft: draft.clone(),
        page,
    };
    Ok((status, Html(shown.render()?)).into_response())
}

/// The time that a draft names, in words.
pub(super) fn wished(page: &Page, draft: &Draft) -> String {
    match (draft.content.at.as_str(), draft.edits) {
        ("", Some(_)) => page.t("draft-at-edit-now").to_string(),
        ("", None) => page.t("draft-at-now").to_string(),
        (typed, _) => page.typed_time(typed),
    }
}

/// The text that this one is compared with, and the key of what it is.
async fn before(desk: &Desk, draft: &Draft) -> Result<Option<(&'static str, DraftContent)>, WebError> {
    let store = &desk.office.store;
    if let Some((version, _)) = draft.approved.as_ref().filter(|(version, _)| *version != draft.version)
        && let Some(content) = store.draft_version(draft.id, *version).await?
    {
        return Ok(Some(("draft-since-approved", content)));
    }
    let Some(post) = draft.edits else { return Ok(None) };
    let post = store.post_view(post).await?;
    let (content, _) = desk.office.to_be_edited(&post)?;
    Ok(Some(("draft-since-published", content)))
}
