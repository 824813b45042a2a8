//! Coming in with a login and a password, and choosing another password.

use super::error::{PeopleError, Refusal};
use super::hash::{self, Compared};
use super::{password, real_now};
use crate::domain::PersonId;
use crate::journal::{Event, INSTALLATION, VESTNIK};
use crate::office::Office;
use crate::store::{PasswordChange, Person, ShownPassword, StoreError};

/// Somebody who has shown their password, or has just chosen it. Comparing took time: what follows from it is done with
/// [`Office::admit`], which asks once more whether it is theirs.
#[derive(Clone)]
pub struct Recognised {
    /// The password.
    shown: ShownPassword,
    /// Where it is kept under weak parameters: as it is kept, and as it was typed.
    to_strengthen: Option<(String, String)>,
}

impl Recognised {
    /// Who.
    pub fn person(&self) -> PersonId {
        self.shown.person
    }
}

impl From<ShownPassword> for Recognised {
    fn from(shown: ShownPassword) -> Self {
        Self { shown, to_strengthen: None }
    }
}

impl std::fmt::Debug for Recognised {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Recognised").field("shown", &self.shown).finish_non_exhaustive()
    }
}

impl Office {
    /// Who comes with this login and this password. `None`: the login, the password or both are wrong; which, nobody is
    /// told and no clock can tell.
    pub async fn recognise(&self, login: &str, password: &str) -> Result<Option<Recognised>, PeopleError> {
        let (shown, stored) = self.store.password_of(login).await?.unzip();
        let fits = fits(stored.clone(), password).await?;
        let (Some(is_weak), Some(shown), Some(stored)) = (fits, shown, stored) else { return Ok(None) };
        let to_strengthen = is_weak.then(|| (stored, password.to_owned()));
        Ok(Some(Recognised { shown, to_strengthen }))
    }

    /// Lets somebody in, once their session lies in the database, and tells the journal. Whose password was taken or
    /// changed since they showed it is refused, and their session has to end: a session that was begun earlier ended with
    /// the password, a later one is found here.
    pub async fn admit(&self, recognised: Recognised, address: &str) -> Result<(), PeopleError> {
        let Recognised { shown, to_strengthen } = recognised;
        self.store.note_signed_in(shown, address, self.clock.now()).await?;
        if let Some((stored, typed)) = to_strengthen {
            self.strengthen(shown.person, stored, typed);
        }
        Ok(())
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

    /// Gives a person another password who knows the one that they have. Their other sessions end, and their tokens are
    /// revoked unless `keeps_tokens`.
    pub async fn change_password(
        &self,
        person: &Person,
        before: &str,
        after: &str,
        this_session: &str,
        keeps_tokens: bool,
    ) -> Result<(), PeopleError> {
        let shown = self.shown(person, before).await?;
        let after = self.hash_for(&person.login, &person.name, after).await?;
        let but_session = this_session.to_owned();
        let change = PasswordChange { shown, after, but_session, keeps_tokens };
        Ok(self.store.change_password(change, real_now(), self.clock.now()).await?)
    }

    /// The password that a person has, if they typed it.
    pub(super) async fn shown(&self, person: &Person, typed: &str) -> Result<ShownPassword, PeopleError> {
        let (shown, stored) = self.store.password_of(&person.login).await?.unzip();
        match (fits(stored, typed).await?, shown) {
            (Some(_), Some(shown)) => Ok(shown),
            _ => Err(Refusal::WrongPassword.into()),
        }
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
