//! Finding entries: a page at a time, so that years of history take no memory.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::rule::FourHours;
use crate::domain::{PostId, State};
use crate::journal::{Entry, Head, stamp};
use crate::store::{JournalRow, Store, StoreError, StoreRefusal};

mod facts;
mod row;
mod table;
mod words;

pub use row::Row;
pub use table::{TableError, write_table};

use facts::Facts;
use words::Words;

/// Entries are read so many at a time.
const PAGE: u32 = 500;
/// What is known of so many posts is kept: entries of one post lie near each other.
const FACTS_MAX: usize = 512;

/// What history is asked for. Absent parts match everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// One organisation only.
    pub organisation: Option<String>,
    /// From this moment, by our clock.
    pub from: Option<DateTime<Utc>>,
    /// Up to, not including, this moment.
    pub to: Option<DateTime<Utc>>,
    /// What happened on one channel.
    pub channel: Option<String>,
    /// Words that must all occur, whatever their case, in the texts of the post, or in the entry's reasons, ids,
    /// addresses and names.
    pub text: Option<String>,
    /// Deliveries that are in this state now. Entries of a post as a whole count when one of its deliveries is.
    pub state: Option<State>,
    /// What happened to one post.
    pub post: Option<PostId>,
}

impl Filter {
    /// What is left out of a chain, in words; `None`: nothing. Choosing an organisation leaves nothing out of its chain.
    pub fn words(&self) -> Option<String> {
        let parts = [
            self.from.map(|from| format!("from {}", stamp::text(from))),
            self.to.map(|to| format!("to {}", stamp::text(to))),
            self.channel.as_ref().map(|channel| format!("channel {channel}")),
            self.text.as_ref().map(|text| format!("text {text}")),
            self.state.map(|state| format!("state {state}")),
            self.post.map(|post| format!("post {post}")),
        ];
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }
}

/// A search that is going on.
#[derive(Debug)]
pub struct Search {
    store: Store,
    filter: Filter,
    words: Words,
    spans: Vec<Span>,
    facts: HashMap<Uuid, Arc<Facts>>,
    /// By post and number of the entry, in seconds.
    distances: HashMap<Uuid, HashMap<u64, i64>>,
}

/// The part of a chain that is searched, and how far the search has come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The chain.
    pub chain: String,
    /// Its end when the search began; what is appended later is not looked at.
    pub head: Head,
    after: u64,
    last: u64,
}

impl Search {
    /// Begins. Chains come in the order of their names.
    pub async fn begin(store: &Store, filter: Filter) -> Result<Self, StoreError> {
        let words = Words::new(filter.text.as_deref().unwrap_or_default());
        let (facts, distances) = (HashMap::new(), HashMap::new());
        let mut search = Self { store: store.clone(), filter, words, spans: Vec::new(), facts, distances };
        for chain in search.chains().await? {
            let span = search.span(chain).await?;
            search.spans.push(span);
        }
        Ok(search)
    }

    /// What is searched, chain by chain.
    pub fn spans(&self) -> &[Span] {
        &self.spans
    }

    async fn chains(&self) -> Result<Vec<String>, StoreError> {
        let mut chosen = self.filter.organisation.clone();
        if let Some(slug) = &self.filter.channel {
            let owner = self.store.chain_of_channel(slug).await?;
            if let Some(organisation) = chosen.filter(|o| *o != owner) {
                return Err(StoreRefusal::ChannelElsewhere { channel: slug.clone(), owner, organisation }.into());
            }
            chosen = Some(owner);
        }
        let chains = self.store.chains().await?;
        match chosen {
            None => Ok(chains),
            Some(chain) if self.filter.channel.is_some() || chains.contains(&chain) => Ok(vec![chain]),
            Some(name) => {
                let hint = format!("; the journal has the chains {}", chains.join(", "));
                Err(StoreError::NotFound { what: "organisation with a history", name, hint })
            }
        }
    }

    async fn span(&self, chain: String) -> Result<Span, StoreError> {
        let Some(last) = self.store.journal_last(&chain).await? else {
            return Ok(Span { head: Head::genesis(&chain), chain, after: 0, last: 0 });
        };
        let entry = last.entry()?;
        let head = Head { hash: entry.hash, seq: entry.seq };
        let (mut first, mut last) = (1, head.seq);
        if self.filter.from.is_some() || self.filter.to.is_some() {
            let (from, to) = (self.filter.from.unwrap_or(DateTime::<Utc>::MIN_UTC), self.filter.to);
            let within = self.store.journal_span(&chain, from, to.unwrap_or(DateTime::<Utc>::MAX_UTC)).await?;
            (first, last) = within.unwrap_or((1, 0));
        }
        if let Some(post) = self.filter.post {
            let rows = self.store.journal_of_post(post).await?;
            let places = || rows.iter().filter(|row| row.chain == chain).map(|row| place_of(row.seq));
            first = first.max(places().min().unwrap_or(1));
            last = last.min(places().max().unwrap_or(0));
        }
        Ok(Span { chain, head, after: first.saturating_sub(1), last: last.min(head.seq) })
    }

    /// The next entries of one chain that were asked for; `None` after the last. Never an empty page.
    pub async fn next_page(&mut self, span: &mut Span) -> Result<Option<Vec<Entry>>, StoreError> {
        while span.after < span.last {
            let page = self.store.journal_page(&span.chain, span.after, PAGE).await?;
            let Some(end) = page.last().map(|row| place_of(row.seq)) else { break };
            span.after = end;
            let mut found = Vec::new();
            for row in page.iter().filter(|row| place_of(row.seq) <= span.last) {
                found.extend(self.asked_for(row).await?);
            }
            if !found.is_empty() {
                return Ok(Some(found));
            }
        }
        Ok(None)
    }

    /// The next entries of all chains, one chain after the other; `None` after the last.
    pub async fn next(&mut self) -> Result<Option<Vec<Entry>>, StoreError> {
        while let Some(mut span) = self.spans.first().cloned() {
            let page = self.next_page(&mut span).await?;
            if page.is_some() {
                self.spans[0] = span;
                return Ok(page);
            }
            self.spans.remove(0);
        }
        Ok(None)
    }

    /// An entry as an auditor reads it.
    pub async fn row(&mut self, entry: Entry) -> Result<Row, StoreError> {
        let title = match entry.post {
            Some(post) => self.facts(post).await?.title(&entry),
            None => None,
        };
        let distance_seconds = self.distance_seconds(&entry).await?;
        Ok(Row::new(entry, title, distance_seconds))
    }

    /// Whole seconds from the primary to the publication on a follower that the entry tells of. Measured as `history
    /// verify` does, with all that the journal tells of the post, whatever this search leaves out.
    pub async fn distance_seconds(&mut self, entry: &Entry) -> Result<Option<i64>, StoreError> {
        let Some(post) = entry.post.filter(|_| entry.kind == "delivery.published") else { return Ok(None) };
        if !self.distances.contains_key(&post) {
            let rows = self.store.journal_of_post(PostId(post)).await?;
            let mut rule = FourHours::default();
            // What cannot be read is told by `history verify`: a search shows, it does not judge.
            let measured = rows.iter().filter_map(|row| rule.push(&row.entry().ok()?).ok()?);
            let distances = measured.filter_map(|d| Some((d.seq, d.distance_seconds?))).collect();
            if self.distances.len() >= FACTS_MAX {
                self.distances.clear();
            }
            self.distances.insert(post, distances);
        }
        Ok(self.distances.get(&post).and_then(|of_post| of_post.get(&entry.seq)).copied())
    }

    async fn asked_for(&mut self, row: &JournalRow) -> Result<Option<Entry>, StoreError> {
        let f = &self.filter;
        let early = f.from.is_some_and(|from| row.at < from.timestamp_micros());
        let late = f.to.is_some_and(|to| row.at >= to.timestamp_micros());
        let other_channel = f.channel.is_some() && f.channel != row.channel;
        let other_post = f.post.is_some_and(|post| row.post != Some(post.to_string()));
        if early || late || other_channel || other_post {
            return Ok(None);
        }
        let entry = row.entry()?;
        if self.filter.state.is_none() && self.words.is_empty() {
            return Ok(Some(entry));
        }
        let facts = match entry.post {
            Some(post) => Some(self.facts(post).await?),
            None => None,
        };
        let in_state = |state: State| facts.as_ref().is_some_and(|facts| facts.has(entry.delivery, state));
        if self.filter.state.is_some_and(|state| !in_state(state)) {
            return Ok(None);
        }
        let post_text = facts.as_ref().map_or("", |facts| facts.folded());
        Ok(self.words.occur(post_text, &entry).then_some(entry))
    }

    async fn facts(&mut self, post: Uuid) -> Result<Arc<Facts>, StoreError> {
        if let Some(facts) = self.facts.get(&post) {
            return Ok(Arc::clone(facts));
        }
        let facts = Arc::new(Facts::new(self.store.post_texts(post).await?));
        if self.facts.len() >= FACTS_MAX {
            self.facts.clear();
        }
        self.facts.insert(post, Arc::clone(&facts));
        Ok(facts)
    }
}

fn place_of(seq: i64) -> u64 {
    u64::try_from(seq).unwrap_or(0)
}

#[cfg(test)]
mod tests;
