//! The HTTP face.

use axum::Router;
use axum::extract::{DefaultBodyLimit, Path, State};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, StatusCode};

use super::wire::{Answer, Event, refusal};
use super::world::State as Stands;
use super::{Shared, lock, pages, signature};
use crate::clock::WorldClock;
use crate::server::Call;

/// PHP's `post_max_size` where nobody has raised it.
const REQUEST_BYTES_MAX: usize = 8 * 1024 * 1024;

#[derive(Clone)]
struct Face {
    world: Shared,
    clock: WorldClock,
}

pub(super) fn router(world: Shared, clock: WorldClock) -> Router {
    Router::new()
        .route("/", get(list).post(receive))
        .route("/news/{id}", get(item))
        .route("/files/{sha256}", get(file))
        .route("/{*anywhere}", post(receive))
        .layer(DefaultBodyLimit::max(REQUEST_BYTES_MAX))
        .with_state(Face { world, clock })
}

/// A call's name: the event, or `GET`.
pub(super) fn name(call: &Call<'_>) -> String {
    if call.parts.method == http::Method::GET {
        return "GET".into();
    }
    serde_json::from_slice::<Event>(call.body).map_or_else(|_| "unreadable".into(), |event| event.r#type)
}

async fn receive(State(face): State<Face>, headers: HeaderMap, body: Bytes) -> Response {
    let (status, body) = answer(&face, &headers, &body);
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    (status, axum::Json(body)).into_response()
}

fn answer(face: &Face, headers: &HeaderMap, body: &[u8]) -> Answer {
    let (mut world, now) = (lock(&face.world), face.clock.now());
    let id = match signature::verify(headers, body, &world.secrets, now, world.tolerance) {
        Ok(id) => id,
        Err(why) => return refusal(401, "bad_signature", why, false),
    };
    let event: Event = match serde_json::from_slice(body) {
        Ok(event) => event,
        Err(error) => return refusal(400, "bad_json", &error.to_string(), false),
    };
    let changes = matches!(event.r#type.as_str(), "post.publish" | "post.update" | "post.withdraw");
    let key = headers.get("idempotency-key").and_then(|v| v.to_str().ok());
    if changes && key != Some(&format!("\"{id}\"")) {
        return refusal(400, "bad_idempotency_key", "Idempotency-Key must repeat webhook-id, in quotes", false);
    }
    world.take(&id, event, now)
}

async fn list(State(face): State<Face>) -> Html<String> {
    Html(pages::list(&lock(&face.world)))
}

async fn item(State(face): State<Face>, Path(id): Path<String>) -> Response {
    match lock(&face.world).by_id(&id) {
        Some(item) if item.state == Stands::Live => Html(pages::item(item)).into_response(),
        Some(item) if item.state == Stands::Withdrawn => StatusCode::GONE.into_response(),
        _ => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn file(State(face): State<Face>, Path(sha256): Path<String>) -> Response {
    let world = lock(&face.world);
    let found = world.items.iter().flat_map(|item| &item.files).find(|file| file.sha256 == sha256);
    match found {
        Some(file) => ([(CONTENT_TYPE, file.mime.clone())], file.content.clone()).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
