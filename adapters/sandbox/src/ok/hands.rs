//! What people see and do in OK's own application.

use chrono::{DateTime, Utc};

use super::OkSandbox;
use super::world::{Block, StoredTopic, World};

/// A topic as a reader sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Topic {
    /// Its number.
    pub id: String,
    /// Whose name stands over it: `group:…` or `user:…`.
    pub author: String,
    /// When readers could see it first.
    pub published_at: DateTime<Utc>,
    /// The text blocks, parted by empty lines.
    pub text: String,
    /// The link beside the text.
    pub link: Option<String>,
    /// Pictures and films.
    pub media: usize,
}

impl OkSandbox {
    /// The topics that readers of a group see, newest first.
    pub fn topics(&self, group: &str) -> Vec<Topic> {
        let mut world = self.settled();
        let world = &mut *world;
        let Some(group) = world.groups.get(group) else { return Vec::new() };
        world.newest(group, None, false).map(|(id, topic)| seen(id, topic)).collect()
    }

    /// The topics that wait for moderators or for their time, or are hidden; newest first.
    pub fn topics_aside(&self, group: &str) -> Vec<Topic> {
        let world = self.settled();
        let Some(group) = world.groups.get(group) else { return Vec::new() };
        let aside = group.aside.iter().rev();
        aside.filter_map(|id| Some(seen(*id, world.topics.get(id)?))).collect()
    }

    /// New topics of a group wait for moderators, or do not.
    pub fn set_moderation(&self, group: &str, on: bool) {
        if let Some(group) = self.settled().groups.get_mut(group) {
            group.moderated = on;
        }
    }

    /// A moderator lets a topic through. It goes on under the number that is given back.
    pub fn approve(&self, id: &str) -> Option<String> {
        let now = self.shared.clock.now();
        let mut world = self.settled();
        let id = id.parse().ok().filter(|id| world.topics.get(id).is_some_and(|t| t.on_moderation))?;
        world.republish(id, now).map(|new| new.to_string())
    }

    /// Somebody posts in the group by hand. Gives the topic's number.
    pub fn post_by_hand(&self, group: &str, text: &str) -> String {
        let topic = StoredTopic {
            group: group.to_owned(),
            author: format!("group:{group}"),
            created: self.shared.clock.now(),
            published: None,
            edited: None,
            publish_at: None,
            on_moderation: false,
            hidden: false,
            views: 0,
            blocks: vec![Block::Text(text.to_owned())],
        };
        self.settled().put_up(topic).to_string()
    }

    /// Somebody changes a topic's text by hand. `false` when there is no such topic.
    pub fn edit_by_hand(&self, id: &str, text: &str) -> bool {
        let now = self.shared.clock.now();
        self.change(id, |topic| {
            topic.edited = Some(now);
            topic.blocks.retain(|block| !matches!(block, Block::Text(_)));
            topic.blocks.insert(0, Block::Text(text.to_owned()));
        })
    }

    /// Somebody deletes a topic by hand. `false` when there is no such topic.
    pub fn delete_by_hand(&self, id: &str) -> bool {
        let mut world = self.settled();
        id.parse().ok().and_then(|id| world.take_out(id)).is_some()
    }

    /// Readers look at a topic: without them it is missing from the statistics.
    pub fn add_views(&self, id: &str, views: u64) -> bool {
        self.change(id, |topic| topic.views += views)
    }

    fn change(&self, id: &str, change: impl FnOnce(&mut StoredTopic)) -> bool {
        let mut world = self.settled();
        id.parse().ok().and_then(|id: u64| world.topics.get_mut(&id)).map(change).is_some()
    }

    fn settled(&self) -> std::sync::MutexGuard<'_, World> {
        let mut world = self.shared.world();
        world.settle(self.shared.clock.now());
        world
    }
}

fn seen(id: u64, topic: &StoredTopic) -> Topic {
    Topic {
        id: id.to_string(),
        author: topic.author.clone(),
        published_at: topic.published.unwrap_or(topic.created),
        text: topic.text(),
        link: topic.blocks.iter().find_map(|b| if let Block::Link(url) = b { Some(url.clone()) } else { None }),
        media: topic.media(),
    }
}
