//! The mirror read from its end.

use std::fs::File;
use std::io::{self, Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use crate::journal::Entry;

/// Read at one go, in bytes: some hundred entries.
const BLOCK: u64 = 256 * 1024;

/// No entry is longer, in bytes: what is longer without a line's end is damage.
const LINE_MAX: usize = 4 * 1024 * 1024;

/// Entries from the newest to the oldest, however many there are.
#[derive(Debug)]
pub(in crate::store) struct Backwards {
    /// What is still to be opened, oldest first.
    files: Vec<PathBuf>,
    /// What is read, and how much of it is left.
    open: Option<(File, u64)>,
    /// The end of a line that begins further ahead.
    tail: Vec<u8>,
    /// That line is too long to be an entry: its beginning is passed over.
    damaged: bool,
}

impl Backwards {
    pub(super) fn over(files: Vec<PathBuf>) -> Self {
        Self { files, open: None, tail: Vec::new(), damaged: false }
    }

    /// The next block's entries, newest first; `None` at the beginning of everything. Lines that are no whole entries
    /// (torn, damaged) are left out.
    pub(in crate::store) fn next(&mut self) -> io::Result<Option<Vec<Entry>>> {
        let Some((mut file, left)) = self.open.take() else {
            let Some(place) = self.files.pop() else { return Ok(None) };
            self.open = Some(open(&place).map_err(|e| io::Error::new(e.kind(), format!("{}: {e}", place.display())))?);
            return Ok(Some(Vec::new()));
        };
        let start = left.saturating_sub(BLOCK);
        let mut block = Vec::new();
        file.seek(SeekFrom::Start(start))?;
        (&file).take(left - start).read_to_end(&mut block)?;
        if self.damaged {
            let Some(end) = block.iter().rposition(|byte| *byte == b'\n') else {
                self.damaged = start > 0;
                self.open = (start > 0).then_some((file, start));
                return Ok(Some(Vec::new()));
            };
            block.truncate(end + 1);
            self.damaged = false;
        }
        block.append(&mut self.tail);
        let mut lines = block.as_slice();
        if start > 0 {
            let whole = lines.iter().position(|byte| *byte == b'\n').map_or(lines.len(), |end| end + 1);
            self.damaged = whole > LINE_MAX;
            if !self.damaged {
                self.tail = lines[..whole].to_vec();
            }
            lines = &lines[whole..];
            self.open = Some((file, start));
        }
        Ok(Some(lines.rsplit(|byte| *byte == b'\n').filter_map(entry).collect()))
    }
}

/// A file with its length. A pipe or a device would be waited for.
fn open(place: &Path) -> io::Result<(File, u64)> {
    if !place.metadata()?.is_file() {
        return Err(io::Error::other("this is no file"));
    }
    let file = File::open(place)?;
    let length = file.metadata()?.len();
    Ok((file, length))
}

fn entry(line: &[u8]) -> Option<Entry> {
    let entry = Entry::parse(std::str::from_utf8(line).ok()?).ok()?;
    (entry.hash == entry.computed_hash()).then_some(entry)
}
