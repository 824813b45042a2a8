//! A post on its channels.

use axum::Json;
use axum::extract::State;
use axum::http::header::ETAG;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};
use url::Url;
use utoipa::ToSchema;
use uuid::Uuid;

use super::bearer::{Bearer, Body, Named};
use super::conditions::etag;
use super::orders::must_settle;
use super::problem::{ApiError, Problem};
use super::shapes::DeliveryLife;
use crate::domain::{Deed, PostId, State as DeliveryState};
use crate::release::Resolution;
use crate::web::Desk;

/// The deliveries of a post with every call that was made for them, the primary's first.
#[utoipa::path(
    get, path = "/posts/{id}/deliveries", operation_id = "list_deliveries", tag = "deliveries", params(("id" = Uuid, Path)),
    responses(
        (
            status = 200, description = "The deliveries", body = [DeliveryLife],
            headers(("ETag" = String, description = "How the post stands")),
        ),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn list(
    State(desk): State<Desk>,
    bearer: Bearer,
    Named(id): Named<Uuid>,
) -> Result<Response, ApiError> {
    let post = desk.office.store.post_view(PostId(id)).await?;
    bearer.must(Deed::Read, &post.organisation)?;
    let deliveries: Vec<DeliveryLife> = post.deliveries.iter().map(Into::into).collect();
    Ok(([(ETAG, etag(&post))], Json(deliveries)).into_response())
}

/// A person's word on what vestnik cannot know.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Word {
    /// It stands at this public address; absent or null: it does not stand.
    #[serde(default)]
    published: Option<Url>,
}

/// What the word led to.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Settled {
    /// The delivery's state.
    #[schema(value_type = String, example = "published")]
    state: DeliveryState,
}

/// Settles what is in doubt, or confirms what was published by hand. The platform is asked and may contradict.
#[utoipa::path(
    post, path = "/posts/{id}/deliveries/{channel}/resolve", tag = "deliveries",
    request_body = Word,
    params(
        ("id" = Uuid, Path), ("channel" = String, Path),
        ("If-Match" = String, Header, description = "The ETag of the post as it was seen, or `*`", example = "*"),
    ),
    responses(
        (status = 200, description = "Settled", body = Settled),
        (
            status = 412, description = "It stands otherwise than was seen",
            body = Problem, content_type = "application/problem+json",
        ),
        (status = 428, description = "`If-Match` is missing", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn resolve(
    State(desk): State<Desk>,
    bearer: Bearer,
    Named((id, channel)): Named<(Uuid, String)>,
    headers: HeaderMap,
    Body(word): Body<Word>,
) -> Result<Json<Settled>, ApiError> {
    let (_, seen) = must_settle(&desk, &bearer, &headers, id).await?;
    let resolution = word.published.map_or(Resolution::NotPublished, Resolution::Published);
    let state = desk.office.resolve(seen, &channel, resolution, &bearer.0.name).await?;
    Ok(Json(Settled { state }))
}

/// Calls the platform at once instead of waiting for the next try.
#[utoipa::path(
    post, path = "/posts/{id}/deliveries/{channel}/again", tag = "deliveries",
    params(
        ("id" = Uuid, Path), ("channel" = String, Path),
        ("If-Match" = String, Header, description = "The ETag of the post as it was seen, or `*`", example = "*"),
    ),
    responses(
        (status = 204, description = "It is tried at once"),
        (
            status = 412, description = "It stands otherwise than was seen",
            body = Problem, content_type = "application/problem+json",
        ),
        (status = 428, description = "`If-Match` is missing", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn try_again(
    State(desk): State<Desk>,
    bearer: Bearer,
    Named((id, channel)): Named<(Uuid, String)>,
    headers: HeaderMap,
) -> Result<StatusCode, ApiError> {
    let (_, seen) = must_settle(&desk, &bearer, &headers, id).await?;
    desk.office.try_again(seen, &channel, &bearer.0.name).await?;
    Ok(StatusCode::NO_CONTENT)
}
