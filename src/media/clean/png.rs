//! PNG (third edition, 2025): a signature, then chunks.

use std::io::{self, Read as _};

use flate2::read::ZlibDecoder;
use image::metadata::Orientation;

use super::{Walked, orientation};

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
/// Length, name and checksum of a chunk.
const AROUND: usize = 12;
/// What the picture is made of and what changes how it looks. Texts, times and Exif are none of them.
const KEPT: [&[u8; 4]; 17] = [
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"cHRM", b"gAMA", b"iCCP", b"sRGB", b"sBIT", b"bKGD", b"pHYs",
    b"acTL", b"fcTL", b"fdAT", b"cICP", b"mDCV",
];
/// A profile of colours has some kilobytes, the largest there are some megabytes. It lies packed in the file, and every
/// reader unpacks it before the first pixel: a thousand times more would be a bomb.
const PROFILE_BYTES_MAX: u64 = 4 * 1024 * 1024;

pub(super) fn walk(bytes: &[u8]) -> Option<Walked> {
    let mut rest = bytes.strip_prefix(SIGNATURE)?;
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(SIGNATURE);
    let (mut size, mut has_profile, mut held) = (None, false, Orientation::NoTransforms);
    // How many frames an animation says that it has, and how many there are.
    let (mut announced, mut counted) = (0, 0u64);
    loop {
        let length = usize::try_from(number(rest, 0)?).ok()?;
        let chunk = rest.get(..length.checked_add(AROUND)?)?;
        rest = &rest[chunk.len()..];
        let (name, content) = (&chunk[4..8], &chunk[8..8 + length]);
        // The header comes first and once: readers that look for it at its place must find the one that was checked.
        let canvas = match (name, size) {
            (b"IHDR", None) => *size.insert((number(content, 0)?, number(content, 4)?)),
            (b"IHDR", Some(_)) | (_, None) => return None,
            (_, Some(canvas)) => canvas,
        };
        match name {
            b"eXIf" => held = orientation(content),
            b"acTL" => announced = number(content, 0)?.into(),
            b"fcTL" if !is_within(content, canvas) => return None,
            b"fcTL" => counted += 1,
            b"iCCP" if has_profile || !is_profile(content) => continue,
            b"iCCP" => has_profile = true,
            _ => {}
        }
        if KEPT.iter().any(|kept| kept.as_slice() == name) {
            out.extend_from_slice(chunk);
        }
        if name == b"IEND" {
            return Some(Walked { bytes: out, size: canvas, frames: counted.max(announced).max(1), orientation: held });
        }
    }
}

/// A number of four bytes, the highest first, at `at`.
fn number(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_be_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

/// Whether a frame (its number, width, height, left, top) lies on the canvas.
fn is_within(frame: &[u8], (width, height): (u32, u32)) -> bool {
    let fits = |length: usize, start: usize, whole: u32| {
        let end = number(frame, start).zip(number(frame, length)).and_then(|(start, length)| start.checked_add(length));
        end.is_some_and(|end| end <= whole)
    };
    fits(4, 12, width) && fits(8, 16, height)
}

/// Whether a name, an end, a method and then a packed profile of ordinary size stand here. What is no profile is
/// passed over by readers, too: the picture looks the same without it.
fn is_profile(content: &[u8]) -> bool {
    let Some(end) = content.iter().position(|byte| *byte == 0) else { return false };
    let packed = content.get(end + 2..).unwrap_or_default();
    let unpacked = io::copy(&mut ZlibDecoder::new(packed).take(PROFILE_BYTES_MAX + 1), &mut io::sink());
    unpacked.is_ok_and(|bytes| bytes <= PROFILE_BYTES_MAX)
}
