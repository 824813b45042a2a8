//! Connections that only read, each lent to one reader at a time.
//!
//! sqlx's own pool asks a connection that comes back whether it still lives, which is one more hand-over to SQLite's
//! thread with every statement, and takes it back in a task beside: whoever reads next comes sooner and opens another,
//! until all are open and each has its own copy of the schema and its own statements to prepare. With some of its
//! settings it also counts what is idle below nothing and never ends (sqlx 0.9.0, issue 3645).

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::sync::{Semaphore, SemaphorePermit};

/// So many read at once; more wait.
const READERS: u32 = 4;
/// Nobody waits longer for one of the others to be done.
const PATIENCE: Duration = Duration::from_secs(30);

/// Connections to lend.
#[derive(Debug)]
pub(super) struct ReadConnections {
    options: SqliteConnectOptions,
    free: Semaphore,
    /// Those that nobody has. The last goes first.
    idle: Mutex<Vec<SqliteConnection>>,
}

/// A connection on loan.
#[derive(Debug)]
pub(super) struct Lent<'a> {
    connection: Option<SqliteConnection>,
    /// Its last statement came to its end.
    rests: bool,
    from: &'a ReadConnections,
    // Given back after the connection: the fields are dropped when `drop` has run.
    _permit: SemaphorePermit<'a>,
}

impl ReadConnections {
    /// Nothing is opened yet.
    pub(super) fn new(options: SqliteConnectOptions) -> Self {
        Self { options, free: Semaphore::new(READERS as usize), idle: Mutex::default() }
    }

    /// As many beside these.
    pub(super) fn apart(&self) -> Self {
        Self::new(self.options.clone())
    }

    pub(super) async fn lend(&self) -> Result<Lent<'_>, sqlx::Error> {
        let waits = tokio::time::timeout(PATIENCE, self.free.acquire());
        let permit = waits.await.map_err(|_| sqlx::Error::PoolTimedOut)?.map_err(|_| sqlx::Error::PoolClosed)?;
        let idle = self.idle().pop();
        let connection = match idle {
            Some(connection) => connection,
            None => self.options.connect().await?,
        };
        Ok(Lent { connection: Some(connection), rests: false, from: self, _permit: permit })
    }

    /// Waits until everybody has read and closes all.
    pub(super) async fn close(&self) {
        let all = self.free.acquire_many(READERS).await;
        self.free.close();
        drop(all);
        let idle = std::mem::take(&mut *self.idle());
        for connection in idle {
            drop(connection.close().await);
        }
    }

    fn idle(&self) -> MutexGuard<'_, Vec<SqliteConnection>> {
        self.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Lent<'_> {
    pub(super) fn connection(&mut self) -> Result<&mut SqliteConnection, sqlx::Error> {
        self.connection.as_mut().ok_or(sqlx::Error::WorkerCrashed)
    }

    /// What a statement came to. A connection whose thread has died is not lent again.
    pub(super) fn heard<T>(&mut self, done: Result<T, sqlx::Error>) -> Result<T, sqlx::Error> {
        if matches!(done, Err(sqlx::Error::WorkerCrashed)) {
            self.connection = None;
        }
        self.rests = true;
        done
    }
}

impl Drop for Lent<'_> {
    fn drop(&mut self) {
        let Some(connection) = self.connection.take() else { return };
        let mut idle = self.from.idle();
        // What was given up half-way may keep SQLite's thread busy for a while; what rests has its statements ready.
        let place = if self.rests { idle.len() } else { 0 };
        idle.insert(place, connection);
    }
}

#[cfg(test)]
mod tests {
    use futures_util::FutureExt as _;

    use super::READERS;
    use crate::store::Store;

    #[tokio::test]
    async fn the_daemon_reads_while_the_desk_has_all_its_connections() {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("vestnik.db")).await.unwrap();
        let mut desk = Vec::new();
        for _ in 0..READERS {
            desk.push(store.readers.reader().await.unwrap());
        }
        assert!(store.schema_problem().now_or_never().is_none(), "the desk waits for itself");
        assert_eq!(store.for_the_daemon().schema_problem().await.unwrap(), None);
        drop(desk);
        assert_eq!(store.schema_problem().await.unwrap(), None);
        store.close().await;
    }
}
