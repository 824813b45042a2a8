//! The one writer of this process: many operations, one commit.
//!
//! A commit costs a sync of the disk, whatever it holds. Operations that wait while one commit runs are therefore
//! done together in the next; each has a savepoint of its own, so that one that fails takes nothing from the others.
//! What they tell the journal is written at the end, in the same transaction: one statement for all.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};

use super::StoreError;
use super::db::Db;
use super::journal::{Pending, write_pending};
use super::mirror::Mirror;

/// More operations are not put into one commit, so that none waits long for its neighbours.
const BATCH_MAX: usize = 256;

/// An open transaction.
#[derive(Debug)]
pub struct Tx {
    pub(super) db: Db,
    /// What this transaction has to tell the journal.
    pub(super) pending: Pending,
    /// Where it is told once more when it is committed.
    mirror: Mirror,
}

/// A handle on the writer's task.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Job>,
}

/// Runs an operation and says whether it is to be kept; its result waits in the caller's slot.
type Run = Box<dyn for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, bool> + Send>;

enum Job {
    Run { run: Run, committed: oneshot::Sender<Result<(), StoreError>> },
    Close(oneshot::Sender<()>),
}

impl Writer {
    pub(super) fn start(db: Db, mirror: Mirror) -> Self {
        let (jobs, waiting) = mpsc::channel(4 * BATCH_MAX);
        tokio::spawn(write_all(Tx { db, pending: Pending::default(), mirror }, waiting));
        Self { jobs }
    }

    pub(super) async fn run<T, F>(&self, operation: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, StoreError>> + Send + 'static,
    {
        let slot = Arc::new(Mutex::new(None));
        let result = Arc::clone(&slot);
        let run: Run = Box::new(move |tx| {
            Box::pin(async move {
                let done = operation(tx).await;
                let keep = done.is_ok();
                *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(done);
                keep
            })
        });
        let (committed, told) = oneshot::channel();
        self.jobs.send(Job::Run { run, committed }).await.map_err(|_| StoreError::Stopping)?;
        told.await.map_err(|_| StoreError::Stopping)??;
        result.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or(Err(StoreError::Stopping))
    }

    pub(super) async fn close(&self) {
        let (tell, told) = oneshot::channel();
        if self.jobs.send(Job::Close(tell)).await.is_ok() {
            drop(told.await);
        }
    }
}

async fn write_all(mut tx: Tx, mut waiting: mpsc::Receiver<Job>) {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    let mut closing = None;
    while closing.is_none() && waiting.recv_many(&mut batch, BATCH_MAX).await > 0 {
        let mut runs = Vec::with_capacity(batch.len());
        let mut callers = Vec::with_capacity(batch.len());
        for job in batch.drain(..) {
            match job {
                Job::Run { run, committed } => {
                    runs.push(run);
                    callers.push(committed);
                }
                Job::Close(tell) => closing = Some(tell),
            }
        }
        let outcome = if runs.is_empty() { Ok(()) } else { commit_together(&mut tx, runs).await };
        for caller in callers {
            drop(caller.send(outcome.clone()));
        }
    }
    tx.db.close().await;
    if let Some(tell) = closing {
        // The caller may have stopped waiting.
        let _ = tell.send(());
    }
}

async fn commit_together(tx: &mut Tx, runs: Vec<Run>) -> Result<(), StoreError> {
    tx.db.begin().await?;
    let done = run_all(tx, runs).await;
    if done.is_err() {
        tx.db.rollback().await;
        tx.pending.forget();
    }
    done
}

async fn run_all(tx: &mut Tx, runs: Vec<Run>) -> Result<(), StoreError> {
    tx.pending.at_version(tx.db.version().await?);
    for run in runs {
        let told = tx.pending.len();
        if run(tx).await {
            tx.db.next_savepoint().await?;
        } else {
            tx.db.back_to_savepoint().await?;
            tx.pending.take_back(told);
        }
    }
    write_pending(tx).await?;
    tx.db.commit().await?;
    tx.mirror.append(&tx.pending.take_written());
    Ok(())
}
