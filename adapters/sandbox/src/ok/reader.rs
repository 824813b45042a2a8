//! OK as its readers see it.

use std::sync::Arc;

use bytes::Bytes;

use super::Shared;
use super::world::{Block, StoredGroup, StoredTopic, World};
use crate::reader::{HasReaders, Look, Shown, Wall, picture_address, plain};

/// What readers look at.
pub(super) struct Readers(pub(super) Arc<Shared>);

impl HasReaders for Readers {
    const LOOK: Look = Look { name: "Одноклассники", band: "ok", ground: "ok-ground" };

    fn walls(&self) -> Vec<Wall> {
        let mut world = self.0.world();
        world.settle(self.0.clock.now());
        let world = &*world;
        let mut groups: Vec<_> = world.groups.values().collect();
        groups.sort_by(|a, b| a.group.id.cmp(&b.group.id));
        groups.into_iter().map(|group| wall(world, group)).collect()
    }

    fn picture(&self, key: &str) -> Option<(&'static str, Bytes)> {
        self.0.world().gallery.get(key)
    }
}

fn wall(world: &World, group: &StoredGroup) -> Wall {
    let standing = world.newest(group, None, false).map(|(_, topic)| shown(world, topic));
    Wall { name: group.group.name.clone(), posts: standing.collect() }
}

fn shown(world: &World, topic: &StoredTopic) -> Shown {
    let mut shown = Shown {
        title: None,
        html: plain(&topic.text()),
        pictures: Vec::new(),
        files: Vec::new(),
        link: None,
        at: topic.published.unwrap_or(topic.created),
        edited: topic.edited.map(Some),
        deleted: None,
    };
    for block in &topic.blocks {
        match block {
            Block::Photos(ids) => {
                for id in ids {
                    if world.gallery.has(id) {
                        shown.pictures.push((picture_address(id), "Изображение к теме".to_owned()));
                    } else {
                        shown.files.push("изображение".into());
                    }
                }
            }
            Block::Movies(films) => shown.files.extend(films.iter().map(|_| "видео".to_owned())),
            Block::Link(address) => shown.link = Some(address.clone()),
            Block::Poll { question, answers } => {
                shown.files.push(format!("опрос: {question} ({})", answers.join(" / ")));
            }
            Block::Text(_) => {}
        }
    }
    shown
}
