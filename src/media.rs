//! Takes the files of a post into the media folder.
//!
//! A file is looked at before it is copied: what it is by its content, whether it is allowed, whether it is small
//! enough. The copy is named by its hash and never changed again, so the same file twice is one copy, and a half-written
//! copy never has a name.

use std::fs::File;
use std::io::{Read, Seek as _, SeekFrom, Write as _};
use std::path::Path;

use sha2::{Digest as _, Sha256};
use vestnik_contract::text::is_blank;
use vestnik_contract::{Media, MediaKind};

use crate::config::MediaSettings;
use crate::domain::content::file_place;
use crate::post_file::MediaEntry;

mod error;
mod kind;

pub use error::MediaError;

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
    let alt = entry.alt.trim();
    if found.kind == MediaKind::Picture && is_blank(alt) {
        return Err(MediaError::NoAlt { file: file.to_owned() });
    }
    let (key, max) = limit(found.kind, settings);
    let too_large = |bytes| MediaError::TooLarge { file: file.to_owned(), what: found.kind, bytes, max, key };
    let bytes = source.metadata().map_err(unreadable)?.len();
    if bytes > max {
        return Err(too_large(bytes));
    }
    source.seek(SeekFrom::Start(0)).map_err(unreadable)?;
    let copied = copy(&mut source, max, &settings.dir, file)?;
    let Copied::Whole { path, sha256, bytes } = copied else {
        return Err(too_large(source.metadata().map_or(max + 1, |meta| meta.len().max(max + 1))));
    };
    Ok(Media {
        kind: found.kind,
        path,
        name: readable_name(file),
        mime: found.mime.to_owned(),
        bytes,
        sha256,
        size: found.size,
        alt: alt.to_owned(),
    })
}

fn limit(kind: MediaKind, settings: &MediaSettings) -> (&'static str, u64) {
    match kind {
        MediaKind::Picture => ("media.picture_bytes_max", settings.picture_bytes_max),
        MediaKind::Document | MediaKind::Video => ("media.document_bytes_max", settings.document_bytes_max),
    }
}

enum Copied {
    Whole {
        path: std::path::PathBuf,
        sha256: String,
        bytes: u64,
    },
    /// It grew beyond the limit while it was read.
    Grew,
}

/// Streams a file into the folder, whatever its size, in small memory.
fn copy(source: &mut File, max: u64, dir: &Path, file: &Path) -> Result<Copied, MediaError> {
    let kept = |cause: std::io::Error| MediaError::NotKept { dir: dir.to_owned(), cause: cause.to_string() };
    std::fs::create_dir_all(dir).map_err(kept)?;
    let mut builder = tempfile::Builder::new();
    readable_by_the_daemon(&mut builder);
    let mut copy = builder.prefix(".taking-").tempfile_in(dir).map_err(kept)?;
    let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0u64, vec![0; 128 * 1024]);
    loop {
        let n = match source.read(&mut buffer) {
            Ok(0) => break,
            Ok(n) => n,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => continue,
            Err(e) => return Err(MediaError::Unreadable { file: file.to_owned(), cause: e.to_string() }),
        };
        let chunk = &buffer[..n];
        bytes += n as u64;
        if bytes > max {
            return Ok(Copied::Grew);
        }
        hash.update(chunk);
        copy.write_all(chunk).map_err(kept)?;
    }
    let sha256 = hex::encode(hash.finalize());
    let path = file_place(dir, &sha256);
    let folder = path.parent().unwrap_or(dir).to_owned();
    // The same size under the same hash is the same file; anything else is a copy that was damaged.
    if std::fs::metadata(&path).is_ok_and(|meta| meta.is_file() && meta.len() == bytes) {
        return Ok(Copied::Whole { path, sha256, bytes });
    }
    copy.as_file().sync_all().map_err(kept)?;
    std::fs::create_dir_all(&folder).map_err(kept)?;
    copy.persist(&path).map_err(|e| kept(e.error))?;
    // The names themselves must survive a power cut, as the post that refers to them does.
    for folder in [folder.as_path(), dir] {
        File::open(folder).and_then(|f| f.sync_all()).map_err(kept)?;
    }
    Ok(Copied::Whole { path, sha256, bytes })
}

/// Temporary files are private; a copy is to be read by the daemon too, which may run as another user.
#[cfg(unix)]
fn readable_by_the_daemon(builder: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt as _;
    builder.permissions(std::fs::Permissions::from_mode(0o644));
}

#[cfg(not(unix))]
fn readable_by_the_daemon(_: &mut tempfile::Builder<'_, '_>) {}

/// The file's own name, as readers of a document see it.
fn readable_name(file: &Path) -> String {
    let name = file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
    name.chars().filter(|c| !c.is_control()).collect()
}

#[cfg(test)]
mod tests;
