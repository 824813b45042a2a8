//! What a person is asked when a delivery stops, and what the person can do.

use super::rows::Delivery;
use crate::domain::{PostId, StopKind};

/// A reason to stop a delivery until a person acts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stop {
    /// What a person is asked.
    pub kind: StopKind,
    /// What is the matter.
    pub reason: String,
    /// What the person can do.
    pub todo: String,
}

impl Stop {
    /// Only a person can see whether a delivery that has not gone out yet is out already.
    pub fn maybe_out(post: PostId, channel: &str, reason: String) -> Self {
        let todo = format!(
            "look at the channel; then `vestnik post resolve {post} {channel} --published ADDRESS` or `vestnik post \
             resolve {post} {channel} --not-published`"
        );
        Self { kind: StopKind::MaybeOut, reason, todo }
    }

    /// The primary stands no more: its followers wait, and an edit of it has nothing to edit.
    pub fn primary_gone(post: PostId, reason: String) -> Self {
        let todo = format!(
            "`vestnik post republish {post}` publishes it anew with a new hold; `vestnik post cancel {post} --reason TEXT` \
             leaves the others out"
        );
        Self { kind: StopKind::PrimaryGone, reason, todo }
    }

    /// The primary shows another text than ours.
    pub fn primary_differs(post: PostId, channel: &str) -> Self {
        let todo = format!(
            "`vestnik post edit {post} FILE.md` puts the text of the file there and holds the others again; \
             `vestnik post cancel {post} --reason TEXT` leaves them out"
        );
        let reason = format!("the post on channel `{channel}` reads differently than announced");
        Self { kind: StopKind::PrimaryDiffers, reason, todo }
    }

    /// Nobody but a person can see whether the primary still stands.
    pub fn primary_unseen(post: PostId, channel: &str, address: &str) -> Self {
        let reason = format!("vestnik cannot see whether the post on channel `{channel}` still stands");
        let todo = format!("look at it; if it stands: vestnik post resolve {post} {channel} --published {address}");
        Self { kind: StopKind::PrimaryUnseen, reason, todo }
    }

    /// The platform keeps what stood before the edit.
    pub(super) fn edit_refused(d: &Delivery, said: &str) -> Self {
        let (post, channel) = (d.post, &d.channel);
        let shown = match d.shown_revision {
            Some(shown) if !d.shows_lost_text => format!("revision {shown}"),
            _ => "a text that was lost with a newer database".into(),
        };
        let todo = format!(
            "it still shows {shown}; `vestnik post edit {post}` with another text, or correct it by hand; if it was taken \
             down by hand: `vestnik post resolve {post} {channel} --not-published`"
        );
        Self { kind: StopKind::EditRefused, reason: format!("the edit was refused: {said}"), todo }
    }

    /// The platform does not take the post down.
    pub(super) fn withdrawal_refused(said: &str) -> Self {
        let reason = format!("the withdrawal was refused: {said}");
        Self { kind: StopKind::WithdrawalRefused, reason, todo: "take it down by hand on the platform".into() }
    }
}
