//! The kinds of faults that there are. A story owes some of them, so that a few stories show every kind.

use std::collections::BTreeSet;

use crate::{faults, mishaps, turns};

/// So many stories in a row owe every kind at least once.
pub const STORIES: u64 = 4;

pub fn all() -> impl Iterator<Item = &'static str> {
    faults::KINDS.iter().chain(turns::KINDS).chain(mishaps::KINDS).copied()
}

pub fn owed_by(seed: u64) -> BTreeSet<&'static str> {
    (0..).zip(all()).filter(|(n, _)| (n + seed).is_multiple_of(STORIES)).map(|(_, kind)| kind).collect()
}
