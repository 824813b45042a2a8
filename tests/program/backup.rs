//! A copy of the whole office, made while it works, and put back on the same machine and on a new one.

use sha2::{Digest as _, Sha256};
use vestnik_sandbox::town::Platform;

use crate::press::{Press, wait_until};

/// A post with a picture and one that is held, both queued while the daemon works.
fn a_day(press: &Press) -> (String, String) {
    press.file("most.png", picture());
    let bridge = press.queue("Мост открыт", "media: [{file: most.png, alt: Мост через реку}]");
    wait_until("it is out in MAX", || press.state(&bridge, "gorod-max") == "published");
    let later = press.queue("Завтра субботник", "at: 2099-04-20 10:00");
    (bridge, later)
}

/// One pixel.
fn picture() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 64, 64);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.write_header().unwrap().write_image_data(&[200; 64 * 64]).unwrap();
    bytes
}

#[test]
fn a_copy_made_while_the_daemon_works_brings_everything_back_and_nothing_goes_out_twice() {
    let press = Press::open();
    let daemon = press.serve();
    let (bridge, later) = a_day(&press);
    press.vestnik(["backup", "office.tar"]).done().shows(&["office.tar", "1 files of posts"]);
    press.vestnik(["post", "cancel", &later, "--reason", "дождь"]).done();
    press
        .vestnik(["restore", "office.tar", "--replace"])
        .refused(&["releases posts from this database", "end it first"]);
    daemon.stop();

    press.vestnik(["restore", "office.tar"]).refused(&["there is a database", "--replace"]);
    std::fs::remove_dir_all(press.path("media")).unwrap();
    press.vestnik(["restore", "office.tar", "--replace"]).done().shows(&["1 files of posts", ".replaced-"]);
    assert_eq!(press.integrity(), "ok");
    let daemon = press.serve();
    wait_until("what was decided after the copy is taken up", || press.state(&later, "gorod-max") == "cancelled");
    assert_eq!(press.count(Platform::Max, "Мост открыт"), 1);
    assert_eq!(press.state(&bridge, "gorod-vk"), "held");
    press.vestnik(["history", "verify"]).done();
    daemon.stop();
}

#[test]
fn a_copy_is_all_that_a_new_machine_needs_beside_its_configuration() {
    let press = Press::open();
    let daemon = press.serve();
    let (bridge, _) = a_day(&press);
    press.vestnik(["backup", "office.tar"]).done();
    daemon.kill();
    for gone in ["vestnik.db", "vestnik.db-wal", "vestnik.db-shm"] {
        drop(std::fs::remove_file(press.path(gone)));
    }
    for gone in ["vestnik.db.history", "media"] {
        std::fs::remove_dir_all(press.path(gone)).unwrap();
    }
    press.vestnik(["restore", "office.tar"]).done();
    let daemon = press.serve();
    assert_eq!(press.state(&bridge, "gorod-max"), "published");
    press.vestnik(["history", "verify"]).done();
    daemon.stop();
    assert_eq!(press.count(Platform::Max, "Мост открыт"), 1);
}

#[test]
fn a_damaged_copy_replaces_nothing() {
    let press = Press::open();
    let id = press.queue("Мост открыт", "at: 2099-04-20 10:00");
    press.vestnik(["backup", "office.tar"]).done();
    press.vestnik(["backup", "office.tar"]).refused(&["office.tar is there already"]);
    let whole = std::fs::read(press.path("office.tar")).unwrap();
    let mut changed = whole.clone();
    let middle = changed.len() / 2;
    changed[middle] ^= 1;
    for (name, bytes) in [
        ("cut.tar", &whole[..whole.len() / 2]),
        ("changed.tar", &changed),
        ("other.tar", b"not a tar at all".as_slice()),
    ] {
        press.file(name, bytes);
        press.vestnik(["restore", name, "--replace"]).refused(&[name, "nothing was changed"]);
        assert_eq!(press.state(&id, "gorod-max"), "queued");
    }
    press.vestnik(["restore", "absent.tar", "--replace"]).refused(&["absent.tar"]);
    let left = std::fs::read_dir(press.path("")).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap());
    assert!(left.into_iter().all(|name| !name.starts_with(".vestnik-")), "nothing is left behind");
}

/// An archive as whole as its manifest says, around any database.
fn archive_around(database: &[u8]) -> Vec<u8> {
    let manifest = serde_json::json!({
        "form": 1, "program": "0.1.0", "made_at": "2026-11-22T06:30:00Z", "database_bytes": database.len(),
        "database_sha256": hex::encode(Sha256::digest(database)),
    });
    let mut tar = tar::Builder::new(Vec::new());
    for (name, bytes) in [("vestnik-backup.json", manifest.to_string().as_bytes()), ("vestnik.db", database)] {
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        tar.append_data(&mut header, name, bytes).unwrap();
    }
    tar.into_inner().unwrap()
}

/// An archive in which the database is a file with holes: of so many bytes, of which it holds none.
fn archive_with_holes(bytes: u64) -> Vec<u8> {
    let manifest = serde_json::json!({
        "form": 1, "program": "0.1.0", "made_at": "2026-11-22T06:30:00Z", "database_bytes": bytes,
        "database_sha256": "0".repeat(64),
    });
    let manifest = manifest.to_string();
    let mut tar = tar::Builder::new(Vec::new());
    let mut header = tar::Header::new_gnu();
    header.set_size(manifest.len() as u64);
    tar.append_data(&mut header, "vestnik-backup.json", manifest.as_bytes()).unwrap();
    let mut header = tar::Header::new_gnu();
    header.set_path("vestnik.db").unwrap();
    header.set_size(0);
    header.set_entry_type(tar::EntryType::GNUSparse);
    let told = header.as_gnu_mut().unwrap();
    told.set_real_size(bytes);
    told.sparse[0].set_offset(bytes);
    told.sparse[0].set_length(0);
    header.set_cksum();
    tar.append(&header, std::io::empty()).unwrap();
    tar.into_inner().unwrap()
}

#[test]
fn a_small_archive_does_not_become_a_large_file() {
    let press = Press::open();
    press.file("holes.tar", archive_with_holes(7_000_000_000));
    press.vestnik(["restore", "holes.tar"]).refused(&["holes.tar", "`vestnik.db` in it is no plain file"]);
    let mut other = archive_around(&[7; 2000]);
    let told = other.windows(6).position(|bytes| bytes == b":2000,").unwrap();
    other[told + 1] = b'1';
    press.file("other.tar", other);
    press.vestnik(["restore", "other.tar"]).refused(&["not as large as what was saved"]);
}

#[test]
fn what_is_no_database_of_vestnik_takes_no_place() {
    let press = Press::open();
    for (database, why) in [(vec![], "it is no database of vestnik"), (vec![7; 20_000], "not a database")] {
        press.file("other.tar", archive_around(&database));
        let told = press.vestnik(["restore", "other.tar"]).refused(&["other.tar", why, "nothing was changed"]);
        assert!(!told.contains(".vestnik-restore"), "{told}");
        assert!(!press.path("vestnik.db").exists(), "nothing was there, and nothing is");
    }
    let id = press.queue("Мост открыт", "at: 2099-04-20 10:00");
    press.vestnik(["backup", "whole.tar"]).done();
    press.tamper("DROP TRIGGER attempt_respects_hold");
    press.vestnik(["backup", "weak.tar"]).done();
    // Neither does a daemon release from it.
    press.vestnik(["serve"]).refused(&["vestnik.db", "`attempt_respects_hold` is missing", "vestnik restore"]);
    press.vestnik(["restore", "weak.tar", "--replace"]).refused(&[
        "weak.tar",
        "`attempt_respects_hold` is missing",
        "nothing was changed",
    ]);
    press.vestnik(["restore", "whole.tar", "--replace"]).done().shows(&["people sign in anew", "new tokens"]);
    assert_eq!(press.state(&id, "gorod-max"), "queued");
    press.serve().stop();
}
