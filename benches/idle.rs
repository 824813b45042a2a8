//! What the program costs: at rest, at its start, and when everything is due at once.
//!
//! The program runs as its own process, as an operator starts it; figures come from `/proc`. Its history of 100 000
//! posts is made by the store's own operations, without a platform. Plain lines are printed; `docs/benchmarks.md`
//! explains them.

#[path = "common/figures.rs"]
mod figures;
#[path = "common/history.rs"]
mod history;
#[path = "common/installation.rs"]
mod installation;
#[path = "common/machine.rs"]
mod machine;
#[path = "common/max_process.rs"]
#[expect(dead_code, reason = "when calls arrive is asked by the other benchmark")]
mod max_process;
#[path = "common/process.rs"]
mod process;
#[path = "common/program.rs"]
mod program;

use std::error::Error;
use std::path::Path;
use std::time::{Duration, Instant};

use figures::median;
use max_process::MaxProcess;
use process::{cpu_seconds, mebibytes};
use program::Program;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use tokio::time::sleep;
use vestnik_contract::{Clock as _, SystemClock};

type Failure = Box<dyn Error + Send + Sync>;

const ORGANISATIONS: usize = 100;
/// Posts of each organisation in the history: 100 000 in all.
const HISTORY: usize = 1_000;
/// Posts of each organisation that are due at once: 10 000 in all.
const DUE: usize = 100;
/// What happens once at the start is left out of the figures for rest.
const WARM_UP: Duration = Duration::from_secs(3);
const WINDOW: Duration = Duration::from_secs(20);
const STARTS: usize = 5;
/// A release that takes longer than this has failed.
const PATIENCE: Duration = Duration::from_secs(120);

const TO_DO: &str = "SELECT EXISTS (SELECT 1 FROM delivery WHERE action IS NOT NULL AND stop_reason IS NULL) \
     OR EXISTS (SELECT 1 FROM attempt WHERE state <> 'settled')";

fn main() -> Result<(), Failure> {
    if max_process::serve_if_asked()? {
        return Ok(());
    }
    machine::introduce("cargo bench --bench idle");
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(measure())
}

async fn measure() -> Result<(), Failure> {
    let max = MaxProcess::start(ORGANISATIONS)?;
    let folder = tempfile::tempdir()?;
    let config = installation::configure(folder.path(), ORGANISATIONS, &max.base_url)?;
    println!("{ORGANISATIONS} organisations, one channel in MAX each; the sandbox is a process of its own.");
    starts("an empty database", &config)?;
    rest("an empty database", &config).await?;
    busy(&config).await?;

    let office = installation::open(&config).await?;
    let begun = Instant::now();
    history::make(&office, ORGANISATIONS, HISTORY).await?;
    let place = office.store.place().to_owned();
    office.store.close().await;
    println!(
        "(a history of {} posts was written in {:.0} s; the database has {:.0} MiB)",
        ORGANISATIONS * HISTORY,
        begun.elapsed().as_secs_f64(),
        mebibytes_of(&place)?,
    );
    let behind = format!("{} posts behind", ORGANISATIONS * (HISTORY + DUE));
    starts(&behind, &config)?;
    rest(&behind, &config).await
}

/// From the start of the process to ready.
fn starts(what: &str, config: &Path) -> Result<(), Failure> {
    let mut times = Vec::new();
    for _ in 0..STARTS {
        times.push(Program::serve(config)?.start.as_secs_f64() * 1_000.0);
    }
    println!("start to ready, {what}: {:.0} ms (median of {STARTS})", median(&times));
    Ok(())
}

async fn rest(what: &str, config: &Path) -> Result<(), Failure> {
    let program = Program::serve(config)?;
    sleep(WARM_UP).await;
    let before = cpu_seconds(program.pid())?;
    sleep(WINDOW).await;
    let used = cpu_seconds(program.pid())? - before;
    let (seconds, resident) = (WINDOW.as_secs_f64(), mebibytes(program.pid(), "VmRSS")?);
    println!(
        "at rest, {what}: {resident:.1} MiB resident, {used:.2} s of CPU in {seconds:.0} s ({:.2} % of a core)",
        100.0 * used / seconds
    );
    Ok(())
}

/// Everything due at once: what is resident at most.
async fn busy(config: &Path) -> Result<(), Failure> {
    let office = installation::open(config).await?;
    let due = SystemClock.now() + Duration::from_secs(6);
    installation::queue(&office, DUE, due).await?;
    let place = office.store.place().to_owned();
    office.store.close().await;
    let program = Program::serve(config)?;
    let mut db = SqliteConnectOptions::new().filename(place).read_only(true).connect().await?;
    let begun = Instant::now();
    while sqlx::query_scalar::<_, bool>(TO_DO).fetch_one(&mut db).await? {
        if begun.elapsed() > PATIENCE {
            return Err("not everything went out".into());
        }
        sleep(Duration::from_millis(100)).await;
    }
    println!(
        "{} deliveries due at once: {:.1} MiB resident at most, {:.1} MiB afterwards, {:.1} s of CPU in all",
        ORGANISATIONS * DUE,
        mebibytes(program.pid(), "VmHWM")?,
        mebibytes(program.pid(), "VmRSS")?,
        cpu_seconds(program.pid())?,
    );
    Ok(())
}

#[expect(clippy::cast_precision_loss, reason = "no database here has 2^52 bytes")]
fn mebibytes_of(place: &Path) -> Result<f64, Failure> {
    Ok(std::fs::metadata(place)?.len() as f64 / 1024.0 / 1024.0)
}
