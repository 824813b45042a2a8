//! Who lives in the town: the first organisation is that of the shipped configuration, the others follow by number.

use crate::max::Channel;
use crate::ok::Group as OkGroup;
use crate::vk::Group as VkGroup;

use super::{Platform, secrets};

pub(super) const OK_APPLICATION_KEY: &str = "CBAEXAMPLEKEY";
pub(super) const OK_USER: &str = "575662066123";
pub(super) const OK_RIGHTS: [&str; 4] = ["VALUABLE_ACCESS", "LONG_ACCESS_TOKEN", "GROUP_CONTENT", "PHOTO_CONTENT"];
pub(super) const VK_USER: i64 = 700_000_001;
pub(super) const WORDPRESS_USER: &str = "vestnik";

const FIRST_CHAT: i64 = -71_768_670_111_751;
const FIRST_VK_GROUP: i64 = 225_000_001;
const FIRST_OK_GROUP: u64 = 53_038_939_046_008;

/// The accounts of one organisation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Accounts {
    /// Its slug: `gorod`, `gorod-2`, ...
    pub slug: String,
    /// Its name for readers.
    pub name: String,
    /// Its MAX channel.
    pub chat_id: i64,
    /// Its VK community.
    pub vk_group_id: i64,
    /// Its OK group.
    pub ok_group_id: String,
    number: usize,
}

impl Accounts {
    /// Of the organisation that moved in after `earlier` others.
    pub(super) fn of(earlier: usize) -> Self {
        let number = earlier + 1;
        let nth = i64::try_from(earlier).unwrap_or(i64::MAX);
        let (slug, name) = match number {
            1 => ("gorod".to_owned(), "Администрация города".to_owned()),
            _ => (format!("gorod-{number}"), format!("Администрация города № {number}")),
        };
        Self {
            slug,
            name,
            chat_id: FIRST_CHAT.saturating_sub(nth),
            vk_group_id: FIRST_VK_GROUP.saturating_add(nth),
            ok_group_id: FIRST_OK_GROUP.saturating_add(nth.unsigned_abs()).to_string(),
            number,
        }
    }

    /// The slug of its channel on a platform, as in the shipped configuration.
    pub fn channel_slug(&self, platform: Platform) -> String {
        let ending = match platform {
            Platform::Max => "max",
            Platform::Vk => "vk",
            Platform::Ok => "ok",
            Platform::WordPress => "site",
            Platform::Webhook => "portal",
            Platform::Manual => "gosweb",
        };
        format!("{}-{ending}", self.slug)
    }

    pub(super) fn max_channel(&self) -> Channel {
        Channel {
            chat_id: self.chat_id,
            title: self.name.clone(),
            link_name: Some(self.slug.clone()),
            ..Channel::default()
        }
    }

    pub(super) fn vk_group(&self) -> VkGroup {
        VkGroup::new(self.vk_group_id, &self.name)
    }

    pub(super) fn ok_group(&self) -> OkGroup {
        OkGroup { id: self.ok_group_id.clone(), name: self.name.clone(), short_name: None }
    }

    /// The first organisation's key, or its own for each of the others.
    pub(super) fn vk_community_token(&self) -> String {
        match self.number {
            1 => secrets::VK_COMMUNITY_TOKEN.to_owned(),
            number => format!("{}-{number}", secrets::VK_COMMUNITY_TOKEN),
        }
    }

    /// The file of its community key.
    pub(super) fn vk_community_file(&self) -> String {
        match self.number {
            1 => "vk-community-token".to_owned(),
            number => format!("vk-community-token-{number}"),
        }
    }
}
