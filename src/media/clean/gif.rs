//! GIF (version 89a): a screen, then blocks until a semicolon.

use image::metadata::Orientation;

use super::{Walked, u16_le};

const HEAD: usize = 13;
const EXTENSION: u8 = 0x21;
const PICTURE: u8 = 0x2c;
const END: u8 = 0x3b;
/// How a frame is shown, and for how long.
const CONTROL: u8 = 0xf9;
const APPLICATION: u8 = 0xff;
/// How often an animation repeats.
const LOOPS: [&[u8]; 2] = [b"NETSCAPE2.0", b"ANIMEXTS1.0"];

pub(super) fn walk(bytes: &[u8]) -> Option<Walked> {
    if !(bytes.starts_with(b"GIF87a") || bytes.starts_with(b"GIF89a")) {
        return None;
    }
    let screen = (u16_le(bytes, 6)?, u16_le(bytes, 8)?);
    let mut at = HEAD.checked_add(colours(*bytes.get(10)?))?;
    let mut out = bytes.get(..at)?.to_vec();
    let mut frames = 0;
    loop {
        let from = at;
        match *bytes.get(at)? {
            END => {
                out.push(END);
                let orientation = Orientation::NoTransforms;
                return (frames > 0).then_some(Walked { bytes: out, size: screen, frames, orientation });
            }
            EXTENSION => {
                let label = *bytes.get(at + 1)?;
                at = blocks_end(bytes, at + 2)?;
                if let Some(shown) = shown(label, &bytes[from..at]) {
                    out.extend_from_slice(shown);
                    out.push(0);
                }
            }
            PICTURE => {
                let side = |start, length| Some(u16_le(bytes, at + start)? + u16_le(bytes, at + length)?);
                // A frame that hangs over the screen is as large as it says: not every reader cuts it.
                if side(1, 5)? > screen.0 || side(3, 7)? > screen.1 {
                    return None;
                }
                let own_colours = colours(*bytes.get(at + 9)?);
                // One byte says how the blocks after it are packed.
                at = blocks_end(bytes, at + 10 + own_colours + 1)?;
                out.extend_from_slice(&bytes[from..at]);
                frames += 1;
            }
            _ => return None,
        }
    }
}

/// The part of an extension that changes how the picture is shown, without its end. More blocks than that say nothing.
fn shown(label: u8, extension: &[u8]) -> Option<&[u8]> {
    match label {
        CONTROL if extension.get(2) == Some(&4) => extension.get(..7),
        APPLICATION if extension.get(2) == Some(&11) && LOOPS.contains(&extension.get(3..14)?) => {
            (extension.get(14..16)? == [3, 1]).then(|| extension.get(..18))?
        }
        _ => None,
    }
}

/// The bytes of a table of colours, by the flags before it.
fn colours(flags: u8) -> usize {
    if flags & 0x80 == 0 { 0 } else { 3 << ((flags & 7) + 1) }
}

/// Blocks say how long they are; one of no length is the last.
fn blocks_end(bytes: &[u8], mut at: usize) -> Option<usize> {
    loop {
        let length = usize::from(*bytes.get(at)?);
        at += 1 + length;
        if length == 0 {
            return Some(at);
        }
    }
}
