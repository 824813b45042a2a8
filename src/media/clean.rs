//! Takes out of a picture what it tells beside itself: where and with what it was taken, by whom, what it was before.
//!
//! Each format is walked part by part and only the parts that make up the picture are kept, so that what nobody thought
//! of (a second file behind the end, a comment with a script) stays out too. The pixels are copied as they are, unless
//! the camera was held sideways: then they are turned, because the note that says so is among what is taken out.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder as _, ImageEncoder as _, ImageFormat, ImageReader, Limits};

use super::Unfit;

mod gif;
mod jpeg;
mod png;
mod webp;

/// High enough that nobody sees the second saving.
const JPEG_QUALITY: u8 = 92;
/// An animation may show as many pixels as this many of the largest pictures.
const FRAMES_AS_PICTURES: u64 = 20;
/// Bytes that a decoder may take for each pixel that is allowed.
const BYTES_PER_PIXEL: u64 = 16;

/// A picture that was walked through.
#[derive(Debug)]
struct Walked {
    /// The parts that make up the picture.
    bytes: Vec<u8>,
    /// 1 for a still picture.
    frames: u64,
    /// How the camera was held.
    orientation: Orientation,
}

/// A picture without anything beside it.
#[derive(Debug)]
pub(super) struct Clean {
    pub(super) bytes: Vec<u8>,
    pub(super) size: (u32, u32),
}

/// Cleans a picture of this type and these pixels; `pixels_max` bounds what is opened.
pub(super) fn clean(mime: &'static str, bytes: Vec<u8>, size: (u32, u32), pixels_max: u64) -> Result<Clean, Unfit> {
    let (width, height) = size;
    let pixels = u64::from(width) * u64::from(height);
    if pixels > pixels_max {
        return Err(Unfit::TooManyPixels { width, height, max: pixels_max });
    }
    let walked = match mime {
        "image/jpeg" => jpeg::walk(&bytes),
        "image/png" => png::walk(&bytes),
        "image/gif" => gif::walk(&bytes),
        "image/webp" => webp::walk(&bytes),
        // A BMP has nothing beside its pixels.
        _ => return Ok(Clean { bytes, size }),
    };
    drop(bytes);
    let Walked { bytes, frames, orientation } = walked.ok_or(Unfit::Broken { mime })?;
    if frames > 1 && frames.saturating_mul(pixels) > pixels_max.saturating_mul(FRAMES_AS_PICTURES) {
        return Err(Unfit::TooManyFrames { frames });
    }
    if orientation == Orientation::NoTransforms || frames > 1 {
        return Ok(Clean { bytes, size });
    }
    turned(&bytes, orientation, pixels_max).ok_or(Unfit::Broken { mime })
}

/// Opens a picture; nothing larger than is allowed is ever unpacked.
pub(super) fn open(bytes: &[u8], pixels_max: u64) -> Option<(DynamicImage, ImageFormat, Option<Vec<u8>>)> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(pixels_max.saturating_mul(BYTES_PER_PIXEL));
    reader.limits(limits);
    let format = reader.format()?;
    let mut decoder = reader.into_decoder().ok()?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > pixels_max {
        return None;
    }
    let profile = decoder.icc_profile().ok().flatten();
    Some((DynamicImage::from_decoder(decoder).ok()?, format, profile))
}

fn turned(bytes: &[u8], orientation: Orientation, pixels_max: u64) -> Option<Clean> {
    let (mut picture, format, profile) = open(bytes, pixels_max)?;
    picture.apply_orientation(orientation);
    let size = (picture.width(), picture.height());
    let mut out = Cursor::new(Vec::new());
    if format == ImageFormat::Jpeg {
        // What a JPEG cannot hold is brought to what it can.
        let picture = match picture {
            fits @ (DynamicImage::ImageLuma8(_) | DynamicImage::ImageRgb8(_)) => fits,
            other => DynamicImage::ImageRgb8(other.into_rgb8()),
        };
        let mut encoder = JpegEncoder::new_with_quality(&mut out, JPEG_QUALITY);
        // A profile that does not fit is left out: colours a shade off are better than no picture.
        let _ = profile.map(|profile| encoder.set_icc_profile(profile));
        encoder.encode_image(&picture).ok()?;
    } else {
        picture.write_to(&mut out, format).ok()?;
    }
    Some(Clean { bytes: out.into_inner(), size })
}

/// How the camera was held, by the note in an Exif block (with or without the mark that JPEG puts before it).
fn orientation(exif: &[u8]) -> Orientation {
    let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    Orientation::from_exif_chunk(exif).unwrap_or(Orientation::NoTransforms)
}

/// A number of four bytes, the lowest first, at `at`.
fn u32_le(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests;
