//! *Today*: what goes out next, and what needs a person.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::Html;
use axum::routing::get;

use super::page::Page;
use super::visitor::SignedIn;
use super::{Desk, WebError};
use crate::domain::Deed;
use crate::store::Attention;

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/today", get(today))
}

#[derive(Template)]
#[template(path = "today.html")]
struct Today {
    page: Page,
    attention: Vec<Attention>,
}

async fn today(State(desk): State<Desk>, visitor: SignedIn) -> Result<Html<String>, WebError> {
    let office = &desk.office;
    let mut attention = office.store.attention(office.clock.now()).await?;
    let may_see = |channel: &str| {
        office.config.channel(channel).is_some_and(|(o, _)| visitor.person.rights.may(Deed::Read, &o.slug))
    };
    attention.retain(|item| may_see(&item.channel));
    Ok(Html(Today { page: visitor.page, attention }.render()?))
}
