//! What people may do, and whether they may come in at all.

use chrono::{DateTime, Utc};

use super::db::{execute, fetch_optional};
use super::invitation::DROP_INVITATIONS_OF;
use super::journal::{About, append};
use super::people::{Person, person_in, put_rights, told};
use super::rows::micros;
use super::session::END_SESSIONS_OF;
use super::token::revoke_tokens_of;
use super::writer::Tx;
use super::{Store, StoreError};
use crate::domain::{Deed, PersonId, Rights};
use crate::journal::{Event, INSTALLATION};

pub(super) const DROP_ROLES: &str = "DELETE FROM person_role WHERE person = $1";
/// One who was invited and never came opens no door to others.
pub(super) const OTHER_RULER: &str = "SELECT 1 FROM person_role r JOIN person p ON p.id = r.person \
     WHERE r.role = 'administrator' AND r.organisation IS NULL AND p.disabled_at IS NULL AND p.password IS NOT NULL \
     AND p.id <> $1 LIMIT 1";
pub(super) const SET_DISABLED: &str = "UPDATE person SET disabled_at = $2 WHERE id = $1";

impl Store {
    /// Gives a person these rights instead of `before`, which is what whoever decided it saw.
    pub async fn change_rights(
        &self,
        person: PersonId,
        before: Rights,
        after: Rights,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let by = by.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let person = person_in(tx, person).await?;
                if person.rights != before {
                    return Err(StoreError::Overtaken);
                }
                if before == after {
                    return Ok(());
                }
                if !rules_all(&after) {
                    must_not_be_last(tx, &person).await?;
                }
                replace_rights(tx, &person, &after, &by, now).await
            })
        })
        .await
    }

    /// Lets a person in no more: their sessions, tokens and one-time addresses end with it. `real`: the machine's time.
    pub async fn disable_person(
        &self,
        person: PersonId,
        by: &str,
        real: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let by = by.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let person = person_in(tx, person).await?;
                if person.disabled_at.is_some() {
                    return Ok(());
                }
                must_not_be_last(tx, &person).await?;
                keep_out(tx, &person, &by, real, now).await
            })
        })
        .await
    }

    /// Lets a person in again, with the password that they had.
    pub async fn enable_person(&self, person: PersonId, by: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
        let by = by.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let person = person_in(tx, person).await?;
                if person.disabled_at.is_none() {
                    return Ok(());
                }
                execute!(tx.sql().await?, SET_DISABLED, person.id.to_string(), None::<i64>)?;
                let event = Event::PersonEnabled { login: person.login };
                append(tx, INSTALLATION, now, &by, About::default(), event).await
            })
        })
        .await
    }
}

/// Lets a person in no more.
pub(super) async fn keep_out(
    tx: &mut Tx,
    person: &Person,
    by: &str,
    real: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let id = person.id.to_string();
    execute!(tx.sql().await?, SET_DISABLED, &*id, Some(micros(now)))?;
    execute!(tx.sql().await?, END_SESSIONS_OF, &*id, "")?;
    execute!(tx.sql().await?, DROP_INVITATIONS_OF, &*id)?;
    let event = Event::PersonDisabled { login: person.login.clone() };
    append(tx, INSTALLATION, now, by, About::default(), event).await?;
    revoke_tokens_of(tx, person, by, real, now).await
}

/// Gives a person these rights instead of those that they have.
pub(super) async fn replace_rights(
    tx: &mut Tx,
    person: &Person,
    rights: &Rights,
    by: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    execute!(tx.sql().await?, DROP_ROLES, person.id.to_string())?;
    put_rights(tx, person.id, rights).await?;
    let event = Event::PersonRightsChanged { login: person.login.clone(), roles: told(rights) };
    append(tx, INSTALLATION, now, by, About::default(), event).await
}

fn rules_all(rights: &Rights) -> bool {
    rights.may_everywhere(Deed::RunPeople)
}

/// Refuses what would leave nobody who may let people in everywhere.
async fn must_not_be_last(tx: &mut Tx, person: &Person) -> Result<(), StoreError> {
    if !rules_all(&person.rights) || person.disabled_at.is_some() {
        return Ok(());
    }
    match fetch_optional!(tx.sql().await?, (i64,), OTHER_RULER, person.id.to_string())? {
        Some(_) => Ok(()),
        None => Err(StoreError::LastAdministrator),
    }
}
