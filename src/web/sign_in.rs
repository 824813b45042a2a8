//! The door: signing in and out, and choosing a language.

use argon2::{Argon2, PasswordHash, PasswordVerifier as _};
use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::page::Page;
use super::posted::Posted;
use super::session::{self, CSRF, LANGUAGE};
use super::visitor::Visitor;
use super::{Desk, WebError, guard};

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route("/", get(|| async { Redirect::to("/today") }))
        .route("/sign-in", get(door).post(sign_in))
        .route("/sign-out", post(sign_out))
        .route("/language", post(language))
}

#[derive(Template)]
#[template(path = "sign_in.html")]
struct Door {
    page: Page,
    next: String,
    refused: bool,
}

#[derive(Deserialize)]
struct Next {
    #[serde(default)]
    next: String,
}

#[derive(Deserialize)]
struct Credentials {
    login: String,
    password: String,
    #[serde(default)]
    next: String,
}

async fn door(mut visitor: Visitor, Query(Next { next }): Query<Next>) -> Result<Response, WebError> {
    if visitor.person.is_some() {
        return Ok(Redirect::to(own_path(&next)).into_response());
    }
    give_token(&mut visitor).await?;
    Ok(Html(Door { page: visitor.page, next, refused: false }.render()?).into_response())
}

/// The form of the door carries a token too: nobody is to be signed in by another site.
async fn give_token(visitor: &mut Visitor) -> Result<(), WebError> {
    if visitor.page.csrf.is_empty() {
        visitor.page.csrf = session::secret();
        visitor.session.insert(CSRF, &visitor.page.csrf).await?;
    }
    Ok(())
}

async fn sign_in(
    State(desk): State<Desk>,
    visitor: Visitor,
    parts: Parts,
    Posted(form): Posted<Credentials>,
) -> Result<Response, WebError> {
    let Some(person) = known(&desk, &form).await? else {
        let page = Door { page: visitor.page, next: form.next, refused: true }.render()?;
        return Ok((axum::http::StatusCode::UNAUTHORIZED, Html(page)).into_response());
    };
    let agent = parts.headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    session::begin(&visitor.session, person, &guard::visitor_address(&desk, &parts), agent).await?;
    Ok(Redirect::to(own_path(&form.next)).into_response())
}

/// The person of these credentials.
async fn known(desk: &Desk, form: &Credentials) -> Result<Option<crate::domain::PersonId>, WebError> {
    let stored = desk.office.store.password_of(&form.login).await?;
    let password = form.password.clone();
    // Half a tenth of a second of work: not on the threads that answer everyone.
    let fits = tokio::task::spawn_blocking(move || {
        let hash = PasswordHash::new(stored.as_deref()?).ok()?;
        Argon2::default().verify_password(password.as_bytes(), &hash).ok()
    });
    if fits.await.map_err(WebError::internal)?.is_none() {
        return Ok(None);
    }
    let person = desk.office.store.person_of_login(&form.login).await?;
    Ok(person.map(|person| person.id))
}

async fn sign_out(visitor: Visitor, Posted(Next { .. }): Posted<Next>) -> Result<Redirect, WebError> {
    visitor.session.flush().await?;
    Ok(Redirect::to("/sign-in"))
}

#[derive(Deserialize)]
struct Language {
    language: String,
    #[serde(default)]
    next: String,
}

async fn language(visitor: Visitor, Posted(form): Posted<Language>) -> Result<Redirect, WebError> {
    let locale = super::locale::Locale::named(&form.language).ok_or(WebError::NotFound)?;
    visitor.session.insert(LANGUAGE, locale.name()).await?;
    Ok(Redirect::to(own_path(&form.next)))
}

/// A path of our own, or the beginning: never another site.
fn own_path(path: &str) -> &str {
    let is_own = path.starts_with('/') && !path.starts_with("//") && !path.contains(['\\', '\r', '\n']);
    if is_own { path } else { "/today" }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn the_door_leads_into_the_house_alone() {
        for foreign in ["https://example.ru", "//example.ru", "/\\example.ru", "", "today", "javascript:alert(1)"] {
            assert_eq!(own_path(foreign), "/today");
        }
        assert_eq!(own_path("/journal?from=2026-11-01"), "/journal?from=2026-11-01");
    }
}
