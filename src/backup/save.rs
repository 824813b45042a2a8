//! Making a copy, also while the daemon works.

use std::fs::{File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use tar::{Builder, Header};
use tempfile::TempDir;
use vestnik_contract::Clock;

use super::{BackupError, DATABASE, FORM, MANIFEST, MEDIA, Manifest, Side, copy_hashing};
use crate::config::{Config, StoreUrl};
use crate::store::Store;

/// What is in the archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// Of the database's copy.
    pub database_bytes: u64,
    /// How many files of posts.
    pub files: u64,
    /// Of the whole archive.
    pub bytes: u64,
}

/// Writes the installation into a new archive, readable by its owner alone.
pub async fn save(config: &Config, archive: &Path, clock: &dyn Clock) -> Result<Saved, BackupError> {
    if archive.exists() {
        return Err(BackupError::Exists(archive.to_owned()));
    }
    let folder = archive.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or(Path::new(".")).to_owned();
    // Beside the archive: there is room for it, or there is none for the archive either.
    let work = tempfile::Builder::new().prefix(".vestnik-backup-").tempdir_in(&folder);
    let work = work.map_err(BackupError::file(&folder))?;
    let copy = work.path().join(DATABASE);
    let StoreUrl::Sqlite(place) = &config.store;
    let store = Store::open(place).await?;
    let copied = store.copy_to(&copy).await;
    store.close().await;
    copied?;
    let job =
        Archive { work, media: config.media.dir.clone(), made_at: clock.now(), folder, place: archive.to_owned() };
    tokio::task::spawn_blocking(move || job.write())
        .await
        .map_err(|e| BackupError::File { place: archive.to_owned(), cause: io::Error::other(e) })?
}

struct Archive {
    work: TempDir,
    media: PathBuf,
    made_at: chrono::DateTime<chrono::Utc>,
    folder: PathBuf,
    place: PathBuf,
}

impl Archive {
    fn write(self) -> Result<Saved, BackupError> {
        let part = self.work.path().join("archive");
        let file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part);
        let mut tar = Builder::new(io::BufWriter::new(file.map_err(BackupError::file(&part))?));
        let database = self.work.path().join(DATABASE);
        let (database_bytes, database_sha256) = measured(&database).map_err(BackupError::file(&database))?;
        let program = env!("CARGO_PKG_VERSION").to_owned();
        let manifest = Manifest { form: FORM, program, made_at: self.made_at, database_bytes, database_sha256 };
        let written = self.append_all(&mut tar, &manifest, &database);
        let files = written.map_err(BackupError::file(&self.place))?;
        let finish = || -> io::Result<u64> {
            let mut file = tar.into_inner()?;
            file.flush()?;
            let file = file.into_inner().map_err(io::IntoInnerError::into_error)?;
            file.sync_all()?;
            // Not over a file that came meanwhile.
            std::fs::hard_link(&part, &self.place)?;
            File::open(&self.folder)?.sync_all()?;
            Ok(file.metadata()?.len())
        };
        let bytes = finish().map_err(BackupError::file(&self.place))?;
        Ok(Saved { database_bytes, files, bytes })
    }

    fn append_all(&self, tar: &mut Builder<impl io::Write>, manifest: &Manifest, database: &Path) -> io::Result<u64> {
        let text = serde_json::to_vec_pretty(manifest)?;
        self.append(tar, MANIFEST, text.len() as u64, text.as_slice())?;
        self.append(tar, DATABASE, manifest.database_bytes, File::open(database)?)?;
        let mut files = 0;
        // After the database: whatever a post of the copy needs was there before the post was.
        for place in media_files(&self.media)? {
            let file = match File::open(&place) {
                // Nothing named it, and it was removed meanwhile.
                Err(cause) if cause.kind() == io::ErrorKind::NotFound => continue,
                file => file?,
            };
            let name = place.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            let path = format!("{MEDIA}/{}/{name}", &name[..2]);
            self.append(tar, &path, file.metadata()?.len(), file)?;
            files += 1;
        }
        Ok(files)
    }

    fn append(&self, tar: &mut Builder<impl io::Write>, path: &str, bytes: u64, from: impl io::Read) -> io::Result<()> {
        let mut header = Header::new_gnu();
        header.set_size(bytes);
        header.set_mode(0o600);
        header.set_mtime(self.made_at.timestamp().unsigned_abs());
        tar.append_data(&mut header, path, from)
    }
}

/// The files that are named by their hash; anything else in the folder is not ours or not whole.
fn media_files(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    if !dir.is_dir() {
        return Ok(found);
    }
    for folder in std::fs::read_dir(dir)? {
        let folder = folder?.path();
        if !folder.is_dir() {
            continue;
        }
        for file in std::fs::read_dir(folder)? {
            let file = file?.path();
            let is_hash = |name: &str| name.len() == 64 && name.bytes().all(|b| b.is_ascii_hexdigit());
            if file.is_file() && file.file_name().and_then(|n| n.to_str()).is_some_and(is_hash) {
                found.push(file);
            }
        }
    }
    found.sort();
    Ok(found)
}

/// The size of a file and the hash of its content.
fn measured(place: &Path) -> io::Result<(u64, String)> {
    copy_hashing(File::open(place)?, io::sink()).map_err(|side| match side {
        Side::From(cause) | Side::To(cause) => cause,
    })
}
