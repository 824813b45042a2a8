//! The calls about the bot and its channels.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use serde_json::{Value, json};

use super::refusal::Refusal;
use super::world::{Shared, World, lock};
use super::{ids, wire};

type Answer = Result<Response, Refusal>;

/// `GET /me`.
pub(super) async fn me(State(world): State<Shared>) -> Response {
    Json(wire::bot(&lock(&world))).into_response()
}

/// `PATCH /me`: official clients set the bot's commands so.
pub(super) async fn change_me(State(world): State<Shared>, body: Bytes) -> Answer {
    let change = read(&body)?;
    let mut world = lock(&world);
    if change["commands"].is_array() {
        world.commands = change["commands"].clone();
    }
    Ok(Json(wire::bot(&world)).into_response())
}

/// `GET /chats/{chat_id}`.
pub(super) async fn chat(State(world): State<Shared>, Path(chat): Path<String>) -> Answer {
    let world = lock(&world);
    Ok(Json(wire::chat(&world, &timeline(&world, &chat)?.channel)).into_response())
}

/// `PATCH /chats/{chat_id}`: the title.
pub(super) async fn change_chat(State(world): State<Shared>, Path(chat): Path<String>, body: Bytes) -> Answer {
    let (chat_id, change) = (number(&chat)?, read(&body)?);
    let mut world = lock(&world);
    world.allowed(chat_id, "change_chat_info")?;
    if let (Some(title), Some(timeline)) = (change["title"].as_str(), world.timeline_mut(chat_id)) {
        title.clone_into(&mut timeline.channel.title);
    }
    Ok(Json(wire::chat(&world, &timeline(&world, &chat)?.channel)).into_response())
}

/// `GET /chats/{chat_id}/members/me`.
pub(super) async fn membership(State(world): State<Shared>, Path(chat): Path<String>) -> Answer {
    let world = lock(&world);
    Ok(Json(wire::member(&world, &timeline(&world, &chat)?.channel)).into_response())
}

/// `DELETE /chats/{chat_id}/members/me`: the bot leaves.
pub(super) async fn leave(State(world): State<Shared>, Path(chat): Path<String>) -> Answer {
    let chat_id = number(&chat)?;
    let mut world = lock(&world);
    let timeline = world.timeline_mut(chat_id).ok_or_else(|| Refusal::no_chat(chat_id))?;
    timeline.channel.permissions = None;
    Ok(done())
}

/// `GET /chats/{chat_id}/members` and `/members/admins`: the bot is the only one.
pub(super) async fn members(State(world): State<Shared>, Path(chat): Path<String>) -> Answer {
    let world = lock(&world);
    let member = wire::member(&world, &timeline(&world, &chat)?.channel);
    Ok(Json(json!({ "members": [member], "marker": null })).into_response())
}

/// Calls that succeed on a channel that exists and change nothing that a test looks at.
pub(super) async fn accepted(State(world): State<Shared>, Path(chat): Path<String>) -> Answer {
    timeline(&lock(&world), &chat)?;
    Ok(done())
}

/// `GET /chats/{chat_id}/pin`.
pub(super) async fn pinned(State(world): State<Shared>, Path(chat): Path<String>) -> Answer {
    let world = lock(&world);
    let timeline = timeline(&world, &chat)?;
    let post = timeline.pinned.and_then(|seq| timeline.posts.get(&seq));
    let message = post.map(|post| wire::message(&world, &timeline.channel, post, false));
    Ok(Json(json!({ "message": message })).into_response())
}

/// `PUT /chats/{chat_id}/pin`.
pub(super) async fn pin(State(world): State<Shared>, Path(chat): Path<String>, body: Bytes) -> Answer {
    let (chat_id, request) = (number(&chat)?, read(&body)?);
    let mid = request["message_id"].as_str().ok_or_else(|| Refusal::payload("Missing `message_id`"))?;
    let seq = ids::parse_mid(mid).filter(|(chat, _)| *chat == chat_id).map(|(_, seq)| seq);
    let mut world = lock(&world);
    world.allowed(chat_id, "pin_message")?;
    let timeline = world.timeline_mut(chat_id).ok_or_else(|| Refusal::no_chat(chat_id))?;
    timeline.pinned = seq.filter(|seq| timeline.posts.contains_key(seq));
    if timeline.pinned.is_some() { Ok(done()) } else { Err(Refusal::no_message(mid)) }
}

/// `DELETE /chats/{chat_id}/pin`.
pub(super) async fn unpin(State(world): State<Shared>, Path(chat): Path<String>) -> Answer {
    let chat_id = number(&chat)?;
    let mut world = lock(&world);
    world.allowed(chat_id, "pin_message")?;
    if let Some(timeline) = world.timeline_mut(chat_id) {
        timeline.pinned = None;
    }
    Ok(done())
}

fn timeline<'a>(world: &'a World, chat: &str) -> Result<&'a super::channel::Timeline, Refusal> {
    let chat_id = number(chat)?;
    world.timeline(chat_id).ok_or_else(|| Refusal::no_chat(chat_id))
}

fn number(chat: &str) -> Result<i64, Refusal> {
    chat.parse().map_err(|_| Refusal::payload(format!("Invalid chat_id: {chat}")))
}

fn read(body: &Bytes) -> Result<Value, Refusal> {
    serde_json::from_slice(body).map_err(|e| Refusal::payload(format!("Invalid body: {e}")))
}

pub(super) fn done() -> Response {
    Json(json!({ "success": true })).into_response()
}
