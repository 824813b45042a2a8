//! Whom a program works for, and bodies and parameters whose faults are problems, too.

use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRef, FromRequest, FromRequestParts, Json, Path, Query, Request};
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use serde::de::DeserializeOwned;

use super::problem::ApiError;
use crate::domain::Deed;
use crate::store::Person;
use crate::web::refusals::{Asker, Refusals};
use crate::web::{Desk, WebError, guard, posted};

/// The person whose token came with the call, with no more rights than the token has.
#[derive(Debug, Clone)]
pub(super) struct Bearer(pub Person, Refusals);

impl Bearer {
    /// Lets only those on who may do this there. Who may not even read there learns nothing.
    pub(super) fn must(&self, deed: Deed, organisation: &str) -> Result<(), ApiError> {
        Ok(self.asker().must(deed, organisation)?)
    }

    /// Who asks, and where a refusal is left.
    pub(super) fn asker(&self) -> Asker<'_> {
        Asker::new(&self.0, &self.1)
    }

    /// The same as the token is good for now: a file may be on its way for long.
    pub(super) async fn now(&self, desk: &Desk, headers: &HeaderMap) -> Result<Self, ApiError> {
        let owner = owner(desk, headers).await?.ok_or(ApiError::NoToken)?;
        Ok(Self(owner, self.1.clone()))
    }
}

/// Whose token these headers show; `None`: it is not good.
async fn owner(desk: &Desk, headers: &HeaderMap) -> Result<Option<Person>, ApiError> {
    let header = headers.get(AUTHORIZATION).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let (scheme, secret) = header.split_once(' ').unwrap_or_default();
    if !scheme.eq_ignore_ascii_case("bearer") {
        return Err(ApiError::NoToken);
    }
    Ok(desk.office.person_of_token(secret.trim()).await?.map(|bearer| bearer.person))
}

impl<S: Send + Sync> FromRequestParts<S> for Bearer
where
    Desk: FromRef<S>,
{
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let desk = Desk::from_ref(state);
        let Some(owner) = owner(&desk, &parts.headers).await? else {
            let address = guard::visitor_address(&desk, parts);
            if desk.throttle.may_tell(&address) {
                desk.office.note_refused_token(&address).await?;
            }
            return Err(ApiError::NoToken);
        };
        Ok(Self(owner, parts.extensions.get::<Refusals>().cloned().unwrap_or_default()))
    }
}

/// Waits for the body of a call, so that its token is asked for afterwards.
pub(super) async fn whole(request: Request) -> Result<Request, ApiError> {
    posted::whole(request).await.map_err(|error| match error {
        WebError::FormUnreadable(why) => ApiError::Unreadable(StatusCode::BAD_REQUEST, why),
        other => other.into(),
    })
}

/// A JSON body.
#[derive(Debug)]
pub(super) struct Body<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequest<S> for Body<T> {
    type Rejection = ApiError;

    async fn from_request(request: Request, state: &S) -> Result<Self, ApiError> {
        match Json::<T>::from_request(request, state).await {
            Ok(Json(body)) => Ok(Self(body)),
            Err(JsonRejection::MissingJsonContentType(_)) => Err(ApiError::NotJson),
            Err(why) => Err(ApiError::Unreadable(why.status(), why.body_text())),
        }
    }
}

/// What stands in the path.
#[derive(Debug)]
pub(super) struct Named<T>(pub T);

impl<T: DeserializeOwned + Send, S: Send + Sync> FromRequestParts<S> for Named<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        // What is no id names nothing.
        let read = Path::<T>::from_request_parts(parts, state).await;
        read.map(|Path(named)| Self(named)).map_err(|_| WebError::NotFound.into())
    }
}

/// What stands behind the `?`.
#[derive(Debug)]
pub(super) struct Asked<T>(pub T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = ApiError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, ApiError> {
        let read = Query::<T>::from_request_parts(parts, state).await;
        read.map(|Query(asked)| Self(asked)).map_err(|why| ApiError::Unreadable(why.status(), why.body_text()))
    }
}

/// How many lines a caller gets: as asked, within bounds.
pub(super) fn limit(asked: Option<u32>, usual: u32, most: u32) -> Result<u32, ApiError> {
    let limit = asked.unwrap_or(usual);
    if (1..=most).contains(&limit) {
        return Ok(limit);
    }
    Err(ApiError::Unreadable(StatusCode::BAD_REQUEST, format!("`limit` is {limit}; it may be 1 to {most}")))
}
