//! What a program asks for through the program interface: the same as a post file, with files that were uploaded before.

use vestnik_contract::text::is_blank;
use vestnik_contract::{Media, MediaKind};

use super::request::{Door, RequestHash, RequestedFile};
use super::typed::{Asked, must_go_where_it_went};
use super::{Office, OfficeError};
use crate::config::Organisation;
use crate::domain::draft::DraftMedia;
use crate::post_file::{PostFile, Problem, too_many_files};
use crate::store::{AsSeen, Queued};

/// A post as a program asks for it.
#[derive(Debug, Clone)]
pub struct ProgramPost {
    /// Everything but the files.
    pub typed: PostFile,
    /// The files, by their hash.
    pub files: Vec<DraftMedia>,
}

impl Office {
    /// Queues it, once per key.
    pub async fn queue_for_program(
        &self,
        organisation: &Organisation,
        post: ProgramPost,
        key: Option<String>,
        by: &str,
    ) -> Result<Queued, OfficeError> {
        let now = self.clock.now();
        let request = asked_for(organisation, &post)?;
        // A key that was used answers for itself: what was a good time then may have passed since.
        if let Some(key) = key.as_deref()
            && let Some(queued) = self.store.queued_before(&organisation.slug, key, &request.all()).await?
        {
            return Ok(queued);
        }
        let media = self.uploaded(organisation, post.files).await?;
        let resolved = self.resolved(post.typed, organisation, now).map_err(OfficeError::Problems)?;
        let asked = Asked { key, request_sha256: request.sha256, by: by.into() };
        let new = self.new_post(organisation, resolved, media, asked, now).await?;
        Ok(self.store.queue_post(new, now).await?)
    }

    /// Gives a post new content; gives the number of the revision.
    pub async fn edit_for_program(
        &self,
        which: impl Into<AsSeen>,
        post: ProgramPost,
        by: &str,
    ) -> Result<u32, OfficeError> {
        let AsSeen { post: id, mark } = which.into();
        let before = self.store.post_view(id).await?;
        let organisation = self.organisation(Some(&before.organisation))?;
        let media = self.uploaded(organisation, post.files).await?;
        let now = self.clock.now();
        let names_channels = !post.typed.channels.is_empty();
        let resolved = self.resolved(post.typed, organisation, now).map_err(OfficeError::Problems)?;
        if names_channels {
            must_go_where_it_went(&before, &resolved)?;
        }
        let mut edit = self.new_revision(organisation, &before, resolved, media, by).await?;
        edit.seen = mark;
        Ok(self.store.edit_post(edit, now).await?)
    }

    async fn uploaded(&self, organisation: &Organisation, files: Vec<DraftMedia>) -> Result<Vec<Media>, OfficeError> {
        if let Some(too_many) = too_many_files(files.len()) {
            return Err(OfficeError::Problems(vec![too_many]));
        }
        let mut problems = Vec::new();
        let known = self.known_files(&organisation.slug, files.clone()).await?;
        for (index, file) in files.iter().enumerate() {
            let mut wrong = |code, problem: String| {
                problems.push(Problem::new(code, format!("media[{index}]"), problem).with("name", file.name.as_str()));
            };
            match known.iter().find(|found| found.sha256 == file.sha256) {
                None => wrong(
                    "file-gone",
                    format!("`{}` was not uploaded for {}; upload it first", file.sha256, organisation.slug),
                ),
                Some(found) if found.kind == MediaKind::Picture && is_blank(&file.alt) => {
                    wrong("file-no-alt", "the picture has no text alternative; say in `alt` what it shows".into());
                }
                Some(_) => {}
            }
        }
        if problems.is_empty() {
            Ok(known.iter().map(DraftMedia::media).collect())
        } else {
            Err(OfficeError::Problems(problems))
        }
    }
}

fn asked_for(organisation: &Organisation, post: &ProgramPost) -> Result<RequestHash, OfficeError> {
    let files: Vec<_> = post
        .files
        .iter()
        .map(|DraftMedia { sha256, name, alt, .. }| RequestedFile { sha256, name: Some(name), alt })
        .collect();
    RequestHash::of(Door::Program, &organisation.slug, &post.typed, &files)
}
