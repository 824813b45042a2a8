//! A press office that queues, edits, cancels and withdraws, and knows what it did.

use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use rand::RngExt as _;
use rand::rngs::StdRng;
use vestnik_sandbox::town::{Platform, TownPost};

use crate::press::{FAST, Press, Ran, Wish, wait_until};

const PLATFORMS: [Platform; 3] = [Platform::Max, Platform::Vk, Platform::WordPress];
/// The files of a database that is not closed.
const DATABASE: [&str; 2] = ["vestnik.db", "vestnik.db-wal"];

pub struct Office {
    pub press: Press,
    posts: Vec<Post>,
}

/// What the office knows of a post.
struct Post {
    id: String,
    revision: u32,
    word: Word,
    /// The copy does not know it.
    lost: bool,
    /// On how many channels it stood when the copy was put back.
    stood: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Word {
    Goes,
    Cancelled,
    Withdrawn,
}

/// The database files at one moment, and how many posts there were.
pub struct Copy {
    files: Vec<Option<Vec<u8>>>,
    posts: usize,
}

fn title(number: usize, revision: u32) -> String {
    format!("Новость {number}, редакция {revision}")
}

/// Lets the office's day go on: which moment it is interrupted at is left to chance.
pub fn watch_for(time: Duration) {
    let until = Instant::now() + time;
    wait_until("time passes", || Instant::now() >= until);
}

impl Office {
    pub fn open() -> Self {
        let press = Press::with(Wish { speed: FAST, platforms: PLATFORMS.to_vec(), ..Wish::default() });
        Self { press, posts: Vec::new() }
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
                self.posts.push(Post { id, revision: 1, word: Word::Goes, lost: false, stood: 0 });
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

    /// What a backup of the dead daemon's database would hold.
    pub fn copy(&self) -> Copy {
        let files = DATABASE.iter().map(|name| std::fs::read(self.press.path(name)).ok()).collect();
        Copy { files, posts: self.posts.len() }
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
            self.posts[number].lost = number >= copy.posts;
            self.posts[number].stood = self.standing(number).len();
        }
    }

    fn on(&self, platform: Platform, number: usize) -> Vec<TownPost> {
        let of_it = |post: &TownPost| post.title().starts_with(&format!("Новость {number}, "));
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

    fn answer(&mut self, item: &serde_json::Value) {
        let text = |key: &str| item[key].as_str().unwrap_or_default();
        let known = self.posts.iter().position(|post| post.id == text("post"));
        match (text("kind"), known) {
            ("late" | "lost", _) => {}
            // An hour a second: on a slow machine a day has passed before the edit comes to VK.
            (_, Some(number)) if text("what").contains("no longer lets post") => {
                self.order(number, "withdraw", Word::Withdrawn);
            }
            (_, Some(number)) if text("todo").contains("vestnik post edit") => {
                assert!(self.edit(number), "{item}");
            }
            _ => panic!("nobody knows what to do: {item}"),
        }
    }

    fn rests(&self, number: usize) -> bool {
        let post = &self.posts[number];
        let standing = self.standing(number);
        let newest = standing.iter().all(|there| there.title() == title(number, post.revision));
        match post.word {
            _ if post.lost => true,
            Word::Goes => standing.len() == PLATFORMS.len() && newest,
            Word::Withdrawn => standing.is_empty(),
            Word::Cancelled => {
                let post = self.press.json(["post", "show", &post.id]);
                let ends = ["published", "cancelled", "withdrawn"];
                post["deliveries"].as_array().unwrap().iter().all(|d| ends.iter().any(|end| d["state"] == *end))
            }
        }
    }

    pub fn proves(&self) {
        for (number, post) in self.posts.iter().enumerate() {
            let out: Vec<_> = PLATFORMS.iter().map(|platform| self.on(*platform, number)).collect();
            assert!(out.iter().all(|there| there.len() <= 1), "doubled: {out:#?}");
            if post.lost || post.word == Word::Cancelled {
                assert_eq!(self.standing(number).len(), post.stood, "{:?} {out:#?}", post.word);
            }
            for follower in out.iter().skip(1).flatten() {
                let primary = out[0].first().expect("MAX comes first");
                assert!(follower.published_at - primary.published_at >= TimeDelta::hours(4), "early: {out:#?}");
            }
        }
        let attention = self.press.json(["attention"]);
        let told = attention.as_array().unwrap().iter();
        let told: BTreeSet<_> =
            told.filter(|item| item["kind"] == "lost").filter_map(|item| item["post"].as_str()).collect();
        let lost: BTreeSet<_> = self.posts.iter().filter(|p| p.lost).map(|p| p.id.as_str()).collect();
        assert_eq!(told, lost, "what the copy does not know is named");
        self.press.vestnik(["history", "verify"]).done().shows(&["verdict: proven", "0 too early"]);
        assert_eq!(self.press.integrity(), "ok");
    }
}

/// It may refuse: what is out is not cancelled, what was withdrawn is not edited.
fn is_done(ran: &Ran) -> bool {
    assert!(matches!(ran.code, Some(0 | 1)), "{ran:#?}");
    ran.code == Some(0)
}
