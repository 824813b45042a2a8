//! PNG (third edition, 2025): a signature, then chunks.

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

pub(super) fn walk(bytes: &[u8]) -> Option<Walked> {
    let mut rest = bytes.strip_prefix(SIGNATURE)?;
    let mut walked =
        Walked { bytes: Vec::with_capacity(bytes.len()), frames: 1, orientation: Orientation::NoTransforms };
    walked.bytes.extend_from_slice(SIGNATURE);
    loop {
        let length = usize::try_from(u32::from_be_bytes(rest.get(..4)?.try_into().ok()?)).ok()?;
        let chunk = rest.get(..length.checked_add(AROUND)?)?;
        rest = &rest[chunk.len()..];
        let (name, content) = (&chunk[4..8], &chunk[8..8 + length]);
        match name {
            b"eXIf" => walked.orientation = orientation(content),
            b"acTL" => walked.frames = u32::from_be_bytes(content.get(..4)?.try_into().ok()?).into(),
            _ => {}
        }
        if KEPT.iter().any(|kept| kept.as_slice() == name) {
            walked.bytes.extend_from_slice(chunk);
        }
        if name == b"IEND" {
            return Some(walked);
        }
    }
}
