//! A platform as its readers see it: one page, for people who look at the sandbox in a browser.
//!
//! Every platform shows its channels at [`PATH`], which no real API of theirs has, in colours of its own. What stands
//! there comes from the world itself: texts are escaped, and the page lets no script run.

mod gallery;
mod page;

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use bytes::Bytes;
use chrono::{DateTime, Utc};
use http::header::{CONTENT_SECURITY_POLICY, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderName, HeaderValue, StatusCode};

pub(crate) use gallery::Gallery;

/// Where the page stands on every platform.
pub(crate) const PATH: &str = "/reader";

/// What makes one platform's page unlike another's.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Look {
    /// The platform's name.
    pub(crate) name: &'static str,
    /// Behind the white name.
    pub(crate) band: &'static str,
    /// Behind the posts.
    pub(crate) ground: &'static str,
}

/// A channel with its posts, newest first.
#[derive(Debug)]
pub(crate) struct Wall {
    /// Whose it is.
    pub(crate) name: String,
    /// What stands on it, and what stood.
    pub(crate) posts: Vec<Shown>,
}

/// A post.
#[derive(Debug)]
#[expect(clippy::option_option, reason = "whether it happened, and when, where the platform remembers")]
pub(crate) struct Shown {
    /// The headline, where the platform has one apart from the text.
    pub(crate) title: Option<String>,
    /// The text as HTML, escaped by whoever made it.
    pub(crate) html: String,
    /// Addresses of pictures, each with its alternative.
    pub(crate) pictures: Vec<(String, String)>,
    /// Names of documents, films and whatever else is no picture.
    pub(crate) files: Vec<String>,
    /// The address shown as a card.
    pub(crate) link: Option<String>,
    /// The platform's own time of it.
    pub(crate) at: DateTime<Utc>,
    /// It was changed after it went out; when, where the platform remembers.
    pub(crate) edited: Option<Option<DateTime<Utc>>>,
    /// It was taken down; when, where the platform remembers.
    pub(crate) deleted: Option<Option<DateTime<Utc>>>,
}

/// A world that has readers.
pub(crate) trait HasReaders: Send + Sync + 'static {
    /// Its look.
    const LOOK: Look;

    /// Its channels as they stand now.
    fn walls(&self) -> Vec<Wall>;

    /// A form above the channels, as HTML: what a person does where there is no interface for programs.
    fn form(&self) -> &'static str {
        ""
    }

    /// A picture of a post, where the world keeps them apart from its pages.
    fn picture(&self, _key: &str) -> Option<(&'static str, Bytes)> {
        None
    }
}

/// The page and its pictures.
pub(crate) fn routes<W: HasReaders>(world: W) -> Router {
    let world = Arc::new(world);
    let pictures = Arc::clone(&world);
    Router::new()
        .route(PATH, get(move || async move { shown(&W::LOOK, &world.walls(), world.form()) }))
        .route("/reader/picture/{key}", get(move |Path(key): Path<String>| async move { picture(&*pictures, &key) }))
}

/// The address of a picture that [`HasReaders::picture`] finds.
pub(crate) fn picture_address(key: &str) -> String {
    let key = percent_encoding::utf8_percent_encode(key, percent_encoding::NON_ALPHANUMERIC);
    format!("{PATH}/picture/{key}")
}

/// Plain text as HTML.
pub(crate) fn plain(text: &str) -> String {
    vestnik_contract::markdown::escape_html(text).replace('\n', "<br>")
}

fn shown(look: &Look, walls: &[Wall], form: &str) -> Response {
    guarded("text/html; charset=utf-8", page::page(look, walls, form).into())
}

fn picture(world: &impl HasReaders, key: &str) -> Response {
    match world.picture(key) {
        Some((kind, content)) => guarded(kind, content),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

fn guarded(kind: &'static str, body: Bytes) -> Response {
    let mut response = body.into_response();
    let mut set = |name: HeaderName, value: HeaderValue| drop(response.headers_mut().insert(name, value));
    set(CONTENT_TYPE, HeaderValue::from_static(kind));
    set(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Ok(policy) = HeaderValue::from_str(&page::policy()) {
        set(CONTENT_SECURITY_POLICY, policy);
    }
    response
}
