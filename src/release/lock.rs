//! One daemon per database: because it holds the lock, attempts left open by others are those of the dead.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Read as _, Seek as _, Write as _};
use std::path::{Path, PathBuf};

/// Held for as long as the daemon lives; the system lets go of it whatever ends the process. It must outlive the store:
/// closing any descriptor of the database takes SQLite's own locks away from the process.
#[derive(Debug)]
pub struct ProcessLock(#[expect(dead_code, reason = "closing the files lets go of the locks")] [File; 2]);

/// Why the lock cannot be had.
#[derive(Debug, thiserror::Error)]
pub enum LockError {
    /// Another daemon has it.
    #[error("another vestnik{holder} releases posts from this database; end it first, two must not")]
    Taken {
        /// Its process id, with a leading blank, when it can be read.
        holder: String,
    },
    /// The lock file cannot be used.
    #[error("lock file {place} cannot be used ({cause}); vestnik must be able to write beside its database")]
    File {
        /// The file.
        place: PathBuf,
        /// What the system said.
        cause: std::io::Error,
    },
}

impl ProcessLock {
    /// Takes the lock of the database at `database`.
    pub fn take(database: &Path) -> Result<Self, LockError> {
        // One lock however the file is named: symbolic links lead to it.
        let mut name = database.canonicalize().unwrap_or_else(|_| database.to_owned()).into_os_string();
        name.push(".lock");
        let place = PathBuf::from(name);
        let failed = |cause| LockError::File { place: place.clone(), cause };
        let mut file =
            OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&place).map_err(failed)?;
        if !lock(&file).map_err(failed)? {
            let mut pid = String::new();
            drop(file.read_to_string(&mut pid));
            let holder = pid.trim().parse::<u32>().map_or_else(|_| String::new(), |pid| format!(" (process {pid})"));
            return Err(LockError::Taken { holder });
        }
        // A hard link is another name with another file beside it, but the same database.
        let unusable = |cause| LockError::File { place: database.to_owned(), cause };
        let itself = match File::open(database) {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                OpenOptions::new().read(true).write(true).create(true).truncate(false).open(database)
            }
            opened => opened,
        };
        let itself = itself.map_err(unusable)?;
        if !lock(&itself).map_err(unusable)? {
            return Err(LockError::Taken { holder: String::new() });
        }
        file.set_len(0)
            .and_then(|()| file.rewind())
            .and_then(|()| writeln!(file, "{}", std::process::id()))
            .map_err(failed)?;
        Ok(Self([file, itself]))
    }
}

/// Whether the lock was free. It is of another kind (flock) than SQLite's own, and neither sees the other.
fn lock(file: &File) -> std::io::Result<bool> {
    match file.try_lock() {
        Ok(()) => Ok(true),
        Err(TryLockError::WouldBlock) => Ok(false),
        Err(TryLockError::Error(cause)) => Err(cause),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_second_daemon_is_refused_until_the_first_ends() {
        let dir = tempfile::tempdir().unwrap();
        let database = dir.path().join("vestnik.db");
        let first = ProcessLock::take(&database).unwrap();
        let refused = ProcessLock::take(&database).unwrap_err().to_string();
        assert!(refused.contains(&std::process::id().to_string()), "{refused}");
        drop(first);
        assert!(ProcessLock::take(&database).is_ok());
        std::fs::write(&database, "").unwrap();
        let link = dir.path().join("link.db");
        std::os::unix::fs::symlink(&database, &link).unwrap();
        let _first = ProcessLock::take(&database).unwrap();
        assert!(ProcessLock::take(&link).is_err(), "the same file under another name");
        let hard = dir.path().join("hard.db");
        std::fs::hard_link(&database, &hard).unwrap();
        let refused = ProcessLock::take(&hard).unwrap_err().to_string();
        assert!(refused.starts_with("another vestnik releases posts from this database"), "{refused}");
    }
}
