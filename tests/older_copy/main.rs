//! Drills: the database file of a random earlier moment is put back and the daemon started, as every office does one
//! day. Nothing that stands is published again or edited back, what was withdrawn or cancelled stays so, nothing due
//! is forgotten, and what cannot be known any more is named. In some drills the history beside the database is lost,
//! too: what people said since the copy is then forgotten, and still nothing stands twice. In some, platforms lose
//! replies.
//!
//! `VESTNIK_DRILLS=100` makes it longer, `VESTNIK_SEED=17` repeats one.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

mod office;
#[path = "../common/press/mod.rs"]
#[allow(dead_code, unused_imports, reason = "each suite uses its part")]
mod press;

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use rand::rngs::StdRng;
use rand::{RngExt as _, SeedableRng as _};
use vestnik_contract::{Clock as _, SystemClock};

use office::Office;

const DRILLS: u64 = 3;
const STEPS: u32 = 12;
/// Offices at a time: a drill is mostly waiting.
const SIDE_BY_SIDE: usize = 3;

fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name}={text} is not a number")))
}

#[test]
fn an_older_copy_is_put_back_and_everything_stands_as_it_should() {
    let seed = asked("VESTNIK_SEED");
    let first = seed.unwrap_or_else(|| SystemClock.now().timestamp_micros().unsigned_abs());
    let drills = asked("VESTNIK_DRILLS").unwrap_or(if seed.is_some() { 1 } else { DRILLS });
    let next = AtomicU64::new(first);
    let work = || {
        loop {
            let seed = next.fetch_add(1, Ordering::Relaxed);
            if seed >= first + drills {
                return;
            }
            println!("VESTNIK_SEED={seed}");
            drill(seed);
            println!("drill {} of {drills} ended well", seed - first + 1);
        }
    };
    std::thread::scope(|scope| {
        for worker in [(); SIDE_BY_SIDE].map(|()| scope.spawn(work)) {
            worker.join().unwrap();
        }
    });
}

fn drill(seed: u64) {
    let chance = &mut StdRng::seed_from_u64(seed);
    let mut office = Office::open();
    // Some of each kind in every few drills.
    let (keeps_history, loses_replies) = (!seed.is_multiple_of(3), seed.is_multiple_of(2));
    let copied_at = chance.random_range(0..STEPS - 1);
    let mut copy = None;
    let mut daemon = Some(office.press.serve());
    for step in 0..STEPS {
        if loses_replies && chance.random_bool(0.5) {
            office.loses_a_reply(chance);
        }
        office.does_something(chance);
        // An hour passes in a second: a hold may end between two steps, or not.
        office::watch_for(Duration::from_millis(chance.random_range(0..1500)));
        if step == copied_at || chance.random_bool(0.2) {
            daemon.take().unwrap().kill();
            if step == copied_at {
                copy = Some(office.copy());
            }
            daemon = Some(office.press.serve());
        }
    }
    daemon.take().unwrap().kill();
    if !keeps_history {
        office.loses_its_history();
    }
    office.put_back(&copy.unwrap());
    let daemon = office.press.serve();
    office.comes_to_rest();
    daemon.stop();
    office.proves();
}
