//! Files that were brought and that nothing names: no draft, no version of one, no revision of a post.

use chrono::{DateTime, Utc};

use super::db::{execute, read_all};
use super::rows::micros;
use super::{Store, StoreError};

pub(super) const UNNAMED_FILES: &str = "SELECT DISTINCT f.sha256 FROM file f WHERE f.uploaded_at < $1 \
     AND NOT EXISTS (SELECT 1 FROM file_for_good g WHERE g.sha256 = f.sha256) \
     AND NOT EXISTS (SELECT 1 FROM file_of_draft d WHERE d.sha256 = f.sha256)";
/// Asked once more of each: between the reading and now somebody may have named it, or brought it again.
pub(super) const FORGET_FILES: &str = "DELETE FROM file WHERE sha256 IN (SELECT value FROM json_each($1)) \
     AND uploaded_at < $2 \
     AND NOT EXISTS (SELECT 1 FROM file_for_good g WHERE g.sha256 = file.sha256) \
     AND NOT EXISTS (SELECT 1 FROM file_of_draft d WHERE d.sha256 = file.sha256)";
pub(super) const UNKNOWN_FILES: &str = "SELECT q.value FROM json_each($1) q \
     WHERE NOT EXISTS (SELECT 1 FROM file f WHERE f.sha256 = q.value) \
     AND NOT EXISTS (SELECT 1 FROM file_for_good g WHERE g.sha256 = q.value) \
     AND NOT EXISTS (SELECT 1 FROM file_of_draft d WHERE d.sha256 = q.value)";

impl Store {
    /// Forgets whose the files are that were brought last before `before` and that nothing names; tells how many they
    /// were. From then on no draft and no post can name them by their hash, unless they are brought again.
    pub async fn forget_unnamed_files(&self, before: DateTime<Utc>) -> Result<u64, StoreError> {
        let before = micros(before);
        let unnamed = hashes(read_all!(&self.readers, (String,), UNNAMED_FILES, before)?);
        if unnamed.is_empty() {
            return Ok(0);
        }
        let unnamed = json(&unnamed);
        self.write(move |tx| Box::pin(async move { Ok(execute!(tx.sql().await?, FORGET_FILES, unnamed, before)?) }))
            .await
    }

    /// Which of these hashes nobody has as a file and nothing names.
    pub async fn unknown_files(&self, sha256: &[String]) -> Result<Vec<String>, StoreError> {
        Ok(hashes(read_all!(&self.readers, (String,), UNKNOWN_FILES, json(sha256))?))
    }
}

fn hashes(rows: Vec<(String,)>) -> Vec<String> {
    rows.into_iter().map(|(sha256,)| sha256).collect()
}

fn json(sha256: &[String]) -> String {
    serde_json::to_string(sha256).unwrap_or_else(|_| "[]".into())
}
