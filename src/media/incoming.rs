//! A file on its way into the media folder: beside the others, without a name, until it is whole and looked at.

use std::fs::File;
use std::io::{Read as _, Seek as _, SeekFrom, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use sha2::{Digest as _, Sha256};
use tempfile::NamedTempFile;
use vestnik_contract::{Media, MediaKind};

use super::{MediaError, clean, kind, limit, unnamed};
use crate::config::MediaSettings;
use crate::domain::content::file_place;

/// How the names of files on their way begin.
const PREFIX: &str = ".taking-";
/// A file that has been on its way for longer was left by a process that died.
const FORGOTTEN_AFTER: std::time::Duration = std::time::Duration::from_secs(24 * 3600);
const BUFFER_BYTES: usize = 128 * 1024;

/// One picture at a time is held in memory, however many people send some.
static AT_WORK: Mutex<()> = Mutex::new(());

/// A file that is being received. Dropped, it leaves nothing behind. All of it blocks.
#[derive(Debug)]
pub struct Incoming {
    settings: MediaSettings,
    /// What its people call it; for words about it, never a place.
    label: PathBuf,
    copy: NamedTempFile,
    hash: Sha256,
    bytes: u64,
}

impl Incoming {
    /// Makes place for a file; `label` is what its people call it.
    pub fn begin(label: &Path, settings: &MediaSettings) -> Result<Self, MediaError> {
        let dir = &settings.dir;
        let kept = |cause| not_kept(dir, &cause);
        std::fs::create_dir_all(dir).map_err(kept)?;
        let mut builder = tempfile::Builder::new();
        readable_by_the_daemon(&mut builder);
        let copy = builder.prefix(PREFIX).tempfile_in(dir).map_err(kept)?;
        Ok(Self { settings: settings.clone(), label: label.to_owned(), copy, hash: Sha256::new(), bytes: 0 })
    }

    /// Takes the next part. More than any file may have is refused at once.
    pub fn write(&mut self, part: &[u8]) -> Result<(), MediaError> {
        self.bytes += part.len() as u64;
        let largest = [MediaKind::Picture, MediaKind::Document].map(|kind| (limit(kind, &self.settings).1, kind));
        if let Some((max, what)) = largest.into_iter().max_by_key(|(max, _)| *max).filter(|(max, _)| self.bytes > *max)
        {
            return Err(self.too_large(what, max));
        }
        self.hash.update(part);
        self.copy.write_all(part).map_err(|cause| not_kept(&self.settings.dir, &cause))
    }

    /// The file is whole: looks at it, cleans it and gives it its place and name.
    pub fn finish(mut self, alt: &str) -> Result<Media, MediaError> {
        let label = self.label.clone();
        let found = kind::recognise(self.rewound()?, &label)?;
        let max = limit(found.kind, &self.settings).1;
        if self.bytes > max {
            return Err(self.too_large(found.kind, max));
        }
        let (mut mime, mut size) = (found.mime, None);
        if found.kind == MediaKind::Picture {
            let (now, pixels) = self.clean(found.mime)?;
            (mime, size) = (now, Some(pixels));
        }
        let mut name = super::readable_name(&label);
        if mime != found.mime {
            name = named_as(name, mime);
        }
        let sha256 = hex::encode(self.hash.finalize());
        let path = put(self.copy, &self.settings.dir, &sha256, self.bytes)?;
        Ok(Media {
            kind: found.kind,
            path,
            name,
            mime: mime.to_owned(),
            bytes: self.bytes,
            sha256,
            size,
            alt: alt.trim().to_owned(),
        })
    }

    /// Replaces the copy by what the picture is without all that it tells; gives what it is now and the size that it is
    /// shown in.
    fn clean(&mut self, mime: &'static str) -> Result<(&'static str, (u32, u32)), MediaError> {
        let _turn = AT_WORK.lock().unwrap_or_else(PoisonError::into_inner);
        let mut bytes = Vec::with_capacity(usize::try_from(self.bytes).unwrap_or_default());
        let dir = self.settings.dir.clone();
        let kept = |cause| not_kept(&dir, &cause);
        self.rewound()?.read_to_end(&mut bytes).map_err(kept)?;
        let before = bytes.len();
        let cleaned = clean::clean(mime, bytes, self.settings.pixels_max)
            .map_err(|why| MediaError::NotTaken { file: self.label.clone(), why })?;
        let max = self.settings.picture_bytes_max;
        let file = self.rewound()?;
        file.write_all(&cleaned.bytes).and_then(|()| file.set_len(cleaned.bytes.len() as u64)).map_err(kept)?;
        self.bytes = cleaned.bytes.len() as u64;
        self.hash = Sha256::new_with_prefix(&cleaned.bytes);
        // Only what had to be painted anew can have grown.
        if self.bytes > max && cleaned.bytes.len() > before {
            return Err(self.too_large(MediaKind::Picture, max));
        }
        Ok((cleaned.mime, cleaned.size))
    }

    fn rewound(&mut self) -> Result<&mut File, MediaError> {
        let dir = self.settings.dir.clone();
        let file = self.copy.as_file_mut();
        file.seek(SeekFrom::Start(0)).map_err(|cause| not_kept(&dir, &cause))?;
        Ok(file)
    }

    fn too_large(&self, what: MediaKind, max: u64) -> MediaError {
        let key = limit(what, &self.settings).0;
        MediaError::TooLarge { file: self.label.clone(), what, bytes: self.bytes, max, key }
    }
}

/// A name that says what the file is now: platforms believe the ending.
fn named_as(name: String, mime: &str) -> String {
    let ending = mime.rsplit('/').next().unwrap_or_default();
    match name.rsplit_once('.') {
        Some((stem, before)) if before.eq_ignore_ascii_case("bmp") => format!("{stem}.{ending}"),
        _ => name,
    }
}

/// Streams an opened file in, whatever its size, in small memory.
pub(super) fn copy(source: &mut File, into: &mut Incoming, file: &Path) -> Result<(), MediaError> {
    let mut buffer = vec![0; BUFFER_BYTES];
    loop {
        match source.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Ok(n) => into.write(&buffer[..n])?,
            Err(e) if e.kind() == std::io::ErrorKind::Interrupted => {}
            Err(e) => return Err(MediaError::Unreadable { file: file.to_owned(), cause: e.to_string() }),
        }
    }
}

/// Gives a whole copy its name, in a way that a power cut does not undo.
fn put(copy: NamedTempFile, dir: &Path, sha256: &str, bytes: u64) -> Result<PathBuf, MediaError> {
    let kept = |cause| not_kept(dir, &cause);
    let path = file_place(dir, sha256);
    if unnamed::is_brought_again(&copy, dir, &path, bytes) {
        return Ok(path);
    }
    let folder = path.parent().unwrap_or(dir).to_owned();
    copy.as_file().sync_all().map_err(kept)?;
    std::fs::create_dir_all(&folder).map_err(kept)?;
    copy.persist(&path).map_err(|e| kept(e.error))?;
    // The names themselves must survive a power cut, as the post that refers to them does.
    for folder in [folder.as_path(), dir] {
        File::open(folder).and_then(|f| f.sync_all()).map_err(kept)?;
    }
    Ok(path)
}

/// Removes what processes that died in the middle left in the folder.
pub fn sweep(settings: &MediaSettings) {
    let Ok(entries) = std::fs::read_dir(&settings.dir) else { return };
    for entry in entries.flatten() {
        let is_ours = entry.file_name().to_string_lossy().starts_with(PREFIX);
        let age = entry.metadata().and_then(|meta| meta.modified()).ok().and_then(|at| at.elapsed().ok());
        if is_ours && age.is_some_and(|age| age > FORGOTTEN_AFTER) {
            // Another process may have been quicker.
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

fn not_kept(dir: &Path, cause: &std::io::Error) -> MediaError {
    MediaError::NotKept { dir: dir.to_owned(), cause: cause.to_string() }
}

/// Temporary files are private; a copy is to be read by the daemon too, which may run as another user.
#[cfg(unix)]
fn readable_by_the_daemon(builder: &mut tempfile::Builder<'_, '_>) {
    use std::os::unix::fs::PermissionsExt as _;
    builder.permissions(std::fs::Permissions::from_mode(0o644));
}

#[cfg(not(unix))]
fn readable_by_the_daemon(_: &mut tempfile::Builder<'_, '_>) {}
