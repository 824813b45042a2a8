//! How entries hang together, and how a break is found.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::canonical::{self, Unfit};
use super::entry::{Draft, Entry, EntryError};
use super::hash::Hash;
use super::stamp;

/// Where a chain ends. Whoever notes it finds later that the chain was cut or written anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Head {
    /// The hash of the last entry.
    pub hash: Hash,
    /// The number of the last entry; 0 while there is none.
    pub seq: u64,
}

impl Head {
    /// Where the chain begins, before its first entry. Its hash names the form of the journal and the chain, so that
    /// entries of one chain cannot begin another.
    pub fn genesis(chain: &str) -> Self {
        Self { hash: Hash::of(format!("vestnik journal 1\n{chain}")), seq: 0 }
    }
}

/// Makes the entry that follows `head`.
pub fn link(chain: &str, head: &Head, draft: Draft) -> Entry {
    let Draft { at, actor, event, post, delivery, channel } = draft;
    let (kind, detail) = event.parts();
    let mut entry = Entry {
        chain: chain.to_owned(),
        seq: head.seq + 1,
        at: stamp::keepable(at),
        actor,
        kind,
        post,
        delivery,
        channel,
        detail,
        prev: head.hash,
        hash: head.hash,
    };
    entry.hash = entry.computed_hash();
    entry
}

/// Where a chain is not what vestnik wrote.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("chain `{chain}`, entry {seq}: {fault}")]
pub struct Break {
    /// The chain.
    pub chain: String,
    /// The number of the entry where it was noticed.
    pub seq: u64,
    /// What is wrong there.
    pub fault: Fault,
}

/// What is wrong with an entry.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The line is not an entry.
    #[error("the line cannot be read: {0}")]
    Unreadable(#[from] EntryError),
    /// The detail holds what cannot be hashed in one way.
    #[error("the detail cannot be hashed: {0}")]
    Unfit(#[from] Unfit),
    /// It belongs to another chain.
    #[error("it belongs to the chain `{found}`")]
    OtherChain {
        /// The chain it names.
        found: String,
    },
    /// An entry is missing, stands twice or in another place.
    #[error("number {expected} should stand here; entries were taken out, doubled or moved")]
    Gap {
        /// The number that should stand here.
        expected: u64,
    },
    /// The entry does not follow from the one before it.
    #[error("it follows an entry with the hash {found}, but the entry before it has {expected}; one was replaced")]
    Prev {
        /// The hash of the entry before.
        expected: Hash,
        /// The hash that it names.
        found: Hash,
    },
    /// The entry was changed.
    #[error("its content has the hash {expected}, but it carries {found}; the entry was changed")]
    Hash {
        /// The hash of what stands there.
        expected: Hash,
        /// The hash that it carries.
        found: Hash,
    },
}

/// Entries this near each other are of one moment: what is going on side by side takes its time before it is written.
const AT_ONCE: TimeDelta = TimeDelta::seconds(1);

/// Our clock went back between two entries. That happens (a corrected clock) and is no break, but a person may ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Remark {
    /// The number of the later entry.
    pub seq: u64,
    /// The time of the entry before it.
    #[serde(with = "stamp")]
    pub before: DateTime<Utc>,
    /// Its own, earlier time.
    #[serde(with = "stamp")]
    pub at: DateTime<Utc>,
}

impl std::fmt::Display for Remark {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (before, at) = (stamp::text(self.before), stamp::text(self.at));
        write!(f, "entry {}: our clock went back from {before} to {at}", self.seq)
    }
}

/// Checks a chain entry by entry, from its beginning or from a head that is trusted.
#[derive(Debug, Clone)]
pub struct Verifier {
    chain: String,
    head: Head,
    sparse: bool,
    last_at: Option<DateTime<Utc>>,
    remarks: Vec<Remark>,
}

impl Verifier {
    /// Checks a whole chain.
    pub fn new(chain: impl Into<String>) -> Self {
        let chain = chain.into();
        let head = Head::genesis(&chain);
        Self { chain, head, sparse: false, last_at: None, remarks: Vec::new() }
    }

    /// Checks what follows `head`, which is trusted.
    pub fn after(chain: impl Into<String>, head: Head) -> Self {
        Self { head, ..Self::new(chain) }
    }

    /// Checks a selection of a chain: entries may be left out, but what is there stands in order and unchanged, and
    /// neighbours follow from each other.
    pub fn of_selection(chain: impl Into<String>) -> Self {
        Self { sparse: true, ..Self::new(chain) }
    }

    /// Takes the next entry. After a break nothing more is taken: what would follow is not known.
    pub fn push(&mut self, entry: &Entry) -> Result<(), Break> {
        self.fault_of(entry).map_err(|fault| Break { chain: self.chain.clone(), seq: entry.seq, fault })?;
        // Things that happen at the same moment may be written down in either order.
        if let Some(before) = self.last_at.filter(|before| *before - entry.at > AT_ONCE) {
            self.remarks.push(Remark { seq: entry.seq, before, at: entry.at });
        }
        self.last_at = Some(entry.at);
        self.head = Head { hash: entry.hash, seq: entry.seq };
        Ok(())
    }

    /// Takes the next entry as a line, without its line end.
    pub fn push_line(&mut self, line: &str) -> Result<Entry, Break> {
        let unreadable = |e| Break { chain: self.chain.clone(), seq: self.expected(), fault: Fault::Unreadable(e) };
        let entry = Entry::parse(line).map_err(unreadable)?;
        self.push(&entry)?;
        Ok(entry)
    }

    fn fault_of(&self, entry: &Entry) -> Result<(), Fault> {
        canonical::check(&entry.detail)?;
        if entry.chain != self.chain {
            return Err(Fault::OtherChain { found: entry.chain.clone() });
        }
        let expected = self.expected();
        let skipped = self.sparse && entry.seq > expected;
        if entry.seq != expected && !skipped {
            return Err(Fault::Gap { expected });
        }
        let computed = entry.computed_hash();
        if entry.hash != computed {
            return Err(Fault::Hash { expected: computed, found: entry.hash });
        }
        if entry.prev != self.head.hash && !skipped {
            return Err(Fault::Prev { expected: self.head.hash, found: entry.prev });
        }
        Ok(())
    }

    /// The number that should come next. The numbers of a forged copy may be as large as they like.
    fn expected(&self) -> u64 {
        self.head.seq.saturating_add(1)
    }

    /// The last entry that was taken; the beginning of the chain while there is none.
    pub fn head(&self) -> Head {
        self.head
    }

    /// What a person may want to ask about.
    pub fn remarks(&self) -> &[Remark] {
        &self.remarks
    }
}

#[cfg(test)]
mod tests;
