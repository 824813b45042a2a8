//! Killed on entering the first, the second, the third ... system call of an attempt, until the attempt is over before
//! its turn comes.

use vestnik_sandbox::town::Platform;

use crate::asked;
use crate::officer::Officer;
use crate::press::{Press, Queued, Signal, wait_until};
use crate::tracer::{self, Harm, Tracer};

/// What an attempt does to the disk and the network; and of each name, every so many calls in the short form.
const CALLS: [(&str, usize); 6] =
    [("fsync", 1), ("connect", 1), ("writev", 1), ("recvfrom", 1), ("openat", 1), ("pwrite64", 5)];
/// In the long form, also what it does to locks, and how it reads and waits.
const MORE_CALLS: [&str; 3] = ["fcntl", "pread64", "epoll_wait"];

#[test]
fn killed_at_every_system_call_nothing_is_lost_twice_or_early() {
    if !tracer::is_permitted() {
        return;
    }
    let press = Press::fast();
    let mut queued = Vec::new();
    let mut calls = CALLS.to_vec();
    if asked::long() {
        calls = calls.into_iter().map(|(call, _)| call).chain(MORE_CALLS).map(|call| (call, 1)).collect();
    }
    for (call, step) in calls {
        let kills = (1..).step_by(step).take_while(|nth| dies_at(&press, call, *nth, &mut queued)).count();
        println!("{call}: {kills} kills");
        assert!(kills > 0, "no attempt makes a {call}: look at what it does instead");
    }
    let daemon = press.serve();
    Officer::default().waits_until_all_is_out(&press, queued.len());
    daemon.stop();
    press.prove(&queued);
}

/// Whether a daemon dies at this call before it has published one more post.
fn dies_at(press: &Press, call: &str, nth: usize, queued: &mut Vec<Queued>) -> bool {
    let mut daemon = press.serve();
    Officer::default().waits_until_all_is_out(press, queued.len());
    let tracer = Tracer::attach(press, &daemon, call, nth, Harm::Kill);
    let title = format!("{call} {nth}");
    // The long form follows a post to the followers, through the hold.
    let platforms = if asked::long() { press.platforms().to_vec() } else { vec![Platform::Max] };
    let channels = if asked::long() { "" } else { "channels: [gorod-max]" };
    let id = press.queue(&title, channels);
    queued.push(Queued::new(&title, &platforms));
    let mut died = false;
    wait_until("it is out, or the daemon is dead", || {
        died = !daemon.is_running();
        // Asking the program costs more than looking at the channel.
        died || press.count(Platform::Max, &title) == 1 && press.is_out(&id)
    });
    drop(tracer);
    if died {
        return true;
    }
    daemon.ask_to_end(Signal::Term);
    daemon.ended().is_none()
}
