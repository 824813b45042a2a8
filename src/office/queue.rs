//! Queueing a post file: read, resolved, its files taken in, tried against every channel's limits, then queued whole.

use std::path::Path;

use chrono::{DateTime, Utc};
use sha2::{Digest as _, Sha256};
use vestnik_contract::Media;

use super::{ChannelMisfit, Office, OfficeError};
use crate::config::Organisation;
use crate::domain::PostContent;
use crate::domain::content::PrimaryUrl;
use crate::media;
use crate::post_file::{MediaEntry, OrganisationView, PostFile, ResolvedPost, resolve};
use crate::release::compose;
use crate::store::{NewPost, Queued};

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
        let post = self.resolved(path, file, organisation, now)?;
        let content = self.content(&post).await?;
        self.fits(organisation, &post.followers, &content)?;
        let at = post.at.unwrap_or(now);
        if post.expires_at.is_some_and(|t| t <= at) {
            return Err(OfficeError::Refused("expires_at is not after the time of publication; make it later".into()));
        }
        let new = NewPost {
            organisation: organisation.slug.clone(),
            primary: organisation.primary().slug.clone(),
            followers: post
                .followers
                .into_iter()
                .map(|f| {
                    let t = post.not_before.get(&f).copied();
                    (f, t)
                })
                .collect(),
            at,
            expires_at: post.expires_at,
            key: options.key,
            request_sha256: asked_for(&request, &content.media),
            by: options.by,
            hold: self.config.hold,
            content,
        };
        Ok(self.store.queue_post(new, now).await?)
    }

    pub(super) fn resolved(
        &self,
        path: &Path,
        file: PostFile,
        organisation: &Organisation,
        now: DateTime<Utc>,
    ) -> Result<ResolvedPost, OfficeError> {
        resolve(file, &OrganisationView::of(organisation, self.config.hold), now)
            .map_err(|problems| OfficeError::Post { file: path.to_owned(), problems })
    }

    /// Takes the files in and makes the content.
    pub(super) async fn content(&self, post: &ResolvedPost) -> Result<PostContent, OfficeError> {
        let media = self.take_media(&post.media).await?;
        Ok(PostContent {
            title: post.title.clone(),
            body: post.body.clone(),
            link: post.link.clone(),
            tags: post.tags.clone(),
            media,
            overrides: post.overrides.clone(),
        })
    }

    async fn take_media(&self, entries: &[MediaEntry]) -> Result<Vec<Media>, OfficeError> {
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

    /// Tries the content against the primary and the followers; tells every misfit of every channel at once.
    pub(super) fn fits(
        &self,
        organisation: &Organisation,
        followers: &[String],
        content: &PostContent,
    ) -> Result<(), OfficeError> {
        let mut misfits = Vec::new();
        for slug in std::iter::once(&organisation.primary().slug).chain(followers) {
            let Some(channel) = self.channels.get(slug) else { continue };
            if let Err(found) = compose(channel, content, PrimaryUrl::NotYet) {
                misfits.extend(found.into_iter().map(|misfit| ChannelMisfit { channel: slug.clone(), misfit }));
            }
        }
        if misfits.is_empty() { Ok(()) } else { Err(OfficeError::Misfits(misfits)) }
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
