//! Rows that contradict themselves: their delivery is shown to a person, and its channel goes on with the next.

use chrono::{DateTime, Utc};

use super::changes::json;
use super::claim::{CLAIM, wanted};
use super::db::{execute, fetch_optional, read_optional};
use super::journal::{About, append};
use super::rows::uuid;
use super::{Store, StoreError};
use crate::domain::{DeliveryId, StopKind};
use crate::journal::event::Why;
use crate::journal::{Event, VESTNIK};

pub(super) const PLACE: &str = "SELECT post, organisation, channel FROM delivery WHERE id = $1";
pub(super) const STOP: &str = "UPDATE delivery SET stop_kind = $2, stop_reason = $3, stop_todo = $4, lease_by = NULL, \
     lease_until = NULL WHERE id = $1";

#[derive(Debug, sqlx::FromRow)]
struct Claimable {
    id: String,
}

impl Store {
    /// The first delivery of a channel that may be claimed, whatever else its row says.
    pub async fn first_claimable(
        &self,
        channel: &str,
        now: DateTime<Utc>,
        instance: &str,
    ) -> Result<Option<DeliveryId>, StoreError> {
        let wanted = json(&[wanted(channel, now, instance)])?;
        let row = read_optional!(&self.readers, Claimable, CLAIM, wanted)?;
        row.map(|r| Ok(DeliveryId(uuid("delivery", &r.id)?))).transpose()
    }

    /// Stops a delivery that cannot be worked on. Reads nothing of it that may be what is wrong.
    pub async fn stop_broken(&self, id: DeliveryId, why: &StoreError, now: DateTime<Utc>) -> Result<(), StoreError> {
        let reason = why.to_string();
        self.write(move |tx| {
            Box::pin(async move {
                let row = fetch_optional!(tx.sql().await?, (String, String, String), PLACE, id.to_string())?;
                let Some((post, organisation, channel)) = row else { return Ok(()) };
                let todo = format!(
                    "`vestnik history verify` tells what was changed; stop vestnik and put the newest backup in the \
                     database's place, or `vestnik post cancel {post} --reason TEXT` leaves it out"
                );
                let kind = StopKind::RowBroken.name();
                execute!(tx.sql().await?, STOP, id.to_string(), kind, &*reason, &*todo)?;
                let about = About { post: post.parse().ok(), delivery: Some(id.0), channel: Some(&channel) };
                append(
                    tx,
                    &organisation,
                    now,
                    VESTNIK,
                    about,
                    Event::DeliveryStopped { why: Why::of_kind(kind, reason), todo },
                )
                .await
            })
        })
        .await
    }
}
