//! Stopped in the middle of a call (a suspended machine, a debugger, a disk that hangs) and let go on: the process
//! believes that no time has passed.

use std::process::Command;
use std::time::Duration;

use vestnik_sandbox::Fault;

use crate::press::{FAST, Press, Queued, Wish, wait_until};
use crate::{PLATFORMS, asked};

/// Long enough to stop the process in.
const A_MOMENT: Duration = Duration::from_secs(4);
/// Longer than a lease of a minute and than the longest call.
const LONGER_THAN_A_LEASE: Duration = Duration::from_secs(100);

#[test]
fn frozen_before_the_call_arrives_nothing_is_sent_twice() {
    story(&Fault::Delay(A_MOMENT));
}

#[test]
fn frozen_before_the_answer_arrives_nothing_is_sent_twice() {
    story(&Fault::CommitThenDelay(A_MOMENT));
}

fn story(fault: &Fault) {
    let press = Press::with(Wish { speed: FAST, platforms: PLATFORMS.to_vec(), ..Wish::default() });
    let daemon = press.serve();
    let id = press.queue("Пауза", "");
    let (max, followers) = PLATFORMS.split_at(1);
    for platforms in [max, followers] {
        for platform in platforms {
            press.town.server(*platform).switches.next(platform.publishing_call().unwrap(), fault.clone());
        }
        wait_until("the calls are under way", || press.all_are("releasing", &id, platforms));
        daemon.freeze();
        // It holds the lock as long as it lives: nobody takes its work over.
        press.vestnik(["serve"]).refused(&["another vestnik"]);
        wait_until("the platforms have answered", || {
            platforms.iter().all(|p| press.town.server(*p).calls(p.publishing_call().unwrap()) == 1)
        });
        if asked::long() {
            // The one wait for time to pass: leases are real time, whatever the clock's speed.
            assert!(Command::new("sleep").arg(LONGER_THAN_A_LEASE.as_secs().to_string()).status().unwrap().success());
        }
        daemon.thaw();
    }
    wait_until("it is out everywhere", || press.is_out(&id));
    daemon.stop();
    press.prove(&[Queued::new("Пауза", &PLATFORMS)]);
}
