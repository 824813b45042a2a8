//! Which call is answered by what.

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequestParts, Request, State};
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use http::header::AUTHORIZATION;
use http::request::Parts;

use super::refusal::Refusal;
use super::world::{Shared, lock};
use super::{chats, lists, messages, receive, updates};
use crate::Call;

/// Every path with a variable part, as calls are named.
const TEMPLATES: [&str; 9] = [
    "/messages/{mid}",
    "/chats/{chat_id}",
    "/chats/{chat_id}/members/me",
    "/chats/{chat_id}/members/admins",
    "/chats/{chat_id}/members",
    "/chats/{chat_id}/pin",
    "/chats/{chat_id}/actions",
    "/chats/{chat_id}/members/admins/{user_id}",
    "/upload/{kind}/{number}",
];

/// The name of a call for fault switches: method and path, variable parts in braces, for example
/// `GET /chats/{chat_id}/members/me` or `POST /upload/{kind}/{number}`.
pub fn call_name(call: &Call<'_>) -> String {
    let path = call.parts.uri.path();
    let fits = |template: &&&str| {
        let (mut given, mut named) = (path.split('/'), template.split('/'));
        loop {
            match (given.next(), named.next()) {
                (None, None) => return true,
                (Some(part), Some(name)) if part == name || name.starts_with('{') => {}
                _ => return false,
            }
        }
    };
    let name = TEMPLATES.iter().find(fits).copied().unwrap_or(path);
    format!("{} {name}", call.parts.method)
}

pub(super) fn router(world: Shared) -> Router {
    let api = Router::new()
        .route("/me", get(chats::me).patch(chats::change_me))
        .route("/chats/{chat_id}", get(chats::chat).patch(chats::change_chat))
        .route("/chats/{chat_id}/members/me", get(chats::membership).delete(chats::leave))
        .route("/chats/{chat_id}/members", get(chats::members).delete(chats::accepted))
        .route("/chats/{chat_id}/members/admins", get(chats::members).post(chats::accepted))
        .route("/chats/{chat_id}/actions", post(chats::accepted))
        .route("/chats/{chat_id}/pin", get(chats::pinned).put(chats::pin).delete(chats::unpin))
        .route("/messages", get(lists::many).post(messages::publish).put(messages::edit).delete(messages::remove))
        .route("/messages/{mid}", get(lists::one))
        .route("/uploads", post(receive::open))
        .route("/updates", get(updates::poll))
        .route("/subscriptions", get(updates::list).post(updates::subscribe).delete(updates::unsubscribe))
        .fallback(|| async { Refusal::no_such("Path is not recognized") })
        .method_not_allowed_fallback(|| async { Refusal::method() })
        .layer(from_fn_with_state(world.clone(), known));
    // MAX takes files on hosts of their own, which ask for no token.
    Router::new()
        .route("/upload/{kind}/{number}", post(receive::receive).get(receive::progress))
        .fallback_service(api.with_state(world.clone()))
        .layer(DefaultBodyLimit::disable())
        .with_state(world)
}

/// Lets only the bot in: the bare token in the header, neither `Bearer` nor a query parameter.
async fn known(State(world): State<Shared>, request: Request, next: Next) -> Response {
    let given = request.headers().get(AUTHORIZATION).map(http::HeaderValue::as_bytes);
    let refusal = match given {
        None | Some(b"") => Some(Refusal::token("Empty access_token")),
        Some(given) => {
            let known = lock(&world).token.as_ref().is_some_and(|token| token.as_bytes() == given);
            (!known).then(|| Refusal::token("Invalid access_token"))
        }
    };
    match refusal {
        Some(refusal) => refusal.into_response(),
        None => next.run(request).await,
    }
}

/// The query of a call. Unknown parameters are let be.
#[derive(Debug)]
pub(super) struct Query(Vec<(String, String)>);

impl Query {
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(key, value)| key == name && !value.is_empty()).map(|(_, value)| value.as_str())
    }

    pub(super) fn number(&self, name: &str) -> Result<Option<i64>, Refusal> {
        let wrong = |value: &str| Refusal::payload(format!("Invalid {name}: {value}"));
        self.text(name).map(|value| value.parse().map_err(|_| wrong(value))).transpose()
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Query {
    type Rejection = Refusal;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Refusal> {
        let query = parts.uri.query().unwrap_or_default();
        Ok(Self(url::form_urlencoded::parse(query.as_bytes()).into_owned().collect()))
    }
}
