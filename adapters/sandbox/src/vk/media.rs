//! What was uploaded, and what it became.

use std::collections::HashMap;

use bytes::Bytes;

use super::model::Attachment;
use crate::reader::Gallery;

/// Files between upload and save, and saved media.
#[derive(Debug, Default)]
pub(super) struct Shelf {
    /// What readers see of it.
    pub(super) gallery: Gallery,
    last: i64,
    waiting: HashMap<String, Waiting>,
    saved: HashMap<(&'static str, i64, i64), Attachment>,
}

/// A file that was uploaded and not saved yet.
#[derive(Debug, Clone)]
pub(super) struct Waiting {
    /// The community whose upload address took it.
    pub(super) group: i64,
    /// The file's name.
    pub(super) name: String,
    /// Its size in bytes.
    pub(super) size: usize,
    /// A picture's content.
    pub(super) picture: Option<Bytes>,
}

impl Shelf {
    pub(super) fn next_id(&mut self) -> i64 {
        self.last += 1;
        456_239_000 + self.last
    }

    /// Keeps an uploaded file under a key that saving must repeat.
    pub(super) fn keep(&mut self, file: Waiting) -> String {
        let key = format!("u{:016x}", self.next_id());
        self.waiting.insert(key.clone(), file);
        key
    }

    /// Takes it out again; a key works once.
    pub(super) fn take(&mut self, key: &str) -> Option<Waiting> {
        self.waiting.remove(key)
    }

    pub(super) fn save(&mut self, attachment: Attachment) {
        let (owner, id) = match &attachment {
            Attachment::Photo { owner_id, id }
            | Attachment::Doc { owner_id, id, .. }
            | Attachment::Video { owner_id, id } => (*owner_id, *id),
            Attachment::Link(_) => return,
        };
        self.saved.insert((attachment.kind(), owner, id), attachment);
    }

    /// What `{type}{owner}_{id}[_{key}]` or an address stands for.
    pub(super) fn resolve(&self, name: &str) -> Option<Attachment> {
        if name.starts_with("http://") || name.starts_with("https://") {
            return Some(Attachment::Link(name.to_owned()));
        }
        let kind = ["photo", "doc", "video"].into_iter().find(|k| name.starts_with(k))?;
        let mut ids = name[kind.len()..].split('_');
        let (owner, id) = (ids.next()?.parse().ok()?, ids.next()?.parse().ok()?);
        self.saved.get(&(kind, owner, id)).cloned()
    }
}
