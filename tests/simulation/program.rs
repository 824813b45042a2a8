//! The programs of a story: daemons, and the desk where people give commands.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::Duration;

use chrono::{DateTime, Utc};
use futures_util::FutureExt as _;
use tokio::task::JoinHandle;
use uuid::Uuid;
use vestnik::domain::HoldLength;
use vestnik::release::{Channel, Channels, Daemon, Settings, Wake};
use vestnik::store::{ChannelSetup, Ids, OrganisationSetup, Store, StoreError};
use vestnik_contract::SetClock;

use crate::platform::{SECRET, Toy};
use crate::turns::{Door, Life, Turns};
use crate::witness::Witness;
use crate::world::World;

pub const OFFICE: &str = "gorod";

/// Ids that count up: a story repeats itself.
#[derive(Debug, Default)]
pub struct CountedIds(Mutex<u64>);

impl Ids for CountedIds {
    fn next(&self, _: DateTime<Utc>) -> Uuid {
        let mut n = self.0.lock().unwrap();
        *n += 1;
        Uuid::from_u64_pair((*n << 16) | 0x7000, 0x8000_0000_0000_0000 | *n)
    }
}

/// A daemon and its store, from its start to its end.
#[derive(Debug)]
pub struct Program {
    pub life: Arc<Life>,
    pub store: Store,
    pub daemon: Daemon,
    /// What begins a round, and says when to come again.
    pub tick: Option<JoinHandle<Result<Wake, StoreError>>>,
}

/// Where people give commands: a process beside the daemon.
#[derive(Debug)]
pub struct Desk {
    pub life: Arc<Life>,
    pub store: Store,
    pub channels: Channels,
}

/// The channels as one program sees them.
fn channels(outside: &Outside, life: &Arc<Life>) -> Channels {
    let world = &outside.world;
    let names: Vec<_> = world.look().platforms.iter().map(|(slug, p)| (slug.clone(), p.primary)).collect();
    let toy = |slug: &String| Toy {
        world: Arc::clone(world),
        slug: slug.clone(),
        life: Arc::clone(life),
        witness: Arc::clone(&outside.witness),
        token: SECRET,
    };
    names
        .into_iter()
        .map(|(slug, primary)| Channel {
            organisation: OFFICE.into(),
            primary,
            footer: None,
            gap: Duration::from_secs(5),
            late_gap: Duration::from_secs(60),
            per_day: None,
            media_dir: PathBuf::new(),
            adapter: Arc::new(toy(&slug)),
            slug,
        })
        .collect()
}

/// A new database is the same each time: it is made once.
fn new_database(file: &Path) {
    static MADE: OnceLock<Vec<u8>> = OnceLock::new();
    let made = MADE.get_or_init(|| {
        let dir = tempfile::tempdir().unwrap();
        let first = dir.path().join("vestnik.db");
        let place = first.clone();
        let made = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async { Store::open(&place).await.unwrap().close().await });
        });
        made.join().unwrap();
        std::fs::read(first).unwrap()
    });
    std::fs::write(file, made).unwrap();
}

async fn open(outside: &Outside, life: &Arc<Life>) -> Store {
    let Outside { world, ids, file, .. } = outside;
    let opening = life.nobodys_turn();
    if !file.exists() {
        new_database(file);
    }
    let ids: Arc<dyn Ids> = ids.clone();
    let store = Store::open_behind(Arc::new(Door(Arc::clone(life))), file, ids).await.unwrap();
    drop(opening);
    let channels = world
        .look()
        .platforms
        .iter()
        .map(|(slug, p)| ChannelSetup { slug: slug.clone(), platform: "toy".into(), primary: p.primary })
        .collect();
    let office = OrganisationSetup {
        slug: OFFICE.into(),
        name: "Администрация города".into(),
        time_zone: "Europe/Moscow".into(),
        channels,
    };
    // A program that a full disk ends at its start is started again.
    while let Err(error) = store.set_up(vec![office.clone()], true).await {
        assert!(matches!(error, StoreError::Full | StoreError::Disk(_)), "{error}");
    }
    store
}

impl Program {
    /// Starts a daemon; `nth` names it.
    pub async fn start(outside: &Outside, nth: u64) -> Self {
        let life = Life::new(&outside.turns, &outside.world, nth, false);
        let store = open(outside, &life).await;
        life.is_up();
        let settings = Settings {
            hold: HoldLength::DEFAULT,
            speed: 1.0,
            instance: format!("daemon-{nth}"),
            seed: outside.seed ^ nth,
            horizon: Duration::from_secs(86_400 * 60),
        };
        let clock = Arc::clone(&outside.clock);
        let daemon = Daemon::new(store.clone(), channels(outside, &life), clock, settings);
        Self { life, store, daemon, tick: None }
    }

    /// Whether calls of it are on their way.
    pub fn works(&self) -> bool {
        self.daemon.settle().now_or_never().is_none()
    }

    /// Ends it, whatever it is doing.
    pub async fn end(&mut self) {
        self.life.end();

        if let Some(tick) = self.tick.take() {
            tick.abort();
            drop(tick.await);
        }
        // Its patience is over when a moment of time has passed.
        tokio::join!(self.daemon.stop(Duration::ZERO), tokio::time::advance(Duration::from_millis(1)));

        self.daemon.settle().await;
        let _closing = self.life.nobodys_turn();
        self.store.clone().close().await;
    }
}

impl Desk {
    pub async fn open(outside: &Outside) -> Self {
        let life = Life::new(&outside.turns, &outside.world, 0, true);
        let store = open(outside, &life).await;
        outside.witness.open(&outside.file).await;
        Self { store, channels: channels(outside, &life), life }
    }
}

/// What is there before any program starts, and after all have ended.
#[derive(Debug)]
pub struct Outside {
    pub seed: u64,
    pub world: Arc<World>,
    pub clock: Arc<SetClock>,
    pub turns: Arc<Turns>,
    pub ids: Arc<CountedIds>,
    pub witness: Arc<Witness>,
    pub file: PathBuf,
}
