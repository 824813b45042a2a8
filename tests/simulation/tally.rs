//! What was seen in a run, to show that it was not idle: how often what happened, and which faults met which states.

use std::collections::BTreeMap;

use vestnik::domain::State;

use crate::kinds;

#[derive(Debug, Default, Clone)]
pub struct Tally {
    seen: BTreeMap<&'static str, u64>,
    /// Faults, each with the states of the deliveries that it met.
    met: BTreeMap<&'static str, BTreeMap<&'static str, u64>>,
}

impl Tally {
    pub fn count(&mut self, what: &'static str) {
        self.add_to(what, 1);
    }

    pub fn add_to(&mut self, what: &'static str, n: u64) {
        *self.seen.entry(what).or_default() += n;
    }

    pub fn meets(&mut self, fault: &'static str, state: &'static str) {
        *self.met.entry(fault).or_default().entry(state).or_default() += 1;
    }

    pub fn of(&self, what: &str) -> u64 {
        self.seen.get(what).copied().unwrap_or_default()
    }

    pub fn add(&mut self, other: &Self) {
        for (what, n) in &other.seen {
            self.add_to(what, *n);
        }
        for (fault, states) in &other.met {
            for (state, n) in states {
                *self.met.entry(fault).or_default().entry(state).or_default() += n;
            }
        }
    }
}

impl std::fmt::Display for Tally {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        for (what, n) in &self.seen {
            writeln!(f, "{n:>9} {what}")?;
        }
        writeln!(f, "\nwhich faults met deliveries in which states:")?;
        for fault in kinds::all() {
            let states = self.met.get(fault).cloned().unwrap_or_default();
            let met: Vec<_> = states.iter().map(|(state, n)| format!("{state} {n}")).collect();
            let never = State::ALL.iter().map(|s| s.name()).filter(|name| !states.contains_key(name));
            let never: Vec<_> = never.collect();
            writeln!(f, "{fault:>29}: {}; never {}", met.join(", "), never.join(", "))?;
        }
        Ok(())
    }
}
