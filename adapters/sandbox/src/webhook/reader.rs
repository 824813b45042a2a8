//! The site as its readers see it, with what was withdrawn.

use super::world::{Item, State};
use super::{Shared, lock};
use crate::reader::{HasReaders, Look, Shown, Wall};

/// What readers look at.
pub(super) struct Readers(pub(super) Shared);

impl HasReaders for Readers {
    const LOOK: Look = Look { name: "Городской портал", band: "webhook", ground: "webhook-ground" };

    fn walls(&self) -> Vec<Wall> {
        let world = lock(&self.0);
        let mut posts: Vec<_> = world.items.iter().filter(|item| item.state != State::Pending).map(shown).collect();
        posts.sort_by_key(|post| std::cmp::Reverse(post.at));
        vec![Wall { name: "Новости".into(), posts }]
    }
}

fn shown(item: &Item) -> Shown {
    let pictures = item.files.iter().filter(|file| file.picture);
    Shown {
        title: Some(item.title.clone()),
        html: item.html.clone(),
        pictures: pictures.map(|file| (format!("/files/{}", file.sha256), file.alt.clone())).collect(),
        files: item.files.iter().filter(|file| !file.picture).map(|file| file.name.clone()).collect(),
        link: None,
        at: item.published_at,
        edited: (item.revision > 1).then_some(None),
        deleted: (item.state == State::Withdrawn).then_some(None),
    }
}
