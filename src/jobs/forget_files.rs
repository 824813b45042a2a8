//! Forgets files that were brought and that nothing names: no draft, no post.

use std::io;

use chrono::TimeDelta;

use super::Jobs;
use crate::media;
use crate::store::StoreError;

/// So many files are asked about at a time.
const AT_ONCE: usize = 500;

/// Why files that nothing names are still there.
#[derive(Debug, thiserror::Error)]
pub enum ForgetFilesError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// The media folder.
    #[error("the media folder: {0}; let vestnik write to it")]
    Folder(#[from] io::Error),
}

/// Forgets files that were brought a week ago and that no draft and no post names. Whose they are is forgotten first;
/// what nobody has is removed when this runs next: a person may be naming one of them at this very moment.
pub async fn forget_files(jobs: &Jobs) -> Result<(), ForgetFilesError> {
    let dir = jobs.media_dir.clone();
    let old = blocking(move || media::long_unnamed(&dir)).await?;
    let mut removed = 0;
    for some in old.chunks(AT_ONCE) {
        let unknown = jobs.store.unknown_files(some).await?;
        if !unknown.is_empty() {
            let dir = jobs.media_dir.clone();
            removed += blocking(move || media::remove_unnamed(&dir, &unknown)).await?;
        }
    }
    if removed > 0 {
        tracing::info!(files = removed, "files that nothing names were removed");
    }
    let week = TimeDelta::from_std(media::KEPT_UNNAMED).unwrap_or(TimeDelta::MAX);
    // Before the beginning of time nothing was brought.
    if let Some(before) = jobs.clock.now().checked_sub_signed(week) {
        jobs.store.forget_unnamed_files(before).await?;
    }
    Ok(())
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> io::Result<T> + Send + 'static) -> io::Result<T> {
    tokio::task::spawn_blocking(work).await.map_err(io::Error::other)?
}
