//! The site as its readers see it.

use super::{Page, Shared, hands, lock};
use crate::reader::{HasReaders, Look, Shown, Wall};

/// What readers look at.
pub(super) struct Readers(pub(super) Shared);

impl HasReaders for Readers {
    const LOOK: Look = Look { name: "Сайт без интерфейса", band: "manual", ground: "manual-ground" };

    fn form(&self) -> &'static str {
        hands::FORM
    }

    fn walls(&self) -> Vec<Wall> {
        let posts = lock(&self.0).pages.iter().rev().map(shown).collect();
        vec![Wall { name: "Новости".into(), posts }]
    }
}

fn shown(page: &Page) -> Shown {
    Shown {
        title: Some(page.title.clone()),
        html: page.html.clone(),
        pictures: Vec::new(),
        files: Vec::new(),
        link: Some(page.path.clone()),
        at: page.published_at,
        edited: None,
        deleted: None,
    }
}
