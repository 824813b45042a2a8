//! Queueing a post file: read, resolved, its files taken in, tried against every channel's limits, then queued whole.

use std::path::Path;

use sha2::{Digest as _, Sha256};
use vestnik_contract::Media;

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
        // The request as asked, before "now" is filled in: a repeated command is the same request.
        let request = request(organisation, &file);
        // A key that was used answers for itself: what was a good time then may have passed since.
        if let Some(key) = options.key.as_deref()
            && self.store.knows_key(&organisation.slug, key).await?
        {
            let media = self.take_media(&file.media).await?;
            let before = self.store.queued_before(&organisation.slug, key, &asked_for(&request, &media)).await?;
            if let Some(queued) = before {
                return Ok(queued);
            }
        }
        let post = self.resolved(file, organisation, now).map_err(|problems| OfficeError::in_file(path, problems))?;
        let media = self.take_media(&post.media).await?;
        let asked = Asked { key: options.key, request_sha256: asked_for(&request, &media), by: options.by };
        let new = self.new_post(organisation, post, media, asked, now)?;
        Ok(self.store.queue_post(new, now).await?)
    }

    pub(super) async fn take_media(&self, entries: &[MediaEntry]) -> Result<Vec<Media>, OfficeError> {
        let (entries, settings) = (entries.to_vec(), self.config.media.clone());
        let taken = tokio::task::spawn_blocking(move || {
            entries.iter().map(|entry| media::take(entry, &settings)).collect::<Vec<_>>()
        })
        .await
        .map_err(|e| OfficeError::Refused(format!("the files could not be read: {e}")))?;
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

/// Everything that is asked for but the files: they are told by their content, from whatever folder they were named.
fn request(organisation: &Organisation, file: &PostFile) -> String {
    let file = PostFile { media: Vec::new(), ..file.clone() };
    hex::encode(Sha256::digest(format!("{} {file:?}", organisation.slug)))
}

/// The hash of everything asked for, with the files as they are.
fn asked_for(request: &str, media: &[Media]) -> String {
    let files: String = media.iter().map(|m| format!("{} {};", m.sha256, m.alt)).collect();
    hex::encode(Sha256::digest(format!("{request} {files}")))
}
