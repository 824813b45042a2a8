//! Why something about people was refused.

use crate::domain::names::names;
use crate::store::StoreError;

names! {
    /// What was refused. The name stands for the words in which pages tell it, the sentence is for the command line.
    "refusal" Refusal {
        /// The login is no login.
        Login = "login",
        /// The name is no name.
        Name = "name",
        /// A word of the name has letters of two alphabets.
        NameMixed = "name-mixed",
        /// Somebody has the login or the name.
        Taken = "taken",
        /// Somebody without any role.
        NoRole = "no-role",
        /// The role is for one organisation.
        NotForAll = "not-for-all",
        /// The configuration does not name the organisation.
        NoOrganisation = "no-organisation",
        /// The rights lie outside of what the acting person looks after.
        NotYours = "not-yours",
        /// The acting person would change what they themselves may do.
        OwnRights = "own-rights",
        /// What one does with one's own account is done on one's own page.
        OwnAccount = "own-account",
        /// The person has roles where the acting person does not look after people.
        WorksElsewhere = "works-elsewhere",
        /// Nobody would be left who may let people in.
        LastAdministrator = "last-administrator",
        /// The person may not come in.
        Disabled = "disabled",
        /// Somebody else changed it meanwhile.
        Overtaken = "overtaken",
        /// A one-time address that is used up, replaced or too old.
        AddressOver = "address-over",
        /// The password that one has now.
        WrongPassword = "wrong-password",
        /// A new password and its repetition.
        PasswordsDiffer = "passwords-differ",
        /// A new password.
        PasswordShort = "password-short",
        /// A new password.
        PasswordLong = "password-long",
        /// A new password that everybody tries first.
        PasswordCommon = "password-common",
        /// A new password of a few characters over and over.
        PasswordPlain = "password-plain",
        /// A new password that says who or where.
        PasswordPersonal = "password-personal",
        /// The name of a token.
        TokenLabel = "token-label",
        /// A token with this name.
        TokenTaken = "token-taken",
        /// What the token should do is more than its owner may.
        TokenRole = "token-role",
        /// How long the token should be good.
        TokenDays = "token-days",
        /// Too many passwords are being checked.
        Busy = "busy",
    }
}

impl Refusal {
    /// Whether the roles of the acting person are not for it: such refusals stand in the journal.
    pub fn is_of_rights(self) -> bool {
        matches!(self, Self::NotYours | Self::OwnRights | Self::WorksElsewhere)
    }

    /// The refusal in a sentence, with the way out.
    pub fn sentence(self) -> &'static str {
        match self {
            Self::Login => "a login has 2 to 64 letters, digits and the signs . _ - @ alone",
            Self::Name => "a name has 1 to 100 characters in one line; it stands in the journal",
            Self::NameMixed => {
                "a word of the name mixes Russian and Latin letters, which look alike; type it in one alphabet"
            }
            Self::Taken => "somebody has this login or this name already; take others",
            Self::NoRole => "a person needs at least one role; to keep somebody out, disable them",
            Self::NotForAll => {
                "only auditors and administrators may span all organisations; name one: ROLE@ORGANISATION"
            }
            Self::NoOrganisation => "the configuration names no such organisation",
            Self::NotYours => "you look after people in other organisations only",
            Self::OwnRights => "nobody changes what they themselves may do; ask an administrator of all organisations",
            Self::OwnAccount => "this is your own account; use the page of your account",
            Self::WorksElsewhere => {
                "this person has roles in other organisations, too; ask an administrator of all organisations"
            }
            Self::LastAdministrator => "nobody else is an administrator of all organisations; make somebody one first",
            Self::Disabled => "this person may not sign in; enable them first",
            Self::Overtaken => "somebody changed it meanwhile; nothing was done: look at it and try again",
            Self::AddressOver => "this address was used, replaced or is too old; ask for a new one",
            Self::WrongPassword => "the password that you have now is another one",
            Self::PasswordsDiffer => "the two passwords differ",
            Self::PasswordShort => "a password has at least 12 characters; four unrelated words are easy to remember",
            Self::PasswordLong => "a password has at most 128 characters",
            Self::PasswordCommon => "this password is one of those that are tried first; take another",
            Self::PasswordPlain => "this password repeats a few characters; take another",
            Self::PasswordPersonal => "a password must not hold your login or your organisation; take another",
            Self::TokenLabel => "a token's name has 1 to 100 characters in one line",
            Self::TokenTaken => "you have a token of this name; take another, or revoke that one first",
            Self::TokenRole => "a token cannot do more than you may; choose a role and an organisation of your own",
            Self::TokenDays => "a token is good for 1 to 366 days",
            Self::Busy => "too many people are signing in at this moment; try again in a few seconds",
        }
    }
}

/// Something about people that was not done. Nothing is half done.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// It was refused.
    #[error("{}", .0.sentence())]
    Refused(Refusal),
    /// There is no such person.
    #[error("there is no such person; `vestnik user list` shows them")]
    Nobody,
    /// There is one, of whom the acting person must not know; it reads the same.
    #[error("there is no such person; `vestnik user list` shows them")]
    Hidden,
    /// The database.
    #[error(transparent)]
    Store(StoreError),
    /// A password could not be worked with; never holds it.
    #[error("the password could not be worked with: {0}")]
    Failed(String),
}

impl From<Refusal> for PeopleError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<StoreError> for PeopleError {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Taken { .. } => Refusal::Taken.into(),
            StoreError::LastAdministrator => Refusal::LastAdministrator.into(),
            StoreError::Overtaken => Refusal::Overtaken.into(),
            StoreError::NotFound { what: "person", .. } => Self::Nobody,
            other => Self::Store(other),
        }
    }
}
