//! Adding people, and giving them a one-time address for a password.

use chrono::TimeDelta;

use super::arrive::{FIRST_HOURS, INVITATION_DAYS};
use super::error::{PeopleError, Refusal};
use super::ruler::Ruler;
use super::{names, random_secret, real_now, sha256_hex};
use crate::domain::people::Right;
use crate::domain::{PersonId, Rights};
use crate::office::Office;
use crate::store::{NewInvitation, NewPerson, StoreError};

/// Somebody who is to work at the desk, as typed.
#[derive(Debug, Clone)]
pub struct Colleague {
    /// What they will type to sign in.
    pub login: String,
    /// What will stand in the journal.
    pub name: String,
    /// What they may do.
    pub rights: Vec<Right>,
}

/// A person with the path of their one-time address. It is shown once and kept nowhere.
#[derive(Debug, Clone)]
pub struct Invited {
    /// The person.
    pub person: PersonId,
    /// Their login.
    pub login: String,
    /// The path at the desk; who has it, chooses the password.
    pub path: String,
}

impl Office {
    /// Adds a person; they choose a password at their one-time address.
    pub async fn add_person(&self, colleague: Colleague, by: Ruler<'_>) -> Result<Invited, PeopleError> {
        let login = names::login(&colleague.login)?;
        let name = names::name(&colleague.name)?;
        self.must_give(&colleague.rights, by)?;
        if colleague.rights.is_empty() {
            return Err(Refusal::NoRole.into());
        }
        let new = NewPerson {
            login: login.clone(),
            name,
            rights: Rights::new(colleague.rights),
            password: None,
            by: by.name().to_owned(),
        };
        let (path, invitation) = invitation(TimeDelta::days(INVITATION_DAYS));
        let person = self.store.invite_person(new, invitation, self.clock.now()).await?;
        Ok(Invited { person, login, path })
    }

    /// Takes a person's password, sessions and tokens; they choose another password at their one-time address.
    pub async fn reset_password(&self, id: PersonId, by: Ruler<'_>) -> Result<Invited, PeopleError> {
        let person = self.ruled(id, by).await?;
        if person.disabled_at.is_some() {
            return Err(Refusal::Disabled.into());
        }
        let (path, invitation) = invitation(TimeDelta::days(INVITATION_DAYS));
        self.store.reset_password(id, invitation, by.name(), self.clock.now()).await?;
        Ok(Invited { person: id, login: person.login, path })
    }

    /// The path at which the first administrator begins; `None` once there is anyone.
    pub async fn invite_first(&self) -> Result<Option<String>, StoreError> {
        let (path, invitation) = invitation(TimeDelta::hours(FIRST_HOURS));
        Ok(self.store.invite_first(invitation).await?.then_some(path))
    }
}

/// A path nobody knows yet, and what is kept of it.
fn invitation(good_for: TimeDelta) -> (String, NewInvitation) {
    let (secret, now) = (random_secret(), real_now());
    let kept = NewInvitation { secret_sha256: sha256_hex(&secret), made_at: now, expires_at: now + good_for };
    (format!("/welcome/{secret}"), kept)
}
