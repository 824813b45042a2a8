//! Under load the daemon is killed again and again, at moments that chance chooses, while the platforms lose requests
//! and replies.
//!
//! `VESTNIK_KILLS=10000` makes it longer, `VESTNIK_SEED=17` repeats one.

use std::process::Stdio;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use vestnik_contract::{Clock as _, SystemClock};

use crate::officer::Officer;
use crate::press::{Press, Queued, Wish};
use crate::{PLATFORMS, asked, mishap};

/// Kills in one office; more are done in further offices, so that none grows old.
const KILLS: u64 = 200;
/// Offices at a time, where a number was asked for: a life is mostly waiting.
const SIDE_BY_SIDE: usize = 4;
/// Without a number that was asked for, killing ends after this long on a machine that is busy.
const KILLING_LASTS: Duration = Duration::from_secs(100);
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
        first_calls[first_calls.len() / 2],
        first_calls.last().unwrap(),
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
    let mut queued = waves(&press);
    let (began, mut killed) = (Instant::now(), 0);
    while killed < kills && patience.is_none_or(|patience| began.elapsed() < patience) {
        mishap::befall(&press, chance);
        let daemon = press.launch();
        if chance.random_bool(0.2) {
            queued.push(queue_impatiently(&press, queued.len(), chance));
        }
        first_calls.extend(live_a_while(&press, chance));
        daemon.kill();
        killed += 1;
    }
    println!("{killed} kills, {} posts, {:?}", queued.len(), began.elapsed());

    mishap::end(&press);
    let daemon = press.serve();
    let mut officer = Officer::default();
    officer.waits_until_all_is_out(&press, queued.len());
    daemon.stop();
    println!("a person settled {} of {} deliveries", officer.settled, queued.len() * PLATFORMS.len());
    press.prove(&queued);
    let doubts = std::fs::read_to_string(press.journal()).unwrap().matches(r#""outcome":"in_doubt""#).count();
    println!("{doubts} attempts were in doubt");
    assert!(doubts > 0, "killed at no moment that matters: this proves nothing");
    first_calls
}

/// What everybody queues the day before.
fn waves(press: &Press) -> Vec<Queued> {
    let organisations: Vec<_> = press.town.organisations().map(|o| o.slug.clone()).collect();
    let mut queued = Vec::new();
    for hours in WAVES {
        let at = format!("at: {}", (press.now() + TimeDelta::hours(hours)).to_rfc3339());
        for organisation in organisations.iter().cycle().take(WAVE * ORGANISATIONS) {
            let title = format!("Плановая {}", queued.len());
            let file = press.post_file(&title, &at);
            let add =
                ["post".as_ref(), "add".as_ref(), file.as_os_str(), "--organisation".as_ref(), organisation.as_ref()];
            press.vestnik(add).done();
            queued.push(Queued { title, organisation: organisation.clone(), platforms: PLATFORMS.to_vec() });
        }
    }
    queued
}

/// Queues a post as an impatient caller does: a command that dies is given again with the same key.
fn queue_impatiently(press: &Press, number: usize, chance: &mut StdRng) -> Queued {
    let title = format!("Срочная {number}");
    let organisations: Vec<_> = press.town.organisations().map(|o| o.slug.clone()).collect();
    let organisation = organisations.choose(chance).unwrap().clone();
    let file = press.post_file(&title, "");
    let key = format!("news-{number}");
    let add = || {
        let mut command = press.program();
        command.args(["post", "add"]).arg(&file).args(["--key", &key, "--organisation", &organisation]);
        command.stdout(Stdio::null());
        command
    };
    if chance.random_bool(0.3) {
        let mut command = add().spawn().unwrap();
        std::thread::sleep(Duration::from_millis(chance.random_range(0..60)));
        // It may have ended by itself.
        drop(command.kill());
        command.wait().unwrap();
    }
    assert!(add().status().unwrap().success());
    Queued { title, organisation, platforms: PLATFORMS.to_vec() }
}

/// Lets the daemon live until a moment of chance: some time, or just after a platform was called. Gives how long the
/// first call that publishes took to come.
fn live_a_while(press: &Press, chance: &mut StdRng) -> Option<Duration> {
    let longest = Duration::from_millis(chance.random_range(1..800));
    let watched = chance.random_bool(0.5).then(|| chance.random_range(0..PLATFORMS.len()));
    let (before, began) = (publishing_calls(press), Instant::now());
    let mut first = None;
    while began.elapsed() < longest {
        let now = publishing_calls(press);
        if now != before {
            first.get_or_insert_with(|| began.elapsed());
        }
        if watched.is_some_and(|platform| now[platform] != before[platform]) {
            break;
        }
        std::thread::sleep(Duration::from_micros(chance.random_range(100..3_000)));
    }
    first
}

fn publishing_calls(press: &Press) -> [usize; PLATFORMS.len()] {
    PLATFORMS.map(|platform| platform.publishing_call().map_or(0, |call| press.town.server(platform).calls(call)))
}
