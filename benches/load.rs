//! Years of a republic in minutes: what grows with the history, and what must not.
//!
//! The real daemon on the real database, with platforms in memory and a clock that is set. Every organisation has four
//! channels and posts five times a week. `VESTNIK_LOAD_ORGANISATIONS` (50; a republic has 1 000) and
//! `VESTNIK_LOAD_MONTHS` (24) set the size, `VESTNIK_LOAD_FOLDER` where the database lies. A line a month is printed;
//! `docs/reliability.md` explains it.

#[path = "common/machine.rs"]
mod machine;
#[path = "common/process.rs"]
#[expect(dead_code, reason = "CPU time is read by the other benchmarks")]
mod process;
#[path = "common/quiet.rs"]
mod quiet;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

use chrono::{DateTime, TimeDelta, Utc};
use vestnik::domain::{HoldLength, PostContent};
use vestnik::release::{Channel, Daemon, Settings};
use vestnik::store::{Asking, ChannelSetup, NewPost, OrganisationSetup, Store};
use vestnik_contract::{Clock as _, SetClock};

use quiet::Quiet;

type Failure = Box<dyn Error + Send + Sync>;

const PLATFORMS: [&str; 4] = ["max", "vk", "ok", "site"];
const PRIMARY: &str = PLATFORMS[0];
/// Monday to Friday.
const POSTS_A_WEEK: u32 = 5;
/// A twelfth of a year.
const MONTH: TimeDelta = TimeDelta::minutes(43_830);
/// Offices post from ten on, every ten minutes some of them.
const SLOTS: usize = 12;
const INSTANCE: &str = "load";
/// Each statement's time is the median of so many.
const TIMES: usize = 25;

struct Republic {
    store: Store,
    daemon: Daemon,
    clock: Arc<SetClock>,
    organisations: usize,
    place: PathBuf,
    posts: u64,
}

fn main() -> Result<(), Failure> {
    let asked = |name: &str, unless: usize| match std::env::var(name) {
        Ok(text) => text.parse().map_err(|_| format!("{name} is a whole number, not {text}")),
        Err(_) => Ok(unless),
    };
    let organisations = asked("VESTNIK_LOAD_ORGANISATIONS", 50)?;
    let months = asked("VESTNIK_LOAD_MONTHS", 24)?;
    machine::introduce("cargo bench --bench load");
    let folder = match std::env::var_os("VESTNIK_LOAD_FOLDER") {
        Some(folder) => tempfile::tempdir_in(folder)?,
        None => tempfile::tempdir()?,
    };
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(Box::pin(live(organisations, months, folder.path())))
}

async fn live(organisations: usize, months: usize, folder: &Path) -> Result<(), Failure> {
    let start: DateTime<Utc> = "2026-01-05T00:00:00Z".parse()?;
    let mut republic = Republic::found(organisations, folder, start).await?;
    println!("{organisations} organisations, {} channels each, {POSTS_A_WEEK} posts a week", PLATFORMS.len());
    println!("month    posts  RSS MiB  database MiB  bytes a post          round ms  claim ms  posts/s");
    let mut monday = start;
    for month in 1..=months {
        let (begun, before) = (Instant::now(), republic.posts);
        while monday < start + MONTH * i32::try_from(month)? {
            republic.live_a_week(monday).await?;
            monday += TimeDelta::weeks(1);
        }
        republic.take_stock(month, before, begun.elapsed()).await?;
    }
    Ok(())
}

fn slug(nth: usize, platform: &str) -> String {
    format!("city{nth}-{platform}")
}

impl Republic {
    async fn found(organisations: usize, folder: &Path, start: DateTime<Utc>) -> Result<Self, Failure> {
        let place = folder.join("vestnik.db");
        let store = Store::open(&place).await?;
        let clock = Arc::new(SetClock::at(start));
        let setups = (0..organisations).map(setup).collect();
        store.set_up(setups, true).await?;
        let channels = (0..organisations).flat_map(|nth| PLATFORMS.map(|platform| channel(nth, platform, &clock)));
        let settings = Settings {
            hold: HoldLength::DEFAULT,
            speed: 1.0,
            instance: INSTANCE.into(),
            seed: 1,
            horizon: Duration::from_secs(7 * 86_400),
        };
        let daemon = Daemon::new(store.clone(), channels.collect(), clock.clone(), settings);
        Ok(Self { store, daemon, clock, organisations, place, posts: 0 })
    }

    async fn live_a_week(&mut self, monday: DateTime<Utc>) -> Result<(), Failure> {
        for day in 0..POSTS_A_WEEK {
            let morning = monday + TimeDelta::days(day.into()) + TimeDelta::hours(7);
            self.pass_to(morning).await?;
            for nth in 0..self.organisations {
                let at = morning + TimeDelta::minutes(10) * i32::try_from(nth % SLOTS)?;
                self.queue(nth, at).await?;
            }
            self.pass_to(morning + TimeDelta::hours(12)).await?;
        }
        Ok(())
    }

    async fn queue(&mut self, nth: usize, at: DateTime<Utc>) -> Result<(), Failure> {
        self.posts += 1;
        let new = NewPost {
            organisation: format!("city{nth}"),
            content: content(self.posts),
            primary: slug(nth, PRIMARY),
            followers: PLATFORMS[1..].iter().map(|platform| (slug(nth, platform), None)).collect(),
            at,
            expires_at: None,
            key: None,
            request_sha256: format!("{:064}", self.posts),
            by: "load".into(),
            hold: HoldLength::DEFAULT,
        };
        self.store.queue_post(new, self.clock.now()).await?;
        Ok(())
    }

    /// Lets time pass as the daemon would see it.
    async fn pass_to(&self, end: DateTime<Utc>) -> Result<(), Failure> {
        loop {
            let wake = self.daemon.tick(self.clock.now()).await?;
            if wake.working {
                self.daemon.settle().await;
                continue;
            }
            match wake.at {
                Some(at) if at <= end => self.clock.set(at),
                _ => {
                    self.clock.set(end);
                    return Ok(());
                }
            }
        }
    }

    async fn take_stock(&self, month: usize, before: u64, took: Duration) -> Result<(), Failure> {
        let waiting: i64 = self.store.unfinished().await?.values().sum();
        if waiting != 0 {
            return Err(format!("{waiting} deliveries did not go out").into());
        }
        let now = self.clock.now();
        let horizon = now + TimeDelta::seconds(2);
        let asking = || Asking { instance: INSTANCE, alive: Vec::new(), busy: Vec::new(), horizon };
        let round = milliseconds(async || self.store.round(now, asking()).await.map(drop)).await?;
        let channel = slug(0, PRIMARY);
        let claim = milliseconds(async || self.store.claim(&channel, now, INSTANCE, horizon).await.map(drop)).await?;
        let bytes = std::fs::metadata(&self.place)?.len();
        #[expect(clippy::cast_precision_loss, reason = "no figure here reaches 2^52")]
        let (mebibytes, rate) = (bytes as f64 / 1_048_576.0, (self.posts - before) as f64 / took.as_secs_f64());
        println!(
            "{month:5} {:8} {:8.1} {mebibytes:13.1} {:13} {round:16.2} {claim:9.2} {rate:8.0}",
            self.posts,
            process::mebibytes(std::process::id(), "VmRSS")?,
            bytes / self.posts.max(1),
        );
        Ok(())
    }
}

async fn milliseconds<E: Into<Failure>>(ask: impl AsyncFn() -> Result<(), E>) -> Result<f64, Failure> {
    let mut times = Vec::with_capacity(TIMES);
    for _ in 0..TIMES {
        let begun = Instant::now();
        ask().await.map_err(Into::into)?;
        times.push(begun.elapsed());
    }
    times.sort_unstable();
    Ok(times[TIMES / 2].as_secs_f64() * 1_000.0)
}

fn setup(nth: usize) -> OrganisationSetup {
    let channel = |platform: &str| ChannelSetup {
        slug: slug(nth, platform),
        platform: platform.into(),
        primary: platform == PRIMARY,
    };
    OrganisationSetup {
        slug: format!("city{nth}"),
        name: format!("Администрация города {nth}"),
        time_zone: "Europe/Moscow".into(),
        channels: PLATFORMS.map(channel).into(),
    }
}

fn channel(nth: usize, platform: &str, clock: &Arc<SetClock>) -> Channel {
    Channel {
        slug: slug(nth, platform),
        organisation: format!("city{nth}"),
        primary: platform == PRIMARY,
        footer: None,
        gap: Duration::ZERO,
        late_gap: Duration::ZERO,
        per_day: None,
        media_dir: PathBuf::new(),
        adapter: Arc::new(Quiet::new(clock.clone())),
    }
}

/// A post of the length that press offices write.
fn content(nth: u64) -> PostContent {
    PostContent {
        title: format!("Движение по мосту открыто, новость {nth}"),
        body: "С сегодняшнего дня открыто движение по мосту через реку. Объезд больше не нужен. Автобусы возвращаются \
               на прежние маршруты с понедельника.\n\nПодробности на сайте администрации."
            .into(),
        link: None,
        tags: vec!["город".into()],
        media: Vec::new(),
        overrides: BTreeMap::new(),
    }
}
