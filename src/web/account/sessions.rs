//! Where one has signed in, and ending that.

use axum::extract::State;
use axum::response::Redirect;
use serde::Deserialize;

use super::agent::browser;
use crate::store::SessionView;
use crate::web::posted::Posted;
use crate::web::visitor::SignedIn;
use crate::web::{Desk, WebError, session};

/// A session as its owner sees it.
pub(super) struct SessionShown {
    pub session: SessionView,
    /// What it is called in forms.
    pub name: String,
    /// The browser's name, where it is known.
    pub browser: Option<String>,
    /// Whether the page is shown in it.
    pub is_own: bool,
}

impl SessionShown {
    pub(super) fn new(session: SessionView, own: &str) -> Self {
        Self {
            name: session.id_sha256.clone(),
            browser: session.agent.as_deref().and_then(browser),
            is_own: session.id_sha256 == own,
            session,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Which {
    /// A session's name; empty: all but this one.
    #[serde(default)]
    session: String,
}

/// Ends one session, or all others.
pub(super) async fn end(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Posted(Which { session }): Posted<Which>,
) -> Result<Redirect, WebError> {
    let (office, person) = (&desk.office, &visitor.person);
    let own = session::own_name(&visitor.session);
    if session.is_empty() {
        office.end_other_sessions(person, &own).await?;
    } else if session == own {
        office.note_signed_out(person).await?;
        visitor.session.flush().await?;
    } else {
        office.end_session(person, &session).await?;
    }
    Ok(Redirect::to("/account#sessions"))
}
