//! What is due, and taking it: the second guard of the hold.

use chrono::{DateTime, Utc};
use url::Url;
use vestnik_contract::{Prepared, RemoteId};

use super::db::{execute, fetch_optional, read_all, read_optional};
use super::rows::{Delivery, DeliveryRow, StoredHold, count, instant, micros, running_hold};
use super::writer::Tx;
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

/// What makes delivery `d` on channel `c` (of post `p`) fit to be claimed at `$1` by process `$2`: not a word of it may
/// differ between looking and taking. A follower needs a running hold of the wanted revision that has passed. The planned
/// time is that of the publication: one that a wrong clock planned for next month does not keep what is out from being
/// edited or withdrawn.
macro_rules! claimable {
    () => {
        "c.retired = 0 AND c.paused_at IS NULL AND c.next_at <= $1 \
         AND d.action IS NOT NULL AND d.stop_reason IS NULL AND d.due_at <= $1 \
         AND (d.planned_at <= $1 OR d.action <> 'publish') \
         AND (d.lease_until IS NULL OR d.lease_until < $1 OR d.lease_by = $2) \
         AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.channel = c.slug AND a.state <> 'settled' AND a.asks IS NULL) \
         AND NOT EXISTS (SELECT 1 FROM attempt a WHERE a.delivery = d.id AND a.state <> 'settled') \
         AND (d.is_primary = 1 AND c.is_primary = 1 OR d.action = 'retract' OR NOT EXISTS (SELECT 1 FROM channel m \
              WHERE m.organisation = c.organisation AND m.is_primary = 1 AND m.retired = 0 AND m.paused_at IS NOT NULL) \
              AND EXISTS (SELECT 1 FROM hold h WHERE h.post = d.post \
              AND h.state = 'running' AND h.revision = p.revision AND h.until_at <= $1)) "
    };
}

/// Channels on which something may be claimed.
pub(super) const DUE_CHANNELS: &str = concat!(
    "SELECT c.slug FROM channel c WHERE EXISTS (SELECT 1 FROM delivery d JOIN post p ON p.id = d.post \
     WHERE d.channel = c.slug AND ",
    claimable!(),
    ")"
);

/// The first delivery of channel `$3` that may be claimed.
pub(super) const CLAIM: &str = concat!(
    "SELECT d.*, p.revision, r.content, r.sha256, p.created_at, (SELECT a.prepared FROM attempt a \
     WHERE a.delivery = d.id AND a.action = d.action AND a.revision = p.revision AND a.prepared IS NOT NULL \
     ORDER BY a.number DESC LIMIT 1) AS earlier \
     FROM delivery d JOIN channel c ON c.slug = d.channel JOIN post p ON p.id = d.post \
     JOIN revision r ON r.post = p.id AND r.number = p.revision WHERE d.channel = $3 AND ",
    claimable!(),
    "ORDER BY d.planned_at, d.id LIMIT 1"
);
pub(super) const LEASE: &str = "UPDATE delivery SET lease_by = $2, lease_until = $3 WHERE id = $1";
pub(super) const RELEASE_LEASE: &str =
    "UPDATE delivery SET lease_by = NULL, lease_until = NULL WHERE id = $1 AND lease_by = $2";
pub(super) const STANDING_PRIMARY: &str = "SELECT d.channel, d.remote_id, d.url, d.confirmed_at, (SELECT a.prepared \
     FROM attempt a WHERE a.delivery = d.id AND a.revision = d.shown_revision AND a.action <> 'retract' \
     AND a.outcome IN ('published', 'edited') ORDER BY a.number DESC LIMIT 1) AS prepared FROM delivery d \
     WHERE d.post = $1 AND d.is_primary = 1 AND d.state = 'published' ORDER BY d.number DESC LIMIT 1";

/// The next moment at which something may be due, looking no further than the horizon: deliveries with their
/// channel's pacing, looks after unknown outcomes, expiries. The channels in the JSON array `$3` are left out.
pub(super) const NEXT_DUE: &str = "SELECT MIN(at) AS at FROM ( \
     SELECT MAX(d.due_at, c.next_at) AS at FROM delivery d JOIN channel c ON c.slug = d.channel \
       WHERE d.action IS NOT NULL AND d.stop_reason IS NULL AND c.retired = 0 AND c.paused_at IS NULL AND d.due_at <= $2 \
       AND d.channel NOT IN (SELECT value FROM json_each($3)) \
     UNION ALL SELECT MIN(look_at) AS at FROM attempt WHERE look_at > $1 \
     UNION ALL SELECT expires_at AS at FROM post WHERE expires_at IS NOT NULL AND expires_at > $1) WHERE at > $1";

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

impl Store {
    /// Channels on which this process may claim something now.
    pub async fn due_channels(&self, now: DateTime<Utc>, instance: &str) -> Result<Vec<String>, StoreError> {
        let rows = read_all!(&self.readers, (String,), DUE_CHANNELS, micros(now), instance)?;
        Ok(rows.into_iter().map(|r| r.0).collect())
    }

    /// When something is due next after `now`, looking no further than `horizon` for deliveries. Channels in `busy`
    /// do not count: whoever works on them goes on by itself.
    pub async fn next_due(
        &self,
        now: DateTime<Utc>,
        horizon: DateTime<Utc>,
        busy: &[String],
    ) -> Result<Option<DateTime<Utc>>, StoreError> {
        let busy = serde_json::to_string(busy).unwrap_or_else(|_| "[]".into());
        let row = read_optional!(&self.readers, (Option<i64>,), NEXT_DUE, micros(now), micros(horizon), busy)?;
        row.and_then(|r| r.0).map(|at| instant("delivery", "next", at)).transpose()
    }

    /// Takes the first due delivery of a channel.
    pub async fn claim(
        &self,
        channel: &str,
        now: DateTime<Utc>,
        instance: &str,
        lease_until: DateTime<Utc>,
    ) -> Result<Option<Claim>, StoreError> {
        let (channel, instance) = (channel.to_owned(), instance.to_owned());
        self.write(move |tx| Box::pin(async move { claim(tx, &channel, now, &instance, lease_until).await })).await
    }

    /// Gives a claimed delivery back untouched.
    pub async fn unclaim(&self, claim: &Claim, instance: &str) -> Result<(), StoreError> {
        let (id, instance) = (claim.delivery.id, instance.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                execute!(&mut tx.db, RELEASE_LEASE, id.to_string(), &*instance)?;
                Ok(())
            })
        })
        .await
    }
}

pub(super) async fn claim(
    tx: &mut Tx,
    channel: &str,
    now: DateTime<Utc>,
    instance: &str,
    lease_until: DateTime<Utc>,
) -> Result<Option<Claim>, StoreError> {
    let Some(row) = fetch_optional!(&mut tx.db, ClaimRow, CLAIM, micros(now), instance, channel)? else {
        return Ok(None);
    };
    let mut delivery = Delivery::try_from(row.delivery)?;
    let id = delivery.id.to_string();
    execute!(&mut tx.db, LEASE, &*id, instance, micros(lease_until))?;
    (delivery.lease_by, delivery.lease_until) = (Some(instance.to_owned()), Some(lease_until));
    // The statement takes only what has both.
    let (Some(action), Some(due_at)) = (delivery.action, delivery.due_at) else {
        return Err(StoreError::corrupt("delivery", &id, "it was claimed with nothing to do"));
    };
    let (hold, primary) = if delivery.is_primary {
        (None, None)
    } else {
        (running_hold(tx, delivery.post).await?, standing_primary(tx, delivery.post).await?)
    };
    Ok(Some(Claim {
        action,
        due_at,
        revision: count("post", &id, row.revision)?,
        content: serde_json::from_str(&row.content).map_err(|e| StoreError::corrupt("revision", &id, e))?,
        content_sha256: row.sha256,
        created_at: instant("post", &id, row.created_at)?,
        // Notes of an older program that cannot be read any more are made anew.
        earlier: row.earlier.and_then(|json| serde_json::from_str(&json).ok()),
        hold,
        primary,
        delivery,
    }))
}

async fn standing_primary(tx: &mut Tx, post: PostId) -> Result<Option<ClaimedPrimary>, StoreError> {
    type Row = (String, Option<String>, Option<String>, Option<i64>, Option<String>);
    let Some((channel, Some(remote_id), url, confirmed_at, prepared)) =
        fetch_optional!(&mut tx.db, Row, STANDING_PRIMARY, post.to_string())?
    else {
        return Ok(None);
    };
    Ok(Some(ClaimedPrimary {
        channel,
        remote_id: RemoteId(remote_id),
        url: url.and_then(|u| u.parse().ok()),
        confirmed_at: confirmed_at.map(|at| instant("delivery", &post.to_string(), at)).transpose()?,
        announced: prepared.and_then(|json| serde_json::from_str::<Prepared>(&json).ok()).map(|p| p.post.plain),
    }))
}
