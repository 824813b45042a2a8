//! Why a delivery is not out, or an attempt did not end in a receipt: a kind that stays, and an English sentence.

use serde::{Serialize, Serializer};
use vestnik_contract::{Evidence, Told, ToldKind};

use super::names::{UnknownName, names};

names! {
    /// The kinds of reasons that vestnik has by itself. They share one list of names with what platforms say.
    "kind of own reason" OwnReason {
        /// The program ended before the answer was written down.
        AnswerNotWritten = "answer_not_written",
        /// The post's time to expire passed before it went out.
        Expired = "expired",
        /// The post did not go out on the primary channel.
        PrimaryFailed = "primary_failed",
        /// The post does not fit the channel.
        DoesNotFit = "does_not_fit",
        /// The channel had its posts of the day, as many as vestnik sends there.
        DailyCeiling = "daily_ceiling",
        /// The primary does not stand.
        PrimaryMissing = "primary_missing",
        /// The primary's platform could not be asked.
        PrimaryUnasked = "primary_unasked",
        /// The primary is out of sight.
        PrimaryUnseen = "primary_unseen",
        /// What the primary is to show cannot be composed any more, so that nothing tells whether it does.
        PrimaryNotComposed = "primary_not_composed",
        /// The primary's platform says that it is there for less than the hold.
        PrimaryTooYoung = "primary_too_young",
        /// The primary's channel is not in the configuration any more.
        PrimaryNotConfigured = "primary_not_configured",
        /// The channel is not in the configuration any more.
        ChannelNotConfigured = "channel_not_configured",
        /// The channel's platform could not be asked for the time.
        TimeUnasked = "time_unasked",
        /// A clock says that the hold has not passed yet.
        HoldNotPassed = "hold_not_passed",
        /// No clock but ours can be seen.
        NoWitness = "no_witness",
        /// It was queued before vestnik started, and the channel could not be asked whether it is out.
        NotLookedFor = "not_looked_for",
        /// The call may still be on its way: the platform is asked later.
        LookAhead = "look_ahead",
        /// Looks found nothing on the channel.
        NothingFound = "nothing_found",
        /// A person found nothing on the channel.
        PersonFoundNothing = "person_found_nothing",
        /// A person decided anew.
        DecidedAnew = "decided_anew",
        /// A person asked for another try at once.
        AskedAgain = "asked_again",
        /// The post was edited: its followers wait for the new text in the primary channel.
        Edited = "edited",
        /// The primary is published anew.
        PrimaryAnew = "primary_anew",
        /// The primary was taken down.
        PrimaryTakenDown = "primary_taken_down",
        /// The database is an older copy that does not hold a later text of the post.
        LaterTextLost = "later_text_lost",
        /// A person confirmed that the primary stands.
        PrimaryConfirmed = "primary_confirmed",
        /// An edit or a withdrawal whose outcome is unknown is repeated.
        Repeated = "repeated",
        /// The platform took the edit, and it cannot be seen there.
        EditUnseen = "edit_unseen",
        /// What the platform confirmed cannot be true.
        ReceiptRefused = "receipt_refused",
        /// How it ended could not be written down or read.
        NotSettled = "not_settled",
        /// After a restore: what is remembered beside the database tells how it went on.
        HistoryTells = "history_tells",
        /// It is out, and there is something to say about it.
        Remark = "remark",
    }
}

/// The kind of a reason, whoever gave it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ReasonKind {
    /// A platform, or the line to it.
    Told(ToldKind),
    /// Vestnik itself.
    Own(OwnReason),
}

impl ReasonKind {
    /// Every kind.
    pub fn all() -> impl Iterator<Item = Self> {
        let told = ToldKind::ALL.iter().copied().map(Self::Told);
        told.chain(OwnReason::ALL.iter().copied().map(Self::Own))
    }

    /// The name, the same in database, API and interface.
    pub fn name(self) -> &'static str {
        match self {
            Self::Told(kind) => kind.name(),
            Self::Own(kind) => kind.name(),
        }
    }
}

impl std::fmt::Display for ReasonKind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.pad(self.name())
    }
}

impl std::str::FromStr for ReasonKind {
    type Err = UnknownName;

    fn from_str(text: &str) -> Result<Self, UnknownName> {
        Self::all().find(|kind| kind.name() == text).ok_or_else(|| UnknownName {
            what: "kind of reason",
            name: text.into(),
            known: Self::all().map(Self::name).collect::<Vec<_>>().join(", "),
        })
    }
}

impl Serialize for ReasonKind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// Why something did not end in a receipt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// Of what kind it is.
    pub kind: ReasonKind,
    /// The same in an English sentence.
    pub said: String,
    /// The platform's answer without secrets, when there was one.
    pub answer: Option<Evidence>,
}

impl Reason {
    /// A reason of vestnik's own.
    pub fn own(kind: OwnReason, said: impl Into<String>) -> Self {
        Self { kind: ReasonKind::Own(kind), said: said.into(), answer: None }
    }
}

impl From<Told> for Reason {
    fn from(told: Told) -> Self {
        Self { kind: ReasonKind::Told(told.kind), said: told.reason, answer: told.answer }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_names_one_kind() {
        let mut names: Vec<_> = ReasonKind::all().map(ReasonKind::name).collect();
        for name in &names {
            assert_eq!(name.parse::<ReasonKind>().unwrap().name(), *name);
        }
        let all = names.len();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), all);
        assert!("tired".parse::<ReasonKind>().is_err());
    }
}
