//! A post in one platform's own form, and why a post may not fit.

use serde::{Deserialize, Serialize};
use url::Url;

use crate::content::Media;
use crate::misfit::Misfit;

/// A post as one platform will show it. Made by [`crate::Adapter::render`], the same for preview and release.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rendered {
    /// Only where the platform has a headline field of its own (sites); elsewhere it is the first line of `body`.
    pub title: Option<String>,
    /// Exactly what is sent as text.
    pub body: String,
    /// How `body` is marked up.
    pub markup: Markup,
    /// What a reader will read: `body` without markup. What `find` and `presence` compare with.
    pub plain: String,
    /// A link that is sent beside the text.
    pub link: Option<Url>,
    /// Tags that are sent beside the text (elsewhere they are hashtags in `body`).
    pub tags: Vec<String>,
    /// Files that are sent, in order.
    pub media: Vec<Media>,
    /// How long the counted text is, in [`Limits::unit`].
    pub length: usize,
}

impl Rendered {
    /// SHA-256 of the normalised plain text: what history names a content by.
    pub fn fingerprint(&self) -> String {
        crate::text::fingerprint(&self.plain)
    }
}

/// Markup of [`Rendered::body`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Markup {
    /// None: what is sent is what is read.
    Plain,
    /// HTML, escaped and limited to what the platform documents.
    Html,
}

/// What a platform takes. `None` means that no limit is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Limits {
    /// Longest text.
    pub text_max: Option<usize>,
    /// What `text_max` counts.
    pub unit: LengthUnit,
    /// Most pictures.
    pub pictures_max: usize,
    /// Most documents.
    pub documents_max: usize,
    /// Whether a document may stand beside pictures.
    pub documents_with_pictures: bool,
    /// Largest picture, in bytes.
    pub picture_bytes_max: u64,
    /// Largest document, in bytes.
    pub document_bytes_max: u64,
    /// Longest side of a picture, in pixels.
    pub picture_side_max: Option<u32>,
    /// Picture types taken, as media types.
    pub picture_types: Vec<&'static str>,
}

/// What a length counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LengthUnit {
    /// Unicode scalar values.
    Chars,
    /// UTF-16 code units: an emoji outside the basic plane counts twice.
    Utf16,
}

impl LengthUnit {
    /// The length of `text` in this unit.
    pub fn measure(self, text: &str) -> usize {
        match self {
            Self::Chars => text.chars().count(),
            Self::Utf16 => text.encode_utf16().count(),
        }
    }
}

/// What [`crate::Adapter::draw`] makes of a content.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Drawn {
    /// How it would look.
    pub rendered: Rendered,
    /// Everything that keeps it from being sent; empty: nothing does.
    pub misfits: Vec<Misfit>,
}

impl Drawn {
    /// The post, if it can be sent.
    pub fn fitting(self) -> Result<Rendered, Vec<Misfit>> {
        if self.misfits.is_empty() { Ok(self.rendered) } else { Err(self.misfits) }
    }
}
