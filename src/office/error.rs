//! Why an action was refused, for the person who asked.

use std::path::PathBuf;

use vestnik_contract::Misfit;

use super::OfficeRefusal;
use crate::config::ConfigError;
use crate::domain::schedule::NotMoved;
use crate::domain::wall_time::WallTimeError;
use crate::media::MediaError;
use crate::platforms::OpenError;
use crate::post_file::{PostFileError, Problem};
use crate::release::ResolveError;
use crate::store::StoreError;

/// A channel that does not take the post as it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelMisfit {
    /// The channel.
    pub channel: String,
    /// What does not fit, with what to change.
    pub misfit: Misfit,
}

impl std::fmt::Display for ChannelMisfit {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}: {}", self.channel, self.misfit)
    }
}

/// An action that did not happen. Nothing is half done.
#[derive(Debug, thiserror::Error)]
pub enum OfficeError {
    /// The configuration.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// A channel's adapter cannot be made.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The post file cannot be read.
    #[error(transparent)]
    PostFile(#[from] PostFileError),
    /// The post file says what cannot be.
    #[error("{}:{}", .file.display(), lines(.problems))]
    Post {
        /// The file.
        file: PathBuf,
        /// Everything that was found.
        problems: Vec<Problem>,
    },
    /// What was typed cannot be.
    #[error("{}", lines(.0).trim_start())]
    Problems(Vec<Problem>),
    /// A file of the post cannot be taken.
    #[error("{}", lines(.0).trim_start())]
    Media(Vec<MediaError>),
    /// Channels do not take the post.
    #[error("nothing was queued, because it does not fit everywhere:{}", lines(.0))]
    Misfits(Vec<ChannelMisfit>),
    /// What was typed is no time, or none that is of use.
    #[error(transparent)]
    Time(#[from] WallTimeError),
    /// A person's word does not agree with what is seen.
    #[error(transparent)]
    Resolve(ResolveError),
    /// The action makes no sense as it was asked.
    #[error(transparent)]
    Refused(#[from] OfficeRefusal),
    /// Work that was done aside (looking at files, drawing a post) did not come to its end.
    #[error("a part of the work broke off: {0}")]
    BrokenOff(String),
}

impl OfficeError {
    /// Whether someone else was there in between: looking again may settle it.
    pub fn is_conflict(&self) -> bool {
        match self {
            Self::Store(StoreError::Draft(why)) => why.is_conflict(),
            Self::Store(StoreError::NotMoved(why)) => matches!(why, NotMoved::MovedMeanwhile { .. }),
            Self::Store(error) => matches!(error, StoreError::Overtaken),
            _ => false,
        }
    }

    pub(super) fn in_file(path: &std::path::Path, problems: Vec<Problem>) -> Self {
        Self::Post { file: path.to_owned(), problems }
    }
}

impl From<ResolveError> for OfficeError {
    fn from(error: ResolveError) -> Self {
        match error {
            ResolveError::Store(error) => Self::Store(error),
            told => Self::Resolve(told),
        }
    }
}

fn lines<T: std::fmt::Display>(items: &[T]) -> String {
    items.iter().map(|item| format!("\n  {item}")).collect()
}
