//! `vestnik demo --desk`: a press office at work, to be clicked through in a browser.
//!
//! The real program runs on the sandbox, as in the short demo; three weeks lie behind it already, so that every page
//! of the desk has something to show, and something waits for each role.

mod clock;
mod drafts;
mod past;
mod people;
mod posts;
mod today;

use std::fmt::Write as _;
use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use tokio::sync::oneshot;
use vestnik_contract::{Clock as _, SystemClock};
use vestnik_sandbox::town::{Addresses, ConfigOptions, Platform, Town};

use super::{ZONE, told};
use crate::cli::sandbox::stopped;
use crate::config::{Approval, Config};
use crate::domain::wall_time;
use crate::domain::week::IsoWeek;
use crate::jobs;
use crate::office::Office;
use crate::release;
use crate::web::{self, Desk};
use clock::DayClock;
use people::SignIn;

/// An hour of the demo in a minute: time to read and to click.
const SPEED: u32 = 60;
/// Weeks that lie behind the day on which the desk opens.
const WEEKS: i64 = 3;

/// A press office, its platforms and its time.
struct Stage<'a> {
    office: &'a Office,
    town: &'a Town,
    clock: &'a DayClock,
    folder: &'a Path,
    /// The Monday of the week in which the desk opens.
    monday: NaiveDate,
}

impl Stage<'_> {
    /// A moment of the organisations' time: so many days from Monday, at `HH:MM`.
    fn moment(&self, day: i64, time: &str) -> Result<DateTime<Utc>, String> {
        moment(self.monday, day, time)
    }

    fn clock_now(&self) -> DateTime<Utc> {
        self.office.clock.now()
    }

    /// The organisation of this number.
    fn organisation(&self, nth: usize) -> Result<&str, String> {
        let organisation = self.office.config.organisations.get(nth);
        organisation.map(|o| o.slug.as_str()).ok_or_else(|| "the demo has no such organisation".to_owned())
    }
}

/// Opens the desk and keeps the day running until Ctrl-C.
pub(super) async fn run(speed: Option<u32>) -> Result<(), String> {
    let interrupted = stopped()?;
    let folder = tempfile::Builder::new().prefix("vestnik-demo-").tempdir();
    let folder = folder
        .map_err(|e| format!("no temporary folder can be made: {e}; set TMPDIR to one that can be written to"))?;
    let speed = speed.unwrap_or(SPEED);
    let monday = IsoWeek::of(SystemClock.now(), ZONE).monday();
    let clock = Arc::new(DayClock::standing_at(moment(monday, -7 * WEEKS, "09:00")?));
    let mut town = Town::start(clock.clone(), Addresses::free()).await.map_err(told)?;
    town.add_organisations(1).await.map_err(told)?;
    town.allow_for_speed(speed);
    let office = open(&town, &clock, folder.path(), speed).await?;
    let stage = Stage { office: &office, town: &town, clock: &clock, folder: folder.path(), monday };
    let worked = work(&stage, speed, interrupted).await;
    // Whatever came of it: the folder can only go when nobody writes into it any more.
    let closed = office.close().await;
    worked.and(closed.map_err(told))
}

async fn open(town: &Town, clock: &Arc<DayClock>, folder: &Path, speed: u32) -> Result<Office, String> {
    let secrets = folder.join("secrets");
    town.write_secrets(&secrets)
        .map_err(|e| format!("the secrets cannot be written to {} ({e})", secrets.display()))?;
    let options = ConfigOptions { secrets, speed, platforms: Platform::ALL.to_vec(), ..ConfigOptions::default() };
    let mut config = Config::parse(&town.config(&options), folder).map_err(told)?;
    // One person does everything in the first office; in the second an editor approves.
    if let Some(second) = config.organisations.get_mut(1) {
        second.approval = Approval::Editor;
    }
    Office::open_to_serve(config, clock.clone()).await.map_err(told)
}

async fn work(stage: &Stage<'_>, speed: u32, interrupted: impl Future<Output = ()>) -> Result<(), String> {
    tokio::pin!(interrupted);
    let told_people = tokio::select! {
        biased;
        () = &mut interrupted => return Ok(()),
        prepared = prepare(stage) => prepared?,
    };
    let office = stage.office;
    let daemon = office.daemon("demo".into(), u64::from(speed));
    let desk = web::listen(Desk::new(office.clone(), Some(daemon.pulse()))).await.map_err(told)?;
    let address = desk.address().map_err(told)?;
    let calendar = jobs::start(office.jobs()).await.map_err(told)?;
    let (end_desk, desk_ends) = oneshot::channel::<()>();
    let desk = tokio::spawn(desk.run(async { drop(desk_ends.await) }));
    stage.clock.run(speed);
    crate::cli::output::line(&welcome(stage.town, address, &told_people, speed));
    let ended = release::run(&daemon, interrupted).await.map_err(told);
    calendar.stop().await;
    drop(end_desk);
    // Browsers keep connections open: an ended demo does not wait for them.
    desk.abort();
    ended
}

/// Everything up to the moment in which the desk opens.
async fn prepare(stage: &Stage<'_>) -> Result<Vec<SignIn>, String> {
    posts::draw_pictures(stage.folder)
        .map_err(|e| format!("the pictures cannot be written to {} ({e})", stage.folder.display()))?;
    let people = people::sit_down(stage.office).await?;
    past::live_through(stage).await?;
    today::lay_out(stage).await?;
    drafts::lay_out(stage).await?;
    Ok(people)
}

fn welcome(town: &Town, address: SocketAddr, people: &[SignIn], speed: u32) -> String {
    let mut text = format!("Desk: http://{address}/\n\nSign in as one of these people (login, password):\n\n");
    for person in people {
        let _ = writeln!(text, "  {:<10} {:<18} {}: {}", person.login, person.password, person.name, person.task);
    }
    text.push_str("\nWhat readers see:\n\n");
    for platform in Platform::ALL {
        let _ = writeln!(text, "  {:<10} {}", platform.to_string(), town.reader_address(platform));
    }
    let minutes = f64::from(speed) / 60.0;
    let _ = write!(
        text,
        "\nEverything runs on this machine alone; {minutes:.0} h pass in a minute. Ctrl-C ends it and leaves nothing behind."
    );
    text
}

fn moment(monday: NaiveDate, day: i64, time: &str) -> Result<DateTime<Utc>, String> {
    let date = monday.checked_add_signed(TimeDelta::days(day)).unwrap_or(monday);
    wall_time::read(&format!("{date} {time}"), ZONE, SystemClock.now()).map_err(told)
}

#[cfg(test)]
mod tests;
