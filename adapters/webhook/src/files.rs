//! Files that travel inside a request: vestnik has no public address that a site could fetch them from.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;
use sha2::{Digest as _, Sha256};
use vestnik_contract::http::{file_not_read, file_not_sent};
use vestnik_contract::{Media, MediaKind, PublishError};

use crate::event::Attached;

/// A picture or a document as it is sent.
#[derive(Debug, Serialize)]
pub(crate) struct File {
    name: String,
    mime: String,
    sha256: String,
    bytes: u64,
    alt: String,
    base64: String,
}

/// Reads the files of a post. A file that is gone or changed is refused: it is not what was queued.
pub(crate) async fn attach(media: &[Media]) -> Result<Attached, PublishError> {
    let mut attached = Attached { images: Vec::new(), documents: Vec::new() };
    for media in media {
        let content = read(media).await?;
        let file = File {
            name: media.name.clone(),
            mime: media.mime.clone(),
            sha256: media.sha256.clone(),
            bytes: media.bytes,
            alt: media.alt.clone(),
            base64: STANDARD.encode(content),
        };
        match media.kind {
            MediaKind::Picture => attached.images.push(file),
            MediaKind::Document | MediaKind::Video => attached.documents.push(file),
        }
    }
    Ok(attached)
}

/// Whether every file is still what was queued.
pub(crate) async fn check(media: &[Media]) -> Result<(), PublishError> {
    for media in media {
        read(media).await?;
    }
    Ok(())
}

async fn read(media: &Media) -> Result<Vec<u8>, PublishError> {
    let name = format!("«{}»", media.name);
    let content = tokio::fs::read(&media.path).await.map_err(|error| file_not_read(&name, &error))?;
    if hex::encode(Sha256::digest(&content)) == media.sha256.to_ascii_lowercase() {
        Ok(content)
    } else {
        Err(file_not_sent(&name, &"its content has changed since the post was queued"))
    }
}
