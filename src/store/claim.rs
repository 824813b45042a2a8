//! What is due, and taking it: the second guard of the hold.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use url::Url;
use vestnik_contract::{Prepared, RemoteId};

use super::changes::json;
use super::db::{Db, execute, fetch_all};
use super::rows::{Delivery, DeliveryRow, MaybeHoldRow, StoredHold, count, instant, instant_opt, micros, uuid};
use super::{Store, StoreError};
use crate::domain::delivery::Action;
use crate::domain::{PostContent, PostId};

/// A delivery that this daemon works on until the lease ends.
#[derive(Debug, Clone)]
pub struct Claim {
    /// The delivery.
    pub delivery: Delivery,
    /// What is to be done.
    pub action: Action,
    /// From when it was due.
    pub due_at: DateTime<Utc>,
    /// The revision that is to be shown.
    pub revision: u32,
    /// What that revision says.
    pub content: PostContent,
    /// The content's hash.
    pub content_sha256: String,
    /// When the post was queued.
    pub created_at: DateTime<Utc>,
    /// What the last attempt at the same action and revision had prepared.
    pub earlier: Option<Prepared>,
    /// For followers: the hold that has passed.
    pub hold: Option<StoredHold>,
    /// For followers: where the primary stands.
    pub primary: Option<ClaimedPrimary>,
}

/// The primary of a claimed follower.
#[derive(Debug, Clone)]
pub struct ClaimedPrimary {
    /// Its channel.
    pub channel: String,
    /// The platform's id of the MAX post.
    pub remote_id: RemoteId,
    /// Its address, for footers.
    pub url: Option<Url>,
    /// When a person last confirmed that it stands.
    pub confirmed_at: Option<DateTime<Utc>>,
    /// What it was announced to read, when an attempt of ours put it there.
    pub announced: Option<String>,
}

/// What makes delivery `d` on channel `c` (of post `p`) fit to be claimed at a moment by a process: not a word of it may
/// differ between looking and taking. A follower needs a running hold of the wanted revision that has passed.
macro_rules! claimable {
    ($now:literal, $process:literal) => {
        concat!(
            "c.retired = 0 AND c.paused_at IS NULL AND c.next_at <= ", $now,
            " AND d.action IS NOT NULL AND d.stop_reason IS NULL AND d.due_at <= ", $now,
            " AND (d.lease_until IS NULL OR d.lease_until < ", $now, " OR d.lease_by = ", $process, ") \
             AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.channel = c.slug AND a.state <> 'settled' AND a.asks IS NULL) \
             AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.delivery = d.id AND a.state <> 'settled') \
             AND (d.is_primary = 1 AND c.is_primary = 1 OR d.action = 'retract' OR NOT EXISTS (SELECT 1 FROM channel m \
                  WHERE m.organisation = c.organisation AND m.is_primary = 1 AND m.retired = 0 AND m.paused_at IS NOT NULL) \
                  AND EXISTS (SELECT 1 FROM hold h WHERE h.post = d.post \
                  AND h.state = 'running' AND h.revision = p.revision AND h.until_at <= ", $now, ")) "
        )
    };
}

/// What is to go out now. Apart from [`to_change`], so that what is planned for later is not even looked at.
macro_rules! to_publish {
    ($now:literal, $process:literal) => {
        concat!(
            "FROM delivery d JOIN post p ON p.id = d.post WHERE d.channel = c.slug AND d.action = 'publish' \
             AND d.planned_at <= ",
            $now,
            " AND ",
            claimable!($now, $process)
        )
    };
}

/// What is out and is to be edited or withdrawn now. The planned time is that of the publication: one that a wrong clock
/// planned for next month does not keep it from being changed.
macro_rules! to_change {
    ($now:literal, $process:literal) => {
        concat!(
            "FROM delivery d JOIN post p ON p.id = d.post WHERE d.channel = c.slug AND d.action IN ('edit', 'retract') AND ",
            claimable!($now, $process)
        )
    };
}

/// Channels on which something may be claimed at `$1` by the process `$2`.
macro_rules! due_channels {
    () => {
        concat!(
            "SELECT c.slug FROM channel c WHERE EXISTS (SELECT 1 ",
            to_publish!("$1", "$2"),
            ") OR EXISTS (SELECT 1 ",
            to_change!("$1", "$2"),
            ")"
        )
    };
}
pub(super) use {claimable, due_channels, to_change, to_publish};

/// The first delivery that may be claimed of each channel in a JSON array of requests.
pub(super) const CLAIM: &str = concat!(
    "SELECT d.*, p.revision, r.content, r.sha256, p.created_at, (SELECT a.prepared FROM attempt a \
     WHERE a.delivery = d.id AND a.action = d.action AND a.revision = p.revision AND a.prepared IS NOT NULL \
     ORDER BY a.number DESC LIMIT 1) AS earlier \
     FROM (SELECT value ->> 'channel' AS channel, value ->> 'now' AS now, value ->> 'instance' AS instance \
           FROM json_each($1)) q JOIN channel c ON c.slug = q.channel \
     JOIN delivery d ON d.id = (SELECT id FROM ( \
           SELECT * FROM (SELECT d.id, d.planned_at ",
    to_publish!("q.now", "q.instance"),
    "ORDER BY d.planned_at, d.id LIMIT 1) UNION ALL \
           SELECT * FROM (SELECT d.id, d.planned_at ",
    to_change!("q.now", "q.instance"),
    "ORDER BY d.planned_at, d.id LIMIT 1)) ORDER BY planned_at, id LIMIT 1) \
     JOIN post p ON p.id = d.post JOIN revision r ON r.post = p.id AND r.number = p.revision"
);
pub(super) const LEASE: &str = "UPDATE delivery SET lease_by = n.value ->> 'instance', \
     lease_until = n.value ->> 'lease_until' FROM json_each($1) n WHERE delivery.id = n.value ->> 'id'";
pub(super) const RELEASE_LEASE: &str =
    "UPDATE delivery SET lease_by = NULL, lease_until = NULL WHERE id = $1 AND lease_by = $2";
/// What stands before the followers of posts in a JSON array: the running hold, and the primary where it is published.
pub(super) const BEFORE_FOLLOWERS: &str = "SELECT q.value AS of_post, d.channel, d.remote_id, d.url, d.confirmed_at, \
     (SELECT a.prepared FROM attempt a WHERE a.delivery = d.id AND a.revision = d.shown_revision \
      AND a.action <> 'retract' AND a.outcome IN ('published', 'edited') ORDER BY a.number DESC LIMIT 1) AS prepared, \
     h.id, h.post, h.revision, h.from_at, h.hold_seconds, h.margin_seconds, h.until_at, h.state \
     FROM json_each($1) q LEFT JOIN hold h ON h.post = q.value AND h.state = 'running' \
     LEFT JOIN delivery d ON d.post = q.value AND d.is_primary = 1 AND d.state = 'published' ORDER BY d.number";

#[derive(Debug, sqlx::FromRow)]
struct ClaimRow {
    #[sqlx(flatten)]
    delivery: DeliveryRow,
    revision: i64,
    content: String,
    sha256: String,
    created_at: i64,
    earlier: Option<String>,
}

#[derive(Debug, sqlx::FromRow)]
struct BeforeRow {
    of_post: String,
    channel: Option<String>,
    remote_id: Option<String>,
    url: Option<String>,
    confirmed_at: Option<i64>,
    prepared: Option<String>,
    #[sqlx(flatten)]
    hold: MaybeHoldRow,
}

impl Store {
    /// Takes the first due delivery of a channel.
    pub async fn claim(
        &self,
        channel: &str,
        now: DateTime<Utc>,
        instance: &str,
        lease_until: DateTime<Utc>,
    ) -> Result<Option<Claim>, StoreError> {
        let (channel, instance) = (channel.to_owned(), instance.to_owned());
        self.writer.claim(ClaimRequest { channel, now, instance, lease_until }).await
    }

    /// Gives a claimed delivery back untouched.
    pub async fn unclaim(&self, claim: &Claim, instance: &str) -> Result<(), StoreError> {
        let (id, instance) = (claim.delivery.id, instance.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                execute!(tx.sql().await?, RELEASE_LEASE, id.to_string(), &*instance)?;
                Ok(())
            })
        })
        .await
    }
}

/// Asks for the first delivery of a channel that may be claimed.
#[derive(Debug, Clone)]
pub(super) struct ClaimRequest {
    pub channel: String,
    pub now: DateTime<Utc>,
    pub instance: String,
    pub lease_until: DateTime<Utc>,
}

/// Takes the first due delivery of each channel; channels without one are not in the answer.
pub(super) async fn claim_all(db: &mut Db, requests: &[ClaimRequest]) -> Result<HashMap<String, Claim>, StoreError> {
    if requests.is_empty() {
        return Ok(HashMap::new());
    }
    let wanted: Vec<_> = requests.iter().map(|r| wanted(&r.channel, r.now, &r.instance)).collect();
    let rows = fetch_all!(db, ClaimRow, CLAIM, json(&wanted)?)?;
    let mut claims = Vec::with_capacity(rows.len());
    for row in rows {
        claims.push(claimed(row)?);
    }
    let mut leases = Vec::with_capacity(claims.len());
    for claim in &mut claims {
        let Some(r) = requests.iter().find(|r| r.channel == claim.delivery.channel) else { continue };
        let id = claim.delivery.id;
        leases.push(serde_json::json!({ "id": id, "instance": r.instance, "lease_until": micros(r.lease_until) }));
        claim.delivery.lease_by = Some(r.instance.clone());
        claim.delivery.lease_until = Some(r.lease_until);
    }
    if !leases.is_empty() {
        execute!(db, LEASE, json(&leases)?)?;
    }
    let posts: Vec<_> = claims.iter().filter(|c| !c.delivery.is_primary).map(|c| c.delivery.post).collect();
    if !posts.is_empty() {
        let before = before_followers(db, &posts).await?;
        for claim in claims.iter_mut().filter(|c| !c.delivery.is_primary) {
            (claim.hold, claim.primary) = before.get(&claim.delivery.post).cloned().unwrap_or_default();
        }
    }
    Ok(claims.into_iter().map(|c| (c.delivery.channel.clone(), c)).collect())
}

/// A request as [`CLAIM`] reads it.
pub(super) fn wanted(channel: &str, now: DateTime<Utc>, instance: &str) -> serde_json::Value {
    serde_json::json!({ "channel": channel, "now": micros(now), "instance": instance })
}

fn claimed(row: ClaimRow) -> Result<Claim, StoreError> {
    let delivery = Delivery::try_from(row.delivery)?;
    let id = delivery.id.to_string();
    // The statement takes only what has both.
    let (Some(action), Some(due_at)) = (delivery.action, delivery.due_at) else {
        return Err(StoreError::corrupt("delivery", &id, "it was claimed with nothing to do"));
    };
    Ok(Claim {
        action,
        due_at,
        revision: count("post", &id, row.revision)?,
        content: serde_json::from_str(&row.content).map_err(|e| StoreError::corrupt("revision", &id, e))?,
        content_sha256: row.sha256,
        created_at: instant("post", &id, row.created_at)?,
        // Notes of an older program that cannot be read any more are made anew.
        earlier: row.earlier.and_then(|json| serde_json::from_str(&json).ok()),
        hold: None,
        primary: None,
        delivery,
    })
}

/// Of each post, the running hold and the primary that stands.
async fn before_followers(
    db: &mut Db,
    posts: &[PostId],
) -> Result<HashMap<PostId, (Option<StoredHold>, Option<ClaimedPrimary>)>, StoreError> {
    let mut before = HashMap::new();
    // Of two primaries the later number comes last, and counts.
    for row in fetch_all!(db, BeforeRow, BEFORE_FOLLOWERS, json(posts)?)? {
        let post = PostId(uuid("delivery", &row.of_post)?);
        let primary = match (row.channel, row.remote_id) {
            (Some(channel), Some(remote_id)) => Some(ClaimedPrimary {
                channel,
                remote_id: RemoteId(remote_id),
                url: row.url.and_then(|u| u.parse().ok()),
                confirmed_at: instant_opt("delivery", &row.of_post, row.confirmed_at)?,
                announced: row
                    .prepared
                    .and_then(|json| serde_json::from_str::<Prepared>(&json).ok())
                    .map(|prepared| prepared.post.plain),
            }),
            _ => None,
        };
        let (hold, standing) = before.entry(post).or_insert((None, None));
        *hold = row.hold.read()?;
        *standing = primary.or_else(|| standing.take());
    }
    Ok(before)
}
