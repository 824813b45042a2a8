//! What a page of the desk costs on the server when an office has a month of 10 000 posts.
//!
//! The real desk over a real database, asked through HTTP by one officer, one page after the other.
//! `VESTNIK_DESK_POSTS` (10 000) sets how many posts lie in the month, `VESTNIK_DESK_TIMES` (50) how often each page is
//! asked for. Figures are milliseconds until the last byte of the page has arrived.

#[path = "common/figures.rs"]
mod figures;
#[path = "common/machine.rs"]
mod machine;
#[path = "common/visitor.rs"]
mod visitor;

use std::collections::BTreeMap;
use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use chrono::{DateTime, TimeDelta, Utc};
use vestnik::config::Config;
use vestnik::domain::people::Right;
use vestnik::domain::{PostContent, Role};
use vestnik::office::Office;
use vestnik::store::NewPost;
use vestnik::web::{Desk, listen};
use vestnik_contract::SetClock;
use vestnik_sandbox::town::{Addresses, ConfigOptions, Town};
use visitor::Visitor;

type Failure = Box<dyn Error + Send + Sync>;

const ORGANISATION: &str = "gorod";
const LOGIN: &str = "bench";
/// What officers look at, and what the aim is for.
const PAGES: &[&str] = &[
    "/calendar?at=2026-12-15",
    "/calendar?view=week&at=2026-12-15",
    "/calendar?view=list&at=2026-12-15",
    "/calendar/events?start=2026-11-30&end=2027-01-04",
    "/calendar/events?start=2026-12-14&end=2026-12-21",
    "/weeks?week=2026-W51",
    "/today",
    "/posts",
    "/journal",
];

fn main() -> Result<(), Failure> {
    let asked = |name: &str, unless: usize| match std::env::var(name) {
        Ok(text) => text.parse().map_err(|_| format!("{name} is a whole number, not {text}")),
        Err(_) => Ok(unless),
    };
    let (posts, times) = (asked("VESTNIK_DESK_POSTS", 10_000)?, asked("VESTNIK_DESK_TIMES", 50)?);
    machine::introduce("cargo bench --bench desk");
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(look_at_pages(folder.path(), posts, times))
}

async fn look_at_pages(folder: &Path, posts: usize, times: usize) -> Result<(), Failure> {
    let clock = Arc::new(SetClock::at("2026-11-30T06:00:00Z".parse()?));
    let town = Town::start(clock.clone(), Addresses::free()).await?;
    town.write_secrets(&folder.join("secrets"))?;
    let config = folder.join("config.toml");
    std::fs::write(&config, town.config(&ConfigOptions { gap_seconds: Some(0), ..ConfigOptions::default() }))?;
    let office = Office::open_to_serve(Config::load(&config)?, clock).await?;
    fill(&office, posts, "2026-11-30T21:00:00Z".parse()?).await?;
    let desk = listen(Desk::new(office.clone(), None)).await?;
    let address = format!("http://{}", desk.address()?);
    let (end, ends) = tokio::sync::oneshot::channel::<()>();
    let desk = tokio::spawn(desk.run(async { drop(ends.await) }));
    let officer = Right { role: Role::Officer, organisation: Some(ORGANISATION.into()) };
    visitor::enter(&office, LOGIN, officer).await?;
    let visitor = Visitor::sign_in(&address, LOGIN).await?;
    println!("posts     {posts} in one month, {} channels", office.config.channels().count());
    println!("{:<50} {:>8} {:>8} {:>8} {:>8}", "page", "p50 ms", "p99 ms", "most ms", "KiB");
    for page in PAGES {
        measure(&visitor, page, times).await?;
    }
    drop(end);
    desk.await??;
    office.close().await?;
    Ok(())
}

/// Queues the posts, evenly over thirty-one days.
async fn fill(office: &Office, posts: usize, from: DateTime<Utc>) -> Result<(), Failure> {
    let organisation = office.config.organisation(ORGANISATION).ok_or("the town has no such organisation")?;
    let step = TimeDelta::seconds(31 * 86_400 / i64::try_from(posts.max(1))?);
    for nth in 0..posts {
        let new = NewPost {
            organisation: organisation.slug.clone(),
            primary: organisation.primary().slug.clone(),
            followers: organisation.followers().map(|channel| (channel.slug.clone(), None)).collect(),
            content: content(nth),
            at: from + step * i32::try_from(nth)?,
            expires_at: None,
            key: None,
            request_sha256: format!("{nth:064}"),
            by: "bench".into(),
            hold: office.config.hold,
        };
        office.store.queue_post(new, office.clock.now()).await?;
    }
    Ok(())
}

fn content(nth: usize) -> PostContent {
    PostContent {
        title: format!("Движение по мосту открыто, новость {nth}"),
        body: "С сегодняшнего дня открыто движение по мосту через реку. Объезд больше не нужен.".into(),
        link: None,
        tags: vec!["город".into()],
        media: Vec::new(),
        overrides: BTreeMap::new(),
    }
}

/// Asks for a page again and again.
async fn measure(visitor: &Visitor, page: &str, times: usize) -> Result<(), Failure> {
    let (mut taken, mut bytes) = (Vec::with_capacity(times), 0);
    for _ in 0..times {
        let begun = Instant::now();
        bytes = visitor.get(page).await?;
        taken.push(begun.elapsed().as_secs_f64() * 1_000.0);
    }
    let half = figures::median(&taken);
    let [nearly_all, most] = [99, 100].map(|percent| figures::percentile(&taken, percent));
    println!("{page:<50} {half:>8.1} {nearly_all:>8.1} {most:>8.1} {:>8}", bytes / 1_024);
    Ok(())
}
