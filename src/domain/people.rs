//! Who may do what: roles of people in organisations, and what each role is for.

use unicode_normalization::UnicodeNormalization as _;

use super::names::names;

names! {
    /// What a person is in an organisation. One person may be several.
    "role" Role {
        /// Writes, queues and settles posts.
        Officer = "officer",
        /// Does what an officer does, and approves.
        Editor = "editor",
        /// Reads everything, changes nothing.
        Auditor = "auditor",
        /// Looks after channels and people.
        Administrator = "administrator",
    }
}

names! {
    /// What someone wants to do.
    "deed" Deed {
        /// Read posts, the calendar, weeks and the history, and take copies of it.
        Read = "read",
        /// Write drafts, submit them, queue them where nobody must approve.
        Write = "write",
        /// Approve or return what others wrote.
        Approve = "approve",
        /// Edit, move, cancel, withdraw, publish anew, resolve what is in doubt.
        Settle = "settle",
        /// Pause, resume and check channels.
        RunChannels = "run_channels",
        /// Add people, change what they may do, end their sessions.
        RunPeople = "run_people",
    }
}

/// A login in the form in which it is kept: the same whichever keyboard typed its letters, and in which case.
pub fn login(typed: &str) -> String {
    typed.trim().nfkc().collect::<String>().to_lowercase()
}

/// A name as people read it: two names of which this is the same cannot be told apart.
pub fn read_as(name: &str) -> String {
    name.nfkc().collect::<String>().to_lowercase()
}

impl Role {
    /// Whether the role is for the deed.
    pub fn may(self, deed: Deed) -> bool {
        match deed {
            Deed::Read => true,
            Deed::Write | Deed::Settle => matches!(self, Self::Officer | Self::Editor),
            Deed::Approve => self == Self::Editor,
            Deed::RunChannels => matches!(self, Self::Editor | Self::Administrator),
            Deed::RunPeople => self == Self::Administrator,
        }
    }

    /// Whether the role may be had for all organisations at once. Who writes, writes for one.
    pub fn may_span_all(self) -> bool {
        matches!(self, Self::Auditor | Self::Administrator)
    }
}

/// One role, in one organisation or in all.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Right {
    /// The role.
    pub role: Role,
    /// The organisation's slug; `None`: all of them.
    pub organisation: Option<String>,
}

/// Everything that a person may do.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Rights(Vec<Right>);

impl Rights {
    /// These roles.
    pub fn new(mut roles: Vec<Right>) -> Self {
        roles.sort();
        roles.dedup();
        Self(roles)
    }

    /// The roles, in order.
    pub fn all(&self) -> &[Right] {
        &self.0
    }

    /// Whether the deed is allowed in this organisation.
    pub fn may(&self, deed: Deed, organisation: &str) -> bool {
        self.0
            .iter()
            .any(|right| right.role.may(deed) && right.organisation.as_deref().is_none_or(|o| o == organisation))
    }

    /// Whether the deed is allowed in every organisation, also in those to come.
    pub fn may_everywhere(&self, deed: Deed) -> bool {
        self.0.iter().any(|right| right.role.may(deed) && right.organisation.is_none())
    }

    /// Whether the deed is allowed anywhere at all.
    pub fn may_somewhere(&self, deed: Deed) -> bool {
        self.0.iter().any(|right| right.role.may(deed))
    }

    /// The same rights, cut to one role (and one organisation): what a token may do.
    #[must_use]
    pub fn within(&self, role: Role, organisation: Option<&str>) -> Self {
        let cut = self.0.iter().filter_map(|right| {
            let organisation = match (right.organisation.as_deref(), organisation) {
                (None, wanted) => wanted.map(ToOwned::to_owned),
                (Some(own), None) => Some(own.to_owned()),
                (Some(own), Some(wanted)) if own == wanted => Some(own.to_owned()),
                (Some(_), Some(_)) => return None,
            };
            // A role that can do all that the token's role can lends it that role, and no more.
            let lends = Deed::ALL.iter().all(|deed| !role.may(*deed) || right.role.may(*deed));
            lends.then_some(Right { role, organisation })
        });
        Self::new(cut.collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rights(roles: &[(Role, Option<&str>)]) -> Rights {
        let right = |(role, organisation): &(Role, Option<&str>)| Right {
            role: *role,
            organisation: organisation.map(ToOwned::to_owned),
        };
        Rights::new(roles.iter().map(right).collect())
    }

    #[test]
    fn a_role_counts_in_its_own_organisation_alone() {
        let petrova = rights(&[(Role::Officer, Some("gorod")), (Role::Auditor, None)]);
        assert!(petrova.may(Deed::Write, "gorod"));
        assert!(!petrova.may(Deed::Write, "rayon"));
        assert!(petrova.may(Deed::Read, "rayon"));
        assert!(!petrova.may_everywhere(Deed::Write));
        assert!(petrova.may_everywhere(Deed::Read));
    }

    #[test]
    fn who_writes_does_not_rule_and_who_rules_does_not_write() {
        for role in Role::ALL {
            assert!(!(role.may(Deed::Write) && role.may(Deed::RunPeople)), "{role}");
        }
        assert!(Deed::ALL.iter().all(|deed| Role::Auditor.may(*deed) == (*deed == Deed::Read)));
    }

    #[test]
    fn a_token_never_lends_more_than_its_owner_has() {
        let editor = rights(&[(Role::Editor, Some("gorod"))]);
        assert!(editor.within(Role::Officer, None).may(Deed::Write, "gorod"));
        assert!(!editor.within(Role::Officer, None).may(Deed::Approve, "gorod"));
        assert!(!editor.within(Role::Officer, Some("rayon")).may(Deed::Read, "rayon"));
        let auditor = rights(&[(Role::Auditor, None)]);
        assert_eq!(auditor.within(Role::Officer, None), Rights::default());
        assert!(!auditor.within(Role::Auditor, Some("gorod")).may(Deed::Read, "rayon"));
    }
}
