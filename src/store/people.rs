//! The people of the desk and what they may do.

use std::collections::HashMap;

use chrono::{DateTime, Utc};

use super::db::{execute, fetch_all, fetch_optional, read_all, read_optional};
use super::journal::{About, append};
use super::rows::{instant, instant_opt, micros, uuid};
use super::writer::Tx;
use super::{Store, StoreError};
use crate::domain::people::{self, Right};
use crate::domain::{PersonId, Rights};
use crate::journal::event::Right as RightTold;
use crate::journal::{Event, INSTALLATION};

/// Someone who works at the desk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    /// The id.
    pub id: PersonId,
    /// What they type to sign in.
    pub login: String,
    /// What stands in the journal.
    pub name: String,
    /// `ru` or `en`.
    pub language: String,
    /// Since when.
    pub created_at: DateTime<Utc>,
    /// Since when they may not sign in.
    pub disabled_at: Option<DateTime<Utc>>,
    /// Whether they have chosen a password.
    pub has_password: bool,
    /// What they may do.
    pub rights: Rights,
}

impl Person {
    /// Whether they may come in: `active`, `invited` (no password yet) or `disabled`.
    pub fn access(&self) -> &'static str {
        match (self.disabled_at, self.has_password) {
            (Some(_), _) => "disabled",
            (None, false) => "invited",
            (None, true) => "active",
        }
    }
}

/// A person to be added.
#[derive(Debug, Clone)]
pub struct NewPerson {
    /// What they will type to sign in; lower case.
    pub login: String,
    /// What will stand in the journal.
    pub name: String,
    /// What they may do.
    pub rights: Rights,
    /// Their password's argon2id string; `None`: they choose one through an invitation.
    pub password: Option<String>,
    /// Who adds them.
    pub by: String,
}

pub(super) const PERSON_BY_ID: &str = "SELECT id, login, name, language, created_at, disabled_at, \
     password IS NOT NULL FROM person WHERE id = $1";
pub(super) const PERSON_BY_LOGIN: &str = "SELECT id, login, name, language, created_at, disabled_at, \
     password IS NOT NULL FROM person WHERE login = $1";
pub(super) const PEOPLE: &str = "SELECT id, login, name, language, created_at, disabled_at, \
     password IS NOT NULL FROM person ORDER BY name";
pub(super) const RIGHTS: &str = "SELECT person, organisation, role FROM person_role WHERE person = $1";
pub(super) const ALL_RIGHTS: &str = "SELECT person, organisation, role FROM person_role";
pub(super) const NAMES: &str = "SELECT name FROM person";
pub(super) const INSERT_PERSON: &str = "INSERT INTO person (id, login, name, password, created_at) \
     VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
pub(super) const INSERT_ROLE: &str = "INSERT INTO person_role (person, organisation, role) VALUES ($1, $2, $3)";
pub(super) const SET_LANGUAGE: &str = "UPDATE person SET language = $2 WHERE id = $1";
pub(super) const ANYONE: &str = "SELECT 1 FROM person LIMIT 1";

type PersonRow = (String, String, String, String, i64, Option<i64>, bool);
type RoleRow = (String, Option<String>, String);

impl Store {
    /// Whether anyone may work at the desk yet.
    pub async fn has_people(&self) -> Result<bool, StoreError> {
        Ok(read_optional!(&self.readers, (i64,), ANYONE)?.is_some())
    }

    /// Everyone, in the order of their names.
    pub async fn people(&self) -> Result<Vec<Person>, StoreError> {
        let mut roles: HashMap<String, Vec<RoleRow>> = HashMap::new();
        for role in read_all!(&self.readers, RoleRow, ALL_RIGHTS)? {
            roles.entry(role.0.clone()).or_default().push(role);
        }
        let people = read_all!(&self.readers, PersonRow, PEOPLE)?.into_iter();
        people
            .map(|row| {
                let own = roles.remove(&row.0).unwrap_or_default();
                person(row, own)
            })
            .collect()
    }

    /// One person.
    pub async fn person(&self, id: PersonId) -> Result<Option<Person>, StoreError> {
        let Some(row) = read_optional!(&self.readers, PersonRow, PERSON_BY_ID, id.to_string())? else {
            return Ok(None);
        };
        let roles = read_all!(&self.readers, RoleRow, RIGHTS, &*row.0)?;
        person(row, roles).map(Some)
    }

    /// The person of a login, as typed.
    pub async fn person_of_login(&self, login: &str) -> Result<Option<Person>, StoreError> {
        let login = people::login(login);
        let Some(row) = read_optional!(&self.readers, PersonRow, PERSON_BY_LOGIN, login)? else { return Ok(None) };
        let roles = read_all!(&self.readers, RoleRow, RIGHTS, &*row.0)?;
        person(row, roles).map(Some)
    }

    /// Adds a person.
    pub async fn add_person(&self, new: NewPerson, now: DateTime<Utc>) -> Result<PersonId, StoreError> {
        let id = PersonId(self.ids.next(now));
        self.write(move |tx| {
            Box::pin(async move {
                insert(tx, id, &new, now).await?;
                Ok(id)
            })
        })
        .await
    }

    /// Keeps the language in which a person wants to read.
    pub async fn set_language(&self, person: PersonId, language: &str) -> Result<(), StoreError> {
        let language = language.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                execute!(tx.sql().await?, SET_LANGUAGE, person.to_string(), language)?;
                Ok(())
            })
        })
        .await
    }
}

/// Adds a person and tells the journal.
pub(super) async fn insert(tx: &mut Tx, id: PersonId, new: &NewPerson, now: DateTime<Utc>) -> Result<(), StoreError> {
    let taken = || StoreError::Taken { login: new.login.clone(), name: new.name.clone() };
    let read_as = people::read_as(&new.name);
    let names = fetch_all!(tx.sql().await?, (String,), NAMES)?;
    if names.iter().any(|(name,)| people::read_as(name) == read_as) {
        return Err(taken());
    }
    let inserted = execute!(
        tx.sql().await?,
        INSERT_PERSON,
        id.to_string(),
        &*new.login,
        &*new.name,
        new.password.as_deref(),
        micros(now),
    )?;
    if inserted == 0 {
        return Err(taken());
    }
    put_rights(tx, id, &new.rights).await?;
    let event = Event::PersonAdded { login: new.login.clone(), name: new.name.clone(), roles: told(&new.rights) };
    append(tx, INSTALLATION, now, &new.by, About::default(), event).await
}

/// A person as the transaction sees them.
pub(super) async fn person_in(tx: &mut Tx, id: PersonId) -> Result<Person, StoreError> {
    let Some(row) = fetch_optional!(tx.sql().await?, PersonRow, PERSON_BY_ID, id.to_string())? else {
        return Err(StoreError::no_person(&id.to_string()));
    };
    let roles = fetch_all!(tx.sql().await?, RoleRow, RIGHTS, &*row.0)?;
    person(row, roles)
}

/// The person of a login, as the transaction sees them.
pub(super) async fn person_of_login_in(tx: &mut Tx, login: &str) -> Result<Option<Person>, StoreError> {
    let Some(row) = fetch_optional!(tx.sql().await?, PersonRow, PERSON_BY_LOGIN, login)? else { return Ok(None) };
    let roles = fetch_all!(tx.sql().await?, RoleRow, RIGHTS, &*row.0)?;
    person(row, roles).map(Some)
}

/// Whether anyone may work at the desk, as the transaction sees it.
pub(super) async fn anyone_in(tx: &mut Tx) -> Result<bool, StoreError> {
    Ok(fetch_optional!(tx.sql().await?, (i64,), ANYONE)?.is_some())
}

/// Writes down what a person may do who has no rights yet.
pub(super) async fn put_rights(tx: &mut Tx, id: PersonId, rights: &Rights) -> Result<(), StoreError> {
    for right in rights.all() {
        execute!(tx.sql().await?, INSERT_ROLE, id.to_string(), right.organisation.as_deref(), right.role.name())?;
    }
    Ok(())
}

/// Rights as the journal tells them.
pub(super) fn told(rights: &Rights) -> Vec<RightTold> {
    let tell = |right: &Right| RightTold { role: right.role.to_string(), organisation: right.organisation.clone() };
    rights.all().iter().map(tell).collect()
}

fn person(row: PersonRow, roles: Vec<RoleRow>) -> Result<Person, StoreError> {
    let (id, login, name, language, created_at, disabled_at, has_password) = row;
    let mut rights = Vec::with_capacity(roles.len());
    for (_, organisation, role) in roles {
        let role = role.parse().map_err(|e| StoreError::corrupt("person_role", &id, e))?;
        rights.push(Right { role, organisation });
    }
    Ok(Person {
        id: PersonId(uuid("person", &id)?),
        created_at: instant("person", &id, created_at)?,
        disabled_at: instant_opt("person", &id, disabled_at)?,
        login,
        name,
        language,
        has_password,
        rights: Rights::new(rights),
    })
}
