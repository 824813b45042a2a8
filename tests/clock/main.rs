//! The real program on a machine whose clock lies (libfaketime), beside platforms whose clocks lie.
//!
//! Nothing may go out early by the platforms' own times, and whoever asks is told what is waited for. The office's clock
//! is fast ([`SPEED`]), so that a hold is eight seconds.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

mod asleep;
mod machine;
mod ours;
mod platforms;
#[path = "../common/press/mod.rs"]
#[allow(dead_code, unused_imports, reason = "each suite uses its part")]
mod press;

use chrono::{DateTime, Utc};
use press::{Press, Queued, Wish, wait_until};
use vestnik_sandbox::town::Platform;

/// Half an hour a second.
const SPEED: u32 = 1800;
const FOLLOWERS: [Platform; 3] = [Platform::Vk, Platform::Ok, Platform::WordPress];
const TITLE: &str = "Часы";

fn office() -> Press {
    Press::with(Wish { speed: SPEED, ..Wish::default() })
}

/// Queues a post and waits until MAX shows it; gives its id, and the time that MAX gave it.
fn out_in_max(press: &Press) -> (String, DateTime<Utc>) {
    let id = press.queue(TITLE, "");
    wait_until("MAX has confirmed it", || press.state(&id, "gorod-max") == "published");
    (id, press.on(Platform::Max)[0].published_at)
}

/// What `vestnik post show` gives as the reason why a channel waits.
fn reason(press: &Press, id: &str, channel: &str) -> String {
    let post = press.json(["post", "show", id]);
    let delivery = post["deliveries"].as_array().unwrap().iter().find(|d| d["channel"] == channel).unwrap();
    delivery["last_reason"].as_str().unwrap_or_default().to_owned()
}

/// Waits until a channel waits for this reason, and nothing stands there.
#[track_caller]
fn waits_because(press: &Press, id: &str, channel: &str, words: &str) {
    wait_until(words, || reason(press, id, channel).contains(words));
    assert_eq!(press.town.channel(channel).unwrap().posts(), [], "{channel} waits");
}

/// Waits until `vestnik attention` says these words; what is late is listed after ten minutes.
#[track_caller]
fn is_told(press: &Press, words: &[&str]) {
    wait_until("it is told", || {
        let told = press.vestnik(["attention"]).done().stdout;
        words.iter().all(|word| told.contains(word))
    });
}

/// Waits until it is out everywhere, and proves that it was not early.
#[track_caller]
fn comes_in_time(press: &Press, id: &str) {
    wait_until("it is out everywhere", || press.is_out(id));
    press.prove(&[Queued::new(TITLE, press.platforms())]);
}
