//! What one channel is given to publish: a post's content after overrides and footer were applied.

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use url::Url;

/// The content of one post for one channel.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The headline. Never empty. On MAX, VK and OK it is the first line, unchanged.
    pub title: String,
    /// The text, in `CommonMark`. May be empty when there is media.
    pub body: String,
    /// A link that belongs to the post as a whole (a document, a form, a broadcast).
    pub link: Option<Url>,
    /// Tags without `#`.
    pub tags: Vec<String>,
    /// Pictures and documents, in the order the officer gave.
    pub media: Vec<Media>,
    /// A closing paragraph in `CommonMark`, with the address of the MAX post already filled in (or, before it
    /// is known, a stand-in of the longest length it can have, so that limits hold from the start).
    pub footer: Option<String>,
}

/// A file of a post, already checked and copied into vestnik's media folder.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// What kind of file it is.
    pub kind: MediaKind,
    /// Where the copy lies. Named by its hash, never changed once written. Not stored: the media folder may move.
    #[serde(skip)]
    pub path: PathBuf,
    /// The file name the officer gave, for readers of documents.
    pub name: String,
    /// The media type found in the content, for example `image/jpeg`.
    pub mime: String,
    /// Size in bytes.
    pub bytes: u64,
    /// SHA-256 of the content, lower-case hex.
    pub sha256: String,
    /// Width and height in pixels; pictures only.
    pub size: Option<(u32, u32)>,
    /// The text alternative. Mandatory for pictures (GOST R 52872-2019, WCAG 1.1.1).
    pub alt: String,
}

/// The kinds of files that platforms tell apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MediaKind {
    /// A photo, an infographic, a card.
    Picture,
    /// A file to download (PDF, DOCX, ...).
    Document,
    /// A film. No adapter takes it yet.
    Video,
}
