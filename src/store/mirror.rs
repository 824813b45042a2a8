//! The journal's second memory: what was committed is written once more, into files beside the database.
//!
//! Whoever puts yesterday's database back loses what happened since; these files tell it ([`super::older`]). They are
//! a help and no promise: nothing is released because of them, so they are neither synced nor waited for, and whatever
//! goes wrong with them is said once and passed over. What a power cut takes from their end is the end that the
//! database itself still holds; it is written again at the next start.
//!
//! One file a month, `2026-11.jsonl`, one entry a line in the order of the commits, all chains together. A file of an
//! earlier month than the newest is never written to, so that their names tell their order also where the clock went
//! back.

mod backwards;

use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, FileExt as _, MetadataExt as _, OpenOptionsExt as _, chown};
use std::path::{Path, PathBuf};

use super::gate::Way;
use super::journal::JournalRow;
use super::rows::instant;
use crate::journal::stamp;

pub(super) use backwards::Backwards;

const ENDING: &str = ".jsonl";
/// So many rows that cannot be written are kept for later, some megabytes; beyond, the next start writes them.
const MISSED_MAX: usize = 4096;

/// The files beside one database.
#[derive(Debug)]
pub(super) struct Mirror {
    place: PathBuf,
    folder: PathBuf,
    /// The newest file and its name.
    newest: Option<(String, File)>,
    /// The last append failed, and that was said.
    ails: bool,
    /// What could not be written, oldest first.
    missed: Vec<JournalRow>,
    way: Way,
}

impl Mirror {
    /// The mirror of the database at `place`. Nothing is opened yet.
    pub(super) fn beside(place: &Path) -> Self {
        // One mirror however the database is named: links lead to it.
        let place = place.canonicalize().unwrap_or_else(|_| place.to_owned());
        let mut folder = place.clone().into_os_string();
        folder.push(".history");
        Self { place, folder: folder.into(), newest: None, ails: false, missed: Vec::new(), way: Way::default() }
    }

    /// The same with a simulation on the way to the disk.
    pub(super) fn behind(self, way: Way) -> Self {
        Self { way, ..self }
    }

    /// Appends committed rows, after those that could not be written before them.
    pub(super) fn append(&mut self, rows: &[JournalRow]) {
        if rows.is_empty() {
            return;
        }
        let missed = std::mem::take(&mut self.missed);
        let done = if missed.is_empty() { self.try_append(rows) } else { self.try_append(&[&missed, rows].concat()) };
        match done {
            Ok(()) if self.ails => {
                self.ails = false;
                tracing::info!(folder = %self.folder.display(), "the history beside the database is written again");
            }
            Ok(()) => {}
            Err(error) => {
                self.newest = None;
                self.missed = missed;
                if self.missed.len() < MISSED_MAX {
                    self.missed.extend_from_slice(rows);
                }
                if !self.ails {
                    self.ails = true;
                    tracing::warn!(
                        folder = %self.folder.display(), %error,
                        "the history beside the database cannot be written; an older copy of the database could then \
                         only be told by what the platforms show"
                    );
                }
            }
        }
    }

    fn try_append(&mut self, rows: &[JournalRow]) -> io::Result<()> {
        let month = rows.iter().map(month_of).max().unwrap_or_default();
        let mut lines = String::with_capacity(rows.iter().map(|row| row.entry.len() + 1).sum());
        for row in rows {
            lines.push_str(&row.entry);
            lines.push('\n');
        }
        let fails_after = self.way.history_takes(lines.len());
        let file = self.file(month)?;
        end_the_line(file)?;
        if let Some(taken) = fails_after {
            file.write_all(&lines.as_bytes()[..taken])?;
            return Err(io::ErrorKind::StorageFull.into());
        }
        // One call: lines of another process do not come between.
        file.write_all(lines.as_bytes())
    }

    /// The file for entries of this month, or of a later one that there is already.
    fn file(&mut self, month: String) -> io::Result<&mut File> {
        let open = self.newest.take().filter(|(name, _)| *name >= month);
        let open = match open {
            Some(open) => open,
            None => {
                DirBuilder::new().recursive(true).mode(0o700).create(&self.folder)?;
                self.give_to_owner(&self.folder);
                let name = self.names()?.pop().map_or(month.clone(), |newest| newest.max(month));
                let path = self.folder.join(format!("{name}{ENDING}"));
                let file = OpenOptions::new().read(true).append(true).create(true).mode(0o600).open(&path)?;
                self.give_to_owner(&path);
                (name, file)
            }
        };
        Ok(&mut self.newest.insert(open).1)
    }

    /// A command that root runs must not make what the daemon cannot open. Whoever may not give it away need not.
    fn give_to_owner(&self, made: &Path) {
        if let (Ok(database), Ok(now)) = (self.place.metadata(), made.metadata())
            && database.uid() != now.uid()
            && let Err(error) = chown(made, Some(database.uid()), Some(database.gid()))
        {
            tracing::debug!(made = %made.display(), %error, "it stays with who made it");
        }
    }

    /// The months of the files that are there, oldest first.
    fn names(&self) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for file in self.folder.read_dir()? {
            let file = file?.file_name();
            let name = file.to_str().and_then(|name| name.strip_suffix(ENDING)).unwrap_or_default();
            if name.len() == "2026-11".len() && name.bytes().all(|b| b.is_ascii_digit() || b == b'-') {
                names.push(name.to_owned());
            }
        }
        names.sort_unstable();
        Ok(names)
    }

    /// Everything that was mirrored, newest first.
    pub(super) fn backwards(&self) -> io::Result<Backwards> {
        let names = match self.names() {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Vec::new(),
            names => names?,
        };
        Ok(Backwards::over(names.into_iter().map(|name| self.folder.join(format!("{name}{ENDING}"))).collect()))
    }
}

/// Ends a line that a crash or a full disk cut off, ours or another process's, so that the next is whole.
fn end_the_line(file: &mut File) -> io::Result<()> {
    let length = file.metadata()?.len();
    let mut last = [b'\n'];
    if length > 0 {
        file.read_exact_at(&mut last, length - 1)?;
    }
    if last == *b"\n" { Ok(()) } else { file.write_all(b"\n") }
}

/// `2026-11`, by our clock.
fn month_of(row: &JournalRow) -> String {
    let at = instant("journal", &row.chain, row.at).unwrap_or_default();
    stamp::text(at).chars().take(7).collect()
}

#[cfg(test)]
mod tests;
