//! What there is in this MAX, and what can happen to it.

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use serde_json::Value;
use url::Url;

use super::channel::{Author, Channel, Edit, Post, Removed, Timeline};
use super::ids;
use super::markup::Marked;
use super::refusal::Refusal;
use super::uploads::{UploadedFile, Uploads};
use crate::WorldClock;

pub(super) type Shared = Arc<Mutex<World>>;

pub(super) fn lock(world: &Shared) -> MutexGuard<'_, World> {
    world.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Something beside the text of a post.
#[derive(Debug, Clone)]
pub struct Attachment {
    /// `image`, `video`, `audio`, `file`, `inline_keyboard`, `share`, ...
    pub kind: String,
    /// The uploaded file; `None` for what has none, and for pictures given by address.
    pub file: Option<Arc<UploadedFile>>,
    /// What the sender gave, for kinds without a file.
    pub payload: Value,
}

impl Attachment {
    /// Whether it is a picture, a film, a sound or a document.
    pub fn is_media(&self) -> bool {
        matches!(self.kind.as_str(), "image" | "video" | "audio" | "file")
    }
}

/// What a post shows.
#[derive(Debug)]
pub(super) struct Body {
    pub(super) source: String,
    pub(super) marked: Marked,
    pub(super) attachments: Vec<Attachment>,
    pub(super) link: Option<(String, String)>,
}

#[derive(Debug)]
pub(super) struct World {
    pub(super) clock: WorldClock,
    pub(super) token: Option<String>,
    pub(super) uploads: Uploads,
    pub(super) not_ready_left: u32,
    pub(super) urls_hidden: bool,
    pub(super) stamps_ahead: TimeDelta,
    pub(super) rate: Rate,
    pub(super) subscriptions: Vec<Value>,
    pub(super) commands: Value,
    channels: HashMap<i64, Timeline>,
}

impl World {
    pub(super) fn shared(clock: WorldClock, token: &str) -> Shared {
        Arc::new(Mutex::new(Self {
            clock,
            token: Some(token.to_owned()),
            uploads: Uploads::default(),
            not_ready_left: 0,
            urls_hidden: false,
            stamps_ahead: TimeDelta::zero(),
            rate: Rate::default(),
            subscriptions: Vec::new(),
            commands: Value::Array(Vec::new()),
            channels: HashMap::new(),
        }))
    }

    pub(super) fn open(&mut self, channel: Channel) {
        self.channels.insert(channel.chat_id, Timeline::new(channel));
    }

    pub(super) fn timeline(&self, chat_id: i64) -> Option<&Timeline> {
        self.channels.get(&chat_id)
    }

    pub(super) fn timelines(&self) -> impl Iterator<Item = &Timeline> {
        self.channels.values()
    }

    pub(super) fn timeline_mut(&mut self, chat_id: i64) -> Option<&mut Timeline> {
        self.channels.get_mut(&chat_id)
    }

    /// A channel that the bot is on with a certain right.
    pub(super) fn allowed(&self, chat_id: i64, right: &str) -> Result<&Timeline, Refusal> {
        let timeline = self.timeline(chat_id).ok_or_else(|| Refusal::no_chat(chat_id))?;
        if timeline.channel.allows(right) { Ok(timeline) } else { Err(Refusal::denied()) }
    }

    pub(super) fn post(&self, mid: &str) -> Option<&Post> {
        let (chat_id, seq) = ids::parse_mid(mid)?;
        self.timeline(chat_id)?.posts.get(&seq)
    }

    /// A post that the bot may see.
    pub(super) fn visible(&self, mid: &str) -> Option<(&Channel, &Post)> {
        let (chat_id, seq) = ids::parse_mid(mid)?;
        let timeline = self.timeline(chat_id).filter(|t| t.channel.allows("read_all_messages"))?;
        Some((&timeline.channel, timeline.posts.get(&seq)?))
    }

    /// The time that posts are stamped with.
    fn stamp(&self) -> DateTime<Utc> {
        (self.clock.now() + self.stamps_ahead).trunc_subsecs(3)
    }

    /// Puts up a post. There is no protection against equal ones.
    pub(super) fn put_up(&mut self, chat_id: i64, author: Author, body: Body) -> Option<&Post> {
        let at = self.stamp();
        let timeline = self.channels.get_mut(&chat_id)?;
        let seq = timeline.next_seq(at);
        let link = timeline.channel.link();
        let url = link.and_then(|link| Url::parse(&format!("{link}/{}", ids::address_token(seq))).ok());
        let Body { source, marked, attachments, link } = body;
        let Marked { text, spans: markup, .. } = marked;
        let edits = Vec::new();
        let post = Post { chat_id, seq, at, author, text, markup, source, attachments, link, url, edits };
        Some(timeline.posts.entry(seq).or_insert(post))
    }

    /// Replaces what a post shows; what is `None` stays.
    pub(super) fn rewrite(
        &mut self,
        mid: &str,
        by: Author,
        text: Option<(String, Marked)>,
        attachments: Option<Vec<Attachment>>,
    ) -> bool {
        let at = self.clock.now();
        let Some((chat_id, seq)) = ids::parse_mid(mid) else { return false };
        let Some(post) = self.channels.get_mut(&chat_id).and_then(|t| t.posts.get_mut(&seq)) else { return false };
        post.edits.push(Edit { at, by, before: post.text.clone() });
        if let Some((source, marked)) = text {
            (post.source, post.text, post.markup) = (source, marked.text, marked.spans);
        }
        if let Some(attachments) = attachments {
            post.attachments = attachments;
        }
        true
    }

    pub(super) fn remove(&mut self, mid: &str, by: Author) -> bool {
        let at = self.clock.now();
        let Some((chat_id, seq)) = ids::parse_mid(mid) else { return false };
        let Some(timeline) = self.channels.get_mut(&chat_id) else { return false };
        let Some(post) = timeline.posts.remove(&seq) else { return false };
        timeline.removed.push(Removed { at, by, post });
        timeline.pinned = timeline.pinned.filter(|&pinned| pinned != seq);
        true
    }

    pub(super) fn post_by_hand(&mut self, chat_id: i64, text: &str) -> Option<String> {
        let marked = Marked::plain(text);
        let body = Body { source: text.to_owned(), marked, attachments: Vec::new(), link: None };
        self.put_up(chat_id, Author::Person, body).map(Post::mid)
    }

    pub(super) fn edit_by_hand(&mut self, mid: &str, text: &str) -> bool {
        self.rewrite(mid, Author::Person, Some((text.to_owned(), Marked::plain(text))), None)
    }
}

/// How often a channel may be written to. Off until it is set.
#[derive(Debug, Default)]
pub(super) struct Rate {
    per_second: Option<u32>,
    recent: HashMap<(i64, &'static str), VecDeque<DateTime<Utc>>>,
}

impl Rate {
    pub(super) fn set(&mut self, per_second: Option<u32>) {
        self.per_second = per_second;
        self.recent.clear();
    }

    /// Counts one call of a kind, or refuses it.
    pub(super) fn count(&mut self, chat_id: i64, kind: &'static str, now: DateTime<Utc>) -> Result<(), Refusal> {
        let Some(max) = self.per_second else { return Ok(()) };
        let recent = self.recent.entry((chat_id, kind)).or_default();
        while recent.front().is_some_and(|&at| now - at >= TimeDelta::seconds(1)) {
            recent.pop_front();
        }
        if recent.len() >= usize::try_from(max).unwrap_or(usize::MAX) {
            return Err(Refusal::too_many());
        }
        recent.push_back(now);
        Ok(())
    }
}
