//! Copies of a whole installation: the database as it was at one moment, and every file of its posts, in one archive.
//!
//! The archive is a plain tar: `vestnik-backup.json`, then `vestnik.db`, then `media/…`, each file under the hash of its
//! content. Configuration and secrets are not in it.

mod restore;
mod save;

use std::io;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use sha2::{Digest as _, Sha256};

pub use restore::{Restored, restore};
pub use save::{Saved, save};

use crate::release::LockError;
use crate::store::StoreError;

/// The form of archives that this program writes, and the newest that it reads.
const FORM: u32 = 1;
const MANIFEST: &str = "vestnik-backup.json";
const DATABASE: &str = "vestnik.db";
const MEDIA: &str = "media";

/// What an archive says of itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Manifest {
    form: u32,
    program: String,
    made_at: DateTime<Utc>,
    database_bytes: u64,
    database_sha256: String,
}

/// Why no copy was made, or none put back. What was there before is there still.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// A daemon works on the database.
    #[error(transparent)]
    Lock(#[from] LockError),
    /// A file cannot be read or written.
    #[error("{place}: {cause}; nothing was changed")]
    File {
        /// The file.
        place: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// Nothing is written over.
    #[error("{0} is there already; take another name, or move it away")]
    Exists(PathBuf),
    /// A database is there, and nobody said that it may go.
    #[error("there is a database at {0}; `--replace` moves it aside and puts the copy in its place")]
    Occupied(PathBuf),
    /// The archive is not one of ours, is cut short or was changed.
    #[error("{place} is no whole backup of vestnik ({why}); nothing was changed")]
    Damaged {
        /// The archive.
        place: PathBuf,
        /// What is wrong.
        why: String,
    },
}

impl BackupError {
    fn file(place: impl Into<PathBuf>) -> impl FnOnce(io::Error) -> Self {
        let place = place.into();
        move |cause| Self::File { place, cause }
    }
}

/// Copies everything; gives the number of bytes and their SHA-256. The error says on which side it was.
fn copy_hashing(mut from: impl io::Read, mut to: impl io::Write) -> Result<(u64, String), Side> {
    let (mut hash, mut bytes, mut buffer) = (Sha256::new(), 0, vec![0; 128 * 1024]);
    loop {
        match from.read(&mut buffer) {
            Ok(0) => return Ok((bytes, hex::encode(hash.finalize()))),
            Ok(n) => {
                hash.update(&buffer[..n]);
                bytes += n as u64;
                to.write_all(&buffer[..n]).map_err(Side::To)?;
            }
            Err(e) if e.kind() == io::ErrorKind::Interrupted => {}
            Err(e) => return Err(Side::From(e)),
        }
    }
}

/// Where a copy failed.
enum Side {
    From(io::Error),
    To(io::Error),
}
