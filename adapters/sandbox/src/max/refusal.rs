//! The error envelope: `{"code": "<dotted.key>", "message": "<text>"}`.

use axum::Json;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde_json::json;

/// A call that the platform does not take.
#[derive(Debug)]
pub(super) struct Refusal {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Refusal {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    pub(super) fn payload(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "proto.payload", message)
    }

    pub(super) fn not_ready(kind: &str) -> Self {
        let message = format!("Key: errors.process.attachment.{kind}.not.processed");
        Self::new(StatusCode::BAD_REQUEST, "attachment.not.ready", message)
    }

    pub(super) fn upload(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "upload.error", message)
    }

    pub(super) fn token(message: &str) -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "verify.token", message)
    }

    pub(super) fn denied() -> Self {
        Self::new(StatusCode::FORBIDDEN, "chat.denied", "No access to the chat or not enough rights in it")
    }

    pub(super) fn no_chat(chat_id: i64) -> Self {
        Self::new(StatusCode::NOT_FOUND, "chat.not.found", format!("Chat {chat_id} not found"))
    }

    pub(super) fn no_message(mid: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "message.not.found", format!("Message {mid} not found"))
    }

    pub(super) fn no_such(what: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not.found", what)
    }

    pub(super) fn method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "method.not.allowed", "Method not allowed")
    }

    pub(super) fn too_many() -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, "too.many.requests", "Too many requests")
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (self.status, Json(json!({ "code": self.code, "message": self.message }))).into_response()
    }
}
