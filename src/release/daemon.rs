//! One round of the daemon.

use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use vestnik_contract::{Clock, RemoteId, Sighting};

use super::channels::Channels;
use super::pulse::Pulse;
use super::renewals::note_renewals;
use crate::domain::{AttemptId, HoldLength};
use crate::store::{Asking, Store, StoreError};

/// Rows written by other processes are read at least this often (real time).
pub const POLL: Duration = Duration::from_secs(1);
/// A lease without renewal, in real time.
const LEASE: Duration = Duration::from_secs(60);

/// What the daemon is told.
#[derive(Debug, Clone)]
pub struct Settings {
    /// The hold under which primaries are confirmed.
    pub hold: HoldLength,
    /// How much faster than real time the clock runs. Leases and time-outs stay real.
    pub speed: f64,
    /// Names this process in leases.
    pub instance: String,
    /// Seeds the jitter of waits.
    pub seed: u64,
    /// How far ahead the next moment is looked for: a little more than [`POLL`] where rows may change meanwhile.
    pub horizon: Duration,
}

/// When the next round is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Wake {
    /// By the clock; `None`: nothing is planned within the horizon.
    pub at: Option<DateTime<Utc>>,
    /// Something is going on: its end is a reason to wake, too.
    pub working: bool,
}

/// The daemon. Cheap to clone: workers hold one.
#[derive(Debug, Clone)]
pub struct Daemon {
    pub(super) store: Store,
    pub(super) channels: Channels,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) settings: Settings,
    pub(super) started_at: DateTime<Utc>,
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    working: Mutex<Working>,
    tasks: tokio::sync::Mutex<JoinSet<()>>,
    chance: Mutex<StdRng>,
    sightings: Mutex<HashMap<RemoteId, (DateTime<Utc>, Sighting)>>,
    disagreements: Mutex<HashMap<String, i64>>,
    offsets: Mutex<HashMap<String, TimeDelta>>,
    ended: Notify,
    took_over: AtomicBool,
    pulse: Arc<Pulse>,
}

/// What this process is doing right now.
#[derive(Debug, Default)]
struct Working {
    channels: HashSet<String>,
    looks: HashSet<AttemptId>,
    attempts: HashSet<AttemptId>,
    stopping: bool,
}

impl Daemon {
    /// A daemon over a store and its channels. What is queued already is looked up before it is sent.
    pub fn new(store: Store, channels: Channels, clock: Arc<dyn Clock>, settings: Settings) -> Self {
        let shared = Shared {
            working: Mutex::default(),
            tasks: tokio::sync::Mutex::new(JoinSet::new()),
            chance: Mutex::new(StdRng::seed_from_u64(settings.seed)),
            sightings: Mutex::default(),
            disagreements: Mutex::default(),
            offsets: Mutex::default(),
            ended: Notify::new(),
            took_over: AtomicBool::new(false),
            pulse: Arc::default(),
        };
        Self { started_at: clock.now(), store, channels, clock, settings, shared: Arc::new(shared) }
    }

    /// Does one round: what is due is begun (it goes on by itself), and says when to come again.
    pub async fn tick(&self, now: DateTime<Utc>) -> Result<Wake, StoreError> {
        if !self.shared.took_over.load(Ordering::Relaxed) {
            self.store.take_over(&self.settings.instance, now).await?;
            self.take_up_later_history(now).await?;
            self.shared.took_over.store(true, Ordering::Relaxed);
        }
        note_renewals(&self.store, &self.channels, now).await?;
        let mut round = self.store.round(now, self.asking(now)).await?;
        if round.orphaned || round.expired {
            self.store.doubt_orphans(&self.settings.instance, self.asking(now).alive, now).await?;
            self.store.expire(now).await?;
            round = self.store.round(now, self.asking(now)).await?;
        }
        let mut tasks = self.shared.tasks.lock().await;
        while tasks.try_join_next().is_some() {}
        let looks = if round.looks { self.store.due_looks(now).await? } else { Vec::new() };
        if round.looks && looks.is_empty() {
            // None of them can be read. A person was asked, and the channel goes on.
            round = self.store.round(now, self.asking(now)).await?;
        }
        for doubt in looks {
            let attempt = doubt.attempt;
            if working(&self.shared).looks.insert(attempt) {
                let daemon = self.clone();
                tasks.spawn(async move {
                    let _free = daemon.on_end(move |shared| {
                        working(shared).looks.remove(&attempt);
                        shared.ended.notify_one();
                    });
                    Box::pin(daemon.look(doubt)).await;
                });
            }
        }
        for channel in round.channels {
            if working(&self.shared).channels.insert(channel.clone()) {
                let daemon = self.clone();
                tasks.spawn(async move {
                    let name = channel.clone();
                    let _free = daemon.on_end(move |shared| {
                        working(shared).channels.remove(&name);
                        shared.ended.notify_one();
                    });
                    Box::pin(daemon.work(&channel)).await;
                });
            }
        }
        self.shared.pulse.beat();
        Ok(Wake { at: round.next, working: !tasks.is_empty() })
    }

    fn asking(&self, now: DateTime<Utc>) -> Asking<'_> {
        let working = working(&self.shared);
        Asking {
            instance: &self.settings.instance,
            alive: working.attempts.iter().copied().collect(),
            // A worker paces its channel by itself, and its end is a reason to wake.
            busy: working.channels.iter().cloned().collect(),
            horizon: now + self.settings.horizon,
        }
    }

    /// Waits until one of the things that are going on has ended; never, when nothing is.
    pub async fn one_ended(&self) {
        self.shared.ended.notified().await;
    }

    /// Waits until everything that is going on has ended.
    pub async fn settle(&self) {
        let mut tasks = self.shared.tasks.lock().await;
        while tasks.join_next().await.is_some() {}
    }

    /// Lets calls in flight end and begins nothing more; what takes longer than `patience` is left in doubt.
    pub async fn stop(&self, patience: Duration) {
        working(&self.shared).stopping = true;
        if tokio::time::timeout(patience, self.settle()).await.is_err() {
            tracing::warn!("calls in flight took too long; they are looked into at the next start");
            self.shared.tasks.lock().await.abort_all();
        }
    }

    /// What it has done, in figures.
    pub fn pulse(&self) -> Arc<Pulse> {
        Arc::clone(&self.shared.pulse)
    }

    pub(super) fn is_stopping(&self) -> bool {
        working(&self.shared).stopping
    }

    pub(super) fn lease_until(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        now + self.scaled(LEASE)
    }

    /// A stretch of real time as it passes on the clock.
    pub(super) fn scaled(&self, real: Duration) -> Duration {
        real.mul_f64(self.settings.speed)
    }

    /// A number from 0 to 1.
    pub(super) fn chance(&self) -> f64 {
        self.shared.chance.lock().unwrap_or_else(PoisonError::into_inner).random()
    }

    /// Marks an attempt as ours for as long as the guard lives: nobody doubts it meanwhile.
    pub(super) fn alive(&self, attempt: AttemptId) -> impl Drop + Send + use<> {
        working(&self.shared).attempts.insert(attempt);
        // No reason to wake: the worker goes on with its channel by itself.
        self.on_end(move |shared| {
            working(shared).attempts.remove(&attempt);
        })
    }

    pub(super) fn sightings(&self) -> MutexGuard<'_, HashMap<RemoteId, (DateTime<Utc>, Sighting)>> {
        self.shared.sightings.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// How far each channel's clock was ahead of ours when it was last seen.
    pub(super) fn offsets(&self) -> MutexGuard<'_, HashMap<String, TimeDelta>> {
        self.shared.offsets.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn disagreements(&self) -> MutexGuard<'_, HashMap<String, i64>> {
        self.shared.disagreements.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Runs when the guard is dropped, also when the task panics or is aborted.
    fn on_end<F: FnOnce(&Shared) + Send>(&self, end: F) -> impl Drop + Send + use<F> {
        struct Guard<F: FnOnce(&Shared)>(Arc<Shared>, Option<F>);
        impl<F: FnOnce(&Shared)> Drop for Guard<F> {
            fn drop(&mut self) {
                if let Some(end) = self.1.take() {
                    end(&self.0);
                }
            }
        }
        Guard(Arc::clone(&self.shared), Some(end))
    }
}

fn working(shared: &Shared) -> MutexGuard<'_, Working> {
    shared.working.lock().unwrap_or_else(PoisonError::into_inner)
}
