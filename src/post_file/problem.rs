//! What is wrong with a post as it was typed: a name that stays, figures, and an English sentence.

use std::fmt;

use vestnik_contract::{Figure, Figures};

use crate::config;
use crate::domain::wall_time::WallTimeError;

/// One thing that was typed and cannot be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Its kind: words in other languages stand under this name ([`Problem::CODES`]).
    pub code: &'static str,
    /// The key or line: `title`, `tags[0]`, `not_before.gorod-vk`, `line 3`.
    pub key: String,
    /// What is wrong there and what is allowed, in English.
    pub problem: String,
    /// The figures and names by themselves.
    pub figures: Figures,
}

impl Problem {
    /// Every kind that a post can have which was not read from a file.
    pub const CODES: [&'static str; 26] = [
        "title-empty",
        "title-lines",
        "text-empty",
        "control-character",
        "channel-unknown",
        "channel-ambiguous",
        "channel-primary",
        "channel-not-chosen",
        "time-for-two",
        "text-for-two",
        "override-empty",
        "expires-too-early",
        "expires-before-followers",
        "expires-before-not-before",
        "link-not-web",
        "tag-not-one",
        "file-no-alt",
        "file-gone",
        "time-unreadable",
        "time-skipped",
        "time-twice",
        "time-past",
        "text-too-long",
        "too-many-tags",
        "too-many-files",
        "too-many-channels",
    ];

    /// A problem; figures follow with [`Problem::with`].
    pub fn new(code: &'static str, key: impl Into<String>, problem: impl Into<String>) -> Self {
        Self { code, key: key.into(), problem: problem.into(), figures: Figures::new() }
    }

    /// The same with a figure.
    #[must_use]
    pub fn with(mut self, name: &'static str, figure: impl Into<Figure>) -> Self {
        self.figures.insert(name, figure.into());
        self
    }

    /// What is wrong with a time.
    pub fn of_time(key: impl Into<String>, error: &WallTimeError) -> Self {
        Self { figures: error.figures(), ..Self::new(error.code(), key, error.to_string()) }
    }
}

/// What is wrong with the file around a post: only who wrote the file sees it, in English.
impl From<config::Problem> for Problem {
    fn from(config::Problem { key, problem }: config::Problem) -> Self {
        Self::new("post-file", key, problem)
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.key, self.problem)
    }
}
