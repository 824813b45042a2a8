use std::os::unix::fs::PermissionsExt as _;

use chrono::{DateTime, TimeDelta, Utc};
use tempfile::TempDir;

use super::*;
use crate::journal::{Draft, Entry, Event, Head, link};

const NOVEMBER: &str = "vestnik.db.history/2026-11.jsonl";

fn november() -> DateTime<Utc> {
    "2026-11-22T06:30:00Z".parse().unwrap()
}

/// So many rows of a chain, from `at` on.
fn rows(chain: &str, at: DateTime<Utc>, count: u64) -> Vec<JournalRow> {
    let mut head = Head::genesis(chain);
    let rows = (0..count).map(|_| {
        let event = Event::ChannelPaused("«причина»\n".repeat(20).into());
        let entry = link(chain, &head, Draft::new(at, "Офицер", event));
        head = Head { hash: entry.hash, seq: entry.seq };
        row(&entry)
    });
    rows.collect()
}

fn row(entry: &Entry) -> JournalRow {
    JournalRow {
        chain: entry.chain.clone(),
        seq: entry.seq.try_into().unwrap(),
        at: entry.at.timestamp_micros(),
        kind: entry.kind.clone(),
        post: None,
        delivery: None,
        channel: None,
        entry: entry.line(),
        hash: entry.hash.to_string(),
    }
}

struct Place(TempDir);

impl Place {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn mirror(&self) -> Mirror {
        Mirror::beside(&self.0.path().join("vestnik.db"))
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    /// Chain and number of everything that can be read, newest first.
    fn read(&self) -> Vec<(String, u64)> {
        let mut backwards = self.mirror().backwards().unwrap();
        let mut all = Vec::new();
        while let Some(entries) = backwards.next().unwrap() {
            all.extend(entries.into_iter().map(|entry| (entry.chain, entry.seq)));
        }
        all
    }
}

fn downwards(chain: &str, from: u64) -> Vec<(String, u64)> {
    (1..=from).rev().map(|seq| (chain.to_owned(), seq)).collect()
}

#[test]
fn what_is_appended_is_read_from_the_end_over_blocks_and_months() {
    let place = Place::new();
    assert_eq!(place.read(), []);
    let mut mirror = place.mirror();
    let all = rows("press", november(), 2_000);
    mirror.append(&all[..1_999]);
    let december = JournalRow { at: (november() + TimeDelta::days(20)).timestamp_micros(), ..all[1_999].clone() };
    mirror.append(&[december]);
    assert!(std::fs::metadata(place.path(NOVEMBER)).unwrap().len() > 3 * 256 * 1024, "several blocks");
    assert!(place.path("vestnik.db.history/2026-12.jsonl").exists());
    assert_eq!(place.read(), downwards("press", 2_000));
}

#[test]
fn a_clock_that_goes_back_does_not_turn_the_order() {
    let place = Place::new();
    let all = rows("press", november(), 3);
    let mut ahead = all[0].clone();
    ahead.at = (november() + TimeDelta::days(400)).timestamp_micros();
    place.mirror().append(&[ahead]);
    place.mirror().append(&all[1..]);
    assert!(!place.path(NOVEMBER).exists());
    assert_eq!(place.read(), downwards("press", 3));
}

#[test]
fn a_torn_line_takes_no_other_with_it() {
    let place = Place::new();
    let all = rows("press", november(), 4);
    place.mirror().append(&all[..2]);
    let mut file = std::fs::read(place.path(NOVEMBER)).unwrap();
    file.truncate(file.len() - 30);
    std::fs::write(place.path(NOVEMBER), file).unwrap();
    place.mirror().append(&all[2..]);
    let read: Vec<_> = place.read().into_iter().map(|(_, seq)| seq).collect();
    assert_eq!(read, [4, 3, 1]);
}

#[test]
fn what_another_process_left_torn_takes_no_line_with_it() {
    let place = Place::new();
    let all = rows("press", november(), 3);
    let mut ours = place.mirror();
    ours.append(&all[..1]);
    let mut theirs = OpenOptions::new().append(true).open(place.path(NOVEMBER)).unwrap();
    theirs.write_all(&all[1].entry.as_bytes()[..30]).unwrap();
    ours.append(&all[2..]);
    let read: Vec<_> = place.read().into_iter().map(|(_, seq)| seq).collect();
    assert_eq!(read, [3, 1]);
}

#[test]
fn a_changed_line_says_nothing() {
    let place = Place::new();
    place.mirror().append(&rows("press", november(), 3));
    let file = std::fs::read_to_string(place.path(NOVEMBER)).unwrap();
    std::fs::write(place.path(NOVEMBER), file.replacen("Офицер", "Другой", 2)).unwrap();
    assert_eq!(place.read(), [("press".to_owned(), 3)]);
}

#[test]
fn several_processes_write_whole_lines() {
    let place = Place::new();
    std::thread::scope(|scope| {
        for chain in ["one", "two", "three"] {
            let mut mirror = place.mirror();
            scope.spawn(move || rows(chain, november(), 300).chunks(7).for_each(|some| mirror.append(some)));
        }
    });
    let read = place.read();
    for chain in ["one", "two", "three"] {
        let of_chain: Vec<_> = read.iter().filter(|(name, _)| name == chain).cloned().collect();
        assert_eq!(of_chain, downwards(chain, 300));
    }
}

#[test]
fn only_the_owner_reads_it() {
    let place = Place::new();
    place.mirror().append(&rows("press", november(), 1));
    let mode = |name| std::fs::metadata(place.path(name)).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode("vestnik.db.history"), mode(NOVEMBER)), (0o700, 0o600));
}

#[test]
fn what_cannot_be_written_is_made_up_later() {
    let place = Place::new();
    let in_the_way = place.path("vestnik.db.history");
    std::fs::write(&in_the_way, "not a folder").unwrap();
    let all = rows("press", november(), 2);
    let mut mirror = place.mirror();
    mirror.append(&all[..1]);
    std::fs::remove_file(in_the_way).unwrap();
    mirror.append(&all[1..]);
    assert_eq!(place.read(), downwards("press", 2));
}

#[test]
fn megabytes_without_an_end_of_line_hide_nothing_else() {
    let place = Place::new();
    let all = rows("press", november(), 3);
    place.mirror().append(&all[..2]);
    let mut file = std::fs::read(place.path(NOVEMBER)).unwrap();
    file.resize(file.len() + 6 * 1024 * 1024, 0);
    std::fs::write(place.path(NOVEMBER), file).unwrap();
    place.mirror().append(&all[2..]);
    assert_eq!(place.read(), downwards("press", 3));
}

#[test]
fn what_is_no_file_is_not_read() {
    let place = Place::new();
    place.mirror().append(&rows("press", november(), 1));
    std::os::unix::net::UnixListener::bind(place.path("vestnik.db.history/2026-12.jsonl")).unwrap();
    let refused = place.mirror().backwards().unwrap().next().unwrap_err().to_string();
    assert!(refused.contains("2026-12.jsonl") && refused.contains("no file"), "{refused}");
}

#[test]
fn it_belongs_to_whom_the_database_belongs() {
    let place = Place::new();
    std::fs::write(place.path("vestnik.db"), "").unwrap();
    // Only root may give it away; for others it is theirs anyway.
    drop(chown(place.path("vestnik.db"), Some(65_534), None));
    place.mirror().append(&rows("press", november(), 1));
    let owner = |name| std::fs::metadata(place.path(name)).unwrap().uid();
    for made in ["vestnik.db.history", NOVEMBER] {
        assert_eq!(owner(made), owner("vestnik.db"), "{made}");
    }
}

#[test]
fn files_of_other_people_are_left_alone() {
    let place = Place::new();
    place.mirror().append(&rows("press", november(), 1));
    std::fs::write(place.path("vestnik.db.history/заметки.jsonl"), "{}\n").unwrap();
    std::fs::write(place.path("vestnik.db.history/2026-11.jsonl.bak"), "{}\n").unwrap();
    place.mirror().append(&rows("school", november(), 1));
    assert_eq!(place.read(), [("school".to_owned(), 1), ("press".to_owned(), 1)]);
}
