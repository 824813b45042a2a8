//! `docs/verify_export.py` comes to the same verdict in the same words, and shares no code with vestnik.

use std::path::Path;
use std::process::Command;

use chrono::TimeDelta;
use vestnik::history::export::{Format, Header};
use vestnik::history::verify::Proof;
use vestnik::journal::event::By;
use vestnik::journal::{Draft, Event, Hash, INSTALLATION};

use crate::example::{CHAIN, Journal, at, early_history, forgotten_history, history, lines, verify, write};

/// Asks both, compares what they say but for the wording of faults, and gives the verdict.
fn both(what: &str, export: &[u8], expected: Option<Hash>) -> Proof {
    let dir = tempfile::tempdir().unwrap();
    let file = dir.path().join("history.jsonl");
    std::fs::write(&file, export).unwrap();
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/verify_export.py");
    let mut python = Command::new("python3");
    // Without site packages: nothing but the standard library is there.
    python.args(["-I", "-S"]).arg(script).arg(&file);
    if let Some(expected) = expected {
        python.args(["--head", &expected.to_string()]);
    }
    let output = python.output().expect("these tests need python3; install it");
    let said = String::from_utf8(output.stdout).unwrap();
    let complaint = String::from_utf8_lossy(&output.stderr);

    let report = verify(export, expected);
    let faultless = |text: &str| {
        let lines = text.lines().map(|l| l.split_once("fault: ").map_or(l, |(before, _)| before).to_owned());
        lines.collect::<Vec<_>>()
    };
    assert_eq!(faultless(&said), faultless(&report.to_string()), "{what}: {complaint}");
    let status = i32::from(report.proof() != Proof::Proven);
    assert_eq!(output.status.code(), Some(status), "{what}: {complaint}");
    report.proof()
}

#[test]
fn true_histories_are_proven() {
    let journal = history();
    assert_eq!(both("plain", &journal.export(), None), Proof::Proven);
    assert_eq!(both("with the head", &journal.export(), Some(journal.head.hash)), Proof::Proven);
    assert_eq!(both("an older head", &journal.export(), Some(journal.entries[3].hash)), Proof::Proven);
    assert_eq!(both("empty", &Journal::new(CHAIN).export(), None), Proof::Proven);
    assert_eq!(both("four hours to the second", &early_history(0).export(), None), Proof::Proven);
    let mut own = Journal::new(INSTALLATION);
    own.write(Draft::new(at(0), "vestnik", Event::DaemonStopped {}));
    assert_eq!(both("two chains", &[journal.export(), own.export()].concat(), Some(own.head.hash)), Proof::Proven);
}

#[test]
fn early_followers_are_shown() {
    for early in [1, 60, 20_000] {
        assert_eq!(both("early", &early_history(early).export(), None), Proof::Broken);
    }
    let mut journal = history();
    for i in 0..15 {
        journal.publish(2, "vk", 10_000 + i, |p| p.platform_time = None);
    }
    assert_eq!(both("many early", &journal.export(), None), Proof::Broken);
    let mut journal = history();
    journal.publish(9, "vk", 90_000, |p| (p.url, p.remote_id) = (None, "steer\u{1b}[2Jit".into()));
    assert_eq!(both("no primary", &journal.export(), None), Proof::Broken);
}

#[test]
fn what_an_older_copy_forgot_is_not_known() {
    assert_eq!(both("forgotten", &forgotten_history().export(), None), Proof::Part);
}

#[test]
fn every_time_is_taken_alike() {
    let mut journal = history();
    journal.publish(3, "max", 50_000, |p| p.platform_time = Some(p.counts_from + TimeDelta::seconds(90)));
    journal.publish(3, "vk", 64_400, |p| p.hold_seconds = Some(18_000));
    journal.publish(3, "site", 64_500, |p| (p.by, p.platform_time) = (By::Person, None));
    journal.publish(3, "max", 60_000, |_| {});
    journal.publish(3, "ok", 74_461, |p| p.received_at += TimeDelta::microseconds(1));
    assert_eq!(both("times", &journal.export(), None), Proof::Broken);
}

#[test]
fn parts_prove_nothing_by_themselves() {
    let journal = history();
    let header = Header::filtered(CHAIN, journal.head, at(0), "площадка vk\u{1b}".into());
    let of_vk = journal.entries.iter().filter(|e| e.channel.as_deref() == Some("vk"));
    assert_eq!(both("filtered", &write(Format::JsonLines, &header, of_vk), None), Proof::Part);
    let header = Header { from_seq: 6, ..journal.header() };
    let tail = write(Format::JsonLines, &header, &journal.entries[5..]);
    assert_eq!(both("continued", &tail, Some(journal.entries[4].hash)), Proof::Part);
    let nothing = Header { from_seq: journal.head.seq + 1, ..journal.header() };
    assert_eq!(both("continued by nothing", &write(Format::JsonLines, &nothing, []), None), Proof::Part);
}

#[test]
fn tampering_is_found() {
    let journal = history();
    let whole = lines(&journal.export());
    let tampered = |what: &str, change: &dyn Fn(&mut Vec<Vec<u8>>)| {
        let mut lines = whole.clone();
        change(&mut lines);
        assert_eq!(both(what, &lines.concat(), None), Proof::Broken, "{what}");
    };
    let replace = |line: &mut Vec<u8>, from: &str, to: &str| {
        let text = String::from_utf8(line.clone()).unwrap();
        assert!(text.contains(from), "{text}");
        *line = text.replacen(from, to, 1).into_bytes();
    };
    tampered("another person", &|l| replace(&mut l[1], "А. Иванова", "Б. Петров"));
    tampered("another time", &|l| {
        replace(&mut l[5], "platform_time\":\"2026-11-22T06", "platform_time\":\"2026-11-22T05");
    });
    tampered("another spelling", &|l| replace(&mut l[1], "А. Иванова", "\\u0410. Иванова"));
    tampered("a space", &|l| replace(&mut l[1], ":", ": "));
    tampered("a field more", &|l| replace(&mut l[1], ",\"kind\"", ",\"kin\":1,\"kind\""));
    tampered("a field twice", &|l| replace(&mut l[1], ",\"kind\"", ",\"kind\":\"x\",\"kind\""));
    tampered("a fraction", &|l| replace(&mut l[1], "\"revision\":1", "\"revision\":1.0"));
    tampered("a huge number", &|l| replace(&mut l[1], "\"revision\":1", "\"revision\":9007199254740993"));
    tampered("no number", &|l| replace(&mut l[1], "\"revision\":1", "\"revision\":NaN"));
    tampered("deep", &|l| replace(&mut l[1], "\"revision\":1", &format!("\"revision\":{}", "[".repeat(100_000))));
    tampered("not UTF-8", &|l| l[1][12] = 0xff);
    tampered("a Windows line end", &|l| replace(&mut l[1], "\n", "\r\n"));
    tampered("no last line end", &|l| assert_eq!(l.last_mut().unwrap().pop(), Some(b'\n')));
    tampered("an empty line", &|l| l.insert(2, b"\n".to_vec()));
    tampered("a line out", &|l| drop(l.remove(3)));
    tampered("a line twice", &|l| l.insert(3, l[3].clone()));
    tampered("lines swapped", &|l| l.swap(3, 4));
    tampered("the last line out", &|l| drop(l.pop()));
    tampered("no header", &|l| drop(l.remove(0)));
    tampered("the header only", &|l| l.truncate(1));
    tampered("nothing", &|l| l.clear());
    tampered("another head", &|l| replace(&mut l[0], "\"seq\":", "\"seq\":1"));
    tampered("a newer form", &|l| replace(&mut l[0], "\"vestnik_export\":1", "\"vestnik_export\":2"));
    tampered("the chain twice", &|l| l.extend(l.clone()));
    tampered("a header that is none", &|l| l.insert(4, b"{\"chain\":1}\n".to_vec()));
    tampered("a byte order mark", &|l| drop(l[0].splice(0..0, "\u{feff}".bytes())));
}

#[test]
fn entries_that_were_hashed_anew_are_found() {
    let mut journal = history();
    journal.entries[3].actor = "Б. Петров".into();
    journal.entries[3].hash = journal.entries[3].computed_hash();
    assert_eq!(both("one entry hashed anew", &journal.export(), None), Proof::Broken);

    let noted = history().head.hash;
    let mut anew = Journal::new(CHAIN);
    anew.publish(1, "max", 0, |_| {});
    assert_eq!(both("a chain written anew", &anew.export(), Some(noted)), Proof::Broken);

    let mut unreadable = history();
    let last = unreadable.entries.last_mut().unwrap();
    last.detail.remove("received_at");
    last.hash = last.computed_hash();
    unreadable.head.hash = last.hash;
    assert_eq!(both("a publication without its time", &unreadable.export(), None), Proof::Broken);
}
