//! Coming in with a login and a password, and choosing another password.

use super::error::{PeopleError, Refusal};
use super::hash::{self, Compared};
use super::password;
use crate::domain::PersonId;
use crate::journal::{Event, INSTALLATION, VESTNIK};
use crate::office::Office;
use crate::store::{Person, StoreError};

impl Office {
    /// Lets a person in whose password it is, and tells the journal. `None`: the login, the password or both are wrong;
    /// which, nobody is told and no clock can tell.
    pub async fn sign_in(&self, login: &str, password: &str, address: &str) -> Result<Option<Person>, PeopleError> {
        let stored = self.store.password_of(login).await?;
        let Some(is_weak) = fits(stored.clone(), password).await? else { return Ok(None) };
        let Some(person) = self.store.person_of_login(login).await? else { return Ok(None) };
        if person.disabled_at.is_some() {
            return Ok(None);
        }
        let event = Event::PersonSignedIn { login: person.login.clone(), address: address.to_owned() };
        self.store.note(INSTALLATION, self.clock.now(), &person.name, None, event).await?;
        if let Some(before) = stored.filter(|_| is_weak) {
            self.strengthen(person.id, before, password.to_owned());
        }
        Ok(Some(person))
    }

    /// Writes down that somebody was not let in. The login only where it is a known person's: people type passwords into
    /// the wrong field.
    pub async fn note_refused_sign_in(&self, login: &str, address: &str, reason: &str) -> Result<(), StoreError> {
        let known = self.store.person_of_login(login).await?.map(|person| person.login);
        let event = Event::PersonSignInRefused { login: known, address: address.to_owned(), reason: reason.to_owned() };
        self.store.note(INSTALLATION, self.clock.now(), VESTNIK, None, event).await
    }

    /// Writes down that a program was not let in: its token is unknown, revoked, too old, or its owner may not come in.
    pub async fn note_refused_token(&self, address: &str) -> Result<(), StoreError> {
        let reason = "the token is not good".to_owned();
        let event = Event::PersonSignInRefused { login: None, address: address.to_owned(), reason };
        self.store.note(INSTALLATION, self.clock.now(), VESTNIK, None, event).await
    }

    /// Writes down that a person asked for what their roles do not allow.
    pub async fn note_refused(
        &self,
        name: &str,
        login: &str,
        action: String,
        reason: String,
    ) -> Result<(), StoreError> {
        let event = Event::PersonRefused { login: login.to_owned(), action, reason };
        self.store.note(INSTALLATION, self.clock.now(), name, None, event).await
    }

    /// Writes down that a person signed out.
    pub async fn note_signed_out(&self, person: &Person) -> Result<(), StoreError> {
        let event = Event::PersonSignedOut { login: person.login.clone() };
        self.store.note(INSTALLATION, self.clock.now(), &person.name, None, event).await
    }

    /// Ends a session of a person in which they do not sit now; one that is over is no error.
    pub async fn end_session(&self, person: &Person, session: &str) -> Result<(), StoreError> {
        self.store.end_session_of(person.id, session, &person.name, self.clock.now()).await.map(drop)
    }

    /// Ends every session of a person but the one in which they sit.
    pub async fn end_other_sessions(&self, person: &Person, this_session: &str) -> Result<(), StoreError> {
        self.store.end_sessions_of(person.id, this_session, &person.name, self.clock.now()).await.map(drop)
    }

    /// Keeps the language in which a person wants to read.
    pub async fn choose_language(&self, person: PersonId, language: &str) -> Result<(), StoreError> {
        self.store.set_language(person, language).await
    }

    /// Gives a person another password who knows the one that they have. Their other sessions end.
    pub async fn change_password(
        &self,
        person: &Person,
        before: &str,
        after: &str,
        this_session: &str,
    ) -> Result<(), PeopleError> {
        let stored = self.store.password_of(&person.login).await?;
        if fits(stored, before).await?.is_none() {
            return Err(Refusal::WrongPassword.into());
        }
        let hash = self.hash_for(&person.login, &person.name, after).await?;
        Ok(self.store.set_password(person.id, hash, this_session, self.clock.now()).await?)
    }

    /// The hash of a new password, where it may be this person's.
    pub(super) async fn hash_for(&self, login: &str, name: &str, typed: &str) -> Result<String, PeopleError> {
        let organisations = self.config.organisations.iter().flat_map(|o| [o.slug.as_str(), o.name.as_str()]);
        let names = [login, name, "vestnik", "вестник"].into_iter().chain(organisations);
        hash::hash(password::checked(typed, names)?).await
    }

    /// Hashes the same password anew, while its owner is on their way in already.
    fn strengthen(&self, person: PersonId, before: String, typed: String) {
        let store = self.store.clone();
        tokio::spawn(async move {
            let Some(password) = password::normalised(&typed) else { return };
            let done = match hash::hash(password).await {
                Ok(after) => store.strengthen_password(person, before, after).await.map_err(PeopleError::Store),
                Err(error) => Err(error),
            };
            if let Err(error) = done {
                tracing::warn!(%error, "a password stays under its old parameters until its owner comes again");
            }
        });
    }
}

/// Whether it is the password: then whether it is kept under weak parameters.
async fn fits(stored: Option<String>, typed: &str) -> Result<Option<bool>, PeopleError> {
    // What is too long to be a password costs as much as any wrong one.
    let (stored, password) = match password::normalised(typed) {
        Some(password) => (stored, password),
        None => (None, String::new()),
    };
    Ok(match hash::compare(stored, password).await? {
        Compared::Fits { is_weak } => Some(is_weak),
        Compared::Differs => None,
    })
}
