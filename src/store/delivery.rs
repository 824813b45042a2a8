//! How a delivery changes: its state, what is to be done next, and what a person is asked about it.

use chrono::{DateTime, Utc};

use super::StoreError;
use super::rows::Delivery;
use crate::domain::delivery::{Action, Change, State, UnansweredCall};
use crate::domain::{OwnReason, Reason, ReasonKind, StopKind};

impl Delivery {
    /// Moves on to the next state and says what it was; the caller saves.
    pub(super) fn take(&mut self, change: Change) -> Result<(), StoreError> {
        self.state = self.state.after(change)?;
        Ok(())
    }

    pub(super) fn plan(&mut self, action: Action, due_at: DateTime<Utc>) {
        self.action = Some(action);
        self.due_at = Some(due_at);
    }

    pub(super) fn nothing_to_do(&mut self) {
        self.action = None;
        self.due_at = None;
        self.lease_by = None;
        self.lease_until = None;
    }

    /// Why the last try did not end in a receipt.
    pub(super) fn say(&mut self, reason: &Reason) {
        self.last_reason = Some(reason.said.clone());
        self.last_kind = Some(reason.kind);
    }

    /// It ended in one; what is to be said about it.
    pub(super) fn remark(&mut self, remark: Option<&str>) {
        self.last_reason = remark.map(ToOwned::to_owned);
        self.last_kind = remark.map(|_| ReasonKind::Own(OwnReason::Remark));
    }

    pub(super) fn stop(&mut self, kind: StopKind, reason: impl Into<String>, todo: impl Into<String>) {
        if kind != StopKind::MaybeOut {
            self.leave_unanswered();
        }
        self.stop_kind = Some(kind);
        self.stop_reason = Some(reason.into());
        self.stop_todo = Some(todo.into());
    }

    /// Nothing is asked any more. Whether it is out already, if that was asked, is as unknown as before.
    pub(super) fn clear_stop(&mut self) {
        self.leave_unanswered();
        self.stop_kind = None;
        self.stop_reason = None;
        self.stop_todo = None;
    }

    fn leave_unanswered(&mut self) {
        if self.stop_kind == Some(StopKind::MaybeOut) {
            self.unanswered_call.get_or_insert(UnansweredCall::SameText);
        }
    }

    /// Somebody has looked: whether it was out is known.
    pub(super) fn answer(&mut self) {
        self.clear_stop();
        self.unanswered_call = None;
    }

    /// What was asked about a call is settled with it; a text that is missing is still missing.
    pub(super) fn clear_stop_of_call(&mut self) {
        if !self.waits_for_a_text() {
            self.clear_stop();
        }
    }

    /// Whether a person is asked, before it goes out, if it is out already.
    pub fn is_asked_whether_out(&self) -> bool {
        matches!(self.state, State::Waiting | State::Queued | State::Held)
            && self.stop_kind.is_some_and(StopKind::ends_with_not_published)
    }

    /// Whether a person is asked for its text, which was lost with the database.
    pub fn waits_for_a_text(&self) -> bool {
        self.stop_kind.is_some_and(StopKind::waits_for_a_text)
    }
}
