//! What people decide about a post that was queued.

use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::bearer::{Bearer, Body, Named};
use super::problem::{ApiError, Problem};
use super::shapes::{Done, Planned, Reason};
use crate::domain::{Deed, PostId};
use crate::office::{MoveTo, reason};
use crate::store::Withdrawal;
use crate::web::{Desk, WebError};

/// Lets only those on who may settle this post.
pub(super) async fn must_settle(desk: &Desk, bearer: &Bearer, id: PostId) -> Result<(), ApiError> {
    let deliveries = desk.office.store.deliveries_of(id).await?;
    let organisation = deliveries.first().map(|d| d.organisation.as_str()).ok_or(WebError::NotFound)?;
    bearer.must(Deed::Settle, organisation)
}

pub(super) fn one_line(text: &str) -> Result<String, ApiError> {
    reason(text).map_err(|why| ApiError::Unreadable(StatusCode::UNPROCESSABLE_ENTITY, format!("reason: {why}")))
}

fn done(results: Vec<Withdrawal>) -> Json<Vec<Done>> {
    Json(results.into_iter().map(|r| Done { channel: r.channel, result: r.result.into() }).collect())
}

/// Cancels what is not out yet; what is out stays.
#[utoipa::path(
    post, path = "/posts/{id}/cancel", tag = "posts", params(("id" = Uuid, Path)), request_body = Reason,
    responses(
        (status = 200, description = "What became of it on each channel", body = [Done]),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn cancel(
    State(desk): State<Desk>,
    bearer: Bearer,
    Named(id): Named<Uuid>,
    Body(why): Body<Reason>,
) -> Result<Json<Vec<Done>>, ApiError> {
    must_settle(&desk, &bearer, PostId(id)).await?;
    Ok(done(desk.office.cancel(PostId(id), &bearer.0.name, &one_line(&why.reason)?).await?))
}

/// Cancels what is not out yet and takes down what is.
#[utoipa::path(
    post, path = "/posts/{id}/withdraw", tag = "posts", params(("id" = Uuid, Path)), request_body = Reason,
    responses(
        (status = 200, description = "What became of it on each channel", body = [Done]),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn withdraw(
    State(desk): State<Desk>,
    bearer: Bearer,
    Named(id): Named<Uuid>,
    Body(why): Body<Reason>,
) -> Result<Json<Vec<Done>>, ApiError> {
    must_settle(&desk, &bearer, PostId(id)).await?;
    Ok(done(desk.office.withdraw(PostId(id), &bearer.0.name, &one_line(&why.reason)?).await?))
}

/// Publishes anew in MAX what was deleted there; the others wait for the new hold.
#[utoipa::path(
    post, path = "/posts/{id}/republish", tag = "posts", params(("id" = Uuid, Path)),
    responses(
        (status = 204, description = "It goes out anew"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn republish(
    State(desk): State<Desk>,
    bearer: Bearer,
    Named(id): Named<Uuid>,
) -> Result<StatusCode, ApiError> {
    must_settle(&desk, &bearer, PostId(id)).await?;
    desk.office.republish(PostId(id), &bearer.0.name).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Another time.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewTime {
    /// RFC 3339, or on the organisation's clocks like `2026-11-23 10:00`.
    at: String,
    /// The follower that gets its own time; absent: the whole post.
    #[serde(default)]
    channel: Option<String>,
}

/// Moves what is not out yet; followers keep their distance.
#[utoipa::path(
    post, path = "/posts/{id}/move", tag = "posts", params(("id" = Uuid, Path)), request_body = NewTime,
    responses(
        (status = 200, description = "Where everything lies now", body = [Planned]),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn move_to(
    State(desk): State<Desk>,
    bearer: Bearer,
    Named(id): Named<Uuid>,
    Body(new): Body<NewTime>,
) -> Result<Json<Vec<Planned>>, ApiError> {
    must_settle(&desk, &bearer, PostId(id)).await?;
    let to = MoveTo { at: new.at, channel: new.channel, seen: None };
    let moved = desk.office.move_post(PostId(id), to, &bearer.0.name).await?;
    Ok(Json(Planned::all(moved.planned)))
}
