//! Tokens: what programs show instead of a person's password.

use chrono::TimeDelta;

use super::error::{PeopleError, Refusal};
use super::names::one_line;
use super::ruler::Ruler;
use super::{random_secret, real_now, sha256_hex};
use crate::domain::{PersonId, Rights, Role, TokenId};
use crate::office::Office;
use crate::store::{NewToken, Person, StoreError, Token};

/// How every token begins, so that programs that look for secrets in texts find it.
pub const TOKEN_PREFIX: &str = "vst_";
/// Days for which a token may be good: the shortest and the longest.
pub const TOKEN_DAYS: std::ops::RangeInclusive<i64> = 1..=366;
const LABEL_CHARS_MAX: usize = 100;

/// A token as its owner wants it.
#[derive(Debug, Clone)]
pub struct TokenWish {
    /// What its owner calls it.
    pub label: String,
    /// The most that it may do.
    pub role: Role,
    /// Where; `None`: wherever its owner may.
    pub organisation: Option<String>,
    /// For how many days it is good.
    pub days: i64,
}

/// Whom a program works for.
#[derive(Debug, Clone)]
pub struct Bearer {
    /// The token's owner, with no more rights than the token has.
    pub person: Person,
    /// The token.
    pub token: Token,
}

impl Office {
    /// Makes a token for somebody who knows their own password, and gives it: the only time that anyone sees it.
    pub async fn make_token(&self, owner: &Person, password: &str, wish: TokenWish) -> Result<String, PeopleError> {
        let label = one_line(&wish.label, LABEL_CHARS_MAX).ok_or(Refusal::TokenLabel)?;
        if !TOKEN_DAYS.contains(&wish.days) {
            return Err(Refusal::TokenDays.into());
        }
        if owner.rights.within(wish.role, wish.organisation.as_deref()) == Rights::default() {
            return Err(Refusal::TokenRole.into());
        }
        // A token outlives the session: whoever finds an open desk takes none along.
        let shown = self.shown(owner, password).await?;
        let secret = format!("{TOKEN_PREFIX}{}", random_secret());
        let now = real_now();
        let new = NewToken {
            label,
            secret_sha256: sha256_hex(&secret),
            role: wish.role,
            organisation: wish.organisation,
            made_at: now,
            expires_at: Some(now + TimeDelta::days(wish.days)),
        };
        match self.store.make_token(new, shown, self.clock.now()).await? {
            Some(_) => Ok(secret),
            None => Err(Refusal::TokenTaken.into()),
        }
    }

    /// Revokes one of one's own tokens; gives whether there was one.
    pub async fn revoke_token(&self, owner: &Person, token: TokenId) -> Result<bool, StoreError> {
        self.store.revoke_token(owner.id, token, &owner.name, real_now(), self.clock.now()).await
    }

    /// The tokens of a person who is theirs altogether.
    pub async fn tokens_of(&self, id: PersonId, by: Ruler<'_>) -> Result<Vec<Token>, PeopleError> {
        let owner = self.ruled(id, by).await?;
        Ok(self.store.tokens_of(owner.id).await?)
    }

    /// Revokes a token of a person who is theirs altogether; gives whether there was one.
    pub async fn revoke_token_of(&self, id: PersonId, token: TokenId, by: Ruler<'_>) -> Result<bool, PeopleError> {
        let owner = self.ruled(id, by).await?;
        Ok(self.store.revoke_token(owner.id, token, by.name(), real_now(), self.clock.now()).await?)
    }

    /// Whom the program works for that shows this token; `None`: the token is not good, or its owner may not come in.
    pub async fn person_of_token(&self, secret: &str) -> Result<Option<Bearer>, StoreError> {
        if !secret.starts_with(TOKEN_PREFIX) {
            return Ok(None);
        }
        let now = real_now();
        let Some((token, mut person)) = self.store.token_of_secret(&sha256_hex(secret), now).await? else {
            return Ok(None);
        };
        self.store.note_token_use(&token, now).await?;
        person.rights = person.rights.within(token.role, token.organisation.as_deref());
        Ok(Some(Bearer { person, token }))
    }
}
