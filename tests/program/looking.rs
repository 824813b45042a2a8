//! `vestnik check`, `week`, `attention`, `channel list`: looking without touching.

use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;
use vestnik_sandbox::town::Platform;

use crate::press::{Press, wait_until};

#[test]
fn check_asks_every_channel_and_its_exit_status_tells() {
    let press = Press::open();
    press.vestnik(["check"]).done().shows(&["gorod-max (MAX): may publish", "gorod-site (WordPress): may publish"]);
    let all = press.json(["check"]);
    assert_eq!(all.as_array().unwrap().len(), 4);
    assert!(all.as_array().unwrap().iter().all(|c| c["may_publish"] == true), "{all}");

    press.town.server(Platform::Vk).switches.always("*", Fault::Refuse(Canned::html(502)));
    let check = press.vestnik(["check"]);
    assert_eq!(check.code, Some(1), "{check:#?}");
    check.shows(&["gorod-vk (VK): CANNOT PUBLISH", "→", "gorod-max (MAX): may publish"]);
}

#[test]
fn check_tells_when_clocks_differ() {
    let press = Press::open();
    press.town.server(Platform::Max).clock.set_ahead(chrono::TimeDelta::minutes(7));
    let all = press.json(["check"]);
    let max = all.as_array().unwrap().iter().find(|c| c["channel"] == "gorod-max").unwrap();
    let ahead = max["clock_ahead_seconds"].as_i64().unwrap();
    assert!((415..=425).contains(&ahead), "{max}");
    press.vestnik(["check"]).done().shows(&["its clock is 4", "ahead of ours", "time server"]);
}

#[test]
fn the_week_counts_what_is_out_and_what_is_planned() {
    let press = Press::open();
    let daemon = press.serve();
    let id = press.queue("Счёт", "");
    wait_until("it is out", || press.state(&id, "gorod-max") == "published");
    daemon.stop();
    let week = press.json(["week"]);
    let of = |slug: &str| week.as_array().unwrap().iter().find(|row| row["channel"] == slug).unwrap().clone();
    assert_eq!(of("gorod-max")["published"], 1, "{week}");
    assert_eq!(of("gorod-max")["minimum"], 3);
    press.vestnik(["week"]).done().shows(&["gorod-max", "gorod-site", "minimum", "verdict"]);
    press.vestnik(["week", "--week", "2026-W01"]).done().shows(&["2026-W01", "missed"]);
    press.vestnik(["week", "--week", "2026-W54"]).wrong_usage(&["2026 has no week 54"]);
    press.vestnik(["week", "--week", "next"]).wrong_usage(&["`next` is not a week", "2026-W47"]);
}

#[test]
fn nothing_waits_for_anybody_in_a_new_office() {
    let press = Press::open();
    press.vestnik(["attention"]).done().shows(&["nothing waits for a person"]);
    assert_eq!(press.json(["attention"]), serde_json::json!([]));
    let channels = press.json(["channel", "list"]);
    let slugs: Vec<_> = channels.as_array().unwrap().iter().map(|c| c["channel"].as_str().unwrap()).collect();
    assert_eq!(slugs, ["gorod-max", "gorod-ok", "gorod-site", "gorod-vk"], "the primary first");
    assert_eq!(channels[0]["primary"], true);
    press.vestnik(["history", "verify"]).done();
}

#[test]
fn looking_changes_nothing() {
    let press = Press::open();
    press.queue("Смотреть", "at: 2099-01-15 10:00");
    let before = press.rows();
    for command in [
        ["post", "list"].as_slice(),
        &["attention"],
        &["channel", "list"],
        &["check"],
        &["week"],
        &["history"],
        &["history", "verify"],
    ] {
        press.vestnik(command).done();
    }
    assert_eq!(press.rows(), before);
}
