//! Coming for the first time, by a one-time address.

use super::error::{PeopleError, Refusal};
use super::sign_in::Recognised;
use super::{names, real_now, sha256_hex};
use crate::domain::people::Right;
use crate::domain::{Rights, Role};
use crate::office::Office;
use crate::store::{Invitation, NewPerson, StoreError};

/// The first administrator has this long: whoever reads the terminal is there.
pub const FIRST_HOURS: i64 = 1;
/// Others have this long: the address goes by hand, and over a weekend.
pub const INVITATION_DAYS: i64 = 3;

impl Office {
    /// Whom a one-time address is for, while it is good.
    pub async fn invitation(&self, secret: &str) -> Result<Option<Invitation>, StoreError> {
        self.store.invitation(&sha256_hex(secret), real_now()).await
    }

    /// The first administrator comes: of everything.
    pub async fn arrive_first(
        &self,
        secret: &str,
        login: &str,
        name: &str,
        password: &str,
    ) -> Result<Recognised, PeopleError> {
        self.must_be_good(secret).await?;
        let (login, name) = (names::login(login)?, names::name(name)?);
        let hash = self.hash_for(&login, &name, password).await?;
        let right = Right { role: Role::Administrator, organisation: None };
        let by = name.clone();
        let new = NewPerson { login, name, rights: Rights::new(vec![right]), password: Some(hash), by };
        let came = self.store.accept_first(&sha256_hex(secret), new, real_now(), self.clock.now()).await?;
        Ok(came.ok_or(Refusal::AddressOver)?.into())
    }

    /// An invited person chooses a password.
    pub async fn arrive(&self, secret: &str, password: &str) -> Result<Recognised, PeopleError> {
        let Invitation::Of(person) = self.must_be_good(secret).await? else {
            return Err(Refusal::AddressOver.into());
        };
        let hash = self.hash_for(&person.login, &person.name, password).await?;
        let came = self.store.accept(&sha256_hex(secret), hash, real_now(), self.clock.now()).await?;
        Ok(came.ok_or(Refusal::AddressOver)?.into())
    }

    /// Asked before anything is hashed: whoever has no good address makes us work for nothing.
    async fn must_be_good(&self, secret: &str) -> Result<Invitation, PeopleError> {
        self.invitation(secret).await?.ok_or(Refusal::AddressOver.into())
    }
}
