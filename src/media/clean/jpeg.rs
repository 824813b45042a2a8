//! JPEG (ITU-T T.81, annex B): markers with segments, scans between them.

use image::metadata::Orientation;

use super::{Walked, orientation};

const START: [u8; 2] = [0xff, 0xd8];
const END: u8 = 0xd9;
const SCAN: u8 = 0xda;
const TABLES: u8 = 0xc4;
const RESERVED: u8 = 0xc8;
const CONDITIONS: u8 = 0xcc;
const QUANTISATION: u8 = 0xdb;
const RESTARTS: u8 = 0xdd;
/// JFIF's own segment ends here; a thumbnail may follow.
const JFIF_BYTES: usize = 14;
/// Adobe's own segment: how the colours are to be read.
const ADOBE_BYTES: usize = 12;

/// What the pixels are made of; of what applications wrote, only what changes how they look.
pub(super) fn walk(bytes: &[u8]) -> Option<Walked> {
    let mut rest = bytes.strip_prefix(&START)?;
    let mut out = Vec::with_capacity(bytes.len());
    out.extend_from_slice(&START);
    let (mut held, mut size) = (None, None);
    let mut has_scan = false;
    loop {
        let marker = next_marker(&mut rest)?;
        if marker == END {
            out.extend_from_slice(&[0xff, END]);
            // What stands behind the end is another file.
            let orientation = held.unwrap_or(Orientation::NoTransforms);
            return size.filter(|_| has_scan).map(|size| Walked { bytes: out, size, frames: 1, orientation });
        }
        if is_alone(marker) {
            continue;
        }
        let length = usize::from(u16::from_be_bytes(rest.get(..2)?.try_into().ok()?));
        let segment = rest.get(..length).filter(|_| length >= 2)?;
        rest = &rest[length..];
        let content = &segment[2..];
        if marker == 0xe1 && content.starts_with(b"Exif\0\0") {
            held.get_or_insert_with(|| orientation(content));
        }
        if is_frame(marker) {
            let side = |at| Some(u32::from(u16::from_be_bytes(content.get(at..at + 2)?.try_into().ok()?)));
            // Of two frames each reader would take the one that it likes.
            if size.replace((side(3)?, side(1)?)).is_some() {
                return None;
            }
        }
        if let Some(content) = kept(marker, content) {
            out.extend_from_slice(&[0xff, marker]);
            out.extend_from_slice(&u16::try_from(content.len() + 2).ok()?.to_be_bytes());
            out.extend_from_slice(&content);
        }
        if marker == SCAN {
            has_scan = true;
            let end = scan_end(rest)?;
            out.extend_from_slice(&rest[..end]);
            rest = &rest[end..];
        }
    }
}

/// Markers may have fill bytes before them.
fn next_marker(rest: &mut &[u8]) -> Option<u8> {
    let start = rest.iter().position(|b| *b == 0xff)?;
    let fill = rest[start..].iter().position(|b| *b != 0xff)?;
    let marker = rest[start + fill];
    *rest = &rest[start + fill + 1..];
    Some(marker)
}

/// Markers without a segment.
fn is_alone(marker: u8) -> bool {
    matches!(marker, 0x00 | 0x01 | 0xd0..=0xd8)
}

/// Markers of a frame: its size, and how it is packed.
fn is_frame(marker: u8) -> bool {
    matches!(marker, 0xc0..=0xcf) && !matches!(marker, TABLES | RESERVED | CONDITIONS)
}

fn kept(marker: u8, content: &[u8]) -> Option<std::borrow::Cow<'_, [u8]>> {
    match marker {
        0xe0 if content.starts_with(b"JFIF\0") && content.len() >= JFIF_BYTES => {
            let mut head = content[..JFIF_BYTES].to_vec();
            // No thumbnail: it may show what was cropped away.
            head[JFIF_BYTES - 2..].fill(0);
            Some(head.into())
        }
        0xe2 if content.starts_with(b"ICC_PROFILE\0") => Some(content.into()),
        0xee if content.starts_with(b"Adobe") => Some(content[..content.len().min(ADOBE_BYTES)].into()),
        TABLES | CONDITIONS | QUANTISATION | RESTARTS | SCAN => Some(content.into()),
        _ if is_frame(marker) => Some(content.into()),
        _ => None,
    }
}

/// Where a scan ends: at the first marker that is neither an escaped byte nor a restart.
fn scan_end(rest: &[u8]) -> Option<usize> {
    let mut from = 0;
    loop {
        let at = from + rest.get(from..)?.iter().position(|b| *b == 0xff)?;
        match *rest.get(at + 1)? {
            0x00 | 0xd0..=0xd7 => from = at + 2,
            0xff => from = at + 1,
            _ => return Some(at),
        }
    }
}
