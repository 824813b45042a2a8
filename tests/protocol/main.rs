//! The protocol of claims, attempts, leases, looks, holds and receipts: one post on two channels, with crashes, lost and
//! late calls, a second daemon and wrong clocks between any two steps, in every order.
//!
//! It is a model: [`situation`] is all that matters in one moment, [`act`] what may happen next, [`after`] and
//! [`outcome`] what it leads to, on the program's own pure functions. [`search`] looks at every situation that can come
//! about. [`replay`] does the same acts on the real store, which must answer alike. [`broken`] breaks rules on purpose.
//!
//! `VESTNIK_PATHS=3000` replays so many long paths of each kind, from `VESTNIK_FIRST_SEED` (0) on; `VESTNIK_WIDE=1` lets
//! more go wrong in one search.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod act;
mod after;
mod broken;
mod outcome;
mod real;
mod replay;
mod rules;
mod search;
mod situation;

use rules::Rules;
use search::search;

/// A number that a person asks for.
fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a whole number, not {text}")))
}

fn nothing_goes_wrong(what: &str, rules: &Rules) {
    match search(rules) {
        Ok(found) => println!("{what}: {} situations, {} acts, every promise kept", found.situations, found.acts),
        Err(path) => panic!("{what}: {path}"),
    }
}

#[test]
fn one_daemon_that_dies_twice_on_a_clock_that_is_put_wrong_twice() {
    nothing_goes_wrong("one daemon", &Rules { steps: 2, ..Rules::ALONE });
}

#[test]
fn platforms_whose_clocks_are_wrong() {
    for platforms_ahead in [[1, 0], [-1, 0], [0, 1], [0, -1]] {
        nothing_goes_wrong(&format!("clocks ahead by {platforms_ahead:?}"), &Rules { platforms_ahead, ..Rules::ALONE });
    }
}

#[test]
fn a_second_daemon_started_by_mistake() {
    nothing_goes_wrong("two daemons, two crashes", &Rules { steps: 0, ..Rules::TWO_DAEMONS });
    if asked("VESTNIK_WIDE").is_some() {
        nothing_goes_wrong("two daemons, two crashes, a wrong clock", &Rules::TWO_DAEMONS);
    }
}

#[test]
fn a_second_daemon_on_a_wrong_clock() {
    nothing_goes_wrong("two daemons, a wrong clock", &Rules { crashes: 0, ..Rules::TWO_DAEMONS });
}

#[test]
fn a_clock_that_is_put_forward_before_each_look() {
    nothing_goes_wrong("a clock put forward twice", &Rules { steps: 2, crashes: 0, daemons: 1, ..Rules::TWO_DAEMONS });
}

#[test]
fn calls_that_arrive_after_the_first_look() {
    nothing_goes_wrong("late calls", &Rules { crashes: 1, ..Rules::LATE_CALLS });
    if asked("VESTNIK_WIDE").is_some() {
        nothing_goes_wrong("late calls, two crashes", &Rules::LATE_CALLS);
    }
}
