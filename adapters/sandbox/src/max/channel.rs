//! Channels and what stands on them.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use url::Url;

use super::ids;
use super::markup::Span;
use super::world::Attachment;

/// Everything a bot can be allowed on a channel, as far as publishing goes.
pub const FULL_RIGHTS: [&str; 5] = ["read_all_messages", "write", "edit", "delete", "pin_message"];

/// A channel as its owner set it up.
#[derive(Debug, Clone)]
pub struct Channel {
    /// Negative, as for all channels.
    pub chat_id: i64,
    /// What readers see above the posts.
    pub title: String,
    /// The name in the public address; `None` for a private channel.
    pub link_name: Option<String>,
    /// `channel`, or `chat` for a group.
    pub kind: String,
    /// `active`, `removed`, `left`, `closed`.
    pub status: String,
    /// The bot's rights; `None` when it is no administrator.
    pub permissions: Option<BTreeSet<String>>,
    /// Posts carry their author. By default they are made on behalf of the channel and carry none.
    pub signed: bool,
}

impl Default for Channel {
    fn default() -> Self {
        Self {
            chat_id: -71_768_670_111_751,
            title: "Администрация города".into(),
            link_name: Some("gorod".into()),
            kind: "channel".into(),
            status: "active".into(),
            permissions: Some(FULL_RIGHTS.into_iter().map(str::to_owned).collect()),
            signed: false,
        }
    }
}

impl Channel {
    /// The public address, `None` for a private channel.
    pub fn link(&self) -> Option<String> {
        self.link_name.as_ref().map(|name| format!("https://max.ru/{name}"))
    }

    /// Whether the bot holds a right, under its present name or the older one.
    pub(super) fn allows(&self, right: &str) -> bool {
        let older = match right {
            "write" => "post_edit_delete_message",
            "edit" => "edit_message",
            "delete" => "delete_message",
            other => other,
        };
        self.status == "active" && self.permissions.as_ref().is_some_and(|p| p.contains(right) || p.contains(older))
    }
}

/// Who did something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Author {
    /// The bot, through the API.
    Bot,
    /// A person, in the application.
    Person,
}

/// A post that stands.
#[derive(Debug, Clone)]
pub struct Post {
    /// The channel.
    pub chat_id: i64,
    /// The sequence number within it.
    pub seq: u64,
    /// When it was made, by the platform's clock, in whole milliseconds.
    pub at: DateTime<Utc>,
    /// Who made it.
    pub author: Author,
    /// The text without markup.
    pub text: String,
    /// The markup, apart.
    pub markup: Vec<Span>,
    /// The text as it was sent.
    pub source: String,
    /// Pictures, documents, keyboards, ... in order.
    pub attachments: Vec<Attachment>,
    /// The post it answers or forwards: kind and id.
    pub link: Option<(String, String)>,
    /// The public address, `None` on a private channel.
    pub url: Option<Url>,
    /// Earlier texts, oldest first.
    pub edits: Vec<Edit>,
}

impl Post {
    /// The id.
    pub fn mid(&self) -> String {
        ids::mid(self.chat_id, self.seq)
    }

    /// How many pictures, films, sounds and documents it shows.
    pub fn media(&self) -> usize {
        self.attachments.iter().filter(|a| a.is_media()).count()
    }
}

/// One change of a post. MAX itself keeps no trace of it.
#[derive(Debug, Clone)]
pub struct Edit {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Author,
    /// The text before it.
    pub before: String,
}

/// A post that stood once.
#[derive(Debug, Clone)]
pub struct Removed {
    /// When it was taken down.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: Author,
    /// What it was.
    pub post: Post,
}

/// A channel with its posts, by sequence number, which grows with time.
#[derive(Debug)]
pub(super) struct Timeline {
    pub(super) channel: Channel,
    pub(super) posts: BTreeMap<u64, Post>,
    pub(super) removed: Vec<Removed>,
    pub(super) pinned: Option<u64>,
    /// How many posts were ever made here.
    made: u64,
}

impl Timeline {
    pub(super) fn new(channel: Channel) -> Self {
        Self { channel, posts: BTreeMap::new(), removed: Vec::new(), pinned: None, made: 0 }
    }

    /// A number for a post made at `at`, that no post here has or had.
    pub(super) fn next_seq(&mut self, at: DateTime<Utc>) -> u64 {
        self.made += 1;
        let mut seq = ids::first_seq(at) | (self.made & 0xffff);
        while self.posts.contains_key(&seq) {
            seq += 1;
        }
        seq
    }
}
