//! The outside world as its readers see it, in one way for all platforms.

use chrono::{DateTime, SubsecRound as _, Utc};
use serde::Serialize;
use url::Url;

use super::{Organisation, Platform, Town};
use crate::wordpress::reader_text;

/// One channel of one organisation.
#[derive(Debug, Clone, Copy)]
pub struct TownChannel<'a> {
    town: &'a Town,
    organisation: &'a Organisation,
    platform: Platform,
}

/// A post as a reader sees it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct TownPost {
    /// The platform's id.
    pub id: String,
    /// The text without markup; the headline is its first line.
    pub text: String,
    /// The public address.
    pub url: Option<Url>,
    /// The platform's own time of it, as exact as the platform tells it.
    pub published_at: DateTime<Utc>,
    /// Pictures and documents.
    pub media: usize,
}

impl TownPost {
    /// The headline.
    pub fn title(&self) -> &str {
        self.text.lines().next().unwrap_or_default()
    }
}

impl Town {
    /// Every channel, organisation by organisation, MAX first.
    pub fn channels(&self) -> impl Iterator<Item = TownChannel<'_>> {
        self.organisations.iter().flat_map(move |organisation| {
            Platform::ALL.into_iter().map(move |platform| TownChannel { town: self, organisation, platform })
        })
    }

    /// The channel with this slug.
    pub fn channel(&self, slug: &str) -> Option<TownChannel<'_>> {
        self.channels().find(|channel| channel.slug() == slug)
    }
}

impl TownChannel<'_> {
    /// Its slug, as in the shipped configuration.
    pub fn slug(&self) -> String {
        self.organisation.accounts.channel_slug(self.platform)
    }

    /// Its organisation's slug.
    pub fn organisation(&self) -> &str {
        &self.organisation.accounts.slug
    }

    /// Its platform.
    pub fn platform(&self) -> Platform {
        self.platform
    }

    /// What its readers see, newest first.
    pub fn posts(&self) -> Vec<TownPost> {
        let accounts = &self.organisation.accounts;
        match self.platform {
            Platform::Max => self.town.max.posts(accounts.chat_id).into_iter().map(of_max).collect(),
            Platform::Vk => self.town.vk.posts(accounts.vk_group_id).into_iter().map(of_vk).collect(),
            Platform::Ok => {
                let topics = self.town.ok.topics(&accounts.ok_group_id).into_iter();
                topics.map(|topic| of_ok(&accounts.ok_group_id, topic)).collect()
            }
            Platform::WordPress => self.organisation.wordpress.posts().into_iter().map(of_wordpress).collect(),
            Platform::Webhook => {
                let site = self.organisation.webhook.server.url();
                self.organisation.webhook.posts().into_iter().map(|item| of_webhook(&site, item)).collect()
            }
            Platform::Manual => {
                let site = &self.organisation.manual;
                site.pages().into_iter().map(|page| of_manual(site.address(&page.path), &page)).collect()
            }
        }
    }

    /// A colleague posts here by hand, in the platform's own application. Gives the post's id.
    pub fn post_by_hand(&self, title: &str, text: &str) -> Option<String> {
        let accounts = &self.organisation.accounts;
        let both = format!("{title}\n\n{text}");
        match self.platform {
            Platform::Max => self.town.max.post_by_hand(accounts.chat_id, &both),
            Platform::Vk => self.town.vk.post_by_hand(accounts.vk_group_id, &both).map(|id| id.to_string()),
            Platform::Ok => Some(self.town.ok.post_by_hand(&accounts.ok_group_id, &both)),
            Platform::WordPress => Some(self.organisation.wordpress.post_by_hand(title, &html(text)).to_string()),
            Platform::Webhook => Some(self.organisation.webhook.post_by_hand(title, text).0),
            Platform::Manual => {
                let site = &self.organisation.manual;
                let path = format!("/news/{}", site.pages().len() + 1);
                Some(site.publish_page(&path, title, &html(text)).into())
            }
        }
    }

    /// A colleague deletes a post. `false` when there is none.
    pub fn delete_by_hand(&self, id: &str) -> bool {
        if !self.posts().iter().any(|post| post.id == id) {
            return false;
        }
        let accounts = &self.organisation.accounts;
        match self.platform {
            Platform::Max => self.town.max.delete_by_hand(id),
            Platform::Vk => id.parse().is_ok_and(|id| {
                self.town.vk.delete_by_hand(accounts.vk_group_id, id);
                true
            }),
            Platform::Ok => self.town.ok.delete_by_hand(id),
            Platform::WordPress => id.parse().is_ok_and(|id| self.organisation.wordpress.delete_by_hand(id)),
            Platform::Webhook => self.organisation.webhook.delete_by_hand(&vestnik_contract::RemoteId(id.to_owned())),
            Platform::Manual => {
                Url::parse(id).is_ok_and(|address| self.organisation.manual.delete_page(address.path()))
            }
        }
    }

    /// A colleague rewrites a post. `false` when there is none.
    pub fn edit_by_hand(&self, id: &str, title: &str, text: &str) -> bool {
        if !self.posts().iter().any(|post| post.id == id) {
            return false;
        }
        let accounts = &self.organisation.accounts;
        let both = format!("{title}\n\n{text}");
        match self.platform {
            Platform::Max => self.town.max.edit_by_hand(id, &both),
            Platform::Vk => id.parse().is_ok_and(|id| {
                self.town.vk.edit_by_hand(accounts.vk_group_id, id, &both);
                true
            }),
            Platform::Ok => self.town.ok.edit_by_hand(id, &both),
            Platform::WordPress => id.parse().is_ok_and(|id| self.organisation.wordpress.edit_by_hand(id, &html(text))),
            Platform::Webhook => {
                let id = vestnik_contract::RemoteId(id.to_owned());
                self.organisation.webhook.edit_by_hand(&id, title, text)
            }
            Platform::Manual => {
                let site = &self.organisation.manual;
                Url::parse(id).is_ok_and(|address| site.edit_page(address.path(), title, &html(text)))
            }
        }
    }
}

fn html(text: &str) -> String {
    let escaped = vestnik_contract::markdown::escape_html(text);
    format!("<p>{}</p>", escaped.replace("\n\n", "</p><p>").replace('\n', "<br>"))
}

fn of_max(post: crate::max::Post) -> TownPost {
    TownPost { id: post.mid(), media: post.media(), published_at: post.at, url: post.url, text: post.text }
}

fn of_vk(post: crate::vk::Post) -> TownPost {
    TownPost {
        url: format!("https://vk.com/wall{}_{}", post.owner_id, post.id).parse().ok(),
        id: post.id.to_string(),
        // VK tells whole seconds.
        published_at: post.date.trunc_subsecs(0),
        media: post.attachments.iter().filter(|a| a.kind() != "link").count(),
        text: post.text,
    }
}

fn of_ok(group: &str, topic: crate::ok::Topic) -> TownPost {
    TownPost {
        url: format!("https://ok.ru/group/{group}/topic/{}", topic.id).parse().ok(),
        id: topic.id,
        published_at: topic.published_at.trunc_subsecs(3),
        media: topic.media,
        text: topic.text,
    }
}

fn of_wordpress(post: crate::wordpress::PublicPost) -> TownPost {
    TownPost {
        id: post.post.id.to_string(),
        text: post.text,
        url: Some(post.url),
        published_at: post.post.date,
        media: post.media,
    }
}

fn of_webhook(site: &Url, item: crate::webhook::Item) -> TownPost {
    TownPost {
        url: site.join(&format!("/news/{}", item.id)).ok(),
        text: format!("{}\n\n{}", item.title, item.text),
        id: item.id,
        published_at: item.published_at,
        media: item.files.len(),
    }
}

fn of_manual(url: Url, page: &crate::manual::Page) -> TownPost {
    TownPost {
        id: url.to_string(),
        text: format!("{}\n\n{}", page.title, reader_text(&page.html)),
        url: Some(url),
        published_at: page.published_at,
        media: crate::wordpress::media_count(&page.html),
    }
}
