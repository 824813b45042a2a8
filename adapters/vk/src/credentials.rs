//! The three credentials, and which of them does what (dev.vk.com, access tokens).

use secrecy::{ExposeSecret as _, SecretString};
use vestnik_contract::{Evidence, Secret, SecretError, Told, ToldKind};

/// A kind of token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    Community,
    Service,
    User,
}

impl Role {
    /// The setting that holds it, as officers know it.
    pub(crate) fn setting(self) -> &'static str {
        match self {
            Self::Community => "community_token",
            Self::Service => "service_token",
            Self::User => "user_token",
        }
    }
}

/// Where the tokens of a channel lie.
#[derive(Debug)]
pub(crate) struct Credentials {
    pub(crate) community: Option<Secret>,
    pub(crate) service: Option<Secret>,
    pub(crate) user: Option<Secret>,
}

impl Credentials {
    pub(crate) fn has(&self, role: Role) -> bool {
        self.secret(role).is_some()
    }

    fn secret(&self, role: Role) -> Option<&Secret> {
        match role {
            Role::Community => self.community.as_ref(),
            Role::Service => self.service.as_ref(),
            Role::User => self.user.as_ref(),
        }
    }

    /// Who publishes and uploads documents: a document is attached by the key that uploaded it.
    pub(crate) fn poster(&self) -> Option<Role> {
        [Role::Community, Role::User].into_iter().find(|r| self.has(*r))
    }

    /// Who reads the wall: a community key gets error 27 there.
    pub(crate) fn reader(&self) -> Option<Role> {
        [Role::Service, Role::User].into_iter().find(|r| self.has(*r))
    }

    /// Who may ask VK's clock: anybody.
    pub(crate) fn anybody(&self) -> Option<Role> {
        [Role::Community, Role::Service, Role::User].into_iter().find(|r| self.has(*r))
    }

    /// Reads a token; `None` when the channel has none of this kind.
    pub(crate) fn token(&self, role: Role) -> Option<Result<SecretString, SecretError>> {
        self.secret(role).map(Secret::get)
    }

    /// Every token that can be read now, to be blotted out of what is kept.
    pub(crate) fn all(&self) -> Vec<SecretString> {
        [Role::Community, Role::Service, Role::User].into_iter().filter_map(|r| self.token(r)?.ok()).collect()
    }
}

/// Why a token cannot be used, and the way out.
#[derive(Debug, Clone)]
pub(crate) struct Unusable {
    pub(crate) kind: ToldKind,
    pub(crate) what: String,
    pub(crate) todo: String,
    /// What VK ID said, when it was asked.
    pub(crate) answer: Option<Evidence>,
}

impl Unusable {
    /// A token that is not there.
    pub(crate) fn new(what: impl Into<String>, todo: impl Into<String>) -> Self {
        Self { kind: ToldKind::NoCredential, what: what.into(), todo: todo.into(), answer: None }
    }

    /// A secret that cannot be read or kept; `setting` names it in the configuration.
    pub(crate) fn of(setting: &str, error: SecretError) -> Self {
        let (what, todo) = match error {
            SecretError::Env(name) => {
                (format!("environment variable {name} is not set"), "set it to the token and start again")
            }
            SecretError::File { path, cause } => (
                format!("file {} cannot be read ({cause})", path.display()),
                "create it with mode 0600 and the token as its only line",
            ),
            SecretError::ForNow { path, cause } => {
                (format!("file {} could not be read this time ({cause})", path.display()), "it is read again by itself")
            }
            SecretError::Empty(place) => (format!("{place} is empty"), "put the token there"),
            SecretError::Write { path, cause } => (
                format!("the renewed token cannot be written to {path} ({cause})"),
                "give it as { file = \"PATH\" } in a folder that vestnik may write",
            ),
        };
        Self::new(format!("{setting}: {what}"), todo)
    }

    /// Both as one sentence.
    pub(crate) fn told(self) -> Told {
        Told { kind: self.kind, reason: format!("{}; {}", self.what, self.todo), answer: self.answer }
    }
}

/// Whether two secrets are the same.
pub(crate) fn same(one: &SecretString, other: &SecretString) -> bool {
    one.expose_secret() == other.expose_secret()
}
