//! Small copies of pictures, for pages. Made when they are first asked for.

use std::collections::VecDeque;
use std::io::{Cursor, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::SystemTime;

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

/// So many pictures that cannot be opened are remembered, the last ones: more than a folder of before the checks has.
const BROKEN_MAX: usize = 1_000;
/// To find out about each of them costs as much as to open it: they are tried once, and not at every look at a page.
static BROKEN: Mutex<VecDeque<Tried>> = Mutex::new(VecDeque::new());

/// A file as it was when it could not be opened. One that was put right is another one.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Tried {
    place: PathBuf,
    bytes: u64,
    written: Option<SystemTime>,
}

impl Tried {
    fn of(place: &Path) -> Option<Self> {
        let now = std::fs::metadata(place).ok()?;
        Some(Self { place: place.to_owned(), bytes: now.len(), written: now.modified().ok() })
    }

    fn is_broken(&self) -> bool {
        BROKEN.lock().unwrap_or_else(PoisonError::into_inner).contains(self)
    }

    fn remember(self) {
        let mut broken = BROKEN.lock().unwrap_or_else(PoisonError::into_inner);
        broken.retain(|known| known.place != self.place);
        if broken.len() >= BROKEN_MAX {
            broken.pop_front();
        }
        broken.push_back(self);
    }
}

/// Where the small copy of a picture lies; the picture itself where that is small enough; `None` when it cannot be
/// opened.
pub async fn small(sha256: &str, settings: &MediaSettings) -> Result<Option<PathBuf>, JoinError> {
    let place = file_place(&settings.dir.join(FOLDER), sha256);
    if place.is_file() {
        return Ok(Some(place));
    }
    let (whole, pixels_max) = (file_place(&settings.dir, sha256), settings.pixels_max);
    let is_broken = || Tried::of(&whole).is_some_and(|tried| tried.is_broken());
    if is_broken() {
        return Ok(None);
    }
    let Ok(turn) = AT_WORK.acquire().await else { return Ok(None) };
    // Whoever had the turn before may have made it, or found that it cannot be made.
    if place.is_file() {
        return Ok(Some(place));
    }
    if is_broken() {
        return Ok(None);
    }
    let made = tokio::task::spawn_blocking(move || {
        let _turn = turn;
        make(whole, place, pixels_max)
    });
    made.await
}

fn make(whole: PathBuf, place: PathBuf, pixels_max: u64) -> Option<PathBuf> {
    let tried = Tried::of(&whole)?;
    let bytes = std::fs::read(&whole).ok()?;
    let Some(picture) = clean::open(&bytes, pixels_max) else {
        tried.remember();
        return None;
    };
    drop(bytes);
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
    use std::task::Poll;

    use super::*;

    fn settings(dir: &tempfile::TempDir) -> MediaSettings {
        MediaSettings {
            dir: dir.path().to_owned(),
            picture_bytes_max: 1_000_000,
            document_bytes_max: 1_000_000,
            pixels_max: 1_000_000,
        }
    }

    fn put(settings: &MediaSettings, sha256: &str, bytes: &[u8]) {
        let place = file_place(&settings.dir, sha256);
        std::fs::create_dir_all(place.parent().unwrap()).unwrap();
        std::fs::write(place, bytes).unwrap();
    }

    #[tokio::test]
    async fn a_picture_that_cannot_be_opened_is_tried_once_until_it_is_put_right() {
        let dir = tempfile::tempdir().unwrap();
        let (settings, sha256) = (settings(&dir), "b".repeat(64));
        put(&settings, &sha256, b"\x89PNG and nothing more");
        assert_eq!(small(&sha256, &settings).await.unwrap(), None);
        // The one place where pictures are opened is taken: what is known needs none.
        let turn = AT_WORK.acquire().await.unwrap();
        assert_eq!(
            futures_util::poll!(std::pin::pin!(small(&sha256, &settings))).map(Result::unwrap),
            Poll::Ready(None)
        );
        drop(turn);
        let mut right = Cursor::new(Vec::new());
        DynamicImage::new_rgb8(600, 300).write_to(&mut right, ImageFormat::Png).unwrap();
        put(&settings, &sha256, right.get_ref());
        assert!(
            small(&sha256, &settings).await.unwrap().is_some_and(|place| place.starts_with(dir.path().join(FOLDER)))
        );
    }

    #[test]
    fn so_many_are_remembered_and_no_more() {
        let tried = |n: usize| Tried { place: format!("/nowhere/{n}").into(), bytes: 1, written: None };
        for n in 0..=BROKEN_MAX {
            tried(n).remember();
        }
        tried(BROKEN_MAX).remember();
        assert_eq!(BROKEN.lock().unwrap().len(), BROKEN_MAX);
        assert!(!tried(0).is_broken() && tried(1).is_broken() && tried(BROKEN_MAX).is_broken());
        BROKEN.lock().unwrap().clear();
    }

    #[tokio::test]
    async fn a_copy_that_was_made_while_one_waited_is_not_made_again() {
        let dir = tempfile::tempdir().unwrap();
        let settings = settings(&dir);
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
