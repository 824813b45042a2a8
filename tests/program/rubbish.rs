//! Platforms that answer what no platform should: nothing is taken for a success, nothing is lost, nothing falls over.

use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;
use vestnik_sandbox::town::Platform;

use crate::press::{Press, wait_until};

const PLATFORMS: [Platform; 4] = [Platform::Max, Platform::Vk, Platform::Ok, Platform::WordPress];

fn rubbish() -> Vec<Canned> {
    let json = |body: &str| Canned { content_type: "application/json".into(), body: body.into(), ..Canned::html(200) };
    vec![
        Canned::html(200),
        json(""),
        json("{}"),
        json("null"),
        json("[[[[]]]]"),
        json(r#"{"message":{"body":{"mid":""}},"response":{"post_id":0},"id":"","status":"publish"}"#),
        json(r#"{"message":7,"response":"ok","id":-1e400}"#),
        json(&"[".repeat(100_000)),
        json(&format!("\"{}\"", "я".repeat(6_000_000))),
        Canned { status: 302, ..Canned::html(302) },
        Canned { status: 599, ..Canned::html(500) },
        json("{\"error\":{\"error_code\":99999,\"error_msg\":\"\u{202e}\u{0}Ж\"}}"),
    ]
}

fn answer_with(press: &Press, platform: Platform, answer: Option<&Canned>) {
    let switches = &press.town.server(platform).switches;
    switches.clear();
    if let Some(answer) = answer {
        switches.always("*", Fault::Refuse(answer.clone()));
    }
}

#[test]
fn rubbish_is_never_taken_for_a_published_post() {
    let press = Press::fast();
    let daemon = press.serve();
    let max = press.town.server(Platform::Max);
    for (n, answer) in rubbish().iter().enumerate() {
        for platform in PLATFORMS {
            answer_with(&press, platform, Some(answer));
        }
        let before = max.log().len();
        let title = format!("Мусор {n}");
        let id = press.queue(&title, "");
        wait_until("MAX was asked and answered rubbish", || max.log().len() > before);
        assert_ne!(press.state(&id, "gorod-max"), "published", "{answer:?}");
        assert_eq!(press.count(Platform::Max, &title), 0);
        answer_with(&press, Platform::Max, None);
        resume_paused(&press, "gorod-max");
        wait_until("it is out after all", || press.state(&id, "gorod-max") == "published");
    }
    for platform in PLATFORMS {
        answer_with(&press, platform, None);
    }
    let all = rubbish().len();
    for platform in PLATFORMS {
        let slug = press.town.channels().find(|c| c.platform() == platform).unwrap().slug();
        wait_until("all of them are out", || {
            resume_paused(&press, &slug);
            press.on(platform).len() >= all
        });
    }
    daemon.stop();
    for platform in PLATFORMS {
        for n in 0..all {
            assert_eq!(press.count(platform, &format!("Мусор {n}")), 1, "{platform}");
        }
    }
    press.vestnik(["history", "verify"]).done().shows(&["0 too early"]);
}

/// An answer that reads like a lost right pauses a channel and asks: the administrator looks and lets it go on.
fn resume_paused(press: &Press, slug: &str) {
    let channels = press.json(["channel", "list"]);
    if channels.as_array().unwrap().iter().any(|c| c["channel"] == slug && !c["paused_at"].is_null()) {
        press.vestnik(["channel", "resume", slug]).done();
    }
}

#[test]
fn a_check_among_rubbish_tells_every_channel() {
    let press = Press::open();
    for answer in rubbish() {
        for platform in PLATFORMS {
            answer_with(&press, platform, Some(&answer));
        }
        let check = press.vestnik(["check", "--json"]);
        assert_eq!(check.code, Some(1), "{check:#?}");
        for channel in check.json().as_array().unwrap() {
            assert_eq!(channel["may_publish"], false, "{answer:?}: {channel}");
            let told = channel["findings"].as_array().unwrap();
            assert!(told.iter().any(|f| !f["todo"].as_str().unwrap().is_empty()), "{channel}");
        }
    }
}

#[test]
fn no_platform_steers_the_terminal_of_whoever_reads_its_answer() {
    let press = Press::fast();
    let clears = r#"{"code":"proto.payload","message":"\u001b[2J","error":{"error_code":100,"error_msg":"\u001b[2J"}}"#;
    let answer =
        Canned { status: 400, content_type: "application/json".into(), body: clears.into(), ..Canned::html(400) };
    let daemon = press.serve();
    answer_with(&press, Platform::Max, Some(&answer));
    let id = press.queue("Мост открыт", "");
    wait_until("MAX refused it", || press.state(&id, "gorod-max") == "failed");
    // What is printed is looked at wherever the program is run.
    press.vestnik(["attention"]).done().shows(&["\u{fffd}[2J"]);
    press.vestnik(["post", "show", &id]).done().shows(&["\u{fffd}[2J"]);
    daemon.stop();
}
