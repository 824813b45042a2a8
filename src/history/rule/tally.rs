//! Many distances, and what they come to.

use serde::Serialize;

use super::{Distance, Verdict};

/// Counts publications on followers, and keeps those that an auditor wants to see: the nearest and the wrong ones.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    kept: u64,
    nearest: Vec<Distance>,
    broken: Vec<Distance>,
    without_primary: Vec<Distance>,
    unknown: Vec<Distance>,
}

impl Tally {
    /// So many of the nearest distances are kept.
    pub const NEAREST: usize = 10;

    /// Counts one more.
    pub fn add(&mut self, distance: Distance) {
        match distance.verdict {
            Verdict::Kept => self.kept += 1,
            Verdict::Broken => self.broken.push(distance.clone()),
            Verdict::NoPrimary => {
                self.without_primary.push(distance);
                return;
            }
            Verdict::Unknown => {
                self.unknown.push(distance);
                return;
            }
        }
        let key = |d: &Distance| (d.distance_seconds, d.seq);
        let place = self.nearest.partition_point(|d| key(d) < key(&distance));
        if place < Self::NEAREST {
            self.nearest.insert(place, distance);
            self.nearest.truncate(Self::NEAREST);
        }
    }

    /// How many kept the rule.
    pub fn kept(&self) -> u64 {
        self.kept
    }

    /// Those with the smallest distances, kept or broken, smallest first.
    pub fn nearest(&self) -> &[Distance] {
        &self.nearest
    }

    /// Those that were too early, in the order of the journal.
    pub fn broken(&self) -> &[Distance] {
        &self.broken
    }

    /// Those that nothing on the primary stands before, in the order of the journal.
    pub fn without_primary(&self) -> &[Distance] {
        &self.without_primary
    }

    /// Those of which nobody can tell, in the order of the journal.
    pub fn unknown(&self) -> &[Distance] {
        &self.unknown
    }

    /// Those that an auditor has to ask about: too early, without a primary, unknown.
    pub fn questionable(&self) -> impl Iterator<Item = &Distance> {
        self.broken.iter().chain(&self.without_primary).chain(&self.unknown)
    }

    /// All that were measured.
    pub fn total(&self) -> u64 {
        self.kept + self.questionable().count() as u64
    }
}
