//! Printing for people and for programs.

use std::io::Write as _;

use chrono::{DateTime, SecondsFormat, Utc};
use comfy_table::{ContentArrangement, Table, presets};
use serde::Serialize;
use vestnik_contract::text::printable;

/// How a command prints.
#[derive(Debug, Clone, Copy)]
pub(super) struct Output {
    pub json: bool,
}

impl Output {
    /// Prints the value as JSON, or the text.
    pub fn print(self, value: &impl Serialize, text: impl FnOnce() -> String) {
        if self.json {
            // Plain data with string keys always serialises.
            write(&serde_json::to_string_pretty(value).unwrap_or_default());
        } else {
            line(&text());
        }
    }
}

/// Prints a line.
pub(super) fn line(text: &str) {
    write(&printable(text.trim_end_matches('\n')));
}

/// A reader that went away (`| head`) is no error.
fn write(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

/// A table without lines around it.
pub(super) fn table<const N: usize>(head: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_header(head);
    for row in rows {
        table.add_row(row);
    }
    table.to_string()
}

/// A time for programs.
pub(super) fn rfc3339(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::AutoSi, true)
}
