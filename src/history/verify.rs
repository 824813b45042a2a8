//! Is the history what happened, and was the four-hour rule kept? Asked of a copy, or of the database itself.
//!
//! `docs/verify_export.py` answers the same of a copy without vestnik, in the same words.

use std::io::{self, BufRead};

use crate::journal::Hash;

mod chain;
mod report;

pub use chain::{ChainCheck, ChainFault};
pub use report::{ChainReport, Proof, Report};

use super::export::{Line, LineCause, Lines, ReadError};

/// Checks a copy in JSON Lines. `expected`: a hash that someone noted; it must be that of an entry, so that a cut tail
/// or a chain written anew is found, also when the chain has grown since. An error means that the file could not be
/// read, which says nothing of the history.
pub fn verify_export(reader: impl BufRead, expected: Option<Hash>) -> io::Result<Report> {
    let mut lines = Lines::new(reader);
    let mut report = Report::new(expected);
    let mut current: Option<ChainCheck> = None;
    loop {
        match lines.next_line() {
            Ok(None) => break,
            Ok(Some(Line::Header(header))) => {
                report.chains.extend(current.take().map(ChainCheck::finish));
                let mut check = ChainCheck::new(header, expected);
                if report.chains.iter().any(|earlier| earlier.chain == check.chain()) {
                    check.fail(ChainFault::Twice);
                }
                current = Some(check);
            }
            Ok(Some(Line::Entry(entry))) => match &mut current {
                Some(check) => check.push(&entry),
                None => drop(report.fault.get_or_insert(lines.error(LineCause::NoHeader))),
            },
            Err(ReadError::Line(error)) => match &mut current {
                Some(check) => check.fail(ChainFault::Line(error)),
                None => drop(report.fault.get_or_insert(error)),
            },
            Err(ReadError::Io(error)) => return Err(error),
        }
    }
    report.chains.extend(current.map(ChainCheck::finish));
    if report.chains.is_empty() && report.fault.is_none() {
        report.fault = Some(lines.error(LineCause::NoHeader));
    }
    Ok(report)
}
