//! Under load the daemon is killed again and again, at moments that chance chooses, while people queue, edit, cancel
//! and withdraw posts and the platforms lose requests and replies.
//!
//! `VESTNIK_KILLS=10000` makes it longer, `VESTNIK_SEED=17` repeats one.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use vestnik_contract::{Clock as _, SystemClock};
use vestnik_sandbox::town::Platform;

use crate::newsroom::Newsroom;
use crate::officer::Officer;
use crate::press::{Press, Wish};
use crate::reader::with_a_reader;
use crate::{PLATFORMS, asked, mishap};

/// Kills in one office; more are done in further offices, so that none grows old.
const KILLS: u64 = 200;
/// Offices at a time, where a number was asked for: a life is mostly waiting.
const SIDE_BY_SIDE: usize = 4;
/// Without a number that was asked for, killing ends after this long on a machine that is busy.
const KILLING_LASTS: Duration = Duration::from_secs(85);
/// Half an hour a second: a look a minute after a lost reply still gives a request that was under way the time to arrive.
const SPEED: u32 = 1800;
const ORGANISATIONS: usize = 3;
/// So many posts of each organisation are due at one instant, at each of these hours from the start.
const WAVE: usize = 6;
const WAVES: [i64; 3] = [12, 22, 32];

#[test]
fn killed_at_any_moment_under_load_nothing_is_lost_twice_or_early() {
    let seed = asked::number("VESTNIK_SEED").unwrap_or_else(|| SystemClock.now().timestamp_micros().unsigned_abs());
    println!("VESTNIK_SEED={seed}");
    let mut first_calls = match asked::number("VESTNIK_KILLS") {
        None => one_office(KILLS, Some(KILLING_LASTS), seed),
        Some(kills) => side_by_side(kills, seed),
    };
    first_calls.sort();
    println!(
        "from start to the first new post: median {:?}, longest {:?} of {} lives that lived to see one",
        first_calls.get(first_calls.len() / 2),
        first_calls.last(),
        first_calls.len()
    );
}

/// So many kills, over offices that each have a seed of their own, counted up from this one.
fn side_by_side(kills: u64, seed: u64) -> Vec<Duration> {
    let offices = AtomicU64::new(0);
    let work = || {
        let mut first_calls = Vec::new();
        loop {
            let office = offices.fetch_add(1, Ordering::Relaxed);
            let left = kills.saturating_sub(office * KILLS);
            if left == 0 {
                return first_calls;
            }
            println!("office {office}");
            first_calls.extend(one_office(left.min(KILLS), None, seed + office));
        }
    };
    std::thread::scope(|scope| {
        let workers = [(); SIDE_BY_SIDE].map(|()| scope.spawn(work));
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
}

/// Kills so often, or until patience ends; gives how long lives took to their first new post.
fn one_office(kills: u64, patience: Option<Duration>, seed: u64) -> Vec<Duration> {
    let chance = &mut StdRng::seed_from_u64(seed);
    let mut first_calls = Vec::new();
    let wish = Wish { speed: SPEED, platforms: PLATFORMS.to_vec(), organisations: ORGANISATIONS };
    let press = Press::with(wish);
    let mut newsroom = Newsroom::new(&press);
    WAVES.iter().for_each(|hours| newsroom.plans(WAVE * ORGANISATIONS, *hours));
    with_a_reader(&press, || {
        let (began, mut killed) = (Instant::now(), 0);
        while killed < kills && patience.is_none_or(|patience| began.elapsed() < patience) {
            mishap::befall(&press, chance);
            let daemon = press.launch();
            let is_busy = chance.random_bool(0.5);
            if is_busy {
                newsroom.does_something(chance);
            }
            let first_call = live_a_while(&press, chance);
            // A command takes a while, too.
            first_calls.extend(first_call.filter(|_| !is_busy));
            daemon.kill();
            killed += 1;
            if chance.random_bool(0.02) {
                press.note_heads();
            }
        }
        println!("{killed} kills, {:?}", began.elapsed());

        mishap::end(&press);
        let daemon = press.serve();
        let mut officer = Officer::default();
        newsroom.comes_to_rest(&mut officer);
        daemon.stop();
        println!("a person settled {} deliveries", officer.settled);
    });
    let queued = newsroom.queued();
    println!("{} posts, {:?}", queued.len(), newsroom.said);
    press.prove(&queued);
    let journal = std::fs::read_to_string(press.journal()).unwrap();
    let ended = |outcome: &str| journal.matches(&format!(r#""outcome":"{outcome}""#)).count();
    println!("attempts: {} in doubt, {} edited, {} taken down", ended("in_doubt"), ended("edited"), ended("retracted"));
    assert!(ended("in_doubt") > 0, "killed at no moment that matters: this proves nothing");
    first_calls
}

/// Lets the daemon live until a moment of chance: some time, or just after a platform was called. Gives how long the
/// first call that publishes took to come.
fn live_a_while(press: &Press, chance: &mut StdRng) -> Option<Duration> {
    let longest = Duration::from_millis(chance.random_range(1..800));
    let watched = chance.random_bool(0.5).then(|| *PLATFORMS.choose(chance).unwrap());
    let changes = || watched.map(|platform| changing_calls(press, platform));
    let (published, changed, began) = (publishing_calls(press), changes(), Instant::now());
    let mut first = None;
    while began.elapsed() < longest {
        if first.is_none() && publishing_calls(press) != published {
            first = Some(began.elapsed());
        }
        if changes() != changed {
            break;
        }
        std::thread::sleep(Duration::from_micros(chance.random_range(100..3_000)));
    }
    first
}

fn publishing_calls(press: &Press) -> usize {
    PLATFORMS.into_iter().map(|platform| calls(press, platform, platform.publishing_call())).sum()
}

/// Calls that put something up, change it or take it down.
fn changing_calls(press: &Press, platform: Platform) -> usize {
    let all = [platform.publishing_call(), platform.editing_call(), platform.retracting_call()];
    all.into_iter().map(|call| calls(press, platform, call)).sum()
}

fn calls(press: &Press, platform: Platform, call: Option<&str>) -> usize {
    call.map_or(0, |call| press.town.server(platform).calls(call))
}
