//! Forgets what is over: sessions that nobody used, one-time addresses that nobody opened.

use vestnik_contract::{Clock as _, SystemClock};

use super::Jobs;
use crate::store::StoreError;

/// Forgets sessions and one-time addresses that ended by themselves. They end by the machine's time, also where the
/// office's clock runs faster.
pub async fn forget(jobs: &Jobs) -> Result<(), StoreError> {
    let real = SystemClock.now();
    jobs.store.end_expired_sessions(real).await?;
    jobs.store.drop_expired_invitations(real).await?;
    Ok(())
}
