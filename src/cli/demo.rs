//! `vestnik demo`: a press office's Monday in under a minute, on the sandbox, with what goes wrong in the field.
//!
//! The real program runs: configuration, office, store, daemon, adapters. Only the clock is fast and the platforms are
//! loopback. What is claimed at the end is read off the platforms themselves ([`proof`]), not off our own rows.

mod banner;
mod desk;
mod posts;
mod proof;
mod screen;
mod story;
mod verdict;
mod watch;

use std::path::Path;
use std::sync::Arc;

use chrono_tz::Tz;
use tokio::sync::oneshot;
use vestnik_contract::{Clock as _, SystemClock};
use vestnik_sandbox::town::{Addresses, ConfigOptions, Platform, Town};

use super::sandbox::stopped;
use crate::clock::ScaledClock;
use crate::config::Config;
use crate::domain::wall_time;
use crate::domain::week::IsoWeek;
use crate::office::{Office, QueueOptions};
use crate::release;
use screen::Screen;
use watch::Watch;

/// The platforms of the demo, in the order of its table.
const PLATFORMS: [Platform; 5] = [Platform::Max, Platform::Vk, Platform::Ok, Platform::WordPress, Platform::Webhook];
/// Where the demo's organisation is.
const ZONE: Tz = chrono_tz::Europe::Moscow;
/// Who queues the posts.
const OFFICER: &str = "press office (demo)";

/// The options of `vestnik demo`.
#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// How many times faster than real time the demo's clock runs; 3600 is an hour a second [default: 3600; with
    /// --desk 60, an hour a minute].
    #[arg(long, value_name = "TIMES", value_parser = clap::value_parser!(u32).range(60..=20_000))]
    speed: Option<u32>,
    /// Open the desk in a press office at work, with people of every role, until Ctrl-C.
    #[arg(long)]
    desk: bool,
}

/// An hour in a second.
const SPEED: u32 = 3600;

/// Plays the demo on the terminal, or opens the desk.
pub(crate) async fn run(args: &Args) -> Result<(), String> {
    if args.desk {
        return desk::run(args.speed).await;
    }
    play(args.speed.unwrap_or(SPEED), Screen::of_stdout(), stopped()?).await
}

/// Plays the demo; an error when anything was not as promised.
async fn play(speed: u32, screen: Screen, interrupted: impl Future<Output = ()>) -> Result<(), String> {
    let folder = tempfile::Builder::new().prefix("vestnik-demo-").tempdir();
    let folder = folder
        .map_err(|e| format!("no temporary folder can be made: {e}; set TMPDIR to one that can be written to"))?;
    let clock = Arc::new(ScaledClock::standing_at(monday_at_nine()?, speed));
    let town = Town::start(clock.clone(), Addresses::free()).await.map_err(told)?;
    town.allow_for_speed(speed);
    let office = open(&town, &clock, folder.path()).await?;
    screen.say(&introduction(speed));
    let played = play_day(&office, &town, &clock, folder.path(), &screen, interrupted).await;
    // Whatever came of it: the folder can only go when nobody writes into it any more.
    let closed = office.close().await;
    played.and(closed.map_err(told))
}

async fn play_day(
    office: &Office,
    town: &Town,
    clock: &ScaledClock,
    folder: &Path,
    screen: &Screen,
    interrupted: impl Future<Output = ()>,
) -> Result<(), String> {
    let queued = queue(office, folder, screen).await?;
    town.lose_next_reply(Platform::Max);
    let daemon = office.daemon("demo".into(), u64::from(clock.speed()));
    let (stop, stopped) = oneshot::channel::<()>();
    let running = release::run(&daemon, async { drop(stopped.await) });
    tokio::pin!(running);
    let mut watch = Watch::new(office, town, screen, &queued);
    clock.start();
    let watched = tokio::select! {
        biased;
        () = interrupted => Err("the demo was interrupted; nothing of it is left behind".to_owned()),
        watched = watch.until_all_is_out() => watched,
        ended = &mut running => return ended.map_err(told).and_then(|()| Err("the daemon ended too early".into())),
    };
    drop(watch);
    // Nobody listens any more only when the daemon has ended, which the next line tells.
    let _ = stop.send(());
    running.await.map_err(told)?;
    watched?;
    let titles: Vec<_> = queued.into_iter().map(|post| post.title).collect();
    verdict::judge(office, town, &titles, screen).await
}

async fn open(town: &Town, clock: &Arc<ScaledClock>, folder: &Path) -> Result<Office, String> {
    let secrets = folder.join("secrets");
    town.write_secrets(&secrets)
        .map_err(|e| format!("the secrets cannot be written to {} ({e})", secrets.display()))?;
    let options =
        ConfigOptions { secrets, speed: clock.speed(), platforms: PLATFORMS.to_vec(), ..ConfigOptions::default() };
    let config = Config::parse(&town.config(&options), folder).map_err(told)?;
    Office::open_to_serve(config, clock.clone()).await.map_err(told)
}

/// Queues the posts as `vestnik post add` does.
async fn queue(office: &Office, folder: &Path, screen: &Screen) -> Result<Vec<watch::Queued>, String> {
    let mut queued = Vec::new();
    for post in
        posts::write(folder).map_err(|e| format!("the posts cannot be written to {} ({e})", folder.display()))?
    {
        let options = QueueOptions { by: OFFICER.into(), ..QueueOptions::default() };
        let done = office.queue(&post.file, options).await.map_err(told)?;
        let at = done.planned.first().map_or_else(|| office.clock.now(), |(_, at)| *at);
        let followers = done.planned.get(1).map_or(at, |(_, at)| *at);
        let line = format!(
            "{}  queued     «{}» with {}: MAX at {}, the others from {}",
            story::stamp(office.clock.now(), ZONE),
            post.title,
            story::pictures(post.pictures),
            story::time(at, ZONE),
            story::time(followers, ZONE),
        );
        screen.tell(&line);
        queued.push(watch::Queued { id: done.id, title: post.title, at });
    }
    Ok(queued)
}

fn introduction(speed: u32) -> String {
    let pace = match speed {
        3600 => "an hour a second".to_owned(),
        speed => format!("{speed} times as fast as real time"),
    };
    format!(
        "A press office's Monday, {pace}. The platforms are sandbox servers on this\n\
         machine; everything else is vestnik as it runs in earnest. Two things go wrong today:\n\
         MAX takes the first post and its answer is lost, and OK is down when its first post is\n\
         due. Times are those of the organisation, {ZONE}.\n"
    )
}

/// The demo begins with the working week, so that the weekly counter has the whole week before it.
fn monday_at_nine() -> Result<chrono::DateTime<chrono::Utc>, String> {
    let now = SystemClock.now();
    let monday = IsoWeek::of(now, ZONE).monday();
    wall_time::read(&format!("{monday} 09:00"), ZONE, now).map_err(told)
}

fn told(error: impl std::fmt::Display) -> String {
    error.to_string()
}

#[cfg(test)]
mod tests;
