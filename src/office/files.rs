//! The files of an organisation: kept when they come in, known again when a draft names them.

use vestnik_contract::Media;

use super::{Office, OfficeError};
use crate::domain::PersonId;
use crate::domain::draft::DraftMedia;
use crate::store::OwnedFile;

impl Office {
    /// Writes down that a file in the media folder is an organisation's.
    pub async fn keep_file(&self, media: &Media, organisation: &str, by: PersonId) -> Result<(), OfficeError> {
        Ok(self.store.put_file(media, organisation, by, self.clock.now()).await?)
    }

    /// The files of a draft as they were found in the media folder, whatever a form says of them; only order, name and
    /// text alternative are the draft's own. A file that the organisation does not have is left out.
    pub async fn known_files(
        &self,
        organisation: &str,
        named: Vec<DraftMedia>,
    ) -> Result<Vec<DraftMedia>, OfficeError> {
        if named.is_empty() {
            return Ok(named);
        }
        let hashes: Vec<&str> = named.iter().map(|file| file.sha256.as_str()).collect();
        let found = self.store.files(&hashes, &self.config.media.dir).await?;
        let as_found = |file: &DraftMedia| {
            let is_it = |owned: &&OwnedFile| owned.organisation == organisation && owned.media.sha256 == file.sha256;
            let Media { kind, mime, bytes, size, name, .. } = &found.iter().find(is_it)?.media;
            Some(DraftMedia {
                sha256: file.sha256.clone(),
                kind: *kind,
                name: if file.name.trim().is_empty() { name.clone() } else { file.name.clone() },
                mime: mime.clone(),
                bytes: *bytes,
                size: *size,
                alt: file.alt.clone(),
            })
        };
        Ok(named.iter().filter_map(as_found).collect())
    }
}
