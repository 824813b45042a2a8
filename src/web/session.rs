//! Sessions: a cookie with a random name for what lies in the database.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use sha2::{Digest as _, Sha256};
use tower_sessions::cookie::SameSite;
use tower_sessions::session::{Id, Record};
use tower_sessions::{Expiry, Session, SessionManagerLayer, SessionStore, session_store};

use super::{Desk, WebError};
use crate::domain::PersonId;
pub(super) use crate::office::people::{random_secret as secret, real_now, sha256_hex as secret_sha256};
use crate::store::{Person, Store, StoreError, StoredSession};

/// Who signed in.
pub(super) const PERSON: &str = "person";
/// The token that forms carry.
pub(super) const CSRF: &str = "csrf";
/// From where; kept for the list of a person's sessions.
pub(super) const ADDRESS: &str = "address";
/// With what browser.
pub(super) const AGENT: &str = "agent";

/// When it began.
const BEGAN: &str = "began";
/// When it was last used, as far as [`TOUCHED_EVERY`] knows.
const SEEN: &str = "seen";

/// A working day and an evening: after so long without a click one signs in again.
const IDLE_HOURS: i64 = 14;
/// Whoever clicks every day signs in once a week all the same.
const DAYS_MAX: i64 = 7;
/// A click makes a session last longer, but not every click costs a commit.
const TOUCHED_EVERY: TimeDelta = TimeDelta::minutes(5);

/// Keeps sessions in the database, under the hash of their id.
#[derive(Debug, Clone)]
pub(super) struct Sessions(Store);

/// The layer that finds a visitor's session.
pub(super) fn layer(desk: &Desk) -> SessionManagerLayer<Sessions> {
    let secure = desk.is_behind_tls();
    // The prefix makes browsers refuse the cookie from anywhere but this host, over TLS.
    let name = if secure { "__Host-vestnik" } else { "vestnik" };
    SessionManagerLayer::new(Sessions(desk.office.store.clone()))
        .with_name(name)
        .with_secure(secure)
        .with_http_only(true)
        .with_same_site(SameSite::Lax)
        .with_path("/")
        .with_expiry(Expiry::OnInactivity(time::Duration::hours(IDLE_HOURS)))
}

/// Who sits here, as they are now.
pub(super) async fn person(desk: &Desk, session: &Session) -> Result<Option<Person>, WebError> {
    let Some(id) = session.get::<PersonId>(PERSON).await? else { return Ok(None) };
    if !is_fresh(session).await? {
        return Ok(None);
    }
    let person = desk.office.store.person(id).await?;
    Ok(person.filter(|person| person.disabled_at.is_none()))
}

/// Whether a session may still be used; one that may is kept alive.
async fn is_fresh(session: &Session) -> Result<bool, WebError> {
    let at = async |key: &str| session.get::<DateTime<Utc>>(key).await;
    let (Some(began), Some(seen)) = (at(BEGAN).await?, at(SEEN).await?) else { return Ok(false) };
    let now = real_now();
    if now - began > TimeDelta::days(DAYS_MAX) {
        return Ok(false);
    }
    if now - seen > TOUCHED_EVERY {
        session.insert(SEEN, now).await?;
    }
    Ok(true)
}

/// Whether the session of this name in the database may still be used.
async fn is_open(desk: &Desk, name: &str) -> Result<bool, StoreError> {
    let now = real_now();
    let Some(session) = desk.office.store.session(name, now).await? else { return Ok(false) };
    let data: HashMap<String, serde_json::Value> = serde_json::from_str(&session.data).unwrap_or_default();
    let began = data.get(BEGAN).and_then(|at| serde_json::from_value::<DateTime<Utc>>(at.clone()).ok());
    Ok(began.is_some_and(|began| now - began <= TimeDelta::days(DAYS_MAX)))
}

/// Who sits in the session of this name, asked again after a while: `None` where it was ended or they may not come in any
/// more.
pub(super) async fn still(desk: &Desk, name: &str, person: PersonId) -> Result<Option<Person>, StoreError> {
    if !is_open(desk, name).await? {
        return Ok(None);
    }
    let person = desk.office.store.person(person).await?;
    Ok(person.filter(|person| person.disabled_at.is_none()))
}

/// The name in the database of the session in which a request came.
pub(super) fn own_name(session: &Session) -> String {
    session.id().map(stored_name).unwrap_or_default()
}

/// The name of a session in the database.
pub(super) fn stored_name(id: Id) -> String {
    hex::encode(Sha256::digest(id.0.to_be_bytes()))
}

fn failed(error: &StoreError) -> session_store::Error {
    session_store::Error::Backend(error.to_string())
}

/// A session as the database keeps it.
fn kept(record: &Record) -> session_store::Result<StoredSession> {
    let text = |key: &str| record.data.get(key).and_then(|v| v.as_str()).map(ToOwned::to_owned);
    let data = serde_json::to_string(&record.data).map_err(|e| session_store::Error::Encode(e.to_string()))?;
    let expires_at = DateTime::from_timestamp(record.expiry_date.unix_timestamp(), 0)
        .ok_or_else(|| session_store::Error::Encode("it ends at no time".into()))?;
    Ok(StoredSession {
        id_sha256: stored_name(record.id),
        person: text(PERSON).and_then(|id| id.parse().ok()),
        data,
        address: text(ADDRESS),
        agent: text(AGENT),
        expires_at,
    })
}

#[async_trait::async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> session_store::Result<()> {
        // 128 random bits: a name that was taken before is no case to plan for, but the trait asks.
        while self.load(&record.id).await?.is_some() {
            record.id = Id::default();
        }
        self.0.begin_session(kept(record)?, real_now()).await.map_err(|e| failed(&e))
    }

    /// A session that was ended while a request was on its way stays ended.
    async fn save(&self, record: &Record) -> session_store::Result<()> {
        self.0.keep_session(kept(record)?, real_now()).await.map_err(|e| failed(&e))
    }

    async fn load(&self, id: &Id) -> session_store::Result<Option<Record>> {
        let found = self.0.session(&stored_name(*id), real_now()).await.map_err(|e| failed(&e))?;
        let Some(session) = found else { return Ok(None) };
        let data = serde_json::from_str(&session.data).map_err(|e| session_store::Error::Decode(e.to_string()))?;
        let expiry_date = time::OffsetDateTime::from_unix_timestamp(session.expires_at.timestamp())
            .map_err(|e| session_store::Error::Decode(e.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> session_store::Result<()> {
        self.0.end_session(&stored_name(*id)).await.map(drop).map_err(|e| failed(&e))
    }
}

/// Sits a person down: a new name for the session (what was known before opens nothing), and a new token for forms. It
/// lies in the database when this returns.
pub(super) async fn begin(
    session: &Session,
    person: PersonId,
    address: &str,
    agent: &str,
) -> Result<(), tower_sessions::session::Error> {
    session.cycle_id().await?;
    session.clear().await;
    let now = real_now();
    session.insert(BEGAN, now).await?;
    session.insert(SEEN, now).await?;
    session.insert(PERSON, person).await?;
    session.insert(CSRF, secret()).await?;
    session.insert(ADDRESS, address).await?;
    session.insert(AGENT, agent.chars().take(200).collect::<String>()).await?;
    session.save().await
}
