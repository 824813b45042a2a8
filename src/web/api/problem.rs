//! What goes wrong, for programs: RFC 9457, with a code that never changes.

use axum::Json;
use axum::http::header::{CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::schedule::NotMoved;
use crate::office::OfficeError;
use crate::release::ResolveError;
use crate::store::StoreError;
use crate::web::WebError;

/// A failure.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub struct Problem {
    /// Always `about:blank`: the code tells failures apart.
    #[serde(rename = "type")]
    #[schema(example = "about:blank")]
    kind: &'static str,
    /// The status in words.
    title: &'static str,
    /// The status.
    status: u16,
    /// Stable name of the failure.
    #[schema(example = "misfit")]
    code: &'static str,
    /// One sentence with what was refused and the way out.
    detail: String,
    /// What does not fit, channel by channel, where that is the reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    misfits: Vec<Unfit>,
}

/// A channel that does not take the post as it is.
#[derive(Debug, Clone, Serialize, ToSchema)]
struct Unfit {
    channel: String,
    /// For example `text` or `media[2]`.
    field: String,
    problem: String,
    /// What to change.
    todo: String,
}

/// A failure of a call.
#[derive(Debug)]
pub(super) enum ApiError {
    /// One that pages have too.
    Web(WebError),
    /// No token, or one that is not good.
    NoToken,
    /// The body or a parameter is not what the document says.
    Unreadable(StatusCode, String),
    /// The body does not say that it is JSON.
    NotJson,
    /// The post does not fit its channels.
    Misfits(OfficeError),
    /// As things stand it cannot be done.
    State(String),
    /// A file is not taken.
    File(StatusCode, &'static str, String),
    /// The platform of this channel did not answer in time.
    Silent(String),
    /// An editor has to approve what is queued in this organisation.
    ApprovalNeeded,
    /// `If-Match` is missing where something may be lost.
    ConditionNeeded,
    /// `If-Match` names the post as it stood before.
    Changed(String),
}

impl From<WebError> for ApiError {
    fn from(error: WebError) -> Self {
        Self::Web(error)
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        match error {
            changed @ (StoreError::Overtaken | StoreError::NotMoved(NotMoved::MovedMeanwhile { .. })) => {
                Self::Changed(changed.to_string())
            }
            state @ (StoreError::Refused(_) | StoreError::NotMoved(_) | StoreError::Illegal(_)) => {
                Self::State(state.to_string())
            }
            other => Self::Web(other.into()),
        }
    }
}

impl From<OfficeError> for ApiError {
    fn from(error: OfficeError) -> Self {
        match error {
            misfits @ OfficeError::Misfits(_) => Self::Misfits(misfits),
            OfficeError::Store(error) | OfficeError::Resolve(ResolveError::Store(error @ StoreError::Overtaken)) => {
                error.into()
            }
            other => Self::Web(other.into()),
        }
    }
}

impl ApiError {
    fn parts(&self) -> (StatusCode, &'static str, String) {
        match self {
            Self::Web(error) => (error.status(), error.code(), error.to_string()),
            Self::NoToken => (
                StatusCode::UNAUTHORIZED,
                "no-token",
                "show a token: `Authorization: Bearer vst_…`; people make them on their page «Account»".into(),
            ),
            Self::Unreadable(status, why) => (*status, "unreadable", why.clone()),
            Self::NotJson => (
                StatusCode::UNSUPPORTED_MEDIA_TYPE,
                "media-type",
                "send the body as JSON, with `Content-Type: application/json`".into(),
            ),
            Self::Misfits(error) => (StatusCode::UNPROCESSABLE_ENTITY, "misfit", error.to_string()),
            Self::File(status, code, detail) => (*status, code, detail.clone()),
            Self::State(detail) => (StatusCode::CONFLICT, "refused", detail.clone()),
            Self::Silent(channel) => (
                StatusCode::GATEWAY_TIMEOUT,
                "platform-silent",
                format!("the platform of `{channel}` did not answer in time; nothing was changed, ask again later"),
            ),
            Self::ApprovalNeeded => (
                StatusCode::FORBIDDEN,
                "approval-needed",
                "an editor approves what is queued in this organisation; write a draft at the desk".into(),
            ),
            Self::ConditionNeeded => (
                StatusCode::PRECONDITION_REQUIRED,
                "condition-needed",
                "say how you have seen the post: `If-Match` with its `ETag`, or with `*` however it stands".into(),
            ),
            Self::Changed(detail) => (StatusCode::PRECONDITION_FAILED, "changed", detail.clone()),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (status, code, detail) = self.parts();
        let misfits = match &self {
            Self::Misfits(OfficeError::Misfits(list)) => list.iter().map(unfit).collect(),
            _ => Vec::new(),
        };
        let title = status.canonical_reason().unwrap_or("Failure");
        let body = Problem { kind: "about:blank", title, status: status.as_u16(), code, detail, misfits };
        let mut response = (status, Json(body)).into_response();
        let headers = response.headers_mut();
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/problem+json"));
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        if let Self::Web(WebError::TooMany(seconds)) = self {
            headers.insert(RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

fn unfit(misfit: &crate::office::ChannelMisfit) -> Unfit {
    Unfit {
        channel: misfit.channel.clone(),
        field: misfit.misfit.field.clone(),
        problem: misfit.misfit.problem.clone(),
        todo: misfit.misfit.todo.clone(),
    }
}
