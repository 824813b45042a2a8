//! Connections. A second database becomes a second variant here and nowhere else.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use super::StoreError;
use super::gate::Way;
use super::reading::{Lent, ReadConnections};

pub(super) static MIGRATIONS: Migrator = sqlx::migrate!("migrations/sqlite");
/// A command waits this long for another process's commit.
const BUSY_TIMEOUT: Duration = Duration::from_secs(15);
/// Pages of the log before it is brought into the file, 16 MiB: what is written often is brought there once.
const CHECKPOINT_PAGES: &str = "4000";

/// A connection that may write.
#[derive(Debug)]
pub(super) enum Db {
    /// SQLite: the one writing connection of this process.
    Sqlite(SqliteConnection),
}

/// Connections that only read.
#[derive(Debug, Clone)]
pub(super) enum Readers {
    /// SQLite in WAL mode: readers see the last commit and never wait.
    Sqlite(Arc<ReadConnections>, Way),
}

/// Several reads that see the same commit.
#[derive(Debug)]
pub(super) enum Snapshot<'a> {
    /// `SQLite` in WAL mode: a transaction keeps to the commit that its first read saw.
    Sqlite(sqlx::Transaction<'a, sqlx::Sqlite>),
}

/// One of the connections that only read.
#[derive(Debug)]
pub(super) enum Reader<'a> {
    /// SQLite.
    Sqlite(Lent<'a>),
}

/// Runs a statement and gives the number of rows it touched.
macro_rules! execute {
    ($db:expr, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $db {
            $crate::store::db::Db::Sqlite(c) => {
                sqlx::query($sql)$(.bind($bind))*.execute(&mut *c).await.map(|done| done.rows_affected())
            }
        }
    };
}

/// Gives all rows of a statement, on the writer.
macro_rules! fetch_all {
    ($db:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $db {
            $crate::store::db::Db::Sqlite(c) => {
                sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.fetch_all(&mut *c).await
            }
        }
    };
}

/// Gives the row of a statement if there is one, on the writer.
macro_rules! fetch_optional {
    ($db:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $db {
            $crate::store::db::Db::Sqlite(c) => {
                sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.fetch_optional(&mut *c).await
            }
        }
    };
}

/// Gives all rows of a statement, on a reader.
macro_rules! read_all {
    ($readers:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $readers {
            $crate::store::db::Readers::Sqlite(readers, way) => {
                let _turn = way.turn(false).await;
                match readers.lend().await {
                    Ok(mut lent) => {
                        let done = match lent.connection() {
                            Ok(c) => sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.fetch_all(c).await,
                            Err(error) => Err(error),
                        };
                        lent.heard(done)
                    }
                    Err(error) => Err(error),
                }
            }
        }
    };
}

/// Gives the row of a statement if there is one, on a reader.
macro_rules! read_optional {
    ($readers:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $readers {
            $crate::store::db::Readers::Sqlite(readers, way) => {
                let _turn = way.turn(false).await;
                match readers.lend().await {
                    Ok(mut lent) => {
                        let done = match lent.connection() {
                            Ok(c) => sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.fetch_optional(c).await,
                            Err(error) => Err(error),
                        };
                        lent.heard(done)
                    }
                    Err(error) => Err(error),
                }
            }
        }
    };
}

/// Gives all rows of a statement, in a snapshot.
macro_rules! snapshot_all {
    ($snapshot:expr, $row:ty, $sql:expr $(, $bind:expr)* $(,)?) => {
        match $snapshot {
            $crate::store::db::Snapshot::Sqlite(tx) => {
                sqlx::query_as::<_, $row>($sql)$(.bind($bind))*.fetch_all(&mut **tx).await
            }
        }
    };
}

pub(super) use {execute, fetch_all, fetch_optional, read_all, read_optional, snapshot_all};

impl Db {
    pub(super) async fn open(place: &Path, way: Way) -> Result<(Self, Readers), StoreError> {
        let cannot = |cause: String| StoreError::Open { place: place.into(), cause };
        if let Some(folder) = place.parent().filter(|f| !f.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).map_err(|e| cannot(e.to_string()))?;
        }
        let options = SqliteConnectOptions::new()
            .filename(place)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(BUSY_TIMEOUT)
            .foreign_keys(true)
            .pragma("trusted_schema", "OFF")
            // Savepoints keep the pages from before in memory, not in a file beside the database.
            .pragma("temp_store", "MEMORY")
            .pragma("wal_autocheckpoint", CHECKPOINT_PAGES)
            // KiB, because it is negative.
            .pragma("cache_size", "-8192")
            .disable_statement_logging();
        let mut writer = SqliteConnection::connect_with(&options).await.map_err(|e| match StoreError::from(e) {
            StoreError::Database(cause) => cannot(cause),
            other => other,
        })?;
        migrate(&mut writer, place).await?;
        // Every commit makes a reader's cache worthless, and the system keeps the file's pages anyway: 1 MiB each.
        let options = options.read_only(true).create_if_missing(false).pragma("cache_size", "-1024");
        let readers = Arc::new(ReadConnections::new(options));
        Ok((Self::Sqlite(writer), Readers::Sqlite(readers, way)))
    }

    /// Begins a transaction. Gives a number that differs from the last one when another connection has committed in
    /// between.
    pub(super) async fn begin(&mut self) -> Result<i64, StoreError> {
        // Reading first and writing later under a plain BEGIN fails at once when another process writes between. Both
        // statements are one hand-over to SQLite's thread.
        let row = fetch_optional!(self, (i64,), "BEGIN IMMEDIATE; PRAGMA data_version")?;
        Ok(row.map_or(0, |r| r.0))
    }

    /// Commits.
    pub(super) async fn commit(&mut self) -> Result<(), StoreError> {
        execute!(self, "COMMIT").map(drop).map_err(Into::into)
    }

    /// Takes everything since `begin` back. Errors mean that the database has done so itself.
    pub(super) async fn rollback(&mut self) {
        drop(execute!(self, "ROLLBACK"));
    }

    /// Sets the savepoint of an operation.
    pub(super) async fn savepoint(&mut self) -> Result<(), StoreError> {
        execute!(self, "SAVEPOINT operation").map(drop).map_err(Into::into)
    }

    /// Keeps what was done since the savepoint.
    pub(super) async fn release_savepoint(&mut self) -> Result<(), StoreError> {
        execute!(self, "RELEASE operation").map(drop).map_err(Into::into)
    }

    /// Takes back what was done since the savepoint.
    pub(super) async fn back_to_savepoint(&mut self) -> Result<(), StoreError> {
        execute!(self, "ROLLBACK TO operation; RELEASE operation").map(drop).map_err(Into::into)
    }

    pub(super) async fn close(self) {
        let Self::Sqlite(connection) = self;
        drop(connection.close().await);
    }
}

impl Readers {
    /// As many connections beside these, opened when they are needed.
    pub(super) fn apart(&self) -> Self {
        let Self::Sqlite(readers, way) = self;
        Self::Sqlite(Arc::new(readers.apart()), way.clone())
    }

    pub(super) async fn reader(&self) -> Result<Reader<'_>, StoreError> {
        let Self::Sqlite(readers, _) = self;
        Ok(Reader::Sqlite(readers.lend().await?))
    }

    pub(super) async fn close(&self) {
        let Self::Sqlite(readers, _) = self;
        readers.close().await;
    }
}

impl Reader<'_> {
    pub(super) async fn snapshot(&mut self) -> Result<Snapshot<'_>, StoreError> {
        let Self::Sqlite(lent) = self;
        Ok(Snapshot::Sqlite(lent.connection()?.begin().await?))
    }
}

/// Brings the schema up to date. Several processes may open a new database at the same moment: one of them makes the
/// schema while the others wait for its commit.
async fn migrate(connection: &mut SqliteConnection, place: &Path) -> Result<(), StoreError> {
    let applied = applied(connection).await;
    if applied == known() {
        return Ok(());
    }
    if applied.last().is_some_and(|(version, _)| *version >= newest_known()) {
        // Made otherwise, or by a newer program. Not a word is written, so that a reader never waits for a writer.
        return MIGRATIONS.run(connection).await.map_err(|error| not_migrated(error, place));
    }
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
    MIGRATIONS.run(&mut *transaction).await.map_err(|error| not_migrated(error, place))?;
    Ok(transaction.commit().await?)
}

/// The migrations that a database says it has gone through: version and checksum. None where it cannot say.
async fn applied(connection: &mut SqliteConnection) -> Vec<(i64, Vec<u8>)> {
    let applied = "SELECT version, checksum FROM _sqlx_migrations WHERE success ORDER BY version";
    sqlx::query_as(applied).fetch_all(connection).await.unwrap_or_default()
}

/// All there are.
fn known() -> Vec<(i64, Vec<u8>)> {
    MIGRATIONS.iter().map(|migration| (migration.version, migration.checksum.to_vec())).collect()
}

fn newest_known() -> i64 {
    MIGRATIONS.iter().map(|migration| migration.version).max().unwrap_or_default()
}

pub(super) fn not_migrated(error: MigrateError, place: &Path) -> StoreError {
    match error {
        MigrateError::VersionMissing(found) => StoreError::Newer { place: place.into(), found, known: newest_known() },
        MigrateError::Execute(e) | MigrateError::ExecuteMigration(e, _) => match StoreError::from(e) {
            StoreError::Database(cause) => StoreError::Open { place: place.into(), cause },
            other => other,
        },
        other => StoreError::Migration { place: place.into(), cause: other.to_string() },
    }
}
