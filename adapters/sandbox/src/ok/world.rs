//! What stands on OK: applications, tokens, groups, topics, uploads. Knows nothing of HTTP.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};

use super::{Group, Role, Rules};
use crate::reader::Gallery;

/// Ids seen on OK have fifteen digits.
const FIRST_TOPIC: u64 = 155_013_581_046_904;

/// Everything.
#[derive(Debug, Default)]
pub(super) struct World {
    /// What OK does not publish, as figures.
    pub(super) rules: Rules,
    /// By public key.
    pub(super) applications: HashMap<String, Application>,
    /// By access token.
    pub(super) tokens: HashMap<String, Token>,
    /// By refresh token or authorisation code.
    pub(super) grants: HashMap<String, Grant>,
    /// Names of users, by number.
    pub(super) users: HashMap<String, String>,
    /// By number.
    pub(super) groups: HashMap<String, StoredGroup>,
    /// By number, so that the newest come last.
    pub(super) topics: BTreeMap<u64, StoredTopic>,
    /// Old number to new, after moderation or a delayed publication.
    pub(super) republished: HashMap<u64, u64>,
    /// Deleted topics, by `restore_id`.
    pub(super) deleted: HashMap<String, (u64, StoredTopic)>,
    /// By `photo_id`.
    pub(super) photos: HashMap<String, Photo>,
    /// What readers see of them, by `photo_id`.
    pub(super) gallery: Gallery,
    /// By upload token, the photo's id.
    pub(super) upload_tokens: HashMap<String, String>,
    /// By `video_id`.
    pub(super) films: HashMap<String, Film>,
    /// Calls today, by user and method.
    pub(super) calls: HashMap<(String, String), (i64, u32)>,
    /// Delayed topics, soonest first.
    delayed: BTreeSet<(DateTime<Utc>, u64)>,
    made: u64,
}

#[derive(Debug)]
pub(super) struct Application {
    pub(super) secret: String,
    pub(super) client_id: String,
}

#[derive(Debug, Clone)]
pub(super) struct Token {
    pub(super) user: String,
    pub(super) rights: Vec<String>,
    pub(super) expires: Option<DateTime<Utc>>,
}

/// What an authorisation code or a refresh token can be traded for.
#[derive(Debug, Clone)]
pub(super) struct Grant {
    pub(super) client_id: String,
    pub(super) kind: &'static str,
    pub(super) user: String,
    pub(super) rights: Vec<String>,
    pub(super) expires: DateTime<Utc>,
}

#[derive(Debug)]
pub(super) struct StoredGroup {
    pub(super) group: Group,
    pub(super) roles: HashMap<String, Role>,
    pub(super) moderated: bool,
    /// What readers see.
    pub(super) public: BTreeSet<u64>,
    /// On moderation, hidden, not published yet: what only the group's people see.
    pub(super) aside: BTreeSet<u64>,
}

#[derive(Debug, Clone)]
pub(super) struct StoredTopic {
    pub(super) group: String,
    /// `group:…` or `user:…`.
    pub(super) author: String,
    pub(super) created: DateTime<Utc>,
    pub(super) published: Option<DateTime<Utc>>,
    pub(super) edited: Option<DateTime<Utc>>,
    pub(super) publish_at: Option<DateTime<Utc>>,
    pub(super) on_moderation: bool,
    pub(super) hidden: bool,
    pub(super) views: u64,
    pub(super) blocks: Vec<Block>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Block {
    Text(String),
    Link(String),
    Photos(Vec<String>),
    Movies(Vec<String>),
    Poll { question: String, answers: Vec<String> },
}

#[derive(Debug)]
pub(super) struct Photo {
    pub(super) group: Option<String>,
    pub(super) album: Option<String>,
    /// The upload token, once a file has arrived.
    pub(super) token: Option<String>,
    pub(super) expires: DateTime<Utc>,
    /// A topic holds it: the token is spent.
    pub(super) taken: bool,
}

#[derive(Debug)]
pub(super) struct Film {
    pub(super) uploaded: bool,
    pub(super) finished: bool,
}

impl StoredTopic {
    fn is_aside(&self) -> bool {
        self.on_moderation || self.hidden || self.publish_at.is_some()
    }

    /// The text blocks, parted by empty lines.
    pub(super) fn text(&self) -> String {
        let texts =
            self.blocks.iter().filter_map(|b| if let Block::Text(text) = b { Some(text.as_str()) } else { None });
        texts.collect::<Vec<_>>().join("\n\n")
    }

    /// Pictures and films.
    pub(super) fn media(&self) -> usize {
        self.blocks.iter().map(|b| if let Block::Photos(ids) | Block::Movies(ids) = b { ids.len() } else { 0 }).sum()
    }
}

impl World {
    /// A name that was not given out before. Ids of uploads on OK hold `+`, `/` and `=`.
    pub(super) fn fresh(&mut self, kind: &str) -> String {
        use base64::Engine as _;
        self.made += 1;
        let hash = Sha256::digest(format!("{kind} {}", self.made));
        format!("{}+/{}", self.made, base64::engine::general_purpose::STANDARD.encode(&hash[..16]))
    }

    /// Puts a topic up. Gives its number, under which it may not stay.
    pub(super) fn put_up(&mut self, topic: StoredTopic) -> u64 {
        self.made += 1;
        let id = FIRST_TOPIC + 16 * self.made;
        if let Some(at) = topic.publish_at {
            self.delayed.insert((at, id));
        }
        self.keep(id, topic);
        id
    }

    /// Enters a topic under its number, where its state belongs.
    pub(super) fn keep(&mut self, id: u64, topic: StoredTopic) {
        if let Some(group) = self.groups.get_mut(&topic.group) {
            let place = if topic.is_aside() { &mut group.aside } else { &mut group.public };
            place.insert(id);
        }
        self.topics.insert(id, topic);
    }

    /// Takes a topic out.
    pub(super) fn take_out(&mut self, id: u64) -> Option<StoredTopic> {
        let topic = self.topics.remove(&id)?;
        if let Some(group) = self.groups.get_mut(&topic.group) {
            group.public.remove(&id);
            group.aside.remove(&id);
        }
        Some(topic)
    }

    /// What became public by waiting, under new numbers.
    pub(super) fn settle(&mut self, now: DateTime<Utc>) {
        while let Some((at, id)) = self.delayed.first().copied().filter(|(at, _)| *at <= now) {
            self.delayed.remove(&(at, id));
            self.republish(id, at);
        }
    }

    /// Puts a waiting topic up for readers, under a new number.
    pub(super) fn republish(&mut self, id: u64, at: DateTime<Utc>) -> Option<u64> {
        let topic = self.take_out(id)?;
        let new = self.put_up(StoredTopic { published: Some(at), publish_at: None, on_moderation: false, ..topic });
        self.republished.insert(id, new);
        Some(new)
    }

    /// What a topic is deleted by: a number of its own.
    pub(super) fn delete_id(id: u64) -> String {
        format!("{id}1")
    }

    /// The topic that a `delete_id` or a plain id names.
    pub(super) fn by_delete_id(&self, text: &str) -> Option<u64> {
        let plain = text.parse().ok().filter(|id| self.topics.contains_key(id));
        plain.or_else(|| text.strip_suffix('1')?.parse().ok().filter(|id| self.topics.contains_key(id)))
    }

    /// Whether lists show a topic already.
    pub(super) fn is_listed(&self, topic: &StoredTopic, now: DateTime<Utc>) -> bool {
        topic.published.unwrap_or(topic.created) + self.rules.list_lag <= now
    }

    /// The newest topics of a group, from below `before`: all that its people see, or what readers see.
    pub(super) fn newest<'a>(
        &'a self,
        group: &'a StoredGroup,
        before: Option<u64>,
        with_aside: bool,
    ) -> impl Iterator<Item = (u64, &'a StoredTopic)> + 'a {
        let end = before.unwrap_or(u64::MAX);
        let mut public = group.public.range(..end).rev().copied().peekable();
        let mut aside = group.aside.range(..end).rev().copied().filter(move |_| with_aside).peekable();
        std::iter::from_fn(move || match (public.peek(), aside.peek()) {
            (Some(p), Some(a)) if p < a => aside.next(),
            (None, _) => aside.next(),
            _ => public.next(),
        })
        .filter_map(|id| Some((id, self.topics.get(&id)?)))
    }

    /// Counts a call against the day's quota; `None` when it is used up.
    pub(super) fn count_call(&mut self, user: &str, method: &str, now: DateTime<Utc>) -> Option<()> {
        let day = now.timestamp().div_euclid(86_400);
        let (on, made) = self.calls.entry((user.to_owned(), method.to_owned())).or_insert((day, 0));
        if *on != day {
            (*on, *made) = (day, 0);
        }
        if *made >= self.rules.calls_per_day {
            return None;
        }
        *made += 1;
        Some(())
    }

    /// How long a token with `LONG_ACCESS_TOKEN` lives from its last touch.
    pub(super) const LONG_LIFE: TimeDelta = TimeDelta::days(30);
}
