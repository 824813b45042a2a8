//! The calls that make, change and take down posts.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::channel::Author;
use super::markup::{Marked, from_html, from_markdown};
use super::refusal::Refusal;
use super::routes::Query;
use super::world::{Body, Shared, World, lock};
use super::{attachments, ids, wire};

/// Longest text. Which unit MAX counts is not documented; the strictest reading is UTF-16 units of what is sent.
const TEXT_MAX: usize = 4000;

/// What a bot sends (MAX API schema 0.0.33, `NewMessageBody`).
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct Draft {
    text: Option<String>,
    format: Option<String>,
    attachments: Option<Vec<Value>>,
    link: Option<DraftLink>,
    notify: Option<bool>,
}

#[derive(Debug, Deserialize)]
struct DraftLink {
    #[serde(rename = "type")]
    kind: String,
    mid: String,
}

/// `POST /messages`.
pub(super) async fn publish(State(world): State<Shared>, query: Query, body: Bytes) -> Result<Response, Refusal> {
    let (chat_id, user_id) = (query.number("chat_id")?, query.number("user_id")?);
    let chat_id = match (chat_id, user_id) {
        (Some(chat_id), None) => chat_id,
        (None, Some(user_id)) => return Err(Refusal::no_such(format!("Dialog with user {user_id} not found"))),
        _ => return Err(Refusal::payload("Exactly one of `chat_id` and `user_id` is required")),
    };
    let mut world = lock(&world);
    world.allowed(chat_id, "write")?;
    let now = world.clock.now();
    world.rate.count(chat_id, "send", now)?;
    let draft = read(&body)?;
    let (text, media) = check(&mut world, &draft)?;
    let link = match draft.link {
        None => None,
        Some(link) if !matches!(link.kind.as_str(), "reply" | "forward") => {
            return Err(Refusal::payload(format!("Unknown type of link: {}", link.kind)));
        }
        Some(link) if world.visible(&link.mid).is_none() => {
            return Err(Refusal::payload(format!("Message {} not found", link.mid)));
        }
        Some(link) => Some((link.kind, link.mid)),
    };
    let attachments = media.unwrap_or_default();
    let (source, marked) = text.unwrap_or_default();
    if marked.text.trim().is_empty() && attachments.is_empty() && link.is_none() {
        return Err(Refusal::payload("Message is empty"));
    }
    let body = Body { source, marked, attachments, link };
    let mid = world.put_up(chat_id, Author::Bot, body).map(super::Post::mid);
    let (channel, post) = mid
        .as_deref()
        .and_then(|mid| Some((&world.timeline(chat_id)?.channel, world.post(mid)?)))
        .ok_or_else(|| Refusal::no_chat(chat_id))?;
    Ok(Json(json!({ "message": wire::message(&world, channel, post, false) })).into_response())
}

/// `PUT /messages?message_id=`.
pub(super) async fn edit(State(world): State<Shared>, query: Query, body: Bytes) -> Result<Response, Refusal> {
    let mid = query.text("message_id").ok_or_else(|| Refusal::payload("Missing `message_id`"))?;
    let mut world = lock(&world);
    may(&mut world, mid, "edit")?;
    let draft = read(&body)?;
    let (text, media) = check(&mut world, &draft)?;
    let done = world.rewrite(mid, Author::Bot, text, media);
    Ok(outcome(done, "Error on message edit"))
}

/// `DELETE /messages?message_id=`.
pub(super) async fn remove(State(world): State<Shared>, query: Query) -> Result<Response, Refusal> {
    let mid = query.text("message_id").ok_or_else(|| Refusal::payload("Missing `message_id`"))?;
    let mut world = lock(&world);
    may(&mut world, mid, "delete")?;
    let done = world.remove(mid, Author::Bot);
    Ok(outcome(done, "Error on message delete"))
}

fn outcome(done: bool, message: &str) -> Response {
    if done {
        Json(json!({ "success": true })).into_response()
    } else {
        Json(json!({ "success": false, "message": message })).into_response()
    }
}

/// Whether the bot may do this to a post, also to one that is gone.
fn may(world: &mut World, mid: &str, right: &'static str) -> Result<(), Refusal> {
    let (chat_id, _) = ids::parse_mid(mid).ok_or_else(|| Refusal::payload("Invalid `message_id`"))?;
    world.allowed(chat_id, right)?;
    let now = world.clock.now();
    world.rate.count(chat_id, right, now)
}

fn read(body: &Bytes) -> Result<Draft, Refusal> {
    serde_json::from_slice(body).map_err(|e| Refusal::payload(format!("Invalid body: {e}")))
}

type Checked = (Option<(String, Marked)>, Option<Vec<super::Attachment>>);

fn check(world: &mut World, draft: &Draft) -> Result<Checked, Refusal> {
    if draft.notify == Some(false) {
        return Err(Refusal::payload("`notify` must not be false in a channel"));
    }
    let requested = draft.attachments.as_deref().unwrap_or_default();
    let media = attachments::read(&world.uploads, requested)?;
    if let Some(kind) = attachments::uses_uploads(requested)
        && world.not_ready_left > 0
    {
        world.not_ready_left -= 1;
        return Err(Refusal::not_ready(kind));
    }
    let text = draft.text.as_deref().map(|text| marked(text, draft.format.as_deref())).transpose()?;
    Ok((text, draft.attachments.is_some().then_some(media)))
}

fn marked(text: &str, format: Option<&str>) -> Result<(String, Marked), Refusal> {
    let length = text.encode_utf16().count();
    if length > TEXT_MAX {
        return Err(Refusal::payload(format!("text: size must be between 0 and {TEXT_MAX}, but is {length}")));
    }
    let marked = match format {
        None => Marked::plain(text),
        Some("html") => from_html(text),
        Some("markdown") => from_markdown(text),
        Some(other) => return Err(Refusal::payload(format!("Unknown format `{other}`, use markdown or html"))),
    };
    Ok((text.to_owned(), marked))
}
