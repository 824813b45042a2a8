//! The door: signing in and out, and choosing a language.

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::USER_AGENT;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use serde::Deserialize;

use super::before::{self, Kept};
use super::page::Page;
use super::posted::Posted;
use super::session;
use super::visitor::Visitor;
use super::{Desk, WebError, guard};
use crate::office::people::Recognised;

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
    login: String,
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

async fn door(
    State(desk): State<Desk>,
    mut visitor: Visitor,
    Query(Next { next }): Query<Next>,
) -> Result<Response, WebError> {
    if visitor.person.is_some() {
        return Ok(Redirect::to(own_path(&next)).into_response());
    }
    with_token(&desk, &mut visitor, |visitor| {
        Ok(Html(Door { page: visitor.page.clone(), next, login: String::new(), refused: false }.render()?)
            .into_response())
    })
}

/// The forms before the door carry a token too: nobody is to be signed in by another site.
pub(super) fn with_token(
    desk: &Desk,
    visitor: &mut Visitor,
    page: impl FnOnce(&Visitor) -> Result<Response, WebError>,
) -> Result<Response, WebError> {
    if !visitor.page.csrf.is_empty() {
        return page(visitor);
    }
    let (secret, token) = before::new_token();
    visitor.page.csrf = token;
    let mut response = page(visitor)?;
    Kept::Door.give(desk, &secret, &mut response)?;
    Ok(response)
}

async fn sign_in(
    State(desk): State<Desk>,
    visitor: Visitor,
    parts: Parts,
    Posted(form): Posted<Credentials>,
) -> Result<Response, WebError> {
    let address = guard::visitor_address(&desk, &parts);
    if let Err(wait) = desk.throttle.may_try(&form.login, &address) {
        note_refused(&desk, &form.login, &address, "too many tries").await?;
        return Err(wait);
    }
    let Some(recognised) = desk.office.recognise(&form.login, &form.password).await? else {
        note_refused(&desk, &form.login, &address, "wrong login or password").await?;
        let page = Door { page: visitor.page, next: form.next, login: form.login, refused: true }.render()?;
        return Ok((StatusCode::UNAUTHORIZED, Html(page)).into_response());
    };
    desk.throttle.known(&form.login, &address);
    sit_down(&desk, &visitor, recognised, &parts).await?;
    Ok(Redirect::to(own_path(&form.next)).into_response())
}

async fn note_refused(desk: &Desk, login: &str, address: &str, reason: &str) -> Result<(), WebError> {
    if desk.throttle.may_tell(address) {
        desk.office.note_refused_sign_in(login, address, reason).await?;
    }
    Ok(())
}

/// Begins the session of somebody who has shown who they are.
pub(super) async fn sit_down(
    desk: &Desk,
    visitor: &Visitor,
    recognised: Recognised,
    parts: &Parts,
) -> Result<(), WebError> {
    let agent = parts.headers.get(USER_AGENT).and_then(|v| v.to_str().ok()).unwrap_or_default();
    let address = guard::visitor_address(desk, parts);
    session::begin(&visitor.session, recognised.person(), &address, agent).await?;
    if let Err(why) = desk.office.admit(recognised, &address).await {
        // Nobody knows its name yet.
        visitor.session.flush().await?;
        return Err(why.into());
    }
    Ok(())
}

async fn sign_out(
    State(desk): State<Desk>,
    visitor: Visitor,
    Posted(Next { .. }): Posted<Next>,
) -> Result<Redirect, WebError> {
    if let Some(person) = &visitor.person {
        desk.office.note_signed_out(person).await?;
    }
    visitor.session.flush().await?;
    Ok(Redirect::to("/sign-in"))
}

#[derive(Deserialize)]
struct Language {
    language: String,
    #[serde(default)]
    next: String,
}

async fn language(
    State(desk): State<Desk>,
    visitor: Visitor,
    Posted(form): Posted<Language>,
) -> Result<Response, WebError> {
    let locale = super::locale::Locale::named(&form.language).ok_or(WebError::NotFound)?;
    if let Some(person) = &visitor.person {
        desk.office.choose_language(person.id, locale.name()).await?;
    }
    let mut response = Redirect::to(own_path(&form.next)).into_response();
    Kept::Language.give(&desk, locale.name(), &mut response)?;
    Ok(response)
}

/// A path of our own, or the beginning: never another site.
pub(super) fn own_path(path: &str) -> &str {
    let is_own =
        path.starts_with('/') && !path.starts_with("//") && !path.contains(|c: char| c == '\\' || c.is_control());
    if is_own { path } else { "/today" }
}

#[cfg(test)]
mod tests {
    use super::own_path;

    #[test]
    fn the_door_leads_into_the_house_alone() {
        for foreign in [
            "https://example.ru",
            "//example.ru",
            "/\\example.ru",
            "/\t/example.ru",
            "",
            "today",
            "javascript:alert(1)",
        ] {
            assert_eq!(own_path(foreign), "/today");
        }
        assert_eq!(own_path("/journal?from=2026-11-01"), "/journal?from=2026-11-01");
    }
}
