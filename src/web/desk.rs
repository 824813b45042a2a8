//! What every handler may use.

use std::ops::Deref;
use std::sync::Arc;

use crate::office::Office;

/// The desk of an office. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Desk(Arc<Inner>);

/// What every handler may use.
#[derive(Debug)]
pub struct Inner {
    /// The office: configuration, database, channels, clock.
    pub office: Office,
}

impl Desk {
    /// The desk of this office.
    pub fn new(office: Office) -> Self {
        Self(Arc::new(Inner { office }))
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
