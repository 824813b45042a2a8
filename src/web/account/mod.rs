//! What everyone may do with their own account: password, sessions, tokens.

mod agent;
mod sessions;
mod tokens;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use chrono_tz::Tz;
use serde::Deserialize;

use super::mistakes::Mistakes;
use super::page::Page;
use super::posted::Posted;
use super::visitor::SignedIn;
use super::{Desk, WebError, guard, session, words};
use crate::domain::Role;
use crate::office::people::PASSWORD_CHARS_MIN;
use crate::office::{PeopleError, Refusal};
use crate::store::Token;
use sessions::SessionShown;
use tokens::TokenForm;

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route("/account", get(account))
        .route("/account/password", post(password))
        .route("/account/sessions/end", post(sessions::end))
        .route("/account/tokens", post(tokens::make))
        .route("/account/tokens/revoke", post(tokens::revoke))
}

#[derive(Template)]
#[template(path = "account/account.html")]
struct Account {
    page: Page,
    zone: Tz,
    login: String,
    sessions: Vec<SessionShown>,
    tokens: Vec<Token>,
    token_roles: Vec<Role>,
    token_form: TokenForm,
    chars: usize,
    password_mistakes: Mistakes,
    token_mistakes: Mistakes,
}

/// What a form of the page could not do.
#[derive(Default)]
struct RefusedForms {
    password: Mistakes,
    token: Option<(Mistakes, TokenForm)>,
}

async fn account(State(desk): State<Desk>, visitor: SignedIn) -> Result<Response, WebError> {
    show(&desk, visitor, RefusedForms::default()).await
}

async fn show(desk: &Desk, visitor: SignedIn, refused: RefusedForms) -> Result<Response, WebError> {
    let store = &desk.office.store;
    let person = &visitor.person;
    let sessions = store.sessions_of(person.id, session::real_now()).await?;
    let own = session::own_name(&visitor.session);
    let tokens = store.tokens_of(person.id).await?;
    let (token_mistakes, token_form) = refused.token.unwrap_or_default();
    let is_taken = refused.password.is_empty() && token_mistakes.is_empty();
    let status = if is_taken { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let lends = |role: &Role| !person.rights.within(*role, None).all().is_empty();
    let shown = Account {
        zone: desk.visitors_zone(&visitor.page),
        login: person.login.clone(),
        sessions: sessions.into_iter().map(|session| SessionShown::new(session, &own)).collect(),
        tokens,
        token_roles: Role::ALL.iter().copied().filter(lends).collect(),
        token_form,
        chars: PASSWORD_CHARS_MIN,
        password_mistakes: refused.password,
        token_mistakes,
        page: visitor.page,
    };
    Ok((status, Html(shown.render()?)).into_response())
}

#[derive(Deserialize)]
struct PasswordForm {
    current: String,
    password: String,
    again: String,
    /// Ticked: programs go on with the tokens that they have.
    #[serde(default)]
    keep_tokens: bool,
}

async fn password(
    State(desk): State<Desk>,
    visitor: SignedIn,
    parts: Parts,
    Posted(form): Posted<PasswordForm>,
) -> Result<Response, WebError> {
    // Whoever finds an open desk must not guess here what the door would not let them guess.
    let address = guard::visitor_address(&desk, &parts);
    desk.throttle.may_try(&visitor.person.login, &address)?;
    let own = session::own_name(&visitor.session);
    let changed = if form.password == form.again {
        let (office, person) = (&desk.office, &visitor.person);
        office.change_password(person, &form.current, &form.password, &own, form.keep_tokens).await
    } else {
        Err(PeopleError::Refused(Refusal::PasswordsDiffer))
    };
    match changed {
        Ok(()) => {
            desk.throttle.known(&visitor.person.login, &address);
            Ok(Redirect::to("/account#password").into_response())
        }
        Err(error) => {
            let password = words::people(&visitor.page, error)?;
            show(&desk, visitor, RefusedForms { password, token: None }).await
        }
    }
}
