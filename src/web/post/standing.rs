//! How deliveries stand, in a word for people, and which of their times is told.

use std::collections::HashSet;

use chrono::{DateTime, Utc};

use crate::domain::{State, StopKind};
use crate::office::{Standing, time_of};
use crate::store::Delivery;
use crate::web::plan::whole_minute;
use crate::web::{Desk, WebError};

/// How a delivery stands: what waits for a person waits for no time.
fn stands(d: &Delivery) -> &'static str {
    let is_asked_elsewhere = d.stop_kind.is_some_and(|kind| !kind.waits_for_a_text());
    match d.state {
        // Whose turn it is says more than that nothing moves.
        State::Handed | State::InDoubt if is_asked_elsewhere => d.state.name(),
        state if d.stop_reason.is_some() && state.may_go_out() => "stopped",
        state => state.name(),
    }
}

/// The same beside the other deliveries of its post: a primary that was seen to be deleted is not out any more.
fn stands_beside<'d>(d: &Delivery, all: impl IntoIterator<Item = &'d Delivery>) -> &'static str {
    let lost = |other: &Delivery| other.stop_kind == Some(StopKind::PrimaryGone);
    let is_gone = d.is_primary && d.state == State::Published && all.into_iter().any(lost);
    if is_gone { "gone" } else { stands(d) }
}

/// The same where it is known what people decided about the post: what nobody withdrew was deleted there.
fn stands_in(d: &Delivery, standing: &Standing<'_>) -> &'static str {
    let is_deleted = d.state == State::Withdrawn && !standing.is_withdrawn;
    if is_deleted { "gone" } else { stands_beside(d, standing.deliveries.iter().copied()) }
}

/// The channels that are paused: what is to go out there waits, however its hold stands.
#[derive(Debug)]
pub(in crate::web) struct Paused(HashSet<String>);

impl Paused {
    /// As they are now.
    pub(in crate::web) async fn read(desk: &Desk) -> Result<Self, WebError> {
        let channels = desk.office.store.channel_views().await?;
        Ok(Self(channels.into_iter().filter(|c| c.paused_at.is_some()).map(|c| c.slug).collect()))
    }

    /// Whether a delivery does not go out because its channel is paused.
    pub(in crate::web) fn holds_up(&self, d: &Delivery) -> bool {
        self.0.contains(&d.channel) && d.state.may_go_out() && !d.state.is_open()
    }

    /// How a delivery stands, in a word.
    pub(in crate::web) fn stands(&self, d: &Delivery, standing: &Standing<'_>) -> &'static str {
        self.or(d, stands_in(d, standing))
    }

    /// The same beside the other deliveries of its post, where no more of the post is known.
    pub(in crate::web) fn stands_beside<'d>(
        &self,
        d: &Delivery,
        all: impl IntoIterator<Item = &'d Delivery>,
    ) -> &'static str {
        self.or(d, stands_beside(d, all))
    }

    /// A question is asked of a person also where nothing is sent.
    fn or(&self, d: &Delivery, stands: &'static str) -> &'static str {
        match stands {
            asked @ ("stopped" | "handed") => asked,
            _ if self.holds_up(d) => "paused",
            stands => stands,
        }
    }
}

/// Whether something is to happen at a delivery's planned time, and that is still to come.
pub(in crate::web) fn counts_down(d: &Delivery, now: DateTime<Utc>) -> bool {
    matches!(d.state, State::Queued | State::Held) && d.stop_kind.is_none() && d.planned_at > now
}

/// The time that is told of it. What is still to come is told in whole minutes, the same on every page: the minute
/// that has begun is no promise.
pub(in crate::web) fn told_at(d: &Delivery) -> DateTime<Utc> {
    if d.published_at.is_some() { time_of(d) } else { whole_minute(d.planned_at) }
}

/// The words for what a delivery that stands still waits for.
pub(in crate::web) fn stop_key(kind: StopKind) -> String {
    format!("post-stopped-{}", kind.name().replace('_', "-"))
}

/// The words for what this delivery waits for: by hand a person publishes first, and changes or takes down later.
pub(in crate::web) fn stopped_key(d: &Delivery, is_withdrawn: bool) -> Option<String> {
    let key = stop_key(d.stop_kind?);
    Some(match (d.stop_kind?, d.state) {
        (StopKind::ByHand, State::Published) if is_withdrawn => format!("{key}-withdraw"),
        (StopKind::ByHand, State::Published) => key,
        (StopKind::ByHand, _) => format!("{key}-first"),
        _ => key,
    })
}
