//! How OK writes errors and topics.

use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use http::{HeaderName, HeaderValue};
use serde_json::{Map, Value, json};

use super::world::{Block, StoredTopic, World};

/// An error of the API.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Refusal {
    code: u16,
    message: String,
}

impl Refusal {
    /// An error with its symbolic name and a detail.
    pub(super) fn new(code: u16, name: &str, detail: impl std::fmt::Display) -> Self {
        Self { code, message: format!("{name} : {detail}") }
    }

    /// A parameter that does not fit.
    pub(super) fn param(detail: impl std::fmt::Display) -> Self {
        Self::new(100, "PARAM", detail)
    }

    /// A right or a role that is missing.
    pub(super) fn permission(detail: impl std::fmt::Display) -> Self {
        Self::new(10, "PERMISSION_DENIED", detail)
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = success(&json!({
            "error_code": self.code,
            "error_data": null,
            "error_msg": self.message,
        }));
        response.headers_mut().insert(HeaderName::from_static("invocation-error"), HeaderValue::from(self.code));
        response
    }
}

/// Whatever a method yields, as JSON inside HTTP 200.
pub(super) fn success(value: &Value) -> Response {
    let mut response = Response::new(Body::from(value.to_string()));
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json;charset=utf-8"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-cache"));
    response
}

/// A topic as lists show it; `fields` as the caller chose them (`media_topic.*`, `media_topic.id`, ...).
pub(super) fn topic(world: &World, id: u64, topic: &StoredTopic, fields: Option<&str>) -> Value {
    let cut_at = world.rules.text_shown_max;
    let mut cut = false;
    let media: Vec<Value> = topic.blocks.iter().map(|block| wire_block(block, cut_at, &mut cut)).collect();
    let mut entry = Map::from_iter([
        ("id".to_owned(), json!(id.to_string())),
        ("created_ms".to_owned(), json!(topic.created.timestamp_millis())),
        ("author_ref".to_owned(), json!(topic.author)),
        ("owner_ref".to_owned(), json!(format!("group:{}", topic.group))),
        ("is_on_behalf_of_group".to_owned(), json!(topic.author.starts_with("group:"))),
        ("is_hidden_post".to_owned(), json!(topic.hidden)),
        ("is_unpublished_post".to_owned(), json!(topic.publish_at.is_some())),
        ("on_moderation".to_owned(), json!(topic.on_moderation)),
        ("is_text_cut".to_owned(), json!(cut)),
        ("is_sticky".to_owned(), json!(false)),
        ("views_count".to_owned(), json!(topic.views)),
        ("delete_id".to_owned(), json!(World::delete_id(id))),
        ("media".to_owned(), json!(media)),
    ]);
    if let Some(at) = topic.publish_at.or(topic.published) {
        entry.insert("publication_date_ms".to_owned(), json!(at.timestamp_millis()));
    }
    if let Some(fields) = fields.filter(|fields| !fields.split(',').any(|f| f.trim() == "media_topic.*")) {
        entry.retain(|name, _| {
            name == "id" || fields.split(',').any(|f| f.trim().strip_prefix("media_topic.") == Some(name))
        });
    }
    Value::Object(entry)
}

fn wire_block(block: &Block, cut_at: Option<usize>, cut: &mut bool) -> Value {
    match block {
        Block::Text(text) => {
            let shown = cut_at.map_or_else(|| text.clone(), |max| vestnik_contract::text::cut(text, max));
            *cut |= shown != *text;
            json!({"type": "text", "text": shown})
        }
        Block::Link(url) => json!({"type": "link", "url": url}),
        Block::Photos(ids) => {
            json!({"type": "photo", "photo_refs": ids.iter().map(|id| format!("group_photo:{id}")).collect::<Vec<_>>()})
        }
        Block::Movies(ids) => {
            json!({"type": "movie", "movie_refs": ids.iter().map(|id| format!("movie:{id}")).collect::<Vec<_>>()})
        }
        Block::Poll { question, answers } => {
            json!({"type": "poll", "question": question, "answers": answers.iter().map(|a| json!({"text": a})).collect::<Vec<_>>()})
        }
    }
}
