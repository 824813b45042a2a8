//! What officers and auditors feel while posts go out, and what the posts feel: the desk is asked as fast as it can
//! answer, beside a thousand releases a minute.
//!
//! The program runs as its own process with years of history behind it: a million journal entries, a quarter of a
//! million posts of a hundred organisations. `wrk` (Debian's package of that name) asks for one page at a time; MAX is
//! the sandbox in a process of its own. All of them share the cores of this machine. Plain lines are printed;
//! `docs/benchmarks.md` explains them. `VESTNIK_RUSH_DAYS` (500) sets the length of the history, `VESTNIK_RUSH_SECONDS`
//! (20) how long each page is asked for.

#[path = "common/figures.rs"]
#[expect(dead_code, reason = "medians of rounds are another benchmark's")]
mod figures;
#[path = "common/history.rs"]
mod history;
#[path = "common/installation.rs"]
#[expect(dead_code, reason = "a desk on any port is for the others")]
mod installation;
#[path = "common/machine.rs"]
mod machine;
#[path = "common/max_process.rs"]
#[expect(dead_code, reason = "when calls arrive is asked by another benchmark")]
mod max_process;
#[path = "common/program.rs"]
#[expect(dead_code, reason = "memory is asked by another benchmark")]
mod program;
#[path = "common/visitor.rs"]
mod visitor;
#[path = "common/wrk.rs"]
mod wrk;

use std::error::Error;
use std::net::TcpListener;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use figures::percentile;
use max_process::MaxProcess;
use program::Program;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqliteConnection};
use vestnik::domain::Role;
use vestnik::domain::people::Right;
use vestnik::history::index::catch_up;
use vestnik::office::Office;
use vestnik_contract::{Clock as _, SetClock, SystemClock};
use visitor::Visitor;

type Failure = Box<dyn Error + Send + Sync>;

const ORGANISATIONS: usize = 100;
/// Of each organisation; four journal entries each.
const POSTS_A_DAY: usize = 5;
/// Between two releases: a thousand a minute.
const BETWEEN: TimeDelta = TimeDelta::milliseconds(60);
/// What happens once at the start is left out of the figures.
const WARM_UP: Duration = Duration::from_secs(5);
const OFFICER: &str = "officer";
const AUDITOR: &str = "auditor";

const LATENESS: &str = "SELECT attempt.started_at - delivery.planned_at FROM attempt \
     JOIN delivery ON delivery.id = attempt.delivery WHERE delivery.planned_at BETWEEN $1 AND $2";
const UNFINISHED: &str = "SELECT COUNT(*) FROM delivery WHERE planned_at BETWEEN $1 AND $2 AND state <> 'published'";

fn main() -> Result<(), Failure> {
    if max_process::serve_if_asked()? {
        return Ok(());
    }
    let asked = |name: &str, unless: u32| match std::env::var(name) {
        Ok(text) => text.parse().map_err(|_| format!("{name} is a whole number, not {text}")),
        Err(_) => Ok(unless),
    };
    let days = asked("VESTNIK_RUSH_DAYS", 500)?;
    let window = Duration::from_secs(asked("VESTNIK_RUSH_SECONDS", 20)?.into());
    wrk::is_here()?;
    machine::introduce("cargo bench --bench rush");
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(Box::pin(measure(days, window)))
}

async fn measure(days: u32, window: Duration) -> Result<(), Failure> {
    let max = MaxProcess::start(ORGANISATIONS)?;
    let folder = tempfile::tempdir()?;
    let address = free_address()?;
    let config = installation::configure_with_desk(folder.path(), ORGANISATIONS, &max.base_url, &address)?;
    let place = fill(&config, days).await?;

    let program = Program::serve(&config)?;
    println!("start to ready: {:.0} ms", program.start.as_secs_f64() * 1_000.0);
    let office = installation::open(&config).await?;
    let mut db = SqliteConnectOptions::new().filename(place).read_only(true).connect().await?;
    let address = format!("http://{address}");
    let officer = Visitor::sign_in(&address, OFFICER).await?;
    let auditor = Visitor::sign_in(&address, AUDITOR).await?;
    let today = office.clock.now().format("%Y-%m-%d");
    let pages = [
        ("today", &officer, "/today".to_owned()),
        ("calendar, a month", &officer, format!("/calendar?at={today}")),
        ("journal, one organisation", &officer, "/journal".to_owned()),
        ("search, one organisation", &officer, "/journal?words=%D0%BC%D0%BE%D1%81%D1%82%D1%83".to_owned()),
        ("search, all organisations", &auditor, "/journal?words=%D0%BC%D0%BE%D1%81%D1%82%D1%83".to_owned()),
    ];
    println!();
    println!(
        "{:<28} {:>10} {:>9} {:>9} {:>9}   {:>9} {:>9} {:>9}",
        "asked by 8 at once", "requests/s", "p50 ms", "p99 ms", "KiB", "late p50", "late p99", "most ms"
    );
    let run = Run { office: &office, window };
    let quiet = run.beside(&mut db, tokio::time::sleep(window)).await?.1;
    println!("{:<28} {:>10} {:>9} {:>9} {:>9}   {quiet}", "(nobody)", "", "", "", "");
    for (name, who, page) in pages {
        let bytes = who.get(&page).await?;
        let session = format!("Cookie: {}", who.cookie);
        let (asked, late) = run.beside(&mut db, wrk::ask(&format!("{address}{page}"), &session, window)).await?;
        print(name, &asked?, &(bytes / 1_024).to_string(), &late);
    }
    let token = visitor::token(&office, OFFICER, &installation::slug(0)).await?;
    let list = format!("{address}/api/v1/posts");
    let (asked, late) = run.beside(&mut db, wrk::ask(&list, &format!("Authorization: Bearer {token}"), window)).await?;
    print("API, list of posts", &asked?, "", &late);
    office.close().await?;
    Ok(())
}

fn print(name: &str, asked: &wrk::Asked, kib: &str, late: &str) {
    println!("{name:<28} {:>10.0} {:>9.1} {:>9.1} {kib:>9}   {late}", asked.rate, asked.half, asked.nearly_all);
}

/// Writes the history and the people, and gives where the database lies.
async fn fill(config: &Path, days: u32) -> Result<std::path::PathBuf, Failure> {
    let begun = Instant::now();
    let clock = Arc::new(SetClock::at(SystemClock.now() - TimeDelta::days(i64::from(days) + 1)));
    let office = installation::open_at(config, clock.clone()).await?;
    for _ in 0..days {
        clock.set(clock.now() + TimeDelta::days(1));
        history::make(&office, ORGANISATIONS, POSTS_A_DAY).await?;
    }
    for nth in 0..ORGANISATIONS {
        catch_up(&office.store, &installation::slug(nth), u64::MAX).await?;
    }
    let one = Right { role: Role::Officer, organisation: Some(installation::slug(0)) };
    visitor::enter(&office, OFFICER, one).await?;
    visitor::enter(&office, AUDITOR, Right { role: Role::Auditor, organisation: None }).await?;
    let place = office.store.place().to_owned();
    office.store.close().await;
    let mut db = SqliteConnectOptions::new().filename(&place).read_only(true).connect().await?;
    let count = async |table: &str, db: &mut SqliteConnection| {
        sqlx::query_scalar::<_, i64>(sqlx::AssertSqlSafe(format!("SELECT COUNT(*) FROM {table}"))).fetch_one(db).await
    };
    println!(
        "history   {} posts, {} journal entries, {} MiB, written in {:.0} s",
        count("post", &mut db).await?,
        count("journal", &mut db).await?,
        std::fs::metadata(&place)?.len() >> 20,
        begun.elapsed().as_secs_f64()
    );
    Ok(place)
}

struct Run<'a> {
    office: &'a Office,
    window: Duration,
}

impl Run<'_> {
    /// Lets posts go out, one after the other, while something is done; tells how late they were.
    async fn beside<T>(
        &self,
        db: &mut SqliteConnection,
        work: impl Future<Output = T>,
    ) -> Result<(T, String), Failure> {
        let from = self.office.clock.now() + WARM_UP;
        let to = from + self.window;
        let mut at = from;
        for nth in 0.. {
            if at >= to {
                break;
            }
            installation::queue_one(self.office, &installation::slug(nth % ORGANISATIONS), nth, at).await?;
            at += BETWEEN;
        }
        if self.office.clock.now() > from {
            return Err("queueing took too long; lengthen WARM_UP".into());
        }
        tokio::time::sleep((from - self.office.clock.now()).to_std()?).await;
        let done = work.await;
        let period = [from.timestamp_micros(), to.timestamp_micros()];
        let patience = Instant::now();
        loop {
            let left: i64 = sqlx::query_scalar(UNFINISHED).bind(period[0]).bind(period[1]).fetch_one(&mut *db).await?;
            if left == 0 {
                break;
            }
            if patience.elapsed() > Duration::from_secs(60) {
                return Err(format!("{left} deliveries did not go out").into());
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
        let late: Vec<i64> = sqlx::query_scalar(LATENESS).bind(period[0]).bind(period[1]).fetch_all(&mut *db).await?;
        #[expect(clippy::cast_precision_loss, reason = "a run lasts minutes")]
        let late: Vec<f64> = late.into_iter().map(|micros| micros as f64 / 1_000.0).collect();
        let [half, nearly_all, most] = [50, 99, 100].map(|percent| percentile(&late, percent));
        Ok((done, format!("{half:>9.1} {nearly_all:>9.1} {most:>9.1}")))
    }
}

/// An address where nobody listens.
fn free_address() -> Result<String, Failure> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string())
}
