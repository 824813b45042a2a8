//! The journal's rows: appended in the transaction of the change they tell of, read in pages.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::changes::{json, rows};
use super::db::{execute, fetch_optional, read_all, read_optional};
use super::rows::micros;
use super::writer::Tx;
use super::{Store, StoreError};
use crate::journal::{Draft, Entry, Event, Hash, Head, link};

/// What an entry is about.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct About<'a> {
    pub post: Option<Uuid>,
    pub delivery: Option<Uuid>,
    pub channel: Option<&'a str>,
}

pub(super) const HEAD: &str = "SELECT seq, hash FROM journal WHERE chain = $1 ORDER BY seq DESC LIMIT 1";
/// Appends the rows of a JSON array.
pub(super) const APPEND: &str = concat!(
    rows!(),
    "INSERT INTO journal (chain, seq, at, kind, post, delivery, channel, entry, hash) \
     SELECT row ->> 'chain', row ->> 'seq', row ->> 'at', row ->> 'kind', row ->> 'post', \
     row ->> 'delivery', row ->> 'channel', row ->> 'entry', row ->> 'hash' FROM n"
);
pub(super) const PAGE: &str = "SELECT chain, seq, at, kind, post, delivery, channel, entry, hash FROM journal \
     WHERE chain = $1 AND seq > $2 ORDER BY seq LIMIT $3";
/// From one name to the next: a plain DISTINCT would read every row of every chain.
pub(super) const CHAINS: &str = "WITH RECURSIVE c (name) AS (SELECT MIN(chain) FROM journal UNION ALL \
     SELECT (SELECT MIN(chain) FROM journal WHERE chain > c.name) FROM c WHERE c.name IS NOT NULL) \
     SELECT name FROM c WHERE name IS NOT NULL ORDER BY name";
pub(super) const OF_POST: &str = "SELECT chain, seq, at, kind, post, delivery, channel, entry, hash FROM journal \
     WHERE post = $1 ORDER BY seq";

pub(super) const LAST_ROW: &str = "SELECT chain, seq, at, kind, post, delivery, channel, entry, hash FROM journal \
     WHERE chain = $1 ORDER BY seq DESC LIMIT 1";
/// Notes on which days the rows of a JSON array were written, and where they lie.
pub(super) const NOTE_DAYS: &str = concat!(
    rows!(),
    "INSERT INTO journal_day (chain, day, first, last) \
     SELECT row ->> 'chain', (row ->> 'at') / 86400000000, MIN(row ->> 'seq'), MAX(row ->> 'seq') \
     FROM n WHERE TRUE GROUP BY 1, 2 ON CONFLICT (chain, day) DO UPDATE SET last = excluded.last"
);
pub(super) const SPAN: &str = "SELECT MIN(first) AS first, MAX(last) AS last FROM journal_day \
     WHERE chain = $1 AND day >= $2 / 86400000000 AND day <= $3 / 86400000000";
pub(super) const CHAIN_OF_CHANNEL: &str = "SELECT organisation FROM channel WHERE slug = $1";
pub(super) const OF_POSTS: &str = "SELECT chain, seq, at, kind, post, delivery, channel, entry, hash FROM journal \
     WHERE post IN (SELECT value FROM json_each($1)) ORDER BY post, seq";
pub(super) const TEXTS_OF_POST: &str = "SELECT number, title, content FROM revision WHERE post = $1 ORDER BY number";
pub(super) const STATES_OF_POST: &str = "SELECT id, channel, state FROM delivery WHERE post = $1";

/// What a search wants to know of a post besides its entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PostTexts {
    /// Each revision: its number, its headline, its content as JSON.
    pub revisions: Vec<(i64, String, String)>,
    /// Each delivery: its id, its channel, where it stands.
    pub deliveries: Vec<(String, String, String)>,
}

/// What a transaction has to tell the journal, and where the chains end.
#[derive(Debug, Default)]
pub(super) struct Pending {
    rows: Vec<JournalRow>,
    /// Rows that the transaction has written and not committed yet.
    written: Vec<JournalRow>,
    /// Where the chain of each row ended before it.
    before: Vec<Head>,
    heads: HashMap<String, Head>,
    /// The database's version for which `heads` hold.
    version: Option<i64>,
}

impl Pending {
    /// Begins a transaction. What is known of the chains holds unless another process has written since.
    pub(super) fn at_version(&mut self, version: i64) {
        if self.version != Some(version) {
            self.forget();
            self.version = Some(version);
        }
    }

    pub(super) fn len(&self) -> usize {
        self.rows.len()
    }

    /// Takes back what was told after the first `kept` rows.
    pub(super) fn take_back(&mut self, kept: usize) {
        while self.rows.len() > kept
            && let (Some(row), Some(head)) = (self.rows.pop(), self.before.pop())
        {
            self.heads.insert(row.chain, head);
        }
    }

    /// The transaction is committed: what it told the journal.
    pub(super) fn take_written(&mut self) -> Vec<JournalRow> {
        std::mem::take(&mut self.written)
    }

    /// The transaction is gone, and with it what is known of the chains.
    pub(super) fn forget(&mut self) {
        *self = Self::default();
    }
}

/// Appends one event to the organisation's chain. The row is written at the end of the transaction.
pub(super) async fn append(
    tx: &mut Tx,
    chain: &str,
    at: DateTime<Utc>,
    actor: &str,
    about: About<'_>,
    event: Event,
) -> Result<(), StoreError> {
    let head = match tx.pending.heads.get(chain) {
        Some(head) => *head,
        None => stored_head(tx, chain).await?,
    };
    let draft = Draft {
        at,
        actor: actor.into(),
        event,
        post: about.post,
        delivery: about.delivery,
        channel: about.channel.map(Into::into),
    };
    let entry = link(chain, &head, draft);
    tx.pending.heads.insert(chain.into(), Head { seq: entry.seq, hash: entry.hash });
    tx.pending.before.push(head);
    tx.pending.rows.push(JournalRow {
        chain: chain.into(),
        seq: i64::try_from(entry.seq).unwrap_or(i64::MAX),
        at: micros(at),
        kind: entry.kind.clone(),
        post: entry.post.map(|id| id.to_string()),
        delivery: entry.delivery.map(|id| id.to_string()),
        entry: entry.line(),
        hash: entry.hash.to_string(),
        channel: entry.channel,
    });
    Ok(())
}

/// Writes down what this transaction tells the journal.
pub(super) async fn write_pending(tx: &mut Tx) -> Result<(), StoreError> {
    if tx.pending.rows.is_empty() {
        return Ok(());
    }
    let rows = serde_json::to_string(&tx.pending.rows).map_err(|e| StoreError::corrupt("journal", "a row", e))?;
    execute!(&mut tx.db, APPEND, &*rows)?;
    execute!(&mut tx.db, NOTE_DAYS, &*rows)?;
    tx.pending.written = std::mem::take(&mut tx.pending.rows);
    tx.pending.before.clear();
    Ok(())
}

async fn stored_head(tx: &mut Tx, chain: &str) -> Result<Head, StoreError> {
    let row = fetch_optional!(&mut tx.db, (i64, String), HEAD, chain)?;
    row.map_or_else(|| Ok(Head::genesis(chain)), |row| head_of(chain, row))
}

fn head_of(chain: &str, (seq, hash): (i64, String)) -> Result<Head, StoreError> {
    let hash: Hash = hash.parse().map_err(|_| StoreError::corrupt("journal", chain, "the last hash is no SHA-256"))?;
    let seq = u64::try_from(seq).map_err(|_| StoreError::corrupt("journal", chain, "the last number is negative"))?;
    Ok(Head { seq, hash })
}

/// A row as it lies in the database, unchecked: `history verify` compares its parts.
#[derive(Debug, Clone, serde::Serialize, sqlx::FromRow)]
pub struct JournalRow {
    /// The chain.
    pub chain: String,
    /// The place in it.
    pub seq: i64,
    /// Microseconds since 1970.
    pub at: i64,
    /// The event's name.
    pub kind: String,
    /// The post.
    pub post: Option<String>,
    /// The delivery.
    pub delivery: Option<String>,
    /// The channel.
    pub channel: Option<String>,
    /// The entry as one line of canonical JSON, its hash included.
    pub entry: String,
    /// SHA-256 of it.
    pub hash: String,
}

impl JournalRow {
    /// The entry, when its form can be read. Nothing is checked yet.
    pub fn entry(&self) -> Result<Entry, StoreError> {
        Entry::parse(&self.entry).map_err(|e| StoreError::corrupt("journal", format!("{} {}", self.chain, self.seq), e))
    }
}

impl Store {
    /// Appends an event that goes with no other change.
    pub async fn note(
        &self,
        chain: &str,
        at: DateTime<Utc>,
        actor: &str,
        channel: Option<&str>,
        event: Event,
    ) -> Result<(), StoreError> {
        let (chain, actor, channel) = (chain.to_owned(), actor.to_owned(), channel.map(ToOwned::to_owned));
        self.write(move |tx| {
            Box::pin(async move {
                let about = About { channel: channel.as_deref(), ..About::default() };
                append(tx, &chain, at, &actor, about, event).await
            })
        })
        .await
    }

    /// The names of all chains.
    pub async fn chains(&self) -> Result<Vec<String>, StoreError> {
        let rows = read_all!(&self.readers, (String,), CHAINS)?;
        Ok(rows.into_iter().map(|r| r.0).collect())
    }

    /// Where a chain ends.
    pub async fn head(&self, chain: &str) -> Result<Head, StoreError> {
        let row = read_optional!(&self.readers, (i64, String), HEAD, chain)?;
        row.map_or_else(|| Ok(Head::genesis(chain)), |row| head_of(chain, row))
    }

    /// The next rows of a chain after place `after`, oldest first.
    pub async fn journal_page(&self, chain: &str, after: u64, most: u32) -> Result<Vec<JournalRow>, StoreError> {
        let after = i64::try_from(after).unwrap_or(i64::MAX);
        Ok(read_all!(&self.readers, JournalRow, PAGE, chain, after, i64::from(most))?)
    }

    /// The last row of a chain.
    pub async fn journal_last(&self, chain: &str) -> Result<Option<JournalRow>, StoreError> {
        Ok(read_optional!(&self.readers, JournalRow, LAST_ROW, chain)?)
    }

    /// The first and the last place of a chain on the days (UTC) of two moments and between them, by our clock. Among
    /// them may stand others, where the clock went back.
    pub async fn journal_span(
        &self,
        chain: &str,
        from: DateTime<Utc>,
        to: DateTime<Utc>,
    ) -> Result<Option<(u64, u64)>, StoreError> {
        type Span = (Option<i64>, Option<i64>);
        let span = read_optional!(&self.readers, Span, SPAN, chain, micros(from), micros(to))?;
        Ok(match span {
            Some((Some(first), Some(last))) => {
                Some((u64::try_from(first).unwrap_or(0), u64::try_from(last).unwrap_or(0)))
            }
            _ => None,
        })
    }

    /// The chain that tells of a channel, in use or retired.
    pub async fn chain_of_channel(&self, slug: &str) -> Result<String, StoreError> {
        let row = read_optional!(&self.readers, (String,), CHAIN_OF_CHANNEL, slug)?;
        row.map(|r| r.0).ok_or_else(|| StoreError::no_channel(slug))
    }

    /// What a post says in each revision, and where its deliveries stand.
    pub async fn post_texts(&self, post: Uuid) -> Result<PostTexts, StoreError> {
        type Text = (i64, String, String);
        type Standing = (String, String, String);
        let post = post.to_string();
        Ok(PostTexts {
            revisions: read_all!(&self.readers, Text, TEXTS_OF_POST, &*post)?,
            deliveries: read_all!(&self.readers, Standing, STATES_OF_POST, &*post)?,
        })
    }

    /// Everything that happened to one post, oldest first.
    pub async fn journal_of_post(&self, post: crate::domain::PostId) -> Result<Vec<JournalRow>, StoreError> {
        Ok(read_all!(&self.readers, JournalRow, OF_POST, post.to_string())?)
    }

    /// Everything that happened to some posts, post by post, oldest first.
    pub async fn journal_of_posts(&self, posts: &[crate::domain::PostId]) -> Result<Vec<JournalRow>, StoreError> {
        Ok(read_all!(&self.readers, JournalRow, OF_POSTS, json(posts)?)?)
    }
}
