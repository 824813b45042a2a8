//! The life of a delivery: one post on one channel.
//!
//! ```text
//!             primary confirmed                 due, all clocks agree
//!  waiting ───────────────────────▶ held ──────────────────────────────▶ releasing
//!  (follower)  ◀─── edited ───                                            │
//!  queued ── due ─────────────────────────────────────────────────────────┤
//!  (primary)                                                              ├─▶ published ──▶ withdrawn
//!                                                                         ├─▶ queued/held again, later
//!                                                                         ├─▶ in_doubt ──▶ published | queued/held
//!                                                                         ├─▶ handed ──▶ published   (a person publishes)
//!                                                                         └─▶ failed ──▶ queued/waiting (after an edit)
//!  cancelled: from every state in which nothing is open and nothing stands
//! ```

use super::names::names;

names! {
    /// Where a delivery stands.
    "state" State {
        /// A follower whose primary is not confirmed, or was edited and not confirmed again.
        Waiting = "waiting",
        /// A follower whose hold runs.
        Held = "held",
        /// A primary with its time.
        Queued = "queued",
        /// An attempt is written down and not answered.
        Releasing = "releasing",
        /// The outcome of the last attempt is unknown.
        InDoubt = "in_doubt",
        /// A person was told to publish.
        Handed = "handed",
        /// It stands, with a receipt.
        Published = "published",
        /// It will not go out; a person was told why.
        Failed = "failed",
        /// A person decided that it does not go out.
        Cancelled = "cancelled",
        /// It stood and was taken down.
        Withdrawn = "withdrawn",
    }
}

names! {
    /// What an attempt does on the platform.
    "action" Action {
        /// Makes the post.
        Publish = "publish",
        /// Replaces what it shows.
        Edit = "edit",
        /// Takes it down.
        Retract = "retract",
    }
}

names! {
    /// A call that only the history beside an older copy tells of, and not how it ended.
    "unanswered call" UnansweredCall {
        /// With the text that the copy holds: the post can be looked for by it.
        SameText = "same_text",
        /// With a text that may be lost: what is not found may stand all the same.
        TextMayBeLost = "text_may_be_lost",
    }
}

names! {
    /// What happens to a delivery.
    "change" Change {
        /// The primary's receipt (or the reading that shows its edit) starts the hold.
        HoldBegins = "hold begins",
        /// The primary is edited, gone or made anew: the hold counts no more.
        HoldLapses = "hold lapses",
        /// The intent to publish is committed.
        AttemptBegins = "attempt begins",
        /// The answer is lost.
        AnswerLost = "answer lost",
        /// A receipt: from the platform, from `find`, or from a person.
        Confirmed = "confirmed",
        /// Certainly not accepted; a primary tries again later.
        BackToQueue = "back to queue",
        /// Certainly not accepted; a follower tries again later.
        BackToHold = "back to hold",
        /// Certainly not accepted, and the hold has lapsed meanwhile.
        BackToWaiting = "back to waiting",
        /// A person was told to publish.
        HandedOver = "handed over",
        /// It will never be accepted, or it expired.
        Failed = "failed",
        /// A named person cancels.
        Cancelled = "cancelled",
        /// It was taken down.
        TakenDown = "taken down",
    }
}

/// A change that the state does not allow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a delivery that is {from} cannot take «{change}»")]
pub struct IllegalChange {
    /// Where it stood.
    pub from: State,
    /// What was to happen.
    pub change: Change,
}

impl State {
    /// The state after a change: the whole life of a delivery on one page.
    pub fn after(self, change: Change) -> Result<Self, IllegalChange> {
        use Change as C;
        use State as S;
        Ok(match (self, change) {
            (S::Waiting | S::Held, C::HoldBegins) => S::Held,
            (S::Waiting | S::Held | S::Handed, C::HoldLapses) => S::Waiting,
            (S::Queued | S::Held, C::AttemptBegins) => S::Releasing,
            (S::Releasing, C::AnswerLost) => S::InDoubt,
            // Queued, held and waiting: a look before the first attempt found it there already.
            (S::Releasing | S::InDoubt | S::Handed | S::Queued | S::Held | S::Waiting, C::Confirmed) => S::Published,
            (S::Releasing | S::InDoubt | S::Failed | S::Handed, C::BackToQueue) => S::Queued,
            (S::Releasing | S::InDoubt | S::Handed, C::BackToHold) => S::Held,
            (S::Releasing | S::InDoubt | S::Failed | S::Handed, C::BackToWaiting) => S::Waiting,
            (S::Releasing, C::HandedOver) => S::Handed,
            (S::Waiting | S::Held | S::Queued | S::Releasing | S::InDoubt | S::Handed, C::Failed) => S::Failed,
            (S::Waiting | S::Held | S::Queued | S::Handed | S::Failed | S::Releasing | S::InDoubt, C::Cancelled) => {
                S::Cancelled
            }
            (S::Published, C::TakenDown) => S::Withdrawn,
            (from, change) => return Err(IllegalChange { from, change }),
        })
    }

    /// Nothing more happens to it by itself.
    pub fn is_final(self) -> bool {
        matches!(self, Self::Published | Self::Failed | Self::Cancelled | Self::Withdrawn)
    }

    /// An attempt is open or its outcome unknown.
    pub fn is_open(self) -> bool {
        matches!(self, Self::Releasing | Self::InDoubt)
    }

    /// It may still go out.
    pub fn may_go_out(self) -> bool {
        !self.is_final()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_read_back_and_unknown_ones_say_what_is_known() {
        for state in State::ALL {
            assert_eq!(state.name().parse::<State>().as_ref(), Ok(state));
        }
        let error = "sent".parse::<State>().unwrap_err().to_string();
        assert!(error.contains("`sent`") && error.contains("in_doubt"), "{error}");
    }

    #[test]
    fn a_waiting_follower_cannot_be_attempted() {
        let error = State::Waiting.after(Change::AttemptBegins).unwrap_err();
        assert_eq!(error.to_string(), "a delivery that is waiting cannot take «attempt begins»");
    }

    #[test]
    fn what_stands_is_never_queued_failed_or_cancelled() {
        for change in Change::ALL {
            let next = State::Published.after(*change);
            assert!(matches!(next, Err(_) | Ok(State::Withdrawn)), "{change}: {next:?}");
        }
    }

    #[test]
    fn an_unknown_outcome_is_settled_before_anything_else_begins() {
        assert!(State::InDoubt.after(Change::AttemptBegins).is_err());
        assert_eq!(State::InDoubt.after(Change::Confirmed), Ok(State::Published));
        assert_eq!(State::InDoubt.after(Change::BackToHold), Ok(State::Held));
    }
}
