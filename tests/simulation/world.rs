//! What stands where: platforms as plain tables, with a time that only the story knows.

use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use chrono::{DateTime, TimeDelta, Utc};
use tokio::sync::Notify;
use uuid::Uuid;
use vestnik::domain::PostId;
use vestnik_contract::{Clock as _, SetClock};

/// Everything outside the program.
#[derive(Debug)]
pub struct World {
    inner: Mutex<Inner>,
    /// The program dies now.
    pub crash: Notify,
}

#[derive(Debug)]
pub struct Inner {
    pub seed: u64,
    /// The time as it really is.
    pub now: DateTime<Utc>,
    pub ours: Arc<SetClock>,
    /// How far our clock is ahead.
    pub ahead: TimeDelta,
    /// When our clock was last moved, in real time.
    pub stepped: Option<DateTime<Utc>>,
    /// When our clock was last moved back, in real time.
    pub went_back: Option<DateTime<Utc>>,
    /// Counts rounds of the daemon: what happens in one moment may happen in any order.
    pub moment: u64,
    pub platforms: BTreeMap<String, Platform>,
    pub posts: Vec<Queued>,
    /// How many calls in a hundred go wrong.
    pub trouble: u64,
    /// Some platform's clock was moved, so that its times cannot be compared with each other.
    pub platform_stepped: bool,
    pub crashes: bool,
    pub calls: HashMap<String, u64>,
    pub wrong: Vec<String>,
    pub log: Vec<String>,
    pub tally: Tally,
}

/// One channel's platform.
#[derive(Debug)]
pub struct Platform {
    pub primary: bool,
    /// A site: it shows its own text, and its clock is no witness.
    pub site: bool,
    pub ahead: TimeDelta,
    /// It never tells the time.
    pub silent: bool,
    /// It did not tell the time when asked in this moment.
    pub clock_hidden: Option<u64>,
    pub locked_until: Option<DateTime<Utc>>,
    pub paused: Option<u64>,
    pub posts: Vec<Standing>,
    /// Until when, by our clock, a delivery was asked to wait, since when in real time.
    pub waits: HashMap<Uuid, (DateTime<Utc>, DateTime<Utc>, u64)>,
}

/// A post on a platform.
#[derive(Debug, Clone)]
pub struct Standing {
    pub id: String,
    pub delivery: Option<Uuid>,
    pub post: Option<usize>,
    /// The platform's own time.
    pub stamp: DateTime<Utc>,
    /// The list shows it from then on.
    pub listed_from: DateTime<Utc>,
    /// The program was told the id.
    pub answered: bool,
    /// What it read, the last now.
    pub texts: Vec<Text>,
    pub gone: Option<DateTime<Utc>>,
}

#[derive(Debug, Clone)]
pub struct Text {
    pub reads: String,
    pub since: DateTime<Utc>,
    pub ours: DateTime<Utc>,
    pub stamp: DateTime<Utc>,
    pub edit: bool,
}

/// A post as its officer knows it.
#[derive(Debug, Clone)]
pub struct Queued {
    pub id: PostId,
    /// The moment in which it was queued.
    pub known_since: u64,
    pub at: DateTime<Utc>,
    pub not_before: BTreeMap<String, DateTime<Utc>>,
    pub expires_at: Option<DateTime<Utc>>,
    pub revision: u32,
    pub cancelled: Option<u64>,
    pub withdrawn: Option<u64>,
    pub republished: usize,
    /// The last moment in which a person did something to it.
    pub touched: u64,
    /// An older copy of the database came back that does not know what people did since.
    pub words_lost: bool,
    /// An older copy came back that does not know it at all.
    pub forgotten: bool,
    /// An older copy came back: our times are not known any more.
    pub restored: bool,
}

/// What was seen in a run, to show that it was not idle.
#[derive(Debug, Default, Clone)]
pub struct Tally(pub BTreeMap<&'static str, u64>);

impl Tally {
    pub fn count(&mut self, what: &'static str) {
        *self.0.entry(what).or_default() += 1;
    }

    pub fn add(&mut self, other: &Self) {
        for (what, n) in &other.0 {
            *self.0.entry(what).or_default() += n;
        }
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.0.iter().try_for_each(|(what, n)| write!(f, "{n} {what}, "))
    }
}

impl World {
    pub fn new(inner: Inner) -> Arc<Self> {
        Arc::new(Self { inner: Mutex::new(inner), crash: Notify::new() })
    }

    pub fn look(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }
}

impl Inner {
    /// Lets real time pass.
    pub fn pass_to(&mut self, now: DateTime<Utc>) {
        self.now = now;
        self.ours.set(now + self.ahead);
    }

    pub fn ours(&self) -> DateTime<Utc> {
        self.ours.now()
    }

    pub fn stamp(&self, slug: &str) -> DateTime<Utc> {
        self.now + self.platforms[slug].ahead
    }

    pub fn tell(&mut self, what: impl std::fmt::Display) {
        let line = format!("{} (ours {}) {what}", self.now.format("%d %T"), self.ours().format("%d %T"));
        self.log.push(line);
    }

    pub fn complain(&mut self, what: impl std::fmt::Display) {
        self.tell(format!("WRONG: {what}"));
        self.wrong.push(what.to_string());
    }

    pub fn primary(&self) -> (&String, &Platform) {
        self.platforms.iter().find(|(_, p)| p.primary).unwrap()
    }

    /// The newest post on a channel that shows (or showed) this one.
    pub fn newest(&self, slug: &str, post: usize) -> Option<&Standing> {
        self.platforms[slug].posts.iter().rfind(|s| s.post == Some(post))
    }

    pub fn standing(&self, slug: &str, post: usize) -> Option<&Standing> {
        self.platforms[slug].posts.iter().rfind(|s| s.post == Some(post) && s.gone.is_none())
    }

    pub fn text(&self, slug: &str, id: &str) -> Option<(usize, &Standing)> {
        self.platforms[slug].posts.iter().enumerate().find(|(_, s)| s.id == id)
    }
}

impl Standing {
    pub fn now(&self) -> &Text {
        self.texts.last().unwrap()
    }
}

/// What a revision of a post says, the same on every channel.
pub fn title(post: usize, revision: u32) -> String {
    format!("Новость {post}, редакция {revision}")
}

/// Which post and revision a text is.
pub fn post_of(text: &str) -> Option<usize> {
    text.strip_prefix("Новость ")?.split(',').next()?.parse().ok()
}
