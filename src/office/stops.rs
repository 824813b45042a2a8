//! What a stopped delivery waits for. The reason stands in the database as a sentence, written by the daemon.

/// Why a delivery stands still until a person decides.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StopKind {
    /// The primary was deleted, or taken down by hand.
    PrimaryGone,
    /// The primary shows another text than announced.
    PrimaryDiffers,
    /// Nobody but a person can see whether the primary still stands.
    PrimaryUnseen,
    /// It was due before vestnik started, and the channel cannot tell whether it is out.
    MaybeOut,
    /// A person does it by hand.
    ByHand,
    /// The platform refused the edit.
    EditRefused,
    /// The platform refused the withdrawal.
    WithdrawalRefused,
    /// Anything else: an outcome that nobody could find out, a row that contradicts itself.
    Other,
}

/// What the sentences hold. The first that fits counts.
const MARKS: &[(&str, StopKind)] = &[
    ("may be out already", StopKind::MaybeOut),
    ("reads differently than announced", StopKind::PrimaryDiffers),
    ("cannot see whether the post on channel", StopKind::PrimaryUnseen),
    ("was deleted", StopKind::PrimaryGone),
    ("was taken down by hand", StopKind::PrimaryGone),
    ("a person does this by hand", StopKind::ByHand),
    ("the edit was refused", StopKind::EditRefused),
    ("the withdrawal was refused", StopKind::WithdrawalRefused),
];

impl StopKind {
    /// The kind of a reason.
    pub fn of(reason: &str) -> Self {
        MARKS.iter().find(|(mark, _)| reason.contains(mark)).map_or(Self::Other, |(_, kind)| *kind)
    }

    /// Whether a follower stands still over its primary.
    pub fn is_about_the_primary(self) -> bool {
        matches!(self, Self::PrimaryGone | Self::PrimaryDiffers | Self::PrimaryUnseen)
    }

    /// Its name, under which the words of the interface stand.
    pub fn name(self) -> &'static str {
        match self {
            Self::PrimaryGone => "primary-gone",
            Self::PrimaryDiffers => "primary-differs",
            Self::PrimaryUnseen => "primary-unseen",
            Self::MaybeOut => "maybe-out",
            Self::ByHand => "by-hand",
            Self::EditRefused => "edit-refused",
            Self::WithdrawalRefused => "withdrawal-refused",
            Self::Other => "other",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_the_daemon_writes_is_understood() {
        // Every mark is a part of a sentence that the program writes: nobody rewords one alone.
        let written: String = ["release/look_first.rs", "release/primary.rs", "release/outcome.rs", "store/settle.rs"]
            .into_iter()
            .chain(["store/taken_down.rs"])
            .map(|file| std::fs::read_to_string(format!("src/{file}")).unwrap())
            .collect();
        for (mark, kind) in MARKS {
            assert!(written.contains(mark), "nothing writes `{mark}`");
            assert_eq!(StopKind::of(&format!("so: {mark}")), *kind);
        }
        assert_eq!(StopKind::of("unknown outcome: timeout"), StopKind::Other);
    }
}
