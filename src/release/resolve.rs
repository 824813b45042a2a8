//! A person settles what vestnik could not: `post resolve`.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;
use vestnik_contract::text::same_text;
use vestnik_contract::{AdapterError, Clock, Found, Prepared, Presence, Receipt, RemoteId, Sighting};

use super::channels::{Channel, Channels};
use super::contradiction::Contradiction;
use super::texts::{find_any, prepared_now, prepared_of_all, revision_shown};
use crate::domain::delivery::{Action, State, UnansweredCall};
use crate::domain::{Hold, HoldLength};
use crate::journal::event::By;
use crate::store::{AsSeen, Confirmation, Delivery, DeliveryAsSeen, Doubt, Store, StoreError, StoreRefusal};

/// What the person says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Resolution {
    /// It stands at this address.
    Published(Url),
    /// It does not stand.
    NotPublished,
}

/// Why a resolution was refused.
#[derive(Debug, thiserror::Error)]
pub enum ResolveError {
    /// The store refused.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What the person said does not agree with what is seen.
    #[error(transparent)]
    Contradicted(#[from] Contradiction),
    /// The platform cannot be asked now.
    #[error("the channel cannot be asked ({0}); try again later")]
    NoAnswer(String),
}

/// Settles one delivery on a person's word, as far as the platform does not contradict. Gives its state afterwards.
pub async fn resolve(
    store: &Store,
    channels: &Channels,
    clock: &dyn Clock,
    hold: HoldLength,
    (which, slug): (impl Into<AsSeen>, &str),
    (resolution, by): (Resolution, &str),
) -> Result<State, ResolveError> {
    let AsSeen { post, mark } = which.into();
    let channel = channels.get(slug).ok_or_else(|| unknown_channel(slug))?;
    let view = store.post_view(post).await?;
    let delivery = view
        .deliveries
        .into_iter()
        .map(|d| d.delivery)
        .filter(|d| d.channel == slug)
        .max_by_key(|d| d.number)
        .ok_or_else(|| StoreError::from(StoreRefusal::NotOnChannel { post, channel: slug.to_owned() }))?;
    let about = (&delivery, mark);
    match resolution {
        Resolution::Published(url) => published(store, channel, clock, hold, about, &url, by).await,
        Resolution::NotPublished => not_published(store, channel, clock, hold, about, by).await,
    }
}

/// What a word is about: the delivery, and how the person has seen its post.
type About<'d> = (&'d Delivery, Option<String>);

async fn published(
    store: &Store,
    channel: &Channel,
    clock: &dyn Clock,
    length: HoldLength,
    (d, mark): About<'_>,
    url: &Url,
    by: &str,
) -> Result<State, ResolveError> {
    let doubt = store.doubt_of(d.id).await?;
    let seen = channel.adapter.at_address(url).await;
    let there = time_there(channel, d, seen.as_ref().ok()).await?;
    let now = clock.now();
    let mut revision = revision_asked_about(d, &[], None);
    let (receipt, hold) = match seen {
        Ok((id, sighting)) => match &sighting.presence {
            Presence::Live(shown) => {
                let expected = expected(store, channel, d, doubt.as_ref()).await?;
                let reads = |text: &Prepared| same_text(&text.post.plain, shown);
                if !shown.opaque && !expected.is_empty() && !expected.iter().any(reads) {
                    let url = url.clone();
                    let why = if d.is_primary && d.state != State::Published {
                        Contradiction::PrimaryReadsDifferently(url)
                    } else {
                        Contradiction::ReadsDifferently(url)
                    };
                    return Err(why.into());
                }
                revision = revision_asked_about(d, &expected, Some(&sighting.presence));
                let url = shown.url.clone().unwrap_or_else(|| url.clone());
                let receipt = receipt(id, Some(url), shown.platform_time, there, None);
                verified(d, doubt.as_ref(), receipt, now, length)
            }
            Presence::Gone => {
                return Err(Contradiction::NothingThere(url.clone()).into());
            }
            Presence::Unknown(reason) => unverified(id, url, now, length, reason),
        },
        Err(AdapterError::Unclear { told }) => return Err(Contradiction::NotOfTheChannel(told.reason).into()),
        Err(AdapterError::Retry { told, .. }) => return Err(ResolveError::NoAnswer(told.reason)),
        // The token comes first: without the platform's own id nothing could be asked about the post later, corrected or
        // taken down.
        Err(AdapterError::Unauthorised { told }) => return Err(ResolveError::NoAnswer(told.reason)),
        // What cannot be verified counts from when it was entered.
        Err(AdapterError::Unsupported(reason)) => unverified(RemoteId(url.to_string()), url, now, length, &reason),
    };
    let confirmation = Confirmation { receipt, by: By::Person, hold, actor: by.into(), revision };
    Ok(store.resolve_published(DeliveryAsSeen { delivery: d.id, mark }, confirmation, now).await?.state)
}

/// What time it is on the platform, which a primary's hold counts by, too: as the answer said, or as it is asked for.
async fn time_there(
    channel: &Channel,
    d: &Delivery,
    seen: Option<&(RemoteId, Sighting)>,
) -> Result<Option<DateTime<Utc>>, ResolveError> {
    let told = seen.and_then(|(_, sighting)| sighting.clock.earliest());
    if told.is_some() || !d.is_primary || seen.is_none() {
        return Ok(told);
    }
    match channel.adapter.clock().await {
        Ok(clock) => Ok(clock.earliest()),
        Err(AdapterError::Unsupported(_)) => Ok(None),
        Err(error) => Err(ResolveError::NoAnswer(error.to_string())),
    }
}

/// From when a post counts that was seen at the address a person entered.
fn verified(
    d: &Delivery,
    doubt: Option<&Doubt>,
    receipt: Receipt,
    now: DateTime<Utc>,
    length: HoldLength,
) -> (Receipt, Hold) {
    let edited = d.state == State::Published || doubt.is_some_and(|doubt| doubt.action != Action::Publish);
    if edited {
        // Platforms tell no time of an edit: this reading is the first that anyone vouches for.
        let hold = Hold::from_reading(now, receipt.server_date, length);
        return (Receipt { platform_time: None, ..receipt }, hold);
    }
    let hold = match (receipt.platform_time, doubt) {
        // The platform's time counts, but not before the attempt that made the post.
        (Some(_), Some(doubt)) => Hold::from_found(&receipt, doubt.started_at, length),
        (Some(time), None) if d.state != State::Handed => Hold::from_found(&receipt, time, length),
        // What a person puts up by hand counts from when they say so, never from when they say it happened.
        _ if d.is_primary => Hold::from_primary_receipt(&receipt, now, length),
        _ => Hold::from_receipt(&receipt, now, length),
    };
    (receipt, hold)
}

async fn not_published(
    store: &Store,
    channel: &Channel,
    clock: &dyn Clock,
    length: HoldLength,
    (d, mark): About<'_>,
    by: &str,
) -> Result<State, ResolveError> {
    if d.state == State::Published {
        return taken_down(store, channel, clock, (d, mark), by).await;
    }
    let doubt = store.doubt_of(d.id).await?;
    if let Some(doubt) = doubt.as_ref().filter(|doubt| doubt.action == Action::Publish) {
        must_have_arrived(channel, doubt, clock.now())?;
    }
    let never_attempted = d.is_asked_whether_out();
    let mut texts: Vec<Prepared> = doubt.iter().filter_map(|doubt| doubt.prepared.clone()).collect();
    if never_attempted || d.unanswered_call.is_some() {
        texts.extend(prepared_of_all(store, channel, d).await?);
    }
    let view = store.post_view(d.post).await?;
    let is_over = view.cancel.is_some() || view.withdraw.is_some();
    if !texts.is_empty() {
        let known = store.known_ids(&d.channel, d.id).await?;
        match find_any(channel, &texts, &known).await {
            Ok(Found::Yes(receipt)) => {
                let now = clock.now();
                let place = receipt.url.as_ref().map_or_else(|| receipt.id.to_string(), ToString::to_string);
                let started_at = doubt.map(|doubt| doubt.started_at).or(receipt.platform_time).unwrap_or(now);
                let hold = Hold::from_found(&receipt, started_at, length);
                let there = if never_attempted { channel.adapter.presence(&receipt.id).await.ok() } else { None };
                let revision = revision_asked_about(d, &texts, there.as_ref().map(|there| &there.presence));
                let confirmation = Confirmation { receipt, by: By::Find, hold, actor: by.into(), revision };
                store.resolve_published(DeliveryAsSeen { delivery: d.id, mark }, confirmation, now).await?;
                return Err(Contradiction::StandsAfterAll { channel: d.channel.clone(), place }.into());
            }
            // A person who looked knows more than a platform that does not show all; but what never was attempted, and
            // would be sent on their word, may be one of the candidates that were found.
            Ok(Found::CannotTell(reason)) if never_attempted && !is_over => {
                return Err(Contradiction::SeveralMayBe { channel: d.channel.clone(), reason }.into());
            }
            Ok(Found::No(_) | Found::CannotTell(_) | Found::OutOfSight(_)) => {}
            Err(AdapterError::Unsupported(_) | AdapterError::Unauthorised { .. }) => {}
            Err(error) => return Err(ResolveError::NoAnswer(error.to_string())),
        }
    }
    Ok(store.resolve_not_published(DeliveryAsSeen { delivery: d.id, mark }, by, clock.now()).await?.state)
}

/// A platform needs a while for what it was sent: who looks before that sees nothing, and a second post would follow.
fn must_have_arrived(channel: &Channel, doubt: &Doubt, now: DateTime<Utc>) -> Result<(), Contradiction> {
    let left = doubt.started_at + channel.adapter.doubt_policy().first_look_after - now;
    // A clock that was put back since says nothing.
    if left <= TimeDelta::zero() || now < doubt.started_at {
        return Ok(());
    }
    Err(Contradiction::OnItsWay { channel: channel.slug.clone(), seconds: left.num_seconds() + 1 })
}

/// A person says that what stood was taken down by hand.
async fn taken_down(
    store: &Store,
    channel: &Channel,
    clock: &dyn Clock,
    (d, mark): About<'_>,
    by: &str,
) -> Result<State, ResolveError> {
    let id = RemoteId(d.remote_id.clone().unwrap_or_default());
    match channel.adapter.presence(&id).await {
        Ok(Sighting { presence: Presence::Live(_), .. }) => {
            let place = d.url.clone().unwrap_or(id.0);
            Err(Contradiction::StillStands { post: d.post, channel: d.channel.clone(), place }.into())
        }
        Ok(_) | Err(AdapterError::Unsupported(_) | AdapterError::Unauthorised { .. }) => {
            Ok(store.resolve_taken_down(DeliveryAsSeen { delivery: d.id, mark }, by, clock.now()).await?.state)
        }
        Err(error) => Err(ResolveError::NoAnswer(error.to_string())),
    }
}

/// `post republish`: only what certainly does not stand any more is published anew.
pub async fn republish(
    store: &Store,
    channels: &Channels,
    clock: &dyn Clock,
    which: impl Into<AsSeen>,
    by: &str,
) -> Result<(), ResolveError> {
    let seen = which.into();
    let post = seen.post;
    let view = store.post_view(post).await?;
    if view.cancel.is_some() || view.withdraw.is_some() {
        return Err(Contradiction::Over(post).into());
    }
    let primary = view.deliveries.into_iter().map(|v| v.delivery).filter(|d| d.is_primary).max_by_key(|d| d.number);
    let Some(d) = primary.filter(|d| matches!(d.state, State::Published | State::Withdrawn)) else {
        return Err(Contradiction::NotOut(post).into());
    };
    let channel = channels.get(&d.channel).ok_or_else(|| unknown_channel(&d.channel))?;
    let id = RemoteId(d.remote_id.clone().unwrap_or_default());
    match channel.adapter.presence(&id).await {
        Ok(Sighting { presence: Presence::Gone, .. }) => {}
        // Where deletion cannot be seen, not being seen is all there is.
        Ok(Sighting { presence: Presence::Unknown(_), .. }) if !channel.adapter.traits().sees_deletion => {}
        Ok(Sighting { presence: Presence::Live(_), .. }) => {
            let (channel, place) = (d.channel, d.url.unwrap_or(id.0));
            return Err(Contradiction::StandsInThePrimary { post, channel, place }.into());
        }
        Ok(Sighting { presence: Presence::Unknown(reason), .. }) => return Err(ResolveError::NoAnswer(reason)),
        Err(error) => return Err(ResolveError::NoAnswer(error.to_string())),
    }
    store.republish(seen, by, clock.now()).await?;
    Ok(())
}

/// What the post may read: as it was sent, or as it would be sent now; of what nobody saw sent, as any of its revisions.
async fn expected(
    store: &Store,
    channel: &Channel,
    d: &Delivery,
    doubt: Option<&Doubt>,
) -> Result<Vec<Prepared>, StoreError> {
    if d.unanswered_call == Some(UnansweredCall::TextMayBeLost) {
        let view = store.post_view(d.post).await?;
        if view.cancel.is_some() && view.withdraw.is_none() {
            // It stays as it stands, and nobody has the text any more.
            return Ok(Vec::new());
        }
    }
    if d.is_asked_whether_out() {
        return prepared_of_all(store, channel, d).await;
    }
    let sent = doubt.and_then(|doubt| doubt.prepared.clone());
    Ok(sent.into_iter().chain(prepared_now(store, channel, d).await?).collect())
}

/// Which revision stands, where it was never sent as far as is known; `None` counts as the newest.
fn revision_asked_about(d: &Delivery, texts: &[Prepared], there: Option<&Presence>) -> Option<u32> {
    match there {
        _ if !d.is_asked_whether_out() => None,
        Some(there @ Presence::Live(shown)) if !shown.opaque && !texts.is_empty() => Some(revision_shown(texts, there)),
        // A follower is given the newest text; behind a primary that shows another one nothing goes out.
        _ => (!d.is_primary).then_some(1),
    }
}

fn receipt(
    id: RemoteId,
    url: Option<Url>,
    platform_time: Option<DateTime<Utc>>,
    server_date: Option<DateTime<Utc>>,
    remark: Option<String>,
) -> Receipt {
    Receipt { id, url, platform_time, server_date, remark, answer: None, shown: None }
}

fn unverified(id: RemoteId, url: &Url, now: DateTime<Utc>, length: HoldLength, why: &str) -> (Receipt, Hold) {
    let remark = Some(format!("entered by a person and not verified: {why}"));
    let receipt = receipt(id, Some(url.clone()), None, None, remark);
    let hold = Hold::from_receipt(&receipt, now, length);
    (receipt, hold)
}

fn unknown_channel(slug: &str) -> StoreError {
    StoreError::NotFound { what: "channel", name: slug.into(), hint: "; `vestnik channel list` shows them".into() }
}
