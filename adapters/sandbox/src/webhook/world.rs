//! The site's database: news items, and which requests were answered with what.

use std::collections::HashMap;

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::Value;
use url::Url;

/// Everything the site knows.
#[derive(Debug)]
pub struct World {
    /// The news, oldest first.
    pub items: Vec<Item>,
    pub(crate) site: Option<Url>,
    pub(crate) secrets: Vec<String>,
    /// By `webhook-id`: the fingerprint that came with it, and the answer.
    pub(crate) answered: HashMap<String, (String, u16, Value)>,
    pub(crate) publishes_later: bool,
    pub(crate) takes_posts: bool,
    pub(crate) shows_texts: bool,
    pub(crate) claimed_address: Option<String>,
    /// Timestamps further from the site's clock are refused, either way.
    pub(crate) tolerance: TimeDelta,
    last_id: u64,
}

/// Where an item stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// Taken, not shown yet.
    Pending,
    /// Shown.
    Live,
    /// Taken down, kept.
    Withdrawn,
}

/// A news item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Item {
    /// The site's own id, a number as text.
    pub id: String,
    /// vestnik's id, on what vestnik sent.
    pub vestnik_id: Option<String>,
    /// The revision vestnik sent last.
    pub revision: u32,
    /// The fingerprint vestnik sent last.
    pub fingerprint: String,
    /// The headline.
    pub title: String,
    /// The text as HTML.
    pub html: String,
    /// The text as read, without the headline.
    pub text: String,
    /// The section.
    pub rubric: Option<String>,
    /// The tags.
    pub tags: Vec<String>,
    /// Pictures and documents.
    pub files: Vec<File>,
    /// When it went public, by the site's clock.
    pub published_at: DateTime<Utc>,
    /// Where it stands.
    pub state: State,
}

/// A file of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct File {
    /// Its name.
    pub name: String,
    /// Its media type.
    pub mime: String,
    /// SHA-256 of its content, lower-case hex.
    pub sha256: String,
    /// The text alternative.
    pub alt: String,
    /// The content.
    pub content: Bytes,
    /// Whether it is shown as a picture.
    pub picture: bool,
}

impl World {
    pub(crate) fn new(secret: &str) -> Self {
        Self {
            items: Vec::new(),
            site: None,
            secrets: vec![secret.to_owned()],
            answered: HashMap::new(),
            publishes_later: false,
            takes_posts: true,
            shows_texts: true,
            claimed_address: None,
            // As in the reference libraries of Standard Webhooks.
            tolerance: TimeDelta::minutes(5),
            last_id: 4710,
        }
    }

    /// The next id of a news item.
    pub(crate) fn next_id(&mut self) -> String {
        self.last_id += 1;
        self.last_id.to_string()
    }

    /// The public address of an item.
    pub(crate) fn address(&self, id: &str) -> String {
        if let Some(claimed) = &self.claimed_address {
            return claimed.clone();
        }
        let site = self.site.as_ref().map(Url::as_str).unwrap_or_default();
        format!("{site}news/{id}")
    }

    pub(crate) fn by_id(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.id == id)
    }

    pub(crate) fn by_id_mut(&mut self, id: &str) -> Option<&mut Item> {
        self.items.iter_mut().find(|item| item.id == id)
    }

    pub(crate) fn by_vestnik_id(&self, id: &str) -> Option<&Item> {
        self.items.iter().find(|item| item.vestnik_id.as_deref() == Some(id))
    }

    pub(crate) fn post_by_hand(&mut self, title: &str, text: &str, now: DateTime<Utc>) -> String {
        let id = self.next_id();
        self.items.push(Item {
            id: id.clone(),
            vestnik_id: None,
            revision: 0,
            fingerprint: String::new(),
            title: title.into(),
            html: super::pages::paragraphs(text),
            text: text.into(),
            rubric: None,
            tags: Vec::new(),
            files: Vec::new(),
            published_at: now,
            state: State::Live,
        });
        id
    }

    pub(crate) fn edit_by_hand(&mut self, id: &str, title: &str, text: &str) -> bool {
        let Some(item) = self.by_id_mut(id) else { return false };
        item.title = title.into();
        item.html = super::pages::paragraphs(text);
        item.text = text.into();
        true
    }

    pub(crate) fn put_up_waiting(&mut self, now: DateTime<Utc>) {
        for item in self.items.iter_mut().filter(|item| item.state == State::Pending) {
            item.state = State::Live;
            item.published_at = now;
        }
    }
}
