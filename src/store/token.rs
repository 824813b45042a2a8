//! Tokens of programs that work for a person. Only the SHA-256 of a token lies here. Their times are real times,
//! whatever the clock of a demonstration says.

use chrono::{DateTime, TimeDelta, Utc};

use super::db::{execute, fetch_all, fetch_optional, read_all, read_optional};
use super::journal::{About, append};
use super::password::{ShownPassword, must_have_password};
use super::people::{Person, person_in};
use super::rows::{instant, instant_opt, micros, uuid};
use super::writer::Tx;
use super::{Store, StoreError};
use crate::domain::{PersonId, Role, TokenId};
use crate::journal::{Event, INSTALLATION};

/// A token to be made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewToken {
    /// What its owner calls it; each of an owner's tokens has another name.
    pub label: String,
    /// SHA-256 of the token, lower-case hex.
    pub secret_sha256: String,
    /// The most that it may do, within what its owner may do.
    pub role: Role,
    /// Where; `None`: wherever its owner may.
    pub organisation: Option<String>,
    /// When it is made, by the machine's clock.
    pub made_at: DateTime<Utc>,
    /// When it ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
}

/// A token as its owner sees it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Token {
    /// The id.
    pub id: TokenId,
    /// Whose.
    pub person: PersonId,
    /// What its owner calls it.
    pub label: String,
    /// The most that it may do, within what its owner may do.
    pub role: Role,
    /// Where; `None`: wherever its owner may.
    pub organisation: Option<String>,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// When it ends by itself.
    pub expires_at: Option<DateTime<Utc>>,
    /// When it was last used, to the minute.
    pub used_at: Option<DateTime<Utc>>,
}

/// Uses are written down this often: a program that asks every second must not cost a commit each time.
const USE_NOTED_EVERY: TimeDelta = TimeDelta::minutes(1);

pub(super) const INSERT_TOKEN: &str = "INSERT INTO api_token (id, person, label, secret_sha256, role, organisation, \
     made_at, expires_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
pub(super) const TOKENS_OF: &str = "SELECT id, person, label, role, organisation, made_at, expires_at, used_at \
     FROM api_token WHERE person = $1 AND revoked_at IS NULL ORDER BY made_at DESC LIMIT 200";
pub(super) const TOKEN_OF_SECRET: &str = "SELECT t.id, t.person, t.label, t.role, t.organisation, t.made_at, t.expires_at, \
     t.used_at FROM api_token t JOIN person p ON p.id = t.person WHERE t.secret_sha256 = $1 AND t.revoked_at IS NULL \
     AND (t.expires_at IS NULL OR t.expires_at > $2) AND p.disabled_at IS NULL";
pub(super) const LABEL_IN_USE: &str =
    "SELECT 1 FROM api_token WHERE person = $1 AND label = $2 AND revoked_at IS NULL LIMIT 1";
pub(super) const REVOKE_TOKEN: &str = "UPDATE api_token SET revoked_at = $3 \
     WHERE person = $1 AND id = $2 AND revoked_at IS NULL RETURNING label";
pub(super) const REVOKE_TOKENS_OF: &str =
    "UPDATE api_token SET revoked_at = $2 WHERE person = $1 AND revoked_at IS NULL RETURNING label";
pub(super) const NOTE_USE: &str = "UPDATE api_token SET used_at = $2 WHERE id = $1";

type Row = (String, String, String, String, Option<String>, i64, Option<i64>, Option<i64>);

impl Store {
    /// Makes a token for somebody who has shown this password. Gives `None` where they have one of that name.
    pub async fn make_token(
        &self,
        new: NewToken,
        shown: ShownPassword,
        now: DateTime<Utc>,
    ) -> Result<Option<TokenId>, StoreError> {
        let id = TokenId(self.ids.next(now));
        self.write(move |tx| {
            Box::pin(async move {
                must_have_password(tx, shown).await?;
                let owner = person_in(tx, shown.person).await?;
                let person = owner.id.to_string();
                if fetch_optional!(tx.sql().await?, (i64,), LABEL_IN_USE, &*person, &*new.label)?.is_some() {
                    return Ok(None);
                }
                execute!(
                    tx.sql().await?,
                    INSERT_TOKEN,
                    id.to_string(),
                    &*person,
                    &*new.label,
                    &*new.secret_sha256,
                    new.role.name(),
                    new.organisation.as_deref(),
                    micros(new.made_at),
                    new.expires_at.map(micros),
                )?;
                let event = Event::TokenMade { login: owner.login, label: new.label, role: new.role.to_string() };
                append(tx, INSTALLATION, now, &owner.name, About::default(), event).await?;
                Ok(Some(id))
            })
        })
        .await
    }

    /// A person's tokens that were not revoked, the newest first.
    pub async fn tokens_of(&self, person: PersonId) -> Result<Vec<Token>, StoreError> {
        read_all!(&self.readers, Row, TOKENS_OF, person.to_string())?.into_iter().map(token).collect()
    }

    /// A token that is good, with its owner. `real`: the machine's time.
    pub async fn token_of_secret(
        &self,
        secret_sha256: &str,
        real: DateTime<Utc>,
    ) -> Result<Option<(Token, Person)>, StoreError> {
        let Some(row) = read_optional!(&self.readers, Row, TOKEN_OF_SECRET, secret_sha256, micros(real))? else {
            return Ok(None);
        };
        let token = token(row)?;
        let owner = self.person(token.person).await?;
        Ok(owner.filter(|owner| owner.disabled_at.is_none()).map(|owner| (token, owner)))
    }

    /// Writes down that a token was used, where that was not done a moment ago.
    pub async fn note_token_use(&self, token: &Token, real: DateTime<Utc>) -> Result<(), StoreError> {
        if token.used_at.is_some_and(|used| real - used < USE_NOTED_EVERY) {
            return Ok(());
        }
        let id = token.id.to_string();
        self.write(move |tx| {
            Box::pin(async move {
                execute!(tx.sql().await?, NOTE_USE, id, micros(real))?;
                Ok(())
            })
        })
        .await
    }

    /// Revokes a person's token; gives whether there was one.
    pub async fn revoke_token(
        &self,
        person: PersonId,
        token: TokenId,
        by: &str,
        real: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        let by = by.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let owner = person_in(tx, person).await?;
                let (person, token) = (owner.id.to_string(), token.to_string());
                let revoked =
                    fetch_optional!(tx.sql().await?, (String,), REVOKE_TOKEN, &*person, &*token, micros(real))?;
                let Some((label,)) = revoked else { return Ok(false) };
                let event = Event::TokenRevoked { login: owner.login, label };
                append(tx, INSTALLATION, now, &by, About::default(), event).await?;
                Ok(true)
            })
        })
        .await
    }
}

/// Revokes all tokens of a person and tells the journal of each.
pub(super) async fn revoke_tokens_of(
    tx: &mut Tx,
    owner: &Person,
    by: &str,
    real: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let revoked = fetch_all!(tx.sql().await?, (String,), REVOKE_TOKENS_OF, owner.id.to_string(), micros(real))?;
    for (label,) in revoked {
        let event = Event::TokenRevoked { login: owner.login.clone(), label };
        append(tx, INSTALLATION, now, by, About::default(), event).await?;
    }
    Ok(())
}

fn token(row: Row) -> Result<Token, StoreError> {
    let (id, person, label, role, organisation, made_at, expires_at, used_at) = row;
    Ok(Token {
        id: TokenId(uuid("api_token", &id)?),
        person: PersonId(uuid("api_token", &person)?),
        role: role.parse().map_err(|e| StoreError::corrupt("api_token", &id, e))?,
        made_at: instant("api_token", &id, made_at)?,
        expires_at: instant_opt("api_token", &id, expires_at)?,
        used_at: instant_opt("api_token", &id, used_at)?,
        label,
        organisation,
    })
}
