//! Chance from a seed.

use std::hash::{DefaultHasher, Hash, Hasher as _};

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};

/// A generator with the few questions that a story asks.
#[derive(Debug)]
pub struct Chance(StdRng);

impl Chance {
    pub fn new(seed: u64) -> Self {
        Self(StdRng::seed_from_u64(seed))
    }

    /// The chance of one call of one platform: the same whatever goes on beside it.
    pub fn of(key: impl Hash) -> Self {
        let mut hasher = DefaultHasher::new();
        key.hash(&mut hasher);
        Self::new(hasher.finish())
    }

    pub fn percent(&mut self, p: u64) -> bool {
        self.between(0, 99) < i64::try_from(p).unwrap_or(100)
    }

    /// Both ends included.
    pub fn between(&mut self, least: i64, most: i64) -> i64 {
        self.0.random_range(least..=most)
    }

    pub fn below(&mut self, n: usize) -> usize {
        self.0.random_range(0..n.max(1))
    }

    pub fn pick<T: Clone>(&mut self, of: &[T]) -> Option<T> {
        if of.is_empty() { None } else { of.get(self.below(of.len())).cloned() }
    }
}
