//! What goes wrong, as people read it: one sentence and the way out, in their language.

use std::sync::Arc;

use axum::extract::{FromRequestParts as _, Request, State};
use axum::http::header::{CONTENT_TYPE, HOST, REFERER, RETRY_AFTER};
use axum::http::{HeaderValue, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Redirect, Response};

use askama::Template;

use super::guard::RequestId;
use super::page::Page;
use super::sign_in::own_path;
use super::visitor::Visitor;
use super::{Desk, words};
use crate::domain::Deed;
use crate::office::{OfficeError, PeopleError, Refusal};
use crate::release::ResolveError;
use crate::store::StoreError;

/// After so long the passwords that are being checked now have been.
const HASHING_SECONDS: u64 = 5;

/// Why a request was not done.
#[derive(Debug, Clone, thiserror::Error)]
pub enum WebError {
    /// There is no such page or thing, or none that this person may know of.
    #[error("there is nothing here")]
    NotFound,
    /// The address is of ours, and something in it cannot be read.
    #[error("something in the address cannot be read")]
    Unreadable,
    /// The address is for another method.
    #[error("nothing is done here by this method")]
    WrongMethod,
    /// One has to sign in; what was asked for comes afterwards.
    #[error("sign in first")]
    SignInFirst {
        /// The path that was asked for.
        asked: String,
    },
    /// The person's roles are not for this.
    #[error("your role does not allow `{0}`")]
    NotAllowed(Deed),
    /// The form does not come from a page of ours, or from one of a session that is over.
    #[error("the form is not from this session; load the page again")]
    Forged,
    /// What was asked for cannot be done as it is; nothing was changed. The sentence, in the visitor's language, says
    /// why and the way out.
    #[error("{0}")]
    Refused(String),
    /// What stands in a field cannot be understood. The page of the form comes back with it; where there is none to come
    /// back to, the sentence is told like any refusal.
    #[error("{words}")]
    Mistyped {
        /// The `id` of the field.
        field: &'static str,
        /// What is wrong there, in the visitor's language.
        words: String,
    },
    /// The office did not do it. [`as_page`] says why in the visitor's language.
    #[error("{0}")]
    Office(Arc<OfficeError>),
    /// The same of what concerns people.
    #[error("{}", .0.sentence())]
    People(Refusal),
    /// The form is not as our pages send it.
    #[error("the form cannot be read: {0}")]
    FormUnreadable(String),
    /// Someone else changed the same thing meanwhile.
    #[error("it was changed meanwhile; look at it and try again")]
    Conflict,
    /// More than is taken at once, in the visitor's language.
    #[error("{0}")]
    TooLarge(String),
    /// What was sent did not arrive in the time that it has.
    #[error("what was sent took too long to arrive; try again over a better connection")]
    TooSlow,
    /// More than so many bytes.
    #[error("more was sent than the {0} bytes that are taken; send less at once")]
    TooManyBytes(usize),
    /// Too many tries; after so many seconds again.
    #[error("too many tries; wait {0} seconds")]
    TooMany(u64),
    /// The disk with the database takes nothing: it is full, or it fails.
    #[error("the disk with the database takes nothing; make room, or see the log")]
    NoRoom,
    /// The fault is ours. The cause stands in the log and on no page.
    #[error("vestnik could not do it")]
    Internal,
}

impl WebError {
    /// Logs what a page must not show.
    pub fn internal(cause: impl std::fmt::Display) -> Self {
        tracing::error!(%cause, "a request failed");
        Self::Internal
    }

    /// The status of the answer.
    pub fn status(&self) -> StatusCode {
        match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Unreadable => StatusCode::BAD_REQUEST,
            Self::WrongMethod => StatusCode::METHOD_NOT_ALLOWED,
            Self::SignInFirst { .. } => StatusCode::UNAUTHORIZED,
            Self::NotAllowed(_) | Self::Forged => StatusCode::FORBIDDEN,
            Self::Office(why) if why.is_conflict() => StatusCode::CONFLICT,
            Self::Refused(_) | Self::Mistyped { .. } | Self::Office(_) | Self::People(_) | Self::FormUnreadable(_) => {
                StatusCode::UNPROCESSABLE_ENTITY
            }
            Self::Conflict => StatusCode::CONFLICT,
            Self::TooLarge(_) | Self::TooManyBytes(_) => StatusCode::PAYLOAD_TOO_LARGE,
            Self::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::TooMany(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::NoRoom => StatusCode::INSUFFICIENT_STORAGE,
            Self::Internal => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The name of the failure: stable, for programs and for the words under `locales/`.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NotFound => "not-found",
            Self::Unreadable => "unreadable",
            Self::WrongMethod => "wrong-method",
            Self::SignInFirst { .. } => "sign-in-first",
            Self::NotAllowed(_) => "not-allowed",
            Self::Forged => "forged",
            Self::Office(why) if why.is_conflict() => "conflict",
            Self::Refused(_) | Self::Mistyped { .. } | Self::Office(_) | Self::People(_) => "refused",
            Self::FormUnreadable(_) => "form-unreadable",
            Self::Conflict => "conflict",
            Self::TooLarge(_) | Self::TooManyBytes(_) => "too-large",
            Self::TooSlow => "too-slow",
            Self::TooMany(_) => "too-many",
            Self::NoRoom => "no-room",
            Self::Internal => "internal",
        }
    }
}

impl From<StoreError> for WebError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound { .. } => Self::NotFound,
            StoreError::Refused(_) | StoreError::NotMoved(_) | StoreError::Draft(_) => {
                Self::Office(Arc::new(error.into()))
            }
            StoreError::Overtaken => Self::Conflict,
            full @ (StoreError::Full | StoreError::Disk(_)) => {
                tracing::error!(cause = %full, "a request failed");
                Self::NoRoom
            }
            other => Self::internal(other),
        }
    }
}

impl From<PeopleError> for WebError {
    fn from(error: PeopleError) -> Self {
        match error {
            PeopleError::Refused(Refusal::Busy) => Self::TooMany(HASHING_SECONDS),
            PeopleError::Refused(Refusal::Overtaken) => Self::Conflict,
            PeopleError::Refused(refusal) => Self::People(refusal),
            PeopleError::Nobody | PeopleError::Hidden => Self::NotFound,
            PeopleError::Store(error) => error.into(),
            PeopleError::Failed(_) => Self::internal(error),
        }
    }
}

impl From<OfficeError> for WebError {
    fn from(error: OfficeError) -> Self {
        match error {
            OfficeError::Store(error) => error.into(),
            OfficeError::Resolve(ResolveError::Store(error)) => error.into(),
            OfficeError::Config(_) | OfficeError::Open(_) | OfficeError::PostFile(_) | OfficeError::BrokenOff(_) => {
                Self::internal(error)
            }
            told => Self::Office(Arc::new(told)),
        }
    }
}

impl From<tower_sessions::session::Error> for WebError {
    fn from(error: tower_sessions::session::Error) -> Self {
        Self::internal(error)
    }
}

impl From<askama::Error> for WebError {
    fn from(error: askama::Error) -> Self {
        Self::internal(error)
    }
}

/// A failure travels inside its bare answer until [`as_page`] knows in which language to tell it.
impl IntoResponse for WebError {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "failure.html")]
struct FailurePage {
    page: Page,
    code: &'static str,
    /// What the failure itself says, where that is more than its code.
    told: Option<String>,
    /// The page of ours that one came from.
    back: Option<String>,
    /// Under which name the log tells the cause, where the fault is ours.
    request: Option<String>,
}

/// Turns failures into pages.
pub(super) async fn as_page(State(desk): State<Desk>, request: Request, next: Next) -> Response {
    let (parts, body) = request.into_parts();
    let mut asked_with = parts.clone();
    let is_part = parts.headers.contains_key("hx-request");
    let shown_on = page_of_part(&parts);
    let back = came_from(&parts);
    let response = next.run(Request::from_parts(parts, body)).await;
    let Some(error) = response.extensions().get::<WebError>().cloned().or_else(|| untold(&response)) else {
        return response;
    };
    if let WebError::SignInFirst { asked } = &error {
        return to_the_door(shown_on.as_deref().unwrap_or(asked), is_part);
    }
    let frame = Visitor::from_request_parts(&mut asked_with, &desk).await;
    let Ok(Visitor { page, .. }) = frame else { return response };
    let told = words::failure(&desk, &page, &error);
    let request = asked_with.extensions.get::<RequestId>().filter(|_| matches!(error, WebError::Internal));
    let request = request.map(|id| id.0.clone());
    let shown = FailurePage { page, code: error.code(), told, back, request }.render();
    match shown {
        Ok(html) => {
            let mut response = (error.status(), Html(html)).into_response();
            if let WebError::TooMany(seconds) = error {
                response.headers_mut().insert(RETRY_AFTER, seconds.into());
            }
            response
        }
        Err(cause) => {
            tracing::error!(%cause, "the page of a failure failed");
            response
        }
    }
}

/// What the router or an extractor refused in its own words, which are for programmers.
fn untold(response: &Response) -> Option<WebError> {
    // An extractor says it in bare text; what is of another kind was said by ourselves.
    let is_said = |kind: &HeaderValue| !kind.as_bytes().starts_with(b"text/plain");
    if response.headers().get(CONTENT_TYPE).is_some_and(is_said) {
        return None;
    }
    match response.status() {
        StatusCode::BAD_REQUEST => Some(WebError::Unreadable),
        StatusCode::METHOD_NOT_ALLOWED => Some(WebError::WrongMethod),
        _ => None,
    }
}

/// The page on which a part was to stand: that is where one comes back to.
fn page_of_part(parts: &axum::http::request::Parts) -> Option<String> {
    let address = parts.headers.get("hx-current-url")?.to_str().ok()?.parse::<url::Url>().ok()?;
    Some(address[url::Position::BeforePath..url::Position::AfterQuery].to_owned())
}

/// The page of ours on which the link or the form was, unless it is the one that failed.
fn came_from(parts: &axum::http::request::Parts) -> Option<String> {
    let text = |name| parts.headers.get(name)?.to_str().ok();
    let address = text(REFERER)?.parse::<url::Url>().ok()?;
    let path = address[url::Position::BeforePath..url::Position::AfterQuery].to_owned();
    let is_ours = text(HOST)? == &address[url::Position::BeforeHost..url::Position::AfterPort];
    let failed = parts.uri.path_and_query().is_some_and(|asked| parts.method == Method::GET && asked.as_str() == path);
    // An address of ours may still begin like another's: `//`.
    (is_ours && !failed && own_path(&path) == path).then_some(path)
}

fn to_the_door(asked: &str, is_part: bool) -> Response {
    let door =
        format!("/sign-in?next={}", percent_encoding::utf8_percent_encode(asked, percent_encoding::NON_ALPHANUMERIC));
    if is_part {
        // A part of a page cannot become another page: htmx is told to load it.
        return (StatusCode::UNAUTHORIZED, [("hx-redirect", door)]).into_response();
    }
    Redirect::to(&door).into_response()
}

/// Every address that is none of ours.
pub(super) async fn no_such_page() -> WebError {
    WebError::NotFound
}
