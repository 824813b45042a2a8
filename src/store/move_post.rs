//! Other times for what is not out yet. The text stays, so its revision stays, too.

use chrono::{DateTime, Utc};

use super::journal::{About, append};
use super::rows::{Delivery, Post, deliveries, post, running_hold, save};
use super::seen::must_stand_as_seen;
use super::writer::Tx;
use super::{Store, StoreError};
use crate::domain::delivery::{Action, State};
use crate::domain::schedule::{Schedule, Slot, follower_at, is_movable};
use crate::domain::{HoldLength, PostId};
use crate::journal::Event;
use crate::journal::event::Planned;

/// Another time for a post, or for one of its followers.
#[derive(Debug, Clone)]
pub struct Move {
    /// The post.
    pub post: PostId,
    /// The [mark](super::mark) of how whoever asks has seen it; `None`: however it stands.
    pub mark: Option<String>,
    /// The follower that gets its own time; `None`: the whole post.
    pub channel: Option<String>,
    /// When.
    pub to: DateTime<Utc>,
    /// Where whoever asks saw it lie: who saw an older plan is told.
    pub seen: Option<DateTime<Utc>>,
    /// The hold as configured, for the planned times of followers.
    pub hold: HoldLength,
    /// Who.
    pub by: String,
}

/// Where a post lies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moved {
    /// For every channel that it is still to go out on, the primary first, the planned time.
    pub planned: Vec<(String, DateTime<Utc>)>,
}

impl Store {
    /// Moves what is not out yet: a post with its followers, or one follower within what its hold allows. What is so
    /// already is not told again.
    pub async fn move_post(&self, wish: Move, now: DateTime<Utc>) -> Result<Moved, StoreError> {
        self.write(move |tx| Box::pin(async move { move_post(tx, &wish, now).await })).await
    }
}

async fn move_post(tx: &mut Tx, wish: &Move, now: DateTime<Utc>) -> Result<Moved, StoreError> {
    let p = post(tx, wish.post).await?;
    let all = deliveries(tx, p.id).await?;
    must_stand_as_seen(wish.mark.as_deref(), &p, &all)?;
    let mut all = to_show(all);
    let schedule = schedule(tx, &p, &all, wish.hold).await?;
    let before: Vec<_> = all.iter().map(|d| (d.planned_at, d.not_before)).collect();
    match &wish.channel {
        None => {
            let at = schedule.move_primary(wish.seen, wish.to, now)?;
            lay(&mut all, at, wish.hold, now);
        }
        Some(channel) => {
            let follower = all.iter_mut().find(|d| !d.is_primary && d.channel == *channel);
            let follower = follower.ok_or_else(|| StoreError::no_channel(channel))?;
            let own = schedule.move_follower(&slot(follower), wish.seen, wish.to, now)?;
            lay_follower(follower, own, schedule.earliest_for_followers()?, now);
        }
    }
    let after: Vec<_> = all.iter().map(|d| (d.planned_at, d.not_before)).collect();
    let planned: Vec<_> =
        all.iter().filter(|d| d.state.may_go_out()).map(|d| (d.channel.clone(), d.planned_at)).collect();
    if before != after {
        all.iter().filter(|d| d.state.may_go_out()).for_each(|d| save(tx, d));
        let told = planned.iter().map(|(channel, at)| Planned { channel: channel.clone(), at: *at });
        let about = About { post: Some(p.id.0), ..About::default() };
        let event = Event::PostMoved { planned: told.collect() };
        append(tx, &p.organisation, now, &wish.by, about, event).await?;
    }
    Ok(Moved { planned })
}

/// An older copy of the database does not know that the post was moved: what is not out yet lies where the mirror tells.
pub(super) async fn moved_later(
    tx: &mut Tx,
    p: &Post,
    planned: &[Planned],
    hold: HoldLength,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut all = to_show(deliveries(tx, p.id).await?);
    let time = |channel: &str| planned.iter().find(|told| told.channel == channel).map(|told| told.at);
    let schedule = schedule(tx, p, &all, hold).await?;
    if let Some(primary) = all.iter().find(|d| d.is_primary && d.state == State::Queued)
        && let Some(at) = time(&primary.channel)
    {
        lay(&mut all, at, hold, now);
    }
    let earliest = match all.iter().find(|d| d.is_primary && d.state == State::Queued) {
        Some(primary) => primary.planned_at + hold.total(),
        None => schedule.earliest_for_followers().unwrap_or(now),
    };
    for d in &mut all {
        if !d.is_primary
            && let Some(at) = time(&d.channel)
        {
            lay_follower(d, Some(at).filter(|at| *at > earliest), earliest, now);
        }
        if d.state.may_go_out() {
            save(tx, d);
        }
    }
    Ok(())
}

/// The newest delivery of each channel, the primary's first: older ones were taken down.
fn to_show(mut all: Vec<Delivery>) -> Vec<Delivery> {
    let numbers: Vec<_> = all.iter().map(|d| (d.channel.clone(), d.number)).collect();
    all.retain(|d| numbers.iter().all(|(channel, number)| *channel != d.channel || *number <= d.number));
    all
}

async fn schedule(tx: &mut Tx, p: &Post, all: &[Delivery], hold: HoldLength) -> Result<Schedule, StoreError> {
    let primary = all.iter().find(|d| d.is_primary);
    let primary = primary.ok_or_else(|| StoreError::corrupt("post", p.id, "it has no primary"))?;
    Ok(Schedule {
        primary: slot(primary),
        followers: all.iter().filter(|d| !d.is_primary).map(slot).collect(),
        hold,
        held_until: running_hold(tx, p.id).await?.map(|running| running.until),
        expires_at: p.expires_at,
        is_over: p.is_over(),
    })
}

impl Delivery {
    /// Whether it may be given another time at all.
    pub fn is_movable(&self) -> bool {
        is_movable(self.state, self.stop_kind.is_some())
    }
}

fn slot(d: &Delivery) -> Slot {
    Slot {
        state: d.state,
        planned_at: d.planned_at,
        not_before: d.not_before,
        published_at: d.published_at,
        is_stopped: d.stop_kind.is_some(),
        is_unlooked: d.looked_at.is_none(),
    }
}

/// Lays the primary at `at`, and what waits for it after its hold.
fn lay(all: &mut [Delivery], at: DateTime<Utc>, hold: HoldLength, now: DateTime<Utc>) {
    for d in all {
        match d.state {
            State::Queued if d.is_primary => due(d, at, now),
            State::Waiting => d.planned_at = follower_at(at, hold, d.not_before),
            _ => {}
        }
    }
}

fn lay_follower(d: &mut Delivery, own: Option<DateTime<Utc>>, earliest: DateTime<Utc>, now: DateTime<Utc>) {
    let at = own.map_or(earliest, |own| own.max(earliest));
    match d.state {
        State::Waiting => d.planned_at = at,
        State::Held => due(d, at, now),
        _ => return,
    }
    d.not_before = own;
}

fn due(d: &mut Delivery, at: DateTime<Utc>, now: DateTime<Utc>) {
    // After a failure the platform is not asked sooner than was agreed with it.
    let soonest = if d.tries > 0 { d.due_at.unwrap_or(now).max(now) } else { now };
    d.planned_at = at;
    d.plan(Action::Publish, at.max(soonest));
}
