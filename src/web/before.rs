//! What is known of visitors before they sign in: the token of their forms and the language they chose. It lies in their
//! browser alone, so that whoever only looks at the door leaves nothing in the database.
//!
//! The token is the hash of a random cookie (double submit): another site can neither read that cookie nor, with its
//! prefix, plant one. Once somebody signed in, the token of the session counts and this one no more.

use axum::http::header::{COOKIE, SET_COOKIE};
use axum::http::{HeaderMap, HeaderValue};
use axum::response::Response;
use tower_sessions::cookie::{Cookie, SameSite};

use super::{Desk, WebError};
use crate::office::people::{random_secret, sha256_hex};

/// A secret in hexadecimal.
const SECRET_CHARS: usize = 64;

/// A cookie for visitors that lasts as long as their browser is open.
#[derive(Debug, Clone, Copy)]
pub(super) enum Kept {
    /// What the token of forms is made of.
    Door,
    /// The name of a language.
    Language,
}

impl Kept {
    fn name(self, desk: &Desk) -> &'static str {
        match (self, desk.is_behind_tls()) {
            (Self::Door, true) => "__Host-vestnik-door",
            (Self::Door, false) => "vestnik-door",
            (Self::Language, true) => "__Host-vestnik-language",
            (Self::Language, false) => "vestnik-language",
        }
    }

    /// What the browser brought.
    pub(super) fn of(self, desk: &Desk, headers: &HeaderMap) -> Option<String> {
        let name = self.name(desk);
        let lines = headers.get_all(COOKIE).into_iter().filter_map(|line| line.to_str().ok());
        let mut pairs = lines.flat_map(Cookie::split_parse).filter_map(Result::ok);
        pairs.find(|cookie| cookie.name() == name).map(|cookie| cookie.value().to_owned())
    }

    /// Gives it to the browser with this answer.
    pub(super) fn give(self, desk: &Desk, value: &str, response: &mut Response) -> Result<(), WebError> {
        let cookie = Cookie::build((self.name(desk), value))
            .path("/")
            .http_only(true)
            .same_site(SameSite::Lax)
            .secure(desk.is_behind_tls())
            .build();
        let line = HeaderValue::from_str(&cookie.to_string()).map_err(WebError::internal)?;
        response.headers_mut().append(SET_COOKIE, line);
        Ok(())
    }
}

/// The token of a visitor's forms.
pub(super) fn token(desk: &Desk, headers: &HeaderMap) -> Option<String> {
    let is_ours = |secret: &String| secret.len() == SECRET_CHARS && secret.bytes().all(|b| b.is_ascii_hexdigit());
    Kept::Door.of(desk, headers).filter(is_ours).map(|secret| token_of(&secret))
}

/// A new secret for a visitor who has none, and the token of it.
pub(super) fn new_token() -> (String, String) {
    let secret = random_secret();
    let token = token_of(&secret);
    (secret, token)
}

fn token_of(secret: &str) -> String {
    sha256_hex(&format!("door {secret}"))
}
