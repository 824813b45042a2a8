//! Everything that was asked for, in the order of history: for copies.

use chrono::{DateTime, Utc};

use super::{FindError, FoundRow, Question, Stream, page};
use crate::history::export::Header;
use crate::history::index;
use crate::journal::{Event, Head};
use crate::store::{JournalRow, Store, Stretch};

/// A copy on its way: chain after chain in the order of their names, each up to where it ended when the copy began.
#[derive(Debug)]
pub struct Walk {
    store: Store,
    /// Those that are still to come, the next one last.
    chains: Vec<(Header, Stream)>,
    current: Option<Stream>,
}

/// The next part of a copy.
#[derive(Debug)]
pub enum Step {
    /// A chain begins.
    Chain(Header),
    /// Entries of it. Never none.
    Rows(Vec<JournalRow>),
}

impl Walk {
    /// Begins a copy. Each chain first takes down who took it, so that a whole copy ends with that entry; nothing is
    /// taken down where the question cannot be answered.
    pub async fn begin(
        store: &Store,
        question: &Question,
        format: &str,
        actor: &str,
        now: DateTime<Utc>,
    ) -> Result<Self, FindError> {
        let matching = question.matching()?;
        for asked in &question.chains {
            let exported = Event::HistoryExported { format: format.to_owned(), filter: question.left_out(asked) };
            store.note(&asked.chain, now, actor, None, exported).await?;
            if matching.is_some() {
                // A copy leaves nothing out because it was not indexed yet.
                index::catch_up(store, &asked.chain, u64::MAX).await?;
            }
        }
        let mut chains = Vec::with_capacity(question.chains.len());
        for asked in &question.chains {
            let head: Head = store.head(&asked.chain).await?;
            let stretch = Stretch { above: 0, below: head.seq.saturating_add(1), newest_first: false };
            let stream = Stream::begin(store, question, matching.clone(), asked, stretch).await?;
            let header = match question.left_out(asked) {
                None => Header::whole(&asked.chain, head, now),
                Some(words) => Header::filtered(&asked.chain, head, now, words),
            };
            chains.push((header, stream));
        }
        chains.sort_by(|(a, _), (b, _)| b.chain.cmp(&a.chain));
        Ok(Self { store: store.clone(), chains, current: None })
    }

    /// The next part; `None` at the end.
    pub async fn next(&mut self) -> Result<Option<Step>, FindError> {
        if let Some(stream) = &mut self.current {
            if let Some(rows) = stream.next_page(&self.store).await? {
                return Ok(Some(Step::Rows(rows)));
            }
            self.current = None;
        }
        let Some((header, stream)) = self.chains.pop() else { return Ok(None) };
        self.current = Some(stream);
        Ok(Some(Step::Chain(header)))
    }

    /// Adds to entries what they do not say themselves.
    pub async fn told(&self, rows: Vec<JournalRow>) -> Result<Vec<FoundRow>, FindError> {
        Ok(page::told(&self.store, rows).await?)
    }
}
