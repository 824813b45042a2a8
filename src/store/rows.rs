//! Rows as the database gives them, and as the program reads them.

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::StoreError;
use super::changes::json;
use super::db::{Db, fetch_all, fetch_optional};
use super::writer::Tx;
use crate::domain::delivery::{Action, State, UnansweredCall};
use crate::domain::{DeliveryId, HoldLength, PostId, Reason, ReasonKind, StopKind};
use crate::journal::event::Why;

/// Microseconds since 1970, as all times are kept.
pub(super) fn micros(at: DateTime<Utc>) -> i64 {
    at.timestamp_micros()
}

/// The instant behind kept microseconds.
pub(super) fn instant(table: &'static str, id: &str, micros: i64) -> Result<DateTime<Utc>, StoreError> {
    DateTime::from_timestamp_micros(micros)
        .ok_or_else(|| StoreError::corrupt(table, id, format!("{micros} is no time")))
}

pub(super) fn instant_opt(
    table: &'static str,
    id: &str,
    micros: Option<i64>,
) -> Result<Option<DateTime<Utc>>, StoreError> {
    micros.map(|m| instant(table, id, m)).transpose()
}

pub(super) fn uuid(table: &'static str, text: &str) -> Result<Uuid, StoreError> {
    text.parse().map_err(|_| StoreError::corrupt(table, text, "this is no UUID"))
}

pub(super) fn count(table: &'static str, id: &str, n: i64) -> Result<u32, StoreError> {
    u32::try_from(n).map_err(|_| StoreError::corrupt(table, id, format!("{n} is no count")))
}

#[derive(Debug, sqlx::FromRow)]
pub(super) struct DeliveryRow {
    id: String,
    post: String,
    organisation: String,
    channel: String,
    is_primary: bool,
    number: i64,
    state: String,
    action: Option<String>,
    due_at: Option<i64>,
    planned_at: i64,
    not_before: Option<i64>,
    shown_revision: Option<i64>,
    shows_lost_text: bool,
    remote_id: Option<String>,
    url: Option<String>,
    platform_time: Option<i64>,
    published_at: Option<i64>,
    tries: i64,
    calls: i64,
    last_reason: Option<String>,
    last_kind: Option<String>,
    stop_kind: Option<String>,
    stop_reason: Option<String>,
    stop_todo: Option<String>,
    confirmed_at: Option<i64>,
    looked_at: Option<i64>,
    unanswered_call: Option<String>,
    lease_by: Option<String>,
    lease_until: Option<i64>,
}

/// One post on one channel, as stored.
#[derive(Debug, Clone, PartialEq)]
pub struct Delivery {
    /// Its id.
    pub id: DeliveryId,
    /// The post.
    pub post: PostId,
    /// The organisation.
    pub organisation: String,
    /// The channel.
    pub channel: String,
    /// Whether the channel is the primary.
    pub is_primary: bool,
    /// Counts up when a deleted primary is published anew.
    pub number: u32,
    /// Where it stands.
    pub state: State,
    /// What is to be done next.
    pub action: Option<Action>,
    /// From when.
    pub due_at: Option<DateTime<Utc>>,
    /// The time that people were told.
    pub planned_at: DateTime<Utc>,
    /// The officer's own earliest time.
    pub not_before: Option<DateTime<Utc>>,
    /// The revision that stands on the platform.
    pub shown_revision: Option<u32>,
    /// What stands may be a later text, lost with a newer database.
    pub shows_lost_text: bool,
    /// The platform's id.
    pub remote_id: Option<String>,
    /// The public address.
    pub url: Option<String>,
    /// The platform's own time.
    pub platform_time: Option<DateTime<Utc>>,
    /// The time the publication counts from.
    pub published_at: Option<DateTime<Utc>>,
    /// Retryable failures in a row.
    pub tries: u32,
    /// How often its platform was called to publish it.
    pub calls: u32,
    /// Why the last try did not end in a receipt.
    pub last_reason: Option<String>,
    /// Of what kind that is; `None` of a reason that was written down before kinds were.
    pub last_kind: Option<ReasonKind>,
    /// What a person is asked: nothing is begun until they decide.
    pub stop_kind: Option<StopKind>,
    /// The same in a sentence.
    pub stop_reason: Option<String>,
    /// What the person can do.
    pub stop_todo: Option<String>,
    /// When a person last confirmed that it stands.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// When it was certain last that it is not out: queued, or asked the platform; `None` since the daemon started.
    pub looked_at: Option<DateTime<Utc>>,
    /// It may be out: called before an older copy came back, or asked about and not answered; `None` once looked at.
    pub unanswered_call: Option<UnansweredCall>,
    pub(super) lease_by: Option<String>,
    pub(super) lease_until: Option<DateTime<Utc>>,
}

impl TryFrom<DeliveryRow> for Delivery {
    type Error = StoreError;

    fn try_from(r: DeliveryRow) -> Result<Self, StoreError> {
        const T: &str = "delivery";
        Ok(Self {
            due_at: instant_opt(T, &r.id, r.due_at)?,
            planned_at: instant(T, &r.id, r.planned_at)?,
            not_before: instant_opt(T, &r.id, r.not_before)?,
            platform_time: instant_opt(T, &r.id, r.platform_time)?,
            published_at: instant_opt(T, &r.id, r.published_at)?,
            confirmed_at: instant_opt(T, &r.id, r.confirmed_at)?,
            looked_at: instant_opt(T, &r.id, r.looked_at)?,
            lease_until: instant_opt(T, &r.id, r.lease_until)?,
            number: count(T, &r.id, r.number)?,
            tries: count(T, &r.id, r.tries)?,
            calls: count(T, &r.id, r.calls)?,
            shows_lost_text: r.shows_lost_text,
            shown_revision: r.shown_revision.map(|n| count(T, &r.id, n)).transpose()?,
            state: r.state.parse().map_err(|e| StoreError::corrupt(T, &r.id, e))?,
            unanswered_call: r
                .unanswered_call
                .map(|l| l.parse().map_err(|e| StoreError::corrupt(T, &r.id, e)))
                .transpose()?,
            action: r.action.map(|a| a.parse().map_err(|e| StoreError::corrupt(T, &r.id, e))).transpose()?,
            post: PostId(uuid(T, &r.post)?),
            id: DeliveryId(uuid(T, &r.id)?),
            organisation: r.organisation,
            channel: r.channel,
            is_primary: r.is_primary,
            remote_id: r.remote_id,
            url: r.url,
            last_reason: r.last_reason,
            last_kind: reason_kind(T, &r.id, r.last_kind)?,
            stop_kind: stop_kind(&r.id, r.stop_kind, r.stop_reason.is_some())?,
            stop_reason: r.stop_reason,
            stop_todo: r.stop_todo,
            lease_by: r.lease_by,
        })
    }
}

fn stop_kind(id: &str, kind: Option<String>, is_stopped: bool) -> Result<Option<StopKind>, StoreError> {
    match kind {
        None if is_stopped => Err(StoreError::corrupt("delivery", id, "it is stopped for no kind of reason")),
        kind => kind.map(|k| k.parse().map_err(|e| StoreError::corrupt("delivery", id, e))).transpose(),
    }
}

pub(super) fn reason_kind(
    table: &'static str,
    id: &str,
    kind: Option<String>,
) -> Result<Option<ReasonKind>, StoreError> {
    kind.map(|k| k.parse().map_err(|e| StoreError::corrupt(table, id, e))).transpose()
}

/// What the journal is told of it.
impl From<&Reason> for Why {
    fn from(reason: &Reason) -> Self {
        Self::of_kind(reason.kind.name(), &*reason.said)
    }
}

pub(super) const DELIVERY_BY_ID: &str = "SELECT * FROM delivery WHERE id = $1";
pub(super) const DELIVERIES_OF_POSTS: &str = "SELECT * FROM delivery WHERE post IN (SELECT value FROM json_each($1)) \
     ORDER BY post, is_primary DESC, channel, number";

pub(super) async fn delivery(tx: &mut Tx, id: DeliveryId) -> Result<Delivery, StoreError> {
    if let Some(facts) = &tx.facts {
        return facts.delivery(id).cloned().ok_or(StoreError::Alone);
    }
    fetch_optional!(tx.sql().await?, DeliveryRow, DELIVERY_BY_ID, id.to_string())?
        .ok_or_else(|| no_delivery(id))?
        .try_into()
}

/// All deliveries of a post, the primary's first.
pub(super) async fn deliveries(tx: &mut Tx, post: PostId) -> Result<Vec<Delivery>, StoreError> {
    match &tx.facts {
        Some(facts) if facts.post.id == post => Ok(facts.deliveries.clone()),
        _ => deliveries_of(tx.sql().await?, &[post]).await,
    }
}

/// All deliveries of posts, for each the primary's first.
pub(super) async fn deliveries_of(db: &mut Db, posts: &[PostId]) -> Result<Vec<Delivery>, StoreError> {
    let rows = fetch_all!(db, DeliveryRow, DELIVERIES_OF_POSTS, json(posts)?)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

/// Keeps what a delivery became. It is written with the next statement, or at the end.
pub(super) fn save(tx: &mut Tx, d: &Delivery) {
    tx.changes.delivery(d);
    if let Some(facts) = &mut tx.facts {
        facts.save(d);
    }
}

#[derive(Debug, sqlx::FromRow)]
pub(super) struct PostRow {
    #[sqlx(rename = "of_post")]
    id: String,
    #[sqlx(rename = "of_organisation")]
    organisation: String,
    revision: i64,
    created_at: i64,
    created_by: String,
    expires_at: Option<i64>,
    cancel_at: Option<i64>,
    cancel_by: Option<String>,
    cancel_reason: Option<String>,
    withdraw_at: Option<i64>,
    withdraw_by: Option<String>,
    withdraw_reason: Option<String>,
}

/// What people said that applies to a whole post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Order {
    /// When.
    pub at: DateTime<Utc>,
    /// Who.
    pub by: String,
    /// Why.
    pub reason: String,
}

#[derive(Debug, Clone)]
pub(super) struct Post {
    pub id: PostId,
    pub organisation: String,
    pub revision: u32,
    pub created_at: DateTime<Utc>,
    pub created_by: String,
    pub expires_at: Option<DateTime<Utc>>,
    pub cancel: Option<Order>,
    pub withdraw: Option<Order>,
}

impl Post {
    /// A person cancelled or withdrew it.
    pub fn is_over(&self) -> bool {
        self.cancel.is_some() || self.withdraw.is_some()
    }
}

impl TryFrom<PostRow> for Post {
    type Error = StoreError;

    fn try_from(r: PostRow) -> Result<Self, StoreError> {
        const T: &str = "post";
        let order = |at: Option<i64>, by: Option<String>, reason: Option<String>| match (at, by, reason) {
            (Some(at), Some(by), Some(reason)) => Ok(Some(Order { at: instant(T, &r.id, at)?, by, reason })),
            _ => Ok::<_, StoreError>(None),
        };
        Ok(Self {
            cancel: order(r.cancel_at, r.cancel_by, r.cancel_reason)?,
            withdraw: order(r.withdraw_at, r.withdraw_by, r.withdraw_reason)?,
            id: PostId(uuid(T, &r.id)?),
            revision: count(T, &r.id, r.revision)?,
            created_at: instant(T, &r.id, r.created_at)?,
            expires_at: instant_opt(T, &r.id, r.expires_at)?,
            organisation: r.organisation,
            created_by: r.created_by,
        })
    }
}

/// The columns of a [`PostRow`], of post `p`.
macro_rules! post_columns {
    () => {
        "p.id AS of_post, p.organisation AS of_organisation, p.revision, p.created_at, p.created_by, p.expires_at, \
         p.cancel_at, p.cancel_by, p.cancel_reason, p.withdraw_at, p.withdraw_by, p.withdraw_reason"
    };
}

pub(super) const POSTS_BY_ID: &str =
    concat!("SELECT ", post_columns!(), " FROM post p WHERE p.id IN (SELECT value FROM json_each($1))");
pub(super) const DELIVERY_AND_POST: &str =
    concat!("SELECT d.*, ", post_columns!(), " FROM delivery d JOIN post p ON p.id = d.post WHERE d.id = $1");

#[derive(Debug, sqlx::FromRow)]
struct DeliveryAndPostRow {
    #[sqlx(flatten)]
    delivery: DeliveryRow,
    #[sqlx(flatten)]
    post: PostRow,
}

pub(super) async fn delivery_and_post(tx: &mut Tx, id: DeliveryId) -> Result<(Delivery, Post), StoreError> {
    if tx.facts.is_some() {
        let d = delivery(tx, id).await?;
        let p = post(tx, d.post).await?;
        return Ok((d, p));
    }
    let row = fetch_optional!(tx.sql().await?, DeliveryAndPostRow, DELIVERY_AND_POST, id.to_string())?;
    let row = row.ok_or_else(|| no_delivery(id))?;
    Ok((row.delivery.try_into()?, row.post.try_into()?))
}

fn no_delivery(id: DeliveryId) -> StoreError {
    StoreError::NotFound { what: "delivery", name: id.to_string(), hint: String::new() }
}

pub(super) async fn post(tx: &mut Tx, id: PostId) -> Result<Post, StoreError> {
    match &tx.facts {
        Some(facts) if facts.post.id == id => Ok(facts.post.clone()),
        _ => posts(tx.sql().await?, &[id]).await?.pop().ok_or_else(|| StoreError::no_post(id)),
    }
}

pub(super) async fn posts(db: &mut Db, ids: &[PostId]) -> Result<Vec<Post>, StoreError> {
    let rows = fetch_all!(db, PostRow, POSTS_BY_ID, json(ids)?)?;
    rows.into_iter().map(TryInto::try_into).collect()
}

#[derive(Debug, sqlx::FromRow)]
pub(super) struct HoldRow {
    id: i64,
    post: String,
    revision: i64,
    from_at: i64,
    hold_seconds: i64,
    margin_seconds: i64,
    until_at: i64,
    state: String,
}

/// A hold as it was written down, with the length it was made under.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredHold {
    pub(super) id: i64,
    /// The revision that followers may show after it.
    pub revision: u32,
    /// From when it counts.
    pub from: DateTime<Utc>,
    /// The earliest release.
    pub until: DateTime<Utc>,
    /// How long it lasts.
    pub length: HoldLength,
    /// `running`, `suspended` or `ended`.
    pub state: String,
}

/// The hold of a LEFT JOIN.
#[derive(Debug, sqlx::FromRow)]
pub(super) struct MaybeHoldRow {
    id: Option<i64>,
    post: Option<String>,
    revision: Option<i64>,
    from_at: Option<i64>,
    hold_seconds: Option<i64>,
    margin_seconds: Option<i64>,
    until_at: Option<i64>,
    state: Option<String>,
}

impl MaybeHoldRow {
    pub(super) fn read(self) -> Result<Option<StoredHold>, StoreError> {
        let row = || {
            Some(HoldRow {
                id: self.id?,
                post: self.post?,
                revision: self.revision?,
                from_at: self.from_at?,
                hold_seconds: self.hold_seconds?,
                margin_seconds: self.margin_seconds?,
                until_at: self.until_at?,
                state: self.state?,
            })
        };
        row().map(TryInto::try_into).transpose()
    }
}

impl TryFrom<HoldRow> for StoredHold {
    type Error = StoreError;

    fn try_from(r: HoldRow) -> Result<Self, StoreError> {
        const T: &str = "hold";
        let id = r.id.to_string();
        Ok(Self {
            id: r.id,
            revision: count(T, &id, r.revision)?,
            from: instant(T, &id, r.from_at)?,
            until: instant(T, &id, r.until_at)?,
            length: HoldLength::new(r.hold_seconds, r.margin_seconds).map_err(|e| StoreError::corrupt(T, &id, e))?,
            state: r.state,
        })
    }
}

pub(super) const RUNNING_HOLDS: &str = "SELECT id, post, revision, from_at, hold_seconds, margin_seconds, until_at, state \
     FROM hold WHERE post IN (SELECT value FROM json_each($1)) AND state = 'running'";

pub(super) async fn running_hold(tx: &mut Tx, post: PostId) -> Result<Option<StoredHold>, StoreError> {
    match &tx.facts {
        Some(facts) if facts.post.id == post => Ok(facts.running.clone()),
        _ => Ok(running_holds(tx.sql().await?, &[post]).await?.pop().map(|(_, hold)| hold)),
    }
}

pub(super) async fn running_holds(db: &mut Db, posts: &[PostId]) -> Result<Vec<(PostId, StoredHold)>, StoreError> {
    let rows = fetch_all!(db, HoldRow, RUNNING_HOLDS, json(posts)?)?;
    rows.into_iter().map(|row| Ok((PostId(uuid("hold", &row.post)?), row.try_into()?))).collect()
}
