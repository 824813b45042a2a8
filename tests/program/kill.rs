//! The daemon is killed again and again, at moments that chance chooses, while the platforms lose requests and
//! replies. Whatever dies when: at the end every post stands exactly once on every channel, and nowhere early.
//!
//! `VESTNIK_KILLS=1000` makes it longer, `VESTNIK_SEED=17` repeats one.

mod mishap;
mod officer;

use std::collections::HashMap;
use std::time::{Duration, Instant};

use chrono::TimeDelta;
use rand::rngs::StdRng;
use rand::seq::IndexedRandom as _;
use rand::{RngExt as _, SeedableRng as _};
use vestnik_contract::{Clock as _, SystemClock};
use vestnik_sandbox::town::Platform;

use crate::press::{Press, Wish, wait_until};

const KILLS: u32 = 60;
/// Without a number that was asked for, killing ends after this long on a machine that is busy.
const KILLING_LASTS: Duration = Duration::from_secs(45);
/// Half an hour a second: a look a minute after a lost reply still gives a request that was under way the time to arrive.
const SPEED: u32 = 1800;
const PLATFORMS: [Platform; 5] = [Platform::Max, Platform::Vk, Platform::Ok, Platform::WordPress, Platform::Webhook];

fn asked(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name}={text} is not a number")))
}

#[test]
fn killed_at_any_moment_nothing_is_lost_doubled_or_early() {
    let seed = asked("VESTNIK_SEED").unwrap_or_else(|| SystemClock.now().timestamp_micros().unsigned_abs());
    let asked_for = asked("VESTNIK_KILLS").map(|n| u32::try_from(n).unwrap());
    println!("VESTNIK_SEED={seed}");
    let chance = &mut StdRng::seed_from_u64(seed);
    let press = Press::with(Wish { speed: SPEED, platforms: PLATFORMS.to_vec(), ..Wish::default() });
    let mut titles = Vec::new();
    let (began, mut killed) = (Instant::now(), 0);
    while killed < asked_for.unwrap_or(KILLS) && (asked_for.is_some() || began.elapsed() < KILLING_LASTS) {
        mishap::befall(&press, chance);
        let daemon = press.launch();
        // Most lives begin with new work that is due at once.
        if chance.random_bool(0.7) {
            titles.push(queue(&press, titles.len(), chance));
        }
        live_a_while(&press, chance);
        daemon.kill();
        killed += 1;
    }
    println!("{killed} kills, {} posts, {:?}", titles.len(), began.elapsed());

    mishap::end(&press);
    let daemon = press.serve();
    let mut officer = officer::Officer::default();
    wait_until("every post is out everywhere", || {
        officer.settles_what_waits(&press);
        officer::all_is_out(&press, &titles)
    });
    daemon.stop();
    println!("a person settled {} of {} deliveries", officer.settled, titles.len() * PLATFORMS.len());
    prove(&press, &titles);
}

/// Queues a post as an impatient caller does: a command that dies is given again with the same key.
fn queue(press: &Press, number: usize, chance: &mut StdRng) -> String {
    let title = format!("Новость {number}");
    let file = press.post_file(&title, "");
    let key = format!("news-{number}");
    if chance.random_bool(0.3) {
        let mut command = press.program();
        command.args(["post", "add"]).arg(&file).args(["--key", &key]);
        command.stdout(std::process::Stdio::null());
        let mut command = command.spawn().unwrap();
        std::thread::sleep(Duration::from_millis(chance.random_range(0..60)));
        // It may have ended by itself.
        drop(command.kill());
        command.wait().unwrap();
    }
    press.vestnik(["post".as_ref(), "add".as_ref(), file.as_os_str(), "--key".as_ref(), key.as_ref()]).done();
    title
}

/// Lets the daemon live until a moment of chance: some time, or just after a platform was called.
fn live_a_while(press: &Press, chance: &mut StdRng) {
    let longest = Duration::from_millis(chance.random_range(1..800));
    let until = Instant::now() + longest;
    let watched = chance.random_bool(0.5).then(|| *PLATFORMS.choose(chance).unwrap());
    let calls =
        |platform: Platform| platform.publishing_call().map_or(0, |call| press.town.server(platform).calls(call));
    let before = watched.map(calls);
    while Instant::now() < until && watched.map(calls) == before {
        std::thread::sleep(Duration::from_micros(chance.random_range(100..3_000)));
    }
}

fn prove(press: &Press, titles: &[String]) {
    let mut out_in_max = HashMap::new();
    for platform in PLATFORMS {
        let mut standing: HashMap<String, Vec<_>> = HashMap::new();
        for post in press.on(platform) {
            standing.entry(post.title().to_owned()).or_default().push(post.published_at);
        }
        for title in titles {
            let times = standing.remove(title).unwrap_or_default();
            assert_eq!(times.len(), 1, "«{title}» on {platform}: {times:?}");
            if platform == Platform::Max {
                out_in_max.insert(title, times[0]);
                continue;
            }
            let distance = times[0] - out_in_max[title];
            assert!(distance >= TimeDelta::hours(4), "«{title}» on {platform}: {distance} after MAX");
        }
        assert!(standing.is_empty(), "nobody queued these on {platform}: {standing:?}");
    }
    press.vestnik(["history", "verify"]).done().shows(&["verdict: proven", "0 too early"]);
    let copy = press.file("copy.jsonl", press.vestnik(["history", "--format", "jsonl"]).done().stdout);
    press.vestnik(["history".as_ref(), "verify".as_ref(), copy.as_os_str()]).done();
    let doubts = std::fs::read_to_string(copy).unwrap().matches(r#""outcome":"in_doubt""#).count();
    println!("{doubts} attempts were in doubt");
    assert!(doubts > 0 || titles.len() < 10, "killed at no moment that matters: this proves nothing");
    assert_eq!(press.integrity(), "ok");
}
