//! Files that lie in the media folder and that nothing names any more: how they are found and removed.
//!
//! Another process may bring the same file while one is removed. Whoever brings it makes its copy young again under a
//! shared lock of the folder; removing looks at the age under an exclusive one.

use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

use tempfile::NamedTempFile;

use super::small;
use crate::domain::content::file_place;

/// So long a file is kept that nothing names, since it was brought last.
pub const KEPT_UNNAMED: Duration = Duration::from_secs(7 * 24 * 3600);
/// Copies lie in folders that are named by the first two letters of their hash.
const FOLDER_LETTERS: usize = 2;
const HASH_LETTERS: usize = 64;

/// The hashes of files that nobody brought for so long that they may go, if nothing names them. Blocks.
pub fn long_unnamed(media_dir: &Path) -> io::Result<Vec<String>> {
    let mut found = Vec::new();
    for folder in entries(media_dir)? {
        if hex_name(&folder, FOLDER_LETTERS).is_none() {
            continue;
        }
        for file in entries(&folder)? {
            if let Some(sha256) = hex_name(&file, HASH_LETTERS).filter(|_| is_old(&file)) {
                found.push(sha256);
            }
        }
    }
    Ok(found)
}

/// Removes these files, which nothing names, and their small copies; tells how many were there. One that was brought
/// again meanwhile stays. Blocks.
pub fn remove_unnamed(media_dir: &Path, sha256: &[String]) -> io::Result<usize> {
    let folder = File::open(media_dir)?;
    folder.lock()?;
    let mut removed = 0;
    for sha256 in sha256 {
        let file = file_place(media_dir, sha256);
        if !is_old(&file) {
            continue;
        }
        std::fs::remove_file(&file)?;
        removed += 1;
        match std::fs::remove_file(file_place(&media_dir.join(small::FOLDER), sha256)) {
            Err(cause) if cause.kind() != io::ErrorKind::NotFound => return Err(cause),
            _ => {}
        }
    }
    Ok(removed)
}

/// Whether the copy lies there already: from now on it is as young as the one that came. The same size under the same
/// hash is the same file; anything else is a copy that was damaged.
pub(super) fn is_brought_again(came: &NamedTempFile, media_dir: &Path, place: &Path, bytes: u64) -> bool {
    let make_young = || {
        let folder = File::open(media_dir)?;
        folder.lock_shared()?;
        let there = File::open(place)?;
        let meta = there.metadata()?;
        let is_whole = meta.is_file() && meta.len() == bytes;
        if is_whole {
            there.set_modified(came.as_file().metadata()?.modified()?)?;
        }
        Ok::<_, io::Error>(is_whole)
    };
    // Where it cannot be told, it is written anew.
    make_young().unwrap_or(false)
}

fn is_old(file: &Path) -> bool {
    let modified = std::fs::metadata(file).and_then(|meta| meta.modified());
    modified.ok().and_then(|at| at.elapsed().ok()).is_some_and(|age| age > KEPT_UNNAMED)
}

fn entries(folder: &Path) -> io::Result<Vec<PathBuf>> {
    match std::fs::read_dir(folder) {
        // Nobody brought anything yet.
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        read => read?.map(|entry| Ok(entry?.path())).collect(),
    }
}

fn hex_name(path: &Path, letters: usize) -> Option<String> {
    let name = path.file_name()?.to_str()?;
    (name.len() == letters && name.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| name.to_owned())
}
