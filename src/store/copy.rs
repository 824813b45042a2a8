//! A copy of the whole database while others work on it.

use std::path::Path;

use super::db::read_all;
use super::{Store, StoreError};

/// Writes what the last commit left into a new file, without the pages that were given back.
pub(super) const COPY: &str = "VACUUM INTO $1";
pub(super) const INTEGRITY: &str = "PRAGMA integrity_check(1)";

impl Store {
    /// Copies the database as it is at one moment into a new file. Writers go on meanwhile.
    pub async fn copy_to(&self, place: &Path) -> Result<(), StoreError> {
        let name = place.to_str().ok_or_else(|| StoreError::NameNotUtf8(place.to_owned()))?;
        read_all!(&self.readers, (i64,), COPY, name)?;
        let synced = std::fs::File::open(place).and_then(|file| file.sync_all());
        synced.map_err(|e| StoreError::Disk(e.to_string()))
    }

    /// What SQLite finds wrong with the file; `None`: nothing.
    pub async fn integrity(&self) -> Result<Option<String>, StoreError> {
        let rows = read_all!(&self.readers, (String,), INTEGRITY)?;
        Ok(rows.into_iter().map(|(finding,)| finding).find(|finding| finding != "ok"))
    }
}
