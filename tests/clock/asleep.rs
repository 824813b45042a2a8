//! The machine is suspended in the middle of a call, for longer than the lease of the attempt and any time-out.

use std::time::Duration;

use chrono::TimeDelta;
use vestnik_sandbox::Fault;
use vestnik_sandbox::town::Platform;

use crate::machine::Machine;
use crate::press::wait_until;
use crate::{FOLLOWERS, SPEED, TITLE, comes_in_time, office};

/// Long enough to fall asleep in.
const A_MOMENT: Duration = Duration::from_secs(4);
/// Real time: a lease is a minute, the longest call less.
const LONGER_THAN_A_LEASE: TimeDelta = TimeDelta::seconds(100);

#[test]
fn asleep_before_the_answer_arrives_nothing_is_sent_twice() {
    story(&Fault::CommitThenDelay(A_MOMENT));
}

#[test]
fn asleep_before_the_call_arrives_nothing_is_sent_twice() {
    story(&Fault::Delay(A_MOMENT));
}

fn story(fault: &Fault) {
    let mut press = office();
    let Some(machine) = Machine::asleep(&mut press) else { return };
    let daemon = press.serve();
    for platform in [&[Platform::Max], FOLLOWERS.as_slice()].concat() {
        press.town.server(platform).switches.next(platform.publishing_call().unwrap(), fault.clone());
    }
    let id = press.queue(TITLE, "");
    let mut slept = TimeDelta::zero();
    for platforms in [&[Platform::Max], FOLLOWERS.as_slice()] {
        wait_until("the calls are under way", || press.all_are("releasing", &id, platforms));
        daemon.freeze();
        wait_until("the platforms have it", || platforms.iter().all(|p| press.count(*p, TITLE) == 1));
        slept += LONGER_THAN_A_LEASE * i32::try_from(SPEED).unwrap();
        machine.set_ahead(slept);
        for platform in press.platforms() {
            press.town.server(*platform).clock.set_ahead(slept);
        }
        daemon.thaw();
    }
    comes_in_time(&press, &id);
    daemon.stop();
}
