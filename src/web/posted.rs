//! Forms that were sent, with the token of their session.
//!
//! A form is waited for as a whole before anybody is asked who sends it ([`whole`]): whoever is shut out while it is on
//! its way has not sent it.

use std::time::Duration;

use axum::RequestExt as _;
use axum::body::{Body, to_bytes};
use axum::extract::{FromRef, FromRequest, Request};
use axum::http::HeaderMap;
use axum_extra::extract::Form;
use bytes::{Bytes, BytesMut};
use futures_util::StreamExt as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use tower_sessions::Session;

use super::session::CSRF;
use super::{Desk, WebError, before, rest};

/// A form that came from a page of this session. It goes last among a handler's arguments.
#[derive(Debug, Clone)]
pub struct Posted<T>(pub T);

#[derive(Deserialize)]
struct Token {
    #[serde(default)]
    csrf: String,
}

/// Longest form, in bytes: a text for every platform and every follower, several times over.
pub(super) const FORM_BYTES_MAX: usize = 2 * 1024 * 1024;

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Posted<T>
where
    Desk: FromRef<S>,
{
    type Rejection = WebError;

    async fn from_request(mut request: Request, state: &S) -> Result<Self, WebError> {
        let session = request.extract_parts::<Session>().await.map_err(|(_, why)| WebError::internal(why))?;
        let headers = request.headers().clone();
        let (parts, body) = request.into_parts();
        let bytes = to_bytes(body, FORM_BYTES_MAX).await.map_err(|_| too_large())?;
        let again = |bytes: Bytes| Request::from_parts(parts.clone(), bytes.into());
        let Form(Token { csrf }) = Form::from_request(again(bytes.clone()), state).await.map_err(unreadable)?;
        let before = before::token(&Desk::from_ref(state), &headers);
        must_be_of(&session, before, &headers, &csrf).await?;
        let Form(form) = Form::from_request(again(bytes), state).await.map_err(unreadable)?;
        Ok(Self(form))
    }
}

/// A body has this long to arrive as a whole: whoever sends a byte a minute holds nothing open for ever.
const BODY_TIME: Duration = Duration::from_secs(120);

/// Waits for the body of a request, so that all that is asked about its sender is asked afterwards.
pub(super) async fn whole(request: Request) -> Result<Request, WebError> {
    let (parts, body) = request.into_parts();
    let arrived = tokio::time::timeout(BODY_TIME, read(body)).await;
    Ok(Request::from_parts(parts, arrived.map_err(|_| WebError::TooSlow)??.into()))
}

async fn read(body: Body) -> Result<Bytes, WebError> {
    let mut parts = body.into_data_stream();
    let mut whole = BytesMut::new();
    while let Some(part) = parts.next().await {
        let part = part.map_err(unreadable)?;
        if whole.len() + part.len() > FORM_BYTES_MAX {
            rest::leave(parts).await;
            return Err(too_large());
        }
        whole.extend_from_slice(&part);
    }
    Ok(whole.freeze())
}

/// A form that is longer than any that people fill in.
pub(super) fn too_large() -> WebError {
    WebError::TooManyBytes(FORM_BYTES_MAX)
}

/// Lets only requests on that carry the token of their session: in the form, or in a header that only scripts of our
/// own pages can set.
///
/// `before`: the token of a visitor who has no session.
pub(super) async fn must_be_of(
    session: &Session,
    before: Option<String>,
    headers: &HeaderMap,
    in_form: &str,
) -> Result<(), WebError> {
    let expected = session.get::<String>(CSRF).await?.or(before).unwrap_or_default();
    let in_header = headers.get("x-csrf-token").and_then(|v| v.to_str().ok()).unwrap_or_default();
    let given = if in_form.is_empty() { in_header } else { in_form };
    if expected.is_empty() || super::session::secret_sha256(given) != super::session::secret_sha256(&expected) {
        return Err(WebError::Forged);
    }
    Ok(())
}

fn unreadable(why: impl std::fmt::Display) -> WebError {
    WebError::FormUnreadable(why.to_string())
}

#[cfg(test)]
mod tests {
    use futures_util::stream;

    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_body_that_does_not_come_is_not_waited_for() {
        let begun = stream::iter([Ok::<_, std::io::Error>(Bytes::from_static(b"csrf="))]);
        let body = Body::from_stream(begun.chain(stream::pending()));
        let read = whole(Request::new(body)).await;
        assert!(matches!(read, Err(WebError::TooSlow)), "{read:?}");
    }
}
