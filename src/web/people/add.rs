//! Adding a person.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use serde::Deserialize;

use super::noted;
use super::rights::{self, Group};
use crate::domain::Deed;
use crate::office::Ruler;
use crate::office::people::{Colleague, INVITATION_DAYS, Invited};
use crate::web::mistakes::Mistakes;
use crate::web::page::Page;
use crate::web::posted::Posted;
use crate::web::visitor::SignedIn;
use crate::web::{Desk, WebError, words};

#[derive(Template)]
#[template(path = "people/add.html")]
struct Add {
    page: Page,
    login: String,
    name: String,
    groups: Vec<Group>,
    mistakes: Mistakes,
}

#[derive(Deserialize)]
pub(super) struct NewForm {
    login: String,
    name: String,
    #[serde(default)]
    right: Vec<String>,
}

pub(super) async fn form(State(desk): State<Desk>, visitor: SignedIn) -> Result<Html<String>, WebError> {
    visitor.must_somewhere(Deed::RunPeople)?;
    let groups = rights::groups(&desk, Ruler::Person(&visitor.person), &[]);
    let (login, name) = (String::new(), String::new());
    Ok(Html(Add { page: visitor.page, login, name, groups, mistakes: Mistakes::default() }.render()?))
}

/// Adds a person and shows their one-time address, once.
pub(super) async fn add(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Posted(form): Posted<NewForm>,
) -> Result<Response, WebError> {
    visitor.must_somewhere(Deed::RunPeople)?;
    let by = Ruler::Person(&visitor.person);
    let wanted = rights::sent(&form.right)?;
    let colleague = Colleague { login: form.login.clone(), name: form.name.clone(), rights: wanted.clone() };
    match desk.office.add_person(colleague, by).await {
        Ok(invited) => shown_once(&desk, visitor.page, invited),
        Err(error) => {
            let mistakes = words::people(&visitor.page, noted(&visitor, error))?;
            let groups = rights::groups(&desk, by, &wanted);
            let shown = Add { page: visitor.page, login: form.login, name: form.name, groups, mistakes }.render()?;
            Ok((StatusCode::UNPROCESSABLE_ENTITY, Html(shown)).into_response())
        }
    }
}

#[derive(Template)]
#[template(path = "people/address.html")]
struct Address {
    page: Page,
    login: String,
    link: String,
    /// Whether the link says on which machine.
    is_whole: bool,
    days: i64,
}

/// The page with a one-time address: it is not shown again.
pub(super) fn shown_once(desk: &Desk, page: Page, invited: Invited) -> Result<Response, WebError> {
    let whole = desk.address_of(&invited.path);
    let (is_whole, link) = (whole.is_some(), whole.unwrap_or(invited.path));
    let shown = Address { page, login: invited.login, link, is_whole, days: INVITATION_DAYS }.render()?;
    Ok((StatusCode::CREATED, Html(shown)).into_response())
}
