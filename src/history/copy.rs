//! Taking copies of the history, and checking the copies that others bring.

use std::fs::File;
use std::io::{self, BufReader, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};

use super::export::{Format, Header, Writer};
use super::search::{Filter, Search};
use super::verify::{Report, verify_export};
use crate::journal::{Event, Hash};
use crate::store::{Store, StoreError};

/// Why a copy was not taken, or not checked.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What it was written to.
    #[error("the copy could not be written to its end: {0}")]
    Write(#[from] io::Error),
    /// A device or a pipe may never end.
    #[error("{} is not a regular file; an export is verified from the file that it was written to", .0.display())]
    NoFile(PathBuf),
    /// The file of a copy.
    #[error("{} cannot be read: {cause}", path.display())]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

/// Writes a copy of what was asked for and gives how many entries it holds. Chains follow each other in the order of
/// their names, each with its own header, so that one file of several organisations can be verified as it is. Each
/// chain first takes down who took the copy; a whole copy ends with that entry.
pub async fn take<W: Write>(
    store: &Store,
    filter: Filter,
    format: Format,
    actor: &str,
    now: DateTime<Utc>,
    out: W,
) -> Result<u64, CopyError> {
    let left_out = filter.words();
    // Asked first: what cannot be searched is not noted as copied.
    let chains: Vec<_> = Search::begin(store, filter.clone()).await?.spans().iter().map(|s| s.chain.clone()).collect();
    for chain in chains {
        let noted = Event::HistoryExported { format: name(format).into(), filter: left_out.clone() };
        store.note(&chain, now, actor, None, noted).await?;
    }
    let mut search = Search::begin(store, filter).await?;
    let mut writer = Writer::new(format, out)?;
    let mut count = 0;
    for mut span in search.spans().to_vec() {
        writer.begin(&match &left_out {
            None => Header::whole(&span.chain, span.head, now),
            Some(words) => Header::filtered(&span.chain, span.head, now, words.clone()),
        })?;
        while let Some(page) = search.next_page(&mut span).await? {
            count += page.len() as u64;
            for entry in &page {
                let distance_seconds = if format == Format::Csv { search.distance_seconds(entry).await? } else { None };
                writer.push(entry, distance_seconds)?;
            }
        }
    }
    writer.finish()?;
    Ok(count)
}

/// Checks a copy in a file, without the database. `expected`: a hash that someone noted.
pub fn verify_file(path: &Path, expected: Option<Hash>) -> Result<Report, CopyError> {
    let unreadable = |cause| CopyError::Read { path: path.to_owned(), cause };
    // Asked before it is opened: opening a pipe waits for its writer.
    if !std::fs::metadata(path).map_err(unreadable)?.is_file() {
        return Err(CopyError::NoFile(path.to_owned()));
    }
    let file = File::open(path).map_err(unreadable)?;
    verify_export(BufReader::new(file), expected).map_err(unreadable)
}

fn name(format: Format) -> &'static str {
    match format {
        Format::JsonLines => "jsonl",
        Format::Json => "json",
        Format::Csv => "csv",
    }
}

#[cfg(test)]
mod tests;
