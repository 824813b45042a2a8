//! What every handler may use.

use std::net::SocketAddr;
use std::ops::Deref;
use std::sync::{Arc, OnceLock};

use super::arriving::Arriving;
use super::journal::Auditing;
use super::live::Live;
use super::metrics::{self, Answers};
use super::throttle::Throttle;
use super::uploads::Uploads;
use crate::office::Office;
use crate::release::Pulse;

/// The desk of an office. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Desk(Arc<Inner>);

/// What every handler may use.
#[derive(Debug)]
pub struct Inner {
    /// The office: configuration, database, channels, clock.
    pub office: Office,
    /// What the daemon beside the desk does; `None`: there is none.
    pub pulse: Option<Arc<Pulse>>,
    /// Files on their way here.
    pub(super) arriving: Arriving,
    /// Who listens to what happens.
    pub(super) live: Live,
    /// How the desk answered.
    pub(super) answers: Answers,
    /// How often somebody may try.
    pub(super) throttle: Throttle,
    /// Who is sending files.
    pub(super) uploads: Uploads,
    /// What auditors have running.
    pub(super) auditing: Auditing,
    /// Where it listens, once it does.
    pub(super) listens: OnceLock<SocketAddr>,
}

impl Desk {
    /// The desk of this office, beside the daemon whose pulse this is.
    pub fn new(office: Office, pulse: Option<Arc<Pulse>>) -> Self {
        let (live, answers, throttle) = (Live::default(), metrics::answers(), Throttle::default());
        let (uploads, auditing, arriving) = (Uploads::default(), Auditing::default(), Arriving::default());
        let listens = OnceLock::new();
        Self(Arc::new(Inner { office, pulse, arriving, live, answers, throttle, uploads, auditing, listens }))
    }

    /// The whole address of a path of ours, for people to be handed: from the configuration or from where the desk
    /// listens, never from what a request calls it. `None`: only the network around knows.
    pub fn address_of(&self, path: &str) -> Option<String> {
        let base = match (&self.office.config.server.public_url, self.listens.get()) {
            (Some(url), _) => url.as_str().trim_end_matches('/').to_owned(),
            (None, Some(listens)) if !listens.ip().is_unspecified() => format!("http://{listens}"),
            (None, _) => return None,
        };
        Some(format!("{base}{path}"))
    }

    /// Whether people reach the desk over TLS: then cookies travel over nothing else.
    pub fn is_behind_tls(&self) -> bool {
        self.office.config.server.public_url.as_ref().is_some_and(|url| url.scheme() == "https")
    }
}

impl Deref for Desk {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}
