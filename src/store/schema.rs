//! Whether a database is one of ours, with everything that our migrations make in it.
//!
//! Triggers and unique indexes are the last guard of what must never break, whatever the program believes. Nobody would
//! notice that one is gone, so it is looked at where a database comes from elsewhere, and at the start.

use std::collections::BTreeMap;
use std::path::Path;

use sqlx::migrate::Migrator;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};

use super::db::{MIGRATIONS, Readers};
use super::{Store, StoreError};

pub(super) const IS_MIGRATED: &str = "SELECT 1 FROM sqlite_schema WHERE type = 'table' AND name = '_sqlx_migrations'";
pub(super) const VERSION: &str = "SELECT COALESCE(MAX(version), 0) FROM _sqlx_migrations";
/// Without what SQLite makes for itself.
pub(super) const OBJECTS: &str =
    "SELECT type, name, COALESCE(sql, '') FROM sqlite_schema WHERE substr(name, 1, 7) <> 'sqlite_'";

/// Kind and name to the statement that makes it.
type Objects = BTreeMap<(String, String), String>;

impl Store {
    /// What this database lacks, or has otherwise, of what our migrations make; `None`: nothing.
    pub async fn schema_problem(&self) -> Result<Option<String>, StoreError> {
        let Readers::Sqlite(readers, way) = &self.readers;
        let _turn = way.turn(false).await;
        let mut lent = readers.lend().await?;
        problem(lent.connection()?).await
    }

    /// The same of a file that was not opened yet, of whatever version. Nothing is made or changed.
    pub async fn schema_problem_of(place: &Path) -> Result<Option<String>, StoreError> {
        let options = SqliteConnectOptions::new().filename(place).read_only(true).pragma("trusted_schema", "OFF");
        let looked = async {
            let mut connection = options.disable_statement_logging().connect().await?;
            let problem = problem(&mut connection).await;
            drop(connection.close().await);
            problem
        };
        match looked.await {
            // It says of itself that it is no database, or a broken one.
            Err(StoreError::Database(why) | StoreError::Damaged(why)) => Ok(Some(why)),
            looked => looked,
        }
    }
}

async fn problem(connection: &mut SqliteConnection) -> Result<Option<String>, StoreError> {
    if sqlx::query_as::<_, (i64,)>(IS_MIGRATED).fetch_optional(&mut *connection).await?.is_none() {
        return Ok(Some("it is no database of vestnik".into()));
    }
    let (version,) = sqlx::query_as::<_, (i64,)>(VERSION).fetch_one(&mut *connection).await?;
    let found = objects(connection).await?;
    let expected = made(version).await?;
    // The tables behind an index of words are SQLite's own matter, in their form.
    let words: Vec<_> = expected.iter().filter(|(_, sql)| sql.starts_with("CREATE VIRTUAL TABLE")).collect();
    let is_behind = |name: &str| words.iter().any(|((_, of), _)| name.starts_with(&format!("{of}_")));
    for ((kind, name), sql) in &expected {
        match found.get(&(kind.clone(), name.clone())) {
            None => return Ok(Some(format!("the {kind} `{name}` is missing"))),
            Some(other) if other != sql && !is_behind(name) => {
                return Ok(Some(format!("the {kind} `{name}` is not as vestnik makes it")));
            }
            Some(_) => {}
        }
    }
    let foreign = found.keys().find(|object| object.0 == "trigger" && !expected.contains_key(object));
    Ok(foreign.map(|(kind, name)| format!("the {kind} `{name}` is none of vestnik's")))
}

async fn objects(connection: &mut SqliteConnection) -> Result<Objects, StoreError> {
    let rows = sqlx::query_as::<_, (String, String, String)>(OBJECTS).fetch_all(connection).await?;
    let one_line = |sql: &str| sql.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(rows.into_iter().map(|(kind, name, sql)| ((kind, name), one_line(&sql))).collect())
}

/// What our migrations make up to this version.
async fn made(version: i64) -> Result<Objects, StoreError> {
    let place = Path::new(":memory:");
    let mut connection = SqliteConnectOptions::new().in_memory(true).disable_statement_logging().connect().await?;
    let upto = MIGRATIONS.iter().filter(|migration| migration.version <= version).cloned().collect();
    let migrated = Migrator::with_migrations(upto).run(&mut connection).await;
    migrated.map_err(|error| super::db::not_migrated(error, place))?;
    let objects = objects(&mut connection).await;
    drop(connection.close().await);
    objects
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn execute(place: &Path, sql: &'static str) {
        let mut connection = SqliteConnectOptions::new().filename(place).connect().await.unwrap();
        sqlx::query(sql).execute(&mut connection).await.unwrap();
        connection.close().await.unwrap();
    }

    #[tokio::test]
    async fn a_guard_that_is_gone_or_weakened_is_named() {
        for (sql, problem) in [
            ("CREATE INDEX of_the_house ON post (created_at)", None),
            ("DROP TRIGGER attempt_respects_hold", Some("the trigger `attempt_respects_hold` is missing")),
            ("DROP INDEX attempt_one_open", Some("the index `attempt_one_open` is missing")),
            (
                "DROP TRIGGER journal_stays; CREATE TRIGGER journal_stays BEFORE DELETE ON journal BEGIN SELECT 1; END",
                Some("the trigger `journal_stays` is not as vestnik makes it"),
            ),
            (
                "CREATE TRIGGER helpful AFTER INSERT ON hold BEGIN UPDATE attempt SET state = 'open'; END",
                Some("the trigger `helpful` is none of vestnik's"),
            ),
        ] {
            let dir = tempfile::tempdir().unwrap();
            let place = dir.path().join("vestnik.db");
            Store::open(&place).await.unwrap().close().await;
            execute(&place, sql).await;
            assert_eq!(Store::schema_problem_of(&place).await.unwrap().as_deref(), problem, "{sql}");
            let store = Store::open(&place).await.unwrap();
            assert_eq!(store.schema_problem().await.unwrap().as_deref(), problem, "{sql}");
            store.close().await;
        }
    }

    #[tokio::test]
    async fn every_earlier_version_is_ours() {
        for version in MIGRATIONS.iter().map(|migration| migration.version) {
            let dir = tempfile::tempdir().unwrap();
            let place = dir.path().join("vestnik.db");
            let options = SqliteConnectOptions::new().filename(&place).create_if_missing(true);
            let mut connection = options.connect().await.unwrap();
            let upto = MIGRATIONS.iter().filter(|migration| migration.version <= version).cloned().collect();
            Migrator::with_migrations(upto).run(&mut connection).await.unwrap();
            connection.close().await.unwrap();
            assert_eq!(Store::schema_problem_of(&place).await.unwrap(), None, "{version}");
        }
    }

    #[tokio::test]
    async fn what_is_no_database_of_ours_is_told_so() {
        let dir = tempfile::tempdir().unwrap();
        let place = dir.path().join("vestnik.db");
        std::fs::write(&place, "").unwrap();
        assert_eq!(Store::schema_problem_of(&place).await.unwrap().unwrap(), "it is no database of vestnik");
        execute(&place, "CREATE TABLE post (id TEXT)").await;
        assert_eq!(Store::schema_problem_of(&place).await.unwrap().unwrap(), "it is no database of vestnik");
        std::fs::write(&place, vec![7; 20_000]).unwrap();
        assert!(Store::schema_problem_of(&place).await.unwrap().unwrap().contains("not a database"));
    }
}
