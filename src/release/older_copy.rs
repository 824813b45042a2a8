//! At the start: is the database an older copy than the history beside it?

use chrono::{DateTime, Utc};

use super::daemon::Daemon;
use crate::store::StoreError;

impl Daemon {
    /// Takes up what an older copy of the database does not know, before anything is released.
    pub(super) async fn take_up_later_history(&self, now: DateTime<Utc>) -> Result<(), StoreError> {
        for later in self.store.later().await? {
            let taken = self.store.take_up(later, self.settings.hold, now).await?;
            tracing::warn!(
                chain = taken.chain,
                remembered = taken.remembered.seq,
                found = taken.found.seq,
                posts = taken.posts,
                "the database is an older copy: what the history beside it tells was taken up"
            );
            for post in &taken.asked {
                tracing::warn!(%post, "not everything that happened to it can be known from the copy; a person is asked");
            }
            if !taken.lost.is_empty() {
                let ids: Vec<_> = taken.lost.iter().map(ToString::to_string).collect();
                tracing::warn!(
                    count = ids.len(),
                    posts = ids.join(" "),
                    "queued after the copy was made and lost; nothing more of them goes out"
                );
            }
            let people = &taken.people;
            for (logins, what) in [
                (&people.disabled, "disabled after the copy was made: they may not sign in, as before"),
                (
                    &people.without_password,
                    "had another password since: they need a new one, `vestnik user reset LOGIN`",
                ),
                (&people.with_other_roles, "had other roles since: they have those"),
                (&people.lost, "added after the copy was made and lost: `vestnik user add LOGIN`"),
            ] {
                if !logins.is_empty() {
                    tracing::warn!(people = logins.join(" "), "{what}");
                }
            }
        }
        Ok(())
    }
}
