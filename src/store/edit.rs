//! A new revision of a queued or published post (design: I4).

use std::collections::BTreeMap;

use chrono::{DateTime, Utc};

use super::confirm::{HeldUntil, followers_held};
use super::db::{execute, fetch_optional};
use super::doubt::{ask_anew, give_up_asked};
use super::journal::{About, append};
use super::post::insert_revision;
use super::rows::{Delivery, Post, deliveries, micros, post, running_hold, save};
use super::seen::must_stand_as_seen;
use super::settle::{followers, tell};
use super::unsent::may_be_out;
use super::writer::Tx;
use super::{Store, StoreError, StoreRefusal, taken_down};
use crate::domain::delivery::{Action, Change, State};
use crate::domain::schedule::follower_at;
use crate::domain::{HoldLength, OwnReason, PostContent, PostId};
use crate::journal::event::Why;
use crate::journal::{Event, VESTNIK};

pub(super) const SET_REVISION: &str = "UPDATE post SET revision = $2 WHERE id = $1";
pub(super) const SET_EXPIRY: &str = "UPDATE post SET expires_at = $2, expiry_done = 0 WHERE id = $1";
pub(super) const LAST_REVISION: &str = "SELECT MAX(number) AS number FROM revision WHERE post = $1";
pub(super) const SUSPEND_HOLD: &str = "UPDATE hold SET state = 'suspended' WHERE post = $1 AND state = 'running'";
pub(super) const RESUME_HOLD: &str =
    "UPDATE hold SET state = 'running' WHERE post = $1 AND state = 'suspended' AND revision = $2";
pub(super) const REVISION_SHA: &str = "SELECT sha256 FROM revision WHERE post = $1 AND number = $2";

/// A post's new content.
#[derive(Debug, Clone)]
pub struct Edit {
    /// The post.
    pub post: PostId,
    /// What it is to say.
    pub content: PostContent,
    /// Another time for the primary, if it is not out yet.
    pub at: Option<DateTime<Utc>>,
    /// When what is not out yet fails; as the file says, so nothing means never.
    pub expires_at: Option<DateTime<Utc>>,
    /// The officer's own earliest times, by follower; as the file says, so nothing means none.
    pub not_before: BTreeMap<String, DateTime<Utc>>,
    /// The hold as configured, for the planned times of followers.
    pub hold: HoldLength,
    /// The [mark](super::mark) of how the person has seen the post; `None`: however it stands.
    pub seen: Option<String>,
    /// Who.
    pub by: String,
}

impl Store {
    /// Makes a new revision; gives its number. What is queued will go out with it. Where the primary is out, its
    /// followers go back to waiting first, then the MAX message is edited and the hold begins again.
    pub async fn edit_post(&self, edit: Edit, now: DateTime<Utc>) -> Result<u32, StoreError> {
        self.write(move |tx| Box::pin(async move { edit_post(tx, edit, now).await })).await
    }
}

/// Makes a new revision in this transaction; gives its number.
pub(super) async fn edit_post(tx: &mut Tx, edit: Edit, now: DateTime<Utc>) -> Result<u32, StoreError> {
    let p = post(tx, edit.post).await?;
    let all = deliveries(tx, p.id).await?;
    must_stand_as_seen(edit.seen.as_deref(), &p, &all)?;
    let id = p.id.to_string();
    let sha256 = edit.content.sha256();
    // What is out after a cancellation stays, and can be corrected.
    let primary = all.iter().filter(|d| d.is_primary).max_by_key(|d| d.number).cloned();
    let stands = primary.as_ref().is_some_and(|d| d.state == State::Published);
    let no_primary = primary.as_ref().filter(|d| d.state == State::Withdrawn).map(|d| d.channel.clone());
    if p.withdraw.is_some() || (p.cancel.is_some() && !stands) {
        return Err(StoreRefusal::PostOver { post: p.id }.into());
    }
    let unchanged = fetch_optional!(tx.sql().await?, (String,), REVISION_SHA, &*id, i64::from(p.revision))?
        .is_some_and(|(current,)| current == sha256);
    let restores = primary.as_ref().is_some_and(|d| d.stop_reason.is_some() || d.state == State::Failed)
        || all.iter().any(Delivery::waits_for_a_text);
    let same_times = edit.at.is_none()
        && edit.expires_at == p.expires_at
        && all
            .iter()
            .all(|d| d.is_primary || d.state.is_final() || d.not_before == edit.not_before.get(&d.channel).copied());
    if unchanged && !restores && same_times {
        return Err(StoreRefusal::SaysThisAlready { post: p.id }.into());
    }
    if edit.at.is_some() && primary.as_ref().is_none_or(|d| !matches!(d.state, State::Queued | State::Failed)) {
        return Err(StoreRefusal::TimeHasCome { post: p.id }.into());
    }
    // As for a move: under another time nobody would know any more that it was overdue, and look for it less carefully.
    if primary.as_ref().is_some_and(|d| edit.at.is_some_and(|at| at != d.planned_at) && may_be_out(d, now)) {
        return Err(StoreRefusal::TimeHasCome { post: p.id }.into());
    }
    let number = fetch_optional!(tx.sql().await?, (i64,), LAST_REVISION, &*id)?.map_or(1, |r| r.0) + 1;
    let number = u32::try_from(number).map_err(|e| StoreError::corrupt("revision", &id, e))?;
    insert_revision(tx, p.id, number, &edit.content, now, &edit.by).await?;
    execute!(tx.sql().await?, SET_REVISION, &*id, i64::from(number))?;
    execute!(tx.sql().await?, SET_EXPIRY, &*id, edit.expires_at.map(micros))?;
    let about = About { post: Some(p.id.0), ..About::default() };
    append(tx, &p.organisation, now, &edit.by, about, Event::PostEdited { revision: number, content_sha256: sha256 })
        .await?;
    execute!(tx.sql().await?, SUSPEND_HOLD, &*id)?;

    let primary_at = edit.at.or(primary.as_ref().map(|d| d.published_at.unwrap_or(d.planned_at))).unwrap_or(now);
    for mut d in all {
        if !d.is_primary && !d.state.is_open() && !matches!(d.state, State::Published | State::Withdrawn) {
            d.not_before = edit.not_before.get(&d.channel).copied();
            d.planned_at = follower_at(primary_at, edit.hold, d.not_before);
        }
        if d.is_primary {
            match d.state {
                State::Queued | State::Failed | State::Handed => {
                    // A person who was told to publish the old text is told anew.
                    if d.state != State::Queued {
                        d.take(Change::BackToQueue)?;
                        d.tries = 0;
                    }
                    d.clear_stop();
                    // Without another time it keeps its own, so that what is overdue is still known to be.
                    d.planned_at = edit.at.unwrap_or(d.planned_at);
                    d.plan(Action::Publish, d.planned_at.max(now));
                }
                State::Published if d.action != Some(Action::Retract) => {
                    give_up_asked(tx, &mut d, now, &edit.by).await?;
                    d.clear_stop();
                    d.tries = 0;
                    d.plan(Action::Edit, now);
                }
                // On its way or in doubt: it is edited when it is confirmed.
                _ if d.waits_for_a_text() => ask_anew(tx, &mut d, now).await?,
                _ => {}
            }
        } else {
            match d.state {
                State::Held | State::Handed if p.cancel.is_none() => {
                    d.take(Change::HoldLapses)?;
                    d.nothing_to_do();
                    d.clear_stop();
                    let why = Why::of_kind(OwnReason::Edited.name(), "the post was edited");
                    tell(tx, &d, now, VESTNIK, Event::DeliveryWaiting(why)).await?;
                }
                State::Failed if p.cancel.is_none() => {
                    d.take(Change::BackToWaiting)?;
                    d.tries = 0;
                    d.clear_stop();
                }
                State::Waiting if p.cancel.is_none() && (no_primary.is_none() || d.waits_for_a_text()) => {
                    d.clear_stop();
                }
                State::Published if d.action != Some(Action::Retract) => {
                    give_up_asked(tx, &mut d, now, &edit.by).await?;
                    d.clear_stop();
                    d.nothing_to_do();
                }
                _ => {}
            }
            if let Some(channel) = &no_primary
                && d.state == State::Waiting
                && d.stop_reason.is_none()
            {
                taken_down::stop(tx, &mut d, channel, now).await?;
            }
        }
        save(tx, &d);
    }
    Ok(number)
}

/// The primary refused the edit: the post says again what the primary shows, and the old hold counts.
pub(super) async fn take_back(tx: &mut Tx, p: &Post, shown: u32, now: DateTime<Utc>) -> Result<(), StoreError> {
    let id = p.id.to_string();
    execute!(tx.sql().await?, SET_REVISION, &*id, i64::from(shown))?;
    execute!(tx.sql().await?, RESUME_HOLD, &*id, i64::from(shown))?;
    let p = post(tx, p.id).await?;
    for mut f in followers(tx, &p).await? {
        if f.state == State::Published && f.action == Some(Action::Edit) {
            f.nothing_to_do();
            save(tx, &f);
        }
    }
    match running_hold(tx, p.id).await? {
        Some(hold) => followers_held(tx, &p, HeldUntil::from(&hold), now).await,
        None => Ok(()),
    }
}
