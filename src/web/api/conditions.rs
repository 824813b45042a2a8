//! Keys and conditions: a repeated call does nothing twice, and no change is lost under another.

use axum::http::HeaderMap;
use axum::http::header::IF_MATCH;

use super::problem::ApiError;
use axum::http::StatusCode;

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

/// The name of a revision in `ETag` and `If-Match`.
pub(super) fn etag(revision: u32) -> String {
    format!("\"{revision}\"")
}

/// The revision that the caller has seen (`If-Match`); without it nothing is changed.
pub(super) fn seen_revision(headers: &HeaderMap) -> Result<Option<u32>, ApiError> {
    let value = headers.get(IF_MATCH).ok_or(ApiError::ConditionNeeded)?.to_str().unwrap_or_default().trim();
    if value == "*" {
        return Ok(None);
    }
    let revision = value.trim_matches('"').parse().ok();
    revision.map(Some).ok_or_else(|| ApiError::Changed(format!("`{value}` is no ETag of a post; read the post again")))
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
