//! What a check came to.

use serde::{Serialize, Serializer};

use crate::history::export::LineError;
use crate::history::rule::{Distance, Tally, printable};
use crate::journal::{Hash, Head, Remark};

use super::chain::ChainFault;

/// What a check of one or more chains came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Each chain by itself.
    pub chains: Vec<ChainReport>,
    /// The hash that had to be found in one of them.
    pub expected: Option<Hash>,
    /// Why there is no chain to check.
    #[serde(serialize_with = "sentence")]
    pub fault: Option<LineError>,
}

/// What a check of one chain came to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChainReport {
    /// The chain.
    pub chain: String,
    /// Whether every entry from the first to the head was there to be checked.
    pub whole: bool,
    /// What was chosen for the copy, in words.
    pub filter: Option<String>,
    /// The number of the first entry that could stand in the copy.
    pub from_seq: u64,
    /// How many entries there were.
    pub entries: u64,
    /// The last entry that is in order.
    pub head: Head,
    /// The first thing that is wrong.
    #[serde(serialize_with = "sentence")]
    pub fault: Option<ChainFault>,
    /// What a person may want to ask about.
    pub remarks: Vec<Remark>,
    /// The four-hour rule, as far as the entries are in order.
    pub rule: Tally,
    /// The number of the entry that has the expected hash.
    pub expected_at: Option<u64>,
}

/// What follows. The later ones outweigh the earlier.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    /// Every chain is whole and unbroken, and every follower kept the rule.
    Proven,
    /// What is there is in order, but something was left out or is not known, and what that was nobody can tell.
    Part,
    /// Something is wrong.
    Broken,
}

impl Report {
    /// Nothing checked so far.
    pub fn new(expected: Option<Hash>) -> Self {
        Self { chains: Vec::new(), expected, fault: None }
    }

    /// What follows from all of it.
    pub fn proof(&self) -> Proof {
        if self.fault.is_some() || !self.has_expected() {
            return Proof::Broken;
        }
        self.chains.iter().map(ChainReport::proof).max().unwrap_or(Proof::Proven)
    }

    /// Whether the expected hash, if there is one, is that of an entry.
    pub fn has_expected(&self) -> bool {
        self.expected.is_none() || self.chains.iter().any(|chain| chain.expected_at.is_some())
    }

    /// The line about the expected hash, if there is one.
    pub(in crate::history) fn tell_expected(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Some(expected) = self.expected else { return Ok(()) };
        let found = self.chains.iter().find_map(|chain| Some((chain, chain.expected_at?)));
        write!(f, "expected: {expected} ")?;
        match found.map(|(chain, at)| (printable(&chain.chain), at, chain.head.seq.saturating_sub(at))) {
            None => writeln!(f, "IS NOT HERE; the history was cut or written anew, or this is another one"),
            Some((chain, _, 0)) => writeln!(f, "is the head of {chain}"),
            Some((chain, at, grown)) => writeln!(f, "is entry {at} of {chain}, which has grown by {grown} since"),
        }
    }
}

impl ChainReport {
    /// What follows for this chain.
    pub fn proof(&self) -> Proof {
        let early = !self.rule.broken().is_empty();
        // What was left out of a part may well hold the primary.
        let unfounded = self.whole && !self.rule.without_primary().is_empty();
        let known = self.whole && self.rule.unknown().is_empty();
        match (self.fault.is_some() || early || unfounded, known) {
            (true, _) => Proof::Broken,
            (false, false) => Proof::Part,
            (false, true) => Proof::Proven,
        }
    }
}

#[expect(clippy::ref_option, reason = "the shape that serde asks for")]
fn sentence<T: std::fmt::Display, S: Serializer>(fault: &Option<T>, serializer: S) -> Result<S::Ok, S::Error> {
    fault.as_ref().map(ToString::to_string).serialize(serializer)
}

impl std::fmt::Display for Proof {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Proven => "proven",
            Self::Part => "part",
            Self::Broken => "broken",
        })
    }
}

impl std::fmt::Display for ChainReport {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let state = if self.fault.is_some() { "BROKEN" } else { "unbroken" };
        writeln!(f, "chain {}: {state}, entries: {}", printable(&self.chain), self.entries)?;
        writeln!(f, "  head: {} {}", self.head.seq, self.head.hash)?;
        if let Some(fault) = &self.fault {
            writeln!(f, "  fault: {}", printable(&fault.to_string()))?;
        }
        if let Some(filter) = &self.filter {
            let filter = printable(filter);
            writeln!(f, "  this is a part ({filter}); only a whole export proves that nothing was left out")?;
        } else if !self.whole {
            writeln!(f, "  this is a part (from entry {}); it continues an earlier export", self.from_seq)?;
        }
        for remark in &self.remarks {
            writeln!(f, "  remark: {remark}")?;
        }
        let rule = &self.rule;
        let (broken, unfounded) = (rule.broken().len(), rule.without_primary().len());
        write!(f, "  four-hour rule: {} on followers, {} kept, ", rule.total(), rule.kept())?;
        write!(f, "{broken} too early, {unfounded} without a primary before it")?;
        if !rule.unknown().is_empty() {
            write!(f, ", {} of which nobody can tell", rule.unknown().len())?;
        }
        writeln!(f)?;
        let listed = |d: &&Distance| !rule.nearest().contains(d);
        let wrong = rule.questionable().filter(listed);
        rule.nearest().iter().chain(wrong).try_for_each(|distance| writeln!(f, "    {distance}"))
    }
}

impl std::fmt::Display for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.chains.iter().try_for_each(|chain| write!(f, "{chain}"))?;
        if let Some(fault) = &self.fault {
            writeln!(f, "fault: {}", printable(&fault.to_string()))?;
        }
        self.tell_expected(f)?;
        writeln!(f, "verdict: {}", self.proof())
    }
}
