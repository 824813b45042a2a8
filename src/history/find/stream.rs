//! The rows of one chain that were asked for, one after the other.

use std::collections::{HashSet, VecDeque};

use chrono::{DateTime, Utc};

use super::{Asked, Question};
use crate::domain::State;
use crate::store::{JournalRow, Store, StoreError, Stretch};

/// Rows are read so many at a time.
pub(super) const BATCH: u32 = 200;

/// A question on its way through one chain.
#[derive(Debug)]
pub struct Stream {
    asked: Asked,
    matching: Option<String>,
    state: Option<State>,
    /// What is still to be read.
    stretch: Stretch,
    rows: VecDeque<JournalRow>,
    /// How many rows were read, whether they were asked for or not.
    read: u64,
    is_over: bool,
    batch: u32,
}

impl Stream {
    /// Begins at one end of the stretch, within the period that is asked for.
    pub async fn begin(
        store: &Store,
        question: &Question,
        matching: Option<String>,
        asked: &Asked,
        mut stretch: Stretch,
    ) -> Result<Self, StoreError> {
        if asked.from.is_some() || asked.to.is_some() {
            let (from, to) = (asked.from.unwrap_or(DateTime::<Utc>::MIN_UTC), asked.to);
            let to = to.unwrap_or(DateTime::<Utc>::MAX_UTC);
            let (first, last) = store.journal_span(&asked.chain, from, to).await?.unwrap_or((1, 0));
            stretch.above = stretch.above.max(first.saturating_sub(1));
            stretch.below = stretch.below.min(last.saturating_add(1));
        }
        let (asked, state) = (asked.clone(), question.state);
        // A page is shown quickly; who goes on is given more at a time.
        let batch = 60;
        Ok(Self { asked, matching, state, stretch, rows: VecDeque::new(), read: 0, is_over: false, batch })
    }

    /// The chain.
    pub fn chain(&self) -> &str {
        &self.asked.chain
    }

    /// How many rows were read, whether they were asked for or not.
    pub fn read(&self) -> u64 {
        self.read
    }

    /// Beside which place the stream goes on: everything up to there was given or passed by.
    pub(super) fn edge(&self) -> u64 {
        let place = |row: &JournalRow| u64::try_from(row.seq).unwrap_or(0);
        match (self.rows.front(), self.stretch.newest_first) {
            (Some(next), true) => place(next).saturating_add(1),
            (Some(next), false) => place(next).saturating_sub(1),
            (None, true) => self.stretch.below,
            (None, false) => self.stretch.above,
        }
    }

    /// The next row without taking it; reads at most `budget` rows for it. `None`: there is none, or none within it.
    pub async fn peek(&mut self, store: &Store, budget: u64) -> Result<Option<&JournalRow>, StoreError> {
        let enough = self.read.saturating_add(budget);
        while self.rows.is_empty() && !self.is_over && self.read < enough {
            self.read_on(store).await?;
        }
        Ok(self.rows.front())
    }

    /// Whether nothing is left.
    pub fn is_over(&self) -> bool {
        self.is_over && self.rows.is_empty()
    }

    /// Takes what [`Stream::peek`] showed.
    pub fn take(&mut self) -> Option<JournalRow> {
        self.rows.pop_front()
    }

    /// The next rows; `None` after the last. Never an empty page.
    pub async fn next_page(&mut self, store: &Store) -> Result<Option<Vec<JournalRow>>, StoreError> {
        while self.rows.is_empty() && !self.is_over {
            self.read_on(store).await?;
        }
        Ok((!self.rows.is_empty()).then(|| self.rows.drain(..).collect()))
    }

    async fn read_on(&mut self, store: &Store) -> Result<(), StoreError> {
        if self.stretch.above.saturating_add(1) >= self.stretch.below {
            self.is_over = true;
            return Ok(());
        }
        let matching = self.matching.as_deref();
        let page = store.journal_stretch(&self.asked.chain, matching, self.stretch, self.batch).await?;
        self.read += page.len() as u64;
        self.is_over = page.len() < self.batch as usize;
        let last = page.last().map(|row| u64::try_from(row.seq).unwrap_or(0));
        match (last, self.stretch.newest_first) {
            (Some(last), true) => self.stretch.below = last,
            (Some(last), false) => self.stretch.above = last,
            (None, _) => {}
        }
        self.batch = BATCH;
        let mut rows: Vec<_> = page.into_iter().filter(|row| Question::is_in_period(&self.asked, row)).collect();
        if let Some(state) = self.state {
            rows = in_state(store, rows, state).await?;
        }
        self.rows.extend(rows);
        Ok(())
    }
}

/// The rows whose delivery stands there now; those of a post as a whole when one of its deliveries does.
async fn in_state(store: &Store, rows: Vec<JournalRow>, state: State) -> Result<Vec<JournalRow>, StoreError> {
    let posts: HashSet<&str> = rows.iter().filter_map(|row| row.post.as_deref()).collect();
    let standing = store.deliveries_in_state(&posts.into_iter().collect::<Vec<_>>(), state).await?;
    let posts: HashSet<&str> = standing.iter().map(|(post, _)| post.as_str()).collect();
    let deliveries: HashSet<&str> = standing.iter().map(|(_, delivery)| delivery.as_str()).collect();
    let is_there = |row: &JournalRow| match &row.delivery {
        Some(delivery) => deliveries.contains(delivery.as_str()),
        None => row.post.as_deref().is_some_and(|post| posts.contains(post)),
    };
    let kept: Vec<bool> = rows.iter().map(is_there).collect();
    Ok(rows.into_iter().zip(kept).filter_map(|(row, is_kept)| is_kept.then_some(row)).collect())
}
