//! VK as its readers see it.

use std::sync::Arc;

use bytes::Bytes;

use super::face::Shared;
use super::model::{Attachment, Post};
use super::world::{Wall as Stored, World};
use crate::reader::{HasReaders, Look, Shown, Wall, picture_address, plain};

/// What readers look at.
pub(super) struct Readers(pub(super) Arc<Shared>);

impl HasReaders for Readers {
    const LOOK: Look = Look { name: "ВКонтакте", band: "vk", ground: "vk-ground" };

    fn walls(&self) -> Vec<Wall> {
        let world = self.0.world();
        let mut walls: Vec<_> = world.walls.values().collect();
        walls.sort_by_key(|wall| wall.group.id);
        walls.into_iter().map(|stored| wall(&world, stored)).collect()
    }

    fn picture(&self, key: &str) -> Option<(&'static str, Bytes)> {
        self.0.world().shelf.gallery.get(key)
    }
}

fn wall(world: &World, stored: &Stored) -> Wall {
    Wall { name: stored.group.name.clone(), posts: stored.newest().map(|post| shown(world, post)).collect() }
}

fn shown(world: &World, post: &Post) -> Shown {
    let mut shown = Shown {
        title: None,
        html: plain(&post.text),
        pictures: Vec::new(),
        files: Vec::new(),
        link: None,
        at: post.date,
        edited: post.edited.map(Some),
        deleted: post.deleted.map(Some),
    };
    for attachment in &post.attachments {
        match attachment {
            Attachment::Photo { owner_id, id } => {
                let key = picture_key(*owner_id, *id);
                if world.shelf.gallery.has(&key) {
                    shown.pictures.push((picture_address(&key), "Изображение к записи".to_owned()));
                } else {
                    shown.files.push("изображение".into());
                }
            }
            Attachment::Doc { title, .. } => shown.files.push(title.clone()),
            Attachment::Video { .. } => shown.files.push("видео".into()),
            Attachment::Link(address) => shown.link = Some(address.clone()),
        }
    }
    shown
}

/// The key of a saved picture.
pub(super) fn picture_key(owner: i64, id: i64) -> String {
    format!("{owner}_{id}")
}
