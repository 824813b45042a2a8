//! Reading a copy in JSON Lines: each line in its one spelling, nothing else between them.

use std::io::{self, BufRead, Read as _};

use crate::journal::{Entry, EntryError, canonical};

use super::{EXPORT_FORM, Header};

/// No entry comes near this many bytes; what is longer was not written by vestnik.
const LINE_BYTES_MAX: u64 = 16 * 1024 * 1024;

/// Headers are the lines that begin so: their spelling leaves no other beginning, and entries have another.
const HEADER_BEGINS: &str = r#"{"chain":"#;

/// One line of a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Line {
    /// A chain begins.
    Header(Header),
    /// An entry of the chain that began last.
    Entry(Box<Entry>),
}

/// Why a line is not one of a copy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum LineCause {
    /// Rubbish, or another kind of file.
    #[error("it is longer than {LINE_BYTES_MAX} bytes")]
    TooLong,
    /// The file was cut in this line, or something took the last line end.
    #[error("it has no line end; the file was cut")]
    Cut,
    /// Not text.
    #[error("it is not UTF-8")]
    NotText,
    /// Not a header.
    #[error("it is not a header of an export ({0})")]
    Header(String),
    /// Written by a newer vestnik.
    #[error("the export has form {0}, this program reads form {EXPORT_FORM}; verify it with a newer one")]
    Form(u32),
    /// Not an entry.
    #[error("{0}")]
    Entry(#[from] EntryError),
    /// Not a copy in JSON Lines at all.
    #[error("an export begins with a header; make one with `vestnik history --format jsonl`")]
    NoHeader,
}

/// A line that is not one of a copy.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("line {number}: {cause}")]
pub struct LineError {
    /// Counted from 1.
    pub number: u64,
    /// What is wrong with it.
    pub cause: LineCause,
}

/// Why a copy cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum ReadError {
    /// The file cannot be read.
    #[error(transparent)]
    Io(#[from] io::Error),
    /// It holds something else.
    #[error(transparent)]
    Line(#[from] LineError),
}

/// The lines of a copy, one at a time, so that years of history take no memory.
#[derive(Debug)]
pub struct Lines<R> {
    reader: R,
    number: u64,
}

impl<R: BufRead> Lines<R> {
    /// Reads from the beginning of a copy.
    pub fn new(reader: R) -> Self {
        Self { reader, number: 0 }
    }

    /// The next line; `None` at the end of the file.
    pub fn next_line(&mut self) -> Result<Option<Line>, ReadError> {
        let mut bytes = Vec::new();
        self.reader.by_ref().take(LINE_BYTES_MAX).read_until(b'\n', &mut bytes)?;
        if bytes.is_empty() {
            return Ok(None);
        }
        self.number += 1;
        let line = line(&bytes, self.number == 1).map_err(|cause| self.error(cause))?;
        Ok(Some(line))
    }

    /// Something is wrong with the line that was read last.
    pub(crate) fn error(&self, cause: LineCause) -> LineError {
        LineError { number: self.number, cause }
    }
}

fn line(bytes: &[u8], first: bool) -> Result<Line, LineCause> {
    if first && !bytes.starts_with(HEADER_BEGINS.as_bytes()) {
        return Err(LineCause::NoHeader);
    }
    let Some(bytes) = bytes.strip_suffix(b"\n") else {
        let whole = bytes.len() as u64 == LINE_BYTES_MAX;
        return Err(if whole { LineCause::TooLong } else { LineCause::Cut });
    };
    let text = std::str::from_utf8(bytes).map_err(|_| LineCause::NotText)?;
    if text.starts_with(HEADER_BEGINS) {
        return header(text).map(Line::Header);
    }
    Ok(Line::Entry(Box::new(Entry::parse(text)?)))
}

fn header(text: &str) -> Result<Header, LineCause> {
    let header: Header = serde_json::from_str(text).map_err(|e| LineCause::Header(e.to_string()))?;
    if header.vestnik_export != EXPORT_FORM {
        return Err(LineCause::Form(header.vestnik_export));
    }
    if !(canonical::is_count(header.head.seq) && canonical::is_count(header.from_seq) && header.from_seq > 0) {
        return Err(LineCause::Header("its numbers cannot be those of entries".into()));
    }
    if header.line() != text {
        return Err(LineCause::Header("it is not spelt as vestnik spells it".into()));
    }
    Ok(header)
}

/// A whole copy in memory.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Export {
    /// Its chains.
    pub sections: Vec<Section>,
}

/// One chain of a copy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Section {
    /// What stands before the entries.
    pub header: Header,
    /// The entries. Whether they are true is another question: [`crate::history::verify`].
    pub entries: Vec<Entry>,
}

/// Reads a copy without judging it.
pub fn read_export(reader: impl BufRead) -> Result<Export, ReadError> {
    let (mut lines, mut sections) = (Lines::new(reader), Vec::<Section>::new());
    while let Some(line) = lines.next_line()? {
        match (line, sections.last_mut()) {
            (Line::Header(header), _) => sections.push(Section { header, entries: Vec::new() }),
            (Line::Entry(entry), Some(section)) => section.entries.push(*entry),
            (Line::Entry(_), None) => return Err(lines.error(LineCause::NoHeader).into()),
        }
    }
    if sections.is_empty() { Err(lines.error(LineCause::NoHeader).into()) } else { Ok(Export { sections }) }
}
