//! The site as its readers see it, with what was edited and what lies in the trash.

use super::post::{Post, Status};
use super::wire::rendered;
use super::{Site, reader_text};
use crate::reader::{HasReaders, Look, Shown, Wall};

impl HasReaders for Site {
    const LOOK: Look = Look { name: "Сайт на WordPress", band: "wordpress", ground: "wordpress-ground" };

    fn walls(&self) -> Vec<Wall> {
        let world = self.lock();
        let trashed = world.posts.values().filter(|post| post.status == Status::Trash);
        let mut posts: Vec<_> = world.published().chain(trashed).map(shown).collect();
        posts.sort_by_key(|post| std::cmp::Reverse(post.at));
        vec![Wall { name: "Новости".into(), posts }]
    }
}

fn shown(post: &Post) -> Shown {
    Shown {
        title: Some(reader_text(&post.title)),
        // What the site has taken: `kses` cleaned it as the real one does.
        html: rendered(&post.content),
        pictures: Vec::new(),
        files: Vec::new(),
        link: None,
        at: post.date,
        edited: (post.status == Status::Publish && post.modified > post.date).then_some(Some(post.modified)),
        deleted: (post.status == Status::Trash).then_some(Some(post.modified)),
    }
}
