//! The platforms' clocks: wrong, or not told.

use chrono::TimeDelta;
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;
use vestnik_sandbox::town::Platform;

use crate::machine::Machine;
use crate::press::wait_until;
use crate::{FOLLOWERS, comes_in_time, is_told, office, out_in_max, waits_because};

#[test]
fn a_follower_whose_clock_is_behind_waits_for_its_own_stamp() {
    let press = office();
    let vk = &press.town.server(Platform::Vk).clock;
    vk.set_ahead(TimeDelta::hours(-20));
    let daemon = press.serve();
    let (id, _) = out_in_max(&press);
    waits_because(&press, &id, "gorod-vk", "the follower's clock says that the hold has not passed yet");
    wait_until("the others are out", || ["gorod-ok", "gorod-site"].iter().all(|c| press.state(&id, c) == "published"));
    is_told(&press, &["gorod-vk", "minutes late", "the follower's clock"]);
    press.vestnik(["check"]).done().shows(&["gorod-vk", "behind ours"]);
    assert!(press.on(Platform::Vk).is_empty());
    vk.set_ahead(TimeDelta::zero());
    comes_in_time(&press, &id);
    daemon.stop();
}

#[test]
fn a_max_that_is_ahead_when_it_confirms_makes_the_hold_longer() {
    let press = office();
    let max = &press.town.server(Platform::Max).clock;
    max.set_ahead(TimeDelta::hours(3));
    let daemon = press.serve();
    let (id, stamp) = out_in_max(&press);
    max.set_ahead(TimeDelta::zero());
    assert!(stamp > press.now(), "by its stamp it is not out yet");
    comes_in_time(&press, &id);
    daemon.stop();
}

#[test]
fn two_clocks_that_lie_together_do_not_overrule_max() {
    let mut press = office();
    let Some(machine) = Machine::with_wrong_clock(&mut press) else { return };
    let daemon = press.serve();
    let (id, max) = out_in_max(&press);
    machine.set_ahead(TimeDelta::hours(9));
    press.town.server(Platform::Vk).clock.set_ahead(TimeDelta::hours(9));
    waits_because(&press, &id, "gorod-vk", "the primary's clock says that the hold has not passed yet");
    wait_until("VK is out", || !press.on(Platform::Vk).is_empty());
    assert!(press.on(Platform::Vk)[0].published_at - TimeDelta::hours(9) - max >= crate::press::LEAST_HOLD);
    comes_in_time(&press, &id);
    daemon.stop();
}

#[test]
fn vks_clock_serves_when_max_does_not_tell_the_time() {
    let mut press = office();
    let Some(machine) = Machine::with_wrong_clock(&mut press) else { return };
    press.town.server(Platform::Max).clock.send_date_header(false);
    let daemon = press.serve();
    let (id, _) = out_in_max(&press);
    machine.set_ahead(TimeDelta::hours(9));
    waits_because(&press, &id, "gorod-site", "says that the hold has not passed yet");
    comes_in_time(&press, &id);
    daemon.stop();
}

#[test]
fn with_no_clock_but_ours_everything_waits_and_says_so() {
    let press = office();
    for platform in [Platform::Max, Platform::Vk, Platform::Ok] {
        press.town.server(platform).clock.send_date_header(false);
    }
    let vk = &press.town.server(Platform::Vk).switches;
    vk.always("utils.getServerTime", Fault::Refuse(Canned::html(502)));
    let daemon = press.serve();
    let (id, _) = out_in_max(&press);
    waits_because(&press, &id, "gorod-ok", "no clock but ours can be seen; the release waits for one");
    waits_because(&press, &id, "gorod-site", "no clock but ours can be seen; the release waits for one");
    waits_because(&press, &id, "gorod-vk", "VK cannot be asked for the time");
    is_told(&press, &["gorod-site", "no clock but ours"]);
    assert!(FOLLOWERS.iter().all(|platform| press.on(*platform).is_empty()));
    press.town.server(Platform::Max).clock.send_date_header(true);
    vk.clear();
    comes_in_time(&press, &id);
    daemon.stop();
}
