//! One-time addresses: the first administrator's, a new person's, a new password's. Only the SHA-256 of the secret in
//! the address lies here. How long one is good is counted in real time, whatever the clock of a demonstration says.

use chrono::{DateTime, Utc};

use super::db::{execute, fetch_optional, read_optional};
use super::journal::{About, append};
use super::password::{ShownPassword, put_password};
use super::people::{NewPerson, Person, anyone_in, insert, person_in};
use super::rows::{micros, uuid};
use super::session::END_SESSIONS_OF;
use super::token::revoke_tokens_of;
use super::writer::Tx;
use super::{Store, StoreError};
use crate::domain::PersonId;
use crate::journal::{Event, INSTALLATION};

/// A one-time address to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewInvitation {
    /// SHA-256 of its secret, lower-case hex.
    pub secret_sha256: String,
    /// When it was made, by the machine's clock.
    pub made_at: DateTime<Utc>,
    /// Until when it is good, by the machine's clock.
    pub expires_at: DateTime<Utc>,
}

/// Whom an address is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Invitation {
    /// Whoever comes first and becomes the administrator of everything.
    First,
    /// This person, who chooses a password.
    Of(Person),
}

pub(super) const PUT_INVITATION: &str =
    "INSERT INTO invitation (secret_sha256, person, made_at, expires_at) VALUES ($1, $2, $3, $4)";
pub(super) const INVITATION: &str =
    "SELECT person FROM invitation WHERE secret_sha256 = $1 AND used_at IS NULL AND expires_at > $2";
pub(super) const USE_INVITATION: &str = "UPDATE invitation SET used_at = $2 \
     WHERE secret_sha256 = $1 AND used_at IS NULL AND expires_at > $2 RETURNING person";
pub(super) const DROP_INVITATIONS_OF: &str = "DELETE FROM invitation WHERE person = $1 AND used_at IS NULL";
pub(super) const DROP_FIRST_INVITATIONS: &str = "DELETE FROM invitation WHERE person IS NULL AND used_at IS NULL";
pub(super) const DROP_EXPIRED_INVITATIONS: &str = "DELETE FROM invitation WHERE expires_at <= $1";
pub(super) const CLEAR_PASSWORD: &str =
    "UPDATE person SET password = NULL, password_number = password_number + 1 WHERE id = $1";

impl Store {
    /// Adds a person who chooses a password at a one-time address.
    pub async fn invite_person(
        &self,
        new: NewPerson,
        invitation: NewInvitation,
        now: DateTime<Utc>,
    ) -> Result<PersonId, StoreError> {
        let id = PersonId(self.ids.next(now));
        self.write(move |tx| {
            Box::pin(async move {
                insert(tx, id, &new, now).await?;
                put_invitation(tx, Some(id), &invitation).await?;
                Ok(id)
            })
        })
        .await
    }

    /// Makes the address at which the first administrator begins; earlier ones are void. Gives whether it was made:
    /// not once there is anyone.
    pub async fn invite_first(&self, invitation: NewInvitation) -> Result<bool, StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                execute!(tx.sql().await?, DROP_FIRST_INVITATIONS)?;
                if anyone_in(tx).await? {
                    return Ok(false);
                }
                put_invitation(tx, None, &invitation).await?;
                Ok(true)
            })
        })
        .await
    }

    /// Takes a person's password, sessions and tokens and makes an address for a new password; earlier ones are void.
    pub async fn reset_password(
        &self,
        person: PersonId,
        invitation: NewInvitation,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let by = by.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let person = person_in(tx, person).await?;
                take_password(tx, &person, &by, invitation.made_at, now).await?;
                put_invitation(tx, Some(person.id), &invitation).await
            })
        })
        .await
    }

    /// Whom an address is for, while it is good. `real`: the machine's time.
    pub async fn invitation(&self, secret_sha256: &str, real: DateTime<Utc>) -> Result<Option<Invitation>, StoreError> {
        let row = read_optional!(&self.readers, (Option<String>,), INVITATION, secret_sha256, micros(real))?;
        match row {
            None => Ok(None),
            Some((None,)) => Ok((!self.has_people().await?).then_some(Invitation::First)),
            Some((Some(id),)) => {
                let person = self.person(PersonId(uuid("invitation", &id)?)).await?;
                Ok(person.filter(|person| person.disabled_at.is_none()).map(Invitation::Of))
            }
        }
    }

    /// The first administrator comes. Gives `None` where the address is not good, or somebody was faster.
    pub async fn accept_first(
        &self,
        secret_sha256: &str,
        new: NewPerson,
        real: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Option<ShownPassword>, StoreError> {
        let id = PersonId(self.ids.next(now));
        let secret = secret_sha256.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                if !matches!(use_invitation(tx, &secret, real).await?, Some(None)) || anyone_in(tx).await? {
                    return Ok(None);
                }
                insert(tx, id, &new, now).await?;
                let event = Event::PersonPasswordSet { login: new.login };
                append(tx, INSTALLATION, now, &new.name, About::default(), event).await?;
                Ok(Some(ShownPassword { person: id, number: 0 }))
            })
        })
        .await
    }

    /// An invited person chooses a password. Gives `None` where the address is not good.
    pub async fn accept(
        &self,
        secret_sha256: &str,
        password: String,
        real: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<Option<ShownPassword>, StoreError> {
        let secret = secret_sha256.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let Some(Some(id)) = use_invitation(tx, &secret, real).await? else { return Ok(None) };
                let id = PersonId(uuid("invitation", &id)?);
                if person_in(tx, id).await?.disabled_at.is_some() {
                    return Ok(None);
                }
                put_password(tx, id, &password, now).await.map(Some)
            })
        })
        .await
    }

    /// Forgets addresses that are not good any more.
    pub async fn drop_expired_invitations(&self, real: DateTime<Utc>) -> Result<u64, StoreError> {
        self.write(move |tx| {
            Box::pin(async move { Ok(execute!(tx.sql().await?, DROP_EXPIRED_INVITATIONS, micros(real))?) })
        })
        .await
    }
}

/// Takes a person's password and everything that came of it.
pub(super) async fn take_password(
    tx: &mut Tx,
    person: &Person,
    by: &str,
    real: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let id = person.id.to_string();
    execute!(tx.sql().await?, CLEAR_PASSWORD, &*id)?;
    execute!(tx.sql().await?, END_SESSIONS_OF, &*id, "")?;
    execute!(tx.sql().await?, DROP_INVITATIONS_OF, &*id)?;
    let event = Event::PersonPasswordReset { login: person.login.clone() };
    append(tx, INSTALLATION, now, by, About::default(), event).await?;
    revoke_tokens_of(tx, person, by, real, now).await
}

async fn put_invitation(tx: &mut Tx, person: Option<PersonId>, new: &NewInvitation) -> Result<(), StoreError> {
    execute!(
        tx.sql().await?,
        PUT_INVITATION,
        &*new.secret_sha256,
        person.map(|id| id.to_string()),
        micros(new.made_at),
        micros(new.expires_at),
    )?;
    Ok(())
}

/// Uses an address up and gives whom it is for. `None`: it is not good.
async fn use_invitation(tx: &mut Tx, secret: &str, real: DateTime<Utc>) -> Result<Option<Option<String>>, StoreError> {
    let row = fetch_optional!(tx.sql().await?, (Option<String>,), USE_INVITATION, secret, micros(real))?;
    Ok(row.map(|(person,)| person))
}
