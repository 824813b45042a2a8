//! Sessions of the desk. Only the SHA-256 of a session's id lies here: who reads the database cannot sit down at a desk.
//!
//! Their times are real times, whatever the clock of a demonstration says.

use chrono::{DateTime, Utc};

use super::db::{execute, read_all, read_optional};
use super::journal::{About, append};
use super::people::person_in;
use super::rows::{instant, micros, uuid};
use super::writer::Tx;
use super::{Store, StoreError};
use crate::domain::PersonId;
use crate::journal::{Event, INSTALLATION};

/// A session as it is kept.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredSession {
    /// SHA-256 of its id, lower-case hex.
    pub id_sha256: String,
    /// Who signed in.
    pub person: Option<PersonId>,
    /// What the session holds, as JSON. No secret but the session's own.
    pub data: String,
    /// The visitor's network address.
    pub address: Option<String>,
    /// What the browser calls itself.
    pub agent: Option<String>,
    /// When it ends by itself.
    pub expires_at: DateTime<Utc>,
}

/// A session as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SessionView {
    /// SHA-256 of its id: the name by which it can be ended.
    pub id_sha256: String,
    /// The visitor's network address.
    pub address: Option<String>,
    /// What the browser calls itself.
    pub agent: Option<String>,
    /// When it began.
    pub created_at: DateTime<Utc>,
    /// When it was last used.
    pub seen_at: DateTime<Utc>,
}

pub(super) const INSERT_SESSION: &str = "INSERT INTO session (id_sha256, person, data, address, agent, created_at, \
     seen_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $6, $7)";
pub(super) const UPDATE_SESSION: &str = "UPDATE session SET person = $2, data = $3, address = COALESCE($4, address), \
     agent = COALESCE($5, agent), seen_at = $6, expires_at = $7 WHERE id_sha256 = $1";
pub(super) const SESSION: &str =
    "SELECT person, data, address, agent, expires_at FROM session WHERE id_sha256 = $1 AND expires_at > $2";
pub(super) const SESSIONS_OF: &str = "SELECT id_sha256, address, agent, created_at, seen_at FROM session \
     WHERE person = $1 AND expires_at > $2 ORDER BY seen_at DESC LIMIT 200";
pub(super) const END_SESSION: &str = "DELETE FROM session WHERE id_sha256 = $1";
pub(super) const END_ONE_OF: &str = "DELETE FROM session WHERE person = $1 AND id_sha256 = $2";
pub(super) const END_SESSIONS_OF: &str = "DELETE FROM session WHERE person = $1 AND id_sha256 <> $2";
pub(super) const END_EXPIRED_SESSIONS: &str = "DELETE FROM session WHERE expires_at <= $1";

type Row = (Option<String>, String, Option<String>, Option<String>, i64);

impl Store {
    /// Begins a session.
    pub async fn begin_session(&self, session: StoredSession, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.put_session(INSERT_SESSION, session, now).await
    }

    /// Keeps a changed session. One that was ended meanwhile stays ended.
    pub async fn keep_session(&self, session: StoredSession, now: DateTime<Utc>) -> Result<(), StoreError> {
        self.put_session(UPDATE_SESSION, session, now).await
    }

    async fn put_session(
        &self,
        statement: &'static str,
        s: StoredSession,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        self.write(move |tx| {
            Box::pin(async move {
                let person = s.person.map(|id| id.to_string());
                let db = tx.sql().await?;
                execute!(
                    db,
                    statement,
                    &*s.id_sha256,
                    person,
                    &*s.data,
                    s.address.as_deref(),
                    s.agent.as_deref(),
                    micros(now),
                    micros(s.expires_at),
                )?;
                Ok(())
            })
        })
        .await
    }

    /// A session that has not ended.
    pub async fn session(&self, id_sha256: &str, now: DateTime<Utc>) -> Result<Option<StoredSession>, StoreError> {
        let Some((person, data, address, agent, expires_at)) =
            read_optional!(&self.readers, Row, SESSION, id_sha256, micros(now))?
        else {
            return Ok(None);
        };
        Ok(Some(StoredSession {
            id_sha256: id_sha256.to_owned(),
            person: person.as_deref().map(|id| uuid("session", id).map(PersonId)).transpose()?,
            data,
            address,
            agent,
            expires_at: instant("session", id_sha256, expires_at)?,
        }))
    }

    /// Where a person has signed in, the last used first.
    pub async fn sessions_of(&self, person: PersonId, now: DateTime<Utc>) -> Result<Vec<SessionView>, StoreError> {
        type Row = (String, Option<String>, Option<String>, i64, i64);
        let rows = read_all!(&self.readers, Row, SESSIONS_OF, person.to_string(), micros(now))?;
        rows.into_iter()
            .map(|(id_sha256, address, agent, created_at, seen_at)| {
                Ok(SessionView {
                    created_at: instant("session", &id_sha256, created_at)?,
                    seen_at: instant("session", &id_sha256, seen_at)?,
                    id_sha256,
                    address,
                    agent,
                })
            })
            .collect()
    }

    /// Ends one session; gives whether there was one.
    pub async fn end_session(&self, id_sha256: &str) -> Result<bool, StoreError> {
        let id = id_sha256.to_owned();
        self.write(move |tx| Box::pin(async move { Ok(execute!(tx.sql().await?, END_SESSION, &*id)? > 0) })).await
    }

    /// Ends one session of a person and tells the journal; gives whether there was one.
    pub async fn end_session_of(
        &self,
        person: PersonId,
        id_sha256: &str,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let (id, by) = (id_sha256.to_owned(), by.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let ended = execute!(tx.sql().await?, END_ONE_OF, person.to_string(), &*id)?;
                tell_ended(tx, person, ended, &by, now).await?;
                Ok(ended > 0)
            })
        })
        .await
    }

    /// Ends all sessions of a person but one (none is spared with an empty name) and tells the journal.
    pub async fn end_sessions_of(
        &self,
        person: PersonId,
        but: &str,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<u64, StoreError> {
        let (but, by) = (but.to_owned(), by.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let ended = execute!(tx.sql().await?, END_SESSIONS_OF, person.to_string(), &*but)?;
                tell_ended(tx, person, ended, &by, now).await?;
                Ok(ended)
            })
        })
        .await
    }

    /// Forgets sessions that are over.
    pub async fn end_expired_sessions(&self, now: DateTime<Utc>) -> Result<u64, StoreError> {
        self.write(move |tx| Box::pin(async move { Ok(execute!(tx.sql().await?, END_EXPIRED_SESSIONS, micros(now))?) }))
            .await
    }
}

async fn tell_ended(tx: &mut Tx, person: PersonId, ended: u64, by: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let person = person_in(tx, person).await?;
    for _ in 0..ended {
        let event = Event::PersonSignedOut { login: person.login.clone() };
        append(tx, INSTALLATION, now, by, About::default(), event).await?;
    }
    Ok(())
}
