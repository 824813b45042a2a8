//! Passwords of people: argon2id strings in PHC format, which only `office` makes and reads.

use chrono::{DateTime, Utc};

use super::db::{execute, read_optional};
use super::journal::{About, append};
use super::people::person_in;
use super::session::END_SESSIONS_OF;
use super::writer::Tx;
use super::{Store, StoreError};
use crate::domain::PersonId;
use crate::journal::{Event, INSTALLATION};

pub(super) const PASSWORD: &str = "SELECT password FROM person WHERE login = $1 AND disabled_at IS NULL";
pub(super) const SET_PASSWORD: &str = "UPDATE person SET password = $2 WHERE id = $1";
pub(super) const REPLACE_PASSWORD: &str = "UPDATE person SET password = $3 WHERE id = $1 AND password = $2";

impl Store {
    /// The argon2id string of a person who may sign in.
    pub async fn password_of(&self, login: &str) -> Result<Option<String>, StoreError> {
        let row = read_optional!(&self.readers, (Option<String>,), PASSWORD, login.trim().to_lowercase())?;
        Ok(row.and_then(|(password,)| password))
    }

    /// Gives a person the password that they chose. Their sessions end, but the one that they sit in.
    pub async fn set_password(
        &self,
        person: PersonId,
        password: String,
        but_session: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let but = but_session.to_owned();
        self.write(move |tx| Box::pin(async move { put_password(tx, person, &password, &but, now).await })).await
    }

    /// Keeps the same password under stronger parameters, unless another one was chosen meanwhile.
    pub async fn strengthen_password(&self, person: PersonId, before: String, after: String) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                execute!(tx.sql().await?, REPLACE_PASSWORD, person.to_string(), before, after)?;
                Ok(())
            })
        })
        .await
    }
}

/// Writes a chosen password down, ends sessions and tells the journal.
pub(super) async fn put_password(
    tx: &mut Tx,
    person: PersonId,
    password: &str,
    but_session: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let person = person_in(tx, person).await?;
    let id = person.id.to_string();
    execute!(tx.sql().await?, SET_PASSWORD, &*id, password)?;
    execute!(tx.sql().await?, END_SESSIONS_OF, &*id, but_session)?;
    let event = Event::PersonPasswordSet { login: person.login };
    append(tx, INSTALLATION, now, &person.name, About::default(), event).await
}
