//! What was queued before this daemon started may be out already: the database may be a copy of an earlier day. So it
//! is looked for on its platform before it is sent.

use chrono::{DateTime, TimeDelta, Utc};
use vestnik_contract::text::{normalise, resembles};
use vestnik_contract::{AdapterError, DeliveryKey, Found, Prepared, Receipt, RemoteId, RemotePost, Rendered};

use super::channels::Channel;
use super::daemon::Daemon;
use super::publish::{ASK_AGAIN, believable};
use super::texts::{prepared_of_all, revision_shown};
use crate::domain::delivery::UnansweredCall;
use crate::domain::{Hold, OwnReason, Reason};
use crate::journal::VESTNIK;
use crate::journal::event::By;
use crate::store::{Claim, Confirmation, Stop, StoreError, Unsent};

/// A post that was queued by a clock that was ahead is looked for so far back.
const CLOCK_AHEAD_MAX: TimeDelta = TimeDelta::days(31);

impl Daemon {
    /// True: it is not there, go on.
    pub(super) async fn looked_before_sending(
        &self,
        channel: &Channel,
        claim: &Claim,
        post: &Rendered,
    ) -> Result<bool, StoreError> {
        if claim.delivery.looked_at.is_some() {
            return Ok(true);
        }
        if channel.adapter.traits().by_hand {
            // Nobody can be asked there, and a person who is told again sees what stands.
            self.store.looked_before_sending(claim.delivery.id, self.clock.now()).await?;
            return Ok(true);
        }
        let since = self.queued_at(claim);
        let prepared = claim.earlier.clone().unwrap_or_else(|| Prepared {
            key: DeliveryKey { delivery: claim.delivery.id.0, revision: claim.revision },
            post: post.clone(),
            at: since,
            notes: serde_json::Value::Null,
        });
        let known = self.store.known_ids(&channel.slug, claim.delivery.id).await?;
        let earlier_texts = self.earlier_texts(channel, claim, since).await?;
        let texts: Vec<&Rendered> = [post].into_iter().chain(earlier_texts.iter().map(|text| &text.post)).collect();
        let look = self.keeping_claim(claim, channel.adapter.find(&prepared, &known)).await;
        let (look, earlier) = match look {
            Ok(Found::Yes(_)) | Err(_) => (look, None),
            _ => match self.look_for_each(channel, claim, &earlier_texts, &known).await {
                (Ok(Found::No(_)), _) => (look, None),
                told => told,
            },
        };
        // Neither a postponement nor a try moves the planned time. What was not due yet can only be out because a clock
        // was wrong or a later edit gave it an earlier time: then only what is certain counts, so that a busy channel
        // stops nothing; for a primary, on which everything else hangs, also what is much like it.
        let overdue = claim.delivery.planned_at < self.started_at || claim.delivery.unanswered_call.is_some();
        let look = match look {
            Ok(Found::CannotTell(_) | Found::OutOfSight(_)) if !overdue && claim.delivery.is_primary => {
                self.look_for_likenesses(channel, claim, (&texts, since), &known).await
            }
            Ok(Found::No(_)) if overdue => self.look_for_likenesses(channel, claim, (&texts, since), &known).await,
            Ok(Found::CannotTell(_) | Found::OutOfSight(_)) if !overdue => Ok(Found::No(None)),
            look => look,
        };
        let now = self.clock.now();
        match look {
            Ok(Found::No(_)) if claim.delivery.unanswered_call == Some(UnansweredCall::TextMayBeLost) => {
                let reason = "it was called before the database was put back, with a text that may be lost";
                self.store.unsent(claim, Unsent::Stopped(may_be_out(channel, claim, reason)), now).await?;
            }
            Ok(Found::No(_)) => {
                self.store.looked_before_sending(claim.delivery.id, now).await?;
                return Ok(true);
            }
            Ok(Found::Yes(receipt)) => {
                let revision = match earlier {
                    Some(revision) => revision,
                    None => self.revision_of(channel, claim, &receipt.id).await?,
                };
                self.was_out_already(channel, claim, (receipt, revision), now).await?;
            }
            Ok(Found::CannotTell(reason) | Found::OutOfSight(reason)) => {
                self.store.unsent(claim, Unsent::Stopped(may_be_out(channel, claim, &reason)), now).await?;
            }
            Err(AdapterError::Unauthorised { told }) => {
                self.store.unsent(claim, Unsent::Unauthorised(told.into()), now).await?;
            }
            Err(error) => {
                let reason = format!("it was queued before vestnik started, and the channel cannot be asked: {error}");
                let reason = Reason::own(OwnReason::NotLookedFor, reason);
                self.store.unsent(claim, Unsent::Postponed(now + ASK_AGAIN, reason), now).await?;
            }
        }
        Ok(false)
    }

    /// When the post was queued, at the earliest. It was there when the daemon started: a later time is of a wrong clock.
    fn queued_at(&self, claim: &Claim) -> DateTime<Utc> {
        if claim.created_at > self.started_at { self.started_at - CLOCK_AHEAD_MAX } else { claim.created_at }
    }

    /// Edited since the copy was put back, it may stand with a text that it had before.
    async fn earlier_texts(
        &self,
        channel: &Channel,
        claim: &Claim,
        since: DateTime<Utc>,
    ) -> Result<Vec<Prepared>, StoreError> {
        if claim.revision == 1 {
            return Ok(Vec::new());
        }
        let texts = prepared_of_all(&self.store, channel, &claim.delivery).await?.into_iter();
        let earlier = texts.filter(|text| text.key.revision < claim.revision);
        Ok(earlier.map(|text| Prepared { at: since, ..text }).collect())
    }

    /// Gives the look that tells most, with the revision that it found.
    async fn look_for_each(
        &self,
        channel: &Channel,
        claim: &Claim,
        texts: &[Prepared],
        known: &[RemoteId],
    ) -> (Result<Found, AdapterError>, Option<u32>) {
        let mut told = Found::No(None);
        for text in texts {
            match self.keeping_claim(claim, channel.adapter.find(text, known)).await {
                Ok(Found::No(_)) => {}
                look @ (Ok(Found::Yes(_)) | Err(_)) => return (look, Some(text.key.revision)),
                Ok(unclear) => told = unclear,
            }
        }
        (Ok(told), None)
    }

    /// None of its texts is there; but it may have been edited since the copy was made.
    async fn look_for_likenesses(
        &self,
        channel: &Channel,
        claim: &Claim,
        (texts, since): (&[&Rendered], DateTime<Utc>),
        known: &[RemoteId],
    ) -> Result<Found, AdapterError> {
        if !channel.adapter.traits().has_feed {
            return Ok(Found::No(None));
        }
        let feed = self.keeping_claim(claim, channel.adapter.feed(since)).await?;
        let is_alike = |there: &RemotePost| {
            same_line(&claim.content.title, there) || texts.iter().any(|text| is_alike(&text.plain, there))
        };
        let alike = feed.into_iter().find(|there| !known.contains(&there.id) && is_alike(there));
        Ok(alike.map_or(Found::No(None), |there| {
            let place = there.url.map_or(there.id.0, |url| url.to_string());
            Found::CannotTell(format!("a post that is much like it stands there, {place}; it may have been edited"))
        }))
    }

    async fn was_out_already(
        &self,
        channel: &Channel,
        claim: &Claim,
        (receipt, revision): (Receipt, u32),
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        tracing::warn!(post = %claim.delivery.post, channel = channel.slug, id = %receipt.id, "was out already");
        let receipt = believable(receipt, now);
        // No attempt of ours is known: what the platform says counts, or this moment.
        let from = receipt.platform_time.unwrap_or(now);
        let hold = Hold::from_found(&receipt, from, self.settings.hold);
        let confirmation =
            Confirmation { receipt, by: By::Find, hold, actor: VESTNIK.into(), revision: Some(revision) };
        self.store.adopt(claim.delivery.id, confirmation, now).await.map(drop)
    }

    /// Which of our texts a follower shows. A primary is found by its text.
    async fn revision_of(&self, channel: &Channel, claim: &Claim, id: &RemoteId) -> Result<u32, StoreError> {
        if claim.delivery.is_primary || claim.revision == 1 {
            return Ok(claim.revision);
        }
        let Ok(seen) = self.keeping_claim(claim, channel.adapter.presence(id)).await else { return Ok(1) };
        Ok(revision_shown(&prepared_of_all(&self.store, channel, &claim.delivery).await?, &seen.presence))
    }
}

fn same_line(line: &str, there: &RemotePost) -> bool {
    there.text.lines().next().is_some_and(|first| normalise(first) == normalise(line))
}

fn is_alike(text: &str, there: &RemotePost) -> bool {
    text.lines().next().is_some_and(|headline| same_line(headline, there)) || resembles(text, &there.text)
}

fn may_be_out(channel: &Channel, claim: &Claim, reason: &str) -> Stop {
    let reason = format!("it was queued before vestnik started and may be out already: {reason}");
    Stop::maybe_out(claim.delivery.post, &channel.slug, reason)
}
