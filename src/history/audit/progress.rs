//! How far a check has come, for those who wait for it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use tokio::time::Instant;

/// How far a check has come, and whether it is to go on. Shared between the check and who looks on.
#[derive(Debug)]
pub struct Progress {
    entries: AtomicU64,
    all_entries: AtomicU64,
    posts: AtomicU64,
    is_stopped: AtomicBool,
    /// Rest after each page as long as it took: half a core stays with those who work.
    rests: bool,
}

impl Progress {
    /// Of a check that others work beside.
    pub fn beside_others() -> Self {
        Self::new(true)
    }

    /// Of a check that has the machine to itself.
    pub fn alone() -> Self {
        Self::new(false)
    }

    fn new(rests: bool) -> Self {
        let zero = || AtomicU64::new(0);
        Self { entries: zero(), all_entries: zero(), posts: zero(), is_stopped: AtomicBool::new(false), rests }
    }

    /// Entries that were checked, and how many there are.
    pub fn entries(&self) -> (u64, u64) {
        (self.entries.load(Ordering::Relaxed), self.all_entries.load(Ordering::Relaxed))
    }

    /// Posts that were held against the journal, once all entries are checked.
    pub fn posts(&self) -> u64 {
        self.posts.load(Ordering::Relaxed)
    }

    /// Asks the check to end at the next page.
    pub fn stop(&self) {
        self.is_stopped.store(true, Ordering::Relaxed);
    }

    /// Whether the check was asked to end.
    pub fn is_stopped(&self) -> bool {
        self.is_stopped.load(Ordering::Relaxed)
    }

    pub(super) fn expect_entries(&self, more: u64) {
        self.all_entries.fetch_add(more, Ordering::Relaxed);
    }

    pub(super) async fn did_entries(&self, more: u64, since: Instant) {
        self.entries.fetch_add(more, Ordering::Relaxed);
        self.rest(since).await;
    }

    pub(super) async fn did_posts(&self, more: u64, since: Instant) {
        self.posts.fetch_add(more, Ordering::Relaxed);
        self.rest(since).await;
    }

    async fn rest(&self, since: Instant) {
        if self.rests {
            tokio::time::sleep(since.elapsed()).await;
        }
    }
}
