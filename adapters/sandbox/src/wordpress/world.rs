//! The site's state and the changes that keep its indexes in step. No HTTP here.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use bytes::Bytes;
use chrono::{DateTime, SubsecRound as _, Utc};

use super::auth::{Account, COLLEAGUE};
use super::post::{Post, Status};
use super::slug;

/// How addresses of posts look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permalinks {
    /// `/slug/`.
    Pretty,
    /// `/?p=1`; the REST interface answers under `?rest_route=` only.
    Plain,
}

/// An uploaded file.
#[derive(Debug, Clone)]
pub(super) struct MediaItem {
    pub(super) id: u64,
    pub(super) slug: String,
    pub(super) file: String,
    pub(super) mime: String,
    pub(super) title: String,
    pub(super) alt_text: String,
    pub(super) bytes: Bytes,
    pub(super) date: DateTime<Utc>,
}

/// A category or a tag.
#[derive(Debug, Clone)]
pub(super) struct Term {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) slug: String,
}

#[derive(Debug)]
pub(super) struct World {
    pub(super) posts: BTreeMap<u64, Post>,
    pub(super) media: BTreeMap<u64, MediaItem>,
    pub(super) categories: Vec<Term>,
    pub(super) tags: Vec<Term>,
    pub(super) account: Account,
    pub(super) permalinks: Permalinks,
    pub(super) pages_hidden: bool,
    by_slug: HashMap<String, BTreeSet<u64>>,
    by_date: BTreeSet<(DateTime<Utc>, u64)>,
    media_by_slug: HashMap<String, u64>,
    media_by_file: HashMap<String, u64>,
    last_id: u64,
}

impl World {
    pub(super) fn new(user: &str, password: &str) -> Self {
        let term = |id, name: &str, slug: &str| Term { id, name: name.into(), slug: slug.into() };
        Self {
            posts: BTreeMap::new(),
            media: BTreeMap::new(),
            categories: vec![term(1, "Без рубрики", "uncategorized"), term(2, "Новости", "news")],
            tags: Vec::new(),
            account: Account::new(user, password),
            permalinks: Permalinks::Pretty,
            pages_hidden: false,
            by_slug: HashMap::new(),
            by_date: BTreeSet::new(),
            media_by_slug: HashMap::new(),
            media_by_file: HashMap::new(),
            last_id: 10,
        }
    }

    pub(super) fn next_id(&mut self) -> u64 {
        self.last_id += 1;
        self.last_id
    }

    /// What is public, newest first.
    pub(super) fn published(&self) -> impl Iterator<Item = &Post> {
        self.by_date.iter().rev().filter_map(|(_, id)| self.posts.get(id)).filter(|p| p.status == Status::Publish)
    }

    /// Every post, newest first.
    pub(super) fn newest_first(&self) -> impl Iterator<Item = &Post> {
        self.by_date.iter().rev().filter_map(|(_, id)| self.posts.get(id))
    }

    pub(super) fn with_slug(&self, slug: &str) -> impl Iterator<Item = &Post> {
        self.by_slug.get(slug).into_iter().flatten().filter_map(|id| self.posts.get(id))
    }

    pub(super) fn media_with_slug(&self, slug: &str) -> Option<&MediaItem> {
        self.media.get(self.media_by_slug.get(slug)?)
    }

    pub(super) fn media_with_file(&self, file: &str) -> Option<&MediaItem> {
        self.media.get(self.media_by_file.get(file)?)
    }

    /// Path and query of a post's public address.
    pub(super) fn path_of(&self, post: &Post) -> String {
        let readable = matches!(post.status, Status::Publish | Status::Private) && !post.slug.is_empty();
        match self.permalinks {
            Permalinks::Pretty if readable => format!("/{}/", post.slug),
            _ => format!("/?p={}", post.id),
        }
    }

    /// `slug` made unique among the other posts, whatever their status.
    pub(super) fn unique_slug(&self, slug: &str, own: u64) -> String {
        slug::unique(slug, |s| self.by_slug.get(s).is_some_and(|ids| ids.iter().any(|id| *id != own)))
    }

    pub(super) fn put(&mut self, post: Post) {
        self.unlink(post.id);
        self.by_slug.entry(post.slug.clone()).or_default().insert(post.id);
        self.by_date.insert((post.date, post.id));
        self.posts.insert(post.id, post);
    }

    /// Changes a post in place. Says whether there was one.
    pub(super) fn change(&mut self, id: u64, change: impl FnOnce(&mut Post)) -> bool {
        let Some(mut post) = self.posts.get(&id).cloned() else { return false };
        change(&mut post);
        self.put(post);
        true
    }

    pub(super) fn trash(&mut self, id: u64, now: DateTime<Utc>) -> bool {
        self.change(id, |post| {
            post.status = Status::Trash;
            post.slug.push_str("__trashed");
            post.modified = now.trunc_subsecs(0);
        })
    }

    pub(super) fn erase(&mut self, id: u64) -> bool {
        self.unlink(id);
        self.posts.remove(&id).is_some()
    }

    pub(super) fn post_by_hand(&mut self, title: &str, content: &str, now: DateTime<Utc>) -> u64 {
        let id = self.next_id();
        let wanted = slug::sanitise(title);
        let wanted = if wanted.is_empty() { format!("post-{id}") } else { wanted };
        let now = now.trunc_subsecs(0);
        self.put(Post {
            id,
            slug: self.unique_slug(&wanted, id),
            status: Status::Publish,
            title: title.into(),
            content: content.into(),
            excerpt: String::new(),
            date: now,
            dated: false,
            modified: now,
            categories: vec![1],
            tags: Vec::new(),
            featured_media: 0,
            author: COLLEAGUE,
        });
        id
    }

    pub(super) fn put_media(&mut self, item: MediaItem) {
        self.media_by_slug.insert(item.slug.clone(), item.id);
        self.media_by_file.insert(item.file.clone(), item.id);
        self.media.insert(item.id, item);
    }

    pub(super) fn erase_media(&mut self, id: u64) -> Option<MediaItem> {
        let item = self.media.remove(&id)?;
        self.media_by_slug.remove(&item.slug);
        self.media_by_file.remove(&item.file);
        Some(item)
    }

    fn unlink(&mut self, id: u64) {
        let Some(post) = self.posts.get(&id) else { return };
        self.by_date.remove(&(post.date, id));
        if let Some(ids) = self.by_slug.get_mut(&post.slug) {
            ids.remove(&id);
            if ids.is_empty() {
                self.by_slug.remove(&post.slug);
            }
        }
    }
}
