//! The index over the journal: filled behind it in batches of its own, so that no release waits for a search.

use serde::Serialize;

use super::changes::rows;
use super::db::{execute, fetch_optional, read_all, read_optional};
use super::{JournalRow, Store, StoreError};

/// The lower part of a number in the index is the place in the chain.
const PLACE_BITS: u32 = 40;

pub(super) const INDEXED: &str = "SELECT number, form, upto FROM journal_index WHERE chain = $1";
pub(super) const NEXT_NUMBER: &str = "SELECT COALESCE(MAX(number), 0) + 1 FROM journal_index";
pub(super) const BEGIN_INDEX: &str = "INSERT INTO journal_index (chain, number, form, upto) VALUES ($1, $2, $3, 0)";
pub(super) const MOVE_INDEX: &str = "UPDATE journal_index SET upto = $2 WHERE chain = $1";
pub(super) const OTHER_FORMS: &str = "SELECT COUNT(*) FROM journal_index WHERE form <> $1";
/// The words of one chain alone cannot be taken out of an index that keeps no texts: all chains begin anew.
pub(super) const FORGET_WORDS: &str = "INSERT INTO journal_words (journal_words) VALUES ('delete-all')";
pub(super) const FORGET_DISTANCES: &str = "DELETE FROM follower_distance";
pub(super) const FORGET_INDEX: &str = "DELETE FROM journal_index";
pub(super) const INSERT_WORDS: &str = concat!(
    rows!(),
    "INSERT INTO journal_words (rowid, words, actor, marks) \
     SELECT row ->> 'number', row ->> 'words', row ->> 'actor', row ->> 'marks' FROM n"
);
pub(super) const INSERT_DISTANCES: &str = concat!(
    rows!(),
    "INSERT INTO follower_distance (chain, seq, post, channel, published_at, seconds, required, verdict) \
     SELECT row ->> 'chain', row ->> 'seq', row ->> 'post', row ->> 'channel', row ->> 'published_at', \
     row ->> 'seconds', row ->> 'required', row ->> 'verdict' FROM n"
);
pub(super) const FOUND_BACK: &str = "SELECT j.chain, j.seq, j.at, j.kind, j.post, j.delivery, j.channel, j.entry, j.hash \
     FROM journal_words w CROSS JOIN journal j ON j.chain = $1 AND j.seq = w.rowid - $2 \
     WHERE w.journal_words MATCH $3 AND w.rowid > $4 AND w.rowid < $5 ORDER BY w.rowid DESC LIMIT $6";
pub(super) const FOUND_ON: &str = "SELECT j.chain, j.seq, j.at, j.kind, j.post, j.delivery, j.channel, j.entry, j.hash \
     FROM journal_words w CROSS JOIN journal j ON j.chain = $1 AND j.seq = w.rowid - $2 \
     WHERE w.journal_words MATCH $3 AND w.rowid > $4 AND w.rowid < $5 ORDER BY w.rowid LIMIT $6";
pub(super) const PAGE_BACK: &str = "SELECT chain, seq, at, kind, post, delivery, channel, entry, hash FROM journal \
     WHERE chain = $1 AND seq > $2 AND seq < $3 ORDER BY seq DESC LIMIT $4";
pub(super) const PAGE_ON: &str = "SELECT chain, seq, at, kind, post, delivery, channel, entry, hash FROM journal \
     WHERE chain = $1 AND seq > $2 AND seq < $3 ORDER BY seq LIMIT $4";
pub(super) const TITLES: &str = "SELECT post, number, title FROM revision \
     WHERE post IN (SELECT value FROM json_each($1)) ORDER BY post, number";
pub(super) const IN_STATE: &str = "SELECT post, id FROM delivery \
     WHERE post IN (SELECT value FROM json_each($1)) AND state = $2";

/// What the index keeps of one row of the journal.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RowWords {
    /// The place in the chain.
    pub seq: u64,
    /// Stems of what was said, in order.
    pub words: String,
    /// Stems of who did it.
    pub actor: String,
    /// What it can be chosen by.
    pub marks: String,
}

/// What is kept of one publication on a follower.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct StoredDistance {
    /// The chain.
    pub chain: String,
    /// The place of the publication in it.
    pub seq: u64,
    /// The post.
    pub post: String,
    /// The follower.
    pub channel: String,
    /// Microseconds since 1970.
    pub published_at: i64,
    /// From the primary; unknown without one, and where nobody can tell.
    pub seconds: Option<i64>,
    /// Asked for.
    pub required: u32,
    /// `kept`, `broken`, `no_primary` or `unknown`.
    pub verdict: &'static str,
}

/// A part of a chain, without its ends, and in which direction it is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stretch {
    /// Places above this one.
    pub above: u64,
    /// Places below this one.
    pub below: u64,
    /// From the newest, or from the oldest.
    pub newest_first: bool,
}

#[derive(Serialize)]
struct NumberedWords<'a> {
    number: i64,
    words: &'a str,
    actor: &'a str,
    marks: &'a str,
}

type State = (i64, i64, i64);

impl Store {
    /// Up to which place a chain is indexed in this form.
    pub async fn indexed_upto(&self, chain: &str, form: u32) -> Result<u64, StoreError> {
        let state = read_optional!(&self.readers, State, INDEXED, chain)?;
        Ok(state.filter(|state| state.1 == i64::from(form)).map_or(0, |state| place(state.2)))
    }

    /// Puts rows that follow `after` into the index, up to place `upto`. Gives up to where the index reaches now: not
    /// `upto` when another process was quicker, and then nothing was done. An index in another form begins anew.
    pub async fn index_rows(
        &self,
        chain: &str,
        form: u32,
        (after, upto): (u64, u64),
        rows: Vec<RowWords>,
        distances: Vec<StoredDistance>,
    ) -> Result<u64, StoreError> {
        let chain = chain.to_owned();
        let distances = serde_json::to_string(&distances).map_err(|e| StoreError::corrupt("journal", &chain, e))?;
        self.write(move |tx| {
            Box::pin(async move {
                let db = tx.sql().await?;
                if fetch_optional!(db, (i64,), OTHER_FORMS, i64::from(form))?.is_some_and(|others| others.0 > 0) {
                    execute!(db, FORGET_WORDS)?;
                    execute!(db, FORGET_DISTANCES)?;
                    execute!(db, FORGET_INDEX)?;
                }
                let (number, reached) = match fetch_optional!(db, State, INDEXED, &*chain)? {
                    Some((number, _, upto)) => (number, place(upto)),
                    None => {
                        let next = fetch_optional!(db, (i64,), NEXT_NUMBER)?.map_or(1, |row| row.0);
                        execute!(db, BEGIN_INDEX, &*chain, next, i64::from(form))?;
                        (next, 0)
                    }
                };
                if reached != after {
                    return Ok(reached);
                }
                let numbered = rows.iter().map(|row| NumberedWords {
                    number: number_of(number, row.seq),
                    words: &row.words,
                    actor: &row.actor,
                    marks: &row.marks,
                });
                let numbered = serde_json::to_string(&numbered.collect::<Vec<_>>())
                    .map_err(|e| StoreError::corrupt("journal", &chain, e))?;
                execute!(db, INSERT_WORDS, &*numbered)?;
                execute!(db, INSERT_DISTANCES, &*distances)?;
                execute!(db, MOVE_INDEX, &*chain, place_for_sql(upto))?;
                Ok(upto)
            })
        })
        .await
    }

    /// The next rows of a stretch of a chain; with `matching` (FTS5) only those that the index names.
    pub async fn journal_stretch(
        &self,
        chain: &str,
        matching: Option<&str>,
        stretch: Stretch,
        most: u32,
    ) -> Result<Vec<JournalRow>, StoreError> {
        let (above, below, most) = (stretch.above, stretch.below, i64::from(most));
        let Some(matching) = matching else {
            let sql = if stretch.newest_first { PAGE_BACK } else { PAGE_ON };
            let (above, below) = (place_for_sql(above), place_for_sql(below));
            return Ok(read_all!(&self.readers, JournalRow, sql, chain, above, below, most)?);
        };
        let Some((number, ..)) = read_optional!(&self.readers, State, INDEXED, chain)? else { return Ok(Vec::new()) };
        let (first, above, below) = (number_of(number, 0), number_of(number, above), number_of(number, below));
        let sql = if stretch.newest_first { FOUND_BACK } else { FOUND_ON };
        Ok(read_all!(&self.readers, JournalRow, sql, chain, first, matching, above, below, most)?)
    }

    /// The headlines of posts in every revision: post, number, headline.
    pub async fn titles_of(&self, posts: &[&str]) -> Result<Vec<(String, i64, String)>, StoreError> {
        let posts = super::changes::json(posts)?;
        Ok(read_all!(&self.readers, (String, i64, String), TITLES, posts)?)
    }

    /// The deliveries of these posts that stand there now: post, delivery.
    pub async fn deliveries_in_state(
        &self,
        posts: &[&str],
        state: crate::domain::State,
    ) -> Result<Vec<(String, String)>, StoreError> {
        let posts = super::changes::json(posts)?;
        Ok(read_all!(&self.readers, (String, String), IN_STATE, posts, state.name())?)
    }
}

fn place(seq: i64) -> u64 {
    u64::try_from(seq).unwrap_or(0)
}

fn place_for_sql(place: u64) -> i64 {
    i64::try_from(place).unwrap_or(i64::MAX)
}

/// The number of a row in the index.
fn number_of(chain: i64, place: u64) -> i64 {
    (chain << PLACE_BITS) + place_for_sql(place.min((1 << PLACE_BITS) - 1))
}
