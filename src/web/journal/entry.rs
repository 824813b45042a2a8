//! One entry with its whole evidence: every field in words, the text that was hashed, what stands beside it in the
//! chain, and the platform's answer where a call is meant.

use askama::Template;
use axum::extract::{Path, State};
use axum::response::Html;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::told::{self, Detail, Told};
use super::{chain_name, sentence, zone_of};
use crate::history::find::one;
use crate::history::rule::hours;
use crate::journal::{Entry, Head};
use crate::store::StoredAnswer;
use crate::web::page::Page;
use crate::web::visitor::SignedIn;
use crate::web::{Desk, WebError};

#[derive(Template)]
#[template(path = "journal/entry.html")]
struct Evidence {
    page: Page,
    zone: Tz,
    chain: String,
    chain_name: String,
    seq: u64,
    /// The last entry of the chain.
    last: u64,
    /// The text of the row, as it lies in the database.
    line: String,
    title: Option<String>,
    distance: Option<String>,
    read: Option<Read>,
}

/// An entry that can be read.
struct Read {
    entry: Entry,
    sentence: String,
    actor: String,
    /// The channel as people call it.
    channel: Option<String>,
    details: Vec<Detail>,
    /// The text whose SHA-256 is the hash.
    canonical: String,
    /// Whether the hash is that of the text.
    is_hash_right: bool,
    /// Whether the entry before has the hash that this one names; `None`: that entry cannot be read.
    is_linked: Option<bool>,
    answer: Option<Answer>,
}

struct Answer {
    stored: StoredAnswer,
    /// Whether the journal holds the hash of this very text; `None`: this entry names none.
    is_as_told: Option<bool>,
}

impl Evidence {
    fn time(&self, at: &DateTime<Utc>) -> String {
        self.page.exact_time(at, &self.zone)
    }
}

pub(super) async fn show(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path((chain, seq)): Path<(String, u64)>,
) -> Result<Html<String>, WebError> {
    visitor.asker().must_read_chain(&chain)?;
    let store = &desk.office.store;
    let found = one(store, &chain, seq).await?.ok_or(WebError::NotFound)?;
    let (zone, page) = (zone_of(&desk, &chain), visitor.page);
    let read = match found.entry {
        Some(entry) => Some(Read {
            sentence: sentence(&page, &entry, zone),
            actor: told::actor(&page, &entry.actor),
            channel: entry.channel.as_deref().map(|slug| desk.channel_name(slug)),
            details: told::details(&page, &entry, &channel_of(&desk, &entry), zone),
            canonical: entry.canonical(),
            is_hash_right: entry.computed_hash() == entry.hash,
            is_linked: is_linked(&desk, &entry).await?,
            answer: answer(&desk, &entry).await?,
            entry,
        }),
        None => None,
    };
    let html = Evidence {
        chain_name: chain_name(&desk, &page, &chain),
        last: store.head(&chain).await?.seq,
        distance: found.distance_seconds.map(hours),
        title: found.title,
        line: found.row.entry,
        page,
        zone,
        chain,
        seq,
        read,
    };
    Ok(Html(html.render()?))
}

fn channel_of(desk: &Desk, entry: &Entry) -> String {
    entry.channel.as_deref().map(|slug| desk.channel_name(slug)).unwrap_or_default()
}

/// Whether the entry hangs on the one before it.
async fn is_linked(desk: &Desk, entry: &Entry) -> Result<Option<bool>, WebError> {
    if entry.seq == 1 {
        return Ok(Some(entry.prev == Head::genesis(&entry.chain).hash));
    }
    let before = one(&desk.office.store, &entry.chain, entry.seq - 1).await?;
    Ok(before.and_then(|found| found.entry).map(|before| before.hash == entry.prev))
}

async fn answer(desk: &Desk, entry: &Entry) -> Result<Option<Answer>, WebError> {
    let text = |field: &str| entry.detail.get(field).and_then(serde_json::Value::as_str);
    let Some(attempt) = text("attempt").and_then(|id| id.parse::<Uuid>().ok()) else { return Ok(None) };
    let stored = desk.office.store.answer_of(attempt, &entry.chain).await?;
    let Some(stored) = stored.filter(|answer| answer.text.is_some() || answer.status.is_some()) else {
        return Ok(None);
    };
    let told = text("answer_sha256");
    let is_as_told = told.map(|told| stored.text.as_ref().is_some_and(|t| hex::encode(Sha256::digest(t)) == told));
    Ok(Some(Answer { stored, is_as_told }))
}
