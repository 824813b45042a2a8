//! *Журнал*: what happened, the newest first; one entry's whole evidence; copies; the check of a chain.

mod asked;
mod check;
mod checks;
mod entry;
mod export;
mod told;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::{get, post};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use super::mistakes::Mistakes;
use super::page::Page;
use super::visitor::SignedIn;
use super::{Desk, WebError};
use crate::history::find::{Cursor, FindError, FoundRow, newest};
use crate::history::rule::hours;
use crate::history::stems::TooMuch;

pub(super) use asked::{Asked, Choices, chain_name, no_date, period, zone_of};
pub(super) use told::{is_of_a_person, kind_in_words, sentence};

/// What auditors have running, whichever page they look at.
#[derive(Debug, Default)]
pub struct Auditing {
    /// Checks of chains.
    pub(super) checks: checks::Checks,
    /// Copies that are being made.
    pub(super) copies: super::export::Copies,
}

/// Entries on a page.
const PAGE: usize = 50;

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route("/journal", get(list))
        .route("/journal/export", post(export::take))
        .route("/journal/{chain}/{seq}", get(entry::show))
        .route("/journal/{chain}/check", get(check::show).post(check::begin))
        .route("/journal/{chain}/check/stop", post(check::stop))
}

#[derive(Template)]
#[template(path = "journal/list.html")]
struct List {
    page: Page,
    asked: Asked,
    choices: Choices,
    rows: Vec<Row>,
    newer: Option<String>,
    older: Option<String>,
    is_cut: bool,
    not_indexed: u64,
    many_chains: bool,
    /// What of the question cannot be understood: then there is no answer.
    mistakes: Mistakes,
}

/// An entry as a line of the list.
pub(super) struct Row {
    pub(super) at: DateTime<Utc>,
    pub(super) zone: Tz,
    pub(super) chain: String,
    pub(super) chain_name: String,
    pub(super) seq: u64,
    pub(super) sentence: String,
    /// What was said: a reason, what is to be done, an address.
    pub(super) said: Option<String>,
    /// The program said it, in the one language that it has for its log.
    pub(super) is_english: bool,
    pub(super) title: Option<String>,
    pub(super) post: Option<String>,
    pub(super) channel: Option<String>,
    pub(super) actor: String,
    pub(super) distance: Option<String>,
}

async fn list(State(desk): State<Desk>, visitor: SignedIn, Query(asked): Query<Asked>) -> Result<Response, WebError> {
    let choices = Choices::of(&desk, &visitor).await?;
    let (page, shown) = (visitor.page.clone(), asked.clone());
    match answered(&desk, visitor, asked, choices.clone()).await {
        Err(WebError::Mistyped { field, words }) => {
            let mistakes = Mistakes::at(field, &words);
            let html = List { mistakes, ..List::unanswered(page, shown, choices) }.render()?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(html)).into_response())
        }
        Err(error) => Err(error),
        Ok(list) => Ok(Html(list.render()?).into_response()),
    }
}

impl List {
    fn unanswered(page: Page, asked: Asked, choices: Choices) -> Self {
        Self {
            page,
            asked,
            choices,
            rows: Vec::new(),
            newer: None,
            older: None,
            is_cut: false,
            not_indexed: 0,
            many_chains: false,
            mistakes: Mistakes::default(),
        }
    }
}

async fn answered(desk: &Desk, visitor: SignedIn, asked: Asked, choices: Choices) -> Result<List, WebError> {
    let question = asked.question(desk, &visitor, &choices).await?;
    let cursor = asked.page.as_deref().filter(|text| !text.is_empty());
    let cursor = cursor.map(|text| Cursor::read(text).ok_or(WebError::NotFound)).transpose()?;
    let found = newest(&desk.office.store, &question, cursor.as_ref(), PAGE)
        .await
        .map_err(|error| told_why(&visitor.page, error))?;
    let rows = found.rows.into_iter().map(|row| line(desk, &visitor.page, row)).collect();
    let link = |cursor: &Cursor| asked.link("/journal", &[("page", cursor.to_string())]);
    Ok(List {
        rows,
        newer: found.newer.as_ref().map(link),
        older: found.older.as_ref().map(link),
        is_cut: found.is_cut,
        not_indexed: found.not_indexed,
        many_chains: question.chains.len() > 1,
        ..List::unanswered(visitor.page, asked, choices)
    })
}

/// Why a question cannot be answered, in the visitor's words.
pub(super) fn told_why(page: &Page, error: FindError) -> WebError {
    match error {
        FindError::TooMuch(why) => {
            let key = if why == TooMuch::Long { "journal-too-long" } else { "journal-too-many-words" };
            WebError::Mistyped { field: "words", words: page.t(key).to_string() }
        }
        FindError::Store(error) => error.into(),
    }
}

fn line(desk: &Desk, page: &Page, found: FoundRow) -> Row {
    let zone = zone_of(desk, &found.row.chain);
    let (at, seq) = (found.at(), found.seq());
    let text = |field: &str| {
        let value = found.entry.as_ref()?.detail.get(field)?.as_str()?;
        Some(value.to_owned())
    };
    let in_words = found.entry.as_ref().and_then(|entry| {
        let channel = entry.channel.as_deref().map(|slug| desk.channel_name(slug)).unwrap_or_default();
        kind_in_words(page, entry, &channel)
    });
    Row {
        at,
        zone,
        chain_name: chain_name(desk, page, &found.row.chain),
        seq,
        sentence: match &found.entry {
            Some(entry) => sentence(page, entry, zone),
            None => page.t("journal-unreadable").to_string(),
        },
        // Of a refusal the sentence says all.
        is_english: in_words.is_none()
            && found.entry.as_ref().is_some_and(|e| !is_of_a_person(e) && e.detail.contains_key("reason")),
        said: in_words
            .or_else(|| text("reason"))
            .filter(|_| found.row.kind != "person.refused")
            .or_else(|| text("todo"))
            .or_else(|| text("url")),
        actor: found.entry.as_ref().map_or_else(String::new, |entry| told::actor(page, &entry.actor)),
        distance: found.distance_seconds.map(hours),
        title: found.title,
        post: found.row.post,
        channel: found.row.channel.map(|slug| desk.channel_name(&slug)),
        chain: found.row.chain,
    }
}
