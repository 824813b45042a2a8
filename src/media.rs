//! Takes the files of a post into the media folder.
//!
//! A file is looked at before it is kept: what it is by its content, whether it is allowed, whether it is small enough,
//! and what a picture tells beside itself is taken out of it. The copy is named by its hash and never changed again, so
//! the same file twice is one copy, and a half-written copy never has a name. What a person names on the command line
//! ([`take`]) and what comes over the network ([`Incoming`]) go the same way.

use std::fs::File;
use std::path::Path;

use vestnik_contract::text::is_blank;
use vestnik_contract::{Media, MediaKind};

use crate::config::MediaSettings;
use crate::post_file::MediaEntry;

mod clean;
mod error;
mod incoming;
mod kind;
mod small;
mod unnamed;

pub use error::{MediaError, Unfit};
pub use incoming::{Incoming, sweep};
pub use small::small;
pub use unnamed::{KEPT_UNNAMED, long_unnamed, remove_unnamed};

/// The longest name of a file that is kept.
const NAME_CHARS_MAX: usize = 200;

/// Takes one file in. Blocks while it reads and writes: asynchronous callers use `spawn_blocking`.
pub fn take(entry: &MediaEntry, settings: &MediaSettings) -> Result<Media, MediaError> {
    let file = entry.path.as_path();
    let unreadable = |cause: std::io::Error| MediaError::Unreadable { file: file.to_owned(), cause: cause.to_string() };
    // Looked at before it is opened: opening a pipe would wait for a writer.
    if !std::fs::metadata(file).map_err(unreadable)?.is_file() {
        return Err(MediaError::NotAFile { file: file.to_owned() });
    }
    let mut source = File::open(file).map_err(unreadable)?;
    let found = kind::recognise(&mut source, file)?;
    if found.kind == MediaKind::Picture && is_blank(&entry.alt) {
        return Err(MediaError::NoAlt { file: file.to_owned() });
    }
    let (key, max) = limit(found.kind, settings);
    let bytes = source.metadata().map_err(unreadable)?.len();
    if bytes > max {
        return Err(MediaError::TooLarge { file: file.to_owned(), what: found.kind, bytes, max, key });
    }
    std::io::Seek::rewind(&mut source).map_err(unreadable)?;
    let mut incoming = Incoming::begin(file, settings)?;
    incoming::copy(&mut source, &mut incoming, file)?;
    incoming.finish(&entry.alt)
}

fn limit(kind: MediaKind, settings: &MediaSettings) -> (&'static str, u64) {
    match kind {
        MediaKind::Picture => ("media.picture_bytes_max", settings.picture_bytes_max),
        MediaKind::Document | MediaKind::Video => ("media.document_bytes_max", settings.document_bytes_max),
    }
}

/// The file's own name, as readers of a document see it: no folders, nothing invisible, nothing that turns the
/// direction of writing around.
fn readable_name(file: &Path) -> String {
    let name = file.to_string_lossy();
    let name = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let is_shown = |c: &char| {
        !c.is_control()
            && !matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
    };
    name.chars().filter(is_shown).take(NAME_CHARS_MAX).collect()
}

#[cfg(test)]
mod tests;
