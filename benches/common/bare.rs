//! What this machine does without vestnik: the figures that vestnik's own are set against.

use std::error::Error;
use std::future::Future;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use serde_json::json;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions as _, Executor as _, SqliteConnection};
use tokio::sync::{mpsc, oneshot};
use tokio::task::JoinSet;
use vestnik_contract::http::Http;

use crate::max_process::{TOKEN, chat_id};

type Failure = Box<dyn Error + Send + Sync>;

/// The store's writer takes as many operations into one commit.
pub const BATCH: usize = 256;

const INTENT: &str = "INSERT INTO intent (channel, nth) VALUES ($1, $2)";
const OUTCOME: &str = "INSERT INTO outcome (channel, nth) VALUES ($1, $2)";

/// POSTs a second: on each channel one after the other with a client of its own, as the daemon does it; no store.
pub async fn posts(max_url: &str, channels: usize, each: usize) -> Result<f64, Failure> {
    let start = Instant::now();
    together(channels, |nth| {
        let url = publish_url(max_url, nth);
        async move {
            let http = Http::new(None)?;
            for _ in 0..each {
                post(&http, &url).await?;
            }
            Ok(())
        }
    })
    .await?;
    Ok(rate(channels * each, start))
}

/// Commits a second of so many rows each, on one connection.
pub async fn commits(folder: &Path, rows: usize, commits: usize) -> Result<f64, Failure> {
    let mut db = database(&folder.join(format!("commits-{rows}.db"))).await?;
    let start = Instant::now();
    for nth in 0..commits {
        db.execute("BEGIN IMMEDIATE").await?;
        for row in 0..rows {
            insert(&mut db, INTENT, "bare", nth * rows + row).await?;
        }
        db.execute("COMMIT").await?;
    }
    Ok(rate(commits, start))
}

/// Deliveries a second when each is a tiny intent, committed, a POST, and a tiny outcome, committed. One writer commits
/// what waits together, as the store does; there are no rules, no journal and no savepoints.
pub async fn bound(folder: &Path, max_url: &str, channels: usize, each: usize) -> Result<f64, Failure> {
    let (jobs, waiting) = mpsc::channel(4 * BATCH);
    let writer = tokio::spawn(write_all(database(&folder.join("bound.db")).await?, waiting));
    let start = Instant::now();
    together(channels, |nth| {
        let (url, channel, jobs) =
            (publish_url(max_url, nth), Arc::<str>::from(format!("city{nth}-max")), jobs.clone());
        async move {
            let http = Http::new(None)?;
            for nth in 0..each {
                written(&jobs, INTENT, &channel, nth).await?;
                post(&http, &url).await?;
                written(&jobs, OUTCOME, &channel, nth).await?;
            }
            Ok(())
        }
    })
    .await?;
    let reached = rate(channels * each, start);
    drop(jobs);
    writer.await??;
    Ok(reached)
}

/// Runs one task a channel and waits for all.
async fn together<F>(channels: usize, work: impl Fn(usize) -> F) -> Result<(), Failure>
where
    F: Future<Output = Result<(), Failure>> + Send + 'static,
{
    let mut tasks: JoinSet<_> = (0..channels).map(work).collect();
    while let Some(done) = tasks.join_next().await {
        done??;
    }
    Ok(())
}

fn publish_url(max_url: &str, nth: usize) -> String {
    format!("{max_url}/messages?chat_id={}", chat_id(nth))
}

async fn post(http: &Http, url: &str) -> Result<(), Failure> {
    let text = "<b>Движение по мосту открыто</b>\n\nС сегодняшнего дня открыто движение по мосту через реку.";
    let request = http.post(url).header("authorization", TOKEN).json(&json!({ "text": text, "format": "html" }));
    let reply = http.send(request).await?;
    if reply.status.is_success() { Ok(()) } else { Err(format!("the sandbox answered {}", reply.status).into()) }
}

struct Row {
    sql: &'static str,
    channel: Arc<str>,
    nth: usize,
    committed: oneshot::Sender<()>,
}

async fn written(jobs: &mpsc::Sender<Row>, sql: &'static str, channel: &Arc<str>, nth: usize) -> Result<(), Failure> {
    let (committed, told) = oneshot::channel();
    jobs.send(Row { sql, channel: Arc::clone(channel), nth, committed }).await.map_err(|_| "the writer ended")?;
    Ok(told.await?)
}

async fn write_all(mut db: SqliteConnection, mut waiting: mpsc::Receiver<Row>) -> Result<(), Failure> {
    let mut rows = Vec::with_capacity(BATCH);
    while waiting.recv_many(&mut rows, BATCH).await > 0 {
        db.execute("BEGIN IMMEDIATE").await?;
        for row in &rows {
            insert(&mut db, row.sql, &row.channel, row.nth).await?;
        }
        db.execute("COMMIT").await?;
        for row in rows.drain(..) {
            // A caller that has given up is told by its own error.
            let _ = row.committed.send(());
        }
    }
    Ok(())
}

async fn insert(db: &mut SqliteConnection, sql: &'static str, channel: &str, nth: usize) -> Result<(), Failure> {
    sqlx::query(sql).bind(channel).bind(i64::try_from(nth)?).execute(db).await?;
    Ok(())
}

/// A new database with the store's own settings.
async fn database(place: &Path) -> Result<SqliteConnection, Failure> {
    let mut db = SqliteConnectOptions::new()
        .filename(place)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Full)
        .disable_statement_logging()
        .connect()
        .await?;
    for table in ["intent", "outcome"] {
        let create =
            format!("CREATE TABLE {table} (id INTEGER PRIMARY KEY, channel TEXT NOT NULL, nth INTEGER NOT NULL)");
        db.execute(sqlx::AssertSqlSafe(create)).await?;
    }
    Ok(db)
}

#[expect(clippy::cast_precision_loss, reason = "counts are far below 2^52")]
fn rate(done: usize, since: Instant) -> f64 {
    done as f64 / since.elapsed().as_secs_f64()
}
