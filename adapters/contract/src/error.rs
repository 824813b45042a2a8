//! Errors, split by what the caller does next.

use std::time::Duration;

use crate::told::{Told, ToldKind};

/// Why a post, an edit or a withdrawal did not end in a receipt.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PublishError {
    /// Certainly not accepted, and worth another try by itself (rate limit, media not ready, no connection made).
    #[error("not accepted for now: {told}")]
    Retry {
        /// How long the platform asked us to wait, when it did.
        after: Option<Duration>,
        /// What was said.
        told: Told,
    },
    /// Certainly not accepted, and the same content never will be.
    #[error("refused: {told}")]
    Rejected {
        /// What was said.
        told: Told,
    },
    /// Certainly not accepted until a person acts on the account (token, rights, captcha). The channel pauses;
    /// the post is not burnt.
    #[error("no right to publish: {told}")]
    Unauthorised {
        /// What was said.
        told: Told,
    },
    /// Nobody knows whether it was accepted (lost or unreadable reply). Never sent again before `find`.
    #[error("outcome unknown: {told}")]
    InDoubt {
        /// What was said.
        told: Told,
    },
    /// This channel is worked by a person (adapter `manual`): they were told, and will enter the address.
    #[error("handed to a person: {told}")]
    Handed {
        /// What the person is asked to do.
        told: Told,
    },
}

impl PublishError {
    /// What was said, whatever follows from it.
    pub fn told(&self) -> &Told {
        match self {
            Self::Retry { told, .. }
            | Self::Rejected { told }
            | Self::Unauthorised { told }
            | Self::InDoubt { told }
            | Self::Handed { told } => told,
        }
    }
}

/// Why a question to a platform (`find`, `presence`, `feed`, `check`, ...) has no answer. Nothing was changed there.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AdapterError {
    /// Ask again later.
    #[error("no answer for now: {told}")]
    Retry {
        /// How long the platform asked us to wait, when it did.
        after: Option<Duration>,
        /// What was said.
        told: Told,
    },
    /// A person must act on the account first.
    #[error("no right to ask: {told}")]
    Unauthorised {
        /// What was said.
        told: Told,
    },
    /// The platform answered something this adapter cannot read; asking again will not help by itself.
    #[error("answer not understood: {told}")]
    Unclear {
        /// What was said.
        told: Told,
    },
    /// The platform has no such question.
    #[error("{0}")]
    Unsupported(String),
}

impl AdapterError {
    /// What kind of thing was said.
    pub fn kind(&self) -> ToldKind {
        match self {
            Self::Retry { told, .. } | Self::Unauthorised { told } | Self::Unclear { told } => told.kind,
            Self::Unsupported(_) => ToldKind::Unsupported,
        }
    }
}
