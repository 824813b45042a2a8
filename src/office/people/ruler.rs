//! Who adds people and changes what they may do, and how far that reaches.

use crate::domain::people::Right;
use crate::domain::{Deed, PersonId};
use crate::store::Person;

/// Who acts on people.
#[derive(Debug, Clone, Copy)]
pub enum Ruler<'a> {
    /// Somebody at the desk: as far as their rights go.
    Person(&'a Person),
    /// Whoever may run the program beside its database: everything. The name is for the journal.
    Console(&'a str),
}

impl Ruler<'_> {
    /// The name for the journal.
    pub fn name(&self) -> &str {
        match self {
            Self::Person(person) => &person.name,
            Self::Console(name) => name,
        }
    }

    /// Whether they look after the people of this organisation; `None`: of all.
    pub fn rules(&self, organisation: Option<&str>) -> bool {
        match (self, organisation) {
            (Self::Console(_), _) => true,
            (Self::Person(person), None) => person.rights.may_everywhere(Deed::RunPeople),
            (Self::Person(person), Some(slug)) => person.rights.may(Deed::RunPeople, slug),
        }
    }

    /// Whether the person is theirs to know of: has a role where they look after people.
    pub fn sees(&self, person: &Person) -> bool {
        let meets = |right: &Right| right.organisation.as_deref().is_none_or(|slug| self.rules(Some(slug)));
        self.rules(None) || person.rights.all().iter().any(meets)
    }

    /// Whether everything that the person may do lies within their reach: then they may also keep the person out.
    pub fn rules_over(&self, person: &Person) -> bool {
        let within = |right: &Right| self.rules(right.organisation.as_deref());
        self.rules(None) || (!person.rights.all().is_empty() && person.rights.all().iter().all(within))
    }

    /// Whether this is the person.
    pub fn is(&self, id: PersonId) -> bool {
        matches!(self, Self::Person(person) if person.id == id)
    }
}
