//! What stands where: platforms as plain tables, with a time that only the story knows.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;
use vestnik::domain::PostId;
use vestnik_contract::{Clock as _, DoubtPolicy, Prepared, Rendered, SetClock};

use crate::chance::Chance;
use crate::checks;
use crate::faults::ARRIVES_WITHIN;
use crate::tally::Tally;

/// What our clock said around one of its steps may have been written down by either time: a call takes no longer.
const STEP_IS_FELT: TimeDelta = TimeDelta::minutes(3);
/// People see for so long that a call hangs.
const HANGS: TimeDelta = TimeDelta::minutes(3);

/// Everything outside the program.
#[derive(Debug)]
pub struct World {
    inner: Mutex<Inner>,
}

#[derive(Debug)]
pub struct Inner {
    pub seed: u64,
    /// The time as it really is.
    pub now: DateTime<Utc>,
    pub ours: Arc<SetClock>,
    /// How far our clock is ahead.
    pub ahead: TimeDelta,
    /// When our clock was moved, in real time.
    pub steps: Vec<DateTime<Utc>>,
    /// When our clock was last moved back, in real time.
    pub went_back: Option<DateTime<Utc>>,
    /// Counts rounds of the daemon: what happens in one moment may happen in any order.
    pub moment: u64,
    pub platforms: BTreeMap<String, Platform>,
    pub posts: Vec<Queued>,
    /// How many calls in a hundred go wrong.
    pub trouble: u64,
    /// Of how many writes in a hundred the request or the reply is lost.
    pub losses: u64,
    /// What befalls this story at least once.
    pub owed: BTreeSet<&'static str>,
    /// When the first of that may come.
    pub owed_from: DateTime<Utc>,
    /// Some platform's clock was moved, so that its times cannot be compared with each other.
    pub platform_stepped: bool,
    /// When a follower's clock was moved between the last look at it and the call: its own time of a post is early then.
    pub stepped_under_a_call: Option<DateTime<Utc>>,
    /// A program dies at one of so many turns; never where this is 0.
    pub dies_once_in: usize,
    /// Two daemons work on one database in this story.
    pub rivals: bool,
    /// Until when commits fail.
    pub disk_full_until: Option<DateTime<Utc>>,
    /// What is on its way to a platform although nobody waits for the answer any more.
    pub on_their_way: Vec<OnItsWay>,
    /// What happened that is about no single call, since the last time that was looked at.
    pub happened: Vec<&'static str>,
    pub calls: HashMap<String, u64>,
    /// On which channels the daemons asked or told something about which posts in this moment.
    pub at_work: BTreeSet<(String, usize)>,
    /// Posts of which people see that a call is on its way or came to nothing, until when.
    pub hanging: BTreeMap<usize, DateTime<Utc>>,
    pub wrong: Vec<String>,
    /// The log is printed while it is written.
    pub aloud: bool,
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
    /// When its clock was moved last.
    pub moved_at: Option<DateTime<Utc>>,
    /// How it is looked at after an unknown outcome.
    pub policy: DoubtPolicy,
    /// It never tells the time.
    pub silent: bool,
    /// It did not tell the time when asked in this moment.
    pub clock_hidden: Option<u64>,
    /// To which daemon it told the time last, and how far it and our clock were ahead then.
    pub told: Option<(u64, TimeDelta, TimeDelta)>,
    pub locked_until: Option<DateTime<Utc>>,
    pub paused: Option<u64>,
    pub posts: Vec<Standing>,
    /// Posts that the daemon has begun to bring here.
    pub tried: BTreeSet<usize>,
    /// When the daemon last called to have a post made here.
    pub called: HashMap<usize, DateTime<Utc>>,
    /// Until when, by our clock, a delivery was asked to wait, since when in real time, at which moment and which program.
    pub waits: HashMap<Uuid, (DateTime<Utc>, DateTime<Utc>, u64, u64)>,
}

impl Platform {
    /// A list shows a new post after so many seconds at the latest: whatever arrived is listed before the last look, also
    /// when our clock goes forward once, before the first look or between two.
    fn listed_within(&self) -> i64 {
        let DoubtPolicy { first_look_after, look_interval, looks, .. } = self.policy;
        let last_look = (look_interval * (looks - 1)).min(first_look_after + look_interval * (looks - 2));
        i64::try_from(last_look.saturating_sub(ARRIVES_WITHIN).as_secs()).unwrap() - 3
    }
}

/// A publication that arrives later.
#[derive(Debug)]
pub struct OnItsWay {
    pub at: DateTime<Utc>,
    pub slug: String,
    pub prepared: Prepared,
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
    /// The moment in which a program was told the id.
    pub answered: Option<u64>,
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
    /// Whether its platform told the time when a program first heard that it stands.
    pub timed: Option<bool>,
    pub pictures: usize,
}

/// A post as its officer knows it.
#[derive(Debug, Clone)]
#[expect(clippy::struct_excessive_bools, reason = "what befell a post, each apart from the others")]
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
    /// Channels of which a person said that it stands there as it should.
    pub vouched: BTreeSet<String>,
    /// The last moment in which a person did something to it.
    pub touched: u64,
    /// The last moment in which anything was said or done about it.
    pub done: u64,
    /// A person gave it other times.
    pub moved: bool,
    /// An older copy of the database came back that does not know what people did since.
    pub words_lost: bool,
    /// A person ended it after that, told that it may stand as nobody here knows any more.
    pub left_as_it_stands: bool,
    /// Whatever older copies lack of it stood in the history beside them.
    pub mirrored: bool,
    /// An older copy came back that does not know it at all.
    pub forgotten: bool,
    /// An older copy came back that lacks something that was said or done about it.
    pub restored: bool,
}

impl Queued {
    /// What befell it is known to nobody but the platforms and people.
    pub fn past_lost(&self) -> bool {
        self.restored && !self.mirrored
    }

    /// An older copy came back that was made in this moment, with the history beside it or without.
    pub fn goes_back_to(&mut self, moment: u64, with_history: bool) {
        // The copy may be from before anybody was told that this post is lost.
        self.mirrored &= with_history || !self.forgotten;
        if self.done <= moment {
            return;
        }
        self.mirrored = with_history && (self.mirrored || !self.restored);
        self.restored = true;
        self.words_lost |= self.touched > moment;
        self.forgotten |= self.known_since > moment;
    }
}

impl World {
    pub fn new(inner: Inner) -> Arc<Self> {
        Arc::new(Self { inner: Mutex::new(inner) })
    }

    pub fn look(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap()
    }
}

impl Inner {
    /// Lets real time pass, and what is on its way arrive.
    pub fn pass_to(&mut self, now: DateTime<Utc>) {
        while let Some(first) = self.on_their_way.iter().map(|w| w.at).min().filter(|at| *at <= now) {
            let place = self.on_their_way.iter().position(|w| w.at == first).unwrap();
            let OnItsWay { slug, prepared, .. } = self.on_their_way.remove(place);
            self.clocks_show(first);
            self.stands(&slug, &prepared);
        }
        self.clocks_show(now);
    }

    fn clocks_show(&mut self, now: DateTime<Utc>) {
        self.now = now;
        self.ours.set(now + self.ahead);
    }

    pub fn disk_fails(&self, chance: &mut Chance) -> bool {
        self.disk_full_until.is_some_and(|until| self.now < until) || self.trouble > 0 && chance.below(600) == 0
    }

    /// Whether this is to happen now because the story owes it.
    pub fn owes(&mut self, what: &'static str) -> bool {
        self.now >= self.owed_from && self.owed.remove(what)
    }

    /// Whether our clock was moved so shortly before or after.
    pub fn was_stepped_near(&self, at: DateTime<Utc>) -> bool {
        self.steps.iter().any(|step| (*step - at).abs() < STEP_IS_FELT)
    }

    /// Something is said or done about a post.
    pub fn does(&mut self, post: usize) {
        self.posts[post].done = self.moment;
    }

    /// A call is made that changes what a channel shows.
    pub fn hangs(&mut self, post: usize) {
        self.does(post);
        self.hanging.insert(post, self.now + HANGS);
    }

    /// Whether a call that would make this post there was made so lately that it may still arrive.
    pub fn calls_just_now(&self, slug: &str, post: usize) -> bool {
        let called = self.platforms[slug].called.get(&post);
        called.is_some_and(|at| self.now - *at <= TimeDelta::from_std(ARRIVES_WITHIN).unwrap())
    }

    /// Posts of which people see that a call is on its way or came to nothing.
    pub fn hanging_posts(&self) -> Vec<usize> {
        self.hanging.iter().filter(|(_, until)| self.now < **until).map(|(n, _)| *n).collect()
    }

    /// Something went wrong that is about no single call.
    pub fn happened(&mut self, what: &'static str) {
        self.tally.count(what);
        self.happened.push(what);
    }

    /// What a program heard just now it could not write down.
    pub fn forget_what_was_heard(&mut self) {
        let moment = self.moment;
        for platform in self.platforms.values_mut() {
            platform.waits.retain(|_, (_, _, heard, _)| *heard < moment);
            platform.posts.iter_mut().for_each(|s| s.answered = s.answered.filter(|heard| *heard < moment));
        }
    }

    pub fn ours(&self) -> DateTime<Utc> {
        self.ours.now()
    }

    pub fn stamp(&self, slug: &str) -> DateTime<Utc> {
        self.now + self.platforms[slug].ahead
    }

    pub fn tell(&mut self, what: impl std::fmt::Display) {
        let line = format!("{} (ours {}) {what}", self.now.format("%d %T"), self.ours().format("%d %T"));

        if self.aloud {
            println!("{line}");
        }
        self.log.push(line);
    }

    pub fn complain(&mut self, what: impl std::fmt::Display) {
        self.tell(format!("WRONG: {what}"));
        self.wrong.push(what.to_string());
    }

    pub fn primary(&self) -> (&String, &Platform) {
        self.platforms.iter().find(|(_, p)| p.primary).unwrap()
    }

    /// The daemon begins to bring a post to a channel.
    pub fn tries(&mut self, slug: &str, text: &str) {
        let tried = &mut self.platforms.get_mut(slug).unwrap().tried;
        tried.extend(post_of(text));
    }

    /// The post that a call is about: by its text, or by what the platform calls it.
    pub fn concerned(&self, slug: &str, text: &str, id: &str) -> Option<usize> {
        post_of(text).or_else(|| self.text(slug, id).and_then(|(_, s)| s.post))
    }

    /// A program hears that its publication stands.
    pub fn answers(&mut self, slug: &str, id: &str) {
        let moment = self.moment;
        let posts = &mut self.platforms.get_mut(slug).unwrap().posts;
        posts.iter_mut().filter(|s| s.id == id).for_each(|s| s.answered = Some(moment));
    }

    /// A publication arrives.
    pub fn stands(&mut self, slug: &str, prepared: &Prepared) -> Standing {
        let delivery = prepared.key.delivery;
        let text = self.text_now(slug, &prepared.post, false);
        checks::once(self, slug, delivery, &text.reads);
        if let Some(post) = post_of(&text.reads) {
            self.does(post);
        }
        let most = self.platforms[slug].listed_within();
        let mut chance = Chance::of((self.seed, delivery, self.now));
        // A list is up to date, or rather late: a little changes nothing.
        let late = if chance.percent(50) { chance.between(most / 2, most) } else { 0 };
        let standing = Standing {
            id: format!("{slug}-{}", self.platforms[slug].posts.len() + 1),
            delivery: Some(delivery),
            post: post_of(&text.reads),
            stamp: text.stamp,
            listed_from: self.now + TimeDelta::seconds(late),
            answered: None,
            texts: vec![text],
            gone: None,
        };
        self.platforms.get_mut(slug).unwrap().posts.push(standing.clone());
        self.tell(format!("{} stands: {}", standing.id, first_line(&prepared.post.plain)));
        self.tally.count("posts out");
        standing
    }

    /// An edit arrives; nothing is there to edit where the post is gone.
    pub fn now_reads(&mut self, slug: &str, id: &str, post: &Rendered) -> Option<Standing> {
        let place = self.text(slug, id).filter(|(_, s)| s.gone.is_none())?.0;
        let text = self.text_now(slug, post, true);
        if let Some(post) = post_of(&text.reads) {
            self.does(post);
        }
        let standing = &mut self.platforms.get_mut(slug).unwrap().posts[place];
        if standing.now().reads != text.reads {
            standing.texts.push(text);
        }
        let standing = standing.clone();
        self.tell(format!("{id} now reads: {}", first_line(&post.plain)));
        self.tally.count("edits");
        Some(standing)
    }

    /// A program hears that a post stands as it reads now, with the platform's time or without.
    pub fn heard_of(&mut self, slug: &str, id: &str, timed: bool) {
        let mut posts = self.platforms.get_mut(slug).unwrap().posts.iter_mut();
        let text = posts.find(|s| s.id == id).and_then(|s| s.texts.last_mut());
        text.map(|text| text.timed.get_or_insert(timed));
    }

    fn text_now(&self, slug: &str, post: &Rendered, edit: bool) -> Text {
        let (since, ours, stamp) = (self.now, self.ours(), self.stamp(slug));
        Text { reads: post.plain.clone(), since, ours, stamp, edit, timed: None, pictures: post.media.len() }
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

fn first_line(text: &str) -> &str {
    text.lines().next().unwrap_or_default()
}

/// Which post and revision a text is.
pub fn post_of(text: &str) -> Option<usize> {
    text.strip_prefix("Новость ")?.split(',').next()?.parse().ok()
}
