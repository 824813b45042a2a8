//! The people of the desk, for those who look after them.

mod add;
mod one;
mod rights;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::{get, post};

use super::page::Page;
use super::visitor::SignedIn;
use super::{Desk, WebError};
use crate::domain::Deed;
use crate::office::{PeopleError, Ruler};
use crate::store::Person;

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route("/people", get(list).post(add::add))
        .route("/people/new", get(add::form))
        .route("/people/{person}", get(one::show))
        .route("/people/{person}/rights", post(one::change_rights))
        .route("/people/{person}/disable", post(one::disable))
        .route("/people/{person}/enable", post(one::enable))
        .route("/people/{person}/reset", post(one::reset))
        .route("/people/{person}/sessions/end", post(one::end_sessions))
        .route("/people/{person}/tokens/revoke", post(one::revoke_token))
}

#[derive(Template)]
#[template(path = "people/list.html")]
struct List {
    page: Page,
    people: Vec<Row>,
}

struct Row {
    person: Person,
    roles: Vec<String>,
    state: &'static str,
}

async fn list(State(desk): State<Desk>, visitor: SignedIn) -> Result<Html<String>, WebError> {
    visitor.must_somewhere(Deed::RunPeople)?;
    let by = Ruler::Person(&visitor.person);
    let people = desk.office.people(by).await?;
    let row = |person: Person| Row {
        roles: rights::in_words(&desk, &visitor.page, by, &person),
        state: person.access(),
        person,
    };
    let people = people.into_iter().map(row).collect();
    Ok(Html(List { people, page: visitor.page }.render()?))
}

/// Leaves for the journal what reaches beyond the rights of who asked.
fn noted(visitor: &SignedIn, error: PeopleError) -> PeopleError {
    let is_beyond = match &error {
        PeopleError::Refused(refusal) => refusal.is_of_rights(),
        PeopleError::Hidden => true,
        _ => false,
    };
    if is_beyond {
        visitor.asker().leave(Deed::RunPeople, None);
    }
    error
}

/// The same as a page of its own, where there is no form to show again.
fn failed(visitor: &SignedIn, error: PeopleError) -> WebError {
    noted(visitor, error).into()
}

#[cfg(test)]
mod tests {
    use crate::domain::Role;
    use crate::office::Refusal;
    use crate::web::locale::FILES;

    #[test]
    fn every_refusal_role_and_state_has_its_words() {
        let refusals = Refusal::ALL.iter().map(|refusal| format!("people-no-{refusal}"));
        let roles = Role::ALL.iter().flat_map(|role| [format!("role-{role}"), format!("role-{role}-for")]);
        let states = ["active", "invited", "disabled"].map(|state| format!("people-state-{state}"));
        for key in refusals.chain(roles).chain(states) {
            for (locale, _) in FILES {
                assert!(locale.t(&key).is_known(), "{}: {key}", locale.name());
            }
        }
    }
}
