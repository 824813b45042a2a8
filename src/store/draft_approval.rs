//! Submitting, approving, returning and commenting: two people agree on one text.

use chrono::{DateTime, Utc};

use super::db::execute;
use super::draft::{change_time, draft, json, tell};
use super::draft_rows::Draft;
use super::rows::micros;
use super::writer::Tx;
use super::{Store, StoreError};
use crate::domain::DraftId;
use crate::domain::draft::{DraftContent, DraftRefusal, DraftState};
use crate::journal::Event;

pub(super) const SUBMIT: &str =
    "UPDATE draft SET state = 'submitted', submitted_at = $2, submitted_by = $3 WHERE id = $1";
pub(super) const APPROVE: &str = "UPDATE draft SET state = 'approved', approved_version = version, approved_at = $2, \
     approved_by = $3 WHERE id = $1";
pub(super) const RETURN: &str =
    "UPDATE draft SET state = 'draft', submitted_at = NULL, submitted_by = NULL WHERE id = $1";
pub(super) const KEEP_VERSION: &str = "INSERT INTO draft_version (draft, version, content, at) VALUES ($1, $2, $3, $4) \
     ON CONFLICT DO NOTHING";
pub(super) const COMMENT: &str =
    "INSERT INTO draft_comment (id, draft, version, at, author, text) VALUES ($1, $2, $3, $4, $5, $6)";

impl Store {
    /// Asks an editor to approve this version. Asked again it changes nothing.
    pub async fn submit_draft(&self, id: DraftId, known: u32, by: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let by = by.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let before = draft(tx, id).await?;
                before.must_be_open()?;
                before.must_be_version(known)?;
                if before.state != DraftState::Draft {
                    return Ok(());
                }
                keep(tx, &before, now).await?;
                execute!(tx.sql().await?, SUBMIT, id.to_string(), micros(now), &*by)?;
                let title = before.content.headline().to_owned();
                tell(tx, &before, now, &by, Event::DraftSubmitted { draft: id.0, version: known, title }).await
            })
        })
        .await
    }

    /// Approves this version, at its time or at this one. Whoever wrote in the draft does not. Asked again it changes
    /// nothing.
    pub async fn approve_draft(
        &self,
        id: DraftId,
        known: u32,
        at: Option<&str>,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (by, at) = (by.to_owned(), at.map(ToOwned::to_owned));
        self.write(move |tx| {
            Box::pin(async move {
                let mut before = draft(tx, id).await?;
                before.must_be_open()?;
                if before.state == DraftState::Approved && at.as_ref().is_some_and(|at| *at == before.content.at) {
                    return Ok(());
                }
                before.must_be_version(known)?;
                if before.state == DraftState::Approved {
                    return Ok(());
                }
                if before.state != DraftState::Submitted {
                    return Err(DraftRefusal::NotSubmitted.into());
                }
                if !before.may_be_approved_by(&by) {
                    return Err(DraftRefusal::OwnText.into());
                }
                if let Some(at) = at {
                    let content = DraftContent { at, ..before.content.clone() };
                    before = change_time(tx, &before, &content, &by, now).await?;
                }
                keep(tx, &before, now).await?;
                execute!(tx.sql().await?, APPROVE, id.to_string(), micros(now), &*by)?;
                let (version, title) = (before.version, before.content.headline().to_owned());
                tell(tx, &before, now, &by, Event::DraftApproved { draft: id.0, version, title }).await
            })
        })
        .await
    }

    /// Gives this version back to its author, with the reason, which also stands among the comments.
    pub async fn return_draft(
        &self,
        id: DraftId,
        known: u32,
        reason: &str,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (by, reason, comment) = (by.to_owned(), reason.to_owned(), self.ids.next(now));
        self.write(move |tx| {
            Box::pin(async move {
                let before = draft(tx, id).await?;
                before.must_be_open()?;
                before.must_be_version(known)?;
                if before.state == DraftState::Draft {
                    return Err(DraftRefusal::NotSubmitted.into());
                }
                execute!(tx.sql().await?, RETURN, id.to_string())?;
                remark(tx, comment, &before, &by, &reason, now).await?;
                let title = before.content.headline().to_owned();
                tell(tx, &before, now, &by, Event::DraftReturned { draft: id.0, version: known, title, reason }).await
            })
        })
        .await
    }

    /// Adds a remark to what the draft says now.
    pub async fn comment_draft(&self, id: DraftId, text: &str, by: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let (by, text, comment) = (by.to_owned(), text.to_owned(), self.ids.next(now));
        self.write(move |tx| {
            Box::pin(async move {
                let before = draft(tx, id).await?;
                before.must_be_open()?;
                remark(tx, comment, &before, &by, &text, now).await
            })
        })
        .await
    }
}

impl Draft {
    /// Whether this person wrote none of it.
    pub fn may_be_approved_by(&self, name: &str) -> bool {
        self.created.by != name && !self.authors.iter().any(|author| author == name)
    }
}

/// Keeps what this version says, for a later one to be compared with.
pub(super) async fn keep(tx: &mut Tx, draft: &Draft, now: DateTime<Utc>) -> Result<(), StoreError> {
    let content = json(draft.id, &draft.content)?;
    execute!(tx.sql().await?, KEEP_VERSION, draft.id.to_string(), i64::from(draft.version), content, micros(now))?;
    Ok(())
}

async fn remark(
    tx: &mut Tx,
    id: uuid::Uuid,
    draft: &Draft,
    by: &str,
    text: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    execute!(
        tx.sql().await?,
        COMMENT,
        id.to_string(),
        draft.id.to_string(),
        i64::from(draft.version),
        micros(now),
        by,
        text
    )?;
    Ok(())
}
