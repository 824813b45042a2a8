//! What goes out next, and how far the history of each organisation has come.

use super::changes::json;
use super::db::read_all;
use super::rows::uuid;
use super::{Store, StoreError};
use crate::domain::PostId;

/// The next of each channel that a JSON array names, and what is being sent or in doubt there.
pub(super) const UPCOMING: &str = "SELECT d.post, MIN(d.planned_at) AS first FROM json_each($1) c JOIN delivery d ON d.id IN ( \
     SELECT id FROM (SELECT u.id FROM delivery u WHERE u.channel = c.value AND u.action = 'publish' \
       AND u.stop_reason IS NULL ORDER BY u.planned_at, u.id LIMIT $2) \
     UNION ALL SELECT delivery FROM attempt a WHERE a.channel = c.value AND a.state <> 'settled') \
     GROUP BY d.post ORDER BY first, d.post LIMIT $2";
/// How long the chains are that a JSON array names.
pub(super) const LENGTHS: &str =
    "SELECT c.value, COALESCE((SELECT MAX(seq) FROM journal WHERE chain = c.value), 0) FROM json_each($1) c";
/// The first term says nothing new: it lets SQLite use the index of open drafts.
pub(super) const SUBMITTED: &str = "SELECT organisation, COUNT(*) FROM draft \
     WHERE state IN ('draft', 'submitted', 'approved') AND state = 'submitted' GROUP BY organisation";

impl Store {
    /// The posts of which something goes out next on these channels, the first one first.
    pub async fn upcoming(&self, channels: &[&str], most: u32) -> Result<Vec<PostId>, StoreError> {
        let rows = read_all!(&self.readers, (String, i64), UPCOMING, json(channels)?, i64::from(most))?;
        rows.into_iter().map(|(id, _)| Ok(PostId(uuid("post", &id)?))).collect()
    }

    /// How many entries each of these organisations' chains has: it grows with everything that happens there.
    pub async fn chain_lengths(&self, organisations: &[&str]) -> Result<Vec<(String, i64)>, StoreError> {
        Ok(read_all!(&self.readers, (String, i64), LENGTHS, json(organisations)?)?)
    }

    /// How many drafts of each organisation wait for an editor.
    pub async fn submitted_drafts(&self) -> Result<Vec<(String, u32)>, StoreError> {
        let rows = read_all!(&self.readers, (String, i64), SUBMITTED)?;
        Ok(rows.into_iter().map(|(slug, n)| (slug, u32::try_from(n).unwrap_or(u32::MAX))).collect())
    }
}
