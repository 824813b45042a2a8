//! A press office that queues, edits, cancels and withdraws, and knows what it did.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::time::{Duration, Instant};

use rand::RngExt as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use serde_json::Value;
use vestnik_sandbox::Fault;
use vestnik_sandbox::town::{Platform, TownPost};

use crate::STEPS;
use crate::press::{FAST, LEAST_HOLD, Press, Ran, Wish, Word, headline, name_of, wait_until};

const PLATFORMS: [Platform; 3] = [Platform::Max, Platform::Vk, Platform::WordPress];
/// The files of a database that is not closed.
const DATABASE: [&str; 2] = ["vestnik.db", "vestnik.db-wal"];
/// The history beside it.
const HISTORY: &str = "vestnik.db.history";

pub struct Office {
    pub press: Press,
    posts: Vec<Post>,
    /// The chains of the journal that the copy was older than, each with the number of its last entry in the history
    /// beside it.
    older: BTreeMap<String, u64>,
    /// Neither the database nor the history beside it tells what happened since the copy.
    has_forgotten: bool,
}

/// What the office knows of a post.
struct Post {
    id: String,
    revision: u32,
    word: Word,
    /// The copy does not know it.
    lost: bool,
    /// The copy does not know what people said of it last.
    forgotten: bool,
    /// On how many channels it stood when the copy was put back.
    stood: usize,
}

/// The database files at one moment, and what the office knew then.
pub struct Copy {
    files: Vec<Option<Vec<u8>>>,
    /// Of each post, the newest text and what was said of it.
    posts: Vec<(u32, Word)>,
    /// Where each chain of the journal ended.
    ends: BTreeMap<String, u64>,
}

/// No two of them share a longer word: where nothing else is left, vestnik knows a post by its words.
const TOPICS: [&str; STEPS as usize] = [
    "Школа Садовой приняла первоклассников",
    "Движение автобусов изменится воскресенье",
    "Ярмарка мастеров откроется площади",
    "Библиотека объявляет конкурс чтецов",
    "Ремонтники закончили обновлять водопровод",
    "Спортсмены завоевали золотые медали",
    "Выставка картин переехала музей",
    "Врачи поликлиники проверят зрение",
    "Парк засадили молодыми липами",
    "Депутаты обсудили бюджет района",
    "Оркестр сыграет вальсы Штрауса",
    "Пожарные напомнили правила безопасности",
];

fn title(number: usize, revision: u32) -> String {
    headline(TOPICS[number], revision)
}

/// Lets the office's day go on: which moment it is interrupted at is left to chance.
pub fn watch_for(time: Duration) {
    let until = Instant::now() + time;
    wait_until("time passes", || Instant::now() >= until);
}

impl Office {
    pub fn open() -> Self {
        let press = Press::with(Wish { speed: FAST, platforms: PLATFORMS.to_vec(), ..Wish::default() });
        Self { press, posts: Vec::new(), older: BTreeMap::new(), has_forgotten: false }
    }

    /// One thing that an office does.
    pub fn does_something(&mut self, chance: &mut StdRng) {
        let number = chance.random_range(0..self.posts.len().max(1));
        match chance.random_range(0..10) {
            6 | 7 if !self.posts.is_empty() => drop(self.edit(number)),
            8 if !self.posts.is_empty() => self.order(number, "cancel", Word::Cancelled),
            9 if !self.posts.is_empty() => self.order(number, "withdraw", Word::Withdrawn),
            _ => {
                let id = self.press.queue(&title(self.posts.len(), 1), "");
                self.posts.push(Post { id, revision: 1, word: Word::Goes, lost: false, forgotten: false, stood: 0 });
            }
        }
    }

    fn edit(&mut self, number: usize) -> bool {
        let post = &self.posts[number];
        let file = self.press.post_file(&title(number, post.revision + 1), "");
        let edited = self.press.vestnik(["post".as_ref(), "edit".as_ref(), post.id.as_ref(), file.as_os_str()]);
        let done = post.word == Word::Goes && is_done(&edited);
        self.posts[number].revision += u32::from(done);
        done
    }

    fn order(&mut self, number: usize, order: &str, word: Word) {
        let post = &mut self.posts[number];
        let ordered = self.press.vestnik(["post", order, &post.id, "--reason", "учение"]);
        if is_done(&ordered) && post.word != Word::Withdrawn {
            post.word = word;
        }
    }

    /// The next call of some platform takes effect, and its answer is lost.
    pub fn loses_a_reply(&self, chance: &mut StdRng) {
        let platform = *PLATFORMS.choose(chance).unwrap();
        let calls = [platform.publishing_call(), platform.editing_call(), platform.retracting_call()];
        let call = calls.choose(chance).unwrap().unwrap();
        let switches = &self.press.town.server(platform).switches;
        // One at a time: what is lost again and again is asked of a person.
        switches.lift(call);
        switches.next(call, Fault::CommitThenDrop);
    }

    /// What a backup of the dead daemon's database would hold.
    pub fn copy(&self) -> Copy {
        let files = DATABASE.iter().map(|name| std::fs::read(self.press.path(name)).ok()).collect();
        let posts = self.posts.iter().map(|post| (post.revision, post.word)).collect();
        Copy { files, posts, ends: self.press.note_heads() }
    }

    /// The history beside the database is deleted.
    pub fn loses_its_history(&mut self) {
        std::fs::remove_dir_all(self.press.path(HISTORY)).unwrap();
        self.has_forgotten = true;
    }

    pub fn put_back(&mut self, copy: &Copy) {
        drop(std::fs::remove_file(self.press.path("vestnik.db-shm")));
        for (name, content) in DATABASE.iter().zip(&copy.files) {
            let place: PathBuf = self.press.path(name);
            match content {
                Some(content) => std::fs::write(place, content).unwrap(),
                None => drop(std::fs::remove_file(place)),
            }
        }
        for number in 0..self.posts.len() {
            let now = (self.posts[number].revision, self.posts[number].word);
            self.posts[number].lost = number >= copy.posts.len();
            self.posts[number].forgotten = self.has_forgotten && copy.posts.get(number) != Some(&now);
            self.posts[number].stood = self.standing(number).len();
        }
        self.older = self.remembered();
        self.older.retain(|chain, last| copy.ends.get(chain).is_none_or(|end| end < last));
        assert_eq!(self.older.is_empty(), self.has_forgotten, "the start of a daemon alone makes it longer");
    }

    /// The last entry of each chain in the history beside the database.
    fn remembered(&self) -> BTreeMap<String, u64> {
        let months = std::fs::read_dir(self.press.path(HISTORY)).into_iter().flatten();
        let texts = months.map(|month| std::fs::read_to_string(month.unwrap().path()).unwrap());
        last_entries(&texts.collect::<String>())
    }

    fn on(&self, platform: Platform, number: usize) -> Vec<TownPost> {
        let of_it = |post: &TownPost| name_of(post.title()) == TOPICS[number];
        self.press.on(platform).into_iter().filter(of_it).collect()
    }

    /// What stands of a post, on all channels.
    fn standing(&self, number: usize) -> Vec<TownPost> {
        PLATFORMS.iter().flat_map(|platform| self.on(*platform, number)).collect()
    }

    /// A person answers everything that waits, until nothing is left to do.
    pub fn comes_to_rest(&mut self) {
        let until = Instant::now() + Duration::from_secs(120);
        while !(0..self.posts.len()).all(|number| self.rests(number)) {
            assert!(Instant::now() < until, "it finds no rest: {}", self.told());
            for item in self.press.json(["attention"]).as_array().unwrap() {
                self.answer(item);
            }
            watch_for(Duration::from_millis(200));
        }
    }

    fn told(&self) -> String {
        let posts: Vec<_> = (0..self.posts.len())
            .filter(|number| !self.rests(*number))
            .map(|number| {
                let (post, titles) = (&self.posts[number], self.standing(number));
                let titles: Vec<_> = titles.iter().map(|there| there.title().to_owned()).collect();
                format!("{} {:?} revision {}: {titles:?}", post.id, post.word, post.revision)
            })
            .collect();
        format!("{posts:#?}\n{}", self.press.vestnik(["attention"]).stdout)
    }

    fn answer(&mut self, item: &Value) {
        let text = |key: &str| item[key].as_str().unwrap_or_default();
        let known = self.posts.iter().position(|post| post.id == text("post"));
        match (text("kind"), known) {
            ("late" | "outstanding" | "lost" | "held_ahead", _) => {}
            // An hour a second: on a slow machine a day has passed before the edit comes to VK.
            (_, Some(number)) if text("what").contains("no longer lets post") => {
                self.order(number, "withdraw", Word::Withdrawn);
            }
            (_, Some(number)) if text("todo").contains("--published ADDRESS") => {
                self.says_where_it_stands(number, text("channel"));
            }
            // Taken down since the copy was made.
            (_, Some(number)) if text("todo").contains("vestnik post republish") => {
                self.order(number, "cancel", self.posts[number].word);
            }
            (_, Some(number)) if text("todo").contains("vestnik post edit") => self.says_again(number),
            _ => panic!("nobody knows what to do: {item}"),
        }
    }

    /// What the office said of a post last, vestnik may have forgotten.
    fn says_again(&mut self, number: usize) {
        match self.posts[number].word {
            // Several channels may have asked the same.
            Word::Goes => drop(self.edit(number)),
            Word::Cancelled => self.order(number, "cancel", Word::Cancelled),
            Word::Withdrawn => self.order(number, "withdraw", Word::Withdrawn),
        }
    }

    /// A person looks at the channel. What stands there with another text than vestnik knows is made one with it first.
    fn says_where_it_stands(&mut self, number: usize, slug: &str) {
        let id = self.posts[number].id.clone();
        let headline = self.press.json(["post", "show", &id])["title"].as_str().unwrap().to_owned();
        let channel = self.press.town.channel(slug).unwrap();
        let there = self.on(channel.platform(), number);
        let [there] = &there[..] else {
            assert!(there.is_empty(), "doubled: {there:#?}");
            return self.resolves(&id, slug, &["--not-published"]);
        };
        if there.title() == headline {
            return self.resolves(&id, slug, &["--published", there.url.as_ref().unwrap().as_str()]);
        }
        if channel.platform() == Platform::Max {
            let file = self.press.post_file(there.title(), "");
            self.press.vestnik(["post".as_ref(), "edit".as_ref(), id.as_ref(), file.as_os_str()]).done();
        } else {
            assert!(channel.delete_by_hand(&there.id));
            self.resolves(&id, slug, &["--not-published"]);
        }
    }

    fn resolves(&self, id: &str, slug: &str, word: &[&str]) {
        // What it is asked about may have been found meanwhile.
        is_done(&self.press.vestnik(["post", "resolve", id, slug].iter().chain(word)));
    }

    fn rests(&self, number: usize) -> bool {
        let post = &self.posts[number];
        let standing = self.standing(number);
        let newest = standing.iter().all(|there| there.title() == title(number, post.revision));
        match post.word {
            _ if post.lost => true,
            _ if post.forgotten => self.is_over(post),
            Word::Goes => standing.len() == PLATFORMS.len() && newest,
            Word::Withdrawn => standing.is_empty(),
            Word::Cancelled => self.is_over(post),
        }
    }

    /// Whether vestnik has nothing left to do with a post.
    fn is_over(&self, post: &Post) -> bool {
        let post = self.press.json(["post", "show", &post.id]);
        let ends = ["published", "cancelled", "withdrawn"];
        let mut deliveries = post["deliveries"].as_array().unwrap().iter();
        deliveries.all(|d| ends.iter().any(|end| d["state"] == *end) && d["next"].is_null() && d["stop_kind"].is_null())
    }

    pub fn proves(&self) {
        for (number, post) in self.posts.iter().enumerate() {
            let out: Vec<_> = PLATFORMS.iter().map(|platform| self.on(*platform, number)).collect();
            assert!(out.iter().all(|there| there.len() <= 1), "doubled: {out:#?}");
            if post.lost || post.word == Word::Cancelled && !post.forgotten {
                assert_eq!(self.standing(number).len(), post.stood, "{:?} {out:#?}", post.word);
            }
            for follower in out.iter().skip(1).flatten() {
                let primary = out[0].first().expect("MAX comes first");
                assert!(follower.published_at - primary.published_at >= LEAST_HOLD, "early: {out:#?}");
            }
        }
        if self.has_forgotten {
            self.press.prove_what_is_known();
        } else {
            self.press.prove_history();
        }
        self.tells_what_is_lost();
        self.continues_from_an_older_head();
    }

    /// Where something still tells of them, the posts that the copy does not know are named.
    fn tells_what_is_lost(&self) {
        let attention = self.press.json(["attention"]);
        let told = attention.as_array().unwrap().iter();
        let told: BTreeSet<_> =
            told.filter(|item| item["kind"] == "lost").filter_map(|item| item["post"].as_str()).collect();
        let lost = self.posts.iter().filter(|post| post.lost && !self.has_forgotten);
        assert_eq!(told, lost.map(|post| post.id.as_str()).collect(), "what the copy does not know is named");
    }

    /// The journal says from which head it continues, and up to which entry was known that it lacks.
    fn continues_from_an_older_head(&self) {
        let journal = std::fs::read_to_string(self.press.journal()).unwrap();
        let entries = journal.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
        let told: BTreeMap<_, _> = entries
            .filter(|entry| entry["kind"] == "history.older_head")
            .map(|entry| {
                (entry["chain"].as_str().unwrap().to_owned(), entry["detail"]["remembered"]["seq"].as_u64().unwrap())
            })
            .collect();
        assert_eq!(told, self.older);
    }
}

/// The number of each chain's last entry in lines of a journal.
fn last_entries(journal: &str) -> BTreeMap<String, u64> {
    let entries = journal.lines().filter_map(|line| serde_json::from_str::<Value>(line).ok());
    let mut last = BTreeMap::new();
    for entry in entries.filter(|entry| entry["seq"].is_u64()) {
        let end = last.entry(entry["chain"].as_str().unwrap().to_owned()).or_default();
        *end = entry["seq"].as_u64().unwrap().max(*end);
    }
    last
}

/// It may refuse: what is out is not cancelled, what was withdrawn is not edited.
fn is_done(ran: &Ran) -> bool {
    assert!(matches!(ran.code, Some(0 | 1)), "{ran:#?}");
    ran.code == Some(0)
}
