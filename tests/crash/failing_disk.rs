//! Writes and syncs fail, once or from some moment on, at each step of an attempt.

use vestnik_sandbox::town::Platform;

use crate::asked;
use crate::officer::Officer;
use crate::press::{Press, Queued, wait_until};
use crate::tracer::{self, Harm, Tracer};

/// What may fail; and of each name, every so many calls in the short form.
const CALLS: [(&str, usize); 2] = [("fsync", 1), ("pwrite64", 12)];
const ERRORS: [&str; 2] = ["EIO", "ENOSPC"];

#[test]
fn a_write_that_fails_once_is_got_over() {
    walk(Harm::Fails);
}

#[test]
fn a_disk_that_fails_and_a_daemon_that_dies_lose_nothing() {
    walk(Harm::FailsFromNowOn);
}

fn walk(harm: fn(&'static str) -> Harm) {
    if !tracer::is_permitted() {
        return;
    }
    let press = Press::fast();
    let mut queued = Vec::new();
    for (call, step) in CALLS {
        let step = if asked::long() { 1 } else { step };
        for error in ERRORS {
            let strikes = (1..).step_by(step).take_while(|nth| strikes(&press, call, *nth, harm(error), &mut queued));
            let strikes = strikes.count();
            println!("{call}, {:?}: {strikes} strikes", harm(error));
            assert!(strikes > 0, "no attempt makes a {call}: look at what it does instead");
        }
    }
    let daemon = press.serve();
    Officer::default().waits_until_all_is_out(&press, queued.len());
    daemon.stop();
    press.prove(&queued);
}

/// Whether the harm befalls a daemon before it has published one more post.
fn strikes(press: &Press, call: &str, nth: usize, harm: Harm, queued: &mut Vec<Queued>) -> bool {
    let daemon = press.serve();
    Officer::default().waits_until_all_is_out(press, queued.len());
    let tracer = Tracer::attach(press, &daemon, call, nth, harm);
    let title = format!("{call} {nth} {harm:?}");
    let id = press.queue(&title, "channels: [gorod-max]");
    queued.push(Queued::new(&title, &[Platform::Max]));
    let lasting = matches!(harm, Harm::FailsFromNowOn(_));
    wait_until("it is out, or the disk is gone for good", || {
        // Asking the program costs more than looking at the channel.
        let out = press.count(Platform::Max, &title) == 1 && press.is_out(&id);
        out || lasting && tracer.has_struck()
    });
    let struck = tracer.has_struck();
    if struck {
        wait_until("it is told", || daemon.log().contains("ERROR"));
    }
    if lasting {
        daemon.kill();
        drop(tracer);
    } else {
        drop(tracer);
        daemon.stop();
    }
    struck
}
