//! Small copies of pictures, for pages. Made when they are first asked for.

use std::io::{Cursor, Write as _};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

use image::{DynamicImage, ImageFormat};

use super::clean;
use crate::config::MediaSettings;
use crate::domain::content::file_place;

/// The longer side of a small copy, in pixels.
const SIDE: u32 = 480;
/// The folder beside the pictures themselves.
pub(super) const FOLDER: &str = "small";
/// Nothing of this is published; a page shows it the size of a stamp.
const JPEG_QUALITY: u8 = 80;

/// One picture at a time is open.
static AT_WORK: Mutex<()> = Mutex::new(());

/// Where the small copy of a picture lies; the picture itself where that is small enough; `None` when it cannot be
/// opened. Blocks.
pub fn small(sha256: &str, settings: &MediaSettings) -> Option<PathBuf> {
    let place = file_place(&settings.dir.join(FOLDER), sha256);
    if place.is_file() {
        return Some(place);
    }
    let _turn = AT_WORK.lock().unwrap_or_else(PoisonError::into_inner);
    let whole = file_place(&settings.dir, sha256);
    let picture = clean::open(&std::fs::read(&whole).ok()?, settings.pixels_max)?;
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
