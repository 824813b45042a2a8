//! One story: an office, its platforms, and what happens to them.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use vestnik::domain::State;
use vestnik::release::{Channels, Daemon};
use vestnik::store::Store;
use vestnik_contract::{Clock as _, SetClock};

use crate::chance::Chance;
use crate::platform::SECRET;
use crate::restart::{Copy, CountedIds, channels, open};
use crate::world::{Inner, Platform, Tally, World};

/// Rounds of the daemon in one story: more is a daemon that finds no rest.
const ROUNDS_MAX: u64 = 60_000;

#[derive(Debug)]
pub struct Story {
    pub seed: u64,
    pub chance: Chance,
    pub world: Arc<World>,
    pub clock: Arc<SetClock>,
    pub file: PathBuf,
    pub ids: Arc<CountedIds>,
    pub store: Store,
    pub daemon: Daemon,
    /// The channels as people's commands see them.
    pub by_person: Channels,
    pub starts: u64,
    pub copy: Option<(Vec<u8>, u64)>,
    /// Our clock may go back in this story; then no older copy comes back. What a clock that was ahead had published
    /// is not overdue by a clock that is right again, so a restored database does not look for it.
    pub goes_back: bool,
    /// The person of this story has no more patience with posts that need them again and again.
    pub resigned: bool,
    busy: u64,
    days: i64,
    _dir: tempfile::TempDir,
}

fn platform(primary: bool, site: bool, chance: &mut Chance, crooked: bool) -> Platform {
    let ahead =
        if crooked && chance.percent(40) { TimeDelta::minutes(chance.between(-240, 240)) } else { TimeDelta::zero() };
    Platform {
        primary,
        site,
        ahead,
        silent: false,
        clock_hidden: None,
        locked_until: None,
        paused: None,
        posts: Vec::new(),
        waits: HashMap::new(),
    }
}

impl Story {
    pub async fn begin(seed: u64) -> Self {
        let mut chance = Chance::new(seed);
        let begin: DateTime<Utc> = "2026-11-23T06:00:00Z".parse().unwrap();
        let clock = Arc::new(SetClock::at(begin));
        let crooked = chance.percent(50);
        let mut platforms = BTreeMap::from([
            ("gorod-max".to_owned(), platform(true, false, &mut chance, crooked)),
            ("gorod-site".to_owned(), platform(false, true, &mut chance, crooked)),
            ("gorod-vk".to_owned(), platform(false, false, &mut chance, crooked)),
        ]);
        if chance.percent(40) {
            platforms.insert("gorod-ok".to_owned(), platform(false, false, &mut chance, crooked));
        }
        let silent = chance.percent(15);
        platforms.get_mut("gorod-max").unwrap().silent = silent;
        let world = World::new(Inner {
            seed,
            now: begin,
            ours: clock.clone(),
            ahead: TimeDelta::zero(),
            stepped: None,
            went_back: None,
            moment: 0,
            platforms,
            posts: Vec::new(),
            trouble: chance.pick(&[0, 3, 10, 25]).unwrap(),
            platform_stepped: false,
            crashes: chance.percent(70),
            calls: HashMap::new(),
            wrong: Vec::new(),
            log: Vec::new(),
            tally: Tally::default(),
        });
        let memory = std::path::Path::new("/dev/shm");
        let dir = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
        let file = dir.path().join("vestnik.db");
        let ids = Arc::new(CountedIds::default());
        let store = open(&world, &ids, &file).await;
        let settings = vestnik::release::Settings {
            hold: vestnik::domain::HoldLength::DEFAULT,
            speed: 1.0,
            instance: "daemon-0".into(),
            seed,
            horizon: std::time::Duration::from_secs(86_400 * 60),
        };
        let daemon = Daemon::new(store.clone(), channels(&world, false), clock.clone(), settings);
        let goes_back = !silent && chance.percent(40);
        let days = chance.between(5, 12);
        let by_person = channels(&world, true);
        Self {
            seed,
            chance,
            world,
            clock,
            file,
            ids,
            store,
            daemon,
            by_person,
            starts: 0,
            copy: None,
            goes_back,
            resigned: false,
            busy: 0,
            days,
            _dir: dir,
        }
    }

    pub async fn tell(&mut self) {
        let end = self.world.look().now + TimeDelta::days(self.days);
        while self.world.look().now < end && !self.ended() {
            let wait = TimeDelta::seconds(if self.chance.percent(20) {
                self.chance.between(1, 300)
            } else {
                self.chance.between(600, 8 * 3600)
            });
            self.pass(wait).await;
            // Now and then somebody acts while calls are on their way.
            if self.chance.percent(30) {
                self.round(true).await;
            } else {
                self.act().await;
            }
        }
        self.settle_everything().await;
        self.look_at_the_end().await;
        self.world.look().tally.0.insert("rounds", self.busy);
        self.world.look().tally.0.insert("starts", self.starts);
        self.world.look().tally.0.insert("simulated days", self.days.unsigned_abs());
    }

    pub fn ended(&self) -> bool {
        !self.world.look().wrong.is_empty()
    }

    pub fn tally(&self) -> Tally {
        self.world.look().tally.clone()
    }

    pub fn wrong(&self) -> Option<String> {
        let world = self.world.look();
        if std::env::var_os("VESTNIK_SEED").is_some() {
            world.log.iter().for_each(|line| println!("{line}"));
        }
        world.wrong.first().cloned()
    }

    /// Lets real time pass as a daemon would see it.
    pub async fn pass(&mut self, time: TimeDelta) {
        let end = self.world.look().now + time;
        let mut rounds: i64 = 0;
        while !self.ended() {
            let wake = self.round(false).await;
            let Some(wake) = wake else { continue };
            rounds += 1;
            let mut world = self.world.look();
            let ahead = world.ahead;
            let at = wake.map_or(end, |at| at - ahead);
            // A machine may sleep: what is asked again every few seconds for days need not be watched each time.
            let lag = TimeDelta::seconds(if rounds > 6 { 8 << (rounds - 6).min(8) } else { 0 });
            let next = (at.max(world.now) + lag).min(end);
            world.pass_to(next);
            if next >= end {
                return;
            }
        }
    }

    /// One round of the daemon and everything that comes of it. `None`: come again at once.
    async fn round(&mut self, with_act: bool) -> Option<Option<DateTime<Utc>>> {
        self.busy += 1;
        if self.busy > ROUNDS_MAX {
            self.world.look().complain("the daemon finds no rest");
            return Some(None);
        }
        self.world.look().moment += 1;
        let daemon = self.daemon.clone();
        let wake = match daemon.tick(self.clock.now()).await {
            Ok(wake) => wake,
            Err(error) => {
                self.world.look().complain(format!("a round failed: {error}"));
                return Some(None);
            }
        };
        let world = Arc::clone(&self.world);
        let rest = async {
            tokio::select! {
                biased;
                () = world.crash.notified() => false,
                () = daemon.settle() => true,
            }
        };
        let lived = if with_act {
            let ((), lived) = tokio::join!(self.act_beside(), rest);
            lived
        } else if wake.working {
            rest.await
        } else {
            true
        };
        if !lived {
            self.world.look().tell("the program is killed");
            self.restart(Copy::None).await;
            return None;
        }
        if wake.working { None } else { Some(wake.at) }
    }

    /// What must hold when everything has come to rest.
    async fn look_at_the_end(&mut self) {
        if self.ended() {
            return;
        }
        self.every_post_came_to_an_end().await;
        let audit = vestnik::history::audit::verify(&self.store, None, self.clock.now()).await.unwrap();
        // After an older copy came back the rule is judged by what it still knows, which says too much against it when
        // people had edited meanwhile; its chain and its rows must be in order all the same.
        let restored = self.world.look().posts.iter().any(|q| q.restored);
        let chains = audit.report.chains.iter().all(|chain| chain.whole && chain.fault.is_none());
        let in_order = if restored { chains && audit.findings.is_empty() } else { audit.ok };
        if !in_order {
            self.world.look().complain(format!("I5: {audit}"));
        }
        self.store.clone().close().await;
        let bytes = std::fs::read(&self.file).unwrap();
        if bytes.windows(SECRET.len()).any(|w| w == SECRET.as_bytes()) {
            self.world.look().complain("I6: the token is in the database");
        }
    }

    /// I3: published, failed with a reason, cancelled or withdrawn.
    async fn every_post_came_to_an_end(&mut self) {
        let posts = self.world.look().posts.clone();
        for (n, queued) in posts.iter().enumerate().filter(|(_, q)| !q.forgotten) {
            let view = self.store.post_view(queued.id).await.unwrap();
            for d in view.deliveries.iter().map(|v| &v.delivery) {
                let open = v_open(&view, d.id);
                let mut world = self.world.look();
                let stands = d.remote_id.as_deref().and_then(|id| world.text(&d.channel, id)).map(|(_, s)| s.clone());
                let place = format!("post {n} on {}", d.channel);
                match d.state {
                    State::Published if stands.is_none() => {
                        world.complain(format!("{place}: published, and no such post was ever there"));
                    }
                    State::Published | State::Withdrawn | State::Cancelled => {}
                    State::Failed if d.last_reason.is_some() => {}
                    state => world
                        .complain(format!("I3: {place} is stuck: {state}, {:?}, {:?}", d.last_reason, d.stop_reason)),
                }
                if d.action.is_some() || open {
                    world.complain(format!("I3: {place}: something is left to do: {:?} {:?}", d.action, d.last_reason));
                }
            }
        }
    }
}

fn v_open(view: &vestnik::store::PostView, id: vestnik::domain::DeliveryId) -> bool {
    let attempts = view.deliveries.iter().filter(|v| v.delivery.id == id).flat_map(|v| &v.attempts);
    attempts.into_iter().any(|a| matches!(a.outcome.as_str(), "open" | "in_doubt"))
}
