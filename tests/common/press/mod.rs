//! A press office to try the program in: a folder with a configuration, and the town that its channels live in.

mod absent;
mod daemon;
mod database;
mod picture;
mod proof;
mod queued;
mod run;
mod wait;

use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Mutex};

use chrono::{DateTime, SecondsFormat, Utc};
use tempfile::TempDir;
use tokio::runtime::Runtime;
use vestnik::clock::AnchoredClock;
use vestnik_contract::{Clock, SystemClock};
use vestnik_sandbox::town::{Addresses, ConfigOptions, Platform, Town, TownPost};

pub use absent::not_run;
pub use daemon::{Daemon, Signal, send_signal};
pub use proof::LEAST_HOLD;
pub use queued::{Queued, Word, headline, name_of};
pub use run::{PROGRAM, Ran, to_the_end};
pub use wait::{PATIENCE, wait_for, wait_until};

/// An hour a second: a hold is four real seconds and the margin.
pub const FAST: u32 = 3600;

/// The office. Everything ends with it.
pub struct Press {
    /// The platforms.
    pub town: Town,
    clock: Arc<dyn Clock>,
    folder: TempDir,
    /// What every command is started through, for example another view of the disks.
    pub through: Vec<String>,
    /// What every command finds in its environment, for example another clock.
    pub environment: Vec<(&'static str, OsString)>,
    platforms: Vec<Platform>,
    /// Of the journal's chains, as somebody noted them.
    heads: Mutex<Vec<String>>,
    // Last: the town's servers run on it.
    runtime: Runtime,
}

/// What an office is to be like.
pub struct Wish {
    /// How many times faster than real time everything runs.
    pub speed: u32,
    /// The platforms with a channel.
    pub platforms: Vec<Platform>,
    /// How many organisations.
    pub organisations: usize,
}

impl Default for Wish {
    fn default() -> Self {
        Self { speed: 1, platforms: ConfigOptions::default().platforms, organisations: 1 }
    }
}

impl Press {
    /// An office in real time.
    pub fn open() -> Self {
        Self::with(Wish::default())
    }

    /// An office in which an hour passes in a second, for the program as for the platforms.
    pub fn fast() -> Self {
        Self::with(Wish { speed: FAST, ..Wish::default() })
    }

    pub fn with(wish: Wish) -> Self {
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
        let origin = SystemClock.now();
        let clock: Arc<dyn Clock> =
            if wish.speed > 1 { Arc::new(AnchoredClock::new(origin, wish.speed)) } else { Arc::new(SystemClock) };
        let town = runtime.block_on(async {
            let mut town = Town::start(clock.clone(), Addresses::free()).await.unwrap();
            town.add_organisations(wish.organisations - 1).await.unwrap();
            town
        });
        // Signatures are stamped in fast time: what takes a second to arrive is an hour old.
        town.allow_for_speed(wish.speed);
        let folder = tempfile::Builder::new().prefix("vestnik-program-").tempdir().unwrap();
        town.write_secrets(&folder.path().join("secrets")).unwrap();
        let options = ConfigOptions {
            speed: wish.speed,
            gap_seconds: Some(0),
            platforms: wish.platforms.clone(),
            ..ConfigOptions::default()
        };
        let mut config = town.config(&options);
        if wish.speed > 1 {
            let origin = origin.to_rfc3339_opts(SecondsFormat::Micros, true);
            config = config.replacen("[clock]", &format!("[clock]\norigin = \"{origin}\""), 1);
        }
        std::fs::write(folder.path().join("config.toml"), config).unwrap();
        let platforms = wish.platforms;
        Self {
            town,
            clock,
            folder,
            through: Vec::new(),
            environment: Vec::new(),
            platforms,
            heads: Mutex::default(),
            runtime,
        }
    }

    /// A path in the office's folder.
    pub fn path(&self, name: impl AsRef<Path>) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Writes a file into the folder.
    pub fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Changes the configuration; what is replaced must stand there.
    pub fn reconfigure(&self, from: &str, to: &str) {
        let text = self.config();
        assert!(text.contains(from), "{from:?} does not stand in:\n{text}");
        self.file("config.toml", text.replacen(from, to, 1));
    }

    /// The configuration as it stands.
    pub fn config(&self) -> String {
        std::fs::read_to_string(self.path("config.toml")).unwrap()
    }

    /// What time it is in this office.
    pub fn now(&self) -> DateTime<Utc> {
        self.clock.now()
    }

    /// The program with this office's configuration, ready to be started.
    pub fn program(&self) -> Command {
        let mut program = run::program(self.folder.path(), &self.through);
        program.envs(self.environment.iter().map(|(name, value)| (name, value)));
        program
    }

    /// Runs a command to its end.
    pub fn vestnik<A: AsRef<std::ffi::OsStr>>(&self, args: impl IntoIterator<Item = A>) -> Ran {
        let mut program = self.program();
        program.args(args);
        run::to_the_end(program)
    }

    /// Runs a command that must succeed and gives what it prints as JSON.
    pub fn json<A: AsRef<std::ffi::OsStr>>(&self, args: impl IntoIterator<Item = A>) -> serde_json::Value {
        let mut program = self.program();
        program.args(args).arg("--json");
        run::to_the_end(program).done().json()
    }

    /// A post file with this title, and `more` lines of front matter.
    pub fn post_file(&self, title: &str, more: &str) -> PathBuf {
        self.file("post.md", format!("---\ntitle: {title}\n{more}\n---\nТекст новости «{title}».\n"))
    }

    /// Queues a post; gives its id.
    pub fn queue(&self, title: &str, more: &str) -> String {
        let file = self.post_file(title, more);
        let added = self.json(["post".as_ref(), "add".as_ref(), file.as_os_str()]);
        added["id"].as_str().unwrap().to_owned()
    }

    /// Starts the daemon and waits until it is at work.
    pub fn serve(&self) -> Daemon {
        Daemon::start(self.program(), self.path("serve.log"))
    }

    /// What readers see on the first organisation's channel of a platform, newest first.
    pub fn on(&self, platform: Platform) -> Vec<TownPost> {
        let channel = self.town.channels().find(|c| c.platform() == platform).unwrap();
        channel.posts()
    }

    /// How many posts of this title stand on a platform.
    pub fn count(&self, platform: Platform, title: &str) -> usize {
        self.on(platform).iter().filter(|post| post.title() == title).count()
    }

    /// The state of a post's newest delivery on a channel.
    pub fn state(&self, id: &str, channel: &str) -> String {
        let post = self.json(["post", "show", id]);
        let deliveries = post["deliveries"].as_array().unwrap().iter();
        let on_channel = deliveries.filter(|d| d["channel"] == channel);
        let newest = on_channel.max_by_key(|d| d["number"].as_u64()).expect("it goes there");
        newest["state"].as_str().unwrap().to_owned()
    }

    /// Whether a post is in this state on each of these channels of the first organisation.
    pub fn all_are(&self, state: &str, id: &str, platforms: &[Platform]) -> bool {
        let post = self.json(["post", "show", id]);
        let accounts = self.town.organisations().next().unwrap();
        platforms.iter().map(|platform| accounts.channel_slug(*platform)).all(|slug| {
            let deliveries = post["deliveries"].as_array().unwrap();
            deliveries.iter().any(|delivery| delivery["channel"] == slug && delivery["state"] == state)
        })
    }

    /// Whether a post is published on all its channels.
    pub fn is_out(&self, id: &str) -> bool {
        let post = self.json(["post", "show", id]);
        post["deliveries"].as_array().unwrap().iter().all(|delivery| delivery["state"] == "published")
    }

    /// Waits for what takes its time.
    pub fn wait<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// The whole database as text: what changed nothing leaves it as it was.
    pub fn rows(&self) -> String {
        self.runtime.block_on(database::rows(&self.path("vestnik.db")))
    }

    /// Runs statements on the database behind the program's back.
    pub fn tamper(&self, sql: &'static str) {
        self.runtime.block_on(database::execute(&self.path("vestnik.db"), sql));
    }

    /// Holds the database's only write lock, as a backup or a database browser does, until dropped.
    pub fn lock_database(&self) -> database::Lock {
        self.runtime.block_on(database::lock(&self.path("vestnik.db")))
    }

    /// What the database says about itself.
    pub fn integrity(&self) -> String {
        self.runtime.block_on(database::integrity(&self.path("vestnik.db")))
    }
}
