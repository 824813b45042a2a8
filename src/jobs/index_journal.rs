//! Bringing the index over the journal up to its end, beside the releases.

use tokio::time::Instant;

use crate::history::index::catch_up;
use crate::store::{Store, StoreError};

/// Entries between two rests.
const STEP: u64 = 1_000;

/// Brings the index of every chain up to where the chain ends. It rests as long as it works, so that at the most half
/// of the writer's time is its own.
pub async fn index_journal(store: &Store) -> Result<(), StoreError> {
    for chain in store.chains().await? {
        loop {
            let begun = Instant::now();
            if catch_up(store, &chain, STEP).await?.missing() == 0 {
                break;
            }
            tokio::time::sleep(begun.elapsed()).await;
        }
    }
    Ok(())
}
