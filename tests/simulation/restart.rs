//! The program ends and starts again, also on an older copy of its database.

use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::{DateTime, Utc};
use uuid::Uuid;
use vestnik::domain::HoldLength;
use vestnik::release::{Channel, Channels, Daemon, Settings};
use vestnik::store::{ChannelSetup, Ids, OrganisationSetup, Store};

use crate::platform::{SECRET, Toy};
use crate::story::Story;
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

/// The channels as one program sees them.
pub fn channels(world: &Arc<World>, by_person: bool) -> Channels {
    let names: Vec<_> = world.look().platforms.iter().map(|(slug, p)| (slug.clone(), p.primary)).collect();
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
            adapter: Arc::new(Toy { world: Arc::clone(world), slug: slug.clone(), by_person, token: SECRET }),
            slug,
        })
        .collect()
}

pub async fn open(world: &Arc<World>, ids: &Arc<CountedIds>, file: &std::path::Path) -> Store {
    let ids: Arc<dyn Ids> = ids.clone();
    let store = Store::open_with(file, ids).await.unwrap();
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
    store.set_up(vec![office], true).await.unwrap();
    store
}

impl Story {
    pub fn daemon_of(&self, store: &Store) -> Daemon {
        let settings = Settings {
            hold: HoldLength::DEFAULT,
            speed: 1.0,
            instance: format!("daemon-{}", self.starts),
            seed: self.seed ^ self.starts,
            horizon: Duration::from_secs(86_400 * 60),
        };
        Daemon::new(store.clone(), channels(&self.world, false), self.clock.clone(), settings)
    }

    /// Ends the program, whatever it is doing, and starts it again.
    pub async fn restart(&mut self, copy: Copy) {
        self.daemon.stop(Duration::ZERO).await;
        self.store.clone().close().await;
        match copy {
            Copy::Keep => {
                let moment = self.world.look().moment;
                self.copy = Some((std::fs::read(&self.file).unwrap(), moment));
            }
            Copy::PutBack => self.put_back(),
            Copy::None => {}
        }
        self.starts += 1;
        self.store = open(&self.world, &self.ids, &self.file).await;
        self.daemon = self.daemon_of(&self.store);
    }

    fn put_back(&mut self) {
        let Some((bytes, moment)) = self.copy.take() else { return };
        for end in ["-wal", "-shm"] {
            drop(std::fs::remove_file(format!("{}{end}", self.file.display())));
        }
        std::fs::write(&self.file, bytes).unwrap();
        let mut world = self.world.look();
        world.tell("an older copy of the database is put back");
        world.tally.count("older copies put back");
        for post in &mut world.posts {
            post.restored = true;
            post.words_lost |= post.touched > moment;
            post.forgotten |= post.known_since > moment;
        }
        for platform in world.platforms.values_mut() {
            platform.paused = None;
            platform.waits.clear();
        }
    }
}

/// What happens to copies of the database during a restart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copy {
    None,
    Keep,
    PutBack,
}
