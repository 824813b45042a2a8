//! The people of an office: they queue, edit, cancel and withdraw posts, lose patience with commands and give them
//! again, and remember what they said last.

use std::process::Stdio;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use rand::RngExt as _;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use serde_json::Value;
use vestnik_sandbox::town::TownPost;

use crate::PLATFORMS;
use crate::officer::Officer;
use crate::press::{Press, Queued, Ran, Word, name_of};

/// VK lets a post be changed for a day; an edit of a younger one comes there in time, unless much dies on the way.
const YOUNG: TimeDelta = TimeDelta::hours(8);

/// A new hold, a few looks and back-offs after it, on a machine that is busy with other things.
const REST_COMES_WITHIN: Duration = Duration::from_secs(180);

/// Everything that people said.
pub struct Newsroom<'a> {
    press: &'a Press,
    organisations: Vec<String>,
    posts: Vec<(String, Queued)>,
    files: usize,
    /// How often they edited, cancelled and withdrew.
    pub said: Said,
}

/// How often people said what.
#[derive(Debug, Default)]
pub struct Said {
    /// Of posts that stood nowhere.
    pub edits_before: usize,
    /// Of posts that stood on some channels, MAX at least.
    pub edits_between: usize,
    /// Of posts that stood everywhere.
    pub edits_after: usize,
    pub cancellations: usize,
    pub withdrawals: usize,
    /// Commands that were killed and given again.
    pub repeated: usize,
}

impl<'a> Newsroom<'a> {
    pub fn new(press: &'a Press) -> Self {
        let organisations = press.town.organisations().map(|o| o.slug.clone()).collect();
        Self { press, organisations, posts: Vec::new(), files: 0, said: Said::default() }
    }

    /// What was queued, and what has to be seen of it.
    pub fn queued(&self) -> Vec<Queued> {
        self.posts.iter().map(|(_, post)| post.clone()).collect()
    }

    /// Queues posts of all organisations for one moment, every third with a picture.
    pub fn plans(&mut self, posts: usize, hours: i64) {
        let at = format!("at: {}", (self.press.now() + TimeDelta::hours(hours)).to_rfc3339());
        for _ in 0..posts {
            let number = self.posts.len();
            let organisation = self.organisations[number % self.organisations.len()].clone();
            let post = Queued {
                organisation,
                pictures: usize::from(number.is_multiple_of(3)),
                ..Queued::new(format!("Плановая {number}"), &PLATFORMS)
            };
            let file = self.file(&post, &at);
            let ran = self.press.vestnik(["post", "add", &file, "--organisation", &post.organisation, "--json"]).done();
            self.posts.push((id(&ran), post));
        }
    }

    /// One thing that an office does.
    pub fn does_something(&mut self, chance: &mut StdRng) {
        let going: Vec<_> = (0..self.posts.len()).filter(|number| self.posts[*number].1.word == Word::Goes).collect();
        let Some(number) = going.choose(chance) else { return self.queues(chance) };
        match chance.random_range(0..20) {
            0..6 => self.queues(chance),
            6..16 => {
                if let Some(number) = self.one_to_edit(&going, chance) {
                    self.edits(number, chance);
                }
            }
            16..18 => self.cancels(*number, chance),
            _ => self.withdraws(*number, chance),
        }
    }

    /// As often one that stands on no channel, on some and on all.
    fn one_to_edit(&self, going: &[usize], chance: &mut StdRng) -> Option<usize> {
        let everywhere = PLATFORMS.len();
        let wanted = [0..=0, 1..=everywhere - 1, everywhere..=everywhere];
        let wanted = wanted.choose(chance)?;
        let fits = |number: &&usize| {
            let standing = self.standing(&self.posts[**number].1);
            let is_young = standing.iter().all(|there| self.press.now() - there.published_at < YOUNG);
            is_young && wanted.contains(&standing.len())
        };
        going.iter().filter(fits).collect::<Vec<_>>().choose(chance).map(|number| **number)
    }

    fn queues(&mut self, chance: &mut StdRng) {
        let number = self.posts.len();
        let organisation = self.organisations.choose(chance).unwrap().clone();
        let pictures = usize::from(chance.random_bool(0.3));
        let post = Queued { organisation, pictures, ..Queued::new(format!("Срочная {number}"), &PLATFORMS) };
        let (file, key) = (self.file(&post, ""), format!("news-{number}"));
        let add = ["post", "add", &file, "--key", &key, "--organisation", &post.organisation, "--json"];
        let ran = self.impatiently(&add, chance).done();
        self.posts.push((id(&ran), post));
    }

    fn edits(&mut self, number: usize, chance: &mut StdRng) {
        let (id, post) = &self.posts[number];
        match self.standing(post).len() {
            0 => self.said.edits_before += 1,
            count if count < PLATFORMS.len() => self.said.edits_between += 1,
            _ => self.said.edits_after += 1,
        }
        let (id, post) = (id.clone(), Queued { revision: post.revision + 1, ..post.clone() });
        // A picture may come and go with the text.
        let post = Queued { pictures: usize::from(chance.random_bool(0.4)), ..post };
        let file = self.file(&post, "");
        let edited = self.impatiently(&["post", "edit", &id, &file], chance);
        // The command that was killed had done its work.
        assert!(edited.code == Some(0) || edited.stderr.contains("says exactly this already"), "{edited:#?}");
        self.posts[number].1 = post;
    }

    fn cancels(&mut self, number: usize, chance: &mut StdRng) {
        let id = self.posts[number].0.clone();
        let cancelled = self.impatiently(&["post", "cancel", &id, "--reason", "передумали"], chance);
        assert!(is_done_or_over(&cancelled), "{cancelled:#?}");
        // There is nothing to cancel where all is out, and where the command that was killed had done its work.
        if self.press.json(["post", "show", &id])["cancel"] != Value::Null {
            self.posts[number].1.word = Word::Cancelled;
            self.said.cancellations += 1;
        }
    }

    fn withdraws(&mut self, number: usize, chance: &mut StdRng) {
        let id = self.posts[number].0.clone();
        let withdrawn = self.impatiently(&["post", "withdraw", &id, "--reason", "недостоверно"], chance);
        assert!(is_done_or_over(&withdrawn), "{withdrawn:#?}");
        self.posts[number].1.word = Word::Withdrawn;
        self.said.withdrawals += 1;
    }

    /// A command of somebody who may lose patience with it: it is killed and given again.
    fn impatiently(&mut self, args: &[&str], chance: &mut StdRng) -> Ran {
        if chance.random_bool(0.3) {
            let mut command =
                self.press.program().args(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
            std::thread::sleep(Duration::from_millis(chance.random_range(0..150)));
            // It may have ended by itself.
            drop(command.kill());
            command.wait().unwrap();
            self.said.repeated += 1;
        }
        self.press.vestnik(args)
    }

    fn file(&mut self, post: &Queued, more: &str) -> String {
        self.files += 1;
        let picture = if post.pictures > 0 { self.press.with_picture(self.files) } else { String::new() };
        let file = self.press.post_file(&post.headline(), [more, &picture].join("\n").trim());
        file.to_str().unwrap().to_owned()
    }

    /// What stands of a post, on all its channels.
    fn standing(&self, post: &Queued) -> Vec<TownPost> {
        let channels = self.press.town.channels().filter(|channel| channel.organisation() == post.organisation);
        let of_it = |there: &TownPost| name_of(there.title()) == post.name;
        channels.flat_map(|channel| channel.posts()).filter(of_it).collect()
    }

    /// People answer everything that waits, until nothing is left to do.
    pub fn comes_to_rest(&mut self, officer: &mut Officer) {
        let began = Instant::now();
        while !self.posts.iter().all(|(_, post)| self.stands_as_said(post)) || !self.is_idle() {
            assert!(began.elapsed() < REST_COMES_WITHIN, "it finds no rest: {}", self.restless());
            for item in officer.settles_what_waits(self.press) {
                self.answers(&item);
            }
        }
    }

    fn restless(&self) -> String {
        let restless = self.posts.iter().filter(|(_, post)| !self.stands_as_said(post));
        let restless: Vec<_> = restless.map(|(id, post)| (id, post, self.standing(post))).collect();
        format!("{restless:#?}\n{}", self.press.vestnik(["attention"]).stdout)
    }

    /// Decides what a look at the channel does not settle.
    fn answers(&mut self, item: &Value) {
        let (id, kind) = (item["post"].as_str().unwrap_or_default(), item["stop_kind"].as_str().unwrap_or_default());
        let known = self.posts.iter().position(|(known, _)| known == id);
        let number = known.unwrap_or_else(|| panic!("nobody knows what to do: {item}"));
        let post = &mut self.posts[number].1;
        println!("{}: {}", item["what"], post.name);
        match (kind, post.word) {
            // Older than VK lets posts be changed: better nowhere than old. Or a withdrawal that failed too often.
            ("edit_refused", _) | ("unknown_outcome", Word::Withdrawn) => {
                post.word = Word::Withdrawn;
                let withdrawn = self.press.vestnik(["post", "withdraw", id, "--reason", "недостоверно"]);
                assert!(is_done_or_over(&withdrawn), "{withdrawn:#?}");
            }
            // An edit that failed too often.
            ("unknown_outcome", _) => {
                post.revision += 1;
                let post = post.clone();
                let file = self.file(&post, "");
                self.press.vestnik(["post", "edit", id, &file]).done();
            }
            _ => panic!("nobody knows what to do: {item}"),
        }
    }

    fn stands_as_said(&self, post: &Queued) -> bool {
        let standing = self.standing(post);
        match post.word {
            Word::Goes => {
                standing.len() == PLATFORMS.len() && standing.iter().all(|there| there.title() == post.headline())
            }
            Word::Cancelled => true,
            Word::Withdrawn => standing.is_empty(),
        }
    }

    /// Whether vestnik has nothing left to do either.
    fn is_idle(&self) -> bool {
        let list = self.press.json(["post", "list", "--most", "1000"]);
        let deliveries = list.as_array().unwrap().iter().flat_map(|post| post["deliveries"].as_array().unwrap());
        let ends = ["published", "cancelled", "withdrawn"];
        deliveries.into_iter().all(|d| ends.iter().any(|end| d["state"] == *end) && d["next"].is_null())
    }
}

fn id(added: &Ran) -> String {
    added.json()["id"].as_str().unwrap().to_owned()
}

/// It was done now, or nothing was left to do.
fn is_done_or_over(ran: &Ran) -> bool {
    ran.code == Some(0) || ran.stderr.contains("is left to go out")
}
