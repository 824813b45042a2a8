//! What people asked for and their roles do not allow: one line each in the journal.
//!
//! [`Asker`] is the only one that refuses, for pages and for programs; it leaves the refusal with the request, and
//! [`tell`] writes it down once the request is answered.

use std::sync::{Arc, OnceLock};

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;

use super::{Desk, WebError};
use crate::domain::Deed;
use crate::journal::INSTALLATION;
use crate::store::Person;

/// Longest part of an address that the journal is told.
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

/// Who asks, at a page or through a program.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asker<'a> {
    person: &'a Person,
    refusals: &'a Refusals,
}

impl<'a> Asker<'a> {
    /// This person, whose refusals are left there.
    pub(super) fn new(person: &'a Person, refusals: &'a Refusals) -> Self {
        Self { person, refusals }
    }

    /// Whether they may do this there: for what is only shown differently, and refused nobody.
    pub(super) fn may(self, deed: Deed, organisation: &str) -> bool {
        self.person.rights.may(deed, organisation)
    }

    /// Whether they may read this chain: that of an organisation its people, that of the installation who spans all.
    pub(super) fn may_read_chain(self, chain: &str) -> bool {
        match chain {
            INSTALLATION => self.person.rights.may_everywhere(Deed::Read),
            organisation => self.may(Deed::Read, organisation),
        }
    }

    /// Lets only those on who may do this there. Who may not even read there learns nothing: not found.
    pub(super) fn must(self, deed: Deed, organisation: &str) -> Result<(), WebError> {
        if self.may(deed, organisation) {
            return Ok(());
        }
        if self.may(Deed::Read, organisation) {
            self.leave(deed, Some(organisation));
            return Err(WebError::NotAllowed(deed));
        }
        Err(self.hide(deed, Some(organisation)))
    }

    /// Lets only those on who may do this in some organisation.
    pub(super) fn must_somewhere(self, deed: Deed) -> Result<(), WebError> {
        if self.person.rights.may_somewhere(deed) { Ok(()) } else { Err(self.refuse(deed)) }
    }

    /// Lets only those on who may read this chain. To anyone else there is none.
    pub(super) fn must_read_chain(self, chain: &str) -> Result<(), WebError> {
        if self.may_read_chain(chain) { Ok(()) } else { Err(self.hide(Deed::Read, Some(chain))) }
    }

    /// Refuses what their roles are for nowhere.
    pub(super) fn refuse(self, deed: Deed) -> WebError {
        self.leave(deed, None);
        WebError::NotAllowed(deed)
    }

    /// Refuses what they must not even know of: there is nothing.
    pub(super) fn hide(self, deed: Deed, organisation: Option<&str>) -> WebError {
        self.leave(deed, organisation);
        WebError::NotFound
    }

    /// Leaves a refusal for the journal.
    pub(super) fn leave(self, deed: Deed, organisation: Option<&str>) {
        self.refusals.0.get_or_init(|| Refused {
            login: self.person.login.clone(),
            name: self.person.name.clone(),
            deed,
            organisation: organisation.map(shortened),
        });
    }
}

/// What comes from an address may be of any length; the journal keeps it for ever.
fn shortened(text: &str) -> String {
    text.chars().take(PATH_CHARS).collect()
}

/// Tells the journal what was refused. A program that tries for ever is told of a few times.
pub(super) async fn tell(State(desk): State<Desk>, mut request: Request, next: Next) -> Response {
    let refusals = Refusals::default();
    request.extensions_mut().insert(refusals.clone());
    let asked = shortened(&format!("{} {}", request.method(), request.uri().path()));
    let response = next.run(request).await;
    if let Some(refused) = refusals.0.get()
        && desk.throttle.may_tell(&refused.login)
    {
        let reason = match &refused.organisation {
            Some(organisation) => format!("no role for this in {organisation}"),
            None => "no role for this".into(),
        };
        let (login, action) = (&refused.login, format!("{}: {asked}", refused.deed));
        if let Err(error) = desk.office.note_refused(&refused.name, login, action, reason).await {
            tracing::error!(%error, "a refusal is not in the journal");
        }
    }
    response
}
