//! Updates and subscriptions: there is never anything new, but clients that listen are content.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use serde_json::{Value, json};

use super::chats::done;
use super::refusal::Refusal;
use super::routes::Query;
use super::world::{Shared, lock};

/// A client that polls is kept waiting so long (real time), that it does not spin.
const POLL_WAIT: Duration = Duration::from_secs(1);

/// `GET /updates`.
pub(super) async fn poll(query: Query) -> Result<Response, Refusal> {
    if query.number("timeout")? != Some(0) {
        tokio::time::sleep(POLL_WAIT).await;
    }
    Ok(Json(json!({ "updates": [], "marker": query.number("marker")? })).into_response())
}

/// `GET /subscriptions`.
pub(super) async fn list(State(world): State<Shared>) -> Response {
    Json(json!({ "subscriptions": lock(&world).subscriptions })).into_response()
}

/// `POST /subscriptions`.
pub(super) async fn subscribe(State(world): State<Shared>, body: Bytes) -> Result<Response, Refusal> {
    let request: Value = serde_json::from_slice(&body).map_err(|e| Refusal::payload(format!("Invalid body: {e}")))?;
    let url = request["url"].as_str().filter(|url| url.starts_with("https://"));
    let url = url.ok_or_else(|| Refusal::payload("`url` must begin with https://"))?;
    let mut world = lock(&world);
    let time = world.clock.now().timestamp_millis();
    world.subscriptions.retain(|s| s["url"] != url);
    world.subscriptions.push(json!({ "url": url, "time": time, "update_types": request["update_types"] }));
    Ok(done())
}

/// `DELETE /subscriptions?url=`.
pub(super) async fn unsubscribe(State(world): State<Shared>, query: Query) -> Result<Response, Refusal> {
    let url = query.text("url").ok_or_else(|| Refusal::payload("Missing `url`"))?;
    lock(&world).subscriptions.retain(|s| s["url"] != url);
    Ok(done())
}
