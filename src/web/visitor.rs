//! Who asks: what handlers name among their arguments.

use axum::extract::{FromRef, FromRequestParts};
use axum::http::Method;
use axum::http::header::{ACCEPT_LANGUAGE, HOST, REFERER};
use axum::http::request::Parts;
use tower_sessions::Session;

use super::before::{self, Kept};
use super::locale::Locale;
use super::page::Page;
use super::refusals::{Asker, Refusals};
use super::session::{self, CSRF};
use super::{Desk, WebError};
use crate::domain::Deed;
use crate::store::Person;

/// Anyone, signed in or not.
#[derive(Debug, Clone)]
pub struct Visitor {
    /// Who signed in, as they are now: rights count at once, and a disabled person is nobody.
    pub person: Option<Person>,
    /// The session.
    pub session: Session,
    /// The frame of the answer.
    pub page: Page,
}

/// A person who signed in; anyone else is led to the door.
#[derive(Debug, Clone)]
pub struct SignedIn {
    /// The person.
    pub person: Person,
    /// The session.
    pub session: Session,
    /// The frame of the answer.
    pub page: Page,
    /// Where a refusal is left for the journal.
    pub refusals: Refusals,
}

impl SignedIn {
    /// Who asks, and where a refusal is left.
    pub(super) fn asker(&self) -> Asker<'_> {
        Asker::new(&self.person, &self.refusals)
    }

    /// The same visitor as they are now: their files may be on their way for long.
    pub(super) async fn now(&self, desk: &Desk) -> Result<Self, WebError> {
        let Self { session, page, refusals, .. } = self.clone();
        let person = session::still(desk, &session::own_name(&session), self.person.id).await?;
        let person = person.ok_or_else(|| WebError::SignInFirst { asked: page.path.clone() })?;
        let page = Page::new(desk, page.locale, Some(person.clone()), page.csrf, page.path);
        Ok(Self { person, session, page, refusals })
    }

    /// Lets only those on who may do this there. Who may not even read there learns nothing: not found.
    pub fn must(&self, deed: Deed, organisation: &str) -> Result<(), WebError> {
        self.asker().must(deed, organisation)
    }

    /// Lets only those on who may do this in some organisation.
    pub fn must_somewhere(&self, deed: Deed) -> Result<(), WebError> {
        self.asker().must_somewhere(deed)
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Visitor
where
    Desk: FromRef<S>,
{
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let desk = Desk::from_ref(state);
        let session = Session::from_request_parts(parts, state).await.map_err(|(_, why)| WebError::internal(why))?;
        let person = session::person(&desk, &session).await?;
        let chosen = Kept::Language.of(&desk, &parts.headers);
        let asked = parts.headers.get(ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok());
        let locale = (person.as_ref().and_then(|p| Locale::named(&p.language)))
            .or_else(|| chosen.as_deref().and_then(Locale::named))
            .or_else(|| asked.and_then(Locale::accepted))
            .unwrap_or_default();
        let csrf = session.get::<String>(CSRF).await?.or_else(|| before::token(&desk, &parts.headers));
        let csrf = csrf.unwrap_or_default();
        let path = here(parts).split('?').next().unwrap_or_default().to_owned();
        let page = Page::new(&desk, locale, person.clone(), csrf, path);
        Ok(Self { person, session, page })
    }
}

/// The page that the visitor is on: what was asked for, or, of a form, the page that it was sent from. A form's own
/// address is no page to come back to.
fn here(parts: &Parts) -> String {
    if parts.method == Method::GET {
        return parts.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    }
    let text = |name| parts.headers.get(name).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let from = text(REFERER).split_once("://").map_or("", |(_, rest)| rest);
    match from.strip_prefix(text(HOST)) {
        Some(path) if path.starts_with('/') => path.to_owned(),
        _ => parts.uri.path().to_owned(),
    }
}

impl<S: Send + Sync> FromRequestParts<S> for SignedIn
where
    Desk: FromRef<S>,
{
    type Rejection = WebError;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, WebError> {
        let Visitor { person, session, page } = Visitor::from_request_parts(parts, state).await?;
        let person = person.ok_or_else(|| WebError::SignInFirst { asked: here(parts) })?;
        let refusals = parts.extensions.get::<Refusals>().cloned().unwrap_or_default();
        Ok(Self { person, session, page, refusals })
    }
}
