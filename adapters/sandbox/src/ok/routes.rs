//! The HTTP face.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, Multipart, Path, RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, post};
use bytes::Bytes;

use super::Shared;
use super::access::Parameters;
use super::call::{self, Yield};
use super::wire::{self, Refusal};
use super::{oauth, uploads};
use crate::server::Call;

type Face = State<Arc<Shared>>;

/// Everything that OK answers.
pub(super) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/fb.do", any(form))
        .route("/api/{group}/{method}", any(path))
        .route("/oauth/token.do", post(token))
        .route("/upload/photo", post(photo))
        .route("/upload/video", post(film))
        .layer(DefaultBodyLimit::disable())
        .with_state(shared)
}

/// A call's name: the method, or the upload's path.
pub(super) fn name(call: &Call<'_>) -> String {
    let path = call.parts.uri.path();
    if path == "/fb.do" {
        let merged = merge(call.parts.uri.query().unwrap_or_default(), call.body);
        return merged.get("method").cloned().unwrap_or_else(|| "fb.do".to_owned());
    }
    match path.strip_prefix("/api/") {
        Some(method) => method.replace('/', "."),
        None => path.trim_start_matches('/').to_owned(),
    }
}

/// Query and form as one: a client signs the query and puts the token into the body.
fn merge(query: &str, body: &[u8]) -> Parameters {
    let query = url::form_urlencoded::parse(query.as_bytes());
    query
        .chain(url::form_urlencoded::parse(body))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}

async fn form(State(shared): Face, RawQuery(query): RawQuery, body: Bytes) -> Response {
    let parameters = merge(&query.unwrap_or_default(), &body);
    let method = parameters.get("method").cloned().unwrap_or_default();
    respond(&shared, &method, &parameters)
}

async fn path(
    State(shared): Face,
    Path((group, method)): Path<(String, String)>,
    RawQuery(query): RawQuery,
    body: Bytes,
) -> Response {
    respond(&shared, &format!("{group}.{method}"), &merge(&query.unwrap_or_default(), &body))
}

fn respond(shared: &Shared, method: &str, parameters: &Parameters) -> Response {
    let Some(base) = shared.base.get() else { return Refusal::new(2, "SERVICE", "Starting").into_response() };
    match call::answer(&mut shared.world(), method, parameters, base, shared.clock.now()) {
        Ok(Yield::Value(value)) => wire::success(&value),
        Ok(Yield::Empty) => Response::new(Body::empty()),
        Err(refusal) => refusal.into_response(),
    }
}

async fn token(State(shared): Face, RawQuery(query): RawQuery, body: Bytes) -> Response {
    let parameters = merge(&query.unwrap_or_default(), &body);
    oauth::exchange(&mut shared.world(), &parameters, shared.clock.now())
}

async fn photo(
    State(shared): Face,
    RawQuery(query): RawQuery,
    multipart: Result<Multipart, MultipartRejection>,
) -> Response {
    let Ok(multipart) = multipart else {
        return Refusal::new(21, "NOT_MULTIPART", "Request is not multipart").into_response();
    };
    let Some(files) = files(multipart).await else {
        return Refusal::new(324, "EDIT_PHOTO_FILE", "Multipart request is broken").into_response();
    };
    let ids = merge(&query.unwrap_or_default(), &[]).remove("photoIds").unwrap_or_default();
    match uploads::take_photos(&mut shared.world(), &ids, &files, shared.clock.now()) {
        Ok(value) => wire::success(&value),
        Err(refusal) => refusal.into_response(),
    }
}

/// The files of an upload in their order; the names of the fields are free.
async fn files(mut multipart: Multipart) -> Option<Vec<Bytes>> {
    let mut files = Vec::new();
    while let Some(field) = multipart.next_field().await.ok()? {
        files.push(field.bytes().await.ok()?);
    }
    Some(files)
}

async fn film(State(shared): Face, RawQuery(query): RawQuery, body: Bytes) -> Response {
    let id = merge(&query.unwrap_or_default(), &[]).remove("videoId").unwrap_or_default();
    if body.is_empty() {
        return Refusal::param("BadFormat").into_response();
    }
    match uploads::take_film(&mut shared.world(), &id) {
        Ok(()) => Response::new(Body::empty()),
        Err(refusal) => refusal.into_response(),
    }
}
