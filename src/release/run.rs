//! The loop around [`Daemon::tick`]: waits, watches the clock, ends gracefully.

use std::future::Future;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::time::Instant;

use super::daemon::{Daemon, POLL};
use crate::journal::{Event, INSTALLATION, VESTNIK};
use crate::store::StoreError;

/// Calls in flight are given this long at the end: the longest ordinary call and a little.
const PATIENCE: Duration = Duration::from_secs(40);
/// The wall clock may differ from elapsed time by this much before it is called a jump.
const JUMP: TimeDelta = TimeDelta::seconds(5);

/// Why the daemon could not run.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// The store.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// Runs the daemon until `stop` resolves.
pub async fn run(daemon: &Daemon, stop: impl Future<Output = ()>) -> Result<(), RunError> {
    let length = daemon.settings.hold;
    let seconds = |s: i64| u32::try_from(s).unwrap_or(u32::MAX);
    let started = Event::DaemonStarted {
        version: env!("CARGO_PKG_VERSION").into(),
        hold_seconds: seconds(length.hold_seconds()),
        margin_seconds: seconds(length.margin_seconds()),
    };
    daemon.store.note(INSTALLATION, daemon.clock.now(), VESTNIK, None, started).await?;
    let mut watch = Watch { wall: daemon.clock.now(), elapsed: Instant::now() };
    tokio::pin!(stop);
    loop {
        let now = daemon.clock.now();
        watch.look(daemon, now).await;
        let (wait, working) = match daemon.tick(now).await {
            Ok(wake) => {
                let until = wake.at.map_or(POLL, |at| {
                    let ahead = (at - daemon.clock.now()).to_std().unwrap_or_default();
                    ahead.div_f64(daemon.settings.speed).min(POLL)
                });
                (until, wake.working)
            }
            Err(error) => {
                tracing::error!(%error, "the database failed; nothing is released until it works again");
                (POLL, false)
            }
        };
        tokio::select! {
            biased;
            () = &mut stop => break,
            () = tokio::time::sleep(wait.max(Duration::from_millis(1))) => {}
            () = daemon.one_ended(), if working => {}
        }
    }
    tracing::info!("ending: calls in flight are finished, nothing new is begun");
    daemon.stop(PATIENCE).await;
    daemon.store.note(INSTALLATION, daemon.clock.now(), VESTNIK, None, Event::DaemonStopped {}).await?;
    Ok(())
}

/// Compares the wall clock with elapsed time.
struct Watch {
    wall: DateTime<Utc>,
    elapsed: Instant,
}

impl Watch {
    async fn look(&mut self, daemon: &Daemon, now: DateTime<Utc>) {
        let passed = daemon.scaled(self.elapsed.elapsed());
        let expected = self.wall + passed;
        let ahead = now - expected;
        let tolerance = TimeDelta::from_std(daemon.scaled(Duration::from_secs(1))).map_or(JUMP, |t| t.max(JUMP));
        if ahead.abs() > tolerance {
            tracing::warn!(ahead_seconds = ahead.num_seconds(), "the clock of this machine jumped");
            let event = Event::ClockJumped { before: expected, after: now, ahead_ms: ahead.num_milliseconds() };
            if let Err(error) = daemon.store.note(INSTALLATION, now, VESTNIK, None, event).await {
                tracing::error!(%error, "the jump could not be written to the journal");
            }
            let told = if ahead < TimeDelta::zero() {
                daemon.clock_went_back(expected, now).await
            } else {
                daemon.clock_went_forward(expected, now).await
            };
            if let Err(error) = told {
                tracing::error!(%error, "waits by the clock as it was could not be changed");
            }
        }
        *self = Self { wall: now, elapsed: Instant::now() };
    }
}
