//! How fast deliveries go out: 10 000 due at one instant, and how late the last of 1 000 is.
//!
//! MAX is the sandbox in a process of its own; the daemon runs here. Both share the cores of this machine, so the
//! figures hold for the two together. What the machine does without vestnik is measured in the same round. Plain
//! lines are printed; `docs/benchmarks.md` explains them. `VESTNIK_BENCH_ROUNDS` sets how many rounds (3).

#[path = "common/bare.rs"]
mod bare;
#[path = "common/figures.rs"]
mod figures;
#[path = "common/installation.rs"]
mod installation;
#[path = "common/machine.rs"]
mod machine;
#[path = "common/max_process.rs"]
mod max_process;
#[path = "common/process.rs"]
mod process;

use std::error::Error;
use std::time::Duration;

use figures::{median, percentile};
use max_process::MaxProcess;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, SqliteConnection};
use vestnik::release;
use vestnik_contract::{Clock as _, SystemClock};

type Failure = Box<dyn Error + Send + Sync>;

const CHANNELS: usize = 100;
/// Posts a channel: 10 000 in all.
const MANY: usize = 100;
/// Posts a channel: 1 000 in all.
const FEW: usize = 10;
/// The daemon's first round is over by then.
const STARTED: Duration = Duration::from_secs(1);
/// From queueing to the instant that everything is due.
const LEAD: Duration = Duration::from_secs(15);

const UNFINISHED: &str = "SELECT EXISTS (SELECT 1 FROM delivery WHERE action IS NOT NULL AND stop_reason IS NULL) \
     OR EXISTS (SELECT 1 FROM attempt WHERE state <> 'settled')";
const PUBLISHED: &str = "SELECT COUNT(*) FROM delivery WHERE state = 'published'";
const STARTS: &str = "SELECT started_at FROM attempt";
const LAST_END: &str = "SELECT MAX(ended_at) FROM attempt";

/// What one round of vestnik showed.
struct Released {
    /// Deliveries a second, from the instant they were due to the commit of the last outcome.
    rate: f64,
    /// CPU time a delivery of this process, in milliseconds; the sandbox is another process.
    cpu: f64,
    /// How late each attempt was written down, in milliseconds.
    started: Vec<f64>,
    /// How late each call reached MAX, in milliseconds.
    arrived: Vec<f64>,
}

#[derive(Default)]
struct Figures {
    posts: Vec<f64>,
    single: Vec<f64>,
    batched: Vec<f64>,
    bound: Vec<f64>,
    bound_cpu: Vec<f64>,
    rate: Vec<f64>,
    cpu: Vec<f64>,
    started: [Vec<f64>; 2],
    arrived: [Vec<f64>; 2],
    few_started: [Vec<f64>; 2],
    few_arrived: [Vec<f64>; 2],
}

fn main() -> Result<(), Failure> {
    if max_process::serve_if_asked()? {
        return Ok(());
    }
    machine::introduce("cargo bench --bench release");
    // As the program itself does it: a thread a core.
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(measure())
}

async fn measure() -> Result<(), Failure> {
    let rounds: usize = std::env::var("VESTNIK_BENCH_ROUNDS").unwrap_or_else(|_| "3".into()).parse()?;
    let mut f = Figures::default();
    for round in 1..=rounds {
        let folder = tempfile::tempdir()?;
        f.single.push(bare::commits(folder.path(), 1, 1_000).await?);
        f.batched.push(bare::commits(folder.path(), bare::BATCH, 40).await?);
        f.posts.push(bare::posts(&MaxProcess::start(CHANNELS)?.base_url, CHANNELS, MANY).await?);
        let before = own_cpu()?;
        f.bound.push(bare::bound(folder.path(), &MaxProcess::start(CHANNELS)?.base_url, CHANNELS, MANY).await?);
        f.bound_cpu.push((own_cpu()? - before) / count(CHANNELS * MANY));
        let many = release(MANY).await?;
        let few = release(FEW).await?;
        println!("round {round}   {:.0} deliveries a second, bound {:.0}", many.rate, last(&f.bound));
        f.rate.push(many.rate);
        f.cpu.push(many.cpu);
        for (place, percent) in [50, 99].into_iter().enumerate() {
            f.started[place].push(percentile(&many.started, percent));
            f.arrived[place].push(percentile(&many.arrived, percent));
            f.few_started[place].push(percentile(&few.started, percent));
            f.few_arrived[place].push(percentile(&few.arrived, percent));
        }
    }
    print(&f, rounds);
    Ok(())
}

/// Lets the daemon release `each` posts on every channel, all due at one instant.
async fn release(each: usize) -> Result<Released, Failure> {
    let mut max = MaxProcess::start(CHANNELS)?;
    let folder = tempfile::tempdir()?;
    let office = installation::open(&installation::configure(folder.path(), CHANNELS, &max.base_url)?).await?;
    let daemon = office.daemon("bench".into(), 1);
    let mut db = SqliteConnectOptions::new().filename(office.store.place()).read_only(true).connect().await?;
    let due = SystemClock.now() + STARTED + LEAD;
    let (mut before, mut queued, mut in_time) = (Ok(0.0), Ok(()), false);
    let day = async {
        // What is queued before the daemon is at work is looked for on the platform first: not the ordinary course.
        tokio::time::sleep(STARTED).await;
        queued = installation::queue(&office, each, due).await;
        in_time = SystemClock.now() + Duration::from_secs(1) <= due;
        before = own_cpu();
        until_all_are_out(&mut db).await;
    };
    release::run(&daemon, day).await?;
    queued?;
    if !in_time {
        return Err("queueing took too long; lengthen LEAD".into());
    }
    let cpu = (own_cpu()? - before?) / count(CHANNELS * each);
    let published: i64 = sqlx::query_scalar(PUBLISHED).fetch_one(&mut db).await?;
    if usize::try_from(published)? != CHANNELS * each {
        return Err(format!("only {published} of {} deliveries went out", CHANNELS * each).into());
    }
    let end: i64 = sqlx::query_scalar(LAST_END).fetch_one(&mut db).await?;
    let starts: Vec<i64> = sqlx::query_scalar(STARTS).fetch_all(&mut db).await?;
    let due = due.timestamp_micros();
    office.store.close().await;
    Ok(Released {
        rate: count(CHANNELS * each) / (late(end, due) / 1_000.0),
        cpu,
        started: starts.into_iter().map(|at| late(at, due)).collect(),
        arrived: max.arrivals()?.into_iter().map(|at| late(at, due)).collect(),
    })
}

async fn until_all_are_out(db: &mut SqliteConnection) {
    loop {
        tokio::time::sleep(Duration::from_millis(50)).await;
        // An error ends the run; the count afterwards tells.
        if !sqlx::query_scalar(UNFINISHED).fetch_one(&mut *db).await.unwrap_or(false) {
            return;
        }
    }
}

fn print(f: &Figures, rounds: usize) {
    let (rate, bound, posts) = (median(&f.rate), median(&f.bound), median(&f.posts));
    println!();
    println!(
        "Medians of {rounds} rounds; {} deliveries over {CHANNELS} organisations, due at one instant.",
        CHANNELS * MANY
    );
    println!("The sandbox is a process of its own and shares the cores with what is measured.");
    println!("bare POST                {posts:>9.0} /s    same client settings, {CHANNELS} at a time, no store");
    println!("bare commit, 1 row       {:>9.0} /s", median(&f.single));
    println!("bare commit, {} rows    {:>9.0} /s", bare::BATCH, median(&f.batched));
    println!("bare bound               {bound:>9.0} /s    intent commit, POST, outcome commit; batched, no rule");
    println!(
        "vestnik                  {rate:>9.0} /s    {:.0} % of the bound, {:.0} % of POST",
        100.0 * rate / bound,
        100.0 * rate / posts
    );
    println!(
        "CPU a delivery           {:>9.2} ms   bound {:.2} ms; this process alone, whatever else the machine does",
        median(&f.cpu),
        median(&f.bound_cpu)
    );
    lateness("attempt written", &f.started);
    lateness("call reached MAX", &f.arrived);
    println!("Lateness of {} at one instant:", CHANNELS * FEW);
    lateness("attempt written", &f.few_started);
    lateness("call reached MAX", &f.few_arrived);
}

fn lateness(what: &str, [half, most]: &[Vec<f64>; 2]) {
    println!("  {what:<18} p50 {:>7.0} ms   p99 {:>7.0} ms", median(half), median(most));
}

/// Milliseconds of CPU time that this process has used.
fn own_cpu() -> Result<f64, Failure> {
    Ok(process::cpu_seconds(std::process::id())? * 1_000.0)
}

fn last(values: &[f64]) -> f64 {
    values.last().copied().unwrap_or_default()
}

#[expect(clippy::cast_precision_loss, reason = "a run lasts minutes")]
fn late(at: i64, due: i64) -> f64 {
    (at - due) as f64 / 1_000.0
}

#[expect(clippy::cast_precision_loss, reason = "counts are small")]
fn count(n: usize) -> f64 {
    n as f64
}
