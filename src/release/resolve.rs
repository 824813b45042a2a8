//! A person settles what vestnik could not: `post resolve`.

use chrono::{DateTime, Utc};
use url::Url;
use vestnik_contract::text::same_text;
use vestnik_contract::{AdapterError, Clock, DeliveryKey, Found, Prepared, Presence, Receipt, RemoteId};

use super::channels::{Channel, Channels};
use super::compose::compose;
use crate::domain::content::PrimaryUrl;
use crate::domain::delivery::State;
use crate::domain::{Hold, HoldLength, PostId};
use crate::journal::event::By;
use crate::store::{Confirmation, Delivery, Store, StoreError};

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
    #[error("{0}")]
    Contradicted(String),
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
    (post, slug): (PostId, &str),
    (resolution, by): (Resolution, &str),
) -> Result<State, ResolveError> {
    let channel = channels.get(slug).ok_or_else(|| StoreError::NotFound {
        what: "channel",
        name: slug.into(),
        hint: "; `vestnik channel list` shows them".into(),
    })?;
    let view = store.post_view(post).await?;
    let delivery = view
        .deliveries
        .into_iter()
        .map(|d| d.delivery)
        .filter(|d| d.channel == slug)
        .max_by_key(|d| d.number)
        .ok_or_else(|| {
            StoreError::Refused(format!(
                "post {post} does not go to channel `{slug}`; `vestnik post show {post}` tells where it goes"
            ))
        })?;
    match resolution {
        Resolution::Published(url) => published(store, channel, clock, hold, &delivery, &url, by).await,
        Resolution::NotPublished => not_published(store, channel, clock, hold, &delivery, by).await,
    }
}

async fn published(
    store: &Store,
    channel: &Channel,
    clock: &dyn Clock,
    length: HoldLength,
    d: &Delivery,
    url: &Url,
    by: &str,
) -> Result<State, ResolveError> {
    let seen = channel.adapter.at_address(url).await;
    let now = clock.now();
    let (receipt, hold) = match seen {
        Ok((id, sighting)) => match sighting.presence {
            Presence::Live(shown) => {
                let content = store.content_of(d.post, revision_of(store, d).await?).await?;
                if let Ok(post) = compose(channel, &content, PrimaryUrl::None)
                    && !shown.opaque
                    && !same_text(&post.plain, &shown)
                    && !attempted_text(store, d).await?.is_some_and(|sent| same_text(&sent, &shown))
                {
                    return Err(ResolveError::Contradicted(format!(
                        "the post at {url} reads differently than this one; enter the address of this post"
                    )));
                }
                let receipt = receipt(
                    id,
                    Some(shown.url.unwrap_or_else(|| url.clone())),
                    shown.platform_time,
                    sighting.clock.header,
                    None,
                );
                let hold = verified_from(store, d, &receipt, now, length).await?;
                (receipt, hold)
            }
            Presence::Gone => {
                return Err(ResolveError::Contradicted(format!(
                    "nothing stands at {url}; enter the address of the post"
                )));
            }
            Presence::Unknown(reason) => unverified(url, now, length, &reason),
        },
        Err(AdapterError::Unclear { told }) => return Err(ResolveError::Contradicted(told.reason)),
        Err(AdapterError::Retry { told, .. }) => return Err(ResolveError::NoAnswer(told.reason)),
        // What cannot be verified counts from when it was entered.
        Err(AdapterError::Unauthorised { told }) => unverified(url, now, length, &told.reason),
        Err(AdapterError::Unsupported(reason)) => unverified(url, now, length, &reason),
    };
    let confirmation = Confirmation { receipt, by: By::Person, hold, actor: by.into() };
    Ok(store.resolve_published(d.id, confirmation, now).await?.state)
}

async fn not_published(
    store: &Store,
    channel: &Channel,
    clock: &dyn Clock,
    length: HoldLength,
    d: &Delivery,
    by: &str,
) -> Result<State, ResolveError> {
    let (prepared, known, started_at) = match store.doubt_of(d.id).await? {
        Some(doubt) => (doubt.prepared, doubt.known, Some(doubt.started_at)),
        None if d.stop_reason.is_some() && matches!(d.state, State::Queued | State::Held) => {
            let content = store.content_of(d.post, revision_of(store, d).await?).await?;
            let prepared = compose(channel, &content, PrimaryUrl::None).ok().map(|post| Prepared {
                key: DeliveryKey { delivery: d.id.0, revision: 1 },
                post,
                at: d.planned_at,
                notes: serde_json::Value::Null,
            });
            (prepared, store.known_ids(&d.channel, d.id).await?, None)
        }
        None => (None, Vec::new(), None),
    };
    if let Some(prepared) = prepared {
        match channel.adapter.find(&prepared, &known).await {
            Ok(Found::Yes(receipt)) => {
                let now = clock.now();
                let at = receipt.url.as_ref().map_or_else(|| receipt.id.to_string(), ToString::to_string);
                let hold = Hold::from_found(&receipt, started_at.or(receipt.platform_time).unwrap_or(now), length);
                let confirmation = Confirmation { receipt, by: By::Find, hold, actor: by.into() };
                store.resolve_published(d.id, confirmation, now).await?;
                return Err(ResolveError::Contradicted(format!(
                    "it stands on channel `{}`: {at}; it was settled as published",
                    d.channel
                )));
            }
            Ok(Found::No(_) | Found::CannotTell(_))
            | Err(AdapterError::Unsupported(_) | AdapterError::Unauthorised { .. }) => {}
            Err(error) => return Err(ResolveError::NoAnswer(error.to_string())),
        }
    }
    Ok(store.resolve_not_published(d.id, by, clock.now()).await?.state)
}

fn receipt(
    id: RemoteId,
    url: Option<Url>,
    platform_time: Option<DateTime<Utc>>,
    server_date: Option<DateTime<Utc>>,
    remark: Option<String>,
) -> Receipt {
    Receipt { id, url, platform_time, server_date, remark, answer: None }
}

fn unverified(url: &Url, now: DateTime<Utc>, length: HoldLength, why: &str) -> (Receipt, Hold) {
    let remark = Some(format!("entered by a person and not verified: {why}"));
    let receipt = receipt(RemoteId(url.to_string()), Some(url.clone()), None, None, remark);
    let hold = Hold::from_receipt(&receipt, now, length);
    (receipt, hold)
}

/// A verified post counts from the platform's time, but not before the attempt that made it; what a person puts up
/// by hand counts from when they say so, never from when they say it happened.
async fn verified_from(
    store: &Store,
    d: &Delivery,
    receipt: &Receipt,
    now: DateTime<Utc>,
    length: HoldLength,
) -> Result<Hold, StoreError> {
    let started_at = store.doubt_of(d.id).await?.map(|doubt| doubt.started_at);
    Ok(match (receipt.platform_time, started_at) {
        (Some(_), Some(started_at)) => Hold::from_found(receipt, started_at, length),
        (Some(time), None) if d.state != State::Handed => Hold::from_found(receipt, time, length),
        _ => Hold::from_receipt(receipt, now, length),
    })
}

async fn revision_of(store: &Store, d: &Delivery) -> Result<u32, StoreError> {
    Ok(match store.doubt_of(d.id).await? {
        Some(doubt) => doubt.revision,
        None => store.post_view(d.post).await?.revision,
    })
}

async fn attempted_text(store: &Store, d: &Delivery) -> Result<Option<String>, StoreError> {
    Ok(store.doubt_of(d.id).await?.and_then(|doubt| doubt.prepared).map(|p| p.post.plain))
}
