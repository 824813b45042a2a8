//! Killed at each marked point of an edit and of a withdrawal: an edit of a post that is out everywhere changes MAX
//! first and the followers after a new hold, a withdrawal takes it down everywhere at once.

use serde_json::Value;
use vestnik_sandbox::town::Platform;

use crate::PLATFORMS;
use crate::mark::Mark;
use crate::officer::Officer;
use crate::press::{Daemon, Press, Queued, Wish, Word, name_of, wait_until};
use crate::reader::with_a_reader;

/// Half an hour a second: VK lets a post be changed for a day.
const SPEED: u32 = 1800;
const NAME: &str = "Веха";
/// What is done to a post that is out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Edit,
    TakeDown,
}

#[test]
fn killed_before_an_edit_or_a_withdrawal_arrives_it_is_made_again() {
    story(Mark::CallUnderWay);
}

#[test]
fn killed_before_the_answer_to_an_edit_or_a_withdrawal_arrives_it_is_settled() {
    story(Mark::AnswerUnderWay);
}

#[test]
fn killed_before_the_answer_to_an_edit_or_a_withdrawal_is_written_down_it_is_settled() {
    story(Mark::OutcomeUnwritten);
}

#[test]
fn killed_after_an_edit_or_a_withdrawal_was_written_down_it_stays_done() {
    story(Mark::OutcomeWritten);
}

fn story(mark: Mark) {
    let press = Press::with(Wish { speed: SPEED, platforms: PLATFORMS.to_vec(), ..Wish::default() });
    let mut post = Queued::new(NAME, &PLATFORMS);
    with_a_reader(&press, || {
        let (max, followers) = PLATFORMS.split_at(1);
        let daemon = press.serve();
        let id = press.queue(NAME, "");
        wait_until("it is out everywhere", || press.is_out(&id));
        press.note_heads();

        post.revision = 2;
        let file = press.post_file(&post.headline(), "");
        mark.arm(&press, max, |platform| Deed::Edit.call(platform));
        press.vestnik(["post", "edit", &id, file.to_str().unwrap()]).done();
        die_at((mark, Deed::Edit), &press, daemon, &id, max);
        // Before the new hold ends.
        mark.arm(&press, followers, |platform| Deed::Edit.call(platform));
        let daemon = press.serve();
        die_at((mark, Deed::Edit), &press, daemon, &id, followers);
        let daemon = press.serve();
        wait_until("it reads anew everywhere", || {
            assert_eq!(Officer::default().settles_what_waits(&press), [Value::Null; 0]);
            PLATFORMS.iter().all(|platform| is_done(Deed::Edit, &press, *platform)) && is_idle(&press, &id)
        });
        press.prove(&[post.clone()]);

        post.word = Word::Withdrawn;
        mark.arm(&press, &PLATFORMS, |platform| Deed::TakeDown.call(platform));
        press.vestnik(["post", "withdraw", &id, "--reason", "недостоверно"]).done();
        die_at((mark, Deed::TakeDown), &press, daemon, &id, &PLATFORMS);
        let daemon = press.serve();
        wait_until("it stands nowhere", || {
            assert_eq!(Officer::default().settles_what_waits(&press), [Value::Null; 0]);
            PLATFORMS.iter().all(|platform| is_done(Deed::TakeDown, &press, *platform)) && is_idle(&press, &id)
        });
        daemon.stop();
    });
    press.prove(&[post]);
    let journal = std::fs::read_to_string(press.journal()).unwrap();
    let in_doubt = journal.matches(r#""outcome":"in_doubt""#).count();
    let unknown = if mark == Mark::OutcomeWritten { 0 } else { 2 * PLATFORMS.len() };
    assert_eq!(in_doubt, unknown, "each call was at its mark");
}

impl Deed {
    fn name(self) -> &'static str {
        match self {
            Self::Edit => "edit",
            Self::TakeDown => "retract",
        }
    }

    fn call(self, platform: Platform) -> &'static str {
        match self {
            Self::Edit => platform.editing_call().unwrap(),
            Self::TakeDown => platform.retracting_call().unwrap(),
        }
    }
}

/// What readers see of a deed that is done.
fn is_done(deed: Deed, press: &Press, platform: Platform) -> bool {
    let posts = press.on(platform);
    let there = posts.iter().find(|there| name_of(there.title()) == NAME);
    match deed {
        Deed::Edit => there.is_some_and(|there| there.title() != NAME),
        Deed::TakeDown => there.is_none(),
    }
}

/// Whether vestnik has nothing more to do with the post.
fn is_idle(press: &Press, id: &str) -> bool {
    let post = press.json(["post", "show", id]);
    post["deliveries"].as_array().unwrap().iter().all(|delivery| delivery["next"].is_null())
}

/// Waits until the attempts on these platforms are at the mark, and kills.
fn die_at((mark, deed): (Mark, Deed), press: &Press, daemon: Daemon, id: &str, platforms: &[Platform]) {
    let slug = |platform: &Platform| press.town.organisations().next().unwrap().channel_slug(*platform);
    let all_done = || platforms.iter().all(|platform| is_done(deed, press, *platform));
    let all_have_an_attempt = |is_over: bool| {
        let post = press.json(["post", "show", id]);
        platforms.iter().all(|platform| has_an_attempt(&post, &slug(platform), deed, is_over))
    };
    match mark {
        Mark::CallUnderWay => wait_until("the calls are under way", || all_have_an_attempt(false)),
        Mark::AnswerUnderWay => wait_until("the platforms have done it", all_done),
        Mark::OutcomeUnwritten => {
            wait_until("the platforms have done it", all_done);
            let _lock = press.lock_database();
            wait_until("all answers are heard", || {
                let log = daemon.log();
                let heard = |platform| {
                    let word = if deed == Deed::Edit { "edited" } else { "taken down" };
                    log.contains(&format!(" {word} post={id} channel=\"{}\"", slug(platform)))
                };
                platforms.iter().all(heard)
            });
            return daemon.kill();
        }
        Mark::OutcomeWritten => wait_until("the outcomes are written down", || all_have_an_attempt(true)),
    }
    daemon.kill();
}

/// Whether there is an attempt at the deed that is over, or is not.
fn has_an_attempt(post: &Value, channel: &str, deed: Deed, is_over: bool) -> bool {
    let deliveries = post["deliveries"].as_array().unwrap().iter();
    let mut attempts = deliveries.filter(|d| d["channel"] == channel).flat_map(|d| d["attempts"].as_array().unwrap());
    attempts.any(|attempt| attempt["action"] == deed.name() && attempt["ended_at"].is_null() != is_over)
}
