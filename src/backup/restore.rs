//! Putting a copy back.

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use tar::Entry;
use vestnik_contract::Clock;

use super::{BackupError, DATABASE, FORM, MANIFEST, MEDIA, Manifest, Side, copy_hashing};
use crate::config::{Config, StoreUrl};
use crate::domain::content::file_place;
use crate::office::people::real_now;
use crate::release::ProcessLock;
use crate::store::{KeysTaken, Store, StoreError};

/// What was put back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Restored {
    /// When the copy was made.
    pub made_at: DateTime<Utc>,
    /// How many files of posts were missing and are there again.
    pub files: u64,
    /// Where the database lies now that was there before.
    pub moved_aside: Option<PathBuf>,
    /// What opened the desk on the day of the copy, and opens it no more.
    pub keys: KeysTaken,
}

/// Largest manifest, in bytes.
const MANIFEST_BYTES_MAX: u64 = 64 * 1024;

/// Puts the database and the files of an archive in their places. The folder with the journal's second memory stays as
/// it is: what it knows and the copy does not is taken up when the daemon starts.
pub async fn restore(
    config: &Config,
    archive: &Path,
    replace: bool,
    by: &str,
    clock: &dyn Clock,
) -> Result<Restored, BackupError> {
    let StoreUrl::Sqlite(place) = &config.store;
    let folder = place.parent().unwrap_or(Path::new(".")).to_owned();
    std::fs::create_dir_all(&folder).map_err(BackupError::file(&folder))?;
    let (exists, was_there) = (place.exists(), std::fs::metadata(place).is_ok_and(|meta| meta.len() > 0));
    if was_there && !replace {
        return Err(BackupError::Occupied(place.clone()));
    }
    let lock = ProcessLock::take(place)?;
    let restored = Putting { config, place, archive, folder: &folder, was_there, by, clock }.put_back().await;
    let is_empty = || std::fs::metadata(place).is_ok_and(|meta| meta.len() == 0);
    if restored.is_err() && !exists && is_empty() {
        // The lock made it, to lock it.
        std::fs::remove_file(place).map_err(BackupError::file(place))?;
    }
    drop(lock);
    restored
}

/// Putting a copy back, under the lock of the place that it goes to.
struct Putting<'a> {
    config: &'a Config,
    place: &'a PathBuf,
    archive: &'a Path,
    folder: &'a Path,
    was_there: bool,
    by: &'a str,
    clock: &'a dyn Clock,
}

impl Putting<'_> {
    async fn put_back(self) -> Result<Restored, BackupError> {
        let Self { config, place, archive, folder, was_there, by, clock } = self;
        let work = tempfile::Builder::new().prefix(".vestnik-restore-").tempdir_in(folder);
        let work = work.map_err(BackupError::file(folder))?;
        let (archive, media) = (archive.to_owned(), config.media.dir.clone());
        let job = Unpacking { archive: archive.clone(), work: work.path().to_owned(), media };
        let unpacked = tokio::task::spawn_blocking(move || job.unpack()).await;
        let damaged = |why: String| BackupError::Damaged { place: archive.clone(), why };
        let (manifest, files) = unpacked.map_err(|e| damaged(e.to_string()))??;
        let copy = work.path().join(DATABASE);
        if let Some(problem) = Store::schema_problem_of(&copy).await? {
            return Err(damaged(problem));
        }
        // Opened once before it counts: a copy of a newer program, or one that cannot be read, replaces nothing.
        let store = Store::open(&copy).await.map_err(|error| of_the_copy(error, &damaged))?;
        let looked = match store.integrity().await {
            Ok(None) => store.take_all_keys(by, real_now(), clock.now()).await.map_err(BackupError::from),
            Ok(Some(problem)) => Err(damaged(problem)),
            Err(error) => Err(of_the_copy(error, &damaged)),
        };
        store.close().await;
        let keys = looked?;
        let moved_aside = if was_there { Some(move_aside(place, clock.now())?) } else { None };
        let moved = std::fs::rename(&copy, place).and_then(|()| File::open(folder)?.sync_all());
        moved.map_err(BackupError::file(place))?;
        Ok(Restored { made_at: manifest.made_at, files, moved_aside, keys })
    }
}

/// What is wrong with the copy is wrong with the archive: where it was unpacked tells nobody anything.
fn of_the_copy(error: StoreError, damaged: &impl Fn(String) -> BackupError) -> BackupError {
    match error {
        StoreError::Newer { found, known, .. } => damaged(format!(
            "a newer vestnik wrote it, with schema {found}, and this program knows {known}; install the newer program"
        )),
        StoreError::Open { cause, .. } | StoreError::Migration { cause, .. } => damaged(cause),
        StoreError::Database(why) | StoreError::Damaged(why) => damaged(why),
        other => other.into(),
    }
}

/// The old database with what SQLite keeps beside it.
fn move_aside(place: &Path, now: DateTime<Utc>) -> Result<PathBuf, BackupError> {
    let named = |ending: &str| {
        let mut name = place.as_os_str().to_owned();
        name.push(ending);
        PathBuf::from(name)
    };
    let stamp = now.format("%Y%m%dT%H%M%SZ");
    let aside = named(&format!(".replaced-{stamp}"));
    for ending in ["-wal", "-shm"] {
        let beside = named(ending);
        if beside.exists() {
            let target = named(&format!(".replaced-{stamp}{ending}"));
            std::fs::rename(&beside, target).map_err(BackupError::file(beside))?;
        }
    }
    std::fs::rename(place, &aside).map_err(BackupError::file(place))?;
    Ok(aside)
}

struct Unpacking {
    archive: PathBuf,
    work: PathBuf,
    media: PathBuf,
}

impl Unpacking {
    fn unpack(&self) -> Result<(Manifest, u64), BackupError> {
        let file = File::open(&self.archive).map_err(BackupError::file(&self.archive))?;
        let mut tar = tar::Archive::new(io::BufReader::new(file));
        let mut entries = tar.entries().map_err(|e| self.damaged(e))?;
        let mut next = || entries.next().transpose().map_err(|e| self.damaged(e));
        let manifest = self.manifest(next()?.ok_or_else(|| self.damaged("it is empty"))?)?;
        let database = next()?.ok_or_else(|| self.damaged("it ends before the database"))?;
        if path_of(&database) != DATABASE {
            return Err(self.damaged("the database does not come second"));
        }
        if database.size() != manifest.database_bytes {
            return Err(self.damaged("the database is not as large as what was saved"));
        }
        let sha256 = self.take(database, &self.work.join(DATABASE))?;
        if sha256 != manifest.database_sha256 {
            return Err(self.damaged("the database is not what was saved"));
        }
        let mut files = 0;
        while let Some(entry) = next()? {
            files += u64::from(self.media_file(entry)?);
        }
        Ok((manifest, files))
    }

    fn manifest(&self, entry: Entry<'_, impl io::Read>) -> Result<Manifest, BackupError> {
        if path_of(&entry) != MANIFEST {
            return Err(self.damaged("it does not begin as backups do"));
        }
        let mut text = String::new();
        entry.take(MANIFEST_BYTES_MAX).read_to_string(&mut text).map_err(|e| self.damaged(e))?;
        let manifest: Manifest = serde_json::from_str(&text).map_err(|e| self.damaged(e))?;
        if manifest.form > FORM {
            let why = format!("vestnik {} wrote it in form {}; install that program", manifest.program, manifest.form);
            return Err(self.damaged(why));
        }
        Ok(manifest)
    }

    /// Puts a file of a post in its place; gives whether it was missing.
    fn media_file(&self, entry: Entry<'_, impl io::Read>) -> Result<bool, BackupError> {
        let path = path_of(&entry);
        let name = path.rsplit('/').next().unwrap_or_default().to_owned();
        let is_hash = name.len() == 64 && name.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase());
        if !is_hash || path != format!("{MEDIA}/{}/{name}", &name[..2]) {
            return Err(self.damaged(format!("it holds `{}`, which is none of ours", path.escape_default())));
        }
        let place = file_place(&self.media, &name);
        if std::fs::metadata(&place).is_ok_and(|meta| meta.is_file() && meta.len() == entry.size()) {
            return Ok(false);
        }
        let copy = self.work.join("file");
        if self.take(entry, &copy)? != name {
            return Err(self.damaged(format!("file {name} is not what was saved")));
        }
        let put = || -> io::Result<()> {
            let folder = place.parent().unwrap_or(&self.media);
            std::fs::create_dir_all(folder)?;
            // The media folder may lie on another disk.
            let mut new = tempfile::Builder::new().prefix(".taking-").tempfile_in(folder)?;
            io::copy(&mut File::open(&copy)?, new.as_file_mut())?;
            new.as_file().sync_all()?;
            new.persist(&place).map_err(|e| e.error)?;
            File::open(folder)?.sync_all()
        };
        put().map_err(BackupError::file(&place))?;
        std::fs::remove_file(&copy).map_err(BackupError::file(&copy))?;
        Ok(true)
    }

    /// Writes an entry into a file; gives the hash of its content.
    fn take(&self, mut entry: Entry<'_, impl io::Read>, to: &Path) -> Result<String, BackupError> {
        let expected = entry.size();
        // Of other kinds, one is a file with holes: a few bytes that fill a disk.
        if !entry.header().entry_type().is_file() {
            return Err(self.damaged(format!("`{}` in it is no plain file", path_of(&entry).escape_default())));
        }
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(to);
        let mut file = file.map_err(BackupError::file(to))?;
        let (taken, sha256) = copy_hashing(&mut entry, &mut file).map_err(|side| match side {
            Side::From(cause) => self.damaged(cause),
            Side::To(cause) => BackupError::file(to)(cause),
        })?;
        if taken != expected {
            return Err(self.damaged("it is cut short"));
        }
        file.sync_all().map_err(BackupError::file(to))?;
        Ok(sha256)
    }

    fn damaged(&self, why: impl std::fmt::Display) -> BackupError {
        BackupError::Damaged { place: self.archive.clone(), why: format!("{why}") }
    }
}

fn path_of(entry: &Entry<'_, impl io::Read>) -> String {
    String::from_utf8_lossy(&entry.path_bytes()).into_owned()
}
