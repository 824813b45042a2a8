//! The table for spreadsheets. It is for reading: what proves anything is the copy in JSON Lines.

use std::borrow::Cow;
use std::io::{self, Write};

use crate::journal::{Entry, stamp};

const COLUMNS: [&str; 15] = [
    "at",
    "chain",
    "seq",
    "actor",
    "kind",
    "post",
    "channel",
    "delivery",
    "revision",
    "remote_id",
    "url",
    "platform_time",
    "distance_seconds",
    "reason",
    "hash",
];

/// Writes entries as rows.
#[derive(Debug)]
pub(super) struct Table<W: Write> {
    out: csv::Writer<W>,
}

impl<W: Write> Table<W> {
    pub(super) fn new(out: W) -> io::Result<Self> {
        let mut out = csv::Writer::from_writer(out);
        out.write_record(COLUMNS)?;
        Ok(Self { out })
    }

    pub(super) fn push(&mut self, entry: &Entry, distance_seconds: Option<i64>) -> io::Result<()> {
        let detail = |key: &str| entry.detail.get(key).map(plain).unwrap_or_default();
        self.out.write_record([
            stamp::text(entry.at),
            harmless(&entry.chain),
            entry.seq.to_string(),
            harmless(&entry.actor),
            harmless(&entry.kind),
            entry.post.map(|id| id.to_string()).unwrap_or_default(),
            harmless(entry.channel.as_deref().unwrap_or_default()),
            entry.delivery.map(|id| id.to_string()).unwrap_or_default(),
            harmless(&detail("revision")),
            harmless(&detail("remote_id")),
            harmless(&detail("url")),
            harmless(&detail("platform_time")),
            distance_seconds.map(|seconds| seconds.to_string()).unwrap_or_default(),
            harmless(&detail("reason")),
            entry.hash.to_string(),
        ])?;
        Ok(())
    }

    /// A row that is no entry any more: its place, and its text among the reasons.
    pub(super) fn push_unreadable(&mut self, chain: &str, seq: u64, text: &str) -> io::Result<()> {
        let mut record: [String; COLUMNS.len()] = Default::default();
        record[1] = harmless(chain);
        record[2] = seq.to_string();
        record[13] = harmless(text);
        self.out.write_record(record)?;
        Ok(())
    }

    pub(super) fn finish(self) -> io::Result<W> {
        self.out.into_inner().map_err(csv::IntoInnerError::into_error)
    }
}

fn plain(value: &serde_json::Value) -> Cow<'_, str> {
    match value {
        serde_json::Value::String(text) => Cow::Borrowed(text),
        serde_json::Value::Null => Cow::Borrowed(""),
        other => Cow::Owned(other.to_string()),
    }
}

/// Spreadsheets run cells that begin like a formula (OWASP, CSV Injection): an apostrophe makes them text. A VK id
/// begins with a minus, so it has one too.
pub fn harmless(cell: &str) -> String {
    let first = cell.trim_start_matches([' ', '\u{a0}', '\u{feff}']).chars().next();
    let runs = matches!(first, Some('=' | '+' | '-' | '@' | '\t' | '\r' | '\n' | '＝' | '＋' | '－' | '＠'));
    if runs { format!("'{cell}") } else { cell.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        for cell in ["=HYPERLINK(\"http://x\")", "+7", "-1_2", "@sum", "\t=1", " =1", "\r=1", "＝1", "\u{feff}=1"] {
            assert_eq!(harmless(cell), format!("'{cell}"));
        }
        for cell in ["", "Мост открыт", "2026-W47", "a=b"] {
            assert_eq!(harmless(cell), cell);
        }
    }
}
