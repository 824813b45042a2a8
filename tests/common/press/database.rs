//! The database as a stranger sees it: another program on the same file.

use std::fmt::Write as _;
use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, SqliteConnection};

async fn open(place: &Path) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(place).busy_timeout(super::PATIENCE);
    SqliteConnection::connect_with(&options).await.unwrap()
}

/// Every row of every table.
pub async fn rows(place: &Path) -> String {
    let mut db = open(place).await;
    let tables: Vec<(String,)> = sqlx::query_as(
        // An index of words is no table that could be read row by row.
        "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%' \
         AND name NOT LIKE 'journal_words%' ORDER BY name",
    )
    .fetch_all(&mut db)
    .await
    .unwrap();
    let mut all = String::new();
    for (table,) in tables {
        let columns: Vec<(String,)> =
            sqlx::query_as("SELECT name FROM pragma_table_info($1)").bind(&*table).fetch_all(&mut db).await.unwrap();
        let quoted: Vec<String> = columns.iter().map(|(name,)| format!("quote(\"{name}\")")).collect();
        let sql = format!("SELECT {} FROM \"{table}\" ORDER BY 1", quoted.join(" || ', ' || "));
        let rows: Vec<(String,)> = sqlx::query_as(AssertSqlSafe(sql)).fetch_all(&mut db).await.unwrap();
        writeln!(all, "{table}").unwrap();
        for (row,) in rows {
            writeln!(all, "  {row}").unwrap();
        }
    }
    db.close().await.unwrap();
    all
}

pub async fn execute(place: &Path, sql: &'static str) {
    let mut db = open(place).await;
    db.execute(sql).await.unwrap();
    db.close().await.unwrap();
}

pub async fn integrity(place: &Path) -> String {
    let mut db = open(place).await;
    let (answer,): (String,) = sqlx::query_as("PRAGMA integrity_check").fetch_one(&mut db).await.unwrap();
    db.close().await.unwrap();
    answer
}

/// The only write lock, until dropped.
#[must_use]
pub struct Lock(#[expect(dead_code, reason = "closing it lets go of the lock")] SqliteConnection);

pub async fn lock(place: &Path) -> Lock {
    let mut db = open(place).await;
    db.execute("BEGIN EXCLUSIVE").await.unwrap();
    Lock(db)
}
