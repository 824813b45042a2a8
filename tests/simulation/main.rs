//! Weeks of an office's life in seconds: the real daemon on the real database, with platforms in memory, a set clock
//! and seeded chance. One seed is one story. What is checked is what stands on the platforms and what the journal
//! says, never the program's own opinion.
//!
//! `VESTNIK_SEED=17` tells one story; `VESTNIK_SEEDS=1000` so many, from `VESTNIK_FIRST_SEED` (1) on. A story's acts,
//! faults and times come from its seed alone; only the order in which the database answers several channels of one
//! moment is the machine's.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod chance;
mod checks;
mod people;
mod platform;
mod restart;
mod settling;
mod story;
mod world;

use std::sync::atomic::{AtomicU64, Ordering};

use story::Story;

/// Stories told when nobody asks for more: about ten seconds in a debug build.
const SEEDS: u64 = 6;

fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} is a whole number, not {text}")))
}

#[test]
fn nothing_early_nothing_twice_nothing_lost() {
    let (first, most) = match asked("VESTNIK_SEED") {
        Some(seed) => (seed, 1),
        None => (asked("VESTNIK_FIRST_SEED").unwrap_or(1), asked("VESTNIK_SEEDS").unwrap_or(SEEDS)),
    };
    let next = AtomicU64::new(first);
    let failed = std::sync::Mutex::new(Vec::new());
    let tally = std::sync::Mutex::new(world::Tally::default());
    let threads = std::thread::available_parallelism().map_or(1, usize::from).min(4);
    std::thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + most {
                        return;
                    }
                    let (told, wrong) = tell(seed);
                    tally.lock().unwrap().add(&told);
                    if let Some(wrong) = wrong {
                        eprintln!("VESTNIK_SEED={seed}: {wrong}");
                        failed.lock().unwrap().push((seed, wrong));
                    }
                }
            });
        }
    });
    let mut failed = failed.into_inner().unwrap();
    failed.sort();
    println!("{most} stories: {}", tally.into_inner().unwrap());
    assert!(
        failed.is_empty(),
        "{} of {most} stories went wrong, the first with VESTNIK_SEED={}: {}",
        failed.len(),
        failed[0].0,
        failed[0].1
    );
}

fn tell(seed: u64) -> (world::Tally, Option<String>) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut story = Story::begin(seed).await;
        story.tell().await;
        (story.tally(), story.wrong())
    })
}
