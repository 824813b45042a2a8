//! This machine's clock is wrong; those of the platforms are right.

use chrono::{DateTime, TimeDelta, Utc};
use vestnik_sandbox::town::Platform;

use crate::machine::Machine;
use crate::press::{LEAST_HOLD, wait_until};
use crate::{FOLLOWERS, comes_in_time, is_told, office, out_in_max, waits_because};

const MAX_OBJECTS: &str = "the primary's clock says that the hold has not passed yet";

#[test]
fn hours_ahead_while_held_followers_wait_for_the_clock_of_max() {
    let mut press = office();
    let Some(machine) = Machine::with_wrong_clock(&mut press) else { return };
    let daemon = press.serve();
    let (id, _) = out_in_max(&press);
    machine.set_ahead(TimeDelta::hours(6));
    wait_until("the jump is told", || daemon.log().contains("the clock of this machine jumped"));
    for channel in ["gorod-vk", "gorod-ok", "gorod-site"] {
        waits_because(&press, &id, channel, MAX_OBJECTS);
    }
    is_told(&press, &["minutes late", MAX_OBJECTS]);
    comes_in_time(&press, &id);
    daemon.stop();
}

#[test]
fn hours_back_after_max_followers_wait_for_our_clock_too() {
    let mut press = office();
    let Some(machine) = Machine::with_wrong_clock(&mut press) else { return };
    let daemon = press.serve();
    let (id, max) = out_in_max(&press);
    machine.set_ahead(TimeDelta::hours(-24));
    wait_until("the jump is told", || daemon.log().contains("the clock of this machine jumped"));
    press.vestnik(["check"]).done().shows(&["ahead of ours", "time server"]);
    wait_until("the hold has passed for the platforms", || press.now() > max + LEAST_HOLD + TimeDelta::minutes(30));
    assert!(FOLLOWERS.iter().all(|platform| press.on(*platform).is_empty()), "late is allowed");
    machine.set_ahead(TimeDelta::zero());
    comes_in_time(&press, &id);
    daemon.stop();
}

#[test]
fn a_month_ahead_at_the_start_nothing_follows_and_the_way_out_is_to_withdraw() {
    let mut press = office();
    let Some(machine) = Machine::with_wrong_clock(&mut press) else { return };
    machine.set_ahead(TimeDelta::days(30));
    let daemon = press.serve();
    let wrong = press.queue("Из будущего", "");
    wait_until("MAX has confirmed it", || press.state(&wrong, "gorod-max") == "published");
    let max = press.on(Platform::Max)[0].published_at;
    assert!(press.now() - max < TimeDelta::days(1), "MAX's clock is right");
    let until = press.json(["post", "show", &wrong])["holds"][0]["until"].as_str().unwrap().to_owned();
    let until: DateTime<Utc> = until.parse().unwrap();
    assert!(until > max + TimeDelta::days(29), "longer rather than shorter, and it is told: {until}");
    press.vestnik(["check"]).done().shows(&["behind ours", "time server"]);
    machine.set_ahead(TimeDelta::zero());
    wait_until("the jump is told", || daemon.log().contains("the clock of this machine jumped"));
    wait_until("the hold has passed for the platforms", || press.now() > max + LEAST_HOLD + TimeDelta::minutes(30));
    assert!(FOLLOWERS.iter().all(|platform| press.on(*platform).is_empty()), "late is allowed");
    press.vestnik(["post", "withdraw", &wrong, "--reason", "неверные часы"]).done();
    wait_until("it is withdrawn", || press.on(Platform::Max).is_empty());
    let (id, _) = out_in_max(&press);
    comes_in_time(&press, &id);
    daemon.stop();
}

#[test]
fn a_clock_that_drifts_makes_nothing_early() {
    for rate in ["1.01", "1.5", "0.9"] {
        let mut press = office();
        let Some(machine) = Machine::with_wrong_clock(&mut press) else { return };
        machine.runs(rate);
        let daemon = press.serve();
        let (id, max) = out_in_max(&press);
        comes_in_time(&press, &id);
        // A slow clock makes it late, a fast one does not make it early.
        let vk = press.on(Platform::Vk)[0].published_at;
        println!("x{rate}: VK {} after MAX", vk - max);
        daemon.stop();
    }
}
