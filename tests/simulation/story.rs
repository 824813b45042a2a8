//! One story: an office, its platforms, and how time passes for them.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use tokio::task::JoinHandle;
use vestnik::release::POLL;
use vestnik::store::{PostFilter, StoreError};
use vestnik_contract::{Clock as _, DoubtPolicy, SetClock};

use crate::chance::Chance;
use crate::copies::Copy;
use crate::kinds;
use crate::policies;
use crate::program::{CountedIds, Desk, Outside, Program};
use crate::tally::Tally;
use crate::turns::Turns;
use crate::witness::{Seen, Witness};
use crate::world::{Inner, Platform, World};

/// Rounds of the daemons that follow each other at once: more is a daemon that finds no rest.
const ROUNDS_AT_ONCE_MAX: u64 = 400;
/// While calls are on their way the daemon comes again after so many seconds at the most.
const WORKING_SECONDS_MAX: i64 = 30;

/// An office has news every day, or about three times a week, as it is ordered: then people come half as often, for twice
/// as long.
const CALM: [i32; 2] = [1, 2];

#[derive(Debug)]
pub struct Story {
    pub chance: Chance,
    pub outside: Outside,
    pub program: Program,
    /// A second daemon on the same database, by mistake.
    pub rival: Option<Program>,
    pub desk: Desk,
    pub starts: u64,
    pub copy: Option<Copy>,
    /// An older copy was put back, and its history is not known to be taken up: how often one was in the copy's journal.
    pub to_take_up: Option<usize>,
    /// The person of this story has no more patience with posts that need them again and again.
    pub resigned: bool,
    /// The program was told to end; it does when the round is over.
    pub ends_after_round: bool,
    /// It is to be ended as soon as it works.
    pub must_end_at_work: bool,
    /// What was begun beside the rounds.
    pub beside: Vec<JoinHandle<()>>,
    rounds: u64,
    at_once: u64,
    begun: DateTime<Utc>,
    days: i64,
    calm: i32,
    pub _dir: tempfile::TempDir,
}

fn platform(policy: DoubtPolicy, chance: &mut Chance, crooked: bool) -> Platform {
    let ahead =
        if crooked && chance.percent(40) { TimeDelta::minutes(chance.between(-240, 240)) } else { TimeDelta::zero() };
    Platform {
        primary: policy == policies::MAX,
        site: policy == policies::SITE,
        ahead,
        moved_at: None,
        policy,
        silent: false,
        clock_hidden: None,
        told: None,
        locked_until: None,
        paused: None,
        posts: Vec::new(),
        tried: BTreeSet::new(),
        called: HashMap::new(),
        waits: HashMap::new(),
    }
}

fn world((seed, aloud): (u64, bool), clock: &Arc<SetClock>, chance: &mut Chance) -> Arc<World> {
    let crooked = chance.percent(50);
    let mut platforms = BTreeMap::from([
        ("gorod-max".to_owned(), platform(policies::MAX, chance, crooked)),
        ("gorod-site".to_owned(), platform(policies::SITE, chance, crooked)),
        ("gorod-vk".to_owned(), platform(policies::VK, chance, crooked)),
    ]);
    if chance.percent(40) {
        platforms.insert("gorod-ok".to_owned(), platform(policies::OK, chance, crooked));
    }
    platforms.get_mut("gorod-max").unwrap().silent = chance.percent(15);
    World::new(Inner {
        seed,
        now: clock.now(),
        ours: Arc::clone(clock),
        ahead: TimeDelta::zero(),
        steps: Vec::new(),
        went_back: None,
        stepped_under_a_call: None,
        moment: 0,
        platforms,
        posts: Vec::new(),
        trouble: chance.pick(&[0, 3, 10, 25]).unwrap(),
        losses: chance.pick(&[0, 5, 15, 60]).unwrap(),
        owed: kinds::owed_by(seed),
        owed_from: clock.now() + TimeDelta::hours(20),
        platform_stepped: false,
        dies_once_in: chance.pick(&[0, 0, 2000, 600, 200]).unwrap(),
        rivals: chance.percent(15),
        disk_full_until: None,
        on_their_way: Vec::new(),
        happened: Vec::new(),
        calls: HashMap::new(),
        at_work: BTreeSet::new(),
        hanging: BTreeMap::new(),
        wrong: Vec::new(),
        aloud,
        log: Vec::new(),
        tally: Tally::default(),
    })
}

impl Story {
    pub async fn begin(seed: u64, aloud: bool) -> Self {
        let mut chance = Chance::new(seed);
        let begin: DateTime<Utc> = "2026-11-23T06:00:00Z".parse().unwrap();
        let clock = Arc::new(SetClock::at(begin));
        let world = world((seed, aloud), &clock, &mut chance);
        let memory = std::path::Path::new("/dev/shm");
        let dir = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() }.unwrap();
        let file = dir.path().join("vestnik.db");
        let calm = chance.pick(&CALM).unwrap();
        let turns = Turns::new(Chance::of((seed, "turns")));
        let outside = Outside {
            seed,
            world,
            clock,
            turns,
            ids: Arc::new(CountedIds::default()),
            witness: Arc::new(Witness::default()),
            file,
        };
        Self {
            program: Program::start(&outside, 0).await,
            rival: None,
            desk: Desk::open(&outside).await,
            starts: 0,
            copy: None,
            to_take_up: None,
            resigned: false,
            ends_after_round: false,
            must_end_at_work: false,
            beside: Vec::new(),
            rounds: 0,
            at_once: 0,
            begun: begin,
            days: chance.between(5, 12) * i64::from(calm),
            calm,
            chance,
            outside,
            _dir: dir,
        }
    }

    pub async fn tell(&mut self) {
        let end = self.world().look().now + TimeDelta::days(self.days);
        while self.world().look().now < end && !self.ended() {
            let wait = TimeDelta::seconds(if self.chance.percent(20) {
                self.chance.between(1, 300)
            } else {
                self.chance.between(600, 8 * 3600)
            });
            self.pass(wait * self.calm).await;
            if self.owed_mishap().await {
                self.note_what_happened().await;
                continue;
            }
            // Now and then somebody acts while calls are on their way.
            if self.chance.percent(30) {
                self.round(true).await;
            } else {
                self.act().await;
                self.note_what_happened().await;
            }
        }
        self.settle_everything().await;
        self.look_at_the_end().await;
        let mut world = self.world().look();
        world.tally.count("stories");
        world.tally.add_to("rounds", self.rounds);
        world.tally.add_to("starts", self.starts);
        let days = (world.now - self.begun).num_days();
        world.tally.add_to("simulated days", days.unsigned_abs());
    }

    pub fn world(&self) -> &Arc<World> {
        &self.outside.world
    }

    pub fn now(&self) -> DateTime<Utc> {
        self.outside.clock.now()
    }

    pub fn say(&self, what: impl std::fmt::Display) {
        self.world().look().tell(what);
    }

    pub fn ended(&self) -> bool {
        !self.world().look().wrong.is_empty()
    }

    /// The same for every telling of the same seed.
    pub fn digest(&self) -> u64 {
        let mut hasher = DefaultHasher::new();
        self.world().look().log.hash(&mut hasher);
        hasher.finish()
    }

    /// Lets real time pass for the platforms, our clock and whatever waits.
    pub async fn pass_to(&mut self, to: DateTime<Utc>) {
        let passed = {
            let mut world = self.world().look();
            let passed = to - world.now;
            world.pass_to(to);
            passed
        };

        tokio::time::advance(passed.to_std().unwrap_or_default()).await;
    }

    /// Lets real time pass as the daemons would see it.
    pub async fn pass(&mut self, time: TimeDelta) {
        let end = self.world().look().now + time;
        let mut rounds: i64 = 0;
        while !self.ended() {
            let hangs = !self.resigned && self.somebody_waits();
            let with_act = hangs && self.chance.percent(15);
            let wake = self.round(with_act).await;
            let (now, ahead) = {
                let world = self.world().look();
                (world.now, world.ahead)
            };
            rounds += i64::from(!matches!(wake, Wake::AtOnce));
            // A machine may sleep: what is asked again every few seconds for days need not be watched each time.
            let lag = TimeDelta::seconds(if rounds > 1 { 8 << (3 * (rounds - 1)).min(12) } else { 0 });
            let next = match wake {
                Wake::AtOnce => continue,
                Wake::Working => {
                    let working = TimeDelta::seconds(self.chance.between(1, WORKING_SECONDS_MAX));
                    now + working.max(lag.min(TimeDelta::seconds(WORKING_SECONDS_MAX)))
                }
                // Calls may have outlasted the time that was to pass.
                Wake::At(at) => {
                    let due = at.map_or(end, |at| (at - ahead).max(now) + lag);
                    // What somebody did amid the round is seen when the daemon looks the next time.
                    let seen = if with_act { now + POLL } else { end };
                    due.min(seen).min(end).max(now)
                }
            };
            self.at_once = 0;
            self.pass_to(next).await;
            if next >= end && !matches!(wake, Wake::Working) {
                return;
            }
        }
    }

    /// A call is on its way, or came to nothing lately: that is when people and machines are at their worst.
    fn somebody_waits(&self) -> bool {
        let world = self.world().look();
        world.trouble + world.losses > 0 && !world.hanging_posts().is_empty()
    }

    /// One round of the daemons and everything that comes of it.
    pub async fn round(&mut self, with_act: bool) -> Wake {
        self.rounds += 1;
        self.at_once += 1;
        if self.at_once > ROUNDS_AT_ONCE_MAX {
            self.complain_of_no_rest().await;
            return Wake::At(None);
        }
        {
            let mut world = self.world().look();
            world.moment += 1;
            world.at_work.clear();
        }
        let now = self.now();
        for program in std::iter::once(&mut self.program).chain(&mut self.rival) {
            let daemon = program.daemon.clone();
            program.tick = Some(tokio::spawn(async move { daemon.tick(now).await }));
        }
        if std::mem::take(&mut self.must_end_at_work) {
            let turn = self.desk.life.turn(false).await;
            self.end_at_work();
            drop(turn);
        } else if with_act {
            self.act_amid().await;
        }
        self.outside.turns.quiet().await;
        self.end_what_runs_beside();
        if std::mem::take(&mut self.ends_after_round) {
            self.program.life.end();
        }
        self.note_what_happened().await;

        let mut wake = self.after_round_of_rival().await;
        if self.program.life.has_ended() {
            let keep = self.copy.is_none() && self.world().look().trouble > 0 && self.chance.percent(30);
            self.restart(keep).await;
            wake = Wake::AtOnce;
        } else {
            wake = wake.sooner(after_round(&mut self.program, self.outside.world.as_ref()).await);
        }
        wake
    }

    async fn complain_of_no_rest(&self) {
        let (now, all) = (self.now(), PostFilter::default());
        let posts = self.desk.store.post_page(&all, None, 200).await.unwrap().posts;
        let due = posts.iter().flat_map(|p| &p.deliveries).filter(|d| d.due_at.is_some_and(|at| at <= now));
        let due: Vec<_> =
            due.map(|d| format!("{} on {}: {} {:?}", d.post, d.channel, d.state, d.last_reason)).collect();
        self.world().look().complain(format!("the daemon finds no rest over {}", due.join("; ")));
    }

    async fn after_round_of_rival(&mut self) -> Wake {
        match self.rival.take() {
            Some(mut rival) if rival.life.has_ended() => {
                rival.end().await;
                Wake::AtOnce
            }
            Some(mut rival) => {
                let wake = after_round(&mut rival, self.world()).await;
                self.rival = Some(rival);
                wake
            }
            None => Wake::At(None),
        }
    }

    /// In which states deliveries were met by what is about no single call: those that the daemons were at work on in
    /// this moment, and those with a call under way.
    async fn note_what_happened(&mut self) {
        let happened = std::mem::take(&mut self.world().look().happened);
        if happened.is_empty() {
            return;
        }
        let at_work = std::mem::take(&mut self.world().look().at_work);
        let seen = self.outside.witness.newest().await;
        let mut met: Vec<_> = {
            let world = self.world().look();
            let post = |id| world.posts.iter().position(|q| q.id == id);
            let at_work = |d: &Seen| post(d.post).is_some_and(|n| at_work.contains(&(d.channel.clone(), n)));
            seen.iter().filter(|d| d.open || at_work(d)).map(|d| d.state).collect()
        };
        if met.is_empty() {
            met.push("at rest");
        }
        let mut world = self.outside.world.look();
        for fault in happened {
            met.iter().for_each(|state| world.tally.meets(fault, state));
        }
    }
}

/// When the next round is due.
#[derive(Debug, Clone, Copy)]
pub enum Wake {
    AtOnce,
    /// Something goes on that takes time.
    Working,
    /// By our clock; `None`: nothing is planned.
    At(Option<DateTime<Utc>>),
}

impl Wake {
    fn sooner(self, other: Self) -> Self {
        match (self, other) {
            (Self::AtOnce, _) | (_, Self::AtOnce) => Self::AtOnce,
            (Self::Working, _) | (_, Self::Working) => Self::Working,
            (Self::At(a), Self::At(b)) => Self::At(a.into_iter().chain(b).min()),
        }
    }
}

async fn after_round(program: &mut Program, world: &World) -> Wake {
    let Some(tick) = program.tick.take() else { return Wake::AtOnce };
    if !tick.is_finished() {
        // It waits for a turn that nobody gives, or for time.
        world.look().complain("a round does not end");
        return Wake::At(None);
    }
    match tick.await.unwrap() {
        Ok(_) if program.works() => Wake::Working,
        Ok(wake) if wake.working => Wake::AtOnce,
        Ok(wake) => Wake::At(wake.at),
        Err(StoreError::Full | StoreError::Disk(_)) => Wake::Working,
        Err(error) => {
            world.look().complain(format!("a round failed: {error}"));
            Wake::At(None)
        }
    }
}

/// Runtimes whose time stands still until the story lets it pass.
pub fn tell(seed: u64, aloud: bool) -> Told {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().start_paused(true).build().unwrap();
    // While it runs the runtime does not let time pass by itself when all wait for the database.
    let (end, ended) = std::sync::mpsc::channel::<()>();
    runtime.spawn_blocking(move || ended.recv().ok());
    let told = runtime.block_on(async {
        let mut story = Story::begin(seed, aloud).await;
        story.tell().await;
        let (digest, world) = (story.digest(), story.world().look());
        Told { seed, digest, tally: world.tally.clone(), wrong: world.wrong.first().cloned(), log: world.log.clone() }
    });
    drop(end);
    runtime.shutdown_timeout(Duration::from_secs(5));
    told
}

/// What a story came to.
#[derive(Debug)]
pub struct Told {
    pub seed: u64,
    pub digest: u64,
    pub tally: Tally,
    pub wrong: Option<String>,
    pub log: Vec<String>,
}
