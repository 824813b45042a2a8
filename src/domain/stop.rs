//! What a delivery that stands still waits for: the question that a person is asked, and what their word may settle.

use super::names::names;

names! {
    /// Why a delivery stands still until a person decides.
    "kind of stop" StopKind {
        /// The primary was deleted, or taken down by hand.
        PrimaryGone = "primary_gone",
        /// The primary shows another text than announced.
        PrimaryDiffers = "primary_differs",
        /// Nobody but a person can see whether the primary still stands.
        PrimaryUnseen = "primary_unseen",
        /// It was due before vestnik started, and the channel cannot tell whether it is out; or it may be out, and its
        /// post was called off.
        MaybeOut = "maybe_out",
        /// A person does it by hand.
        ByHand = "by_hand",
        /// The platform refused the edit.
        EditRefused = "edit_refused",
        /// The platform refused the withdrawal.
        WithdrawalRefused = "withdrawal_refused",
        /// An outcome that nobody could find out.
        UnknownOutcome = "unknown_outcome",
        /// The database is an older copy that does not hold the newest text of the post.
        TextLost = "text_lost",
        /// The database is an older copy, and what is told of the time since cannot be taken up.
        PastLost = "past_lost",
        /// A row that contradicts itself.
        RowBroken = "row_broken",
    }
}

impl StopKind {
    /// Whether a follower stands still over its primary.
    pub fn is_about_the_primary(self) -> bool {
        matches!(self, Self::PrimaryGone | Self::PrimaryDiffers | Self::PrimaryUnseen)
    }

    /// Whether nothing of the post may move before a person gives it a text or gives it up: no word about where it
    /// stands, and no end of a call, makes the text that is known the right one (design: I4).
    pub fn waits_for_a_text(self) -> bool {
        matches!(self, Self::TextLost | Self::PastLost)
    }

    /// Whether what is not out yet may go out on a person's word that it is not out.
    pub fn ends_with_not_published(self) -> bool {
        matches!(self, Self::MaybeOut | Self::ByHand)
    }
}
