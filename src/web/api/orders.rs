//! What people decide about a post that was queued.

use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use serde::Deserialize;
use utoipa::ToSchema;
use uuid::Uuid;

use super::bearer::{Bearer, Body, Named};
use super::conditions::Seen;
use super::problem::{ApiError, Problem};
use super::shapes::{Done, Planned, Reason};
use crate::domain::{Deed, PostId};
use crate::office::{MoveTo, Standing, reason};
use crate::store::{AsSeen, PostView, Withdrawal};
use crate::web::Desk;

/// Lets only those on who may settle this post and know how it stands: that is what their word is about.
pub(super) async fn must_settle(
    desk: &Desk,
    bearer: &Bearer,
    headers: &HeaderMap,
    id: Uuid,
) -> Result<(PostView, AsSeen), ApiError> {
    let post = desk.office.store.post_view(PostId(id)).await?;
    bearer.must(Deed::Settle, &post.organisation)?;
    let seen = Seen::of(headers)?.must_be(&post)?;
    Ok((post, seen))
}

pub(super) fn one_line(text: &str) -> Result<String, ApiError> {
    reason(text).map_err(|why| ApiError::Unreadable(StatusCode::UNPROCESSABLE_ENTITY, format!("reason: {why}")))
}

fn done(results: Vec<Withdrawal>) -> Json<Vec<Done>> {
    Json(results.into_iter().map(|r| Done { channel: r.channel, result: r.result.into() }).collect())
}

/// Cancels what is not out yet; what is out stays.
#[utoipa::path(
    post, path = "/posts/{id}/cancel", tag = "posts", request_body = Reason,
    params(
        ("id" = Uuid, Path),
        ("If-Match" = String, Header, description = "The ETag of the post as it was seen, or `*`", example = "*"),
    ),
    responses(
        (status = 200, description = "What became of it on each channel", body = [Done]),
        (
            status = 412, description = "It stands otherwise than was seen",
            body = Problem, content_type = "application/problem+json",
        ),
        (status = 428, description = "`If-Match` is missing", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn cancel(
    State(desk): State<Desk>,
    bearer: Bearer,
    Named(id): Named<Uuid>,
    headers: HeaderMap,
    Body(why): Body<Reason>,
) -> Result<Json<Vec<Done>>, ApiError> {
    let (_, seen) = must_settle(&desk, &bearer, &headers, id).await?;
    Ok(done(desk.office.cancel(seen, &bearer.0.name, &one_line(&why.reason)?).await?))
}

/// Cancels what is not out yet and takes down what is.
#[utoipa::path(
    post, path = "/posts/{id}/withdraw", tag = "posts", request_body = Reason,
    params(
        ("id" = Uuid, Path),
        ("If-Match" = String, Header, description = "The ETag of the post as it was seen, or `*`", example = "*"),
    ),
    responses(
        (status = 200, description = "What became of it on each channel", body = [Done]),
        (
            status = 412, description = "It stands otherwise than was seen",
            body = Problem, content_type = "application/problem+json",
        ),
        (status = 428, description = "`If-Match` is missing", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn withdraw(
    State(desk): State<Desk>,
    bearer: Bearer,
    Named(id): Named<Uuid>,
    headers: HeaderMap,
    Body(why): Body<Reason>,
) -> Result<Json<Vec<Done>>, ApiError> {
    let (_, seen) = must_settle(&desk, &bearer, &headers, id).await?;
    Ok(done(desk.office.withdraw(seen, &bearer.0.name, &one_line(&why.reason)?).await?))
}

/// Publishes anew in MAX what was deleted there; the others wait for the new hold.
#[utoipa::path(
    post, path = "/posts/{id}/republish", tag = "posts",
    params(
        ("id" = Uuid, Path),
        ("If-Match" = String, Header, description = "The ETag of the post as it was seen, or `*`", example = "*"),
    ),
    responses(
        (status = 204, description = "It goes out anew"),
        (
            status = 412, description = "It stands otherwise than was seen",
            body = Problem, content_type = "application/problem+json",
        ),
        (status = 428, description = "`If-Match` is missing", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn republish(
    State(desk): State<Desk>,
    bearer: Bearer,
    Named(id): Named<Uuid>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    let (_, seen) = must_settle(&desk, &bearer, &headers, id).await?;
    desk.office.republish(seen, &bearer.0.name).await?;
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
    post, path = "/posts/{id}/move", tag = "posts", request_body = NewTime,
    params(
        ("id" = Uuid, Path),
        ("If-Match" = String, Header, description = "The ETag of the post as it was seen, or `*`", example = "*"),
    ),
    responses(
        (status = 200, description = "Where everything lies now", body = [Planned]),
        (
            status = 412, description = "It stands otherwise than was seen",
            body = Problem, content_type = "application/problem+json",
        ),
        (status = 428, description = "`If-Match` is missing", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn move_to(
    State(desk): State<Desk>,
    bearer: Bearer,
    Named(id): Named<Uuid>,
    headers: HeaderMap,
    Body(new): Body<NewTime>,
) -> Result<Json<Vec<Planned>>, ApiError> {
    let (post, seen) = must_settle(&desk, &bearer, &headers, id).await?;
    // It is held to where it lies now: between this look and the move somebody may have moved it.
    let standing = Standing::of_view(&post);
    let leg = new.channel.as_deref().map_or_else(|| standing.primary(), |channel| standing.on(channel));
    let lay_at = leg.map(|leg| leg.planned_at.timestamp_micros());
    let to = MoveTo { at: new.at, channel: new.channel, seen: lay_at };
    let moved = desk.office.move_post(seen, to, &bearer.0.name).await?;
    Ok(Json(Planned::all(moved.planned)))
}
