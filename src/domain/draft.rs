//! A post that is being written: what was typed, as it was typed, and where it stands on its way to being queued.
//!
//! A draft may be wrong in any way; what it means is asked when it is previewed, submitted or queued.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};
use uuid::Uuid;
use vestnik_contract::{Media, MediaKind};

use super::names::names;
use super::{DraftId, PostContent};

/// Longest headline, in characters: more is nothing that people could call a post by.
pub const HEADLINE_CHARS_MAX: usize = 1000;

/// So many bytes at the end of a draft's id say whose it is. Those before them tell the drafts of one organisation apart.
const ID_MARK_BYTES: usize = 4;

names! {
    /// Where a draft stands.
    "draft state" DraftState {
        /// Being written.
        Draft = "draft",
        /// Waits for an editor.
        Submitted = "submitted",
        /// An editor approved this very text; its time may be another one since.
        Approved = "approved",
        /// Became a post, or a new revision of one.
        Queued = "queued",
        /// Will not be queued.
        Discarded = "discarded",
    }
}

impl DraftId {
    /// This id as the id of a draft of an organisation. In another organisation the same id becomes another one, so that
    /// whoever tries an id meets no draft but their own, and learns of none.
    #[must_use]
    pub fn within(self, organisation: &str) -> Self {
        let mark = Sha256::digest(organisation);
        let mut bytes = self.0.into_bytes();
        let random = bytes.len() - ID_MARK_BYTES;
        bytes[random..].copy_from_slice(&mark[..ID_MARK_BYTES]);
        Self(Uuid::from_bytes(bytes))
    }
}

impl DraftState {
    /// Whether it may still become a post.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Draft | Self::Submitted | Self::Approved)
    }
}

/// What was typed, field by field. The same names stand in the composer's form.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DraftContent {
    /// The headline.
    pub title: String,
    /// The text, in `CommonMark`.
    pub body: String,
    /// The link that belongs to the post as a whole.
    pub link: String,
    /// Tags, separated by commas.
    pub tags: String,
    /// When the primary is to have it, on the clocks of the organisation; empty: now (or, for an edit, as planned).
    pub at: String,
    /// When what has not gone out fails; empty: never.
    pub expires_at: String,
    /// Slugs of the followers it goes to. None: the primary alone.
    pub channels: Vec<String>,
    /// Follower to the moment before which it is not released there; empty: the hold decides.
    pub not_before: BTreeMap<String, String>,
    /// Channel to the text that stands there instead of `body`; empty: `body`.
    pub overrides: BTreeMap<String, String>,
    /// Files, in order.
    pub media: Vec<DraftMedia>,
}

/// A file of a draft: it was taken into the media folder, where its hash names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DraftMedia {
    /// SHA-256 of the content, lower-case hex.
    pub sha256: String,
    /// What kind of file it is.
    pub kind: MediaKind,
    /// Its name for readers.
    pub name: String,
    /// The media type found in the content.
    pub mime: String,
    /// Size in bytes.
    pub bytes: u64,
    /// Width and height in pixels; pictures only.
    pub size: Option<(u32, u32)>,
    /// The text alternative; may be missing until the draft is queued.
    pub alt: String,
}

impl DraftMedia {
    /// The file as a post has it. Where its copy lies is found by its hash.
    pub fn media(&self) -> Media {
        Media {
            kind: self.kind,
            path: std::path::PathBuf::new(),
            name: self.name.clone(),
            mime: self.mime.clone(),
            bytes: self.bytes,
            sha256: self.sha256.clone(),
            size: self.size,
            alt: self.alt.trim().to_owned(),
        }
    }
}

impl From<&Media> for DraftMedia {
    fn from(media: &Media) -> Self {
        Self {
            sha256: media.sha256.clone(),
            kind: media.kind,
            name: media.name.clone(),
            mime: media.mime.clone(),
            bytes: media.bytes,
            size: media.size,
            alt: media.alt.clone(),
        }
    }
}

impl DraftContent {
    /// The texts of a post, to be edited. Where it goes and when stands in its deliveries.
    pub fn of(content: &PostContent) -> Self {
        Self {
            title: content.title.clone(),
            body: content.body.clone(),
            link: content.link.as_ref().map(ToString::to_string).unwrap_or_default(),
            tags: content.tags.join(", "),
            overrides: content.overrides.clone(),
            media: content.media.iter().map(DraftMedia::from).collect(),
            ..Self::default()
        }
    }

    /// Whether nothing is written yet that a reader would see: an address of a new draft may bring times along.
    pub fn says_nothing(&self) -> bool {
        let texts = [&self.title, &self.body, &self.link, &self.tags];
        let mut texts = texts.into_iter().chain(self.overrides.values());
        self.media.is_empty() && texts.all(|text| text.trim().is_empty())
    }

    /// The same without what means nothing: line ends of browsers, spaces around fields, fields left empty. Two texts
    /// that differ in nothing else are the same text.
    #[must_use]
    pub fn tidied(mut self) -> Self {
        for field in [&mut self.title, &mut self.link, &mut self.tags, &mut self.at, &mut self.expires_at] {
            *field = field.trim().to_owned();
        }
        self.body = lines(&self.body);
        self.overrides = self.overrides.into_iter().map(|(channel, text)| (channel, lines(&text))).collect();
        self.overrides.retain(|_, text| !text.is_empty());
        self.not_before.retain(|_, text| !text.trim().is_empty());
        self.channels.sort();
        self.channels.dedup();
        self
    }

    /// Whether this says the same as the other, if perhaps at another time. An approval is of what a draft says.
    pub fn says_the_same(&self, other: &Self) -> bool {
        *self == Self { at: self.at.clone(), ..other.clone() }
    }

    /// The same without times and texts of channels that are not `own`: they mean nothing in this draft.
    #[must_use]
    pub fn for_channels(mut self, own: impl Fn(&str) -> bool) -> Self {
        self.not_before.retain(|slug, _| own(slug));
        self.overrides.retain(|slug, _| own(slug));
        self
    }

    /// What people call the draft; empty while it has no headline. Of one that is too long, the beginning.
    pub fn headline(&self) -> &str {
        let title = self.title.trim();
        title.char_indices().nth(HEADLINE_CHARS_MAX).map_or(title, |(end, _)| &title[..end])
    }

    /// The tags one by one.
    pub fn tag_list(&self) -> Vec<String> {
        self.tags.split(',').map(str::trim).filter(|tag| !tag.is_empty()).map(ToOwned::to_owned).collect()
    }
}

fn lines(text: &str) -> String {
    text.replace("\r\n", "\n").trim_end().to_owned()
}

/// Why something cannot be done with a draft. Each has a name under which the desk says it in a person's language.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DraftRefusal {
    /// It was queued or discarded.
    #[error("the draft is {0}; it cannot be changed any more")]
    Closed(DraftState),
    /// The text was changed after the page was loaded.
    #[error("the draft was changed meanwhile: this is version {known}, and there is version {found}; load it again")]
    Changed {
        /// The version that was acted on.
        known: u32,
        /// The version that there is.
        found: u32,
    },
    /// An author approves nothing of their own.
    #[error("whoever wrote in a draft does not approve it; ask another editor")]
    OwnText,
    /// Nothing was submitted.
    #[error("the draft was not submitted, or was taken back meanwhile")]
    NotSubmitted,
    /// An editor has to approve first.
    #[error("an editor must approve the draft before it is queued; submit it")]
    NotApproved,
    /// The time that was approved has passed.
    #[error("the time of publication has passed; choose a new one")]
    TimePassed,
    /// The post that it edits has another text now than when editing began.
    #[error("the post was changed meanwhile: editing began from revision {began}, and there is revision {found}")]
    PostChanged {
        /// The revision that editing began from.
        began: u32,
        /// The revision that there is.
        found: u32,
    },
    /// The post that it edits was given another time since editing began, and the draft would overwrite it.
    #[error("the post was moved meanwhile, and the draft has another time; open the draft and compare")]
    PostMoved,
}

impl DraftRefusal {
    /// The stable name.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Closed(_) => "closed",
            Self::Changed { .. } => "changed",
            Self::OwnText => "own-text",
            Self::NotSubmitted => "not-submitted",
            Self::NotApproved => "not-approved",
            Self::TimePassed => "time-passed",
            Self::PostChanged { .. } => "post-changed",
            Self::PostMoved => "post-moved",
        }
    }

    /// Whether someone else was there in between: looking again may settle it.
    pub fn is_conflict(&self) -> bool {
        matches!(self, Self::Changed { .. } | Self::PostChanged { .. } | Self::PostMoved)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_means_nothing_makes_no_difference() {
        let typed = DraftContent {
            title: " Школа ".into(),
            body: "Первая\r\nВторая\r\n\r\n".into(),
            channels: vec!["gorod-vk".into(), "gorod-ok".into(), "gorod-vk".into()],
            not_before: BTreeMap::from([("gorod-vk".into(), " ".into())]),
            overrides: BTreeMap::from([("gorod-ok".into(), "\r\n".into())]),
            ..DraftContent::default()
        };
        let plain = DraftContent {
            title: "Школа".into(),
            body: "Первая\nВторая".into(),
            channels: vec!["gorod-ok".into(), "gorod-vk".into()],
            ..DraftContent::default()
        };
        assert_eq!(typed.tidied(), plain.clone().tidied());
        assert_eq!(plain.clone().tidied(), plain);
    }

    #[test]
    fn another_time_is_no_other_text() {
        let text =
            DraftContent { title: "Школа".into(), at: "2026-11-23T10:00".into(), ..DraftContent::default() };
        assert!(text.says_the_same(&DraftContent { at: String::new(), ..text.clone() }));
        assert!(!text.says_the_same(&DraftContent { expires_at: "2026-11-24T10:00".into(), ..text.clone() }));
        assert!(!text.says_the_same(&DraftContent { body: "Открыта".into(), ..text.clone() }));
    }

    #[test]
    fn a_draft_is_called_by_no_more_than_a_headline() {
        let called =
            |title: &str| DraftContent { title: title.into(), ..DraftContent::default() }.headline().to_owned();
        assert_eq!(called(" Школа "), "Школа");
        assert_eq!(called(&"ж".repeat(HEADLINE_CHARS_MAX)), "ж".repeat(HEADLINE_CHARS_MAX));
        assert_eq!(called(&"ж".repeat(HEADLINE_CHARS_MAX + 1)), "ж".repeat(HEADLINE_CHARS_MAX));
    }

    #[test]
    fn an_older_draft_without_newer_fields_is_read() {
        let read: DraftContent = serde_json::from_str(r#"{"title":"Школа"}"#).unwrap();
        assert_eq!(read, DraftContent { title: "Школа".into(), ..DraftContent::default() });
    }

    #[test]
    fn an_id_is_another_one_in_another_organisation() {
        let asked: DraftId = "01a201cd-3b77-73c6-870d-7076d8bdcc9c".parse().unwrap();
        let own = asked.within("gorod");
        assert_eq!((own.within("gorod"), own.within("selo")), (own, asked.within("selo")));
        assert_ne!(own, own.within("selo"));
        assert_eq!(own.0.get_version_num(), 7, "it sorts among the others");
    }

    #[test]
    fn tags_are_told_apart_by_commas() {
        let content = DraftContent {
            tags: " образование,, #стройка , город ".into(), ..DraftContent::default()
        };
        assert_eq!(content.tag_list(), ["образование", "#стройка", "город"]);
    }
}
