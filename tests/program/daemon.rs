//! The daemon's life: it ends in order, keeps the hold, and takes up where it was.

use std::time::Duration;

use chrono::TimeDelta;
use vestnik_sandbox::Fault;
use vestnik_sandbox::town::Platform;

use crate::press::{Press, Signal, wait_until};

const FOLLOWERS: [Platform; 3] = [Platform::Vk, Platform::Ok, Platform::WordPress];

#[test]
fn a_call_in_flight_is_finished_before_the_end() {
    for signal in [Signal::Term, Signal::Int] {
        let press = Press::open();
        let daemon = press.serve();
        press.town.server(Platform::Max).switches.next("POST /messages", Fault::Delay(Duration::from_secs(2)));
        let id = press.queue("В пути", "");
        let next = press.queue("Следующая", "");
        wait_until("the call is under way", || press.state(&id, "gorod-max") == "releasing");
        daemon.ask_to_end(signal);
        assert_eq!(press.count(Platform::Max, "В пути"), 0, "MAX has not answered yet");
        assert_eq!(daemon.ended(), Some(0), "{signal:?}");
        assert_eq!(press.state(&id, "gorod-max"), "published", "{signal:?}");
        assert_eq!(press.count(Platform::Max, "В пути"), 1);
        assert_eq!(press.state(&next, "gorod-max"), "queued", "nothing new is begun");
        assert_eq!(press.json(["attention"]), serde_json::json!([]), "nothing is in doubt");
        press.vestnik(["history", "verify"]).done();
    }
}

#[test]
fn followers_come_four_hours_after_max_also_through_a_restart() {
    let press = Press::fast();
    let daemon = press.serve();
    let id = press.queue("Выдержка", "");
    wait_until("it is out in MAX", || press.state(&id, "gorod-max") == "published");
    let max = press.on(Platform::Max)[0].published_at;
    daemon.stop();
    let show = || press.json(["post", "show", &id]);
    let until: chrono::DateTime<chrono::Utc> = show()["holds"][0]["until"].as_str().unwrap().parse().unwrap();
    assert!(until - max >= TimeDelta::hours(4) + TimeDelta::minutes(1), "{until}");
    let daemon = press.serve();
    wait_until("it is out everywhere", || {
        let early = press.now() < max + TimeDelta::hours(4);
        let out: Vec<_> = FOLLOWERS.into_iter().filter(|p| !press.on(*p).is_empty()).collect();
        assert!(!early || out.is_empty(), "{out:?}");
        show()["deliveries"].as_array().unwrap().iter().all(|d| d["state"] == "published")
    });
    daemon.stop();
    for platform in FOLLOWERS {
        let posts = press.on(platform);
        assert_eq!(posts.len(), 1, "{platform}");
        assert!(posts[0].published_at - max >= TimeDelta::hours(4), "{platform}: {}", posts[0].published_at);
        assert!(posts[0].text.contains("Первыми узнают в MAX: "), "{platform}: {}", posts[0].text);
    }
    press.vestnik(["history", "verify"]).done().shows(&["3 kept", "0 too early", "verdict: proven"]);
}

#[test]
fn killed_while_max_was_called_it_asks_max_before_it_sends_again() {
    let press = Press::fast();
    let max = press.town.server(Platform::Max);
    let daemon = press.serve();
    // MAX takes the post; the answer never comes, because nobody is left to hear it.
    max.switches.next("POST /messages", Fault::CommitThenDrop);
    let id = press.queue("Убит", "");
    wait_until("MAX has it", || press.count(Platform::Max, "Убит") == 1);
    daemon.kill();
    let daemon = press.serve();
    wait_until("it is found", || press.state(&id, "gorod-max") == "published");
    assert_eq!(max.calls("POST /messages"), 1, "it was never sent again");
    daemon.stop();
    let show = press.json(["post", "show", &id]);
    assert_eq!(show["deliveries"][0]["attempts"].as_array().unwrap().len(), 1, "{show}");
}

#[test]
fn many_due_at_one_instant_all_go_out_once() {
    let press = Press::fast();
    let at = (press.now() + TimeDelta::hours(8)).to_rfc3339();
    for n in 0..8 {
        press.queue(&format!("Новость {n}"), &format!("at: {at}"));
    }
    let daemon = press.serve();
    for platform in [Platform::Max, Platform::Vk, Platform::Ok, Platform::WordPress] {
        wait_until("all are out", || press.on(platform).len() >= 8);
        for n in 0..8 {
            assert_eq!(press.count(platform, &format!("Новость {n}")), 1, "{platform}");
        }
    }
    daemon.stop();
}

#[test]
fn the_log_can_be_read_by_programs() {
    let press = Press::open();
    let mut program = press.program();
    program.env("VESTNIK_LOG", "json");
    let daemon = crate::press::Daemon::start(program, press.path("json.log"));
    press.queue("Журнал", "");
    wait_until("it is told", || daemon.log().contains("published"));
    for line in daemon.log().lines() {
        let line: serde_json::Value = serde_json::from_str(line).unwrap();
        assert!(line["timestamp"].is_string() && line["level"].is_string(), "{line}");
    }
    daemon.stop();
}
