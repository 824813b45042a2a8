//! What the adapter writes down with an attempt.

use serde::{Deserialize, Serialize};

/// The adapter's notes in `Prepared`. They hold no secret.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Notes {
    /// The address that is ours alone; kept when the title changes, so that an earlier draft is found again.
    pub(crate) slug: String,
    /// The draft; none when the preparation was for an edit.
    pub(crate) post: Option<u64>,
    /// The post was public already when this was prepared (an earlier attempt had succeeded unseen), so its text
    /// could not be brought up to date before readers' eyes.
    pub(crate) standing: bool,
    /// Uploaded files.
    pub(crate) files: Vec<Uploaded>,
    /// Category ids.
    pub(crate) categories: Vec<u64>,
    /// Tag ids.
    pub(crate) tags: Vec<u64>,
    /// The featured picture.
    pub(crate) featured: Option<u64>,
    /// What an officer should know about how it was prepared.
    pub(crate) remarks: Vec<String>,
}

/// A file on the site.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Uploaded {
    /// Which file of the post.
    pub(crate) sha256: String,
    /// Its number there.
    pub(crate) id: u64,
    /// Its address there.
    pub(crate) url: String,
}
