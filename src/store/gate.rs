//! The way to the database, where a simulation may stand: it sets the order of operations, fills the disk, and ends the
//! program before, between and after commits. In production nobody stands there.

use std::fmt::Debug;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use super::StoreError;

/// What a simulation decides about operations on their way to the database.
pub trait Gate: Send + Sync + Debug {
    /// Waits for the turn of an operation, a write or a read; it lasts until the result is dropped.
    fn turn(&self, writes: bool) -> BoxFuture<'_, Box<dyn Send>>;

    /// What happens at this point of a transaction. An error before the commit takes all of it back; one after it is
    /// what the callers hear instead of their results, as from a program that has ended.
    fn at(&self, point: Point) -> Result<(), StoreError>;

    /// How many of these bytes the history beside the database takes before its disk fails; `None`: all of them.
    fn history_takes(&self, bytes: usize) -> Option<usize> {
        let _ = bytes;
        None
    }
}

/// A point of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Point {
    /// Everything is written, nothing is committed.
    Written,
    /// It is committed; the history beside the database does not tell it yet.
    Committed,
    /// That tells it, too; nobody was answered yet.
    Mirrored,
}

/// The gate, if there is one.
#[derive(Debug, Clone, Default)]
pub(super) struct Way(pub(super) Option<Arc<dyn Gate>>);

impl Way {
    pub(super) async fn turn(&self, writes: bool) -> Option<Box<dyn Send>> {
        match &self.0 {
            Some(gate) => Some(gate.turn(writes).await),
            None => None,
        }
    }

    pub(super) fn at(&self, point: Point) -> Result<(), StoreError> {
        self.0.as_ref().map_or(Ok(()), |gate| gate.at(point))
    }

    pub(super) fn history_takes(&self, bytes: usize) -> Option<usize> {
        self.0.as_ref().and_then(|gate| gate.history_takes(bytes)).filter(|taken| *taken < bytes)
    }
}
