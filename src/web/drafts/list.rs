//! The drafts of an organisation: what is being written, what waits for an editor, what may be queued.

use askama::Template;
use axum::extract::{Query, State};
use axum::response::Html;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

use super::super::page::Page;
use super::super::visitor::SignedIn;
use super::super::{Desk, WebError};
use super::told_key;
use crate::domain::draft::DraftState;
use crate::domain::{Deed, DraftId};
use crate::store::{ListedDraft, WhichDrafts};

const PAGE_ROWS: usize = 50;

/// What the address asks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Wanted {
    organisation: String,
    which: String,
    after: String,
    told: String,
}

#[derive(Template)]
#[template(path = "drafts/list.html")]
struct List {
    page: Page,
    organisation: String,
    zone: Tz,
    may_write: bool,
    told: Option<&'static str>,
    which: &'static str,
    choices: Vec<&'static str>,
    drafts: Vec<ListedDraft>,
    /// The place after the last row, when there is more.
    next: Option<String>,
}

pub(super) async fn list(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Query(wanted): Query<Wanted>,
) -> Result<Html<String>, WebError> {
    let organisation = chosen(&visitor, &wanted.organisation)?;
    visitor.must(Deed::Read, &organisation)?;
    let zone = desk.office.config.organisation(&organisation).ok_or(WebError::NotFound)?.zone;
    let mut choices = vec!["all", "mine"];
    if desk.office.needs_approval(&organisation) {
        choices.extend(["submitted", "approved"]);
    }
    let which = choices.iter().copied().find(|choice| *choice == wanted.which).unwrap_or("all");
    let asked = WhichDrafts {
        state: which.parse::<DraftState>().ok(),
        by: (which == "mine").then_some(visitor.person.name.as_str()),
        after: place(&wanted.after),
        most: u32::try_from(PAGE_ROWS + 1).unwrap_or(u32::MAX),
    };
    let mut drafts = desk.office.store.open_drafts(&organisation, asked).await?;
    let is_more = drafts.len() > PAGE_ROWS;
    drafts.truncate(PAGE_ROWS);
    let last = drafts.last().filter(|_| is_more);
    let next = last.map(|draft| format!("{}-{}", draft.changed.at.timestamp_micros(), draft.id));
    let may_write = visitor.person.rights.may(Deed::Write, &organisation);
    let told = told_key(&wanted.told, None);
    Ok(Html(List { page: visitor.page, organisation, zone, may_write, told, which, choices, drafts, next }.render()?))
}

/// The organisation that is meant: the named one, or the first that the visitor writes for, or reads.
pub(super) fn chosen(visitor: &SignedIn, named: &str) -> Result<String, WebError> {
    if !named.is_empty() {
        return Ok(named.to_owned());
    }
    let rights = &visitor.person.rights;
    let readable = || visitor.page.organisations.iter().map(|(slug, _)| slug);
    let first = readable().find(|slug| rights.may(Deed::Write, slug)).or_else(|| readable().next());
    first.cloned().ok_or(WebError::NotAllowed(Deed::Read))
}

fn place(text: &str) -> Option<(DateTime<Utc>, DraftId)> {
    let (micros, id) = text.split_once('-')?;
    Some((DateTime::from_timestamp_micros(micros.parse().ok()?)?, id.parse().ok()?))
}
