//! `vestnik history`: every filter, every format, and the proof.

use serde_json::Value;

use crate::press::{Press, wait_until};

/// An office with one post that is out everywhere and one that is cancelled.
fn eventful() -> (Press, String, String) {
    let press = Press::fast();
    let daemon = press.serve();
    let out = press.queue("Новая школа", "");
    let cancelled = press.queue("Отменённый концерт", "at: 2099-01-15 10:00");
    press.vestnik(["post", "cancel", &cancelled, "--reason", "дождь", "--by", "Анна"]).done();
    wait_until("it is out everywhere", || {
        let post = press.json(["post", "show", &out]);
        post["deliveries"].as_array().unwrap().iter().all(|d| d["state"] == "published")
    });
    daemon.stop();
    (press, out, cancelled)
}

fn entries(document: &Value) -> Vec<&Value> {
    document.as_array().unwrap().iter().flat_map(|chain| chain["entries"].as_array().unwrap()).collect()
}

#[test]
fn every_filter_and_every_format() {
    let (press, out, cancelled) = eventful();
    let found = |args: &[&str]| -> Value { press.json(["history"].iter().chain(args)) };

    let all = found(&[]);
    assert!(entries(&all).iter().any(|e| e["kind"] == "post.queued"));
    let of_post = found(&["--post", &out]);
    assert!(!entries(&of_post).is_empty() && entries(&of_post).iter().all(|e| e["post"] == *out));
    let of_channel = found(&["--channel", "gorod-vk"]);
    assert!(entries(&of_channel).iter().all(|e| e["channel"] == "gorod-vk"));
    assert!(entries(&of_channel).iter().any(|e| e["kind"].as_str().unwrap().starts_with("attempt.")));
    let by_words = found(&["--text", "концерт"]);
    assert!(entries(&by_words).iter().all(|e| e["post"] == *cancelled), "{by_words}");
    assert!(!entries(&by_words).is_empty());
    let by_state = found(&["--state", "cancelled"]);
    assert!(entries(&by_state).iter().all(|e| e["post"] == *cancelled), "{by_state}");
    assert!(entries(&found(&["--to", "2020-01-01"])).is_empty());
    assert!(entries(&found(&["--from", "2098-01-01"])).is_empty());
    assert!(!entries(&found(&["--from", "2020-01-01", "--to", "2098-01-01", "--organisation", "gorod"])).is_empty());

    let print = |format: &str| press.vestnik(["history", "--post", &out, "--format", format]).done().stdout;
    let table = print("table");
    assert!(table.contains("Новая школа") && table.contains("+03:00") && table.contains("after MAX"), "{table}");
    for line in print("jsonl").lines() {
        serde_json::from_str::<Value>(line).unwrap();
    }
    serde_json::from_str::<Value>(&print("json")).unwrap();
    let csv = print("csv");
    let mut reader = csv::Reader::from_reader(csv.as_bytes());
    assert!(reader.headers().unwrap().iter().any(|h| h == "distance_seconds"));
    let rows: Vec<_> = reader.records().map(Result::unwrap).collect();
    assert!(rows.iter().any(|row| row.iter().any(|cell| cell == "gorod-site")));
}

#[test]
fn what_cannot_be_searched_for_is_told() {
    let press = Press::open();
    press.vestnik(["history", "--channel", "nix"]).refused(&["`nix`", "channel list"]);
    press.vestnik(["history", "--organisation", "nix"]).refused(&["`nix`", "gorod"]);
    press.vestnik(["history", "--from", "вчера"]).refused(&["`вчера` is not a time"]);
    press.vestnik(["history", "--state", "nix"]).wrong_usage(&["`nix` is no state", "published"]);
    press.vestnik(["history", "--format", "xml"]).wrong_usage(&["xml", "jsonl"]);
    press.vestnik(["history", "verify", "--head", "zz"]).wrong_usage(&["`zz` is not a hash", "64"]);
    press.vestnik(["history", "verify", "none.jsonl"]).refused(&["none.jsonl"]);
}

#[test]
fn the_head_that_was_noted_must_still_stand() {
    let press = Press::open();
    press.queue("Первая", "at: 2099-01-15 10:00");
    let head = |report: &Value| report["chains"][0]["head"]["hash"].as_str().unwrap().to_owned();
    let noted = head(&press.json(["history", "verify"]));
    press.vestnik(["history", "verify", "--head", &noted]).done().shows(&["is the head of gorod"]);
    press.queue("Вторая", "at: 2099-01-15 10:00");
    press.vestnik(["history", "verify", "--head", &noted]).done().shows(&["which has grown by 1 since"]);
    let foreign = press.vestnik(["history", "verify", "--head", &"ab".repeat(32)]);
    assert_eq!(foreign.code, Some(1), "{foreign:#?}");
    foreign.shows(&["IS NOT HERE", "cut or written anew"]);
}

#[test]
fn an_export_proves_and_a_changed_byte_of_it_does_not() {
    let (press, _, _) = eventful();
    let copy = press.vestnik(["history", "--format", "jsonl"]).done().stdout;
    let file = press.file("copy.jsonl", &copy);
    let verify = || press.vestnik(["history".as_ref(), "verify".as_ref(), file.as_os_str()]);
    verify().done().shows(&["3 kept", "0 too early"]);
    let broken = |text: String| {
        assert_ne!(text, copy);
        press.file("copy.jsonl", text);
        let told = verify();
        assert_eq!(told.code, Some(1), "{told:#?}");
    };
    broken(copy.replacen("Новая школа", "Новая шкала", 1));
    broken(copy.replacen("дождь", "снег", 1));
    // The last entry is cut off, one in the middle is taken out, two change places.
    let lines: Vec<&str> = copy.lines().collect();
    broken(lines[..lines.len() - 1].join("\n"));
    broken([&lines[..3], &lines[4..]].concat().join("\n"));
    let mut swapped = lines.clone();
    swapped.swap(3, 4);
    broken(swapped.join("\n"));
    broken(String::new());
    broken("не то".into());
}

#[test]
fn a_row_that_was_changed_behind_the_programs_back_is_found() {
    let (press, out, _) = eventful();
    press.vestnik(["history", "verify"]).done();
    // The follower's time is made to look later than it was.
    press.tamper(
        "UPDATE delivery SET published_at = published_at + 1000000 WHERE channel = 'gorod-vk' AND state = 'published'",
    );
    let told = press.vestnik(["history", "verify"]);
    assert_eq!(told.code, Some(1), "{told:#?}");
    told.shows(&[&out, "gorod-vk"]);
}
