//! WebP (RFC 9649): a RIFF container of chunks.

use image::metadata::Orientation;

use super::{Walked, orientation, u16_le, u32_le};

/// `RIFF`, a length, `WEBP`.
const HEAD: usize = 12;
/// In the flags of `VP8X`: there is Exif, there is XMP.
const TELLING: u8 = 0x08 | 0x04;
/// Flags and the size of the canvas.
const VP8X_BYTES: usize = 10;
/// Where a frame lies, how large it is, how long it is shown.
const FRAME_BYTES: usize = 16;
/// Sizes in the headers of pictures have so many bits.
const SIDE: u32 = (1 << 14) - 1;

pub(super) fn walk(bytes: &[u8]) -> Option<Walked> {
    if !bytes.starts_with(b"RIFF") || bytes.get(8..HEAD)? != b"WEBP" {
        return None;
    }
    let end = usize::try_from(u32_le(bytes, 4)?).ok()?.checked_add(8)?;
    let mut rest = bytes.get(HEAD..end)?;
    let mut out = bytes[..HEAD].to_vec();
    let (mut canvas, mut picture, mut frames, mut held) = (None, None, 0u64, Orientation::NoTransforms);
    while !rest.is_empty() {
        let (name, content) = chunk(&mut rest)?;
        match &name {
            // The canvas comes first or not at all.
            b"VP8X" if out.len() == HEAD => {
                canvas = Some((u24_le(content, 4)? + 1, u24_le(content, 7)? + 1));
                let mut content = content.get(..VP8X_BYTES)?.to_vec();
                content[0] &= !TELLING;
                put(&mut out, name, &content);
            }
            b"VP8 " | b"VP8L" if picture.is_none() => {
                picture = Some(size_of(name, content)?);
                put(&mut out, name, content);
            }
            b"VP8X" | b"VP8 " | b"VP8L" => return None,
            b"ANMF" => {
                put(&mut out, name, &frame(content, canvas?)?);
                frames += 1;
            }
            b"ALPH" | b"ANIM" | b"ICCP" => put(&mut out, name, content),
            b"EXIF" => held = orientation(content),
            _ => {}
        }
    }
    // A still picture fills its canvas, if it names one; frames lie on theirs.
    let size = match (canvas, picture, frames) {
        (None, Some(picture), 0) => picture,
        (Some(canvas), Some(picture), 0) if canvas == picture => canvas,
        (Some(canvas), None, 1..) => canvas,
        _ => return None,
    };
    let length = u32::try_from(out.len() - 8).ok()?;
    out[4..8].copy_from_slice(&length.to_le_bytes());
    Some(Walked { bytes: out, size, frames: frames.max(1), orientation: held })
}

/// A frame of an animation, made of its picture alone.
fn frame(content: &[u8], (width, height): (u32, u32)) -> Option<Vec<u8>> {
    let mut out = content.get(..FRAME_BYTES)?.to_vec();
    let size = (u24_le(content, 6)? + 1, u24_le(content, 9)? + 1);
    // Places are told in pairs of pixels.
    if u24_le(content, 0)? * 2 + size.0 > width || u24_le(content, 3)? * 2 + size.1 > height {
        return None;
    }
    let (mut rest, mut pictures) = (&content[FRAME_BYTES..], 0);
    while !rest.is_empty() {
        let (name, content) = chunk(&mut rest)?;
        match &name {
            b"VP8 " | b"VP8L" if size_of(name, content)? == size => pictures += 1,
            b"VP8 " | b"VP8L" => return None,
            b"ALPH" => {}
            _ => continue,
        }
        put(&mut out, name, content);
    }
    (pictures == 1).then_some(out)
}

/// The next chunk: its name and what is in it.
fn chunk<'a>(rest: &mut &'a [u8]) -> Option<([u8; 4], &'a [u8])> {
    let name = *rest.first_chunk()?;
    let length = usize::try_from(u32_le(rest, 4)?).ok()?;
    let content = rest.get(8..length.checked_add(8)?)?;
    // Chunks begin at even places; the last one's filler may be missing.
    *rest = &rest[(8 + length + length % 2).min(rest.len())..];
    Some((name, content))
}

fn put(out: &mut Vec<u8>, name: [u8; 4], content: &[u8]) {
    out.extend_from_slice(&name);
    // It came out of a chunk with such a length.
    out.extend_from_slice(&u32::try_from(content.len()).unwrap_or_default().to_le_bytes());
    out.extend_from_slice(content);
    if content.len() % 2 == 1 {
        out.push(0);
    }
}

/// Width and height in the header of a picture: lossy (RFC 6386, 9.1) or lossless.
fn size_of(name: [u8; 4], content: &[u8]) -> Option<(u32, u32)> {
    if &name == b"VP8L" {
        let bits = u32_le(content, 1)?;
        return (*content.first()? == 0x2f).then_some(((bits & SIDE) + 1, ((bits >> 14) & SIDE) + 1));
    }
    let is_whole = content.first()? & 1 == 0 && content.get(3..6)? == [0x9d, 0x01, 0x2a];
    is_whole.then_some((u16_le(content, 6)? & SIDE, u16_le(content, 8)? & SIDE))
}

/// A number of three bytes, the lowest first, at `at`.
fn u24_le(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u16_le(bytes, at)? | u32::from(*bytes.get(at + 2)?) << 16)
}
