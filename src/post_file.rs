//! Post files: Markdown with YAML front matter, as `vestnik post add` and `post edit` read them.
//!
//! Reading has two steps. [`PostFile::load`] knows the file alone and keeps times and channel names as they were
//! typed, so that a command's own options can replace them. [`resolve`] knows the organisation and turns them into
//! instants and slugs, telling everything that is wrong at once. Files beside the text are taken in by [`crate::media`].

use std::collections::BTreeMap;
use std::io::Read as _;
use std::path::{Path, PathBuf};

mod bounds;
mod front_matter;
mod problem;
mod resolve;

pub use bounds::{TEXT_CHARS_MAX, too_many_files, too_much};
pub use problem::Problem;
pub use resolve::{ChannelView, OrganisationView, ResolvedPost, resolve};

/// Largest post file, in bytes: a hundred times what any platform takes.
pub const BYTES_MAX: u64 = 1024 * 1024;

/// A post as its file says it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PostFile {
    /// `title`.
    pub title: String,
    /// The Markdown after the front matter.
    pub body: String,
    /// `at`: when it is to go out on the primary, as typed. Without it, now.
    pub at: Option<String>,
    /// `link`, as typed.
    pub link: Option<String>,
    /// `tags`, as typed.
    pub tags: Vec<String>,
    /// `media`, in order.
    pub media: Vec<MediaEntry>,
    /// `channels`: followers by slug or platform. None named means all.
    pub channels: Vec<String>,
    /// `not_before`: follower to time, as typed.
    pub not_before: BTreeMap<String, String>,
    /// `overrides`: channel to text.
    pub overrides: BTreeMap<String, String>,
    /// `expires_at`, as typed.
    pub expires_at: Option<String>,
}

/// One file of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaEntry {
    /// Where it lies; relative paths were taken from the post file's folder.
    pub path: PathBuf,
    /// The text alternative; empty where none was given.
    pub alt: String,
}

/// A post file that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PostFileError {
    /// There is no such text.
    #[error("the post file {path} cannot be read: {cause}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why, and what to do.
        cause: String,
    },
    /// The text is not a post.
    #[error("{path}: {problem}")]
    Malformed {
        /// The file.
        path: PathBuf,
        /// The key or line, what is wrong, and what is allowed.
        problem: Problem,
    },
}

impl PostFile {
    /// Reads a post file.
    pub fn load(path: &Path) -> Result<Self, PostFileError> {
        let unreadable = |cause: String| PostFileError::Unreadable { path: path.to_owned(), cause };
        let io = |e: std::io::Error| unreadable(format!("{e}; name a Markdown file that is there and yours to read"));
        let meta = std::fs::metadata(path).map_err(io)?;
        if !meta.is_file() {
            return Err(unreadable("it is not a file; name the Markdown file itself".into()));
        }
        let mut bytes = Vec::new();
        // The limit is on what is read: a file may grow after it was measured.
        std::fs::File::open(path).and_then(|f| f.take(BYTES_MAX + 1).read_to_end(&mut bytes)).map_err(io)?;
        if bytes.len() as u64 > BYTES_MAX {
            let cause = format!(
                "it has {} bytes and {BYTES_MAX} are allowed; pictures and documents go under `media`, not into the text",
                meta.len().max(BYTES_MAX + 1)
            );
            return Err(unreadable(cause));
        }
        Self::parse(&bytes, path)
    }

    /// Reads the bytes of the post file at `path`.
    pub fn parse(bytes: &[u8], path: &Path) -> Result<Self, PostFileError> {
        let text = std::str::from_utf8(bytes).map_err(|e| PostFileError::Unreadable {
            path: path.to_owned(),
            cause: format!("byte {} is not UTF-8; save the file as UTF-8", e.valid_up_to()),
        })?;
        let folder = path.parent().unwrap_or(Path::new(""));
        front_matter::parse(text, folder).map_err(|problem| PostFileError::Malformed { path: path.to_owned(), problem })
    }
}

#[cfg(test)]
mod tests;
