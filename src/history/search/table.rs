//! The answer as a table for the terminal.

use std::io::Write;

use chrono_tz::Tz;
use comfy_table::{ContentArrangement, Table, presets};

use super::{Filter, Row, Search};
use crate::domain::wall_time;
use crate::history::rule::{hours, printable};
use crate::store::{Store, StoreError};

const COLUMNS: [&str; 8] = ["time", "what", "channel", "by", "post", "after MAX", "said", "entry"];

/// Why a table was not written to its end.
#[derive(Debug, thiserror::Error)]
pub enum TableError {
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// What it was written to.
    #[error("the table could not be written: {0}")]
    Write(#[from] std::io::Error),
}

/// Writes what was asked for, oldest first within each chain, with times on the clocks of `zone`; gives how many
/// entries. Long answers come as several tables, so that they take no memory.
pub async fn write_table(store: &Store, filter: Filter, zone: Tz, out: &mut impl Write) -> Result<u64, TableError> {
    let mut search = Search::begin(store, filter).await?;
    let mut count = 0;
    while let Some(page) = search.next().await? {
        count += page.len() as u64;
        let mut table = Table::new();
        table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic).set_header(COLUMNS);
        for entry in page {
            table.add_row(cells(&search.row(entry).await?, zone));
        }
        writeln!(out, "{table}")?;
    }
    Ok(count)
}

fn cells(row: &Row, zone: Tz) -> [String; 8] {
    let text = |text: Option<&str>| printable(text.unwrap_or_default());
    [
        wall_time::show(row.at, zone),
        text(Some(&row.kind)),
        text(row.channel.as_deref()),
        text(Some(&row.actor)),
        match (&row.title, row.post) {
            (Some(title), Some(post)) => format!("{} ({post})", printable(title)),
            (_, post) => post.map(|post| post.to_string()).unwrap_or_default(),
        },
        row.distance_seconds.map(hours).unwrap_or_default(),
        text(row.reason.as_deref().or(row.url.as_deref()).or(row.remote_id.as_deref())),
        format!("{} {}", printable(&row.chain), row.seq),
    ]
}
