//! What still arrives when the program is to end: uploads may take longer than an answer, and are waited for as long as
//! they move.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use tokio::time::{sleep, timeout};

/// What is being answered at the end is given this long.
const PATIENCE: Duration = Duration::from_secs(10);
/// What moves is waited for so long in all: less than the unit's `TimeoutStopSec`.
const PATIENCE_MAX: Duration = Duration::from_secs(75);

/// Counts the parts of files that arrive.
#[derive(Debug, Default)]
pub(super) struct Arriving(AtomicU64);

impl Arriving {
    /// A part of a file is here.
    pub(super) fn note(&self) {
        self.0.fetch_add(1, Ordering::Relaxed);
    }

    /// Lasts until nothing has arrived for as long as an answer may take, or for as long as anyone may be waited for.
    pub(super) async fn patience(&self) {
        let _ = timeout(PATIENCE_MAX, self.stillness()).await;
    }

    async fn stillness(&self) {
        loop {
            let before = self.0.load(Ordering::Relaxed);
            sleep(PATIENCE).await;
            if self.0.load(Ordering::Relaxed) == before {
                return;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use tokio::time::Instant;

    use super::*;

    /// How long one is patient with a file of which a part arrives every six seconds, so many times.
    async fn waited(parts: u32) -> u64 {
        let (arriving, began) = (Arriving::default(), Instant::now());
        let sender = async {
            for _ in 0..parts {
                sleep(Duration::from_secs(6)).await;
                arriving.note();
            }
            std::future::pending::<()>().await;
        };
        tokio::select! {
            () = arriving.patience() => {}
            () = sender => {}
        }
        began.elapsed().as_secs()
    }

    #[tokio::test(start_paused = true)]
    async fn what_moves_is_waited_for_and_what_stands_still_is_not() {
        assert_eq!(waited(0).await, 10);
        let slow = waited(8).await;
        assert!((58..=68).contains(&slow), "{slow} s for a file that takes 48 s");
        assert_eq!(waited(1000).await, 75);
    }
}
