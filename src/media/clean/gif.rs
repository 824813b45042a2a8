//! GIF (version 89a): a screen, then blocks until a semicolon.

use image::metadata::Orientation;

use super::Walked;

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
    let mut at = HEAD.checked_add(colours(*bytes.get(10)?))?;
    let mut out = bytes.get(..at)?.to_vec();
    let mut frames = 0;
    loop {
        let from = at;
        match *bytes.get(at)? {
            END => {
                out.push(END);
                return (frames > 0).then_some(Walked { bytes: out, frames, orientation: Orientation::NoTransforms });
            }
            EXTENSION => {
                let label = *bytes.get(at + 1)?;
                at = blocks_end(bytes, at + 2)?;
                let is_loop = || LOOPS.iter().any(|name| bytes[from..at].get(3..14) == Some(*name));
                if label == CONTROL || (label == APPLICATION && is_loop()) {
                    out.extend_from_slice(&bytes[from..at]);
                }
            }
            PICTURE => {
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
