//! How somebody has seen a post: a word about one that stands otherwise by now is not carried out, and they are told.

use sha2::{Digest as _, Sha256};

use super::rows::{Delivery, Post, deliveries, delivery, post};
use super::writer::Tx;
use super::{PostView, StoreError};
use crate::domain::delivery::{Action, State};
use crate::domain::{DeliveryId, GivenTimes, PostId, StopKind};

/// A post, and how somebody has seen it.
#[derive(Debug, Clone)]
pub struct AsSeen {
    /// The post.
    pub post: PostId,
    /// The [`mark`] of how it stood; `None`: however it stands.
    pub mark: Option<String>,
}

impl From<PostId> for AsSeen {
    fn from(post: PostId) -> Self {
        Self { post, mark: None }
    }
}

impl From<&PostView> for AsSeen {
    fn from(view: &PostView) -> Self {
        let newest = newest(view.deliveries.iter().map(|view| &view.delivery));
        let mark = mark(view.revision, view.cancel.is_some(), view.withdraw.is_some(), &newest);
        Self { post: view.id, mark: Some(mark) }
    }
}

/// A delivery, and how somebody has seen its post.
#[derive(Debug, Clone)]
pub struct DeliveryAsSeen {
    /// The delivery.
    pub delivery: DeliveryId,
    /// The [`mark`] of how its post stood; `None`: however it stands.
    pub mark: Option<String>,
}

impl From<DeliveryId> for DeliveryAsSeen {
    fn from(delivery: DeliveryId) -> Self {
        Self { delivery, mark: None }
    }
}

/// The delivery as it stands in the transaction that carries out somebody's word about it, if they have seen its post
/// so.
pub(super) async fn delivery_as_seen(tx: &mut Tx, which: DeliveryAsSeen) -> Result<Delivery, StoreError> {
    let d = delivery(tx, which.delivery).await?;
    if which.mark.is_some() {
        let p = post(tx, d.post).await?;
        must_stand_as_seen(which.mark.as_deref(), &p, &deliveries(tx, d.post).await?)?;
    }
    Ok(d)
}

/// Lets only those on who have seen the post as it stands in the transaction that carries out their word.
pub(super) fn must_stand_as_seen(mark_seen: Option<&str>, p: &Post, all: &[Delivery]) -> Result<(), StoreError> {
    let now = mark(p.revision, p.cancel.is_some(), p.withdraw.is_some(), &newest(all.iter()));
    if mark_seen.is_some_and(|seen| seen != now) { Err(StoreError::Overtaken) } else { Ok(()) }
}

/// A short name of how a post stands: it changes with everything that changes what may be done, and with nothing else.
pub fn mark(revision: u32, is_cancelled: bool, is_withdrawn: bool, newest: &[&Delivery]) -> String {
    let mut hash = Sha256::new();
    let mut add = |part: &str| hash.update(format!("{part}\n"));
    add(&format!("{revision} {is_cancelled} {is_withdrawn}"));
    for d in newest {
        let (action, stop) = (d.action.map_or("", Action::name), d.stop_kind.map_or("", StopKind::name));
        let planned_at = d.planned_at.timestamp_micros();
        // Tells a call in doubt from the next one.
        let call = if d.state.is_open() { d.calls } else { 0 };
        add(&format!("{} {} {action} {:?} {stop} {planned_at} {call}", d.id, d.state, d.shown_revision));
    }
    hex::encode(&hash.finalize()[..8])
}

/// The times of a post that an edit may give it anew.
pub fn given_times<'a>(all: impl Iterator<Item = &'a Delivery>) -> GivenTimes {
    let newest = newest(all);
    let primary = newest.iter().find(|d| d.is_primary && matches!(d.state, State::Queued | State::Failed));
    let is_ahead =
        |d: &&&Delivery| !d.is_primary && !d.state.is_open() && !matches!(d.state, State::Published | State::Withdrawn);
    GivenTimes {
        at: primary.map(|d| d.planned_at),
        not_before: newest.iter().filter(is_ahead).map(|d| (d.channel.clone(), d.not_before)).collect(),
    }
}

/// A primary that was published anew has several deliveries; the last one counts.
pub fn newest<'a>(all: impl Iterator<Item = &'a Delivery>) -> Vec<&'a Delivery> {
    let mut newest: Vec<&Delivery> = Vec::new();
    for delivery in all {
        match newest.iter_mut().find(|d| d.channel == delivery.channel) {
            Some(other) if other.number < delivery.number => *other = delivery,
            Some(_) => {}
            None => newest.push(delivery),
        }
    }
    newest
}
