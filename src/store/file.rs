//! The files of organisations: what was uploaded for drafts, and what posts use (a trigger writes that down).

use std::path::Path;

use chrono::{DateTime, Utc};
use vestnik_contract::{Media, MediaKind};

use super::db::{execute, read_all};
use super::rows::{count, micros};
use super::{Store, StoreError};
use crate::domain::PersonId;
use crate::domain::content::file_place;

pub(super) const PUT_FILE: &str = "INSERT INTO file (sha256, organisation, kind, mime, bytes, width, height, name, \
     uploaded_by, uploaded_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) \
     ON CONFLICT (sha256, organisation) DO UPDATE SET uploaded_at = excluded.uploaded_at \
     WHERE file.uploaded_at < excluded.uploaded_at";
pub(super) const FILES: &str = "SELECT sha256, organisation, kind, mime, bytes, width, height, name FROM file \
     WHERE sha256 IN (SELECT value FROM json_each($1))";

type Row = (String, String, String, String, i64, Option<i64>, Option<i64>, String);

/// A file that an organisation has.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OwnedFile {
    /// The organisation.
    pub organisation: String,
    /// What was found in it. No text alternative: that belongs to a post, not to a file.
    pub media: Media,
}

impl Store {
    /// Writes down whose file this is, and who brought it. A file that the organisation has already stays as it was, and
    /// was brought now.
    pub async fn put_file(
        &self,
        media: &Media,
        organisation: &str,
        by: PersonId,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let (media, organisation) = (media.clone(), organisation.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                execute!(
                    tx.sql().await?,
                    PUT_FILE,
                    &*media.sha256,
                    organisation,
                    kind_name(media.kind),
                    &*media.mime,
                    i64::try_from(media.bytes).unwrap_or(i64::MAX),
                    media.size.map(|(width, _)| i64::from(width)),
                    media.size.map(|(_, height)| i64::from(height)),
                    &*media.name,
                    by.to_string(),
                    micros(now),
                )?;
                Ok(())
            })
        })
        .await
    }

    /// The files with these hashes, once for each organisation that has them.
    pub async fn files(&self, sha256: &[&str], media_dir: &Path) -> Result<Vec<OwnedFile>, StoreError> {
        let hashes = serde_json::to_string(sha256).unwrap_or_else(|_| "[]".into());
        let rows = read_all!(&self.readers, Row, FILES, hashes)?;
        rows.into_iter().map(|row| file(row, media_dir)).collect()
    }
}

fn file(row: Row, media_dir: &Path) -> Result<OwnedFile, StoreError> {
    let (sha256, organisation, kind, mime, bytes, width, height, name) = row;
    let side = |n: Option<i64>| n.map(|n| count("file", &sha256, n)).transpose();
    let media = Media {
        kind: match kind.as_str() {
            "picture" => MediaKind::Picture,
            "document" => MediaKind::Document,
            "video" => MediaKind::Video,
            other => return Err(StoreError::corrupt("file", &sha256, format!("`{other}` is no kind of file"))),
        },
        path: file_place(media_dir, &sha256),
        name,
        mime,
        bytes: u64::try_from(bytes).map_err(|e| StoreError::corrupt("file", &sha256, e))?,
        size: side(width)?.zip(side(height)?),
        alt: String::new(),
        sha256,
    };
    Ok(OwnedFile { organisation, media })
}

fn kind_name(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Picture => "picture",
        MediaKind::Document => "document",
        MediaKind::Video => "video",
    }
}
