//! What signed-in people asked for and their roles do not allow: one line each in the journal.
//!
//! [`Refusals::must`] is the only place that refuses, for pages and for programs; it leaves the refusal with the request,
//! and [`tell`] writes it down once the request is answered.

use std::sync::{Arc, OnceLock};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::{Desk, WebError};
use crate::domain::Deed;
use crate::journal::{Event, INSTALLATION};
use crate::store::Person;

/// Longest path that the journal is told.
const PATH_CHARS: usize = 200;

/// Where the first refusal of a request is left.
#[derive(Debug, Clone, Default)]
pub struct Refusals(Arc<OnceLock<Refused>>);

#[derive(Debug)]
struct Refused {
    login: String,
    name: String,
    deed: Deed,
    organisation: Option<String>,
}

impl Refusals {
    /// Lets only those on who may do this there. Who may not even read there learns nothing: not found.
    pub(super) fn must(&self, person: &Person, deed: Deed, organisation: &str) -> Result<(), WebError> {
        if person.rights.may(deed, organisation) {
            return Ok(());
        }
        self.leave(person, deed, Some(organisation));
        let may_know = person.rights.may(Deed::Read, organisation);
        Err(if may_know { WebError::NotAllowed(deed) } else { WebError::NotFound })
    }

    /// Lets only those on who may do this in some organisation.
    pub(super) fn must_somewhere(&self, person: &Person, deed: Deed) -> Result<(), WebError> {
        if person.rights.may_somewhere(deed) {
            return Ok(());
        }
        self.leave(person, deed, None);
        Err(WebError::NotAllowed(deed))
    }

    /// Leaves a refusal for the journal.
    fn leave(&self, person: &Person, deed: Deed, organisation: Option<&str>) {
        self.0.get_or_init(|| Refused {
            login: person.login.clone(),
            name: person.name.clone(),
            deed,
            organisation: organisation.map(ToOwned::to_owned),
        });
    }
}

/// Tells the journal what was refused. A program that tries for ever is told of a few times.
pub(super) async fn tell(State(desk): State<Desk>, mut request: Request, next: Next) -> Response {
    let refusals = Refusals::default();
    request.extensions_mut().insert(refusals.clone());
    let asked: String = format!("{} {}", request.method(), request.uri().path()).chars().take(PATH_CHARS).collect();
    let response = next.run(request).await;
    if let Some(refused) = refusals.0.get()
        && desk.throttle.may_tell(&refused.login)
    {
        let reason = match &refused.organisation {
            Some(organisation) => format!("no role for this in {organisation}"),
            None => "no role for this".into(),
        };
        let action = format!("{}: {asked}", refused.deed);
        let event = Event::PersonRefused { login: refused.login.clone(), action, reason };
        let office = &desk.office;
        if let Err(error) = office.store.note(INSTALLATION, office.clock.now(), &refused.name, None, event).await {
            tracing::error!(%error, "a refusal is not in the journal");
        }
    }
    response
}
