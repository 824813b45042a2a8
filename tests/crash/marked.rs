//! Killed at each marked point of an attempt: first while MAX is called, then while all followers are called at once.

use vestnik_sandbox::town::Platform;

use crate::PLATFORMS;
use crate::mark::Mark;
use crate::officer::Officer;
use crate::press::{Daemon, FAST, Press, Queued, Wish, wait_until};

#[test]
fn killed_before_the_call_arrives_it_is_sent_again_once() {
    story(Mark::CallUnderWay);
}

#[test]
fn killed_before_the_answer_arrives_nothing_is_sent_again() {
    story(Mark::AnswerUnderWay);
}

#[test]
fn killed_before_the_answer_is_written_down_nothing_is_sent_again() {
    story(Mark::OutcomeUnwritten);
}

#[test]
fn killed_after_the_answer_was_written_down_nothing_is_sent_again() {
    story(Mark::OutcomeWritten);
}

fn story(mark: Mark) {
    let press = Press::with(Wish { speed: FAST, platforms: PLATFORMS.to_vec(), ..Wish::default() });
    let (max, followers) = PLATFORMS.split_at(1);
    let arm = |platforms| mark.arm(&press, platforms, |platform| platform.publishing_call().unwrap());
    let daemon = press.serve();
    arm(max);
    let id = press.queue("Веха", "");
    die_at(mark, &press, daemon, &id, max);
    // Before the hold ends.
    arm(followers);
    let daemon = press.serve();
    die_at(mark, &press, daemon, &id, followers);
    press.town.server(Platform::Max).switches.clear();
    let daemon = press.serve();
    Officer::default().waits_until_all_is_out(&press, 1);
    daemon.stop();
    press.prove(&[Queued::new("Веха", &PLATFORMS)]);
}

/// Waits until the attempts on these platforms are at the mark, and kills.
fn die_at(mark: Mark, press: &Press, daemon: Daemon, id: &str, platforms: &[Platform]) {
    let slug = |platform: &Platform| press.town.organisations().next().unwrap().channel_slug(*platform);
    let all_are = |state: &str| press.all_are(state, id, platforms);
    let all_stand = || platforms.iter().all(|platform| press.count(*platform, "Веха") == 1);
    match mark {
        Mark::CallUnderWay => wait_until("the calls are under way", || all_are("releasing")),
        Mark::AnswerUnderWay => wait_until("the platforms have it", all_stand),
        Mark::OutcomeUnwritten => {
            wait_until("the platforms have it", all_stand);
            let _lock = press.lock_database();
            wait_until("all answers are heard", || {
                let heard =
                    |platform| daemon.log().contains(&format!(" published post={id} channel=\"{}\"", slug(platform)));
                platforms.iter().all(heard)
            });
            return daemon.kill();
        }
        Mark::OutcomeWritten => wait_until("the outcomes are written down", || all_are("published")),
    }
    daemon.kill();
}
