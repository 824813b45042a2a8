//! Forms that were sent, with the token of their session.

use axum::RequestExt as _;
use axum::extract::{FromRef, FromRequest, Request};
use axum::http::HeaderMap;
use axum_extra::extract::Form;
use bytes::Bytes;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tower_sessions::Session;

use super::session::CSRF;
use super::{Desk, WebError};

/// A form that came from a page of this session. It goes last among a handler's arguments.
#[derive(Debug, Clone)]
pub struct Posted<T>(pub T);

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    csrf: String,
}

/// Longest form, in bytes: a text for every platform and every follower, several times over.
const FORM_BYTES_MAX: usize = 2 * 1024 * 1024;

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Posted<T>
where
    Desk: FromRef<S>,
{
    type Rejection = WebError;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, WebError> {
        let session = request.extract_parts::<Session>().await.map_err(|(_, why)| WebError::internal(why))?;
        let headers = request.headers().clone();
        let (parts, body) = request.into_parts();
        let bytes = axum::body::to_bytes(body, FORM_BYTES_MAX)
            .await
            .map_err(|_| WebError::TooLarge(format!("a form may have {FORM_BYTES_MAX} bytes")))?;
        let again = |bytes: Bytes| Request::from_parts(parts.clone(), bytes.into());
        let Form(Token { csrf }) = Form::from_request(again(bytes.clone()), state).await.map_err(unreadable)?;
        must_be_of(&session, &headers, &csrf).await?;
        let Form(form) = Form::from_request(again(bytes), state).await.map_err(unreadable)?;
        Ok(Self(form))
    }
}

/// Lets only requests on that carry the token of their session: in the form, or in a header that only scripts of our
/// own pages can set.
pub(super) async fn must_be_of(session: &Session, headers: &HeaderMap, in_form: &str) -> Result<(), WebError> {
    let expected = session.get::<String>(CSRF).await?.unwrap_or_default();
    let in_header = headers.get("x-csrf-token").and_then(|v| v.to_str().ok()).unwrap_or_default();
    let given = if in_form.is_empty() { in_header } else { in_form };
    if expected.is_empty() || super::session::secret_sha256(given) != super::session::secret_sha256(&expected) {
        return Err(WebError::Forged);
    }
    Ok(())
}

fn unreadable(why: impl std::fmt::Display) -> WebError {
    WebError::Refused(format!("the form cannot be read: {why}"))
}
