//! The one writer of this process: many operations, one commit.
//!
//! A commit costs a sync of the disk, whatever it holds, and each statement costs a hand-over to SQLite's thread.
//! Operations that wait while one commit runs are therefore done together in the next. The two that every delivery
//! goes through, writing down an attempt and writing down its end, are done as a *set*: what they need is read for all
//! of them at once ([`facts`](super::facts)), and what they change is written at once
//! ([`changes`](super::changes)). Whatever does not fit that (an error, a rarer course) is done alone, with a
//! savepoint of its own, so that what fails takes nothing from the others.

use std::sync::{Arc, Mutex, PoisonError};

use futures_util::future::BoxFuture;
use tokio::sync::{mpsc, oneshot};

use super::StoreError;
use super::changes::Changes;
use super::claim::{Claim, ClaimRequest, claim_all};
use super::db::Db;
use super::facts::{self, Facts, Subject};
use super::gate::{Point, Way};
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
    way: Way,
    /// What is not written yet.
    pub(super) changes: Changes,
    /// What the operation that runs in a set may know.
    pub(super) facts: Option<Facts>,
}

impl Tx {
    /// The database, with all changes so far written. Not for an operation that runs in a set: it is done alone then.
    pub(super) async fn sql(&mut self) -> Result<&mut Db, StoreError> {
        if self.facts.is_some() {
            return Err(StoreError::Alone);
        }
        self.changes.write(&mut self.db).await?;
        Ok(&mut self.db)
    }
}

/// A handle on the writer's task.
#[derive(Debug, Clone)]
pub(super) struct Writer {
    jobs: mpsc::Sender<Message>,
    way: Way,
}

enum Message {
    Alone(Alone),
    InSet(InSet),
    Close(oneshot::Sender<()>),
}

type Done<'t> = BoxFuture<'t, Result<(), StoreError>>;
type Committed = oneshot::Sender<Result<Option<Claim>, StoreError>>;

/// An operation with a savepoint of its own. It says whether it is to be kept; its result waits in the caller's slot.
struct Alone {
    run: OperationOnce,
    claim: Option<ClaimRequest>,
    /// The claim is all that is wanted: its failure is the caller's.
    only_claim: bool,
    committed: Committed,
}

/// An operation that is fit for a set, and for being done again alone.
struct InSet {
    /// `None`: only the claim is wanted.
    operation: Option<(Subject, Operation)>,
    /// The channel whose next delivery is taken in the same commit.
    claim: Option<ClaimRequest>,
    committed: Committed,
}

type OperationOnce = Box<dyn for<'t> FnOnce(&'t mut Tx) -> Done<'t> + Send>;
type Operation = Box<dyn for<'t> Fn(&'t mut Tx) -> Done<'t> + Send + Sync>;

impl InSet {
    fn alone(self) -> Alone {
        let Self { operation, claim, committed } = self;
        let only_claim = operation.is_none();
        let run: OperationOnce = match operation {
            Some((_, operation)) => operation,
            None => Box::new(|_| Box::pin(std::future::ready(Ok(())))),
        };
        Alone { run, claim, only_claim, committed }
    }
}

type Slot<T> = Arc<Mutex<Option<Result<T, StoreError>>>>;

impl Writer {
    pub(super) fn start(db: Db, mirror: Mirror, way: Way) -> Self {
        let (jobs, waiting) = mpsc::channel(4 * BATCH_MAX);
        let (pending, changes) = (Pending::default(), Changes::default());
        let tx = Tx { db, pending, mirror, way: way.clone(), changes, facts: None };
        tokio::spawn(write_all(tx, waiting));
        Self { jobs, way }
    }

    /// Does one operation.
    pub(super) async fn run<T, F>(&self, operation: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, StoreError>> + Send + 'static,
    {
        let result = Slot::default();
        let slot = Arc::clone(&result);
        let run: OperationOnce = Box::new(move |tx| {
            let done = operation(tx);
            Box::pin(async move { put(&slot, done.await) })
        });
        self.send(|committed| Message::Alone(Alone { run, claim: None, only_claim: false, committed })).await?;
        taken(&result)
    }

    /// Does one operation, in a set with others where it can be, and claims the next delivery of a channel.
    pub(super) async fn run_in_set<T, F>(
        &self,
        subject: Subject,
        claim: Option<ClaimRequest>,
        operation: F,
    ) -> Result<(T, Option<Claim>), StoreError>
    where
        T: Send + 'static,
        F: for<'t> Fn(&'t mut Tx) -> BoxFuture<'t, Result<T, StoreError>> + Send + Sync + 'static,
    {
        let result = Slot::default();
        let slot = Arc::clone(&result);
        let run: Operation = Box::new(move |tx| {
            let (slot, done) = (Arc::clone(&slot), operation(tx));
            Box::pin(async move { put(&slot, done.await) })
        });
        let operation = Some((subject, run));
        let claim = self.send(|committed| Message::InSet(InSet { operation, claim, committed })).await?;
        Ok((taken(&result)?, claim))
    }

    /// Claims the next delivery of a channel.
    pub(super) async fn claim(&self, request: ClaimRequest) -> Result<Option<Claim>, StoreError> {
        let claim = Some(request);
        self.send(|committed| Message::InSet(InSet { operation: None, claim, committed })).await
    }

    async fn send(&self, message: impl FnOnce(Committed) -> Message) -> Result<Option<Claim>, StoreError> {
        let _turn = self.way.turn(true).await;
        let (committed, told) = oneshot::channel();
        self.jobs.send(message(committed)).await.map_err(|_| StoreError::Stopping)?;
        told.await.map_err(|_| StoreError::Stopping)?
    }

    pub(super) async fn close(&self) {
        let (tell, told) = oneshot::channel();
        if self.jobs.send(Message::Close(tell)).await.is_ok() {
            drop(told.await);
        }
    }
}

fn put<T>(slot: &Slot<T>, result: Result<T, StoreError>) -> Result<(), StoreError> {
    let keep = result.as_ref().map(drop).map_err(Clone::clone);
    *slot.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
    keep
}

fn taken<T>(slot: &Slot<T>) -> Result<T, StoreError> {
    slot.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or(Err(StoreError::Stopping))
}

async fn write_all(mut tx: Tx, mut waiting: mpsc::Receiver<Message>) {
    let mut batch = Vec::with_capacity(BATCH_MAX);
    let mut closing = None;
    while closing.is_none() && waiting.recv_many(&mut batch, BATCH_MAX).await > 0 {
        let (mut set, mut alone) = (vec![], vec![]);
        for message in batch.drain(..) {
            match message {
                Message::Alone(job) => alone.push(job),
                Message::InSet(job) => set.push(job),
                Message::Close(tell) => closing = Some(tell),
            }
        }
        alone.extend(commit_set(&mut tx, set).await);
        commit_alone(&mut tx, alone).await;
    }
    tx.db.close().await;
    if let Some(tell) = closing {
        // The caller may have stopped waiting.
        let _ = tell.send(());
    }
}

/// Does operations as a set. Gives those that are to be done alone.
async fn commit_set(tx: &mut Tx, jobs: Vec<InSet>) -> Vec<Alone> {
    if jobs.is_empty() {
        return vec![];
    }
    let done = match tx.begin().await {
        Ok(()) => run_set(tx, &jobs).await,
        Err(error) => Err(error),
    };
    match done {
        Ok(claims) => {
            let mut alone = vec![];
            for (job, claim) in jobs.into_iter().zip(claims) {
                match claim {
                    Some(claim) => answer(job.committed, Ok(claim)),
                    None => alone.push(job.alone()),
                }
            }
            alone
        }
        Err(error) => {
            tx.take_all_back().await;
            if error.is_of_the_disk() {
                for job in jobs {
                    answer(job.committed, Err(error.clone()));
                }
                return vec![];
            }
            // One of them spoils it for all: alone, the others come through.
            jobs.into_iter().map(InSet::alone).collect()
        }
    }
}

/// For every job that was done, what it claimed.
async fn run_set(tx: &mut Tx, jobs: &[InSet]) -> Result<Vec<Option<Option<Claim>>>, StoreError> {
    let subjects: Vec<_> = jobs.iter().filter_map(|job| Some(job.operation.as_ref()?.0.clone())).collect();
    let mut all = facts::load(&mut tx.db, &subjects).await?.into_iter();
    let mut done = Vec::with_capacity(jobs.len());
    let mut wanted = Vec::with_capacity(jobs.len());
    for job in jobs {
        let kept = match &job.operation {
            None => true,
            Some((_, run)) => match all.next().flatten() {
                Some(facts) => run_one(tx, facts, run).await?,
                None => false,
            },
        };
        if kept {
            wanted.extend(job.claim.clone());
        }
        done.push(kept);
    }
    tx.changes.write(&mut tx.db).await?;
    let mut claims = claim_all(&mut tx.db, &wanted).await?;
    tx.commit().await?;
    let claimed = |job: &InSet| job.claim.as_ref().and_then(|c| claims.remove(&c.channel));
    Ok(jobs.iter().zip(done).map(give(claimed)).collect())
}

fn give(mut claimed: impl FnMut(&InSet) -> Option<Claim>) -> impl FnMut((&InSet, bool)) -> Option<Option<Claim>> {
    move |(job, done)| done.then(|| claimed(job))
}

/// Whether the operation was done. An error ends the transaction.
async fn run_one(tx: &mut Tx, facts: Facts, run: &Operation) -> Result<bool, StoreError> {
    let (told, changed) = (tx.pending.len(), tx.changes.mark());
    tx.facts = Some(facts);
    let done = run(tx).await;
    tx.facts = None;
    match done {
        Ok(()) => Ok(true),
        Err(error) if error.may_end_a_transaction() => Err(error),
        Err(_) => {
            tx.pending.take_back(told);
            tx.changes.back_to(changed);
            Ok(false)
        }
    }
}

/// Does operations one after the other and commits them together.
async fn commit_alone(tx: &mut Tx, jobs: Vec<Alone>) {
    if jobs.is_empty() {
        return;
    }
    let mut callers = Vec::with_capacity(jobs.len());
    let done = match tx.begin().await {
        Ok(()) => run_alone(tx, jobs, &mut callers).await,
        Err(error) => {
            callers.extend(jobs.into_iter().map(|job| (job.committed, Ok(None))));
            Err(error)
        }
    };
    if done.is_err() {
        tx.take_all_back().await;
    }
    for (caller, claim) in callers {
        answer(caller, done.clone().and(claim));
    }
}

type Caller = (Committed, Result<Option<Claim>, StoreError>);

async fn run_alone(tx: &mut Tx, jobs: Vec<Alone>, callers: &mut Vec<Caller>) -> Result<(), StoreError> {
    let mut failed = Ok(());
    let has_others = jobs.len() > 1;
    for job in jobs {
        let done = match &failed {
            Ok(()) => run_beside(tx, has_others, job.run, job.claim, job.only_claim).await,
            Err(_) => Ok(Ok(None)),
        };
        callers.push((
            job.committed,
            done.unwrap_or_else(|error| {
                failed = Err(error);
                Ok(None)
            }),
        ));
    }
    failed?;
    tx.commit().await
}

/// Where others share the transaction, with a savepoint: what fails takes nothing from them. The inner result is the
/// operation's own; an outer error ends the transaction.
async fn run_beside(
    tx: &mut Tx,
    has_others: bool,
    run: OperationOnce,
    claim: Option<ClaimRequest>,
    only_claim: bool,
) -> Result<Result<Option<Claim>, StoreError>, StoreError> {
    let told = tx.pending.len();
    if has_others {
        tx.db.savepoint().await?;
    }
    let mut done = run(tx).await;
    if done.is_ok() {
        // What the operation changed is its own matter, also where the database refuses it.
        done = tx.changes.write(&mut tx.db).await;
    }
    if let Err(error) = done {
        if !has_others {
            return Err(error);
        }
        tx.changes = Changes::default();
        tx.pending.take_back(told);
        // After some errors SQLite has taken everything back by itself, and there is no savepoint any more.
        return tx.db.back_to_savepoint().await.map(|()| Err(error.clone())).map_err(|_| error);
    }
    if has_others {
        tx.db.release_savepoint().await?;
    }
    let Some(request) = claim else { return Ok(Ok(None)) };
    match claim_all(&mut tx.db, std::slice::from_ref(&request)).await {
        Ok(mut claims) => Ok(Ok(claims.remove(&request.channel))),
        Err(error) if error.may_end_a_transaction() => Err(error),
        Err(error) if only_claim => Ok(Err(error)),
        // What was done before it counts; whoever asks next for this channel is told.
        Err(error) => {
            tracing::warn!(channel = request.channel, %error, "the next delivery cannot be claimed");
            Ok(Ok(None))
        }
    }
}

impl Tx {
    async fn commit(&mut self) -> Result<(), StoreError> {
        write_pending(self).await?;
        self.way.at(Point::Written)?;
        self.db.commit().await?;
        self.way.at(Point::Committed)?;
        self.mirror.append(&self.pending.take_written());
        self.way.at(Point::Mirrored)
    }

    async fn begin(&mut self) -> Result<(), StoreError> {
        let version = self.db.begin().await?;
        self.pending.at_version(version);
        Ok(())
    }

    async fn take_all_back(&mut self) {
        self.db.rollback().await;
        self.pending.forget();
        self.changes = Changes::default();
        self.facts = None;
    }
}

/// The caller may have stopped waiting.
fn answer(caller: Committed, result: Result<Option<Claim>, StoreError>) {
    let _ = caller.send(result);
}
