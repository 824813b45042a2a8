//! When jobs run. The scheduler reads the machine's clock by itself, so it may only ring the bell: what is due is
//! decided from the clock that the jobs were given.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use tokio::sync::{Notify, watch};
use tokio::task::JoinHandle;
use tokio_cron_scheduler::{Job, JobScheduler, JobSchedulerError};

use super::{Jobs, count_week, forget, forget_files, index_journal, keep_credentials};
use crate::store::Store;

/// Seconds, minutes, hours, day, month, weekday. A few seconds late, so that the hour has begun on every clock.
const EVERY_HOUR: &str = "5 0 * * * *";
const AFTER_MIDNIGHT: &str = "5 0 0 * * *";
/// Credentials are kept alive daily; a little less, because the bell rings hourly and not to the second.
const CREDENTIALS_EVERY: TimeDelta = TimeDelta::minutes(24 * 60 - 5);
/// Searches bring up what is younger by themselves.
const INDEX_EVERY: Duration = Duration::from_secs(60);
/// A job that runs when the program ends is given this long: half of a renewal would lose the credential.
const PATIENCE: Duration = Duration::from_secs(40);

/// The scheduler did not start.
#[derive(Debug, thiserror::Error)]
#[error("the calendar did not start: {0}")]
pub struct ScheduleError(#[from] JobSchedulerError);

/// The running calendar.
#[expect(missing_debug_implementations, reason = "the scheduler has none")]
pub struct Schedule {
    bell: JobScheduler,
    work: JoinHandle<()>,
    indexing: JoinHandle<()>,
    stop: watch::Sender<bool>,
}

/// Runs every job once, and then whenever it is due.
pub async fn start(jobs: Jobs) -> Result<Schedule, ScheduleError> {
    let rung = Arc::new(Notify::new());
    // A clock put right, a new organisation's first midnight, a zone with odd minutes: each has its own bell.
    let zones: BTreeSet<&str> = jobs.organisations.iter().map(|o| o.zone.name()).collect();
    let bell = JobScheduler::new().await?;
    bell.add(ring(EVERY_HOUR, Tz::UTC, &rung)?).await?;
    for zone in zones.into_iter().filter_map(|name| name.parse().ok()) {
        bell.add(ring(AFTER_MIDNIGHT, zone, &rung)?).await?;
    }
    bell.start().await?;
    let (stop, stopped) = watch::channel(false);
    let indexing = tokio::spawn(index(jobs.store.clone()));
    let work = tokio::spawn(work(jobs, rung, stopped));
    Ok(Schedule { bell, work, indexing, stop })
}

fn ring(when: &str, zone: Tz, rung: &Arc<Notify>) -> Result<Job, JobSchedulerError> {
    let rung = Arc::clone(rung);
    Job::new_async_tz(when, zone, move |_, _| {
        let rung = Arc::clone(&rung);
        Box::pin(async move { rung.notify_one() })
    })
}

async fn work(jobs: Jobs, rung: Arc<Notify>, mut stopped: watch::Receiver<bool>) {
    let mut kept_at = None;
    loop {
        run_due(&jobs, &mut kept_at).await;
        tokio::select! {
            biased;
            _ = stopped.wait_for(|stop| *stop) => return,
            () = rung.notified() => {}
        }
    }
}

/// Keeps the index of the journal near its end. It has a task of its own: the first time it may take minutes.
async fn index(store: Store) {
    loop {
        // First of all comes what is due; nobody searches in the first minute for what happened in it.
        tokio::time::sleep(INDEX_EVERY).await;
        if let Err(error) = index_journal(&store).await {
            tracing::warn!(%error, "the index of the journal was not brought up; it is tried again in a minute");
        }
    }
}

/// Runs what is due now. A job that fails is told of and runs again at the next bell.
pub(super) async fn run_due(jobs: &Jobs, kept_at: &mut Option<DateTime<Utc>>) {
    if let Err(error) = count_week(jobs).await {
        tracing::error!(%error, "the week could not be counted; it is tried again within the hour");
    }
    if let Err(error) = forget(jobs).await {
        tracing::error!(%error, "sessions that are over could not be forgotten; it is tried again within the hour");
    }
    if let Err(error) = forget_files(jobs).await {
        tracing::error!(%error, "files that nothing names could not be removed; it is tried again within the hour");
    }
    let now = jobs.clock.now();
    // A clock that was put back must not keep credentials from being kept alive.
    if kept_at.is_none_or(|kept_at| (now - kept_at).abs() >= CREDENTIALS_EVERY) {
        match keep_credentials(jobs).await {
            Ok(()) => *kept_at = Some(now),
            Err(error) => {
                tracing::error!(%error, "credentials could not be looked after; it is tried again within the hour");
            }
        }
    }
}

impl Schedule {
    /// Rings no more and waits for the job that is running.
    pub async fn stop(mut self) {
        if let Err(error) = self.bell.shutdown().await {
            tracing::warn!(%error, "the calendar did not end in order");
        }
        // What is half done is not committed, and begun again at the next start.
        self.indexing.abort();
        // Nobody listens any more when the work has ended by itself.
        self.stop.send_replace(true);
        if tokio::time::timeout(PATIENCE, &mut self.work).await.is_err() {
            tracing::warn!("a job took too long; it is left where it is");
            self.work.abort();
        }
    }
}
