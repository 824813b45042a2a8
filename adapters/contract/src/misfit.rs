//! Why a post does not fit a platform: a name that stays, figures, and an English sentence for terminals and programs.

use serde::Serialize;

use crate::codes::codes;
use crate::figure::{Figure, Figures};

codes! {
    /// The kinds of misfits. Words in other languages stand under these names.
    MisfitCode {
        /// `length` of `max`, `over` by so much.
        TextTooLong = "text-too-long",
        /// There is no headline.
        TitleMissing = "title-missing",
        /// `length` of `max`, `over` by so much.
        TitleTooLong = "title-too-long",
        /// `link` is no address of the web.
        LinkNotWeb = "link-not-web",
        /// `length` of `max`.
        LinkTooLong = "link-too-long",
        /// Beside `link` there is `other` in the text.
        SecondLink = "second-link",
        /// `count` of `max`, `over` by so much.
        TooManyPictures = "too-many-pictures",
        /// `count` of `max`, `over` by so much.
        TooManyDocuments = "too-many-documents",
        /// The platform takes none.
        NoDocuments = "no-documents",
        /// The channel has no token that may upload them.
        PicturesNeedToken = "pictures-need-token",
        /// The channel has no token that may upload one.
        DocumentsNeedToken = "documents-need-token",
        /// The platform takes a document alone.
        DocumentBesidePictures = "document-beside-pictures",
        /// `name` is a film.
        Film = "film",
        /// `name` is `mime`; taken are `types`.
        PictureType = "picture-type",
        /// `name` has `bytes` of `max`.
        FileTooLarge = "file-too-large",
        /// `name` is `width` by `height`; a side may have `max`.
        PictureSide = "picture-side",
        /// `name` is `width` by `height`; together they may have `max`.
        PictureSides = "picture-sides",
        /// `name` is `width` by `height`; one side may be `max` times the other.
        PictureRatio = "picture-ratio",
        /// `name` is a picture that nobody described.
        NoAlt = "no-alt",
        /// `name` ends in `ending`, which is refused.
        DocumentType = "document-type",
        /// Text, pictures and link make `count` parts of `max`.
        TooManyParts = "too-many-parts",
        /// Everything together has `bytes` of `max`.
        RequestTooLarge = "request-too-large",
    }
}

/// One reason why a post does not fit a platform, with the figures and the way out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Misfit {
    /// Its kind.
    pub code: MisfitCode,
    /// What does not fit: `title`, `text`, `link`, `media`, or one file, counted from 0, as in `media[2]`.
    pub field: String,
    /// The limit and the actual figure, in English.
    pub problem: String,
    /// What to change, in English.
    pub todo: String,
    /// The figures and names by themselves.
    pub figures: Figures,
}

impl Misfit {
    /// A misfit; figures follow with [`Misfit::with`].
    pub fn new(
        code: MisfitCode,
        field: impl Into<String>,
        problem: impl Into<String>,
        todo: impl Into<String>,
    ) -> Self {
        Self { code, field: field.into(), problem: problem.into(), todo: todo.into(), figures: Figures::new() }
    }

    /// The same with a figure.
    #[must_use]
    pub fn with(mut self, name: &'static str, figure: impl Into<Figure>) -> Self {
        self.figures.insert(name, figure.into());
        self
    }

    /// The same with a figure that is too high, its limit, and by how much it is over.
    #[must_use]
    pub fn over(self, name: &'static str, there: usize, max: usize) -> Self {
        self.with(name, there).with("max", max).with("over", there.saturating_sub(max))
    }

    /// The same with a size that is too large, and its limit.
    #[must_use]
    pub fn heavy(self, bytes: u64, max: u64) -> Self {
        self.with("bytes", Figure::Bytes(bytes)).with("max", Figure::Bytes(max))
    }

    /// The same with the pixels of a picture, and the limit that they are over.
    #[must_use]
    pub fn wide(self, (width, height): (u32, u32), max: u32) -> Self {
        self.with("width", width).with("height", height).with("max", max)
    }
}

impl std::fmt::Display for Misfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}; {}", self.field, self.problem, self.todo)
    }
}
