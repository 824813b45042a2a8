//! Queueing a post.

use chrono::{DateTime, Utc};

use super::db::{execute, fetch_all, fetch_optional, read_optional};
use super::journal::{About, append};
use super::rows::{deliveries, micros, uuid};
use super::writer::Tx;
use super::{Ids, Store, StoreError, StoreRefusal};
use crate::domain::schedule::follower_at;
use crate::domain::{HoldLength, PostContent, PostId};
use crate::journal::Event;
use crate::journal::event::{Planned, Queued as QueuedEvent};

/// A post to be queued, already checked against every channel's limits.
#[derive(Debug, Clone)]
pub struct NewPost {
    /// The organisation.
    pub organisation: String,
    /// What it says.
    pub content: PostContent,
    /// The primary channel.
    pub primary: String,
    /// The followers, each with the officer's own earliest time.
    pub followers: Vec<(String, Option<DateTime<Utc>>)>,
    /// When it goes out on the primary.
    pub at: DateTime<Utc>,
    /// Past it, what has not gone out fails.
    pub expires_at: Option<DateTime<Utc>>,
    /// The caller's idempotency key.
    pub key: Option<String>,
    /// SHA-256 of everything asked for, to tell a repeated key from a reused one.
    pub request_sha256: String,
    /// Who queues it.
    pub by: String,
    /// The hold as configured, for the planned times of followers.
    pub hold: HoldLength,
}

/// A queued post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Queued {
    /// Its id.
    pub id: PostId,
    /// It was queued before under the same key; nothing was done now.
    pub repeated: bool,
    /// For every channel, the primary first, the planned time.
    pub planned: Vec<(String, DateTime<Utc>)>,
}

pub(super) const BY_KEY: &str = "SELECT id, request_sha256 FROM post WHERE organisation = $1 AND idempotency_key = $2";
pub(super) const INSERT_POST: &str = "INSERT INTO post (id, organisation, revision, created_at, created_by, expires_at, \
     idempotency_key, request_sha256) VALUES ($1, $2, 1, $3, $4, $5, $6, $7)";
pub(super) const INSERT_REVISION: &str = "INSERT INTO revision (post, number, content, title, sha256, created_at, \
     created_by) VALUES ($1, $2, $3, $4, $5, $6, $7)";
/// What is queued now is not there yet: it needs no look before it is sent (`looked_at`).
pub(super) const INSERT_DELIVERY: &str = "INSERT INTO delivery (id, post, organisation, channel, is_primary, number, \
     state, action, due_at, planned_at, not_before, looked_at) \
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, (SELECT created_at FROM post WHERE id = $2))";
pub(super) const LIVE_CHANNELS: &str = "SELECT slug FROM channel WHERE organisation = $1 AND retired = 0";

impl Store {
    /// Queues a post: once per key, however often it is asked.
    pub async fn queue_post(&self, new: NewPost, now: DateTime<Utc>) -> Result<Queued, StoreError> {
        let ids = self.ids.clone();
        self.write(move |tx| Box::pin(async move { insert_post(tx, &*ids, &new, now).await })).await
    }

    /// Whether an organisation has a post under this key.
    pub async fn knows_key(&self, organisation: &str, key: &str) -> Result<bool, StoreError> {
        Ok(read_optional!(&self.readers, (String, String), BY_KEY, organisation, key)?.is_some())
    }

    /// The post that was queued under this key; refused when something else is asked for now. `request_sha256`: every
    /// hash under which the request may be kept.
    pub async fn queued_before(
        &self,
        organisation: &str,
        key: &str,
        request_sha256: &[&str],
    ) -> Result<Option<Queued>, StoreError> {
        let (organisation, key) = (organisation.to_owned(), key.to_owned());
        let request: Vec<String> = request_sha256.iter().map(|&hash| hash.to_owned()).collect();
        self.write(move |tx| Box::pin(async move { repeated(tx, &organisation, &key, &request).await })).await
    }
}

/// Queues a post in this transaction.
pub(super) async fn insert_post(
    tx: &mut Tx,
    ids: &dyn Ids,
    new: &NewPost,
    now: DateTime<Utc>,
) -> Result<Queued, StoreError> {
    if let Some(key) = new.key.as_deref()
        && let Some(queued) = repeated(tx, &new.organisation, key, std::slice::from_ref(&new.request_sha256)).await?
    {
        return Ok(queued);
    }
    let live = fetch_all!(tx.sql().await?, (String,), LIVE_CHANNELS, &*new.organisation)?;
    for slug in std::iter::once(&new.primary).chain(new.followers.iter().map(|f| &f.0)) {
        if !live.iter().any(|l| l.0 == *slug) {
            return Err(StoreError::no_channel(slug));
        }
    }
    let id = PostId(ids.next(now));
    insert(tx, id, new, now).await?;
    let mut planned = vec![(new.primary.clone(), new.at)];
    insert_delivery(tx, ids.next(now), id, new, (&new.primary, 1), new.at, None).await?;
    for (slug, not_before) in &new.followers {
        let at = follower_at(new.at, new.hold, *not_before);
        insert_delivery(tx, ids.next(now), id, new, (slug, 0), at, *not_before).await?;
        planned.push((slug.clone(), at));
    }
    let event = Event::PostQueued(QueuedEvent {
        revision: 1,
        title: new.content.title.clone(),
        content_sha256: new.content.sha256(),
        planned: planned.iter().map(|(channel, at)| Planned { channel: channel.clone(), at: *at }).collect(),
        expires_at: new.expires_at,
        key: new.key.clone(),
    });
    let about = About { post: Some(id.0), ..About::default() };
    append(tx, &new.organisation, now, &new.by, about, event).await?;
    Ok(Queued { id, repeated: false, planned })
}

async fn repeated(
    tx: &mut Tx,
    organisation: &str,
    key: &str,
    request_sha256: &[String],
) -> Result<Option<Queued>, StoreError> {
    let Some((id, request)) = fetch_optional!(tx.sql().await?, (String, String), BY_KEY, organisation, key)? else {
        return Ok(None);
    };
    let id = PostId(uuid("post", &id)?);
    if !request_sha256.contains(&request) {
        return Err(StoreRefusal::KeyTaken { key: key.to_owned(), post: id }.into());
    }
    let planned = deliveries(tx, id).await?.into_iter().map(|d| (d.channel, d.planned_at)).collect();
    Ok(Some(Queued { id, repeated: true, planned }))
}

async fn insert(tx: &mut Tx, id: PostId, new: &NewPost, now: DateTime<Utc>) -> Result<(), StoreError> {
    execute!(
        tx.sql().await?,
        INSERT_POST,
        id.to_string(),
        &*new.organisation,
        micros(now),
        &*new.by,
        new.expires_at.map(micros),
        new.key.as_deref(),
        &*new.request_sha256,
    )?;
    insert_revision(tx, id, 1, &new.content, now, &new.by).await
}

/// Writes down an immutable content.
pub(super) async fn insert_revision(
    tx: &mut Tx,
    post: PostId,
    number: u32,
    content: &PostContent,
    now: DateTime<Utc>,
    by: &str,
) -> Result<(), StoreError> {
    let json = serde_json::to_string(content).map_err(|e| StoreError::corrupt("revision", post, e))?;
    execute!(
        tx.sql().await?,
        INSERT_REVISION,
        post.to_string(),
        i64::from(number),
        json,
        &*content.title,
        content.sha256(),
        micros(now),
        by,
    )?;
    Ok(())
}

async fn insert_delivery(
    tx: &mut Tx,
    id: uuid::Uuid,
    post: PostId,
    new: &NewPost,
    (channel, primary): (&str, u8),
    at: DateTime<Utc>,
    not_before: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    let is_primary = primary == 1;
    execute!(
        tx.sql().await?,
        INSERT_DELIVERY,
        id.to_string(),
        post.to_string(),
        &*new.organisation,
        channel,
        is_primary,
        1_i64,
        if is_primary { "queued" } else { "waiting" },
        is_primary.then_some("publish"),
        is_primary.then_some(micros(at)),
        micros(at),
        not_before.map(micros),
    )?;
    Ok(())
}
