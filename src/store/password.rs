//! Passwords of people: argon2id strings in PHC format, which only `office` makes and reads.
//!
//! To compare one takes time, in which it may be taken or changed. So whatever follows from a password that was shown
//! (a session, a token, another password) names which one it was, and is done while it is still theirs.

use chrono::{DateTime, Utc};

use super::db::{execute, fetch_optional, read_optional};
use super::journal::{About, append};
use super::people::{Person, person_in};
use super::rows::uuid;
use super::session::END_SESSIONS_OF;
use super::token::revoke_tokens_of;
use super::writer::Tx;
use super::{Store, StoreError};
use crate::domain::{PersonId, people};
use crate::journal::{Event, INSTALLATION};

/// A password that was shown, or has just been chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownPassword {
    /// Whose.
    pub person: PersonId,
    /// Which of the passwords that they have had.
    pub number: i64,
}

/// Another password for somebody who has shown the one that they have.
#[derive(Clone)]
pub struct PasswordChange {
    /// The one that they have.
    pub shown: ShownPassword,
    /// The argon2id string of the other one.
    pub after: String,
    /// The name of the session that they sit in, the only one that goes on.
    pub but_session: String,
    /// Whether their programs keep their tokens.
    pub keeps_tokens: bool,
}

pub(super) const PASSWORD: &str = "SELECT id, password_number, password FROM person WHERE login = $1 AND disabled_at IS NULL AND password IS NOT NULL";
pub(super) const HAS_PASSWORD: &str = "SELECT 1 FROM person WHERE id = $1 AND password_number = $2 AND password IS NOT NULL \
     AND disabled_at IS NULL";
pub(super) const SET_PASSWORD: &str = "UPDATE person SET password = $2, password_number = password_number + 1 WHERE id = $1 \
     RETURNING password_number";
pub(super) const CHANGE_PASSWORD: &str = "UPDATE person SET password = $3, password_number = password_number + 1 \
     WHERE id = $1 AND password_number = $2 AND password IS NOT NULL AND disabled_at IS NULL";
pub(super) const STRENGTHEN_PASSWORD: &str = "UPDATE person SET password = $3 WHERE id = $1 AND password = $2";

impl Store {
    /// The password of a person who may sign in, and its argon2id string.
    pub async fn password_of(&self, login: &str) -> Result<Option<(ShownPassword, String)>, StoreError> {
        let row = read_optional!(&self.readers, (String, i64, String), PASSWORD, people::login(login))?;
        let Some((id, number, stored)) = row else { return Ok(None) };
        Ok(Some((ShownPassword { person: PersonId(uuid("person", &id)?), number }, stored)))
    }

    /// Writes down that a person signed in with this password. Refused where it is not theirs any more, or they may not
    /// come in: a session that was begun before this is theirs, or ended with the password.
    pub async fn note_signed_in(
        &self,
        shown: ShownPassword,
        address: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let address = address.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                must_have_password(tx, shown).await?;
                let person = person_in(tx, shown.person).await?;
                let event = Event::PersonSignedIn { login: person.login, address };
                append(tx, INSTALLATION, now, &person.name, About::default(), event).await
            })
        })
        .await
    }

    /// Gives a person the password that they chose. Their sessions end, but the one that they sit in; their tokens are
    /// revoked, unless they keep them. `real`: the machine's time.
    pub async fn change_password(
        &self,
        change: PasswordChange,
        real: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let PasswordChange { shown, after, but_session, keeps_tokens } = change;
                let id = shown.person.to_string();
                if execute!(tx.sql().await?, CHANGE_PASSWORD, id, shown.number, after)? == 0 {
                    return Err(StoreError::Overtaken);
                }
                let person = person_in(tx, shown.person).await?;
                tell_set(tx, &person, &but_session, now).await?;
                if keeps_tokens {
                    return Ok(());
                }
                revoke_tokens_of(tx, &person, &person.name, real, now).await
            })
        })
        .await
    }

    /// Keeps the same password under stronger parameters, unless another one was chosen meanwhile.
    pub async fn strengthen_password(&self, person: PersonId, before: String, after: String) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                execute!(tx.sql().await?, STRENGTHEN_PASSWORD, person.to_string(), before, after)?;
                Ok(())
            })
        })
        .await
    }
}

/// Refuses what follows from a password that is not the person's any more.
pub(super) async fn must_have_password(tx: &mut Tx, shown: ShownPassword) -> Result<(), StoreError> {
    match fetch_optional!(tx.sql().await?, (i64,), HAS_PASSWORD, shown.person.to_string(), shown.number)? {
        Some(_) => Ok(()),
        None => Err(StoreError::Overtaken),
    }
}

/// Writes a first password down, or the one after a reset.
pub(super) async fn put_password(
    tx: &mut Tx,
    person: PersonId,
    password: &str,
    now: DateTime<Utc>,
) -> Result<ShownPassword, StoreError> {
    let person = person_in(tx, person).await?;
    let id = person.id.to_string();
    let set = fetch_optional!(tx.sql().await?, (i64,), SET_PASSWORD, &*id, password)?;
    let (number,) = set.ok_or_else(|| StoreError::no_person(&id))?;
    tell_set(tx, &person, "", now).await?;
    Ok(ShownPassword { person: person.id, number })
}

/// Ends sessions and tells the journal.
async fn tell_set(tx: &mut Tx, person: &Person, but_session: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    execute!(tx.sql().await?, END_SESSIONS_OF, person.id.to_string(), but_session)?;
    let event = Event::PersonPasswordSet { login: person.login.clone() };
    append(tx, INSTALLATION, now, &person.name, About::default(), event).await
}
