//! Weeks of an office's life in seconds: the real daemon on the real database, with platforms in memory, a set clock
//! and seeded chance. One seed is one story, the same each time it is told. What is checked is what stands on the
//! platforms and what the journal says, never the program's own opinion.
//!
//! `VESTNIK_SEED=17` tells one story aloud, with `RUST_LOG=vestnik=debug` as the daemon saw it; `VESTNIK_SEEDS=1000` so many and `VESTNIK_MINUTES=10` for so long, from
//! `VESTNIK_FIRST_SEED` (1) on. `tests/simulate` is the long run.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod chance;
mod checks;
mod copies;
mod drafting;
mod ends;
mod faults;
mod kinds;
mod mishaps;
mod moving;
mod people;
mod platform;
mod policies;
mod program;
mod settling;
mod standing;
mod story;
mod tally;
mod turns;
mod witness;
mod world;

use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use story::{Told, tell};
use tally::Tally;
use tracing_subscriber::EnvFilter;

/// Stories end their programs every day, with threads and all that they hold: a twentieth of the time goes into memory.
#[global_allocator]
static MEMORY: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// For how long stories are told when nobody asks for more.
const BUDGET: Duration = Duration::from_secs(30);

/// So much of a story that went wrong is printed.
const LAST_LINES: usize = 40;

fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a whole number, not {text}")))
}

#[test]
fn nothing_early_nothing_twice_nothing_lost() {
    if let Some(seed) = asked("VESTNIK_SEED") {
        tracing_subscriber::fmt().without_time().with_env_filter(EnvFilter::from_default_env()).init();
        let told = tell(seed, true);
        println!("digest {:016x}\n{}", told.digest, told.tally);
        assert_eq!(told.wrong, None, "VESTNIK_SEED={seed}");
        return;
    }
    let first = asked("VESTNIK_FIRST_SEED").unwrap_or(1);
    let most = asked("VESTNIK_SEEDS");
    let time = asked("VESTNIK_MINUTES").map_or(BUDGET, |minutes| Duration::from_secs(60 * minutes));
    let begun = Instant::now();
    let next = AtomicU64::new(first);
    let more = |seed| most.map_or_else(|| begun.elapsed() < time, |most| seed < first + most);
    let (tally, wrong, found) = (Mutex::new(Tally::default()), Mutex::new(None), AtomicBool::new(false));
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(4);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let seeds = std::iter::repeat_with(|| next.fetch_add(1, Ordering::Relaxed));
                for seed in seeds.take_while(|seed| more(*seed) && !found.load(Ordering::Relaxed)) {
                    let told = tell(seed, false);
                    tally.lock().unwrap().add(&told.tally);
                    if told.wrong.is_some() {
                        found.store(true, Ordering::Relaxed);
                        wrong.lock().unwrap().get_or_insert(told);
                    }
                }
            });
        }
    });
    let (tally, took) = (tally.into_inner().unwrap(), begun.elapsed().as_secs_f64());
    let days = tally.of("simulated days");
    println!("seeds from {first}: {} stories, {days} simulated days in {took:.1} s\n{tally}", tally.of("stories"));
    if let Some(Told { seed, wrong: Some(wrong), log, .. }) = wrong.into_inner().unwrap() {
        log.iter().skip(log.len().saturating_sub(LAST_LINES)).for_each(|line| println!("{line}"));
        panic!("{wrong}\nthe whole story: VESTNIK_SEED={seed} cargo test --test simulation -- --nocapture");
    }
    // Fewer stories do not owe every kind.
    if tally.of("stories") >= kinds::STORIES {
        let missing: Vec<_> = kinds::all().filter(|kind| tally.of(kind) == 0).collect();
        assert!(missing.is_empty(), "these faults came nowhere, so that nothing is shown of them: {missing:?}");
    }
}

/// What a run found can be told again, word by word.
#[test]
fn the_same_seed_tells_the_same_story() {
    // With and without crashes, steps of clocks and older copies.
    for seed in [3, 8] {
        let (once, again) = (tell(seed, false), tell(seed, false));
        let differs = once.log.iter().zip(&again.log).find(|(a, b)| a != b);
        assert_eq!((differs, once.digest), (None, again.digest), "VESTNIK_SEED={seed}");
    }
}
