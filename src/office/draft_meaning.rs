//! What a draft means: the post that it would become, and the draft that a post is edited in.

use std::collections::HashSet;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use vestnik_contract::text::is_blank;
use vestnik_contract::{Media, MediaKind};

use super::typed::{Asked, followers};
use super::{Office, OfficeError, PostWay, Standing};
use crate::config::Organisation;
use crate::domain::content::file_place;
use crate::domain::draft::{DraftContent, DraftMedia, DraftRefusal};
use crate::domain::wall_time::{self, local};
use crate::domain::{DraftId, State};
use crate::post_file::{MediaEntry, PostFile, Problem, ResolvedPost};
use crate::store::{Becomes, Draft, PostView, StoreError};

/// How browsers write a moment into `datetime-local`.
pub(super) const DATETIME_LOCAL: &str = "%Y-%m-%dT%H:%M";

impl Office {
    /// What a draft would become if it were queued now, or everything that keeps it from that.
    pub async fn draft_becomes(&self, draft: &Draft, by: &str, now: DateTime<Utc>) -> Result<Becomes, OfficeError> {
        let organisation = self.organisation(Some(&draft.organisation))?;
        let Some(post) = draft.edits else {
            let (resolved, media) = self.meant(organisation, &draft.content, None, now).await?;
            let new = self.new_post(organisation, resolved, media, asked(draft.id, by), now).await?;
            return Ok(Becomes::Post(Box::new(new)));
        };
        let before = self.store.post_view(post).await?;
        let (resolved, media) = self.meant(organisation, &draft.content, Some(&before), now).await?;
        Ok(Becomes::Revision(Box::new(self.new_revision(organisation, &before, resolved, media, by).await?)))
    }

    async fn meant(
        &self,
        organisation: &Organisation,
        content: &DraftContent,
        before: Option<&PostView>,
        now: DateTime<Utc>,
    ) -> Result<(ResolvedPost, Vec<Media>), OfficeError> {
        let mut content = content.clone();
        if let Some(before) = before {
            // An edit changes what a post says, not where it goes; nor when, once it is out.
            content.channels = configured(organisation, followers(before));
            if !may_move(before) {
                content.at.clear();
            }
        }
        if has_passed(&content.at, organisation.zone, now) {
            return Err(StoreError::from(DraftRefusal::TimePassed).into());
        }
        let missing = self.missing_files(&content).await?;
        match self.resolved(file(organisation, &content), organisation, now) {
            Ok(resolved) if missing.is_empty() => Ok((resolved, content.media.iter().map(DraftMedia::media).collect())),
            Ok(_) => Err(OfficeError::Problems(missing)),
            Err(mut problems) => {
                problems.extend(missing);
                Err(OfficeError::Problems(problems))
            }
        }
    }

    /// Whether a draft names a time that is over, and needs another one.
    pub(super) async fn names_the_past(&self, draft: &Draft, now: DateTime<Utc>) -> Result<bool, OfficeError> {
        let zone = self.organisation(Some(&draft.organisation))?.zone;
        if !has_passed(&draft.content.at, zone, now) {
            return Ok(false);
        }
        let Some(post) = draft.edits else { return Ok(true) };
        Ok(may_move(&self.store.post_view(post).await?))
    }

    /// What is wrong with the files of a draft: a picture without a text alternative, a copy that is gone.
    pub(super) async fn missing_files(&self, content: &DraftContent) -> Result<Vec<Problem>, OfficeError> {
        let (media, dir) = (content.media.clone(), self.config.media.dir.clone());
        let look = move || {
            let mut problems = Vec::new();
            for (index, file) in media.iter().enumerate() {
                let mut wrong = |code, field: &str, problem: String| {
                    let problem = Problem::new(code, format!("media[{index}]{field}"), problem);
                    problems.push(problem.with("name", file.name.as_str()));
                };
                if file.kind == MediaKind::Picture && is_blank(&file.alt) {
                    let name = &file.name;
                    wrong(
                        "file-no-alt",
                        ".alt",
                        format!("the picture {name} has no text alternative; say what it shows"),
                    );
                }
                let is_kept = std::fs::metadata(file_place(&dir, &file.sha256)).is_ok_and(|m| m.len() == file.bytes);
                if !is_kept {
                    wrong(
                        "file-gone",
                        "",
                        format!("the file {} is not in the media folder any more; add it again", file.name),
                    );
                }
            }
            problems
        };
        tokio::task::spawn_blocking(look).await.map_err(|e| OfficeError::BrokenOff(e.to_string()))
    }

    /// What a post says now, to be edited.
    pub(super) fn edited_content(&self, organisation: &Organisation, post: &PostView) -> DraftContent {
        let now = self.clock.now();
        let typed = |at: DateTime<Utc>| typed(at, organisation.zone);
        let ahead = |at: Option<DateTime<Utc>>| at.filter(|at| *at > now).map(typed);
        let open =
            post.deliveries.iter().map(|d| &d.delivery).filter(|d| {
                !d.is_primary && !matches!(d.state, State::Published | State::Withdrawn | State::Cancelled)
            });
        DraftContent {
            expires_at: ahead(post.expires_at).unwrap_or_default(),
            channels: configured(organisation, followers(post)),
            not_before: open.filter_map(|d| Some((d.channel.clone(), ahead(d.not_before)?))).collect(),
            ..DraftContent::of(&post.content)
        }
        .tidied()
    }
}

/// A moment as the composer has it.
pub(super) fn typed(at: DateTime<Utc>, zone: Tz) -> String {
    local(at, zone).format(DATETIME_LOCAL).to_string()
}

/// The key under which a draft is queued: its own, so that it is queued once.
fn asked(id: DraftId, by: &str) -> Asked {
    use sha2::{Digest as _, Sha256};
    let key = format!("draft:{id}");
    Asked { request_sha256: hex::encode(Sha256::digest(&key)), key: Some(key), by: by.into() }
}

/// Whether a post may still get another time.
pub(super) fn may_move(post: &PostView) -> bool {
    Standing::of_view(post).post_ways().contains(&PostWay::Move)
}

/// Whether a typed moment is over. What cannot be read is told elsewhere.
pub(super) fn has_passed(at: &str, zone: Tz, now: DateTime<Utc>) -> bool {
    !at.is_empty() && matches!(wall_time::instant(at, zone, now), Err(wall_time::WallTimeError::Past { .. }))
}

fn configured(organisation: &Organisation, slugs: Vec<String>) -> Vec<String> {
    slugs.into_iter().filter(|slug| organisation.followers().any(|channel| channel.slug == *slug)).collect()
}

/// The draft as a post file would say it. What was typed for channels that it does not go to means nothing.
pub(super) fn file(organisation: &Organisation, content: &DraftContent) -> PostFile {
    let filled = |text: &String| (!text.is_empty()).then(|| text.clone());
    let primary = &organisation.primary().slug;
    let channels: HashSet<&String> = content.channels.iter().collect();
    let goes_to = |slug: &String| channels.contains(slug);
    let mut not_before = content.not_before.clone();
    not_before.retain(|slug, _| goes_to(slug));
    let mut overrides = content.overrides.clone();
    overrides.retain(|slug, _| slug == primary || goes_to(slug));
    let entry = |file: &DraftMedia| MediaEntry { path: PathBuf::from(&file.sha256), alt: file.alt.clone() };
    PostFile {
        title: content.title.clone(),
        body: content.body.clone(),
        at: filled(&content.at),
        link: filled(&content.link),
        tags: content.tag_list(),
        media: content.media.iter().map(entry).collect(),
        // Where a file names nobody it means everybody; a draft says what it means.
        channels: if content.channels.is_empty() { vec![primary.clone()] } else { content.channels.clone() },
        not_before,
        overrides,
        expires_at: filled(&content.expires_at),
    }
}

/// The same with what was typed for channels that are not chosen, and may be yet.
pub(super) fn as_typed(organisation: &Organisation, content: &DraftContent) -> PostFile {
    PostFile {
        not_before: content.not_before.clone(),
        overrides: content.overrides.clone(),
        ..file(organisation, content)
    }
}
