//! From a draft to a post: in one transaction, so that no crash and no second click makes two of them.

use chrono::{DateTime, Utc};

use super::db::execute;
use super::draft::{draft, no_draft};
use super::draft_rows::Draft;
use super::edit::{Edit, edit_post};
use super::post::{NewPost, Queued, insert_post};
use super::rows::{deliveries, post};
use super::seen::given_times;
use super::writer::Tx;
use super::{Store, StoreError};
use crate::domain::draft::{DraftRefusal, DraftState};
use crate::domain::{DraftId, PostId};

pub(super) const QUEUED: &str = "UPDATE draft SET state = 'queued', post = $2 WHERE id = $1";

/// What a draft becomes.
#[derive(Debug, Clone)]
pub enum Becomes {
    /// A new post.
    Post(Box<NewPost>),
    /// The next revision of a queued one.
    Revision(Box<Edit>),
}

impl Store {
    /// Makes of this version what it is to become, once: asked again it gives the same post. `approved`: only what an
    /// editor approved.
    pub async fn queue_draft(
        &self,
        id: DraftId,
        known: u32,
        approved: bool,
        becomes: Becomes,
        now: DateTime<Utc>,
    ) -> Result<PostId, StoreError> {
        let ids = self.ids.clone();
        self.write(move |tx| {
            Box::pin(async move {
                let before = draft(tx, id).await?;
                if let (DraftState::Queued, Some(post)) = (before.state, before.post) {
                    return Ok(post);
                }
                before.must_be_open()?;
                before.must_be_version(known)?;
                if approved && before.state != DraftState::Approved {
                    return Err(DraftRefusal::NotApproved.into());
                }
                let post = match becomes {
                    Becomes::Post(new) => {
                        let Queued { id, .. } = insert_post(tx, &*ids, &new, now).await?;
                        id
                    }
                    Becomes::Revision(edit) => {
                        must_be_unchanged(tx, &before, &edit).await?;
                        let post = edit.post;
                        edit_post(tx, *edit, now).await?;
                        post
                    }
                };
                if execute!(tx.sql().await?, QUEUED, id.to_string(), post.to_string())? != 1 {
                    return Err(no_draft(id));
                }
                Ok(post)
            })
        })
        .await
    }
}

async fn must_be_unchanged(tx: &mut Tx, draft: &Draft, edit: &Edit) -> Result<(), StoreError> {
    let Some(began) = &draft.began else { return Ok(()) };
    let found = post(tx, edit.post).await?.revision;
    if began.revision != found {
        return Err(DraftRefusal::PostChanged { began: began.revision, found }.into());
    }
    let Some(times) = &began.times else { return Ok(()) };
    let now = given_times(deliveries(tx, edit.post).await?.iter());
    if times.are_overrun(&now, edit.at, &edit.not_before) { Err(DraftRefusal::PostMoved.into()) } else { Ok(()) }
}
