//! The columns beside an entry are an index over it: searches believe them, so they must say the same.

use uuid::Uuid;

use super::Findings;
use crate::journal::Entry;
use crate::store::JournalRow;

/// Compares a row's columns with its entry.
pub(super) fn check(row: &JournalRow, entry: &Entry, findings: &mut Findings) {
    let id = |id: Option<Uuid>| id.map(|id| id.to_string());
    let columns = [
        ("chain", Some(row.chain.clone()), Some(entry.chain.clone())),
        ("seq", Some(row.seq.to_string()), Some(entry.seq.to_string())),
        ("at", Some(row.at.to_string()), Some(entry.at.timestamp_micros().to_string())),
        ("kind", Some(row.kind.clone()), Some(entry.kind.clone())),
        ("post", row.post.clone(), id(entry.post)),
        ("delivery", row.delivery.clone(), id(entry.delivery)),
        ("channel", row.channel.clone(), entry.channel.clone()),
        ("hash", Some(row.hash.clone()), Some(entry.hash.to_string())),
    ];
    for (column, stored, told) in columns {
        if stored != told {
            let name = |value: Option<String>| value.map_or_else(|| "nothing".to_owned(), |v| format!("`{v}`"));
            findings.add(
                format!("chain {}, row {}", row.chain, row.seq),
                format!("the column `{column}` holds {}, the entry says {}", name(stored), name(told)),
            );
        }
    }
}
