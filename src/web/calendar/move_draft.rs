//! Dragging a draft to another time: the same as typing it into the draft.

use axum::extract::{Path, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use axum::{Json, Router};
use serde::Deserialize;

use super::move_post::{refused_by_script, wants_json};
use super::refusal::Refusal;
use crate::domain::DraftId;
use crate::domain::draft::DraftRefusal;
use crate::store::{Saved, StoreError};
use crate::web::posted::Posted;
use crate::web::visitor::SignedIn;
use crate::web::{Desk, WebError};

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/drafts/{id}/move", post(move_draft))
}

/// A wish; `version` is the one that the mover saw.
#[derive(Debug, Deserialize)]
struct Wish {
    at: String,
    version: u32,
}

async fn move_draft(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<String>,
    headers: HeaderMap,
    Posted(wish): Posted<Wish>,
) -> Result<Response, WebError> {
    let id: DraftId = id.parse().map_err(|_| WebError::NotFound)?;
    let draft = desk.office.store.draft(id).await?;
    visitor.must(draft.deed_to_write(), &draft.organisation)?;
    let zone = desk.zone(&draft.organisation);
    let refusal = match desk.office.move_draft(&draft, wish.version, &wish.at, &visitor.person.name).await {
        Ok((at, Saved::Kept(version))) if wants_json(&headers) => {
            let title = draft.content.title.trim();
            let title = if title.is_empty() { visitor.page.t("calendar-untitled").to_string() } else { title.into() };
            let told = visitor.page.t("move-draft-done").with("title", title).with("at", visitor.page.time(&at, &zone));
            let fields = [("version", version.to_string())];
            return Ok(Json(serde_json::json!({ "told": told.to_string(), "fields": fields })).into_response());
        }
        Ok((_, Saved::Kept(_))) => return Ok(Redirect::to(&format!("/drafts/{id}")).into_response()),
        Ok((_, Saved::Newer(newer))) => {
            let changed = DraftRefusal::Changed { known: wish.version, found: newer.version };
            Refusal::of(StoreError::from(changed).into(), &visitor.page, zone)?
        }
        Err(error) => Refusal::of(error, &visitor.page, zone)?,
    };
    if wants_json(&headers) {
        return Ok(refused_by_script(refusal.status, &refusal.why));
    }
    Err(if refusal.status == axum::http::StatusCode::CONFLICT {
        WebError::Conflict
    } else {
        WebError::Refused(refusal.why)
    })
}
