//! Whatever is done to an export is found.

use std::sync::LazyLock;

use proptest::prelude::*;
use vestnik::history::export::{Format, Header};
use vestnik::history::rule::Verdict;
use vestnik::history::verify::Proof;
use vestnik::journal::{Draft, Event, Head, INSTALLATION};

use crate::example::{CHAIN, Journal, at, early_history, forgotten_history, history, lines, verify, write};

#[test]
fn a_true_history_is_proven_and_the_nearest_stand_first() {
    let journal = history();
    let report = verify(&journal.export(), Some(journal.head.hash));
    assert_eq!(report.proof(), Proof::Proven, "{report}");
    let chain = &report.chains[0];
    assert_eq!((chain.entries, chain.head), (journal.entries.len() as u64, journal.head));
    assert_eq!(chain.expected_at, Some(journal.head.seq));
    assert_eq!(chain.remarks.len(), 1);
    let nearest: Vec<_> = chain.rule.nearest().iter().filter_map(|d| d.distance_seconds).collect();
    assert_eq!(nearest, [14_400, 14_459, 14_459, 29_989]);
    assert_eq!(serde_json::to_value(&report).unwrap()["chains"][0]["fault"], serde_json::Value::Null);
}

#[test]
fn a_head_noted_earlier_is_found_in_a_chain_that_has_grown() {
    let journal = history();
    let noted = journal.entries[4].hash;
    let report = verify(&journal.export(), Some(noted));
    assert_eq!(report.proof(), Proof::Proven);
    let grown = journal.head.seq - 5;
    assert!(report.to_string().contains(&format!("is entry 5 of press, which has grown by {grown} since")), "{report}");
    let empty = Journal::new(CHAIN);
    assert_eq!(verify(&empty.export(), Some(Head::genesis(CHAIN).hash)).proof(), Proof::Proven);
}

#[test]
fn a_cut_tail_is_found_by_the_head() {
    let journal = history();
    let mut cut = history();
    cut.entries.pop();
    assert_eq!(verify(&cut.export(), None).proof(), Proof::Broken);
    // The header was made to fit: only a head that was noted tells.
    cut.head = Head { hash: cut.entries.last().unwrap().hash, seq: cut.head.seq - 1 };
    assert_eq!(verify(&cut.export(), None).proof(), Proof::Proven);
    let report = verify(&cut.export(), Some(journal.head.hash));
    assert_eq!(report.proof(), Proof::Broken);
    assert!(report.to_string().contains("IS NOT HERE"), "{report}");
}

#[test]
fn a_follower_that_was_early_breaks_the_proof() {
    assert_eq!(verify(&early_history(0).export(), None).proof(), Proof::Proven);
    let report = verify(&early_history(1).export(), None);
    assert_eq!(report.proof(), Proof::Broken);
    let broken = report.chains[0].rule.broken();
    assert_eq!((broken[0].distance_seconds, broken[0].verdict), (Some(14_399), Verdict::Broken));
    let mut alone = Journal::new(CHAIN);
    alone.publish(1, "vk", 14_400, |_| {});
    let report = verify(&alone.export(), None);
    assert_eq!((report.proof(), report.chains[0].rule.without_primary().len()), (Proof::Broken, 1));
}

#[test]
fn of_what_an_older_copy_forgot_nobody_can_tell() {
    let report = verify(&forgotten_history().export(), None);
    assert_eq!((report.proof(), report.chains[0].rule.unknown().len()), (Proof::Part, 1), "{report}");
    assert!(report.to_string().contains("0 without a primary before it, 1 of which nobody can tell\n"), "{report}");
}

#[test]
fn a_part_is_checked_and_proves_nothing_by_itself() {
    let journal = history();
    let header = Header::filtered(CHAIN, journal.head, at(0), "channel vk".into());
    let of_vk = journal.entries.iter().filter(|e| e.channel.as_deref() == Some("vk"));
    let export = write(Format::JsonLines, &header, of_vk.clone());
    let report = verify(&export, None);
    assert_eq!(report.proof(), Proof::Part, "{report}");
    assert_eq!(report.chains[0].rule.without_primary().len(), 3);
    let mut changed: Vec<_> = of_vk.cloned().collect();
    changed[1].actor = "Кто-то другой".into();
    assert_eq!(verify(&write(Format::JsonLines, &header, &changed), None).proof(), Proof::Broken);
    // A whole copy that someone called a part.
    let called = Header::filtered(CHAIN, journal.head, at(0), "everything".into());
    assert_eq!(verify(&write(Format::JsonLines, &called, &journal.entries), None).proof(), Proof::Part);
}

#[test]
fn a_copy_that_continues_another_hangs_on_its_head() {
    let journal = history();
    let header = Header { from_seq: 6, ..journal.header() };
    let export = write(Format::JsonLines, &header, &journal.entries[5..]);
    let report = verify(&export, Some(journal.entries[4].hash));
    assert_eq!((report.proof(), report.chains[0].expected_at), (Proof::Part, Some(5)), "{report}");
    assert_eq!(verify(&export, Some(journal.entries[3].hash)).proof(), Proof::Broken);
    let shifted = write(Format::JsonLines, &header, &journal.entries[6..]);
    assert_eq!(verify(&shifted, None).proof(), Proof::Broken);
}

#[test]
fn several_chains_stand_in_one_export_each_once() {
    let (press, mut own) = (history(), Journal::new(INSTALLATION));
    own.write(Draft::new(at(0), "vestnik", Event::DaemonStopped {}));
    let both = [press.export(), own.export()].concat();
    let report = verify(&both, Some(own.head.hash));
    assert_eq!((report.proof(), report.chains.len()), (Proof::Proven, 2), "{report}");
    let twice = [press.export(), press.export()].concat();
    assert_eq!(verify(&twice, None).proof(), Proof::Broken);
    let mut moved = Journal::new(INSTALLATION);
    moved.entries.clone_from(&press.entries);
    moved.head = press.head;
    assert_eq!(verify(&moved.export(), None).proof(), Proof::Broken);
}

/// The bytes of `exported_at`, which no hash covers.
fn free(export: &[u8]) -> std::ops::Range<usize> {
    let key = br#""exported_at":""#;
    let begin = export.windows(key.len()).position(|w| w == key).unwrap() + key.len();
    begin..begin + "2026-11-22T06:00:00.000000Z".len()
}

/// The small history as an export.
static EXPORT: LazyLock<Vec<u8>> = LazyLock::new(|| history().export());

proptest! {
    #[test]
    fn any_changed_byte_is_found(at: prop::sample::Index, byte: u8) {
        let mut export = EXPORT.clone();
        let at = at.index(export.len());
        prop_assume!(export[at] != byte && !free(&export).contains(&at));
        export[at] = byte;
        prop_assert_ne!(verify(&export, None).proof(), Proof::Proven);
    }

    #[test]
    fn any_byte_more_or_less_is_found(at: prop::sample::Index, byte: u8) {
        let export = EXPORT.clone();
        let at = at.index(export.len());
        let mut less = export.clone();
        less.remove(at);
        prop_assert_ne!(verify(&less, None).proof(), Proof::Proven);
        let mut more = export;
        more.insert(at, byte);
        prop_assert_ne!(verify(&more, None).proof(), Proof::Proven);
    }

    #[test]
    fn moved_doubled_and_missing_lines_are_found(a: prop::sample::Index, b: prop::sample::Index) {
        let lines = lines(&EXPORT);
        let (a, b) = (a.index(lines.len()), b.index(lines.len()));
        let broken = |change: &dyn Fn(&mut Vec<Vec<u8>>)| {
            let mut lines = lines.clone();
            change(&mut lines);
            verify(&lines.concat(), None).proof() != Proof::Proven
        };
        prop_assert!(a == b || broken(&|l| l.swap(a, b)));
        prop_assert!(broken(&|l| l.insert(b, l[a].clone())));
        prop_assert!(broken(&|l| drop(l.remove(a))));
        prop_assert!(broken(&|l| l.truncate(a)));
    }

    #[test]
    fn rubbish_is_refused_and_never_a_panic(lines in prop::collection::vec("\\PC{0,40}|[{}\\[\\]\",:a-z0-9]{0,60}", 0..8)) {
        let mut export = EXPORT.clone();
        prop_assert_ne!(verify(lines.join("\n").as_bytes(), None).proof(), Proof::Proven);
        export.extend_from_slice(b"x");
        export.extend_from_slice(lines.join("\n").as_bytes());
        prop_assert_ne!(verify(&export, None).proof(), Proof::Proven);
    }
}
