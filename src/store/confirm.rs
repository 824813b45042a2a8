//! What a confirmation (or a final failure) means for the post's other deliveries: here the hold begins.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use vestnik_contract::{Receipt, RemoteId};

use super::attempt_row::Attempt;
use super::changes::json;
use super::db::{Db, fetch_all, fetch_optional};
use super::edit::REVISION_SHA;
use super::person::ask_first;
use super::rows::{Delivery, Post, StoredHold, post, running_hold, save, uuid};
use super::settle::{finish, followers, tell};
use super::writer::Tx;
use super::{StoreError, StoreRefusal};
use crate::domain::delivery::{Action, Change, State};
use crate::domain::{DeliveryId, Hold, HoldLength, OwnReason, PostId, Reason, StopKind};
use crate::journal::event::{By, Clocks, Published};
use crate::journal::{Event, VESTNIK, event};

/// A receipt with what follows from whose word it is.
#[derive(Debug, Clone)]
pub struct Confirmation {
    /// The receipt.
    pub receipt: Receipt,
    /// Whose word it is.
    pub by: By,
    /// What starts from it.
    pub hold: Hold,
    /// Who, for the journal.
    pub actor: String,
    /// The revision that was seen, where no attempt tells it; the current one unless named.
    pub revision: Option<u32>,
}

/// For each of a JSON array of deliveries with what the platform calls them: the post to which that id belongs, when it
/// is another one's.
pub(super) const OWNERS: &str = "SELECT q.value ->> 'delivery', o.post FROM json_each($1) q JOIN delivery o \
     ON o.channel = q.value ->> 'channel' AND o.remote_id = q.value ->> 'remote' AND o.id <> q.value ->> 'delivery'";

/// Takes a confirmation in: the receipt, the hold, the followers.
pub(super) async fn confirmed(
    tx: &mut Tx,
    d: Delivery,
    p: &Post,
    a: Option<&Attempt>,
    c: Confirmation,
    now: DateTime<Utc>,
) -> Result<(State, String), StoreError> {
    confirmed_showing(tx, d, p, a, (c, None), now).await
}

/// The same, where the content that is shown is known by its hash alone.
pub(super) async fn confirmed_showing(
    tx: &mut Tx,
    mut d: Delivery,
    p: &Post,
    a: Option<&Attempt>,
    (mut c, sha256): (Confirmation, Option<String>),
    now: DateTime<Utc>,
) -> Result<(State, String), StoreError> {
    let shown = a.map_or(c.revision.unwrap_or(p.revision), |a| a.revision);
    // Without an attempt of ours a person says so of what stands already.
    let edited = a.map_or(d.state == State::Published, |a| a.action == Action::Edit);
    let owner = match &tx.facts {
        Some(facts) => facts.owner,
        None => {
            let claimed = (d.id, d.channel.clone(), c.receipt.id.clone());
            owners(tx.sql().await?, &[claimed]).await?.remove(&d.id)
        }
    };
    if let Some(owner) = owner {
        let (remote_id, channel) = (c.receipt.id.0, d.channel);
        return Err(StoreRefusal::OfAnotherPost { remote_id, channel, owner }.into());
    }
    let follower_hold = if d.is_primary { None } else { hold_behind(tx, &d, a).await? };
    if let Some(published_at) = d.published_at.filter(|_| edited) {
        c.hold = c.hold.no_earlier_than(published_at);
    }
    if !edited {
        d.take(Change::Confirmed)?;
        d.remote_id = Some(c.receipt.id.0.clone());
        d.platform_time = c.receipt.platform_time;
        d.published_at = Some(c.hold.from());
    }
    if let Some(url) = &c.receipt.url {
        d.url = Some(url.to_string());
    }
    d.shown_revision = Some(shown);
    d.shows_lost_text = false;
    d.tries = 0;
    d.remark(c.receipt.remark.as_deref());
    d.answer();
    d.nothing_to_do();
    if d.is_primary && c.by == By::Person {
        d.confirmed_at = Some(now);
    }
    let sha256 = match (a, sha256) {
        (Some(a), _) => a.content_sha256.clone(),
        (None, Some(sha256)) => sha256,
        (None, None) => fetch_optional!(tx.sql().await?, (String,), REVISION_SHA, p.id.to_string(), i64::from(shown))?
            .map(|r| r.0)
            .unwrap_or_default(),
    };
    let action = if edited { event::Action::Edit } else { event::Action::Publish };
    let event = published(&d, (a, action), &c, follower_hold.as_ref(), sha256, now);
    tell(tx, &d, now, &c.actor, Event::DeliveryPublished(event)).await?;

    let withdrawn = p.withdraw.is_some();
    if withdrawn {
        d.plan(Action::Retract, now);
    } else if shown < p.revision {
        if d.is_primary {
            d.plan(Action::Edit, now);
        } else if let Some(hold) = running_hold(tx, p.id).await?.filter(|h| h.revision == p.revision) {
            d.plan(Action::Edit, hold.until.max(now));
        }
    }
    let done = finish(tx, d.clone());
    if d.is_primary {
        let runs = shown == p.revision && !withdrawn;
        tx.changes.hold((p.id, d.id), shown, c.hold, runs);
        if runs {
            let (from, until, length) = (c.hold.from(), c.hold.until(), c.hold.length());
            followers_held(tx, p, HeldUntil { revision: shown, from, until, length }, now).await?;
        }
    }
    Ok(done)
}

async fn hold_behind(tx: &mut Tx, d: &Delivery, a: Option<&Attempt>) -> Result<Option<StoredHold>, StoreError> {
    match a {
        Some(a) => Ok(a.hold.clone()),
        None => running_hold(tx, d.post).await,
    }
}

/// The posts to which ids on channels belong already, of those that belong to another delivery.
pub(super) async fn owners(
    db: &mut Db,
    claimed: &[(DeliveryId, String, RemoteId)],
) -> Result<HashMap<DeliveryId, PostId>, StoreError> {
    if claimed.is_empty() {
        return Ok(HashMap::new());
    }
    let wanted: Vec<_> = claimed
        .iter()
        .map(|(id, channel, remote)| serde_json::json!({ "delivery": id, "channel": channel, "remote": remote.0 }))
        .collect();
    let rows = fetch_all!(db, (String, String), OWNERS, json(&wanted)?)?;
    rows.into_iter()
        .map(|(id, post)| Ok((DeliveryId(uuid("delivery", &id)?), PostId(uuid("delivery", &post)?))))
        .collect()
}

fn published(
    d: &Delivery,
    (a, action): (Option<&Attempt>, event::Action),
    c: &Confirmation,
    hold: Option<&StoredHold>,
    content_sha256: String,
    now: DateTime<Utc>,
) -> Published {
    let seconds = |s: i64| u32::try_from(s).unwrap_or(u32::MAX);
    Published {
        revision: d.shown_revision.unwrap_or(1),
        attempt: a.map(|a| a.id.0),
        action,
        primary: d.is_primary,
        by: c.by,
        remote_id: c.receipt.id.0.clone(),
        url: c.receipt.url.clone(),
        platform_time: c.receipt.platform_time,
        received_at: now,
        counts_from: c.hold.from(),
        content_sha256,
        hold_from: hold.map(|h| h.from),
        hold_seconds: hold.map(|h| seconds(h.length.hold_seconds())),
        margin_seconds: hold.map(|h| seconds(h.length.margin_seconds())),
        primary_seen_at: a.and_then(|a| a.primary_seen_at),
        clocks: Clocks {
            ours: now,
            primary: if d.is_primary { c.receipt.server_date } else { a.and_then(|a| a.primary_clock) },
            follower: if d.is_primary { None } else { c.receipt.server_date.or(a.and_then(|a| a.follower_clock)) },
        },
    }
}

/// When followers may show which revision.
#[derive(Debug, Clone, Copy)]
pub(super) struct HeldUntil {
    pub revision: u32,
    pub from: DateTime<Utc>,
    pub until: DateTime<Utc>,
    pub length: HoldLength,
}

impl From<&StoredHold> for HeldUntil {
    fn from(hold: &StoredHold) -> Self {
        Self { revision: hold.revision, from: hold.from, until: hold.until, length: hold.length }
    }
}

/// The running hold counts for every follower: those that wait are held, those that stand are edited after it.
pub(super) async fn followers_held(
    tx: &mut Tx,
    p: &Post,
    hold: HeldUntil,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let seconds = |s: i64| u32::try_from(s).unwrap_or(u32::MAX);
    for mut d in followers(tx, p).await? {
        match d.state {
            State::Waiting if !p.is_over() => {
                d.take(Change::HoldBegins)?;
                let due = d.not_before.map_or(hold.until, |t| t.max(hold.until));
                d.planned_at = due;
                d.plan(Action::Publish, due);
                save(tx, &d);
                let event = Event::DeliveryHeld {
                    revision: hold.revision,
                    from: hold.from,
                    until: hold.until,
                    hold_seconds: seconds(hold.length.hold_seconds()),
                    margin_seconds: seconds(hold.length.margin_seconds()),
                };
                tell(tx, &d, now, VESTNIK, event).await?;
            }
            State::Published if d.shown_revision < Some(hold.revision) && d.action != Some(Action::Retract) => {
                d.plan(Action::Edit, hold.until);
                save(tx, &d);
            }
            _ => {}
        }
    }
    Ok(())
}

/// It will not go out. What waits for a primary that will not go out does not go out either.
pub(super) async fn failed(
    tx: &mut Tx,
    mut d: Delivery,
    reason: &Reason,
    now: DateTime<Utc>,
) -> Result<(State, String), StoreError> {
    d.take(Change::Failed)?;
    d.nothing_to_do();
    d.clear_stop();
    d.say(reason);
    tell(tx, &d, now, VESTNIK, Event::DeliveryFailed(reason.into())).await?;
    if d.is_primary {
        let p = post(tx, d.post).await?;
        for mut f in followers(tx, &p).await? {
            if f.state == State::Waiting {
                fail_with_primary(tx, &mut f, &reason.said, now).await?;
                save(tx, &f);
            }
        }
    }
    Ok(finish(tx, d))
}

/// Nothing is left that it could wait for. Of what may be out already a person is asked first. The caller saves.
pub(super) async fn fail_with_primary(
    tx: &mut Tx,
    f: &mut Delivery,
    said: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    if f.unanswered_call.is_some() || f.stop_kind == Some(StopKind::MaybeOut) {
        return ask_first(tx, f, now).await.map(drop);
    }
    f.take(Change::Failed)?;
    f.nothing_to_do();
    f.clear_stop();
    let said = format!("the post did not go out on the primary channel: {said}");
    let reason = Reason::own(OwnReason::PrimaryFailed, said);
    f.say(&reason);
    tell(tx, f, now, VESTNIK, Event::DeliveryFailed((&reason).into())).await
}
