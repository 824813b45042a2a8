//! The calls that read posts.

use axum::Json;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::refusal::Refusal;
use super::routes::Query;
use super::wire;
use super::world::{Shared, lock};

/// Posts in one answer.
const COUNT_MAX: i64 = 100;
const COUNT_USUAL: i64 = 50;

/// `GET /messages/{mid}`: the post itself, without a wrapper.
pub(super) async fn one(State(world): State<Shared>, Path(mid): Path<String>) -> Result<Response, Refusal> {
    let world = lock(&world);
    let (channel, post) = world.visible(&mid).ok_or_else(|| Refusal::no_message(&mid))?;
    Ok(Json(wire::message(&world, channel, post, false)).into_response())
}

/// `GET /messages`: a channel's posts, newest first, or posts by id. Bounds are milliseconds and exclusive;
/// the older `from` is the upper one.
pub(super) async fn many(State(world): State<Shared>, query: Query) -> Result<Response, Refusal> {
    let count = query.number("count")?.unwrap_or(COUNT_USUAL);
    if !(1..=COUNT_MAX).contains(&count) {
        return Err(Refusal::payload(format!("count: must be between 1 and {COUNT_MAX}, but is {count}")));
    }
    let count = usize::try_from(count).unwrap_or_default();
    let world = lock(&world);
    let messages: Vec<Value> = match (query.number("chat_id")?, query.text("message_ids")) {
        (_, Some(mids)) => {
            let found = mids.split(',').take(count).filter_map(|mid| world.visible(mid.trim()));
            found.map(|(channel, post)| wire::message(&world, channel, post, true)).collect()
        }
        (Some(chat_id), None) => {
            let timeline = world.allowed(chat_id, "read_all_messages")?;
            let before = query.number("before")?.or(query.number("from")?).unwrap_or(i64::MAX);
            let after = query.number("after")?.or(query.number("to")?).unwrap_or(i64::MIN);
            let posts = timeline.posts.values().rev();
            let within = posts.filter(|post| {
                let at = post.at.timestamp_millis();
                at < before && at > after
            });
            within.take(count).map(|post| wire::message(&world, &timeline.channel, post, true)).collect()
        }
        (None, None) => return Err(Refusal::payload("One of `chat_id` and `message_ids` is required")),
    };
    Ok(Json(json!({ "messages": messages })).into_response())
}
