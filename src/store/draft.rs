//! Drafts: written by one person or several, approved by another, queued once.
//!
//! Every change knows the version that it was made of. A newer one in between is given back, never overwritten.

use chrono::{DateTime, Utc};

use super::db::{execute, fetch_all, fetch_optional, read_optional};
use super::draft_approval::{RETURN, keep};
use super::draft_rows::{BY_ID, Began, Draft, DraftRow};
use super::journal::{About, append};
use super::rows::{micros, post};
use super::writer::Tx;
use super::{Store, StoreError};
use crate::domain::draft::{DraftContent, DraftRefusal, DraftState};
use crate::domain::{Deed, DraftId, GivenTimes, PostId};
use crate::journal::Event;

/// Longest reason and comment, in characters.
pub const REMARK_CHARS_MAX: usize = 4000;

/// A draft to be kept for the first time.
#[derive(Debug, Clone)]
pub struct NewDraft {
    /// Its id, which the page that it was typed on knows already: sent twice it is made once.
    pub id: DraftId,
    /// The organisation.
    pub organisation: String,
    /// The queued post that it is to edit, and what of it stood then.
    pub edits: Option<(PostId, Began)>,
    /// What was typed.
    pub content: DraftContent,
    /// Who.
    pub by: String,
}

/// What became of a change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Saved {
    /// It is kept as this version.
    Kept(u32),
    /// There is a newer text than the one that was changed. Nothing was changed.
    Newer(Box<Draft>),
}

pub(super) const INSERT: &str = "INSERT INTO draft (id, organisation, edits, began_from, began_times, version, content, \
     title, state, created_at, created_by, changed_at, changed_by) VALUES ($1, $2, $3, $4, $9, 1, $5, $6, 'draft', $7, $8, $7, $8)";
pub(super) const OPEN_EDIT: &str = "SELECT id FROM draft WHERE edits = $1 AND state IN ('draft', 'submitted', 'approved') \
     ORDER BY id LIMIT 1";
pub(super) const CHANGE: &str = "UPDATE draft SET version = version + 1, content = $2, title = $3, state = 'draft', \
     changed_at = $4, changed_by = $5, submitted_at = NULL, submitted_by = NULL WHERE id = $1";
/// Another time is no other text: whoever chooses it becomes no author, and what was decided about the text goes along.
pub(super) const MOVE: &str = "UPDATE draft SET version = version + 1, content = $2, changed_at = $3, changed_by = $4, \
     approved_version = CASE state WHEN 'approved' THEN version + 1 ELSE approved_version END WHERE id = $1";
pub(super) const ADD_AUTHOR: &str = "INSERT INTO draft_author (draft, name) VALUES ($1, $2) ON CONFLICT DO NOTHING";
pub(super) const AUTHORS: &str = "SELECT name FROM draft_author WHERE draft = $1 ORDER BY name";
pub(super) const DISCARD: &str = "UPDATE draft SET state = 'discarded' WHERE id = $1";
pub(super) const BEGIN_FROM: &str = "UPDATE draft SET began_from = $2, began_times = $3 WHERE id = $1";

impl Store {
    /// The open draft in which a post is edited.
    pub async fn draft_that_edits(&self, post: PostId) -> Result<Option<DraftId>, StoreError> {
        let row = read_optional!(&self.readers, (String,), OPEN_EDIT, post.to_string())?;
        row.map(|(id,)| id.parse().map_err(|e| StoreError::corrupt("draft", &id, e))).transpose()
    }

    /// An id for a draft of this organisation that is not kept yet.
    pub fn draft_id(&self, organisation: &str, now: DateTime<Utc>) -> DraftId {
        DraftId(self.ids.next(now)).within(organisation)
    }

    /// Keeps a draft for the first time. Sent again it changes nothing; of two that edit one post the first one stays,
    /// and is shown to whoever has the second.
    pub async fn make_draft(&self, new: NewDraft, now: DateTime<Utc>) -> Result<(DraftId, Saved), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let open = match &new.edits {
                    Some((post, _)) => open_edit(tx, *post).await?,
                    None => None,
                };
                if let Some(before) = optional(tx, open.unwrap_or(new.id)).await? {
                    if before.organisation != new.organisation {
                        return Err(no_draft(new.id));
                    }
                    return Ok((before.id, sent_again(before, &new)?));
                }
                insert(tx, &new, now).await?;
                Ok((new.id, Saved::Kept(1)))
            })
        })
        .await
    }

    /// Keeps what was typed, if nobody else changed it since version `known`. A change takes a submission and an
    /// approval back, unless it is of the time alone.
    pub async fn save_draft(
        &self,
        id: DraftId,
        known: u32,
        content: DraftContent,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<Saved, StoreError> {
        let by = by.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let before = draft(tx, id).await?;
                // Also where the reply to an earlier sending was lost.
                if before.content == content {
                    return Ok(Saved::Kept(before.version));
                }
                before.must_be_open()?;
                if before.version != known {
                    return Ok(Saved::Newer(Box::new(before)));
                }
                change(tx, &before, &content, &by, now).await?;
                Ok(Saved::Kept(before.version + 1))
            })
        })
        .await
    }

    /// Puts a draft away. What was put away stays so.
    pub async fn discard_draft(&self, id: DraftId, by: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let by = by.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let before = draft(tx, id).await?;
                if before.state == DraftState::Discarded {
                    return Ok(());
                }
                before.must_be_open()?;
                execute!(tx.sql().await?, DISCARD, id.to_string())?;
                let event = Event::DraftDiscarded { draft: id.0, title: before.content.headline().to_owned() };
                tell(tx, &before, now, &by, event).await
            })
        })
        .await
    }

    /// The editing of a post goes on from a later revision and later times, `seen` by the person; newer ones than those
    /// will be shown again. What an editor read was to replace another text: with another revision a submission and an
    /// approval are taken back.
    pub async fn begin_draft_anew(
        &self,
        id: DraftId,
        seen: Began,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let by = by.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let before = draft(tx, id).await?;
                before.must_be_open()?;
                let (Some(edits), Some(began)) = (before.edits, &before.began) else { return Ok(()) };
                let is_same_text = began.revision == seen.revision;
                let times = seen.times.as_ref().or(began.times.as_ref());
                if is_same_text && times == began.times.as_ref() {
                    return Ok(());
                }
                let found = post(tx, edits).await?.revision;
                // Nobody has seen what is not written yet.
                if seen.revision == 0 || seen.revision > found {
                    return Err(DraftRefusal::PostChanged { began: began.revision, found }.into());
                }
                let revision = i64::from(seen.revision);
                execute!(tx.sql().await?, BEGIN_FROM, id.to_string(), revision, times_json(times)?)?;
                if is_same_text || before.state == DraftState::Draft {
                    return Ok(());
                }
                execute!(tx.sql().await?, RETURN, id.to_string())?;
                let title = before.content.headline().to_owned();
                tell_returned(tx, &before, title, "the post that it edits", now, &by).await
            })
        })
        .await
    }
}

/// The same page sent a new draft twice, or two pages had the same id.
fn sent_again(before: Draft, new: &NewDraft) -> Result<Saved, StoreError> {
    if before.content == new.content {
        return Ok(Saved::Kept(before.version));
    }
    before.must_be_open()?;
    Ok(Saved::Newer(Box::new(before)))
}

async fn open_edit(tx: &mut Tx, post: PostId) -> Result<Option<DraftId>, StoreError> {
    let row = fetch_optional!(tx.sql().await?, (String,), OPEN_EDIT, post.to_string())?;
    row.map(|(id,)| id.parse().map_err(|e| StoreError::corrupt("draft", &id, e))).transpose()
}

fn times_json(times: Option<&GivenTimes>) -> Result<Option<String>, StoreError> {
    times.map(super::changes::json).transpose()
}

async fn insert(tx: &mut Tx, new: &NewDraft, now: DateTime<Utc>) -> Result<(), StoreError> {
    execute!(
        tx.sql().await?,
        INSERT,
        new.id.to_string(),
        &*new.organisation,
        new.edits.as_ref().map(|(post, _)| post.to_string()),
        new.edits.as_ref().map(|(_, began)| i64::from(began.revision)),
        json(new.id, &new.content)?,
        new.content.headline(),
        micros(now),
        &*new.by,
        times_json(new.edits.as_ref().and_then(|(_, began)| began.times.as_ref()))?,
    )?;
    execute!(tx.sql().await?, ADD_AUTHOR, new.id.to_string(), &*new.by)?;
    Ok(())
}

async fn change(
    tx: &mut Tx,
    before: &Draft,
    content: &DraftContent,
    by: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if content.says_the_same(&before.content) {
        return change_time(tx, before, content, by, now).await.map(drop);
    }
    let id = before.id.to_string();
    execute!(tx.sql().await?, CHANGE, &*id, json(before.id, content)?, content.headline(), micros(now), by)?;
    execute!(tx.sql().await?, ADD_AUTHOR, &*id, by)?;
    if before.state == DraftState::Draft {
        return Ok(());
    }
    tell_returned(tx, before, content.headline().to_owned(), "the text", now, by).await
}

/// Tells that an approval or a submission does not count any more, because `what` was changed.
async fn tell_returned(
    tx: &mut Tx,
    before: &Draft,
    title: String,
    what: &str,
    now: DateTime<Utc>,
    by: &str,
) -> Result<(), StoreError> {
    let was = if before.state == DraftState::Approved { "approved" } else { "submitted" };
    let reason = format!("{what} was changed after it was {was}");
    let event = Event::DraftReturned { draft: before.id.0, version: before.version, title, reason };
    tell(tx, before, now, by, event).await
}

/// Gives a draft another time: `content` says the same as before. Gives the draft as it is then.
pub(super) async fn change_time(
    tx: &mut Tx,
    before: &Draft,
    content: &DraftContent,
    by: &str,
    now: DateTime<Utc>,
) -> Result<Draft, StoreError> {
    execute!(tx.sql().await?, MOVE, before.id.to_string(), json(before.id, content)?, micros(now), by)?;
    let moved = draft(tx, before.id).await?;
    if moved.state != DraftState::Draft {
        keep(tx, &moved, now).await?;
    }
    Ok(moved)
}

/// Writes in the journal of the draft's organisation.
pub(super) async fn tell(
    tx: &mut Tx,
    draft: &Draft,
    now: DateTime<Utc>,
    by: &str,
    event: Event,
) -> Result<(), StoreError> {
    let about = About { post: draft.edits.map(|post| post.0), ..About::default() };
    append(tx, &draft.organisation, now, by, about, event).await
}

/// The draft as it is in this transaction.
pub(super) async fn draft(tx: &mut Tx, id: DraftId) -> Result<Draft, StoreError> {
    optional(tx, id).await?.ok_or_else(|| no_draft(id))
}

async fn optional(tx: &mut Tx, id: DraftId) -> Result<Option<Draft>, StoreError> {
    let Some(row) = fetch_optional!(tx.sql().await?, DraftRow, BY_ID, id.to_string())? else { return Ok(None) };
    let authors = fetch_all!(tx.sql().await?, (String,), AUTHORS, id.to_string())?;
    row.read(authors.into_iter().map(|(name,)| name).collect()).map(Some)
}

pub(super) fn no_draft(id: DraftId) -> StoreError {
    StoreError::NotFound { what: "draft", name: id.to_string(), hint: String::new() }
}

pub(super) fn json(id: DraftId, content: &DraftContent) -> Result<String, StoreError> {
    serde_json::to_string(content).map_err(|e| StoreError::corrupt("draft", id, e))
}

impl Draft {
    /// What one has to be allowed who writes in it: a new text for what is queued already is more than writing.
    pub fn deed_to_write(&self) -> Deed {
        if self.edits.is_some() { Deed::Settle } else { Deed::Write }
    }

    /// Refuses what comes after the end.
    pub(super) fn must_be_open(&self) -> Result<(), StoreError> {
        if self.state.is_open() { Ok(()) } else { Err(DraftRefusal::Closed(self.state).into()) }
    }

    /// Refuses what was decided about another text.
    pub(super) fn must_be_version(&self, known: u32) -> Result<(), StoreError> {
        if self.version == known {
            return Ok(());
        }
        Err(DraftRefusal::Changed { known, found: self.version }.into())
    }
}
