//! Drafts: the list, the composer, approval, and the meeting of two texts.
//!
//! The composer is one form that works by itself. `composer.js` keeps what is typed every few seconds, and on the
//! person's own machine while the desk cannot be reached. Whoever saves says which version they changed; where there is
//! a newer one, both are shown.

mod compare;
mod composer;
mod difference;
mod form;
mod list;
mod places;
mod settle;
mod shown;
mod write;

pub use form::DraftForm;
pub(super) use places::{alt_place, place};
pub(super) use write::keep_and_show;

use axum::Router;
use axum::routing::{get, post};

use super::visitor::SignedIn;
use super::{Desk, WebError};
use crate::domain::draft::DraftState;
use crate::domain::{Deed, DraftId};
use crate::store::Draft;

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route("/drafts", get(list::list))
        .route("/drafts/new", get(composer::new))
        .route("/drafts/{id}", get(shown::show).post(write::save))
        .route("/drafts/{id}/submit", post(write::submit))
        .route("/drafts/{id}/queue", post(write::queue))
        .route("/drafts/{id}/release", post(settle::release))
        .route("/drafts/{id}/compare", post(compare::compare))
        .route("/drafts/{id}/merge", post(compare::merge))
        .route("/drafts/{id}/approve", post(settle::approve))
        .route("/drafts/{id}/return", post(settle::send_back))
        .route("/drafts/{id}/comment", post(settle::comment))
        .route("/drafts/{id}/discard", post(settle::discard))
        .route("/drafts/{id}/go-on", post(settle::go_on))
        .route("/posts/{id}/edit", get(composer::edit))
}

/// What a page of drafts says after a form, by the word in its address; nothing that is over by now.
fn told_key(told: &str, draft: Option<&Draft>) -> Option<&'static str> {
    let state = draft.map(|draft| draft.state);
    Some(match (told, state) {
        ("submitted", Some(DraftState::Submitted)) => "draft-told-submitted",
        ("approved", Some(DraftState::Approved)) if draft.is_some_and(|draft| draft.edits.is_some()) => {
            "draft-told-approved-edit"
        }
        ("approved", Some(DraftState::Approved)) => "draft-told-approved",
        ("returned", Some(DraftState::Draft)) => "draft-told-returned",
        ("remarked", Some(_)) => "draft-told-remarked",
        ("discarded", None) => "draft-told-discarded",
        _ => return None,
    })
}

/// The draft of an address, if the visitor may do this with it.
async fn found(desk: &Desk, visitor: &SignedIn, id: &str, deed: Deed) -> Result<Draft, WebError> {
    let id: DraftId = id.parse().map_err(|_| WebError::NotFound)?;
    let draft = desk.office.store.draft(id).await?;
    let deed = if deed == Deed::Write { draft.deed_to_write() } else { deed };
    visitor.must(deed, &draft.organisation)?;
    Ok(draft)
}
