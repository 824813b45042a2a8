//! After an unknown outcome: the platform is asked what it holds before anything is sent again.

use chrono::{DateTime, Utc};
use vestnik_contract::{AdapterError, Found, PublishError, Receipt, RemoteId};

use super::channels::Channel;
use super::compose::compose;
use super::daemon::{Daemon, POLL};
use super::publish::believable;
use crate::domain::backoff::backoff;
use crate::domain::content::PrimaryUrl;
use crate::domain::delivery::Action;
use crate::domain::{Hold, OwnReason, Reason, StopKind};
use crate::journal::VESTNIK;
use crate::journal::event::{By, Looked};
use crate::store::{Confirmation, Doubt, Look, LookAfter, Outcome, StoreError};

/// A platform that cannot be asked is asked again after this.
const NO_ANSWER: chrono::TimeDelta = chrono::TimeDelta::seconds(30);
/// Without the right to ask, after this.
const NO_RIGHT: chrono::TimeDelta = chrono::TimeDelta::minutes(5);
/// An edit or withdrawal that cannot be confirmed is repeated this often before a person is asked.
const REPEATS_MAX: u32 = 10;

impl Daemon {
    /// One look.
    pub(super) async fn look(&self, doubt: Doubt) {
        let Some(channel) = self.channels.get(&doubt.delivery.channel).cloned() else {
            let said = format!("channel `{}` is not in this program's configuration", doubt.delivery.channel);
            return self.look_later(&doubt, Reason::own(OwnReason::ChannelNotConfigured, said)).await;
        };
        let done = match doubt.action {
            Action::Publish => self.look_for_post(&channel, &doubt).await,
            Action::Edit => self.look_at_edit(&channel, &doubt).await,
            Action::Retract => self.repeat(&doubt, "the withdrawal is repeated").await,
        };
        match done {
            Ok(()) => {}
            // A person or a late answer was faster.
            Err(StoreError::Refused(why)) => tracing::info!(attempt = %doubt.attempt, %why, "settled meanwhile"),
            Err(error) => {
                tracing::error!(attempt = %doubt.attempt, %error, "an unknown outcome could not be settled");
                let reason = error.to_string();
                let asked = error.concerns_one_row() && self.ask(&doubt, &reason, Looked::CannotTell).await.is_ok();
                if !asked {
                    self.look_later(&doubt, Reason::own(OwnReason::NotSettled, reason)).await;
                }
            }
        }
    }

    /// Whatever went wrong, the platform is not asked again at once.
    async fn look_later(&self, doubt: &Doubt, reason: Reason) {
        let now = self.clock.now();
        if let Err(error) = self.store.looked(doubt.attempt, Look::NoAnswer(now + NO_RIGHT, reason), now).await {
            tracing::error!(attempt = %doubt.attempt, %error, "the next look could not be written down");
            tokio::time::sleep(POLL).await;
        }
    }

    async fn look_for_post(&self, channel: &Channel, doubt: &Doubt) -> Result<(), StoreError> {
        let Some(prepared) = &doubt.prepared else {
            return self.ask(doubt, "what was sent was not written down", Looked::CannotTell).await;
        };
        // A crash is looked into as late as a lost reply: the call may still be on its way.
        let now = self.clock.now();
        let earliest = doubt.started_at + channel.adapter.doubt_policy().first_look_after;
        if now < earliest {
            let why = Reason::own(OwnReason::LookAhead, "the platform is asked when the call must have arrived");
            return self.store.looked(doubt.attempt, Look::NoAnswer(earliest, why), now).await;
        }
        let known = self.store.known_ids(&channel.slug, doubt.delivery.id).await?;
        let found = channel.adapter.find(prepared, &known).await;
        let now = self.clock.now();
        match found {
            Ok(Found::Yes(receipt)) => self.found(channel, doubt, receipt, now).await,
            Ok(Found::No(_)) => self.nothing_found(channel, doubt, now).await,
            Ok(Found::CannotTell(reason) | Found::OutOfSight(reason)) => {
                self.ask(doubt, &reason, Looked::CannotTell).await
            }
            Err(AdapterError::Retry { after, told }) => {
                let after = after.and_then(|a| chrono::TimeDelta::from_std(a).ok()).unwrap_or_default();
                self.store.looked(doubt.attempt, Look::NoAnswer(now + after.max(NO_ANSWER), told.into()), now).await
            }
            Err(AdapterError::Unauthorised { told }) => {
                // The attempt stays in doubt; the channel waits for the person anyway.
                match self.store.pause_channel(&channel.slug, VESTNIK, &Reason::from(told.clone()), now).await {
                    Ok(()) | Err(StoreError::Refused(_)) => {}
                    Err(error) => return Err(error),
                }
                self.store.looked(doubt.attempt, Look::NoAnswer(now + NO_RIGHT, told.into()), now).await
            }
            Err(AdapterError::Unclear { told }) => {
                self.store.looked(doubt.attempt, Look::NoAnswer(now + NO_RIGHT, told.into()), now).await
            }
            Err(AdapterError::Unsupported(reason)) => self.ask(doubt, &reason, Looked::CannotTell).await,
        }
    }

    async fn found(
        &self,
        channel: &Channel,
        doubt: &Doubt,
        receipt: Receipt,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        tracing::info!(post = %doubt.delivery.post, channel = channel.slug, id = %receipt.id, "the lost reply is settled: it stands");
        let receipt = believable(receipt, now);
        let hold = Hold::from_found(&receipt, doubt.started_at, self.settings.hold);
        let outcome = Outcome::Confirmed { receipt: receipt.clone(), by: By::Find, hold };
        match self.store.settle(doubt.attempt, outcome, now, None).await {
            // A person said meanwhile that it is not there; but it is, so it must not be sent again.
            Err(StoreError::Refused(why)) => {
                let revision = Some(doubt.revision);
                let confirmation = Confirmation { receipt, by: By::Find, hold, actor: VESTNIK.into(), revision };
                let adopted = self.store.adopt(doubt.delivery.id, confirmation, now).await;
                match adopted {
                    Ok(_) => Ok(()),
                    Err(StoreError::Refused(_)) => self.ask(doubt, &why.to_string(), Looked::CannotTell).await,
                    Err(error) => Err(error),
                }
            }
            done => done.map(drop),
        }
    }

    async fn nothing_found(&self, channel: &Channel, doubt: &Doubt, now: DateTime<Utc>) -> Result<(), StoreError> {
        let policy = channel.adapter.doubt_policy();
        if doubt.looks + 1 < policy.looks {
            return self.store.looked(doubt.attempt, Look::Nothing(now + policy.look_interval), now).await;
        }
        let age = (now - doubt.first_started_at).to_std().unwrap_or_default();
        let in_time = policy.resend_within.is_none_or(|within| age <= within);
        if doubt.resends >= policy.resends || !in_time {
            let reason = "nothing was found, but it cannot be sent again safely";
            return self.ask(doubt, reason, Looked::No).await;
        }
        tracing::info!(post = %doubt.delivery.post, channel = channel.slug, "not accepted after all; sent again");
        let said = format!("{} looks found nothing on the channel", policy.looks);
        let reason = Reason::own(OwnReason::NothingFound, said);
        let outcome = Outcome::NotAccepted { reason, at: now, actor: VESTNIK.into() };
        self.store.settle(doubt.attempt, outcome, now, None).await.map(drop)
    }

    async fn look_at_edit(&self, channel: &Channel, doubt: &Doubt) -> Result<(), StoreError> {
        let now = self.clock.now();
        let Some(post) = doubt.prepared.as_ref().map(|p| p.post.clone()).or_else(|| {
            // Written by an older program: make it anew.
            compose(channel, &doubt.content, PrimaryUrl::None).ok()
        }) else {
            return self.ask(doubt, "what was sent was not written down", Looked::CannotTell).await;
        };
        let id = RemoteId(doubt.delivery.remote_id.clone().unwrap_or_default());
        match self.edit_shows(channel, &id, &post).await {
            Ok(Some(outcome)) => self.store.settle(doubt.attempt, outcome, self.clock.now(), None).await.map(drop),
            Ok(None) => self.repeat(doubt, "the old text still shows; the edit is repeated").await,
            Err(PublishError::Retry { told, .. }) => {
                self.store.looked(doubt.attempt, Look::NoAnswer(now + NO_ANSWER, told.into()), now).await
            }
            // Gone: the edit has nothing to edit.
            Err(PublishError::Rejected { told }) if doubt.delivery.is_primary => {
                let outcome = Outcome::Rejected(told.into());
                self.store.settle(doubt.attempt, outcome, self.clock.now(), None).await.map(drop)
            }
            Err(error) => self.ask(doubt, &error.told().reason, Looked::CannotTell).await,
        }
    }

    /// Edits and withdrawals may be repeated: they make no second post. Less and less often: a platform that is down
    /// for an hour is no reason to ask a person.
    async fn repeat(&self, doubt: &Doubt, reason: &str) -> Result<(), StoreError> {
        if doubt.resends >= REPEATS_MAX {
            return self.ask(doubt, "it was repeated often and never confirmed", Looked::CannotTell).await;
        }
        let now = self.clock.now();
        let reason = Reason::own(OwnReason::Repeated, reason);
        let at = now + backoff(doubt.resends + 1, None, self.chance());
        let outcome = Outcome::NotAccepted { reason, at, actor: VESTNIK.into() };
        self.store.settle(doubt.attempt, outcome, now, None).await.map(drop)
    }

    async fn ask(&self, doubt: &Doubt, reason: &str, found: Looked) -> Result<(), StoreError> {
        let (id, slug) = (doubt.delivery.post, &doubt.delivery.channel);
        let todo = match doubt.action {
            Action::Publish => format!(
                "look at the channel; if it stands there: `vestnik post resolve {id} {slug} --published ADDRESS`, if not: \
                 `vestnik post resolve {id} {slug} --not-published`"
            ),
            Action::Edit => {
                format!(
                    "look at the channel; `vestnik post edit {id} FILE.md` or `vestnik post cancel {id} --reason TEXT`; if it \
                     was taken down by hand: `vestnik post resolve {id} {slug} --not-published`"
                )
            }
            Action::Retract => format!(
                "look at the channel and take it down by hand if it still stands, then `vestnik post resolve {id} {slug} \
                 --not-published`; or `vestnik post withdraw {id} --reason TEXT` tries again"
            ),
        };
        tracing::warn!(post = %id, channel = slug, reason, "a person has to look");
        let (kind, reason) = (StopKind::UnknownOutcome, format!("unknown outcome: {reason}"));
        let look = Look::Ask(LookAfter { kind, reason, todo, found });
        self.store.looked(doubt.attempt, look, self.clock.now()).await
    }
}
