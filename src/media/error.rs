//! Why a file is not taken.

use std::path::PathBuf;

use vestnik_contract::MediaKind;

/// A file that is not taken. Nothing of it was kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MediaError {
    /// It is not there, or not ours to read.
    #[error("{file} cannot be read: {cause}; name a file that is there (paths start at the post file's folder)")]
    Unreadable {
        /// The file.
        file: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// A folder, a pipe, a device.
    #[error("{file} is not a file; name the picture or document itself")]
    NotAFile {
        /// What was named.
        file: PathBuf,
    },
    /// Its content is of no kind that a post takes.
    #[error("{file} cannot be taken: {problem}; {todo}")]
    NotTaken {
        /// The file.
        file: PathBuf,
        /// What it is.
        problem: String,
        /// What to do.
        todo: &'static str,
    },
    /// A picture nobody described.
    #[error(
        "{file} is a picture without a text alternative; say under `alt` what it shows, for readers who cannot see it"
    )]
    NoAlt {
        /// The file.
        file: PathBuf,
    },
    /// Larger than is allowed.
    #[error(
        "{file} has {} and a {} may have {} ({key}); make it smaller",
        megabytes(*.bytes), name(*.what), megabytes(*.max)
    )]
    TooLarge {
        /// The file.
        file: PathBuf,
        /// What it is.
        what: MediaKind,
        /// Its size.
        bytes: u64,
        /// The limit.
        max: u64,
        /// The key of the configuration that sets the limit.
        key: &'static str,
    },
    /// The copy cannot be written.
    #[error("the media folder {dir} cannot be written: {cause}; make room there, or let vestnik write to it")]
    NotKept {
        /// The media folder.
        dir: PathBuf,
        /// What the system said.
        cause: String,
    },
}

fn name(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Picture => "picture",
        MediaKind::Document => "document",
        MediaKind::Video => "video",
    }
}

/// A size for people: megabytes with one decimal, rounded up so that what is over a limit reads so.
fn megabytes(bytes: u64) -> String {
    const TENTH: u64 = 100_000;
    let tenths = bytes.div_ceil(TENTH);
    if bytes < TENTH { format!("{bytes} bytes") } else { format!("{}.{} MB", tenths / 10, tenths % 10) }
}
