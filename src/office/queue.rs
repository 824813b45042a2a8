//! Queueing a post file: read, resolved, its files taken in, tried against every channel's limits, then queued whole.

use std::path::Path;

use vestnik_contract::Media;

use super::request::{Door, RequestHash, RequestedFile};
use super::typed::Asked;
use super::{Office, OfficeError};
use crate::config::Organisation;
use crate::media;
use crate::post_file::{MediaEntry, PostFile};
use crate::store::Queued;

/// What goes with a post file.
#[derive(Debug, Clone, Default)]
pub struct QueueOptions {
    /// The organisation, when there are several.
    pub organisation: Option<String>,
    /// When, instead of the file's `at`, as people type it.
    pub at: Option<String>,
    /// The followers, instead of the file's `channels`.
    pub channels: Vec<String>,
    /// The caller's idempotency key.
    pub key: Option<String>,
    /// Who.
    pub by: String,
}

impl Office {
    /// Queues a post file: all of it, or nothing.
    pub async fn queue(&self, path: &Path, options: QueueOptions) -> Result<Queued, OfficeError> {
        let now = self.clock.now();
        let organisation = self.organisation(options.organisation.as_deref())?;
        let mut file = PostFile::load(path)?;
        if !options.channels.is_empty() {
            file.channels = options.channels;
        }
        if let Some(at) = options.at {
            file.at = Some(at);
        }
        // As asked, before "now" is filled in: a repeated command is the same request.
        let typed = file.clone();
        // A key that was used answers for itself: what was a good time then may have passed since.
        if let Some(key) = options.key.as_deref()
            && self.store.knows_key(&organisation.slug, key).await?
        {
            let media = self.take_media(&file.media).await?;
            let request = asked_for(organisation, &typed, &media)?;
            let before = self.store.queued_before(&organisation.slug, key, &request.all()).await?;
            if let Some(queued) = before {
                return Ok(queued);
            }
        }
        let post = self.resolved(file, organisation, now).map_err(|problems| OfficeError::in_file(path, problems))?;
        let media = self.take_media(&post.media).await?;
        let request_sha256 = asked_for(organisation, &typed, &media)?.sha256;
        let asked = Asked { key: options.key, request_sha256, by: options.by };
        let new = self.new_post(organisation, post, media, asked, now).await?;
        Ok(self.store.queue_post(new, now).await?)
    }

    pub(super) async fn take_media(&self, entries: &[MediaEntry]) -> Result<Vec<Media>, OfficeError> {
        let (entries, settings) = (entries.to_vec(), self.config.media.clone());
        let taken = tokio::task::spawn_blocking(move || {
            entries.iter().map(|entry| media::take(entry, &settings)).collect::<Vec<_>>()
        })
        .await
        .map_err(|e| OfficeError::BrokenOff(e.to_string()))?;
        let (mut media, mut problems) = (Vec::new(), Vec::new());
        for file in taken {
            match file {
                Ok(file) => media.push(file),
                Err(problem) => problems.push(problem),
            }
        }
        if !problems.is_empty() {
            return Err(OfficeError::Media(problems));
        }
        Ok(media)
    }
}

/// Files are told by their content, from whatever folder they were named.
fn asked_for(organisation: &Organisation, typed: &PostFile, media: &[Media]) -> Result<RequestHash, OfficeError> {
    let files: Vec<_> =
        media.iter().map(|Media { sha256, alt, .. }| RequestedFile { sha256, name: None, alt }).collect();
    RequestHash::of(Door::PostFile, &organisation.slug, typed, &files)
}
