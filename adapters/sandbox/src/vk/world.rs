//! Everything that VK remembers.

use std::collections::{HashMap, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;

use super::callback::Callback;
use super::media::Shelf;
use super::model::{Attachment, Group, Post, Rules, Source};
use super::oauth::Grant;
use super::polling::Events;
use super::refusal::Refusal;
use super::tokens::Token;
use super::wire;

/// How long a `guid` stops a second sending (dev.vk.com, wall.post).
const GUID_LIFE: TimeDelta = TimeDelta::hours(1);

#[derive(Debug, Default)]
pub(super) struct World {
    pub(super) walls: HashMap<i64, Wall>,
    pub(super) tokens: HashMap<String, Token>,
    pub(super) grants: HashMap<String, Grant>,
    pub(super) shelf: Shelf,
    pub(super) rules: Rules,
    /// Callback messages that are to be sent.
    pub(super) outbox: Vec<(String, Value)>,
}

impl World {
    pub(super) fn wall(&mut self, group: i64) -> Result<&mut Wall, Refusal> {
        self.walls.get_mut(&group).ok_or_else(|| Refusal::new(15, "Access denied: wall is disabled"))
    }

    /// The group of a method's `group_id`.
    pub(super) fn group(&mut self, group: i64) -> Result<&mut Wall, Refusal> {
        self.walls.get_mut(&group).ok_or_else(|| Refusal::new(125, "Invalid group id"))
    }

    /// Tells Long Poll and Callback of a new post.
    pub(super) fn announce(&mut self, group: i64, post: i64) {
        let Some(wall) = self.walls.get_mut(&group) else { return };
        let Some(post) = wall.post(post) else { return };
        let object = wire::post(post, None);
        let event = wall.events.push("wall_post_new", group, &object);
        self.outbox.extend(wall.callback.messages(&event));
    }
}

/// What a new post is made of.
#[derive(Debug)]
pub(super) struct Draft {
    pub(super) from_id: i64,
    pub(super) text: String,
    pub(super) attachments: Vec<Attachment>,
    pub(super) guid: Option<String>,
    pub(super) source: Source,
}

/// A community and its wall.
#[derive(Debug)]
pub(super) struct Wall {
    pub(super) group: Group,
    pub(super) events: Events,
    pub(super) callback: Callback,
    /// Post n stands at n - 1; deleted posts keep their place.
    posts: Vec<Post>,
    /// Posts that stand, and those of them that are the community's own: counted, for walls grow long.
    standing: usize,
    own: usize,
    pinned: Option<i64>,
    guids: HashMap<String, (i64, DateTime<Utc>)>,
    recent: VecDeque<DateTime<Utc>>,
}

impl Wall {
    pub(super) fn new(group: Group) -> Self {
        Self {
            callback: Callback::new(group.id),
            group,
            events: Events::default(),
            posts: Vec::new(),
            standing: 0,
            own: 0,
            pinned: None,
            guids: HashMap::new(),
            recent: VecDeque::new(),
        }
    }

    pub(super) fn add(&mut self, draft: Draft, now: DateTime<Utc>) -> i64 {
        let id = i64::try_from(self.posts.len()).unwrap_or(i64::MAX).saturating_add(1);
        if let Some(guid) = &draft.guid {
            self.guids.insert(guid.clone(), (id, now));
        }
        self.recent.push_back(now);
        self.standing += 1;
        self.own += usize::from(draft.from_id == -self.group.id);
        self.posts.push(Post {
            id,
            owner_id: -self.group.id,
            from_id: draft.from_id,
            date: now,
            edited: None,
            edits: 0,
            text: draft.text,
            attachments: draft.attachments,
            guid: draft.guid,
            source: draft.source,
            pinned: false,
            deleted: None,
        });
        id
    }

    /// The post that was made with this `guid` within the last hour.
    pub(super) fn made_with(&self, guid: &str, now: DateTime<Utc>) -> Option<i64> {
        self.guids.get(guid).filter(|(_, at)| now - *at < GUID_LIFE).map(|(id, _)| *id)
    }

    /// How many posts were made within 24 hours.
    pub(super) fn made_today(&mut self, now: DateTime<Utc>) -> usize {
        while self.recent.front().is_some_and(|at| now - *at >= TimeDelta::hours(24)) {
            self.recent.pop_front();
        }
        self.recent.len()
    }

    pub(super) fn post(&self, id: i64) -> Option<&Post> {
        self.posts.get(usize::try_from(id.checked_sub(1)?).ok()?)
    }

    pub(super) fn post_mut(&mut self, id: i64) -> Option<&mut Post> {
        self.posts.get_mut(usize::try_from(id.checked_sub(1)?).ok()?)
    }

    /// Takes a post down or puts it back; `false` when there is no such post.
    pub(super) fn set_deleted(&mut self, id: i64, deleted: Option<DateTime<Utc>>) -> bool {
        let community = -self.group.id;
        let Some(post) = self.post_mut(id) else { return false };
        let (before, own) = (post.deleted.is_none(), post.from_id == community);
        post.deleted = deleted;
        let change = |count: usize| match (before, deleted.is_none()) {
            (true, false) => count.saturating_sub(1),
            (false, true) => count + 1,
            _ => count,
        };
        self.standing = change(self.standing);
        if own {
            self.own = change(self.own);
        }
        true
    }

    /// Everything that was ever put up, newest first.
    pub(super) fn newest(&self) -> impl Iterator<Item = &Post> {
        self.posts.iter().rev()
    }

    /// What readers see, newest first.
    pub(super) fn standing(&self) -> impl Iterator<Item = &Post> {
        self.posts.iter().rev().filter(|p| p.deleted.is_none())
    }

    /// How many posts readers see, and how many of them are the community's own.
    pub(super) fn counts(&self) -> (usize, usize) {
        (self.standing, self.own)
    }

    /// The pinned post, while it stands.
    pub(super) fn pinned(&self) -> Option<&Post> {
        self.post(self.pinned?).filter(|p| p.deleted.is_none())
    }

    /// Pins one post in place of another.
    pub(super) fn pin(&mut self, id: i64) {
        let before = self.pinned.replace(id);
        for (id, pinned) in before.into_iter().map(|id| (id, false)).chain([(id, true)]) {
            if let Some(post) = self.post_mut(id) {
                post.pinned = pinned;
            }
        }
    }
}
