//! Posts as `wall.get` and `wall.getById` answer them (API schema 5.199, `wall_wallpost_full`).

use chrono::{DateTime, Utc};
use serde::Deserialize;
use vestnik_contract::{RemoteId, RemotePost, Shown};

use crate::address::Addresses;
use crate::readable::readable;

/// One post; everything beyond the id may be missing.
#[derive(Debug, Clone, Deserialize)]
pub(crate) struct WallPost {
    pub(crate) id: i64,
    #[serde(default)]
    pub(crate) from_id: i64,
    #[serde(default)]
    pub(crate) date: i64,
    #[serde(default)]
    pub(crate) text: String,
    #[serde(default)]
    attachments: Vec<Attached>,
    post_type: Option<String>,
    #[serde(default, deserialize_with = "flag")]
    is_deleted: bool,
    #[serde(default, deserialize_with = "flag")]
    is_archived: bool,
}

#[derive(Debug, Clone, Deserialize)]
struct Attached {
    #[serde(rename = "type", default)]
    kind: String,
}

/// VK writes flags as `true` in one place and as `1` in another.
fn flag<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let value = serde_json::Value::deserialize(deserializer)?;
    Ok(value == true || value.as_i64().is_some_and(|n| n != 0))
}

/// A list of posts: `{"items": […]}` in 5.199, a bare array in older versions.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
pub(crate) enum Posts {
    Items { items: Vec<WallPost> },
    Bare(Vec<WallPost>),
}

impl Posts {
    pub(crate) fn into_vec(self) -> Vec<WallPost> {
        match self {
            Self::Items { items } | Self::Bare(items) => items,
        }
    }
}

impl WallPost {
    pub(crate) fn remote_id(&self) -> RemoteId {
        RemoteId(self.id.to_string())
    }

    pub(crate) fn published_at(&self) -> Option<DateTime<Utc>> {
        DateTime::from_timestamp(self.date, 0).filter(|_| self.date > 0)
    }

    /// Whether readers no longer see it.
    pub(crate) fn is_gone(&self) -> bool {
        self.is_deleted || self.is_archived
    }

    /// Whether it is a post of the community itself, not an advertisement, a repost, a suggestion or a plan.
    pub(crate) fn is_own(&self, group: i64) -> bool {
        self.from_id == -group && self.post_type.as_deref().is_none_or(|kind| kind == "post") && !self.is_gone()
    }

    /// Pictures, documents and films. A link is left out: VK makes and drops its card by rules of its own.
    pub(crate) fn media(&self) -> usize {
        self.attachments.iter().filter(|a| a.kind != "link").count()
    }

    pub(crate) fn shown(&self, addresses: &Addresses) -> Shown {
        Shown {
            text: readable(&self.text),
            cut: false,
            opaque: false,
            media: Some(self.media()),
            url: addresses.of(self.id),
            platform_time: self.published_at(),
        }
    }

    pub(crate) fn remote(&self, addresses: &Addresses) -> Option<RemotePost> {
        Some(RemotePost {
            id: self.remote_id(),
            url: addresses.of(self.id),
            published_at: self.published_at()?,
            text: readable(&self.text),
            media: Some(self.media()),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_shapes_of_a_list_are_read() {
        for text in [
            r#"{"items":[{"id":7,"is_deleted":1,"text":"т"}],"count":1}"#,
            r#"[{"id":7,"is_deleted":true,"attachments":[{"type":"link"},{"type":"photo"}]}]"#,
        ] {
            let posts = serde_json::from_str::<Posts>(text).unwrap().into_vec();
            assert!(posts.len() == 1 && posts[0].id == 7 && posts[0].is_gone() && posts[0].media() < 2);
        }
    }
}
