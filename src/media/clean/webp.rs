//! WebP (RFC 9649): a RIFF container of chunks.

use image::metadata::Orientation;

use super::{Walked, orientation, u32_le};

/// `RIFF`, a length, `WEBP`.
const HEAD: usize = 12;
/// What the picture is made of and what changes how it looks.
const KEPT: [&[u8; 4]; 7] = [b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"];
/// In the flags of `VP8X`: there is Exif, there is XMP.
const TELLING: u8 = 0x08 | 0x04;

pub(super) fn walk(bytes: &[u8]) -> Option<Walked> {
    if !bytes.starts_with(b"RIFF") || bytes.get(8..HEAD)? != b"WEBP" {
        return None;
    }
    let end = usize::try_from(u32_le(bytes, 4)?).ok()?.checked_add(8)?;
    let mut rest = bytes.get(HEAD..end)?;
    let mut out = bytes[..HEAD].to_vec();
    let (mut frames, mut pictures, mut held) = (0u64, 0u64, Orientation::NoTransforms);
    while !rest.is_empty() {
        let length = usize::try_from(u32_le(rest, 4)?).ok()?;
        let content = rest.get(8..length.checked_add(8)?)?;
        // Chunks begin at even places; the last one's filler may be missing.
        let whole = (8 + length + length % 2).min(rest.len());
        let (chunk, name) = (&rest[..whole], &rest[..4]);
        rest = &rest[whole..];
        match name {
            b"EXIF" => held = orientation(content),
            b"ANMF" => frames += 1,
            b"VP8 " | b"VP8L" => pictures += 1,
            _ => {}
        }
        if KEPT.iter().any(|kept| kept.as_slice() == name) {
            let start = out.len();
            out.extend_from_slice(chunk);
            if chunk.len() % 2 == 1 {
                out.push(0);
            }
            if name == b"VP8X" {
                *out.get_mut(start + 8)? &= !TELLING;
            }
        }
    }
    if frames + pictures == 0 {
        return None;
    }
    let length = u32::try_from(out.len() - 8).ok()?;
    out[4..8].copy_from_slice(&length.to_le_bytes());
    Some(Walked { bytes: out, frames: frames.max(1), orientation: held })
}
