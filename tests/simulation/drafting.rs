//! Posts that are written in drafts: two people in one text, an editor who approves it, and impatient fingers.

use vestnik::domain::draft::{DraftContent, DraftRefusal};
use vestnik::domain::{DraftId, PostId};
use vestnik::store::{Becomes, NewDraft, NewPost, Saved, StoreError};

use crate::program::OFFICE;
use crate::story::Story;

const OFFICER: &str = "Офицер";
const COLLEAGUE: &str = "Коллега";
const EDITOR: &str = "Редактор";

/// What must be refused for this reason. A disk that fails is no refusal, and ends the story of the draft.
fn must_be_refused<T: std::fmt::Debug>(done: Result<T, StoreError>, why: &DraftRefusal) -> Result<(), StoreError> {
    match done {
        Err(StoreError::Draft(refusal)) if refusal == *why => Ok(()),
        Err(error) if !matches!(error, StoreError::Draft(_)) => Err(error),
        other => panic!("this was to be refused ({why}): {other:?}"),
    }
}

impl Story {
    /// Queues a post through a draft. Whatever people do to it on the way, it is approved as it is, and queued once.
    pub async fn queue_through_draft(&mut self, new: NewPost) -> Result<PostId, StoreError> {
        let (store, now) = (self.desk.store.clone(), self.now());
        let typed = |body: &str| DraftContent {
            title: new.content.title.clone(),
            body: body.to_owned(),
            ..DraftContent::default()
        };
        let id = store.draft_id(OFFICE, now);
        let made =
            NewDraft {
                id, organisation: OFFICE.into(), edits: None, content: typed("Начало"), by: OFFICER.into()
            };
        store.make_draft(made.clone(), now).await?;
        // The reply to the first was lost.
        assert_eq!(store.make_draft(made, now).await?, (id, Saved::Kept(1)));

        assert_eq!(store.save_draft(id, 1, typed("Офицер"), OFFICER, now).await?, Saved::Kept(2));
        let late = store.save_draft(id, 1, typed("Коллега"), COLLEAGUE, now).await?;
        let Saved::Newer(found) = late else { panic!("two texts became one: {late:?}") };
        assert_eq!(found.content, typed("Офицер"));
        assert_eq!(store.save_draft(id, found.version, typed("Оба"), COLLEAGUE, now).await?, Saved::Kept(3));

        let becomes = || Becomes::Post(Box::new(NewPost { key: Some(format!("draft:{id}")), ..new.clone() }));
        must_be_refused(store.queue_draft(id, 3, true, becomes(), now).await, &DraftRefusal::NotApproved)?;
        self.approve(id, 3).await?;
        // A word after the approval takes it back.
        assert_eq!(store.save_draft(id, 3, typed("Ещё слово"), OFFICER, now).await?, Saved::Kept(4));
        must_be_refused(store.queue_draft(id, 4, true, becomes(), now).await, &DraftRefusal::NotApproved)?;
        self.approve(id, 4).await?;
        // Another time does not.
        let moved = DraftContent { at: "2026-11-23T12:00".into(), ..typed("Ещё слово") };
        assert_eq!(store.save_draft(id, 4, moved, COLLEAGUE, now).await?, Saved::Kept(5));

        let (one, two) = tokio::join!(
            store.queue_draft(id, 5, true, becomes(), now),
            store.queue_draft(id, 5, true, becomes(), now)
        );
        match (one, two) {
            (Ok(one), Ok(two)) => {
                assert_eq!(one, two, "two clicks made two posts");
                Ok(one)
            }
            // The disk failed under one of them.
            (Ok(post), Err(_)) | (Err(_), Ok(post)) => Ok(post),
            (Err(error), Err(_)) => Err(error),
        }
    }

    async fn approve(&mut self, id: DraftId, version: u32) -> Result<(), StoreError> {
        let (store, now) = (self.desk.store.clone(), self.now());
        store.submit_draft(id, version, OFFICER, now).await?;
        for author in [OFFICER, COLLEAGUE] {
            must_be_refused(store.approve_draft(id, version, None, author, now).await, &DraftRefusal::OwnText)?;
        }
        store.approve_draft(id, version, None, EDITOR, now).await
    }
}
