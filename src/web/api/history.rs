//! The journal, as programs read it.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::bearer::{Asked, Bearer, limit};
use super::posts::readable;
use super::problem::{ApiError, Problem};
use super::shapes::Listed;
use crate::domain::{Deed, PostId, State as DeliveryState};
use crate::history::find::{self, Cursor, FindError, FoundRow, Question};
use crate::journal::INSTALLATION;
use crate::web::Desk;

/// Entries that are given at once, unless asked otherwise, and at the most.
const PAGE: u32 = 100;
const PAGE_MAX: u32 = 1000;

/// What is asked of the history. Absent parts match everything.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// One organisation's chain, or `installation`; without it, those of every organisation that the token may read.
    organisation: Option<String>,
    /// From this moment, by our clock.
    from: Option<DateTime<Utc>>,
    /// Up to, not including, this moment.
    to: Option<DateTime<Utc>>,
    /// What happened on one channel.
    channel: Option<String>,
    /// A kind of event, or the subject of several (`delivery`).
    kind: Option<String>,
    /// Words of the name of who did it.
    person: Option<String>,
    /// Words and «phrases» that must all occur, in any of their forms.
    text: Option<String>,
    /// What happened to one post.
    post: Option<Uuid>,
    /// Deliveries that are in this state now.
    #[param(value_type = Option<String>)]
    state: Option<DeliveryState>,
    /// `next` of the page before.
    after: Option<String>,
    /// How many, 1 to 1000; 100 without it.
    #[param(value_type = u32, required = false, minimum = 1, maximum = 1000)]
    limit: Option<u32>,
}

/// An entry of the journal.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct HistoryEntry {
    /// The chain.
    chain: String,
    /// The place in the chain.
    seq: i64,
    /// When it happened, by our clock.
    at: DateTime<Utc>,
    /// What happened.
    #[schema(example = "delivery.published")]
    kind: String,
    /// Who did it.
    actor: Option<String>,
    /// The post.
    post: Option<String>,
    /// Its headline then.
    title: Option<String>,
    /// The delivery.
    delivery: Option<String>,
    /// The channel.
    channel: Option<String>,
    /// Whole seconds from the primary to the publication that it tells of.
    distance_seconds: Option<i64>,
    /// What is known of it, in the shape of its kind (`docs/journal-format.md`).
    #[schema(value_type = Object)]
    detail: Option<serde_json::Map<String, serde_json::Value>>,
    /// SHA-256 of its canonical form.
    hash: String,
}

impl From<FoundRow> for HistoryEntry {
    fn from(found: FoundRow) -> Self {
        let FoundRow { row, entry, title, distance_seconds } = found;
        Self {
            chain: row.chain,
            seq: row.seq,
            at: DateTime::from_timestamp_micros(row.at).unwrap_or_default(),
            kind: row.kind,
            actor: entry.as_ref().map(|e| e.actor.clone()),
            post: row.post,
            title,
            delivery: row.delivery,
            channel: row.channel,
            distance_seconds,
            detail: entry.map(|e| e.detail),
            hash: row.hash,
        }
    }
}

/// The newest entries first.
#[utoipa::path(
    get, path = "/history", tag = "history", params(Which),
    responses(
        (status = 200, description = "A page of the history", body = Listed<HistoryEntry>),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn search(
    State(desk): State<Desk>,
    bearer: Bearer,
    Asked(which): Asked<Which>,
) -> Result<Json<Listed<HistoryEntry>>, ApiError> {
    let chains = chains(&desk, &bearer, which.organisation)?;
    let asked = |chain: String| find::Asked { chain, from: which.from, to: which.to };
    let question = Question {
        chains: chains.into_iter().map(asked).collect(),
        channel: which.channel,
        kind: which.kind,
        person: which.person,
        words: which.text,
        post: which.post.map(PostId),
        state: which.state,
    };
    let unreadable = |why: String| ApiError::Unreadable(StatusCode::BAD_REQUEST, why);
    let cursor = which.after.map(|text| {
        Cursor::read(&text).ok_or_else(|| unreadable("`after` is not the `next` of a page; begin without it".into()))
    });
    let limit = usize::try_from(limit(which.limit, PAGE, PAGE_MAX)?).unwrap_or(usize::MAX);
    let found = find::newest(&desk.office.store, &question, cursor.transpose()?.as_ref(), limit).await;
    let found = found.map_err(|error| match error {
        FindError::TooMuch(why) => unreadable(why.to_string()),
        FindError::Store(error) => error.into(),
    })?;
    let items = found.rows.into_iter().map(Into::into).collect();
    Ok(Json(Listed { items, next: found.older.map(|cursor| cursor.to_string()) }))
}

fn chains(desk: &Desk, bearer: &Bearer, named: Option<String>) -> Result<Vec<String>, ApiError> {
    if named.as_deref() == Some(INSTALLATION) {
        bearer.asker().must_read_chain(INSTALLATION)?;
        return Ok(vec![INSTALLATION.into()]);
    }
    if let Some(slug) = named {
        return Ok(readable(desk, bearer, Some(slug))?.into_iter().collect());
    }
    let all = desk.office.config.organisations.iter();
    let own: Vec<_> = all.filter(|o| bearer.0.rights.may(Deed::Read, &o.slug)).map(|o| o.slug.clone()).collect();
    if own.is_empty() { Err(bearer.asker().refuse(Deed::Read).into()) } else { Ok(own) }
}
