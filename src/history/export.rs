//! Copies of the history for people: JSON Lines, which anyone can verify ([`super::verify`]), JSON and CSV.

use std::io::{self, Write};

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::journal::{Entry, Head, canonical, stamp};

mod read;
mod table;

pub use read::{Export, Line, LineCause, LineError, Lines, ReadError, Section, read_export};

use table::Table;
pub use table::harmless;

/// The form of an export that this vestnik writes and reads.
pub const EXPORT_FORM: u32 = 1;

/// What stands before the entries of one chain.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Header {
    /// The chain.
    pub chain: String,
    /// When the copy was taken, by our clock. No hash covers it.
    #[serde(with = "stamp")]
    pub exported_at: DateTime<Utc>,
    /// What was chosen, in words; `None` when nothing was left out.
    pub filter: Option<String>,
    /// The number of the first entry that could stand in the copy; 1 unless it continues an earlier copy.
    pub from_seq: u64,
    /// The head of the chain when the copy was taken.
    pub head: Head,
    /// [`EXPORT_FORM`].
    pub vestnik_export: u32,
}

impl Header {
    /// Of a copy of the whole chain up to `head`.
    pub fn whole(chain: impl Into<String>, head: Head, exported_at: DateTime<Utc>) -> Self {
        let chain = chain.into();
        Self { chain, exported_at, filter: None, from_seq: 1, head, vestnik_export: EXPORT_FORM }
    }

    /// Of a copy that leaves entries out, for the reason given in words, for example `channel vk, from 2026-11-01`.
    pub fn filtered(chain: impl Into<String>, head: Head, exported_at: DateTime<Utc>, filter: String) -> Self {
        Self { filter: Some(filter), ..Self::whole(chain, head, exported_at) }
    }

    /// Whether the copy holds every entry of the chain up to its head. Only such a copy proves anything.
    pub fn is_whole(&self) -> bool {
        self.filter.is_none() && self.from_seq == 1
    }

    /// The header as a line, in the journal's spelling, without its line end.
    pub fn line(&self) -> String {
        let mut out = String::new();
        match serde_json::to_value(self) {
            Ok(serde_json::Value::Object(fields)) => canonical::write_object(&mut out, &fields),
            _ => unreachable!("a header is written as an object"),
        }
        out
    }
}

/// The kinds of copies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// One JSON value to a line. The one that can be verified.
    JsonLines,
    /// One JSON list of chains, each with its header and entries.
    Json,
    /// One table for spreadsheets, an entry to a row.
    Csv,
}

/// Writes copies: [`Writer::begin`] for each chain, [`Writer::push`] for each of its entries, [`Writer::finish`].
#[derive(Debug)]
pub struct Writer<W: Write>(Kind<W>);

#[derive(Debug)]
enum Kind<W: Write> {
    Lines(W),
    Json { out: W, last: Last },
    Csv(Box<Table<W>>),
}

/// What a JSON document ends in so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Last {
    Nothing,
    Header,
    Entry,
}

impl<W: Write> Writer<W> {
    /// Begins a copy.
    pub fn new(format: Format, out: W) -> io::Result<Self> {
        Ok(Self(match format {
            Format::JsonLines => Kind::Lines(out),
            Format::Json => Kind::Json { out, last: Last::Nothing },
            Format::Csv => Kind::Csv(Box::new(Table::new(out)?)),
        }))
    }

    /// Begins a chain.
    pub fn begin(&mut self, header: &Header) -> io::Result<()> {
        match &mut self.0 {
            Kind::Lines(out) => writeln!(out, "{}", header.line()),
            Kind::Json { out, last } => {
                let before = if *last == Last::Nothing { "[" } else { "\n]},\n" };
                *last = Last::Header;
                write!(out, "{before}{{\"header\":{},\"entries\":[", header.line())
            }
            Kind::Csv(_) => Ok(()),
        }
    }

    /// Writes the next entry of the chain. `distance_seconds`: from the primary to the publication that it tells of, for
    /// tables.
    pub fn push(&mut self, entry: &Entry, distance_seconds: Option<i64>) -> io::Result<()> {
        match &mut self.0 {
            Kind::Lines(out) => writeln!(out, "{}", entry.line()),
            Kind::Json { out, last } => {
                let before = if *last == Last::Entry { "," } else { "" };
                *last = Last::Entry;
                write!(out, "{before}\n{}", entry.line())
            }
            Kind::Csv(table) => table.push(entry, distance_seconds),
        }
    }

    /// Writes a row of the journal that is no entry any more, as it lies in the database: a copy leaves nothing out, and
    /// whoever verifies it comes to this row.
    pub fn push_unreadable(&mut self, chain: &str, seq: u64, text: &str) -> io::Result<()> {
        match &mut self.0 {
            Kind::Lines(out) => writeln!(out, "{}", text.replace(['\n', '\r'], " ")),
            Kind::Json { out, last } => {
                let before = if *last == Last::Entry { "," } else { "" };
                *last = Last::Entry;
                write!(out, "{before}\n{}", serde_json::Value::from(text))
            }
            Kind::Csv(table) => table.push_unreadable(chain, seq, text),
        }
    }

    /// Ends the copy and gives back what it was written to.
    pub fn finish(self) -> io::Result<W> {
        let mut out = match self.0 {
            Kind::Lines(out) => out,
            Kind::Json { mut out, last } => {
                writeln!(out, "{}", if last == Last::Nothing { "[]" } else { "\n]}]" })?;
                out
            }
            Kind::Csv(table) => table.finish()?,
        };
        out.flush()?;
        Ok(out)
    }
}
