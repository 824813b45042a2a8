//! What a world is set up with.

use chrono::TimeDelta;

/// A group.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its number.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The last part of its address, when it has one.
    pub short_name: Option<String>,
}

/// What a user is in a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Runs the group.
    Admin,
    /// Looks after it.
    Moderator,
    /// Takes part.
    Active,
    /// Reads.
    Passive,
    /// Was shut out.
    Blocked,
}

impl Role {
    /// As `group.getUserGroupsByIds` writes it.
    pub(super) fn status(self) -> &'static str {
        match self {
            Self::Admin => "ADMIN",
            Self::Moderator => "MODERATOR",
            Self::Active => "ACTIVE",
            Self::Passive => "PASSIVE",
            Self::Blocked => "BLOCKED",
        }
    }
}

/// The figures and habits that OK does not publish. The defaults are what its clients assume.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rules {
    /// Longest text of a topic, in UTF-16 units (error 601).
    pub text_max: usize,
    /// Most blocks of a topic (error 600).
    pub blocks_max: usize,
    /// Largest picture, in bytes (error 500).
    pub picture_bytes_max: usize,
    /// How long a new topic is missing from `mediatopic.getTopics`.
    pub list_lag: TimeDelta,
    /// Texts are shown up to this many characters (`is_text_cut`).
    pub text_shown_max: Option<usize>,
    /// How long a topic may be edited (error 704).
    pub edit_window: Option<TimeDelta>,
    /// Moderators may publish.
    pub moderators_publish: bool,
    /// What `mediatopic.deleteTopic` takes: `delete_id`, `topic_id`.
    pub delete_parameters: Vec<String>,
    /// Calls of one method by one user in a day (error 11).
    pub calls_per_day: u32,
    /// Every refresh gives a new refresh token, and the old one is spent.
    pub rotate_refresh_tokens: bool,
}

impl Default for Rules {
    fn default() -> Self {
        Self {
            text_max: 5_000,
            blocks_max: 10,
            picture_bytes_max: 20 * 1024 * 1024,
            list_lag: TimeDelta::zero(),
            text_shown_max: None,
            edit_window: None,
            moderators_publish: true,
            delete_parameters: vec!["delete_id".to_owned(), "topic_id".to_owned()],
            calls_per_day: 1_000_000,
            rotate_refresh_tokens: false,
        }
    }
}
