//! The platforms by name.

use serde::{Deserialize, Serialize};

/// A platform, by the name that a channel of the configuration gives.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Platform {
    /// MAX.
    Max,
    /// VK.
    Vk,
    /// OK.
    Ok,
    /// A site on `WordPress`.
    WordPress,
    /// A site with a signed receiver.
    Webhook,
    /// A site without an interface.
    Manual,
}

impl Platform {
    /// Every platform, in the order of the ports in the shipped configuration.
    pub const ALL: [Self; 6] = [Self::Max, Self::Vk, Self::Ok, Self::WordPress, Self::Webhook, Self::Manual];

    /// The name in configurations.
    pub fn name(self) -> &'static str {
        match self {
            Self::Max => "max",
            Self::Vk => "vk",
            Self::Ok => "ok",
            Self::WordPress => "wordpress",
            Self::Webhook => "webhook",
            Self::Manual => "manual",
        }
    }

    /// The call that puts a post up, by its name for the fault switches; none where people do it.
    pub fn publishing_call(self) -> Option<&'static str> {
        match self {
            Self::Max => Some("POST /messages"),
            Self::Vk => Some("wall.post"),
            Self::Ok => Some("mediatopic.post"),
            Self::WordPress => Some("POST /posts/{id}"),
            Self::Webhook => Some("post.publish"),
            Self::Manual => None,
        }
    }

    /// The call that gives a post another text, as [`Platform::publishing_call`].
    pub fn editing_call(self) -> Option<&'static str> {
        match self {
            Self::Max => Some("PUT /messages"),
            Self::Vk => Some("wall.edit"),
            Self::Ok => Some("mediatopic.edit"),
            Self::WordPress => Some("POST /posts/{id}"),
            Self::Webhook => Some("post.update"),
            Self::Manual => None,
        }
    }

    /// The call that takes a post down, as [`Platform::publishing_call`].
    pub fn retracting_call(self) -> Option<&'static str> {
        match self {
            Self::Max => Some("DELETE /messages"),
            Self::Vk => Some("wall.delete"),
            Self::Ok => Some("mediatopic.deleteTopic"),
            Self::WordPress => Some("DELETE /posts/{id}"),
            Self::Webhook => Some("post.withdraw"),
            Self::Manual => None,
        }
    }
}

impl std::fmt::Display for Platform {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(match self {
            Self::Max => "MAX",
            Self::Vk => "VK",
            Self::Ok => "OK",
            Self::WordPress => "WordPress",
            Self::Webhook => "webhook",
            Self::Manual => "manual",
        })
    }
}
