//! How entries hang together, and how a break is found.

use chrono::{DateTime, Utc};
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
        if let Some(before) = self.last_at.filter(|before| entry.at < *before) {
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
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::journal::event::Event;

    fn chain_of(length: u32) -> Vec<Entry> {
        let start = stamp::parse("2026-11-22T06:30:00.000000Z").unwrap();
        let mut head = Head::genesis("press");
        (0..length)
            .map(|i| {
                let event =
                    Event::DeliveryStopped { reason: format!("причина {i}"), todo: "Позвоните".into() };
                let at = start + TimeDelta::seconds(i64::from(i));
                let entry = link("press", &head, Draft::new(at, "vestnik", event).of_post(Uuid::from_u128(i.into())));
                head = Head { hash: entry.hash, seq: entry.seq };
                entry
            })
            .collect()
    }

    fn verify(entries: &[Entry]) -> Result<Head, Break> {
        let mut verifier = Verifier::new("press");
        entries.iter().try_for_each(|e| verifier.push(e))?;
        Ok(verifier.head())
    }

    #[test]
    fn a_chain_holds_and_its_head_is_its_last_entry() {
        let entries = chain_of(5);
        assert_eq!(verify(&entries), Ok(Head { hash: entries[4].hash, seq: 5 }));
        assert_eq!(verify(&[]), Ok(Head::genesis("press")));
        assert_ne!(Head::genesis("press"), Head::genesis("culture"));
    }

    #[test]
    fn a_chain_written_anew_has_another_head() {
        let (old, mut forged) = (chain_of(3), chain_of(2));
        let head = Head { hash: forged[1].hash, seq: 2 };
        let event = Event::PostRepublished {};
        forged.push(link("press", &head, Draft::new(old[2].at, "vestnik", event)));
        assert_ne!(verify(&forged).unwrap(), verify(&old).unwrap());
    }

    #[test]
    fn each_break_says_what_is_wrong_and_where() {
        let entries = chain_of(4);
        let mut after = Verifier::after("press", Head { hash: entries[1].hash, seq: 2 });
        assert_eq!(entries[2..].iter().try_for_each(|e| after.push(e)), Ok(()));
        let fault = |edit: &dyn Fn(&mut Vec<Entry>)| {
            let mut entries = entries.clone();
            edit(&mut entries);
            let broken = verify(&entries).unwrap_err();
            (broken.seq, broken.fault)
        };
        assert_eq!(fault(&|e| drop(e.remove(1))), (3, Fault::Gap { expected: 2 }));
        assert_eq!(fault(&|e| e.swap(1, 2)), (3, Fault::Gap { expected: 2 }));
        assert_eq!(fault(&|e| e.insert(1, e[0].clone())), (1, Fault::Gap { expected: 2 }));
        assert_eq!(fault(&|e| e[2].chain = "culture".into()), (3, Fault::OtherChain { found: "culture".into() }));
        assert!(matches!(fault(&|e| e[2].actor = "другой".into()), (3, Fault::Hash { .. })));
        let replace = |e: &mut Vec<Entry>| {
            e[1].actor = "другой".into();
            e[1].hash = e[1].computed_hash();
        };
        assert!(matches!(fault(&replace), (3, Fault::Prev { .. })));
        let unfit = |e: &mut Vec<Entry>| drop(e[0].detail.insert("share".into(), 0.5.into()));
        assert!(matches!(fault(&unfit), (1, Fault::Unfit(_))));
        assert_eq!(
            verify(&entries[1..]).unwrap_err().to_string(),
            "chain `press`, entry 2: number 1 should stand here; entries were taken out, doubled or moved"
        );
    }

    #[test]
    fn a_selection_may_leave_out_but_not_change() {
        let entries = chain_of(6);
        let verify = |picked: &[usize]| {
            let mut verifier = Verifier::of_selection("press");
            picked.iter().try_for_each(|i| verifier.push(&entries[*i]))
        };
        assert_eq!(verify(&[1, 2, 5]), Ok(()));
        assert!(verify(&[2, 1]).is_err());
        assert!(verify(&[2, 2]).is_err());
        let mut replaced = entries[2].clone();
        replaced.prev = entries[0].hash;
        replaced.hash = replaced.computed_hash();
        let mut verifier = Verifier::of_selection("press");
        verifier.push(&entries[1]).unwrap();
        assert!(matches!(verifier.push(&replaced).unwrap_err().fault, Fault::Prev { .. }));
    }

    #[test]
    fn a_clock_that_went_back_is_remarked_and_no_break() {
        let mut entries = chain_of(2);
        let at = entries[1].at - TimeDelta::hours(1);
        let head = Head { hash: entries[1].hash, seq: 2 };
        entries.push(link("press", &head, Draft::new(at, "vestnik", Event::DaemonStopped {})));
        let mut verifier = Verifier::new("press");
        entries.iter().for_each(|e| verifier.push(e).unwrap());
        let remark = verifier.remarks().first().unwrap().to_string();
        assert_eq!(
            remark,
            "entry 3: our clock went back from 2026-11-22T06:30:01.000000Z to 2026-11-22T05:30:01.000000Z"
        );
    }

    proptest! {
        #[test]
        fn any_changed_byte_of_any_line_is_found(entry in 0..5_usize, at: prop::sample::Index, byte: u8) {
            let entries = chain_of(5);
            let mut lines: Vec<Vec<u8>> = entries.iter().map(|e| e.line().into_bytes()).collect();
            let at = at.index(lines[entry].len());
            prop_assume!(lines[entry][at] != byte);
            lines[entry][at] = byte;
            let mut verifier = Verifier::new("press");
            let found = lines.iter().any(|l| std::str::from_utf8(l).map_or(true, |l| verifier.push_line(l).is_err()));
            prop_assert!(found);
        }
    }
}
