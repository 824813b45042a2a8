//! What an office knows of a post that it queued.

use vestnik_sandbox::town::Platform;

/// A post, and what has to be seen of it in the end.
#[derive(Debug, Clone)]
pub struct Queued {
    /// What all its headlines begin with, and those of no other post.
    pub name: String,
    /// The newest text.
    pub revision: u32,
    /// How many pictures the newest text has.
    pub pictures: usize,
    pub organisation: String,
    pub platforms: Vec<Platform>,
    pub word: Word,
}

/// What the office said of a post last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Word {
    /// It stands on all its channels.
    Goes,
    /// What is not out does not go out.
    Cancelled,
    /// It stands nowhere.
    Withdrawn,
}

/// Between a post's name and the number of its text.
const REVISION: &str = ", редакция ";

/// The headline of a post's text; the first text has the name alone.
pub fn headline(name: &str, revision: u32) -> String {
    if revision > 1 { format!("{name}{REVISION}{revision}") } else { name.to_owned() }
}

/// The name of the post that a headline is of.
pub fn name_of(headline: &str) -> &str {
    headline.split_once(REVISION).map_or(headline, |(name, _)| name)
}

impl Queued {
    /// A post of the first organisation, with text alone.
    pub fn new(name: impl Into<String>, platforms: &[Platform]) -> Self {
        Self {
            name: name.into(),
            revision: 1,
            pictures: 0,
            organisation: "gorod".into(),
            platforms: platforms.to_vec(),
            word: Word::Goes,
        }
    }

    /// The headline of the newest text.
    pub fn headline(&self) -> String {
        headline(&self.name, self.revision)
    }
}
