//! Tokens for programs that work in one's name.

use askama::Template;
use axum::extract::State;
use axum::http::StatusCode;
use axum::http::request::Parts;
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use serde::Deserialize;

use super::{RefusedForms, show};
use crate::domain::{Role, TokenId, UnknownName};
use crate::office::people::TokenWish;
use crate::web::page::Page;
use crate::web::posted::Posted;
use crate::web::visitor::SignedIn;
use crate::web::{Desk, WebError, guard, words};

/// How long a token may be good, to choose from, in days.
pub(super) const DAYS: [i64; 3] = [30, 90, 365];

/// The form for a new token, as it was filled in.
#[derive(Deserialize)]
pub(super) struct TokenForm {
    pub label: String,
    pub role: String,
    /// A slug; empty: wherever its owner may.
    #[serde(default)]
    pub organisation: String,
    pub days: i64,
    /// Its owner's: a token outlives the session.
    #[serde(default)]
    password: String,
}

impl Default for TokenForm {
    fn default() -> Self {
        Self {
            label: String::new(),
            role: String::new(),
            organisation: String::new(),
            days: DAYS[1],
            password: String::new(),
        }
    }
}

impl TokenForm {
    /// The lengths to choose from.
    pub(super) fn lengths() -> [i64; 3] {
        DAYS
    }
}

#[derive(Template)]
#[template(path = "account/token.html")]
struct Made {
    page: Page,
    label: String,
    secret: String,
}

/// Makes a token and shows it, once.
pub(super) async fn make(
    State(desk): State<Desk>,
    visitor: SignedIn,
    parts: Parts,
    Posted(form): Posted<TokenForm>,
) -> Result<Response, WebError> {
    let address = guard::visitor_address(&desk, &parts);
    desk.throttle.may_try(&visitor.person.login, &address)?;
    let role: Role = form.role.parse().map_err(|why: UnknownName| WebError::FormUnreadable(why.to_string()))?;
    let organisation = (!form.organisation.is_empty()).then(|| form.organisation.clone());
    let wish = TokenWish { label: form.label.clone(), role, organisation, days: form.days };
    match desk.office.make_token(&visitor.person, &form.password, wish).await {
        Ok(secret) => {
            desk.throttle.known(&visitor.person.login, &address);
            let shown = Made { page: visitor.page, label: form.label, secret }.render()?;
            Ok((StatusCode::CREATED, Html(shown)).into_response())
        }
        Err(error) => {
            // The same word as in the other form of the page, in a field of this one.
            let place = |field: &str| if field == "current-password" { "token-password" } else { field }.to_owned();
            let mistakes = words::people(&visitor.page, error)?.placed(|field| Some(place(field)));
            show(&desk, visitor, RefusedForms { token: Some((mistakes, form)), ..RefusedForms::default() }).await
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Which {
    token: TokenId,
}

/// Revokes one of one's own tokens.
pub(super) async fn revoke(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Posted(Which { token }): Posted<Which>,
) -> Result<Redirect, WebError> {
    if desk.office.revoke_token(&visitor.person, token).await? {
        Ok(Redirect::to("/account#tokens"))
    } else {
        Err(WebError::NotFound)
    }
}
