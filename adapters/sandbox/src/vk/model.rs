//! What a VK world consists of, as tests see it.

use chrono::{DateTime, TimeDelta, Utc};

/// A community's post can be changed this long (API schema 5.199, `created_by`: "while still editable").
const EDIT_WINDOW: TimeDelta = TimeDelta::hours(24);

/// A community.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// Its positive id.
    pub id: i64,
    /// What people call it.
    pub name: String,
    /// The short name in its address.
    pub screen_name: String,
}

impl Group {
    /// A community with the short name that VK gives by itself.
    pub fn new(id: i64, name: &str) -> Self {
        Self { id, name: name.into(), screen_name: format!("club{id}") }
    }
}

/// A post on a community's wall.
#[derive(Debug, Clone, PartialEq)]
pub struct Post {
    /// Counted from 1 on every wall.
    pub id: i64,
    /// The community, negative.
    pub owner_id: i64,
    /// Who it is signed by: the community (negative) or a user.
    pub from_id: i64,
    /// When it was published, by VK's clock.
    pub date: DateTime<Utc>,
    /// When it was last changed.
    pub edited: Option<DateTime<Utc>>,
    /// How often it was changed.
    pub edits: u32,
    /// The text.
    pub text: String,
    /// Pictures, documents, the link.
    pub attachments: Vec<Attachment>,
    /// The key it was sent with.
    pub guid: Option<String>,
    /// Through what it was made.
    pub source: Source,
    /// Stands first on the wall.
    pub pinned: bool,
    /// When it was taken down.
    pub deleted: Option<DateTime<Utc>>,
}

impl Post {
    pub(super) fn can_be_edited(&self, now: DateTime<Utc>) -> bool {
        now - self.date < EDIT_WINDOW
    }

    pub(super) fn change(&mut self, text: String, now: DateTime<Utc>) {
        self.text = text;
        self.edited = Some(now);
        self.edits += 1;
    }
}

/// Through what a post was made (`post_source.type`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Source {
    /// A program.
    Api,
    /// The site, by hand.
    Site,
}

/// Something beside a post's text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attachment {
    /// A picture.
    Photo {
        /// Whose it is.
        owner_id: i64,
        /// Its id.
        id: i64,
    },
    /// A file.
    Doc {
        /// Whose it is.
        owner_id: i64,
        /// Its id.
        id: i64,
        /// Its title.
        title: String,
    },
    /// A film.
    Video {
        /// Whose it is.
        owner_id: i64,
        /// Its id.
        id: i64,
    },
    /// The address shown as a card.
    Link(String),
}

impl Attachment {
    /// VK's word for the kind.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::Photo { .. } => "photo",
            Self::Doc { .. } => "doc",
            Self::Video { .. } => "video",
            Self::Link(_) => "link",
        }
    }
}

/// What VK does where nobody has confirmed what it does, and limits that tests switch on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Rules {
    /// What a second `wall.post` with the same `guid` answers within an hour.
    pub repeated_guid: RepeatedGuid,
    /// How `wall.getById` shows a deleted post.
    pub deleted: DeletedShape,
    /// The shape of `wall.getById`'s answer.
    pub by_id: ByIdShape,
    /// Answer code 6 above 3 (user), 5 (service) or 20 (community) calls in a second of the world's clock.
    pub call_rates: bool,
    /// Answer code 214 above so many posts on one wall within 24 hours.
    pub posts_per_day: Option<u32>,
    /// What a captcha looks like.
    pub captcha: Captcha,
}

/// What a second `wall.post` with the same `guid` answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RepeatedGuid {
    /// The id of the first post.
    #[default]
    SameId,
    /// Error 100.
    Error,
    /// A second post: `guid` has no effect.
    Ignored,
}

/// How `wall.getById` shows a deleted post.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DeletedShape {
    /// Not at all.
    #[default]
    Omitted,
    /// With `is_deleted`.
    Marked,
}

/// The shape of `wall.getById`'s answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ByIdShape {
    /// As the `v` of the call says: `{"items": […]}` from 5.150 on, a bare array before.
    #[default]
    ByVersion,
    /// `{"items": […]}`.
    Items,
    /// A bare array.
    Array,
}

/// What a captcha (code 14) looks like.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Captcha {
    /// `captcha_sid` and a picture.
    #[default]
    Picture,
    /// `redirect_uri` alone, as seen since 2026.
    RedirectOnly,
}
