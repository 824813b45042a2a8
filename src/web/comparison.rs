//! Comparisons of texts: on a thread of their own, and no longer than somebody waits for a page.

use std::time::{Duration, Instant};

use super::WebError;

/// For all comparisons of a page together. What is not done by then is compared more roughly.
const PATIENCE: Duration = Duration::from_millis(200);

/// Compares where no other visitor waits for it. The work is told when it has to end.
pub(super) async fn compared<T: Send + 'static>(
    work: impl FnOnce(Instant) -> T + Send + 'static,
) -> Result<T, WebError> {
    let until = Instant::now() + PATIENCE;
    tokio::task::spawn_blocking(move || work(until)).await.map_err(WebError::internal)
}
