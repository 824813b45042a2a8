//! Posts: the list, one of them, queueing and new content.

use axum::Json;
use axum::extract::State;
use axum::http::header::{ETAG, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use serde::Deserialize;
use utoipa::IntoParams;
use uuid::Uuid;

use super::bearer::{Asked, Bearer, Body, Named, limit};
use super::conditions::{Seen, etag, idempotency_key};
use super::problem::{ApiError, Problem};
use super::shapes::{Listed, NewMedia, NewPost, Planned, Post, PostLine, Queued};
use crate::config::Approval;
use crate::domain::draft::DraftMedia;
use crate::domain::{Deed, PostId};
use crate::office::ProgramPost;
use crate::post_file::PostFile;
use crate::store::PostFilter;
use crate::web::{Desk, WebError};

/// Lines of a list that are given at once, unless asked otherwise, and at the most.
const PAGE: u32 = 50;
const PAGE_MAX: u32 = 500;

/// Which posts.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct Which {
    /// One organisation's. Without it, those of every organisation that the token may read, where it may read all.
    organisation: Option<String>,
    /// `next` of the page before.
    after: Option<Uuid>,
    /// How many, 1 to 500; 50 without it.
    #[param(value_type = u32, required = false, minimum = 1, maximum = 500)]
    limit: Option<u32>,
}

/// The newest posts first.
#[utoipa::path(
    get, path = "/posts", operation_id = "list_posts", tag = "posts", params(Which),
    responses(
        (status = 200, description = "A page of posts", body = Listed<PostLine>),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn list(
    State(desk): State<Desk>,
    bearer: Bearer,
    Asked(which): Asked<Which>,
) -> Result<Json<Listed<PostLine>>, ApiError> {
    let organisation = readable(&desk, &bearer, which.organisation)?;
    let limit = usize::try_from(limit(which.limit, PAGE, PAGE_MAX)?).unwrap_or(usize::MAX);
    let filter = PostFilter { organisations: organisation.map(|slug| vec![slug]), ..PostFilter::default() };
    let page = desk.office.store.post_page(&filter, which.after.map(PostId), limit).await?;
    let next = page.next.map(|id| id.to_string());
    Ok(Json(Listed { items: page.posts.into_iter().map(Into::into).collect(), next }))
}

/// The organisation whose things are asked for; `None`: all, for those who may read all.
pub(super) fn readable(desk: &Desk, bearer: &Bearer, named: Option<String>) -> Result<Option<String>, ApiError> {
    if let Some(slug) = named {
        bearer.must(Deed::Read, &slug)?;
        return Ok(Some(slug));
    }
    let all = &desk.office.config.organisations;
    let mut own = all.iter().filter(|o| bearer.0.rights.may(Deed::Read, &o.slug));
    match (own.next(), own.next()) {
        (Some(only), None) => Ok(Some(only.slug.clone())),
        (Some(_), Some(_)) if bearer.0.rights.may_everywhere(Deed::Read) => Ok(None),
        (Some(_), Some(_)) => {
            Err(ApiError::Unreadable(StatusCode::BAD_REQUEST, "name one organisation with `organisation`".into()))
        }
        (None, _) => Err(bearer.asker().refuse(Deed::Read).into()),
    }
}

/// The organisation that publishes: the named one, or the only one that is meant.
pub(super) fn publisher(desk: &Desk, bearer: &Bearer, named: Option<&str>) -> Result<String, ApiError> {
    match (named, &*desk.office.config.organisations) {
        (Some(slug), _) => Ok(slug.to_owned()),
        (None, [only]) => Ok(only.slug.clone()),
        (None, _) => readable(desk, bearer, None)?.ok_or_else(|| {
            ApiError::Unreadable(StatusCode::BAD_REQUEST, "name the `organisation` that publishes".into())
        }),
    }
}

/// Queues a post: in MAX at its time, elsewhere after the hold. The same `Idempotency-Key` queues once.
#[utoipa::path(
    post, path = "/posts", tag = "posts", request_body = NewPost,
    params(("Idempotency-Key" = Option<String>, Header, description = "1 to 200 printable ASCII characters")),
    responses(
        (status = 201, description = "Queued", body = Queued),
        (status = 200, description = "Queued before under this key; nothing was done now", body = Queued),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn create(
    State(desk): State<Desk>,
    bearer: Bearer,
    headers: HeaderMap,
    Body(new): Body<NewPost>,
) -> Result<Response, ApiError> {
    let key = idempotency_key(&headers)?;
    let slug = publisher(&desk, &bearer, new.organisation.as_deref())?;
    bearer.must(Deed::Write, &slug)?;
    let organisation = desk.office.config.organisation(&slug).ok_or(WebError::NotFound)?;
    if organisation.approval == Approval::Editor {
        return Err(ApiError::ApprovalNeeded);
    }
    let queued = desk.office.queue_for_program(organisation, asked(new), key, &bearer.0.name).await?;
    let status = if queued.repeated { StatusCode::OK } else { StatusCode::CREATED };
    let location = format!("{}/posts/{}", super::BASE, queued.id);
    let body = Queued { id: queued.id.0, repeated: queued.repeated, planned: Planned::all(queued.planned) };
    Ok((status, [(LOCATION, location)], Json(body)).into_response())
}

/// One post with its whole life. Its `ETag` names how it stands: every change of it asks for that.
#[utoipa::path(
    get, path = "/posts/{id}", tag = "posts", params(("id" = Uuid, Path)),
    responses(
        (status = 200, description = "The post", body = Post, headers(("ETag" = String, description = "How it stands"))),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn show(
    State(desk): State<Desk>,
    bearer: Bearer,
    Named(id): Named<Uuid>,
) -> Result<Response, ApiError> {
    let post = desk.office.store.post_view(PostId(id)).await?;
    bearer.must(Deed::Read, &post.organisation)?;
    let tag = etag(&post);
    Ok(([(ETAG, tag)], Json(Post::from(post))).into_response())
}

/// Gives a post new content. What is out in MAX is edited there, and the hold begins again for the others.
#[utoipa::path(
    put, path = "/posts/{id}", tag = "posts", request_body = NewPost,
    params(
        ("id" = Uuid, Path),
        ("If-Match" = String, Header, description = "The ETag of the post as it was seen, or `*`", example = "*"),
    ),
    responses(
        (status = 200, description = "The post as it is now", body = Post),
        (
            status = 412, description = "It stands otherwise than was seen",
            body = Problem, content_type = "application/problem+json",
        ),
        (status = 428, description = "`If-Match` is missing", body = Problem, content_type = "application/problem+json"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn edit(
    State(desk): State<Desk>,
    bearer: Bearer,
    Named(id): Named<Uuid>,
    headers: HeaderMap,
    Body(new): Body<NewPost>,
) -> Result<Response, ApiError> {
    let id = PostId(id);
    let before = desk.office.store.post_view(id).await?;
    bearer.must(Deed::Settle, &before.organisation)?;
    let organisation = desk.office.config.organisation(&before.organisation).ok_or(WebError::NotFound)?;
    if organisation.approval == Approval::Editor {
        return Err(ApiError::ApprovalNeeded);
    }
    let seen = Seen::of(&headers)?.must_be(&before)?;
    if new.organisation.as_deref().is_some_and(|slug| slug != before.organisation) {
        let why = format!("organisation: post {id} is of `{}`, and an edit leaves it there", before.organisation);
        return Err(ApiError::Unreadable(StatusCode::UNPROCESSABLE_ENTITY, why));
    }
    desk.office.edit_for_program(seen, asked(new), &bearer.0.name).await?;
    let post = desk.office.store.post_view(id).await?;
    let tag = etag(&post);
    Ok(([(ETAG, tag)], Json(Post::from(post))).into_response())
}

fn asked(new: NewPost) -> ProgramPost {
    let typed = PostFile {
        title: new.title,
        body: new.body,
        at: new.at,
        link: new.link,
        tags: new.tags,
        media: Vec::new(),
        channels: new.channels,
        not_before: new.not_before,
        overrides: new.overrides,
        expires_at: new.expires_at,
    };
    ProgramPost { typed, files: new.media.into_iter().map(file).collect() }
}

/// What the program says of a file; the rest is known since it was uploaded.
fn file(named: NewMedia) -> DraftMedia {
    DraftMedia {
        sha256: named.sha256,
        kind: vestnik_contract::MediaKind::Document,
        name: named.name,
        mime: String::new(),
        bytes: 0,
        size: None,
        alt: named.alt,
    }
}
