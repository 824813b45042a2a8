//! What can go wrong with the store, for the person who has to act.

use std::path::PathBuf;

use super::StoreRefusal;
use crate::domain::delivery::IllegalChange;
use crate::domain::draft::DraftRefusal;

/// An operation that did not happen. Nothing is half done.
#[derive(Debug, Clone, thiserror::Error)]
pub enum StoreError {
    /// The file cannot be opened.
    #[error(
        "database {place} cannot be opened ({cause}); check that the folder exists and that vestnik may write to it"
    )]
    Open {
        /// The file.
        place: PathBuf,
        /// What the system said.
        cause: String,
    },
    /// A newer program wrote it.
    #[error(
        "database {place} was written by a newer vestnik (schema {found}, this program knows {known}); install the newer program"
    )]
    Newer {
        /// The file.
        place: PathBuf,
        /// Its schema.
        found: i64,
        /// Our newest schema.
        known: i64,
    },
    /// The schema differs from what this program would have made.
    #[error("database {place} cannot be brought up to date: {cause}")]
    Migration {
        /// The file.
        place: PathBuf,
        /// What the migrator said.
        cause: String,
    },
    /// What guards its rows is gone, or was changed.
    #[error(
        "database {place} was changed by something else than vestnik ({problem}), and nothing is released from it; keep \
         it as it is and put the newest backup in its place with `vestnik restore FILE --replace`"
    )]
    Unguarded {
        /// The file.
        place: PathBuf,
        /// What differs.
        problem: String,
    },
    /// Another program holds the write lock.
    #[error(
        "the database is locked by another program for too long; end it (a backup, a database browser) and try again"
    )]
    Locked,
    /// No room.
    #[error("the disk with the database is full; nothing was changed; free some space and try again")]
    Full,
    /// The system could not read or write the file. Beside a full disk SQLite cannot even make its index.
    #[error(
        "the disk with the database fails ({0}); nothing was changed; it may be full or damaged: free some space or see \
         the system's log, then try again"
    )]
    Disk(String),
    /// The file is damaged.
    #[error(
        "the database is damaged ({0}); stop vestnik, keep the file as it is and put the newest backup in its place"
    )]
    Damaged(String),
    /// The file or its folder is read-only.
    #[error("the database is read-only; nothing was changed; give vestnik the right to write to it")]
    ReadOnly,
    /// A trigger or a constraint: the last guard, whatever the program believed.
    #[error("the database forbids it: {0}")]
    Forbidden(String),
    /// Any other answer of the database.
    #[error("the database refused: {0}")]
    Database(String),
    /// A row contradicts itself.
    #[error(
        "{table} {id}: {problem}; the database was changed by something else than vestnik, run `vestnik history verify`"
    )]
    Corrupt {
        /// The table.
        table: &'static str,
        /// The row.
        id: String,
        /// What is wrong.
        problem: String,
    },
    /// There is none.
    #[error("there is no {what} `{name}`{hint}")]
    NotFound {
        /// `post`, `channel`, ...
        what: &'static str,
        /// What was asked for.
        name: String,
        /// Where to look, with a leading separator; may be empty.
        hint: String,
    },
    /// The operation makes no sense now.
    #[error(transparent)]
    Refused(#[from] StoreRefusal),
    /// A channel of the configuration is another organisation's.
    #[error(
        "channel `{channel}` belonged to organisation `{owner}` and its history stays there; give the channel of \
         `{organisation}` another slug"
    )]
    ChannelOfAnother {
        /// The channel.
        channel: String,
        /// Whose it is.
        owner: String,
        /// Who has it in the configuration.
        organisation: String,
    },
    /// The configuration names another primary than the database.
    #[error(
        "this configuration names `{channel}` as the primary of `{organisation}` and the database another channel; if \
         it is the right one, start `vestnik serve` with it first"
    )]
    OtherPrimary {
        /// The channel of the configuration.
        channel: String,
        /// The organisation.
        organisation: String,
    },
    /// The history that is kept beside the database.
    #[error(
        "the history beside the database cannot be read ({0}); nothing that was queued goes out until it can, because \
         the database may be an older copy: mend it, or move that file away, and what only it tells is looked for on \
         the platforms"
    )]
    HistoryUnreadable(String),
    /// SQLite takes names in UTF-8 only.
    #[error("{} is not a name in UTF-8; take another", .0.display())]
    NameNotUtf8(PathBuf),
    /// A post keeps its time.
    #[error("nothing was moved: {0}")]
    NotMoved(#[from] crate::domain::schedule::NotMoved),
    /// A draft's state does not allow it.
    #[error(transparent)]
    Draft(#[from] DraftRefusal),
    /// Two people would be the same person.
    #[error("there is a person with the login `{login}` or the name `{name}` already; take others")]
    Taken {
        /// The login.
        login: String,
        /// The name.
        name: String,
    },
    /// Nobody would be left who may let people in.
    #[error("nobody else is an administrator of all organisations; make somebody one first")]
    LastAdministrator,
    /// Someone else changed it after it was read.
    #[error("it was changed meanwhile; nothing was done: look at it and try again")]
    Overtaken,
    /// A change that the delivery's state does not allow.
    #[error(transparent)]
    Illegal(#[from] IllegalChange),
    /// An operation cannot be done in a set with others. It is done alone then: nobody outside sees this.
    #[error("this has to be done alone")]
    Alone,
    /// The writer has ended (the program is stopping).
    #[error("vestnik is stopping; nothing was changed")]
    Stopping,
}

impl StoreError {
    /// Trying again changes nothing, and everything else in the database can be worked on.
    pub fn concerns_one_row(&self) -> bool {
        matches!(
            self,
            Self::Corrupt { .. }
                | Self::Illegal(_)
                | Self::Forbidden(_)
                | Self::NotFound { .. }
                | Self::Refused(_)
                | Self::NotMoved(_)
                | Self::Draft(_)
                | Self::Taken { .. }
                | Self::LastAdministrator
                | Self::Overtaken
        )
    }

    #[expect(clippy::needless_pass_by_value, reason = "ids are small and often made on the spot")]
    pub(super) fn corrupt(table: &'static str, id: impl ToString, problem: impl ToString) -> Self {
        Self::Corrupt { table, id: id.to_string(), problem: problem.to_string() }
    }

    /// `SQLite` may have taken the whole transaction back by itself (<https://sqlite.org/lang_transaction.html>, section 4):
    /// nothing more is written in it.
    pub(super) fn may_end_a_transaction(&self) -> bool {
        self.is_of_the_disk() || matches!(self, Self::Database(_))
    }

    /// No operation would fare better alone.
    pub(super) fn is_of_the_disk(&self) -> bool {
        matches!(self, Self::Locked | Self::Full | Self::Disk(_) | Self::Damaged(_) | Self::ReadOnly)
    }

    pub(super) fn no_post(id: crate::domain::PostId) -> Self {
        Self::NotFound { what: "post", name: id.to_string(), hint: "; `vestnik post list` shows them".into() }
    }

    pub(super) fn no_person(name: &str) -> Self {
        Self::NotFound { what: "person", name: name.into(), hint: "; `vestnik user list` shows them".into() }
    }

    pub(crate) fn no_channel(slug: &str) -> Self {
        Self::NotFound { what: "channel", name: slug.into(), hint: "; `vestnik channel list` shows them".into() }
    }
}

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> Self {
        let sqlx::Error::Database(e) = &error else { return Self::Database(error.to_string()) };
        // Primary result codes of SQLite are the low byte (sqlite.org/rescode.html).
        match e.code().and_then(|c| c.parse::<i32>().ok()).map(|c| c & 0xff) {
            Some(5 | 6) => Self::Locked,
            Some(8) => Self::ReadOnly,
            Some(10) => Self::Disk(e.message().to_owned()),
            Some(11) => Self::Damaged(e.message().to_owned()),
            Some(13) => Self::Full,
            Some(19) => Self::Forbidden(e.message().to_owned()),
            _ => Self::Database(e.message().to_owned()),
        }
    }
}
