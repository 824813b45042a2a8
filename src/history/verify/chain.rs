//! Checking one chain.

use crate::history::export::{Header, LineError};
use crate::history::rule::{FourHours, Tally};
use crate::journal::event::EventError;
use crate::journal::{Break, Entry, Hash, Head, Verifier};

use super::report::ChainReport;

/// Why a chain proves nothing.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ChainFault {
    /// An entry was changed, taken out, doubled or moved.
    #[error("{0}")]
    Break(#[from] Break),
    /// A line of the copy is not what vestnik wrote.
    #[error("{0}")]
    Line(#[from] LineError),
    /// A publication cannot be measured.
    #[error("entry {seq}: {cause}")]
    Unreadable {
        /// The number of the entry.
        seq: u64,
        /// What does not fit.
        cause: EventError,
    },
    /// The entries do not end where the head says.
    #[error(
        "the entries end at number {} with the hash {}, the head is number {} with {}; the end was cut or replaced",
        found.seq, found.hash, named.seq, named.hash
    )]
    Head {
        /// The head that is named.
        named: Head,
        /// Where the entries end.
        found: Head,
    },
    /// The copy holds the chain in two places.
    #[error("the chain stands twice in this export; verify each export by itself")]
    Twice,
}

/// Checks one chain entry by entry. Nothing is believed after the first fault.
#[derive(Debug)]
pub struct ChainCheck {
    header: Header,
    expected: Option<Hash>,
    expected_at: Option<u64>,
    verifier: Option<Verifier>,
    rule: FourHours,
    tally: Tally,
    entries: u64,
    fault: Option<ChainFault>,
}

impl ChainCheck {
    /// Begins a chain. For the database: [`Header::whole`] with the head that is kept beside the entries.
    pub fn new(header: Header, expected: Option<Hash>) -> Self {
        let (rule, tally) = (FourHours::default(), Tally::default());
        let mut check =
            Self { header, expected, expected_at: None, verifier: None, rule, tally, entries: 0, fault: None };
        if check.header.is_whole() {
            check.begin(Verifier::new(&check.header.chain));
        } else if check.header.filter.is_some() {
            check.verifier = Some(Verifier::of_selection(&check.header.chain));
        }
        check
    }

    /// The chain's name.
    pub fn chain(&self) -> &str {
        &self.header.chain
    }

    /// Takes the next entry.
    pub fn push(&mut self, entry: &Entry) {
        self.entries += 1;
        if self.fault.is_some() {
            return;
        }
        if let Err(fault) = self.take(entry) {
            self.fault = Some(fault);
        }
    }

    fn take(&mut self, entry: &Entry) -> Result<(), ChainFault> {
        let Some(verifier) = &mut self.verifier else {
            // A copy that continues an earlier one hangs on what the earlier one ends with.
            let head = Head { hash: entry.prev, seq: self.header.from_seq.saturating_sub(1) };
            self.begin(Verifier::after(&self.header.chain, head));
            return self.take(entry);
        };
        verifier.push(entry)?;
        self.expect(Head { hash: entry.hash, seq: entry.seq });
        let measured = self.rule.push(entry).map_err(|cause| ChainFault::Unreadable { seq: entry.seq, cause })?;
        measured.into_iter().for_each(|distance| self.tally.add(distance));
        Ok(())
    }

    fn begin(&mut self, verifier: Verifier) {
        self.expect(verifier.head());
        self.verifier = Some(verifier);
    }

    fn expect(&mut self, head: Head) {
        if self.expected == Some(head.hash) {
            self.expected_at = Some(head.seq);
        }
    }

    /// Something is wrong with what should be the next entry.
    pub fn fail(&mut self, fault: ChainFault) {
        self.fault.get_or_insert(fault);
    }

    /// The chain is over.
    pub fn finish(mut self) -> ChainReport {
        let named = self.header.head;
        let empty = Head { hash: named.hash, seq: self.header.from_seq.saturating_sub(1) };
        let found = self.verifier.as_ref().map_or(empty, Verifier::head);
        let ends = if self.header.filter.is_some() { found.seq < named.seq || found == named } else { found == named };
        if !ends {
            self.fail(ChainFault::Head { named, found });
        }
        let remarks = self.verifier.as_ref().map(|v| v.remarks().to_vec()).unwrap_or_default();
        ChainReport {
            whole: self.header.is_whole(),
            chain: self.header.chain,
            filter: self.header.filter,
            from_seq: self.header.from_seq,
            entries: self.entries,
            head: found,
            fault: self.fault,
            remarks,
            rule: self.tally,
            expected_at: self.expected_at,
        }
    }
}
