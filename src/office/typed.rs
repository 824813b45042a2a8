//! What post files and drafts have in common once they are read: their meaning, their fit, and what becomes of them.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use vestnik_contract::Media;

use super::{ChannelMisfit, Office, OfficeError, OfficeRefusal, aside};
use crate::config::Organisation;
use crate::domain::PostContent;
use crate::domain::content::PrimaryUrl;
use crate::post_file::{OrganisationView, PostFile, Problem, ResolvedPost, resolve};
use crate::release::compose;
use crate::store::{Edit, NewPost, PostView};

/// Under what name a post is asked for.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    /// The idempotency key.
    pub key: Option<String>,
    /// SHA-256 of everything asked for.
    pub request_sha256: String,
    /// Who.
    pub by: String,
}

impl Office {
    /// What was typed means this, or everything that is wrong with it.
    pub(super) fn resolved(
        &self,
        file: PostFile,
        organisation: &Organisation,
        now: DateTime<Utc>,
    ) -> Result<ResolvedPost, Vec<Problem>> {
        resolve(file, &OrganisationView::of(organisation, self.config.hold), now)
    }

    /// A post to be queued, tried against every channel that it goes to.
    pub(super) async fn new_post(
        &self,
        organisation: &Organisation,
        post: ResolvedPost,
        media: Vec<Media>,
        asked: Asked,
        now: DateTime<Utc>,
    ) -> Result<NewPost, OfficeError> {
        let content = content(&post, media);
        self.fits(organisation, &post.followers, &content).await?;
        let at = post.at.unwrap_or(now);
        let not_before = |slug: String| {
            let at = post.not_before.get(&slug).copied();
            (slug, at)
        };
        Ok(NewPost {
            organisation: organisation.slug.clone(),
            primary: organisation.primary().slug.clone(),
            followers: post.followers.into_iter().map(not_before).collect(),
            at,
            expires_at: post.expires_at,
            key: asked.key,
            request_sha256: asked.request_sha256,
            by: asked.by,
            hold: self.config.hold,
            content,
        })
    }

    /// A post's new content, tried against every channel that the post went to.
    pub(super) async fn new_revision(
        &self,
        organisation: &Organisation,
        before: &PostView,
        post: ResolvedPost,
        media: Vec<Media>,
        by: &str,
    ) -> Result<Edit, OfficeError> {
        let content = content(&post, media);
        self.fits(organisation, &followers(before), &content).await?;
        Ok(Edit {
            post: before.id,
            content,
            at: post.at,
            expires_at: post.expires_at,
            not_before: post.not_before,
            hold: self.config.hold,
            seen: None,
            by: by.into(),
        })
    }

    /// Tries the content against the primary and the followers; tells every misfit of every channel at once.
    async fn fits(
        &self,
        organisation: &Organisation,
        followers: &[String],
        content: &PostContent,
    ) -> Result<(), OfficeError> {
        let slugs = std::iter::once(&organisation.primary().slug).chain(followers);
        let channels: Vec<_> = slugs.filter_map(|slug| self.channels.get(slug).map(Arc::clone)).collect();
        let content = content.clone();
        let tried = move || {
            let mut misfits = Vec::new();
            for channel in channels {
                let found = compose(&channel, &content, PrimaryUrl::NotYet).err().unwrap_or_default();
                let channel = &channel.slug;
                misfits.extend(found.into_iter().map(|misfit| ChannelMisfit { channel: channel.clone(), misfit }));
            }
            misfits
        };
        let misfits = aside(tried).await?;
        if misfits.is_empty() { Ok(()) } else { Err(OfficeError::Misfits(misfits)) }
    }
}

/// The channels that a post goes to besides the primary.
pub(super) fn followers(post: &PostView) -> Vec<String> {
    let followers = post.deliveries.iter().filter(|d| !d.delivery.is_primary);
    followers.map(|d| d.delivery.channel.clone()).collect()
}

/// Refuses an edit that names other channels than those that the post went to.
pub(super) fn must_go_where_it_went(before: &PostView, named: &ResolvedPost) -> Result<(), OfficeError> {
    let (mut now_named, mut then) = (named.followers.clone(), followers(before));
    now_named.sort();
    then.sort();
    if now_named == then {
        return Ok(());
    }
    Err(OfficeRefusal::OtherChannels { post: before.id, channels: then.join(", ") }.into())
}

fn content(post: &ResolvedPost, media: Vec<Media>) -> PostContent {
    PostContent {
        title: post.title.clone(),
        body: post.body.clone(),
        link: post.link.clone(),
        tags: post.tags.clone(),
        media,
        overrides: post.overrides.clone(),
    }
}
