//! Finding entries as the desk shows them: the newest first, of several chains by time, a page at a time in both
//! directions. What is chosen or searched goes through the index ([`super::index`]); what is shown is the journal's.
//!
//! [`super::search`] is the other way to ask: every text as it is typed, in the order of history, without an index.

use chrono::{DateTime, Utc};

use super::index::{mark_of_channel, mark_of_kind, mark_of_post};
use super::stems::{TooMuch, phrases, stems};
use crate::domain::{PostId, State};
use crate::journal::{Entry, stamp};
use crate::store::{JournalRow, Store, StoreError};

mod page;
mod stream;
mod walk;

pub use page::{Cursor, FindError, Found, newest};
pub use stream::Stream;
pub use walk::{Step, Walk};

/// What is asked for. Absent parts match everything.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Question {
    /// The chains that are looked at, each with its period.
    pub chains: Vec<Asked>,
    /// What happened on one channel.
    pub channel: Option<String>,
    /// A kind of event, or the subject of several (`delivery`).
    pub kind: Option<String>,
    /// Words of the name of who did it.
    pub person: Option<String>,
    /// Words and phrases that must all occur, in any of their forms.
    pub words: Option<String>,
    /// What happened to one post.
    pub post: Option<PostId>,
    /// Deliveries that are in this state now. Entries of a post as a whole count when one of its deliveries is.
    pub state: Option<State>,
}

/// A chain and the period in it that is asked for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// The chain.
    pub chain: String,
    /// From this moment, by our clock.
    pub from: Option<DateTime<Utc>>,
    /// Up to, not including, this moment.
    pub to: Option<DateTime<Utc>>,
}

/// An entry that was found, with what it does not say itself.
#[derive(Debug, Clone)]
pub struct FoundRow {
    /// As it lies in the database.
    pub row: JournalRow,
    /// What it says; `None`: it cannot be read, so something else than vestnik changed it.
    pub entry: Option<Entry>,
    /// The post's headline then.
    pub title: Option<String>,
    /// Whole seconds from the primary to the publication that it tells of.
    pub distance_seconds: Option<i64>,
}

impl Question {
    /// The same question in the language of the index; `None`: nothing in it needs the index.
    fn matching(&self) -> Result<Option<String>, TooMuch> {
        let marks = [
            self.kind.as_deref().map(mark_of_kind),
            self.channel.as_deref().map(mark_of_channel),
            self.post.map(|post| mark_of_post(post.0)),
        ];
        // Stems hold letters and digits alone, so that no quote of a visitor ends the phrase.
        let mut terms: Vec<_> = marks.into_iter().flatten().map(|mark| format!("marks : \"{mark}\"")).collect();
        let person = stems(self.person.as_deref().unwrap_or_default());
        phrases(self.person.as_deref().unwrap_or_default())?;
        terms.extend(person.split_whitespace().map(|word| format!("actor : \"{word}\"")));
        let words = phrases(self.words.as_deref().unwrap_or_default())?;
        terms.extend(words.iter().map(|phrase| format!("{{words actor}} : \"{phrase}\"")));
        Ok((!terms.is_empty()).then(|| terms.join(" AND ")))
    }

    /// Whether the index is needed for an answer.
    pub fn needs_index(&self) -> Result<bool, TooMuch> {
        Ok(self.matching()?.is_some())
    }

    /// What is left out of a chain, in words for the header of a copy; `None`: nothing. Choosing chains leaves nothing
    /// out of them.
    pub fn left_out(&self, asked: &Asked) -> Option<String> {
        let parts = [
            asked.from.map(|from| format!("from {}", stamp::text(from))),
            asked.to.map(|to| format!("to {}", stamp::text(to))),
            self.channel.as_ref().map(|channel| format!("channel {channel}")),
            self.kind.as_ref().map(|kind| format!("kind {kind}")),
            self.person.as_ref().map(|person| format!("person {person}")),
            self.words.as_ref().map(|words| format!("words {words}")),
            self.post.map(|post| format!("post {post}")),
            self.state.map(|state| format!("state {state}")),
        ];
        let parts: Vec<_> = parts.into_iter().flatten().collect();
        (!parts.is_empty()).then(|| parts.join(", "))
    }

    /// Whether the row lies in the period: days of a chain are found by its clock, which may have gone back.
    fn is_in_period(asked: &Asked, row: &JournalRow) -> bool {
        asked.from.is_none_or(|from| row.at >= from.timestamp_micros())
            && asked.to.is_none_or(|to| row.at < to.timestamp_micros())
    }
}

/// One entry with what stands around it: places of the chain before and after it, if there are any.
pub async fn one(store: &Store, chain: &str, seq: u64) -> Result<Option<FoundRow>, StoreError> {
    let page = store.journal_page(chain, seq.saturating_sub(1), 1).await?;
    let Some(row) = page.into_iter().find(|row| u64::try_from(row.seq) == Ok(seq)) else { return Ok(None) };
    Ok(page::told(store, vec![row]).await?.pop())
}

#[cfg(test)]
mod tests;
