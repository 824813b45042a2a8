//! Drafts: what people do with a post before it is queued. Who may do it is asked by the caller (`Deed::Write`,
//! `Deed::Approve`); that nobody approves their own words is asked here, by the store.

use chrono::{DateTime, Utc};
use vestnik_contract::text::is_blank;

use super::draft_meaning::DATETIME_LOCAL;
use super::{Office, OfficeError, OfficeRefusal, draft_meaning};
use crate::config::Approval;
use crate::domain::draft::{DraftContent, DraftRefusal, DraftState};
use crate::domain::schedule::NotMoved;
use crate::domain::wall_time::{self, WallTimeError, local};
use crate::domain::{DraftId, PostId};
use crate::post_file::too_much;
use crate::store::{Began, Draft, NewDraft, PostView, REMARK_CHARS_MAX, Saved, StoreError, given_times};

impl Office {
    /// Keeps a new draft. Sent twice it is made once.
    pub async fn make_draft(&self, new: NewDraft) -> Result<(DraftId, Saved), OfficeError> {
        self.organisation(Some(&new.organisation))?;
        let content = self.kept(&new.organisation, new.content).await?;
        Ok(self.store.make_draft(NewDraft { content, ..new }, self.clock.now()).await?)
    }

    /// Keeps what was changed in version `known` of a draft.
    pub async fn save_draft(
        &self,
        draft: &Draft,
        known: u32,
        content: DraftContent,
        by: &str,
    ) -> Result<Saved, OfficeError> {
        let content = self.kept(&draft.organisation, content).await?;
        Ok(self.store.save_draft(draft.id, known, content, by, self.clock.now()).await?)
    }

    /// Moves a draft to another time, as typed: the same as typing it into the text. Gives the time it means.
    pub async fn move_draft(
        &self,
        draft: &Draft,
        known: u32,
        at: &str,
        by: &str,
    ) -> Result<(DateTime<Utc>, Saved), OfficeError> {
        let zone = self.organisation(Some(&draft.organisation))?.zone;
        let now = self.clock.now();
        let at = wall_time::read(at, zone, now)?;
        if at < now {
            return Err(StoreError::from(NotMoved::Past { now }).into());
        }
        let typed = local(at, zone).format(DATETIME_LOCAL).to_string();
        let content = DraftContent { at: typed, ..draft.content.clone() };
        // The text is not typed anew: what was kept of it stays as it is.
        Ok((at, self.store.save_draft(draft.id, known, content, by, now).await?))
    }

    /// What is kept of what was typed. What is more than a post may be is refused: everyone who opens the list, the
    /// draft or the journal would have to carry it.
    async fn kept(&self, organisation: &str, content: DraftContent) -> Result<DraftContent, OfficeError> {
        let own = self.organisation(Some(organisation))?;
        let content = content.tidied().for_channels(|slug| own.has_channel(slug));
        let too_much = too_much(&draft_meaning::as_typed(own, &content));
        if !too_much.is_empty() {
            return Err(OfficeError::Problems(too_much));
        }
        let media = self.known_files(organisation, content.media).await?;
        Ok(DraftContent { media, ..content })
    }

    /// What a post says now, to be edited, and what an edit begins from.
    pub fn to_be_edited(&self, post: &PostView) -> Result<(DraftContent, Began), OfficeError> {
        let organisation = self.organisation(Some(&post.organisation))?;
        let times = given_times(post.deliveries.iter().map(|view| &view.delivery));
        Ok((self.edited_content(organisation, post), Began { revision: post.revision, times: Some(times) }))
    }

    /// What a post says by now, where it was changed since its editing `began`, or given a time that this draft would
    /// overwrite; and what editing goes on from once a person has seen that.
    pub fn outrun(
        &self,
        post: &PostView,
        began: &Began,
        content: &DraftContent,
    ) -> Result<Option<Outrun>, OfficeError> {
        let (mut says, now) = self.to_be_edited(post)?;
        let zone = self.organisation(Some(&post.organisation))?.zone;
        let read = |typed: &String| wall_time::read(typed, zone, self.clock.now()).ok();
        let at = read(&content.at).filter(|_| draft_meaning::may_move(post));
        let own = content.not_before.iter().filter_map(|(channel, typed)| Some((channel.clone(), read(typed)?)));
        let times = began.times.as_ref().zip(now.times.as_ref());
        let is_moved = times.is_some_and(|(began, now)| began.are_overrun(now, at, &own.collect()));
        let is_rewritten = began.revision != now.revision;
        if !is_rewritten && !is_moved {
            return Ok(None);
        }
        if let (Some(_), Some(lies)) = (at, now.times.as_ref().and_then(|times| times.at)) {
            says.at = draft_meaning::typed(lies, zone);
        }
        Ok(Some(Outrun { says, now, is_rewritten }))
    }

    /// Goes on editing a post that was changed or moved meanwhile; the person has `seen` how it stands.
    pub async fn begin_draft_anew(&self, id: DraftId, seen: Began, by: &str) -> Result<(), OfficeError> {
        Ok(self.store.begin_draft_anew(id, seen, by, self.clock.now()).await?)
    }

    /// Asks an editor to approve. What could not be queued is refused now, not after the editor has read it.
    pub async fn submit_draft(&self, id: DraftId, known: u32, by: &str) -> Result<(), OfficeError> {
        let now = self.clock.now();
        let draft = self.store.draft(id).await?;
        if draft.state == DraftState::Draft && draft.version == known {
            self.draft_becomes(&draft, by, now).await?;
        }
        Ok(self.store.submit_draft(id, known, by, now).await?)
    }

    /// Approves this version. `at`: the new time, where the one that it names has passed: nothing is approved for the
    /// past.
    pub async fn approve_draft(&self, id: DraftId, known: u32, at: Option<&str>, by: &str) -> Result<(), OfficeError> {
        let now = self.clock.now();
        let draft = self.store.draft(id).await?;
        let zone = self.organisation(Some(&draft.organisation))?.zone;
        let mut at = at.map(str::trim).filter(|at| !at.is_empty());
        if draft.state == DraftState::Submitted {
            let needs_another = self.names_the_past(&draft, now).await?;
            at = at.filter(|_| needs_another);
            match at.map(|at| wall_time::instant(at, zone, now)) {
                None | Some(Err(WallTimeError::Past { .. })) if needs_another => {
                    return Err(StoreError::from(DraftRefusal::TimePassed).into());
                }
                Some(Err(error)) => return Err(error.into()),
                None | Some(Ok(_)) => {}
            }
        }
        Ok(self.store.approve_draft(id, known, at, by, now).await?)
    }

    /// Gives the draft back with a reason.
    pub async fn return_draft(&self, id: DraftId, known: u32, reason: &str, by: &str) -> Result<(), OfficeError> {
        let reason = remark(reason)?;
        Ok(self.store.return_draft(id, known, reason, by, self.clock.now()).await?)
    }

    /// Says something about the draft.
    pub async fn comment_draft(&self, id: DraftId, text: &str, by: &str) -> Result<(), OfficeError> {
        let text = remark(text)?;
        Ok(self.store.comment_draft(id, text, by, self.clock.now()).await?)
    }

    /// Puts the draft away.
    pub async fn discard_draft(&self, id: DraftId, by: &str) -> Result<(), OfficeError> {
        Ok(self.store.discard_draft(id, by, self.clock.now()).await?)
    }

    /// Queues the draft, once however often it is asked. `at`: the new time, where the one that was written (and
    /// perhaps approved) has passed; otherwise the written one counts.
    pub async fn queue_draft(
        &self,
        id: DraftId,
        known: u32,
        at: Option<&str>,
        by: &str,
    ) -> Result<PostId, OfficeError> {
        let now = self.clock.now();
        let mut draft = self.store.draft(id).await?;
        if let (DraftState::Queued, Some(post)) = (draft.state, draft.post) {
            return Ok(post);
        }
        if draft.version != known {
            return Err(StoreError::from(DraftRefusal::Changed { known, found: draft.version }).into());
        }
        let must_be_approved = self.needs_approval(&draft.organisation);
        if must_be_approved && draft.state != DraftState::Approved {
            return Err(StoreError::from(DraftRefusal::NotApproved).into());
        }
        if let Some(at) = at.map(str::trim).filter(|at| !at.is_empty())
            && self.names_the_past(&draft, now).await?
        {
            at.clone_into(&mut draft.content.at);
        }
        let becomes = self.draft_becomes(&draft, by, now).await?;
        Ok(self.store.queue_draft(id, known, must_be_approved, becomes, now).await?)
    }

    /// Whether an editor has to approve in this organisation.
    pub fn needs_approval(&self, organisation: &str) -> bool {
        self.config.organisation(organisation).is_some_and(|o| o.approval == Approval::Editor)
    }
}

/// A post that is not any more as it was when its editing began.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outrun {
    /// What it says now.
    pub says: DraftContent,
    /// What editing goes on from.
    pub now: Began,
    /// It has another text; otherwise only other times.
    pub is_rewritten: bool,
}

fn remark(text: &str) -> Result<&str, OfficeError> {
    let text = text.trim();
    if is_blank(text) {
        return Err(OfficeRefusal::RemarkEmpty {}.into());
    }
    if text.chars().count() > REMARK_CHARS_MAX {
        return Err(OfficeRefusal::RemarkTooLong { max: REMARK_CHARS_MAX }.into());
    }
    Ok(text)
}
