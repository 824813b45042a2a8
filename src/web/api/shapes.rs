//! What goes over the wire. Names are those of the whole product; a name once given is never changed.

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::openapi::{ObjectBuilder, RefOr, Schema, Type};
use utoipa::{PartialSchema, ToSchema};
use uuid::Uuid;

use crate::domain::{ReasonKind, State, StopKind};
use crate::store::{AttemptView, Delivery, Order, PostSummary, PostView, StoredHold};

/// A post to be queued, or the new content of one.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewPost {
    /// The organisation's slug. Not needed where there is one, nor in an edit, which does not change it.
    #[serde(default)]
    pub organisation: Option<String>,
    /// The headline, one line.
    #[schema(example = "Открыт мост через Дон")]
    pub title: String,
    /// The text, in `CommonMark`.
    #[serde(default)]
    pub body: String,
    /// A link that belongs to the post as a whole.
    #[serde(default)]
    pub link: Option<String>,
    /// Without `#`.
    #[serde(default)]
    pub tags: Vec<String>,
    /// When it goes out in MAX: RFC 3339, or on the organisation's clocks like `2026-11-23 10:00`. Absent: now.
    #[serde(default)]
    pub at: Option<String>,
    /// What is not out by then fails.
    #[serde(default)]
    pub expires_at: Option<String>,
    /// The followers by slug. Absent or empty: all. An edit does not change where a post goes; one that names others is
    /// refused.
    #[serde(default)]
    pub channels: Vec<String>,
    /// Follower to the moment before which it is not released there, whatever the hold says.
    #[serde(default)]
    pub not_before: BTreeMap<String, String>,
    /// Channel to the text that stands there instead of `body`.
    #[serde(default)]
    pub overrides: BTreeMap<String, String>,
    /// Files that were uploaded before, in order.
    #[serde(default)]
    pub media: Vec<NewMedia>,
}

/// A file of a post.
#[derive(Debug, Clone, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NewMedia {
    /// The name that the upload gave.
    #[schema(example = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08")]
    pub sha256: String,
    /// The text alternative; mandatory for pictures.
    #[serde(default)]
    pub alt: String,
    /// The file's name for readers, where it is to be another.
    #[serde(default)]
    pub name: String,
}

/// A post that was queued.
#[derive(Debug, Serialize, ToSchema)]
pub struct Queued {
    /// Its id.
    pub id: Uuid,
    /// It was queued before under the same key; nothing was done now.
    pub repeated: bool,
    /// For every channel, the primary first, when it goes out; followers no earlier.
    pub planned: Vec<Planned>,
}

/// When a post goes out on one channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct Planned {
    /// The channel's slug.
    pub channel: String,
    /// When.
    pub at: DateTime<Utc>,
}

impl Planned {
    pub(super) fn all(planned: Vec<(String, DateTime<Utc>)>) -> Vec<Self> {
        planned.into_iter().map(|(channel, at)| Self { channel, at }).collect()
    }
}

/// A line of the list of posts.
#[derive(Debug, Serialize, ToSchema)]
pub struct PostLine {
    /// Its id.
    pub id: Uuid,
    /// Its organisation's slug.
    pub organisation: String,
    /// Its headline.
    pub title: String,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: String,
    /// Its deliveries, the primary's first.
    pub deliveries: Vec<DeliveryShape>,
}

impl From<PostSummary> for PostLine {
    fn from(post: PostSummary) -> Self {
        Self {
            id: post.id.0,
            organisation: post.organisation,
            title: post.title,
            created_at: post.created_at,
            created_by: post.created_by,
            deliveries: post.deliveries.iter().map(Into::into).collect(),
        }
    }
}

/// A post with its whole life.
#[derive(Debug, Serialize, ToSchema)]
pub struct Post {
    /// Its id.
    pub id: Uuid,
    /// Its organisation's slug.
    pub organisation: String,
    /// The revision that is to be shown.
    pub revision: u32,
    /// Its headline.
    pub title: String,
    /// The text, in `CommonMark`.
    pub body: String,
    /// A link that belongs to it as a whole.
    pub link: Option<Url>,
    /// Without `#`.
    pub tags: Vec<String>,
    /// Channel to the text that stands there instead of `body`.
    pub overrides: BTreeMap<String, String>,
    /// Its files, in order.
    pub media: Vec<File>,
    /// When it was queued.
    pub created_at: DateTime<Utc>,
    /// By whom.
    pub created_by: String,
    /// What is not out by then fails.
    pub expires_at: Option<DateTime<Utc>>,
    /// Who cancelled it.
    pub cancel: Option<OrderShape>,
    /// Who withdrew it.
    pub withdraw: Option<OrderShape>,
    /// Its deliveries with their attempts, the primary's first.
    pub deliveries: Vec<DeliveryLife>,
    /// Its holds, the newest last.
    pub holds: Vec<Hold>,
}

impl From<PostView> for Post {
    fn from(post: PostView) -> Self {
        Self {
            id: post.id.0,
            organisation: post.organisation,
            revision: post.revision,
            title: post.content.title,
            body: post.content.body,
            link: post.content.link,
            tags: post.content.tags,
            overrides: post.content.overrides,
            media: post.content.media.iter().map(Into::into).collect(),
            created_at: post.created_at,
            created_by: post.created_by,
            expires_at: post.expires_at,
            cancel: post.cancel.map(Into::into),
            withdraw: post.withdraw.map(Into::into),
            deliveries: post.deliveries.iter().map(Into::into).collect(),
            holds: post.holds.iter().map(Into::into).collect(),
        }
    }
}

/// A file.
#[derive(Debug, Serialize, ToSchema)]
pub struct File {
    /// SHA-256 of its content, lower-case hex: its name in every call.
    pub sha256: String,
    /// `picture`, `document` or `video`.
    pub kind: &'static str,
    /// Its name for readers.
    pub name: String,
    /// The media type found in its content.
    pub mime: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Width and height in pixels; pictures only.
    pub size: Option<(u32, u32)>,
    /// The text alternative.
    pub alt: String,
}

impl From<&vestnik_contract::Media> for File {
    fn from(media: &vestnik_contract::Media) -> Self {
        use vestnik_contract::MediaKind::{Document, Picture, Video};
        Self {
            sha256: media.sha256.clone(),
            kind: match media.kind {
                Picture => "picture",
                Document => "document",
                Video => "video",
            },
            name: media.name.clone(),
            mime: media.mime.clone(),
            bytes: media.bytes,
            size: media.size,
            alt: media.alt.clone(),
        }
    }
}

/// A person's order.
#[derive(Debug, Serialize, ToSchema)]
pub struct OrderShape {
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
    /// Why.
    pub reason: String,
}

impl From<Order> for OrderShape {
    fn from(order: Order) -> Self {
        Self { at: order.at, by: order.by, reason: order.reason }
    }
}

impl PartialSchema for ReasonKind {
    fn schema() -> RefOr<Schema> {
        let about =
            "What kind of reason it is that something is not out. The names stay; newer versions may know more.";
        let object = ObjectBuilder::new().schema_type(Type::String).description(Some(about));
        object.enum_values(Some(Self::all().map(Self::name))).build().into()
    }
}

impl ToSchema for ReasonKind {}

/// A post on one channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryShape {
    /// The channel's slug.
    pub channel: String,
    /// Whether the hold runs from it.
    pub primary: bool,
    /// Counts up when a deleted primary is published anew.
    pub number: u32,
    /// Where it stands.
    #[schema(value_type = String, example = "held")]
    pub state: State,
    /// The time that people were told.
    pub planned_at: DateTime<Utc>,
    /// The platform's id.
    pub remote_id: Option<String>,
    /// The public address.
    pub url: Option<String>,
    /// The platform's own time.
    pub platform_time: Option<DateTime<Utc>>,
    /// The time the publication counts from.
    pub published_at: Option<DateTime<Utc>>,
    /// The revision that stands there.
    pub revision: Option<u32>,
    /// What was said last.
    pub last_reason: Option<String>,
    /// Of what kind that is: a name that stays. Of what was said before names were given there is none.
    pub last_kind: Option<ReasonKind>,
    /// What a person is asked, while it stands still until they decide.
    #[schema(value_type = Option<String>, example = "maybe_out")]
    pub stop_kind: Option<StopKind>,
    /// The same in a sentence.
    pub stop_reason: Option<String>,
    /// What that person can do.
    pub todo: Option<String>,
}

impl From<&Delivery> for DeliveryShape {
    fn from(d: &Delivery) -> Self {
        Self {
            channel: d.channel.clone(),
            primary: d.is_primary,
            number: d.number,
            state: d.state,
            planned_at: d.planned_at,
            remote_id: d.remote_id.clone(),
            url: d.url.clone(),
            platform_time: d.platform_time,
            published_at: d.published_at,
            revision: d.shown_revision,
            last_reason: d.last_reason.clone(),
            last_kind: d.last_kind,
            stop_kind: d.stop_kind,
            stop_reason: d.stop_reason.clone(),
            todo: d.stop_todo.clone(),
        }
    }
}

/// The same with every call that was made for it.
#[derive(Debug, Serialize, ToSchema)]
pub struct DeliveryLife {
    /// The delivery.
    #[serde(flatten)]
    pub delivery: DeliveryShape,
    /// Its attempts, oldest first.
    pub attempts: Vec<Attempt>,
}

impl From<&crate::store::DeliveryView> for DeliveryLife {
    fn from(view: &crate::store::DeliveryView) -> Self {
        Self { delivery: (&view.delivery).into(), attempts: view.attempts.iter().map(Into::into).collect() }
    }
}

/// One call to a platform.
#[derive(Debug, Serialize, ToSchema)]
pub struct Attempt {
    /// Counted from 1.
    pub number: u32,
    /// `publish`, `edit` or `retract`.
    pub action: String,
    /// The revision.
    pub revision: u32,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// When its outcome was known.
    pub ended_at: Option<DateTime<Utc>>,
    /// The outcome, or `open` or `in_doubt`.
    pub outcome: String,
    /// What was said.
    pub reason: Option<String>,
    /// Of what kind that is: a name that stays. Of what was said before names were given there is none.
    pub kind: Option<ReasonKind>,
    /// The status of the platform's answer.
    pub answer_status: Option<i64>,
    /// The platform's answer, without secrets.
    pub answer: Option<String>,
}

impl From<&AttemptView> for Attempt {
    fn from(a: &AttemptView) -> Self {
        Self {
            number: a.number,
            action: a.action.clone(),
            revision: a.revision,
            started_at: a.started_at,
            ended_at: a.ended_at,
            outcome: a.outcome.clone(),
            reason: a.reason.clone(),
            kind: a.kind,
            answer_status: a.answer_status,
            answer: a.answer.clone(),
        }
    }
}

/// How long followers wait, and from when.
#[derive(Debug, Serialize, ToSchema)]
#[expect(clippy::struct_field_names, reason = "the names of the journal and the configuration")]
pub struct Hold {
    /// The revision that the primary shows.
    pub revision: u32,
    /// When it began: MAX's confirmation.
    pub from: DateTime<Utc>,
    /// The earliest release.
    pub until: DateTime<Utc>,
    /// Its length without the margin.
    pub hold_seconds: i64,
    /// The margin on top.
    pub margin_seconds: i64,
    /// `running`, `suspended` or `ended`.
    pub state: String,
}

impl From<&StoredHold> for Hold {
    fn from(h: &StoredHold) -> Self {
        Self {
            revision: h.revision,
            from: h.from,
            until: h.until,
            hold_seconds: h.length.hold_seconds(),
            margin_seconds: h.length.margin_seconds(),
            state: h.state.clone(),
        }
    }
}

/// A reason, for the journal.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Reason {
    /// One line of at most 500 characters.
    #[schema(min_length = 1, max_length = 500, pattern = "\\S")]
    pub reason: String,
}

/// What an order did on one channel.
#[derive(Debug, Serialize, ToSchema)]
pub struct Done {
    /// The channel's slug.
    pub channel: String,
    /// In words.
    pub result: String,
}

/// A page of a list.
#[derive(Debug, Serialize, ToSchema)]
pub struct Listed<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// The `after` of the next page; absent on the last.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next: Option<String>,
}
