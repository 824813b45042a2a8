//! At the start: is the database an older copy than the history beside it?

use chrono::{DateTime, Utc};

use super::daemon::Daemon;
use crate::store::StoreError;

impl Daemon {
    /// Takes up what an older copy of the database does not know, before anything is released.
    pub(super) async fn take_up_later_history(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        for later in self.store.later().await? {
            let chain = later.chain.clone();
            let taken = match self.store.take_up(later, self.settings.hold, now).await {
                Ok(taken) => taken,
                Err(error) if error.is_of_the_rows() => {
                    tracing::error!(
                        chain, %error,
                        "the database is an older copy, and what the history beside it tells cannot be taken up; what is \
                         due is only looked for on the platforms"
                    );
                    continue;
                }
                Err(error) => return Err(error),
            };
            tracing::warn!(
                chain = taken.chain,
                remembered = taken.remembered.seq,
                found = taken.found.seq,
                posts = taken.posts,
                "the database is an older copy: what the history beside it tells was taken up"
            );
            for post in &taken.asked {
                tracing::warn!(%post, "its newest text is not in the copy; a person is asked");
            }
            if !taken.lost.is_empty() {
                let ids: Vec<_> = taken.lost.iter().map(ToString::to_string).collect();
                tracing::warn!(
                    count = ids.len(),
                    posts = ids.join(" "),
                    "queued after the copy was made and lost; nothing more of them goes out"
                );
            }
        }
        Ok(())
    }
}
