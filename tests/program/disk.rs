//! What happens to the database: locked, read-only, full, somebody else's, or no database at all.

pub mod narrow;

use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::process::Command;

use narrow::NarrowDisk;
use vestnik_sandbox::town::Platform;

use crate::press::{PROGRAM, Press, Ran, to_the_end, wait_until};

#[test]
fn a_locked_database_is_told_and_work_goes_on_when_it_is_free() {
    let press = Press::fast();
    let daemon = press.serve();
    // Due in a second, when the database is locked.
    let soon = (press.now() + chrono::TimeDelta::hours(1)).to_rfc3339();
    press.queue("Скоро", &format!("at: {soon}"));
    let lock = press.lock_database();
    let before = press.rows();
    let file = press.post_file("Заперто", "");
    let add = || press.vestnik(["post".as_ref(), "add".as_ref(), file.as_os_str()]);
    add().refused(&["the database is locked by another program", "end it (a backup, a database browser)"]);
    // Reading needs no lock.
    press.vestnik(["post", "list"]).done().shows(&["Скоро"]);
    wait_until("the daemon says so", || daemon.log().contains("the database is locked by another program"));
    assert!(press.on(Platform::Max).is_empty(), "what cannot be written down is not sent");
    assert_eq!(press.rows(), before);
    drop(lock);
    add().done();
    wait_until("both are out", || press.on(Platform::Max).len() == 2);
    daemon.stop();
}

#[test]
fn a_second_daemon_is_refused_and_the_first_goes_on() {
    let press = Press::open();
    let mut first = press.serve();
    let who = format!("(process {})", first.id());
    press.vestnik(["serve"]).refused(&["another vestnik", &who, "end it first, two must not"]);
    assert!(first.is_running());
    press.queue("Дальше", "");
    wait_until("it is out", || press.count(Platform::Max, "Дальше") == 1);
    // A lock outlives nobody.
    first.kill();
    press.serve().stop();
}

#[test]
fn a_database_of_a_newer_program_is_refused_untouched() {
    let press = Press::open();
    press.queue("Будущее", "at: 2099-01-15 10:00");
    press.tamper("INSERT INTO _sqlx_migrations VALUES (9999, 'future', '2099-01-01', 1, x'00', 1)");
    let before = press.rows();
    for command in [["post", "list"].as_slice(), &["serve"], &["attention"], &["history", "verify"]] {
        let words = ["vestnik.db", "written by a newer vestnik", "9999", "install the newer program"];
        press.vestnik(command).refused(&words);
    }
    assert_eq!(press.rows(), before);
}

#[test]
fn what_is_no_database_is_refused_untouched() {
    let press = Press::open();
    let rubbish = "это не база данных ".repeat(500);
    press.file("vestnik.db", &rubbish);
    for command in [["post", "list"].as_slice(), &["serve"]] {
        press.vestnik(command).refused(&["vestnik.db", "not a database"]);
    }
    assert_eq!(std::fs::read_to_string(press.path("vestnik.db")).unwrap(), rubbish);
    press.reconfigure("sqlite:vestnik.db", "sqlite:secrets");
    press.vestnik(["post", "list"]).refused(&["secrets", "cannot be opened"]);
    press.reconfigure("sqlite:secrets", "sqlite:config.toml/vestnik.db");
    press.vestnik(["post", "list"]).refused(&["config.toml/vestnik.db", "cannot be opened"]);
    press.vestnik(["serve"]).refused(&["config.toml"]);
}

#[test]
fn a_damaged_database_is_told_and_left_as_it_is() {
    let press = Press::open();
    press.queue("Цела", "at: 2099-01-15 10:00");
    let mut bytes = std::fs::read(press.path("vestnik.db")).unwrap();
    bytes[8_192..].fill(0xAA);
    press.file("vestnik.db", &bytes);
    for command in [["post", "list"].as_slice(), &["attention"], &["history", "verify"], &["serve"]] {
        press.vestnik(command).refused(&["damaged", "keep the file as it is", "newest backup"]);
    }
    assert_eq!(std::fs::read(press.path("vestnik.db")).unwrap(), bytes);
}

/// Runs a command as somebody who may look at the folder and not touch it.
fn powerless(press: &Press, args: &[&str]) -> Ran {
    let mode = |path: &str, mode| {
        std::fs::set_permissions(press.path(path), std::fs::Permissions::from_mode(mode)).unwrap();
    };
    let superuser = std::fs::metadata("/proc/self").unwrap().uid() == 0;
    let mut command = if superuser {
        // Rights do not bind the superuser: somebody else runs a copy that they can reach.
        let copy = press.path("vestnik");
        if !copy.exists() {
            std::fs::copy(PROGRAM, &copy).unwrap();
        }
        let mut command = Command::new(copy);
        command.uid(65_534).gid(65_534);
        command
    } else {
        Command::new(PROGRAM)
    };
    mode("", if superuser { 0o755 } else { 0o555 });
    mode("vestnik.db", 0o444);
    command.current_dir(press.path("")).env("LOGNAME", "officer").args(args);
    let ran = to_the_end(command);
    mode("", 0o755);
    mode("vestnik.db", 0o644);
    ran
}

#[test]
fn a_database_that_may_not_be_written_is_told() {
    let press = Press::open();
    press.queue("Было", "at: 2099-01-15 10:00");
    let before = press.rows();
    press.post_file("Нельзя", "");
    let told = powerless(&press, &["post", "add", "post.md"]);
    told.refused(&["the database is read-only", "nothing was changed", "right to write"]);
    powerless(&press, &["channel", "pause", "gorod-vk", "--reason", "x"]).refused(&["read-only"]);
    powerless(&press, &["serve"]).refused(&["vestnik.db.lock", "Permission denied", "write beside its database"]);
    assert_eq!(press.rows(), before);
    press.vestnik(["post", "add", "post.md"]).done();
}

#[test]
fn a_full_disk_refuses_and_loses_nothing() {
    let mut press = Press::fast();
    let Some(mut disk) = NarrowDisk::mount(&mut press) else { return };
    let add = |press: &Press, title: &str, more: &str| {
        let file = press.post_file(title, more);
        press.vestnik(["post".as_ref(), "add".as_ref(), file.as_os_str()])
    };
    add(&press, "Было", "").done();
    // Due in a second, when the disk is full.
    let soon = (press.now() + chrono::TimeDelta::hours(1)).to_rfc3339();
    add(&press, "Скоро", &format!("at: {soon}")).done();
    disk.fill();
    add(&press, "Не влезло", "").refused(&[
        "the disk with the database",
        "full",
        "nothing was changed",
        "free some space",
    ]);
    press.vestnik(["serve"]).refused(&["No space left"]);
    assert!(press.on(Platform::Max).is_empty());

    disk.empty();
    let daemon = press.serve();
    wait_until("both are out in MAX", || press.on(Platform::Max).len() == 2);
    add(&press, "Влезло", "").done();
    disk.fill();
    press.file("a.pdf", [b"%PDF-1.4\n".as_slice(), &vec![b'x'; 100_000]].concat());
    let told = add(&press, "С файлом", "media: [{file: a.pdf}]\nchannels: [gorod-site]");
    told.refused(&["media folder", "No space left", "make room"]);
    wait_until("the daemon says so", || daemon.log().contains("the disk with the database"));
    disk.empty();
    // An outcome that could not be written down is looked into after a lease of a minute, or by the next daemon.
    daemon.stop();
    let daemon = press.serve();
    for platform in [Platform::Max, Platform::Vk, Platform::Ok, Platform::WordPress] {
        wait_until("all three are out", || press.on(platform).len() == 3);
    }
    daemon.stop();
    press.vestnik(["history", "verify"]).done().shows(&["0 too early"]);
}

#[test]
fn a_command_leaves_one_whole_file_behind() {
    let press = Press::open();
    let id = press.queue("Один файл", "");
    for args in [
        &["post", "list"][..],
        &["post", "show", &id],
        &["post", "cancel", "01a206fd-6700-7000-8000-000000000000", "--reason", "нет такой"],
        &["attention"],
        &["week"],
        &["channel", "list"],
        &["channel", "resume", "nix"],
        &["history", "--format", "csv"],
        &["history", "--organisation", "nix"],
        &["history", "verify"],
    ] {
        press.vestnik(args);
        for log in ["vestnik.db-wal", "vestnik.db-shm"] {
            assert!(!press.path(log).exists(), "{args:?} left {log}");
        }
    }
}
