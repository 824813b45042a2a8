//! Keeping the index over the journal: from where it ends to where the journal ends, a page at a time. It may be ended
//! anywhere and begun again; what it holds is only ever a way to entries, which are read from the journal itself.

use std::collections::HashMap;

use serde_json::Value;
use uuid::Uuid;

use super::rule::{Distance, FourHours};
use super::stems::stems;
use crate::domain::{PostContent, PostId};
use crate::journal::Entry;
use crate::store::{JournalRow, RowWords, Store, StoreError, StoredDistance};

/// Counts up whenever the index is to hold something else: it is made anew then.
const FORM: u32 = 2;
/// So many rows go into one commit, which releases may have to wait for.
const PAGE: u32 = 200;
/// Fields of an entry's detail that people search. Ids of other rows and hashes are not words.
const SAID: [&str; 10] = ["title", "reason", "todo", "url", "remote_id", "key", "login", "name", "label", "address"];

/// Stands between texts, so that no phrase reaches from one into the next: a word for the index (private use, `Co`) that
/// no stem is.
const BETWEEN: &str = " \u{e000} ";

/// How far an index reaches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reach {
    /// Entries in the index.
    pub upto: u64,
    /// Entries in the chain.
    pub head: u64,
}

impl Reach {
    /// Entries that cannot be found yet.
    pub fn missing(self) -> u64 {
        self.head.saturating_sub(self.upto)
    }
}

/// How far the index of a chain reaches.
pub async fn reach(store: &Store, chain: &str) -> Result<Reach, StoreError> {
    Ok(Reach { upto: store.indexed_upto(chain, FORM).await?, head: store.head(chain).await?.seq })
}

/// Puts up to `most` further entries of a chain into the index (somewhat more: pages are not cut).
pub async fn catch_up(store: &Store, chain: &str, most: u64) -> Result<Reach, StoreError> {
    let mut reach = reach(store, chain).await?;
    let enough = reach.upto.saturating_add(most);
    let mut texts = Texts::new(store);
    while reach.missing() > 0 && reach.upto < enough {
        reach.upto = next_page(store, chain, reach.upto, &mut texts).await?;
    }
    Ok(reach)
}

/// Puts the next page of a chain into the index; gives where the index ends.
async fn next_page(store: &Store, chain: &str, after: u64, texts: &mut Texts<'_>) -> Result<u64, StoreError> {
    let page = store.journal_page(chain, after, PAGE).await?;
    let Some(upto) = page.last().map(|row| place_of(row.seq)) else { return Ok(after) };
    let (mut words, mut distances) = (Vec::with_capacity(page.len()), Vec::new());
    for row in &page {
        // What cannot be read is shown where it stands and found by the check of the chain; it has no words.
        let Ok(entry) = Entry::parse(&row.entry) else { continue };
        words.push(row_words(row, &entry, texts).await?);
        distances.extend(texts.distance(&entry).await?);
    }
    store.index_rows(chain, FORM, (after, upto), words, distances).await
}

async fn row_words(row: &JournalRow, entry: &Entry, texts: &mut Texts<'_>) -> Result<RowWords, StoreError> {
    let said = SAID.iter().filter_map(|field| entry.detail.get(*field)?.as_str()).map(stems);
    let mut words = said.collect::<Vec<_>>().join(BETWEEN);
    if let Some(post) = entry.post {
        let revision = entry.detail.get("revision").and_then(Value::as_u64);
        let of_post = texts.of(post, revision).await?;
        if !entry.detail.contains_key("title") {
            words.push_str(BETWEEN);
            words.push_str(of_post.title(revision));
        }
        // The text stands where a revision was made and where it went out; repeating it in every step would make the
        // index larger than the journal.
        if let Some(revision) = revision
            && matches!(entry.kind.as_str(), "post.queued" | "post.edited" | "delivery.published")
        {
            words.push_str(BETWEEN);
            words.push_str(of_post.text(revision));
        }
    }
    Ok(RowWords {
        seq: place_of(row.seq),
        words,
        actor: stems(&entry.actor),
        marks: marks(&entry.kind, entry.channel.as_deref(), entry.post),
    })
}

fn marks(kind: &str, channel: Option<&str>, post: Option<Uuid>) -> String {
    let mut marks = format!("{} {}", mark_of_kind(kind), mark_of_kind(kind.split('.').next().unwrap_or(kind)));
    if let Some(channel) = channel {
        marks.push(' ');
        marks.push_str(&mark_of_channel(channel));
    }
    if let Some(post) = post {
        marks.push(' ');
        marks.push_str(&mark_of_post(post));
    }
    marks
}

/// The mark of a kind, or of all kinds of one subject (`delivery`). Marks are one word each, whatever they are of.
pub(super) fn mark_of_kind(kind: &str) -> String {
    format!("k{}", hex::encode(kind))
}

pub(super) fn mark_of_channel(slug: &str) -> String {
    format!("c{}", hex::encode(slug))
}

pub(super) fn mark_of_post(post: Uuid) -> String {
    format!("p{}", post.simple())
}

/// The stems of a post's texts.
#[derive(Debug, Default)]
struct PostWords {
    /// By revision: of the headline, of the rest.
    revisions: HashMap<u64, (String, String)>,
    latest: u64,
}

impl PostWords {
    fn title(&self, revision: Option<u64>) -> &str {
        let named = revision.and_then(|number| self.revisions.get(&number));
        named.or_else(|| self.revisions.get(&self.latest)).map_or("", |(title, _)| title)
    }

    fn text(&self, revision: u64) -> &str {
        self.revisions.get(&revision).map_or("", |(_, text)| text)
    }
}

/// Posts that were looked at last: entries of one post lie near each other.
struct Texts<'a> {
    store: &'a Store,
    words: HashMap<Uuid, PostWords>,
    distances: HashMap<Uuid, HashMap<u64, Distance>>,
}

impl<'a> Texts<'a> {
    const POSTS_MAX: usize = 512;

    fn new(store: &'a Store) -> Self {
        Self { store, words: HashMap::new(), distances: HashMap::new() }
    }

    async fn of(&mut self, post: Uuid, revision: Option<u64>) -> Result<&PostWords, StoreError> {
        let known = self.words.get(&post);
        let is_enough = known.is_some_and(|words| revision.is_none_or(|r| words.revisions.contains_key(&r)));
        if !is_enough {
            if self.words.len() >= Self::POSTS_MAX {
                self.words.clear();
            }
            let mut words = PostWords::default();
            for (number, title, content) in self.store.post_texts(post).await?.revisions {
                let number = place_of(number);
                words.latest = words.latest.max(number);
                words.revisions.insert(number, (stems(&title), text_of(&content)));
            }
            self.words.insert(post, words);
        }
        Ok(self.words.entry(post).or_default())
    }

    /// The distance of the publication on a follower that the entry tells of.
    async fn distance(&mut self, entry: &Entry) -> Result<Option<StoredDistance>, StoreError> {
        let Some(post) = entry.post.filter(|_| entry.kind == "delivery.published") else { return Ok(None) };
        let is_known = self.distances.get(&post).is_some_and(|of_post| of_post.contains_key(&entry.seq));
        if !is_known {
            if self.distances.len() >= Self::POSTS_MAX {
                self.distances.clear();
            }
            self.distances.insert(post, measured(self.store, PostId(post)).await?);
        }
        let distance = self.distances.get(&post).and_then(|of_post| of_post.get(&entry.seq));
        Ok(distance.map(|d| StoredDistance {
            chain: entry.chain.clone(),
            seq: d.seq,
            post: d.post.to_string(),
            channel: d.channel.clone(),
            published_at: d.published_at.timestamp_micros(),
            seconds: d.distance_seconds,
            required: d.required_seconds,
            verdict: d.verdict.name(),
        }))
    }
}

/// Every publication of a post on followers, measured by all that the journal tells of the post, by number of entry.
pub async fn measured(store: &Store, post: PostId) -> Result<HashMap<u64, Distance>, StoreError> {
    Ok(by_place(&store.journal_of_post(post).await?))
}

/// The same of several posts at once.
pub async fn measured_each(
    store: &Store,
    posts: &[PostId],
) -> Result<HashMap<PostId, HashMap<u64, Distance>>, StoreError> {
    let rows = store.journal_of_posts(posts).await?;
    let of_posts = rows.chunk_by(|one, next| one.post == next.post);
    Ok(of_posts.filter_map(|rows| Some((rows.first()?.post.as_ref()?.parse().ok()?, by_place(rows)))).collect())
}

fn by_place(rows: &[JournalRow]) -> HashMap<u64, Distance> {
    let mut rule = FourHours::default();
    // What cannot be read is told by the check of the chain.
    let distances = rows.iter().filter_map(|row| rule.push(&row.entry().ok()?).ok()?);
    distances.map(|distance| (distance.seq, distance)).collect()
}

/// The stems of all that a content says besides its headline.
fn text_of(content: &str) -> String {
    let Ok(content) = serde_json::from_str::<PostContent>(content) else { return String::new() };
    let link = content.link.as_ref().map(url::Url::as_str);
    let parts = std::iter::once(content.body.as_str()).chain(content.overrides.values().map(String::as_str));
    let parts = parts.chain(content.tags.iter().map(String::as_str)).chain(link);
    parts.map(stems).collect::<Vec<_>>().join(BETWEEN)
}

fn place_of(seq: i64) -> u64 {
    u64::try_from(seq).unwrap_or(0)
}

#[cfg(test)]
mod tests;
