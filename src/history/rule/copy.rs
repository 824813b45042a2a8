//! A copy of the rule's table, as the journal knows it.

use chrono::{DateTime, Utc};

use crate::journal::{Event, stamp};
use crate::store::{DistancePeriod, Store, StoreError};

/// Writes down that somebody took a copy of a period's table.
pub async fn note(
    store: &Store,
    period: &DistancePeriod,
    format: &str,
    actor: &str,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let filter = format!("four-hour rule, from {} to {}", stamp::text(period.from), stamp::text(period.to));
    let exported = Event::HistoryExported { format: format.to_owned(), filter: Some(filter) };
    store.note(&period.chain, now, actor, None, exported).await
}
