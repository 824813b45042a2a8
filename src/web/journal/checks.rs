//! Checks of chains that run behind the desk: one at a time, with progress, and the last result of each chain.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use chrono::{DateTime, Utc};
use tokio::sync::Semaphore;

use crate::history::audit::{Audit, Progress, verify_chain};
use crate::journal::Hash;
use crate::web::Desk;

/// Every chain's last check.
#[derive(Debug)]
pub struct Checks {
    last: Mutex<HashMap<String, Arc<Check>>>,
    /// Checks of several chains wait for each other: one core of the machine is enough for them.
    turn: Arc<Semaphore>,
}

impl Default for Checks {
    fn default() -> Self {
        Self { last: Mutex::default(), turn: Arc::new(Semaphore::new(1)) }
    }
}

/// A check that runs or is over.
#[derive(Debug)]
pub(super) struct Check {
    /// Who asked for it.
    pub(super) by: String,
    /// When.
    pub(super) begun_at: DateTime<Utc>,
    /// The hash that someone noted.
    pub(super) expected: Option<Hash>,
    pub(super) progress: Progress,
    end: OnceLock<End>,
}

/// How a check ended.
#[derive(Debug)]
pub(super) enum End {
    /// It came to its end then.
    Done(Box<Audit>, DateTime<Utc>),
    /// Someone stopped it.
    Stopped,
    /// The database could not be read. The cause stands in the log.
    Failed,
}

impl Check {
    /// How it ended; `None`: it runs.
    pub(super) fn end(&self) -> Option<&End> {
        self.end.get()
    }
}

impl Checks {
    /// The last check of a chain.
    pub(super) fn of(&self, chain: &str) -> Option<Arc<Check>> {
        self.last.lock().unwrap_or_else(PoisonError::into_inner).get(chain).cloned()
    }

    /// Begins a check, unless one of the chain runs already.
    pub(super) fn begin(&self, desk: &Desk, chain: &str, by: &str, expected: Option<Hash>) {
        let check = Arc::new(Check {
            by: by.to_owned(),
            begun_at: desk.office.clock.now(),
            expected,
            progress: Progress::beside_others(),
            end: OnceLock::new(),
        });
        {
            let mut last = self.last.lock().unwrap_or_else(PoisonError::into_inner);
            if last.get(chain).is_some_and(|check| check.end().is_none()) {
                return;
            }
            last.insert(chain.to_owned(), Arc::clone(&check));
        }
        let (turn, store, clock) = (Arc::clone(&self.turn), desk.office.store.clone(), Arc::clone(&desk.office.clock));
        let chain = chain.to_owned();
        tokio::spawn(async move {
            let _turn = turn.acquire_owned().await;
            let end = match verify_chain(&store, &chain, expected, clock.now(), &check.progress).await {
                Ok(Some(audit)) => End::Done(Box::new(audit), clock.now()),
                Ok(None) => End::Stopped,
                Err(error) => {
                    tracing::error!(%error, chain, "the chain could not be checked");
                    End::Failed
                }
            };
            // Nobody else ends it.
            drop(check.end.set(end));
        });
    }
}
