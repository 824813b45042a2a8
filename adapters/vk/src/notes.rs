//! What a preparation leaves for the call, for `find` and for the next attempt. Stored; holds no secret.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vestnik_contract::{Prepared, PublishError, Told, ToldKind};

/// The notes of one attempt.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub(crate) struct Notes {
    /// Files that lie on VK, in the order of the post.
    pub(crate) uploads: Vec<Upload>,
    /// The wall before the first attempt at this delivery; `None` where nobody may read it.
    pub(crate) watermark: Option<Watermark>,
}

/// A file that was uploaded, and what it is attached by.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub(crate) struct Upload {
    /// SHA-256 of the content.
    pub(crate) sha256: String,
    /// For example `photo-1_456239017`.
    pub(crate) attachment: String,
}

/// The wall as it was before anything was sent: what is newer may be ours.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub(crate) struct Watermark {
    /// The highest post id.
    pub(crate) highest: i64,
    /// What time VK said it was.
    pub(crate) at: DateTime<Utc>,
}

impl Notes {
    /// The notes that an attempt needs.
    pub(crate) fn of(prepared: &Prepared) -> Result<Self, PublishError> {
        prepared.notes().ok_or_else(|| PublishError::Retry {
            after: None,
            told: Told::plain(
                ToldKind::NotPrepared,
                "the attempt was prepared by another version of vestnik; it is prepared again",
            ),
        })
    }

    /// What a file was uploaded as.
    pub(crate) fn upload(&self, sha256: &str) -> Option<&Upload> {
        self.uploads.iter().find(|u| u.sha256 == sha256)
    }
}
