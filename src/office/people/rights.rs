//! What people may do, and keeping them out.

use super::error::{PeopleError, Refusal};
use super::real_now;
use super::ruler::Ruler;
use crate::domain::people::Right;
use crate::domain::{PersonId, Rights};
use crate::office::Office;
use crate::store::Person;

impl Office {
    /// The people of whom they may know, in the order of their names.
    pub async fn people(&self, by: Ruler<'_>) -> Result<Vec<Person>, PeopleError> {
        let mut people = self.store.people().await?;
        people.retain(|person| by.sees(person));
        Ok(people)
    }

    /// One person of whom they may know.
    pub async fn person(&self, id: PersonId, by: Ruler<'_>) -> Result<Person, PeopleError> {
        let person = self.store.person(id).await?.ok_or(PeopleError::Nobody)?;
        if by.sees(&person) { Ok(person) } else { Err(PeopleError::Hidden) }
    }

    /// Gives a person these roles where the acting person looks after people; elsewhere they keep what they have.
    pub async fn change_rights(&self, id: PersonId, wanted: Vec<Right>, by: Ruler<'_>) -> Result<(), PeopleError> {
        let person = self.person(id, by).await?;
        if by.is(id) && !by.rules(None) {
            return Err(Refusal::OwnRights.into());
        }
        self.must_give(&wanted, by)?;
        let kept = person.rights.all().iter().filter(|right| !self.may_decide(right, by)).cloned();
        let after = Rights::new(wanted.into_iter().chain(kept).collect());
        if after.all().is_empty() {
            return Err(Refusal::NoRole.into());
        }
        Ok(self.store.change_rights(id, person.rights, after, by.name(), self.clock.now()).await?)
    }

    /// Lets a person in no more. Their sessions, tokens and one-time addresses end at once.
    pub async fn disable_person(&self, id: PersonId, by: Ruler<'_>) -> Result<(), PeopleError> {
        self.ruled(id, by).await?;
        Ok(self.store.disable_person(id, by.name(), real_now(), self.clock.now()).await?)
    }

    /// Lets a person in again, with the password that they had.
    pub async fn enable_person(&self, id: PersonId, by: Ruler<'_>) -> Result<(), PeopleError> {
        self.ruled(id, by).await?;
        Ok(self.store.enable_person(id, by.name(), self.clock.now()).await?)
    }

    /// Ends all sessions of a person; gives how many there were.
    pub async fn end_sessions(&self, id: PersonId, by: Ruler<'_>) -> Result<u64, PeopleError> {
        self.ruled(id, by).await?;
        Ok(self.store.end_sessions_of(id, "", by.name(), self.clock.now()).await?)
    }

    /// A person who is theirs altogether, and somebody else.
    pub(super) async fn ruled(&self, id: PersonId, by: Ruler<'_>) -> Result<Person, PeopleError> {
        let person = self.person(id, by).await?;
        if by.is(id) {
            return Err(Refusal::OwnAccount.into());
        }
        if by.rules_over(&person) { Ok(person) } else { Err(Refusal::WorksElsewhere.into()) }
    }

    /// Whether a right is theirs to give and take: one that no form can show is left alone.
    fn may_decide(&self, right: &Right, by: Ruler<'_>) -> bool {
        let organisation = right.organisation.as_deref();
        by.rules(organisation) && organisation.is_none_or(|slug| self.config.organisation(slug).is_some())
    }

    /// Refuses roles that cannot be, or are not theirs to give.
    pub(super) fn must_give(&self, rights: &[Right], by: Ruler<'_>) -> Result<(), Refusal> {
        for right in rights {
            match right.organisation.as_deref() {
                None if !right.role.may_span_all() => return Err(Refusal::NotForAll),
                Some(slug) if !by.rules(Some(slug)) => return Err(Refusal::NotYours),
                Some(slug) if self.config.organisation(slug).is_none() => return Err(Refusal::NoOrganisation),
                None if !by.rules(None) => return Err(Refusal::NotYours),
                _ => {}
            }
        }
        Ok(())
    }
}
