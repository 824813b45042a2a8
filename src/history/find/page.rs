//! A page of what was found: the rows of several chains by time, and where the pages beside it begin.

use std::collections::{BTreeMap, HashMap};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use super::stream::BATCH;
use super::{FoundRow, Question, Stream};
use crate::domain::PostId;
use crate::history::index::{self, measured_each};
use crate::history::stems::TooMuch;
use crate::journal::Entry;
use crate::store::{JournalRow, Store, StoreError, Stretch};

/// So many rows are read for one page at the most. Where the index cannot tell (a state), a page may come to its end
/// before it is full; the next one goes on from there.
const READ_MAX: u64 = 5_000;
/// Entries that are put into the index before an answer, rather than left to the indexing in the background.
const CATCH_UP_MAX: u64 = 1_000;
/// No cursor of ours is longer: a place for each of some hundred chains.
const CURSOR_BYTES_MAX: usize = 16 * 1024;

/// Where a page begins. Visitors pass it on and do not look into it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Cursor {
    /// Towards newer entries.
    #[serde(rename = "n", default, skip_serializing_if = "std::ops::Not::not")]
    newer: bool,
    /// By chain: the entry beside which the page begins.
    #[serde(rename = "p")]
    places: BTreeMap<String, u64>,
}

impl std::fmt::Display for Cursor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let json = serde_json::to_vec(self).map_err(|_| std::fmt::Error)?;
        f.write_str(&URL_SAFE_NO_PAD.encode(json))
    }
}

impl Cursor {
    /// Reads what a link of ours carried.
    pub fn read(text: &str) -> Option<Self> {
        if text.len() > CURSOR_BYTES_MAX {
            return None;
        }
        serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()
    }
}

/// A page.
#[derive(Debug, Clone, Default)]
pub struct Found {
    /// The entries, the newest first.
    pub rows: Vec<FoundRow>,
    /// Where the page with newer ones begins.
    pub newer: Option<Cursor>,
    /// Where the page with older ones begins.
    pub older: Option<Cursor>,
    /// The search was broken off for now; following `older` goes on with it.
    pub is_cut: bool,
    /// Entries that are not in the index yet, so that they could not be found.
    pub not_indexed: u64,
}

/// Why there is no page.
#[derive(Debug, Clone, thiserror::Error)]
pub enum FindError {
    /// The question.
    #[error(transparent)]
    TooMuch(#[from] TooMuch),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A page of `most` entries, from the newest or from where a cursor points.
pub async fn newest(
    store: &Store,
    question: &Question,
    cursor: Option<&Cursor>,
    most: usize,
) -> Result<Found, FindError> {
    let matching = question.matching()?;
    let not_indexed = if matching.is_some() { bring_up(store, question).await } else { 0 };
    let goes_back = cursor.is_none_or(|cursor| !cursor.newer);
    let mut streams = Vec::with_capacity(question.chains.len());
    for asked in &question.chains {
        let place = cursor.and_then(|cursor| cursor.places.get(&asked.chain)).copied();
        let stretch = match (goes_back, place) {
            (true, place) => Stretch { above: 0, below: place.unwrap_or(u64::MAX), newest_first: true },
            (false, place) => Stretch { above: place.unwrap_or(u64::MAX - 1), below: u64::MAX, newest_first: false },
        };
        streams.push(Stream::begin(store, question, matching.clone(), asked, stretch).await?);
    }
    let (mut rows, is_cut) = merge(store, &mut streams, most, goes_back).await?;
    let is_more = !streams.iter().all(Stream::is_over);
    if !goes_back {
        if !is_more {
            // Nothing newer is left: the page with the newest entries, full and without a way up.
            return Box::pin(newest(store, question, None, most)).await;
        }
        rows.reverse();
    }
    let edges: BTreeMap<_, _> = streams.iter().map(|s| (s.chain().to_owned(), s.edge())).collect();
    let begun = |newer: bool| {
        let step = |place: u64| if newer { place.saturating_sub(1) } else { place.saturating_add(1) };
        let places = cursor.map(|cursor| cursor.places.iter().map(|(c, p)| (c.clone(), step(*p))).collect());
        places.map(|places| Cursor { newer, places })
    };
    let (newer, older) = if goes_back {
        (begun(true), is_more.then_some(Cursor { newer: false, places: edges }))
    } else {
        (Some(Cursor { newer: true, places: edges }), begun(false))
    };
    Ok(Found { rows: told(store, rows).await?, newer, older, is_cut, not_indexed })
}

/// Brings the index up as far as one answer may wait for. A database that takes no more is no reason not to search.
async fn bring_up(store: &Store, question: &Question) -> u64 {
    let mut not_indexed = 0;
    for asked in &question.chains {
        match index::catch_up(store, &asked.chain, CATCH_UP_MAX).await {
            Ok(reach) => not_indexed += reach.missing(),
            Err(error) => tracing::warn!(%error, chain = asked.chain, "the index of the journal was not brought up"),
        }
    }
    not_indexed
}

/// The next `most` rows of all streams by time, and whether the reading was broken off before.
async fn merge(
    store: &Store,
    streams: &mut [Stream],
    most: usize,
    goes_back: bool,
) -> Result<(Vec<JournalRow>, bool), StoreError> {
    let mut rows = Vec::with_capacity(most);
    let read_max = READ_MAX.saturating_add(u64::from(BATCH) * streams.len() as u64);
    loop {
        let mut next: Option<(usize, i64)> = None;
        for nth in 0..streams.len() {
            let left = read_max.saturating_sub(streams.iter().map(Stream::read).sum());
            let stream = &mut streams[nth];
            let Some(at) = stream.peek(store, left).await?.map(|row| row.at) else {
                if stream.is_over() {
                    continue;
                }
                // What this chain holds next is not known, so nothing older than that may be given.
                return Ok((rows, true));
            };
            let is_nearer = |(_, best): (usize, i64)| if goes_back { at > best } else { at < best };
            if next.is_none_or(is_nearer) {
                next = Some((nth, at));
            }
        }
        // The streams have been asked for one more than is shown, so that it is known whether there is one.
        if rows.len() == most {
            return Ok((rows, false));
        }
        match next.and_then(|(nth, _)| streams[nth].take()) {
            Some(row) => rows.push(row),
            None => return Ok((rows, false)),
        }
    }
}

/// Adds what entries do not say themselves.
pub(in crate::history) async fn told(store: &Store, rows: Vec<JournalRow>) -> Result<Vec<FoundRow>, StoreError> {
    let mut posts: Vec<&str> = rows.iter().filter_map(|row| row.post.as_deref()).collect();
    posts.sort_unstable();
    posts.dedup();
    let mut titles: HashMap<String, BTreeMap<i64, String>> = HashMap::new();
    for (post, number, title) in store.titles_of(&posts).await? {
        titles.entry(post).or_default().insert(number, title);
    }
    let rows: Vec<_> = rows.into_iter().map(|row| (Entry::parse(&row.entry).ok(), row)).collect();
    let mut published: Vec<PostId> = rows.iter().filter_map(|(entry, _)| published_in(entry.as_ref()?)).collect();
    published.sort_unstable();
    published.dedup();
    let distances = measured_each(store, &published).await?;
    let mut found = Vec::with_capacity(rows.len());
    for (entry, row) in rows {
        let title = row.post.as_ref().and_then(|post| titles.get(post)).and_then(|of_post| {
            let named = entry.as_ref().and_then(|e| e.detail.get("revision")).and_then(serde_json::Value::as_i64);
            named.and_then(|number| of_post.get(&number)).or_else(|| of_post.values().next_back()).cloned()
        });
        let of_post = entry.as_ref().and_then(|entry| distances.get(&published_in(entry)?));
        let distance = u64::try_from(row.seq).ok().and_then(|seq| of_post?.get(&seq));
        let distance_seconds = distance.and_then(|d| d.distance_seconds);
        found.push(FoundRow { row, entry, title, distance_seconds });
    }
    Ok(found)
}

/// The post that was published, where the entry tells of that.
fn published_in(entry: &Entry) -> Option<PostId> {
    entry.post.filter(|_| entry.kind == "delivery.published").map(PostId)
}

impl FoundRow {
    /// When it was written down, by our clock, as the journal's index over its entries has it.
    pub fn at(&self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.row.at).unwrap_or_default()
    }

    /// The place in the chain.
    pub fn seq(&self) -> u64 {
        u64::try_from(self.row.seq).unwrap_or(0)
    }
}
