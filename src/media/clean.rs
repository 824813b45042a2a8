//! Takes out of a picture what it tells beside itself: where and with what it was taken, by whom, what it was before.
//!
//! Each format is walked part by part and only the parts that make up the picture are kept, so that what nobody thought
//! of (a second file behind the end, a comment with a script) stays out too. The pixels are copied as they are, unless
//! the camera was held sideways: then they are turned, because the note that says so is among what is taken out. A BMP
//! has no parts to walk through; it is painted anew.

use std::io::Cursor;

use image::codecs::jpeg::JpegEncoder;
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageEncoder as _, ImageFormat, ImageReader, Limits};

use super::Unfit;

mod gif;
mod jpeg;
mod png;
mod webp;

/// High enough that nobody sees the second saving.
const JPEG_QUALITY: u8 = 92;
/// An animation may show as many pixels as this many of the largest pictures.
const FRAMES_AS_PICTURES: u64 = 20;
/// Bytes that a decoder may take for each pixel that is allowed: four channels of sixteen bits, and none to spare.
const BYTES_PER_PIXEL: u64 = 8;

/// A picture that was walked through.
#[derive(Debug)]
struct Walked {
    /// The parts that make up the picture.
    bytes: Vec<u8>,
    /// Width and height, as the picture's own header says.
    size: (u32, u32),
    /// 1 for a still picture.
    frames: u64,
    /// How the camera was held.
    orientation: Orientation,
}

/// A picture without anything beside it.
#[derive(Debug)]
pub(super) struct Clean {
    pub(super) bytes: Vec<u8>,
    /// What it is now: not every format stays what it was.
    pub(super) mime: &'static str,
    pub(super) size: (u32, u32),
}

/// Cleans a picture of this type; `pixels_max` bounds what is taken and what is opened.
///
/// Only what is kept is measured: in what came, any reader may be shown another picture by what is thrown away.
pub(super) fn clean(mime: &'static str, bytes: Vec<u8>, pixels_max: u64) -> Result<Clean, Unfit> {
    let broken = || Unfit::Broken { mime };
    let walked = match mime {
        "image/jpeg" => jpeg::walk(&bytes),
        "image/png" => png::walk(&bytes),
        "image/gif" => gif::walk(&bytes),
        "image/webp" => webp::walk(&bytes),
        _ => return repainted(&bytes, pixels_max, mime),
    };
    drop(bytes);
    let Walked { bytes, size, frames, orientation } = walked.ok_or_else(broken)?;
    must_have_pixels(size, pixels_max)?;
    if frames > 1 && frames.saturating_mul(pixels(size)) > pixels_max.saturating_mul(FRAMES_AS_PICTURES) {
        return Err(Unfit::TooManyFrames { frames });
    }
    // Two readings, one size: nobody who opens the file finds another.
    let read = opened(&bytes, pixels_max).map(|(decoder, _)| decoder.dimensions());
    if read != Some(size) || pixels(size) == 0 {
        return Err(broken());
    }
    if orientation == Orientation::NoTransforms || frames > 1 {
        // What cannot be opened is refused while whoever brings it can still bring another.
        return if open(&bytes, pixels_max).is_some() { Ok(Clean { bytes, mime, size }) } else { Err(broken()) };
    }
    turned(&bytes, mime, orientation, pixels_max).ok_or_else(broken)
}

fn pixels((width, height): (u32, u32)) -> u64 {
    u64::from(width) * u64::from(height)
}

fn must_have_pixels((width, height): (u32, u32), max: u64) -> Result<(), Unfit> {
    if pixels((width, height)) > max { Err(Unfit::TooManyPixels { width, height, max }) } else { Ok(()) }
}

/// Opens a picture; nothing larger than is allowed is ever unpacked.
pub(super) fn open(bytes: &[u8], pixels_max: u64) -> Option<DynamicImage> {
    let (decoder, _) = opened(bytes, pixels_max)?;
    must_have_pixels(decoder.dimensions(), pixels_max).ok()?;
    DynamicImage::from_decoder(decoder).ok()
}

/// A decoder that has read what stands before the pixels.
fn opened(bytes: &[u8], pixels_max: u64) -> Option<(impl ImageDecoder, ImageFormat)> {
    let mut reader = ImageReader::new(Cursor::new(bytes)).with_guessed_format().ok()?;
    let mut limits = Limits::default();
    limits.max_alloc = Some(pixels_max.saturating_mul(BYTES_PER_PIXEL));
    reader.limits(limits);
    let format = reader.format()?;
    Some((reader.into_decoder().ok()?, format))
}

fn turned(bytes: &[u8], mime: &'static str, orientation: Orientation, pixels_max: u64) -> Option<Clean> {
    let (mut decoder, format) = opened(bytes, pixels_max)?;
    let profile = decoder.icc_profile().ok().flatten();
    let mut picture = DynamicImage::from_decoder(decoder).ok()?;
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
    Some(Clean { bytes: out.into_inner(), mime, size })
}

/// A BMP says itself where its pixels begin and how far it goes, and may lie in both: what stands between and behind
/// them nobody sees. So its pixels are written anew, as a PNG, which keeps each as it is.
fn repainted(bytes: &[u8], pixels_max: u64, mime: &'static str) -> Result<Clean, Unfit> {
    let broken = || Unfit::Broken { mime };
    let (decoder, _) = opened(bytes, pixels_max).ok_or_else(broken)?;
    let size = decoder.dimensions();
    must_have_pixels(size, pixels_max)?;
    let picture = DynamicImage::from_decoder(decoder).map_err(|_| broken())?;
    let mut out = Cursor::new(Vec::new());
    picture.write_to(&mut out, ImageFormat::Png).map_err(|_| broken())?;
    Ok(Clean { bytes: out.into_inner(), mime: "image/png", size })
}

/// How the camera was held, by the note in an Exif block (with or without the mark that JPEG puts before it).
fn orientation(exif: &[u8]) -> Orientation {
    let exif = exif.strip_prefix(b"Exif\0\0").unwrap_or(exif);
    Orientation::from_exif_chunk(exif).unwrap_or(Orientation::NoTransforms)
}

/// A number of two bytes, the lowest first, at `at`.
fn u16_le(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u16::from_le_bytes(bytes.get(at..at.checked_add(2)?)?.try_into().ok()?).into())
}

/// A number of four bytes, the lowest first, at `at`.
fn u32_le(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

#[cfg(test)]
mod tests;
