//! A person says that a post was taken down by hand, and the platform does not contradict.

use chrono::{DateTime, Utc};

use super::confirm::fail_with_primary;
use super::db::fetch_optional;
use super::doubt::give_up_asked;
use super::person::{Resolved, must_not_wait_for_a_text};
use super::rows::{Delivery, deliveries, post, save};
use super::seen::{DeliveryAsSeen, delivery_as_seen};
use super::settle::{ask, finish, followers, tell};
use super::stop::Stop;
use super::writer::Tx;
use super::{Store, StoreError, StoreRefusal};
use crate::domain::OwnReason;
use crate::domain::delivery::{Action, Change, State};
use crate::journal::event::Why;
use crate::journal::{Event, VESTNIK};

pub(super) const UNSETTLED: &str = "SELECT id FROM attempt WHERE delivery = $1 AND state <> 'settled'";

impl Store {
    /// Settles what stood as taken down. Without its primary no follower goes out: those that wait stop and ask.
    pub async fn resolve_taken_down(
        &self,
        which: impl Into<DeliveryAsSeen>,
        by: &str,
        now: DateTime<Utc>,
    ) -> Result<Resolved, StoreError> {
        let (which, by) = (which.into(), by.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let mut d = delivery_as_seen(tx, which).await?;
                let p = post(tx, d.post).await?;
                if d.state != State::Published {
                    let (post, channel, state) = (d.post, d.channel, d.state);
                    return Err(StoreRefusal::NotOut { post, channel, state }.into());
                }
                must_not_wait_for_a_text(&d)?;
                give_up_asked(tx, &mut d, now, &by).await?;
                let waiting = if d.is_primary { followers(tx, &p).await? } else { Vec::new() };
                let mut busy = waiting.iter().find(|f| f.state.is_open()).map(|f| &f.channel);
                if fetch_optional!(tx.sql().await?, (String,), UNSETTLED, d.id.to_string())?.is_some() {
                    busy = Some(&d.channel);
                }
                if let Some(channel) = busy {
                    return Err(StoreRefusal::Unsettled { post: d.post, channel: channel.clone() }.into());
                }
                d.take(Change::TakenDown)?;
                d.nothing_to_do();
                d.clear_stop();
                tell(tx, &d, now, &by, Event::DeliveryRetracted {}).await?;
                if d.is_primary {
                    tx.changes.end_holds(d.post);
                }
                // Whether it is out is still to be told, where the post was called off.
                for f in waiting.into_iter().filter(|f| !(p.is_over() && f.is_asked_whether_out())) {
                    lose_primary(tx, f, &d.channel, now).await?;
                }
                Ok(Resolved { state: finish(tx, d).0 })
            })
        })
        .await
    }
}

/// A follower whose primary was taken down: what is not out stops and asks, what is out stays as it is.
pub(super) async fn lose_primary(
    tx: &mut Tx,
    mut f: Delivery,
    primary: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    match f.state {
        State::Held | State::Handed => {
            f.take(Change::HoldLapses)?;
            f.nothing_to_do();
            let why = Why::of_kind(OwnReason::PrimaryTakenDown.name(), "the primary was taken down by hand");
            tell(tx, &f, now, VESTNIK, Event::DeliveryWaiting(why)).await?;
            stop(tx, &mut f, primary, now).await?;
        }
        // Asked for its text it is asked first: that counts for a new primary, too.
        State::Waiting if f.waits_for_a_text() => return Ok(()),
        State::Waiting => stop(tx, &mut f, primary, now).await?,
        State::Published if f.action == Some(Action::Edit) => f.nothing_to_do(),
        _ => return Ok(()),
    }
    save(tx, &f);
    Ok(())
}

/// A follower comes back from a call whose end was unknown. What became of its primary meanwhile was told to those that
/// waited then: nobody else would move it. The caller saves.
pub(super) async fn follow_primary(tx: &mut Tx, f: &mut Delivery, now: DateTime<Utc>) -> Result<(), StoreError> {
    let newest = deliveries(tx, f.post).await?.into_iter().filter(|d| d.is_primary).max_by_key(|d| d.number);
    match newest {
        Some(_) if f.waits_for_a_text() => Ok(()),
        Some(primary) if primary.state == State::Withdrawn => stop(tx, f, &primary.channel, now).await,
        Some(Delivery { state: State::Failed, last_reason, .. }) => {
            fail_with_primary(tx, f, &last_reason.unwrap_or_default(), now).await
        }
        _ => Ok(()),
    }
}

/// A follower that waits for a primary that was taken down; the caller saves.
pub(super) async fn stop(tx: &mut Tx, f: &mut Delivery, primary: &str, now: DateTime<Utc>) -> Result<(), StoreError> {
    let reason = format!("the post on channel `{primary}` was taken down by hand");
    ask(tx, f, Stop::primary_gone(f.post, reason), now).await
}
