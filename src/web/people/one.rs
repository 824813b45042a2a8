//! One person: what they may do, and keeping them out.

use askama::Template;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use chrono_tz::Tz;
use serde::Deserialize;

use super::add::shown_once;
use super::rights::{self, Group};
use super::{failed, noted};
use crate::domain::people::Right;
use crate::domain::{Deed, PersonId, TokenId};
use crate::office::{PeopleError, Ruler};
use crate::store::{Person, Token};
use crate::web::mistakes::Mistakes;
use crate::web::page::Page;
use crate::web::posted::Posted;
use crate::web::visitor::SignedIn;
use crate::web::{Desk, WebError, words};

#[derive(Template)]
#[template(path = "people/one.html")]
struct One {
    page: Page,
    person: Person,
    state: &'static str,
    /// Roles that the visitor sees, in words.
    roles: Vec<String>,
    groups: Vec<Group>,
    is_own: bool,
    /// Whether the visitor may change these roles.
    may_change: bool,
    /// Whether the visitor may keep this person out.
    rules_over: bool,
    /// What the person's programs have, where the visitor may take it.
    tokens: Vec<Token>,
    zone: Tz,
    mistakes: Mistakes,
}

#[derive(Deserialize)]
pub(super) struct Nothing {}

#[derive(Deserialize)]
pub(super) struct RightsForm {
    #[serde(default)]
    right: Vec<String>,
}

pub(super) async fn show(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<PersonId>,
) -> Result<Response, WebError> {
    visitor.must_somewhere(Deed::RunPeople)?;
    let person = desk.office.person(id, Ruler::Person(&visitor.person)).await;
    let person = person.map_err(|error| noted(&visitor, error))?;
    let ticked = person.rights.all().to_vec();
    render(&desk, &visitor, person, &ticked, Mistakes::default()).await
}

async fn render(
    desk: &Desk,
    visitor: &SignedIn,
    person: Person,
    ticked: &[Right],
    mistakes: Mistakes,
) -> Result<Response, WebError> {
    let by = Ruler::Person(&visitor.person);
    let is_own = by.is(person.id);
    let rules_over = !is_own && by.rules_over(&person);
    let tokens = if rules_over { desk.office.tokens_of(person.id, by).await? } else { Vec::new() };
    let status = if mistakes.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let shown = One {
        state: person.access(),
        roles: rights::in_words(desk, &visitor.page, by, &person),
        groups: rights::groups(desk, by, ticked),
        may_change: !is_own || by.rules(None),
        rules_over,
        is_own,
        tokens,
        zone: desk.visitors_zone(&visitor.page),
        page: visitor.page.clone(),
        person,
        mistakes,
    };
    Ok((status, Html(shown.render()?)).into_response())
}

pub(super) async fn change_rights(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<PersonId>,
    Posted(form): Posted<RightsForm>,
) -> Result<Response, WebError> {
    visitor.must_somewhere(Deed::RunPeople)?;
    let by = Ruler::Person(&visitor.person);
    let wanted = rights::sent(&form.right)?;
    match desk.office.change_rights(id, wanted.clone(), by).await {
        Ok(()) => Ok(back_to(id).into_response()),
        Err(error) => {
            let mistakes = words::people(&visitor.page, noted(&visitor, error))?;
            let person = desk.office.person(id, by).await?;
            render(&desk, &visitor, person, &wanted, mistakes).await
        }
    }
}

pub(super) async fn disable(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<PersonId>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Redirect, WebError> {
    visitor.must_somewhere(Deed::RunPeople)?;
    done(&visitor, id, desk.office.disable_person(id, Ruler::Person(&visitor.person)).await)
}

pub(super) async fn enable(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<PersonId>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Redirect, WebError> {
    visitor.must_somewhere(Deed::RunPeople)?;
    done(&visitor, id, desk.office.enable_person(id, Ruler::Person(&visitor.person)).await)
}

pub(super) async fn end_sessions(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<PersonId>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Redirect, WebError> {
    visitor.must_somewhere(Deed::RunPeople)?;
    let ended = desk.office.end_sessions(id, Ruler::Person(&visitor.person)).await;
    done(&visitor, id, ended.map(drop))
}

#[derive(Deserialize)]
pub(super) struct Which {
    token: TokenId,
}

/// Revokes a token of a person.
pub(super) async fn revoke_token(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<PersonId>,
    Posted(Which { token }): Posted<Which>,
) -> Result<Redirect, WebError> {
    visitor.must_somewhere(Deed::RunPeople)?;
    match desk.office.revoke_token_of(id, token, Ruler::Person(&visitor.person)).await {
        Ok(true) => Ok(back_to(id)),
        Ok(false) => Err(WebError::NotFound),
        Err(error) => Err(failed(&visitor, error)),
    }
}

/// Takes a person's password and shows the one-time address for another, once.
pub(super) async fn reset(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<PersonId>,
    Posted(Nothing {}): Posted<Nothing>,
) -> Result<Response, WebError> {
    visitor.must_somewhere(Deed::RunPeople)?;
    match desk.office.reset_password(id, Ruler::Person(&visitor.person)).await {
        Ok(invited) => shown_once(&desk, visitor.page, invited),
        Err(error) => Err(failed(&visitor, error)),
    }
}

fn done(visitor: &SignedIn, id: PersonId, result: Result<(), PeopleError>) -> Result<Redirect, WebError> {
    match result {
        Ok(()) => Ok(back_to(id)),
        Err(error) => Err(failed(visitor, error)),
    }
}

fn back_to(id: PersonId) -> Redirect {
    Redirect::to(&format!("/people/{id}"))
}
