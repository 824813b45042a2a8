//! Work for the processor: done beside the threads that answer people, and by few at a time.

use tokio::sync::Semaphore;

use super::OfficeError;

/// How much of it is done at once; the rest waits, and nothing else does.
const AT_ONCE: usize = 2;
static PLACES: Semaphore = Semaphore::const_new(AT_ONCE);

/// Does it where it keeps nobody waiting. It is done to its end also when nobody asks any more.
pub async fn aside<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, OfficeError> {
    let failed = |why: &dyn std::fmt::Display| OfficeError::BrokenOff(why.to_string());
    let place = PLACES.acquire().await.map_err(|closed| failed(&closed))?;
    let done = tokio::task::spawn_blocking(move || {
        let _place = place;
        work()
    });
    done.await.map_err(|panicked| failed(&panicked))
}
