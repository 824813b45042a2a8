//! `vestnik post add`, `list`, `show`, `edit`: what an officer does every day.

use chrono::{DateTime, TimeDelta, Utc};
use vestnik_sandbox::town::Platform;

use crate::press::{Press, Wish, wait_until};

fn time(value: &serde_json::Value) -> DateTime<Utc> {
    value.as_str().unwrap().parse().unwrap()
}

#[test]
fn a_post_is_queued_with_a_planned_time_for_every_channel() {
    let press = Press::open();
    let file = press.post_file("Новая школа", "at: +2h\ntags: [школа]\nlink: https://gorod.example/school");
    let before = press.now();
    let added = press.json(["post".as_ref(), "add".as_ref(), file.as_os_str()]);
    let planned = added["deliveries"].as_array().unwrap();
    let channels: Vec<_> = planned.iter().map(|d| d["channel"].as_str().unwrap()).collect();
    assert_eq!(channels, ["gorod-max", "gorod-vk", "gorod-ok", "gorod-site"], "the primary comes first");
    let at: Vec<_> = planned.iter().map(|d| time(&d["planned_at"])).collect();
    assert!(at[0] - before >= TimeDelta::hours(2) && at[0] - before < TimeDelta::hours(2) + TimeDelta::minutes(1));
    for follower in &at[1..] {
        assert_eq!(*follower - at[0], TimeDelta::hours(4) + TimeDelta::minutes(1), "hold and margin");
    }
    assert_eq!(added["repeated"], false);

    let id = added["id"].as_str().unwrap();
    let shown = press.json(["post", "show", id]);
    assert_eq!(shown["title"], "Новая школа");
    assert_eq!(shown["link"], "https://gorod.example/school");
    assert_eq!(shown["tags"][0], "школа");
    assert_eq!(shown["created_by"], "officer", "nobody was named: the system user");
    assert_eq!(press.json(["post", "list"])[0]["id"], id);
}

#[test]
fn people_read_the_times_of_their_own_zone() {
    let press = Press::open();
    press.vestnik(["post", "list"]).done().shows(&["no posts yet; `vestnik post add FILE.md` queues one"]);
    let file = press.post_file("Завтра", "at: 2099-01-15 10:00");
    let added = press.vestnik(["post".as_ref(), "add".as_ref(), file.as_os_str()]).done();
    added.shows(&["gorod-max", "2099-01-15 10:00:00 +03:00", "not before 2099-01-15 14:01:00 +03:00"]);
    let id = added.stdout.lines().next().unwrap();
    press.vestnik(["post", "list"]).done().shows(&[id, "Завтра", "gorod-max queued", "gorod-vk waiting"]);
    press.vestnik(["post", "show", id]).done().shows(&["Завтра", "revision 1", "by officer", "gorod-site"]);
}

#[test]
fn options_of_the_command_outweigh_the_file() {
    let press = Press::open();
    let file = press.post_file("Опции", "at: 2099-01-15 10:00\nchannels: [gorod-vk, gorod-ok]");
    let file = file.to_str().unwrap();
    let added =
        press.json(["post", "add", file, "--at", "2099-02-01T12:00+03:00", "--channel", "gorod-site", "--by", "Анна"]);
    let channels: Vec<_> = added["deliveries"].as_array().unwrap().iter().map(|d| d["channel"].clone()).collect();
    assert_eq!(channels, ["gorod-max", "gorod-site"]);
    assert_eq!(time(&added["deliveries"][0]["planned_at"]), "2099-02-01T09:00:00Z".parse::<DateTime<Utc>>().unwrap());
    assert_eq!(press.json(["post", "show", added["id"].as_str().unwrap()])["created_by"], "Анна");
}

#[test]
fn an_officers_own_earliest_time_is_kept() {
    let press = Press::open();
    let file =
        press.post_file("Позже", "at: 2099-01-15 10:00\nnot_before: {vk: 2099-01-16 09:00, ok: 2099-01-15 11:00}");
    let added = press.json(["post".as_ref(), "add".as_ref(), file.as_os_str()]);
    let planned = |n: usize| time(&added["deliveries"][n]["planned_at"]).to_rfc3339();
    assert_eq!(planned(1), "2099-01-16T06:00:00+00:00", "later than the hold");
    assert_eq!(planned(2), "2099-01-15T11:01:00+00:00", "never earlier than the hold");
}

#[test]
fn the_same_key_twice_is_one_post_also_after_its_time() {
    let press = Press::fast();
    let file = press.post_file("Ключ", "");
    let add = |file: &std::path::Path, more: &[&str]| {
        press.vestnik(["post", "add", file.to_str().unwrap(), "--key", "letter-17"].iter().chain(more))
    };
    // An hour is a second: time enough for a command on a busy machine.
    let at = (press.now() + TimeDelta::hours(5)).to_rfc3339();
    let first = add(&file, &["--json", "--at", &at]).done().json();
    assert_eq!(first["repeated"], false);
    let again = add(&file, &["--at", &at]).done();
    again.shows(&[first["id"].as_str().unwrap(), "queued before under the same key; nothing was done now"]);
    wait_until("its time has passed", || {
        press.now() > time(&first["deliveries"][0]["planned_at"]) + TimeDelta::hours(1)
    });
    let late = add(&file, &["--json", "--at", &at]).done().json();
    assert_eq!((&late["id"], &late["repeated"]), (&first["id"], &serde_json::Value::Bool(true)));

    let before = press.rows();
    let other = press.post_file("Другое", "");
    add(&other, &["--at", &at]).refused(&["letter-17", first["id"].as_str().unwrap(), "another key"]);
    assert_eq!(press.rows(), before, "nothing was queued");
    assert_eq!(press.json(["post", "list"]).as_array().unwrap().len(), 1);
}

#[test]
fn what_is_queued_while_the_daemon_runs_is_out_about_a_second_later() {
    let press = Press::open();
    let daemon = press.serve();
    let id = press.queue("Сейчас", "");
    let queued = std::time::Instant::now();
    wait_until("it stands in MAX", || press.count(Platform::Max, "Сейчас") == 1);
    // The daemon looks every second; the rest is for a busy machine.
    assert!(queued.elapsed().as_secs() < 10, "{:?}", queued.elapsed());
    wait_until("it is written down", || press.state(&id, "gorod-max") == "published");
    assert_eq!(press.state(&id, "gorod-vk"), "held");
    assert!(press.on(Platform::Vk).is_empty());
    daemon.stop();
}

#[test]
fn what_was_queued_before_the_daemon_started_goes_out_when_it_does() {
    let press = Press::open();
    let id = press.queue("Раньше", "");
    assert!(press.on(Platform::Max).is_empty());
    let daemon = press.serve();
    wait_until("it stands in MAX", || press.count(Platform::Max, "Раньше") == 1);
    wait_until("it is written down", || press.state(&id, "gorod-max") == "published");
    daemon.stop();
}

#[test]
fn many_commands_may_open_a_new_database_at_once() {
    let press = Press::open();
    let file = press.post_file("Разом", "");
    std::thread::scope(|scope| {
        for _ in 0..6 {
            scope.spawn(|| press.vestnik(["post", "add", file.to_str().unwrap()]).done());
        }
        press.serve().stop();
    });
    assert_eq!(press.json(["post", "list"]).as_array().unwrap().len(), 6);
    press.vestnik(["history", "verify"]).done();
}

#[test]
fn an_edit_makes_a_revision_and_rewrites_what_is_out() {
    let press = Press::open();
    let id = press.queue("Сегодня", "at: 2099-01-15 10:00");
    let file = press.post_file("Завтра", "");
    let edited = press.json(["post", "edit", &id, file.to_str().unwrap(), "--by", "Анна"]);
    assert_eq!(edited["revision"], 2);
    assert_eq!(press.json(["post", "show", &id])["title"], "Завтра");

    let daemon = press.serve();
    let id = press.queue("Опечатка", "");
    wait_until("it is out", || press.state(&id, "gorod-max") == "published");
    let file = press.post_file("Без опечатки", "");
    press.vestnik(["post", "edit", &id, file.to_str().unwrap()]).done().shows(&["revision 2", "the hold begins again"]);
    wait_until("MAX shows the new text", || press.count(Platform::Max, "Без опечатки") == 1);
    assert_eq!(press.count(Platform::Max, "Опечатка"), 0);
    daemon.stop();
}

#[test]
fn every_organisation_has_its_own_channels_and_says_which_is_meant() {
    let press = Press::with(Wish { organisations: 2, ..Wish::default() });
    let file = press.post_file("Два города", "");
    let file = file.to_str().unwrap();
    press.vestnik(["post", "add", file]).refused(&["--organisation", "gorod, gorod-2"]);
    let added = press.json(["post", "add", file, "--organisation", "gorod-2"]);
    assert_eq!(added["deliveries"][0]["channel"], "gorod-2-max");
    press.vestnik(["post", "add", file, "--organisation", "gorod-3"]).refused(&["gorod-3", "gorod, gorod-2"]);
    let foreign = ["post", "add", file, "--organisation", "gorod", "--channel", "gorod-2-vk"];
    press.vestnik(foreign).refused(&["gorod-2-vk", "gorod-vk"]);

    let daemon = press.serve();
    press.json(["post", "add", file, "--organisation", "gorod"]);
    let stands = |slug: &str| press.town.channel(slug).unwrap().posts().len();
    wait_until("both are out", || stands("gorod-max") == 1 && stands("gorod-2-max") == 1);
    daemon.stop();
    let list = press.json(["post", "list", "--organisation", "gorod-2"]);
    assert_eq!(list.as_array().unwrap().len(), 1);
    press.vestnik(["history", "verify"]).done().shows(&["chain gorod:", "chain gorod-2:", "verdict: proven"]);
}
