//! Why a file is not taken.

use std::path::{Path, PathBuf};

use vestnik_contract::{Figure, Figures, MediaKind};

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
    #[error("{file} cannot be taken: {why}; {}", .why.todo())]
    NotTaken {
        /// The file.
        file: PathBuf,
        /// What it is.
        why: Unfit,
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

/// What makes the content of a file none that a post takes.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// Not a byte.
    #[error("it is empty")]
    Empty,
    /// A picture that does not end, or contradicts itself.
    #[error("it begins like {mime} and then breaks off")]
    Broken {
        /// What it begins like.
        mime: &'static str,
    },
    /// It would take the memory of the machine to open it.
    #[error("it has {width} x {height} pixels, and a picture may have {max} in all (media.pixels_max)")]
    TooManyPixels {
        /// Width.
        width: u32,
        /// Height.
        height: u32,
        /// The most of width times height.
        max: u64,
    },
    /// An animation without end.
    #[error("it has {frames} frames, which are too many for their size")]
    TooManyFrames {
        /// How many.
        frames: u64,
    },
    /// What it tells of places and people cannot be taken out of it.
    #[error("it is {mime}, from which the place where it was taken cannot be removed")]
    Telling {
        /// What it is.
        mime: &'static str,
    },
    /// `.jpg`, and something else inside.
    #[error("it is named like a picture, but {}", .content.map_or("its content is no picture".into(), |mime| format!("its content is {mime}")))]
    NamedLikePicture {
        /// What is inside, where that is known.
        content: Option<&'static str>,
    },
    /// DOC, XLS, PPT.
    #[error("it is a document of an old office format")]
    OldOffice,
    /// Programs inside a document.
    #[error("it holds macros")]
    Macros,
    /// HTML, SVG or XML.
    #[error("its content is HTML, SVG or XML")]
    Markup,
    /// Something that is known and not for posts.
    #[error("its content is {mime}")]
    Other {
        /// What it is.
        mime: &'static str,
    },
    /// Nobody knows what.
    #[error("its content is of no kind that is known")]
    Unknown,
}

/// What a post takes.
const TAKEN: &str = "give a picture (JPEG, PNG, GIF, WebP, BMP) or a document (PDF, DOCX, XLSX, ODT, RTF, TXT)";

impl Unfit {
    /// What to do.
    pub fn todo(&self) -> &'static str {
        match self {
            Self::Broken { .. } => "save the picture again",
            Self::TooManyPixels { .. } => "save it smaller",
            Self::TooManyFrames { .. } => "save fewer frames, or a still picture",
            Self::Telling { .. } | Self::NamedLikePicture { .. } => "save the picture again as JPEG or PNG",
            Self::OldOffice => "save it as DOCX, XLSX or PDF",
            Self::Macros => "save it without macros, or as PDF",
            Self::Empty | Self::Markup | Self::Other { .. } | Self::Unknown => TAKEN,
        }
    }

    fn code(&self) -> &'static str {
        match self {
            Self::Empty => "file-empty",
            Self::Broken { .. } => "file-broken",
            Self::TooManyPixels { .. } => "file-too-many-pixels",
            Self::TooManyFrames { .. } => "file-too-many-frames",
            Self::Telling { .. } => "file-telling",
            Self::NamedLikePicture { .. } => "file-named-like-picture",
            Self::OldOffice => "file-old-office",
            Self::Macros => "file-macros",
            Self::Markup => "file-markup",
            Self::Other { .. } => "file-other",
            Self::Unknown => "file-unknown",
        }
    }
}

impl MediaError {
    /// Every code, for tests that each has words.
    pub const CODES: [&'static str; 16] = [
        "file-unreadable",
        "file-none",
        "file-no-alt",
        "file-too-large",
        "file-not-kept",
        "file-empty",
        "file-broken",
        "file-too-many-pixels",
        "file-too-many-frames",
        "file-telling",
        "file-named-like-picture",
        "file-old-office",
        "file-macros",
        "file-markup",
        "file-other",
        "file-unknown",
    ];

    /// The name of the refusal, stable: words in other languages stand under it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "file-unreadable",
            Self::NotAFile { .. } => "file-none",
            Self::NoAlt { .. } => "file-no-alt",
            Self::TooLarge { .. } => "file-too-large",
            Self::NotKept { .. } => "file-not-kept",
            Self::NotTaken { why, .. } => why.code(),
        }
    }

    /// What those words name.
    pub fn figures(&self) -> Figures {
        let mut figures = Figures::new();
        if let Some(file) = self.file() {
            let name = file.file_name().map_or_else(|| file.to_string_lossy(), |name| name.to_string_lossy());
            figures.insert("name", name.into_owned().into());
        }
        match self {
            Self::TooLarge { bytes, max, .. } => {
                figures.extend([("bytes", Figure::Bytes(*bytes)), ("max", Figure::Bytes(*max))]);
            }
            Self::NotTaken { why: Unfit::TooManyPixels { width, height, max }, .. } => {
                figures.extend([("width", (*width).into()), ("height", (*height).into())]);
                figures.insert("max", (max / 1_000_000).into());
            }
            Self::NotTaken { why: Unfit::TooManyFrames { frames }, .. } => {
                figures.insert("frames", (*frames).into());
            }
            Self::NotTaken {
                why: Unfit::Broken { mime } | Unfit::Telling { mime } | Unfit::Other { mime }, ..
            } => {
                figures.insert("mime", (*mime).into());
            }
            _ => {}
        }
        figures
    }

    fn file(&self) -> Option<&Path> {
        match self {
            Self::Unreadable { file, .. }
            | Self::NotAFile { file }
            | Self::NotTaken { file, .. }
            | Self::NoAlt { file }
            | Self::TooLarge { file, .. } => Some(file),
            Self::NotKept { .. } => None,
        }
    }
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
