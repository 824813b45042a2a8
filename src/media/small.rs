//! Small copies of pictures, for pages. Made when they are first asked for.

use std::io::{Cursor, Write as _};
use std::path::PathBuf;

use image::{DynamicImage, ImageFormat};
use tokio::sync::Semaphore;
use tokio::task::JoinError;

use super::clean;
use crate::config::MediaSettings;
use crate::domain::content::file_place;

/// The longer side of a small copy, in pixels.
const SIDE: u32 = 480;
/// The folder beside the pictures themselves.
pub(super) const FOLDER: &str = "small";
/// Nothing of this is published; a page shows it the size of a stamp.
const JPEG_QUALITY: u8 = 80;

/// One picture at a time is open. Whoever waits for their turn holds no thread, and who goes away meanwhile has none.
static AT_WORK: Semaphore = Semaphore::const_new(1);

/// Where the small copy of a picture lies; the picture itself where that is small enough; `None` when it cannot be
/// opened.
pub async fn small(sha256: &str, settings: &MediaSettings) -> Result<Option<PathBuf>, JoinError> {
    let place = file_place(&settings.dir.join(FOLDER), sha256);
    if place.is_file() {
        return Ok(Some(place));
    }
    let Ok(turn) = AT_WORK.acquire().await else { return Ok(None) };
    // Whoever had the turn before may have made it.
    if place.is_file() {
        return Ok(Some(place));
    }
    let (whole, pixels_max) = (file_place(&settings.dir, sha256), settings.pixels_max);
    let made = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        make(whole, place, pixels_max)
    });
    made.await
}

fn make(whole: PathBuf, place: PathBuf, pixels_max: u64) -> Option<PathBuf> {
    let picture = clean::open(&std::fs::read(&whole).ok()?, pixels_max)?;
    if picture.width().max(picture.height()) <= SIDE {
        return Some(whole);
    }
    let bytes = encoded(&picture.thumbnail(SIDE, SIDE))?;
    drop(picture);
    let folder = place.parent()?;
    std::fs::create_dir_all(folder).ok()?;
    let mut copy = tempfile::NamedTempFile::new_in(folder).ok()?;
    copy.write_all(&bytes).ok()?;
    copy.persist(&place).ok()?;
    Some(place)
}

/// As JPEG, or as PNG where something shines through.
fn encoded(picture: &DynamicImage) -> Option<Vec<u8>> {
    let mut out = Cursor::new(Vec::new());
    if picture.color().has_alpha() {
        picture.write_to(&mut out, ImageFormat::Png).ok()?;
    } else {
        let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY);
        picture.to_rgb8().write_with_encoder(encoder).ok()?;
    }
    Some(out.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_copy_that_was_made_while_one_waited_is_not_made_again() {
        let dir = tempfile::tempdir().unwrap();
        let settings = MediaSettings {
            dir: dir.path().to_owned(),
            picture_bytes_max: 1_000_000,
            document_bytes_max: 1_000_000,
            pixels_max: 1_000_000,
        };
        let sha256 = "a".repeat(64);
        let turn = AT_WORK.acquire().await.unwrap();
        let mut waits = std::pin::pin!(small(&sha256, &settings));
        assert!(futures_util::poll!(waits.as_mut()).is_pending());
        let place = file_place(&settings.dir.join(FOLDER), &sha256);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(&place, "the copy").unwrap();
        drop(turn);
        // There is no picture that it could be made of.
        assert_eq!(waits.await.unwrap(), Some(place));
    }
}
