//! What opens the desk in a copy of the database: a copy that is put back must open nothing that was closed since.

use chrono::{DateTime, Utc};

use super::db::{execute, fetch_all};
use super::people::person_in;
use super::rows::uuid;
use super::token::revoke_tokens_of;
use super::{Store, StoreError};
use crate::domain::PersonId;

/// How many there were, used or not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct KeysTaken {
    /// Sessions.
    pub sessions: u64,
    /// One-time addresses.
    pub invitations: u64,
    /// Tokens that were not revoked.
    pub tokens: u64,
}

pub(super) const END_ALL_SESSIONS: &str = "DELETE FROM session";
pub(super) const DROP_ALL_INVITATIONS: &str = "DELETE FROM invitation";
pub(super) const OWNERS_OF_TOKENS: &str =
    "SELECT person, COUNT(*) FROM api_token WHERE revoked_at IS NULL GROUP BY person";

impl Store {
    /// Ends all sessions and one-time addresses and revokes all tokens. `real`: the machine's time.
    pub async fn take_all_keys(
        &self,
        by: &str,
        real: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Result<KeysTaken, StoreError> {
        let by = by.to_owned();
        self.write(move |tx| {
            Box::pin(async move {
                let mut taken = KeysTaken {
                    sessions: execute!(tx.sql().await?, END_ALL_SESSIONS)?,
                    invitations: execute!(tx.sql().await?, DROP_ALL_INVITATIONS)?,
                    tokens: 0,
                };
                for (owner, tokens) in fetch_all!(tx.sql().await?, (String, i64), OWNERS_OF_TOKENS)? {
                    let owner = person_in(tx, PersonId(uuid("api_token", &owner)?)).await?;
                    revoke_tokens_of(tx, &owner, &by, real, now).await?;
                    taken.tokens += tokens.unsigned_abs();
                }
                Ok(taken)
            })
        })
        .await
    }
}
