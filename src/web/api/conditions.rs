//! Keys and conditions: a repeated call does nothing twice, and no change is lost under another.

use axum::http::header::IF_MATCH;
use axum::http::{HeaderMap, HeaderValue, StatusCode};

use super::problem::ApiError;
use crate::office::Standing;
use crate::store::{AsSeen, PostView};

/// The key under which something is made once (`Idempotency-Key`).
pub(super) fn idempotency_key(headers: &HeaderMap) -> Result<Option<String>, ApiError> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().unwrap_or_default().trim_matches('"');
    let fits = (1..=200).contains(&key.len()) && key.chars().all(|c| c.is_ascii_graphic());
    let wrong = || {
        let why = "Idempotency-Key must have 1 to 200 printable ASCII characters without blanks";
        ApiError::Unreadable(StatusCode::BAD_REQUEST, why.into())
    };
    if fits { Ok(Some(key.to_owned())) } else { Err(wrong()) }
}

/// How a post stands, as `ETag` and `If-Match` name it: the same mark that the forms of its page carry.
pub(super) fn etag(post: &PostView) -> HeaderValue {
    HeaderValue::from_str(&format!("\"{}\"", Standing::of_view(post).mark()))
        .unwrap_or(HeaderValue::from_static("\"\""))
}

/// How the caller has seen the post (`If-Match`).
#[derive(Debug)]
pub(super) enum Seen {
    /// However it stands (`*`).
    Anyhow,
    /// As one of these tags names it.
    As(Vec<String>),
}

impl Seen {
    /// Without it nothing is changed.
    pub(super) fn of(headers: &HeaderMap) -> Result<Self, ApiError> {
        let lines: Vec<_> = headers.get_all(IF_MATCH).iter().map(|line| line.to_str().unwrap_or_default()).collect();
        if lines.is_empty() {
            return Err(ApiError::ConditionNeeded);
        }
        // A proxy that packs answers calls their tags weak.
        let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
        let tags: Vec<_> = lines.iter().flat_map(|line| line.split(',')).map(strong).collect();
        Ok(if tags.iter().any(|tag| tag == "*") { Self::Anyhow } else { Self::As(tags) })
    }

    /// Lets only those on who have seen the post as it stands; what they want is done if it still stands so then.
    pub(super) fn must_be(&self, post: &PostView) -> Result<AsSeen, ApiError> {
        let Self::As(tags) = self else { return Ok(post.id.into()) };
        let now = etag(post);
        if tags.iter().any(|tag| tag.as_bytes() == now.as_bytes()) {
            return Ok(post.into());
        }
        let id = post.id;
        Err(ApiError::Changed(format!("post {id} stands otherwise than your `If-Match` says; read it again")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_plain_and_not_endless() {
        let key = |text: &str| {
            let headers = HeaderMap::from_iter([("idempotency-key".parse().unwrap(), text.parse().unwrap())]);
            idempotency_key(&headers)
        };
        assert_eq!(key("\"a-1\"").unwrap().as_deref(), Some("a-1"));
        assert!(key("with blank").is_err() && key("").is_err() && key(&"x".repeat(201)).is_err());
        assert!(idempotency_key(&HeaderMap::new()).unwrap().is_none());
    }
}
