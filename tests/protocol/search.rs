//! Every situation that can come about, the nearest first, and the promises looked at in each.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::fmt;
use std::hash::{BuildHasherDefault, Hasher};

use vestnik::domain::State;

use crate::act::{Act, possible};
use crate::rules::Rules;
use crate::situation::{CHANNELS, FOLLOWER, HOLD, PRIMARY, Situation, Worker};

/// What was searched without finding anything.
#[derive(Debug, Clone, Copy)]
pub struct Searched {
    pub situations: usize,
    pub acts: usize,
}

/// The shortest way to a broken promise.
#[derive(Debug)]
pub struct Counterexample {
    pub promise: &'static str,
    pub path: Vec<(Act, Situation)>,
}

impl fmt::Display for Counterexample {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "broken: {}", self.promise)?;
        let steps = self.path.iter().enumerate();
        steps.into_iter().try_for_each(|(n, (act, after))| writeln!(f, "  {}. {}", n + 1, act.words(after)))
    }
}

/// Looks everywhere.
pub fn search(rules: &Rules) -> Result<Searched, Counterexample> {
    let first = Situation::queued(rules.crashes, rules.steps);
    let mut seen = Seen { situations: vec![first], from: vec![None], places: [(first, 0)].into_iter().collect() };
    let (mut acts, mut harmless) = (0, vec![]);
    let mut n = 0;
    while let Some(before) = seen.situations.get(n).copied() {
        for act in possible(&before, rules) {
            acts += 1;
            let after = before.after(act, rules);
            let to = seen.place(&after, (n, act));
            if let Some(promise) = broken_promise(&before, act, &after, rules) {
                let mut path = seen.path(n);
                path.push((act, after));
                return Err(Counterexample { promise, path });
            }
            if !act.is_fault(&before) {
                harmless.push((to, n));
            }
        }
        n += 1;
    }
    match seen.without_end(harmless) {
        Some(stuck) => Err(Counterexample { promise: "I3: it ends, or a person is asked", path: seen.path(stuck) }),
        None => Ok(Searched { situations: seen.situations.len(), acts }),
    }
}

/// What happened on the platforms, never what the program believes of itself; and that it believes nothing else.
fn broken_promise(before: &Situation, act: Act, after: &Situation, rules: &Rules) -> Option<&'static str> {
    if after.channels.iter().any(|c| c.posts > 1) {
        return Some("I2: one delivery makes one post");
    }
    if CHANNELS.iter().any(|c| after.channels[*c].state == State::Published && after.channels[*c].posts == 0) {
        return Some("I3: what is called published stands there");
    }
    match act {
        Act::Land(FOLLOWER, _) => {
            let stands = after.channels[PRIMARY].posts > 0;
            let apart = after.stamp(FOLLOWER, rules) - after.stamp(PRIMARY, rules);
            (!stands || apart < HOLD).then_some("I1: by the platforms' stamps a follower is four hours behind MAX")
        }
        Act::Begin(d, FOLLOWER) if matches!(after.daemons[d].workers[FOLLOWER], Worker::Calling { .. }) => {
            let passed = before.counts_from.is_some_and(|from| {
                let shown = [0, before.platform_now(PRIMARY, rules), before.platform_now(FOLLOWER, rules)];
                shown.iter().all(|now| from + HOLD <= *now)
            });
            (!passed).then_some("I1: a follower begins when the hold has passed on every visible clock")
        }
        _ => None,
    }
}

struct Seen {
    situations: Vec<Situation>,
    /// The first way that led there.
    from: Vec<Option<(usize, Act)>>,
    places: HashMap<Situation, usize, BuildHasherDefault<Mix>>,
}

impl Seen {
    fn place(&mut self, situation: &Situation, from: (usize, Act)) -> usize {
        let next = self.situations.len();
        match self.places.entry(*situation) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                new.insert(next);
                self.situations.push(*situation);
                self.from.push(Some(from));
                next
            }
        }
    }

    fn path(&self, mut n: usize) -> Vec<(Act, Situation)> {
        let mut path = vec![];
        while let Some((before, act)) = self.from[n] {
            path.push((act, self.situations[n]));
            n = before;
        }
        path.reverse();
        path
    }

    /// The nearest situation from which no way without another fault leads to an end. `harmless`: to, from.
    fn without_end(&self, mut harmless: Vec<(usize, usize)>) -> Option<usize> {
        harmless.sort_unstable();
        let mut ends: Vec<bool> = self.situations.iter().map(Situation::is_finished).collect();
        let mut reached: Vec<usize> = (0..ends.len()).filter(|n| ends[*n]).collect();
        while let Some(n) = reached.pop() {
            let first = harmless.partition_point(|(to, _)| *to < n);
            for (_, before) in harmless[first..].iter().take_while(|(to, _)| *to == n) {
                if !std::mem::replace(&mut ends[*before], true) {
                    reached.push(*before);
                }
            }
        }
        ends.iter().position(|ends| !ends)
    }
}

/// Most of a search is telling situations apart, and nobody chooses them to collide.
#[derive(Default)]
struct Mix(u64);

impl Hasher for Mix {
    fn write(&mut self, bytes: &[u8]) {
        bytes.iter().for_each(|byte| self.write_u8(*byte));
    }

    fn write_u8(&mut self, n: u8) {
        self.write_u64(n.into());
    }

    fn write_i8(&mut self, n: i8) {
        self.write_u64(u64::from_ne_bytes(i64::from(n).to_ne_bytes()));
    }

    fn write_isize(&mut self, n: isize) {
        self.write_usize(n.unsigned_abs());
    }

    fn write_u32(&mut self, n: u32) {
        self.write_u64(n.into());
    }

    fn write_usize(&mut self, n: usize) {
        self.write_u64(u64::try_from(n).unwrap_or(0));
    }

    fn write_u64(&mut self, n: u64) {
        self.0 = (self.0.rotate_left(5) ^ n).wrapping_mul(0x517c_c1b7_2722_0a95);
    }

    fn finish(&self) -> u64 {
        self.0 ^ (self.0 >> 32)
    }
}
