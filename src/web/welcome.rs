//! A one-time address: the first administrator begins here, invited people choose a password.

use askama::Template;
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

use super::mistakes::Mistakes;
use super::page::Page;
use super::posted::Posted;
use super::sign_in::{sit_down, with_token};
use super::visitor::Visitor;
use super::{Desk, WebError, words};
use crate::office::people::{PASSWORD_CHARS_MIN, Recognised};
use crate::office::{PeopleError, Refusal};
use crate::store::Invitation;

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/welcome/{secret}", get(welcome).post(arrive))
}

#[derive(Template)]
#[template(path = "welcome.html")]
struct Welcome {
    page: Page,
    /// `None`: the address is not good any more.
    invitation: Option<Invitation>,
    login: String,
    name: String,
    chars: usize,
    mistakes: Mistakes,
}

#[derive(Deserialize)]
struct Arrival {
    #[serde(default)]
    login: String,
    #[serde(default)]
    name: String,
    password: String,
    again: String,
}

async fn welcome(
    State(desk): State<Desk>,
    mut visitor: Visitor,
    Path(secret): Path<String>,
) -> Result<Response, WebError> {
    let invitation = desk.office.invitation(&secret).await?;
    with_token(&desk, &mut visitor, |visitor| {
        show(visitor.page.clone(), invitation, Arrival::empty(), Mistakes::default())
    })
}

async fn arrive(
    State(desk): State<Desk>,
    visitor: Visitor,
    Path(secret): Path<String>,
    parts: Parts,
    Posted(form): Posted<Arrival>,
) -> Result<Response, WebError> {
    let invitation = desk.office.invitation(&secret).await?;
    match come(&desk, invitation.as_ref(), &secret, &form).await {
        Ok(recognised) => {
            desk.office.choose_language(recognised.person(), visitor.page.locale.name()).await?;
            sit_down(&desk, &visitor, recognised, &parts).await?;
            Ok(Redirect::to("/today").into_response())
        }
        Err(PeopleError::Refused(Refusal::AddressOver)) => show(visitor.page, None, form, Mistakes::default()),
        Err(error) => {
            let mistakes = words::people(&visitor.page, error)?;
            show(visitor.page, invitation, form, mistakes)
        }
    }
}

async fn come(
    desk: &Desk,
    invitation: Option<&Invitation>,
    secret: &str,
    form: &Arrival,
) -> Result<Recognised, PeopleError> {
    if form.password != form.again {
        return Err(Refusal::PasswordsDiffer.into());
    }
    match invitation {
        None => Err(Refusal::AddressOver.into()),
        Some(Invitation::First) => desk.office.arrive_first(secret, &form.login, &form.name, &form.password).await,
        Some(Invitation::Of(_)) => desk.office.arrive(secret, &form.password).await,
    }
}

fn show(page: Page, invitation: Option<Invitation>, form: Arrival, mistakes: Mistakes) -> Result<Response, WebError> {
    let status = match &invitation {
        None => StatusCode::NOT_FOUND,
        Some(_) if !mistakes.is_empty() => StatusCode::UNPROCESSABLE_ENTITY,
        Some(_) => StatusCode::OK,
    };
    let shown = Welcome { page, invitation, login: form.login, name: form.name, chars: PASSWORD_CHARS_MIN, mistakes }
        .render()?;
    Ok((status, Html(shown)).into_response())
}

impl Arrival {
    fn empty() -> Self {
        Self { login: String::new(), name: String::new(), password: String::new(), again: String::new() }
    }
}
