//! Words of people: cancel, withdraw, republish, resolve, pause and resume, with a name that stands in the journal.

use vestnik_contract::Clock as _;
use vestnik_sandbox::Fault;
use vestnik_sandbox::town::Platform;

use crate::press::{FAST, Press, Wish, wait_for, wait_until};

fn all_out(press: &Press, id: &str) -> bool {
    let post = press.json(["post", "show", id]);
    post["deliveries"].as_array().unwrap().iter().all(|d| d["state"] == "published")
}

#[test]
fn a_cancelled_post_goes_nowhere() {
    let press = Press::open();
    let id = press.queue("Отмена", "");
    let cancelled = press.json(["post", "cancel", &id, "--reason", "мероприятие отменено", "--by", "Анна"]);
    for channel in cancelled["channels"].as_array().unwrap() {
        assert_eq!(channel["result"], "cancelled", "{cancelled}");
    }
    let daemon = press.serve();
    let marker = press.queue("После", "");
    wait_until("a later post is out", || press.state(&marker, "gorod-max") == "published");
    assert_eq!(press.count(Platform::Max, "Отмена"), 0);
    daemon.stop();
    let history = press.json(["history", "--post", &id]);
    let entries = history[0]["entries"].as_array().unwrap();
    let order = entries.iter().find(|entry| entry["kind"] == "post.cancel_requested").unwrap();
    assert_eq!((&order["actor"], &order["detail"]["reason"]), (&"Анна".into(), &"мероприятие отменено".into()));
    let post = press.json(["post", "show", &id]);
    assert_eq!((&post["cancel"]["by"], &post["cancel"]["reason"]), (&"Анна".into(), &"мероприятие отменено".into()));
    press.vestnik(["post", "cancel", &id, "--reason", "ещё раз"]).refused(&[&id, "nothing", "withdraw"]);
    press.vestnik(["post", "republish", &id]).refused(&[&id, "cancelled", "queue a new one"]);
}

#[test]
fn a_withdrawn_post_is_taken_down_everywhere() {
    let press = Press::fast();
    let daemon = press.serve();
    let id = press.queue("Ошибка", "");
    wait_until("it is out everywhere", || all_out(&press, &id));
    let withdrawn = press.json(["post", "withdraw", &id, "--reason", "неверные сведения", "--by", "Пётр"]);
    assert_eq!(withdrawn["channels"].as_array().unwrap().len(), 4);
    for platform in [Platform::Max, Platform::Vk, Platform::Ok, Platform::WordPress] {
        wait_until("it is down", || press.count(platform, "Ошибка") == 0);
    }
    wait_until("that is written down", || {
        let post = press.json(["post", "show", &id]);
        post["deliveries"].as_array().unwrap().iter().all(|d| d["state"] == "withdrawn")
    });
    daemon.stop();
    press.vestnik(["history", "verify"]).done();
}

#[test]
fn a_primary_deleted_by_hand_stops_its_followers_until_it_is_republished() {
    let press = Press::fast();
    let daemon = press.serve();
    let id = press.queue("Удалена", "");
    wait_until("it is out", || press.state(&id, "gorod-max") == "published");
    let post = &press.on(Platform::Max)[0];
    assert!(press.town.channel("gorod-max").unwrap().delete_by_hand(&post.id));
    let waiting = wait_for("a person is asked", || {
        let list = press.json(["attention"]);
        list.as_array().unwrap().iter().find(|a| a["post"] == *id).cloned()
    });
    assert!(waiting["what"].as_str().unwrap().contains("deleted"), "{waiting}");
    assert!(waiting["todo"].as_str().unwrap().contains(&format!("vestnik post republish {id}")), "{waiting}");
    press.vestnik(["attention"]).done().shows(&[&id, "deleted", "republish"]);
    assert!(press.on(Platform::Vk).is_empty());

    press.vestnik(["post", "republish", &id]).done().shows(&[&id, "new hold"]);
    wait_until("it is out everywhere", || all_out_newest(&press, &id));
    let max = press.on(Platform::Max)[0].published_at;
    assert!(press.on(Platform::Vk)[0].published_at - max >= chrono::TimeDelta::hours(4));
    daemon.stop();
    press.vestnik(["history", "verify"]).done();
}

fn all_out_newest(press: &Press, id: &str) -> bool {
    ["gorod-max", "gorod-vk", "gorod-ok", "gorod-site"].iter().all(|slug| press.state(id, slug) == "published")
}

/// Two colleagues post the same text by hand while a reply is lost: nobody can tell which is ours.
fn in_doubt(press: &Press) -> String {
    press.town.server(Platform::Max).switches.next("POST /messages", Fault::DropBefore);
    let file = press.post_file("Двойник", "");
    let added = press.json(["post".as_ref(), "add".as_ref(), file.as_os_str()]);
    let id = added["id"].as_str().unwrap().to_owned();
    wait_until("the call was lost", || press.town.server(Platform::Max).calls("POST /messages") == 1);
    let max = press.town.channel("gorod-max").unwrap();
    for _ in 0..2 {
        max.post_by_hand("Двойник", "Текст новости «Двойник».").unwrap();
    }
    wait_until("a person is asked", || {
        press.json(["attention"]).as_array().unwrap().iter().any(|a| a["kind"] == "in_doubt" && a["post"] == *id)
    });
    id
}

/// Slow enough to post by hand between two looks, fast enough not to wait for them.
fn unhurried() -> Press {
    Press::with(Wish { speed: FAST / 60, ..Wish::default() })
}

#[test]
fn a_person_settles_what_nobody_can_know_by_the_address() {
    let press = unhurried();
    let daemon = press.serve();
    let id = in_doubt(&press);
    let url = press.on(Platform::Max)[1].url.clone().unwrap();
    press.vestnik(["post", "resolve", &id, "gorod-max", "--published", "http://127.0.0.1:1/x"]).refused(&["address"]);
    let settled = press.json(["post", "resolve", &id, "gorod-max", "--published", url.as_str(), "--by", "Анна"]);
    assert_eq!(settled["state"], "published");
    assert_eq!(press.json(["post", "show", &id])["deliveries"][0]["url"], url.as_str());
    let again = press.vestnik(["post", "resolve", &id, "gorod-max", "--not-published"]);
    again.refused(&[&id, "gorod-max", "published"]);
    daemon.stop();
    press.vestnik(["history", "verify"]).done();
}

#[test]
fn a_person_settles_what_nobody_can_know_as_not_there() {
    let press = unhurried();
    let daemon = press.serve();
    let id = in_doubt(&press);
    press.vestnik(["post", "resolve", &id, "gorod-max"]).wrong_usage(&["--published", "--not-published"]);
    let settled = press.json(["post", "resolve", &id, "gorod-max", "--not-published"]);
    assert_eq!(settled["state"], "queued");
    wait_until("it is sent again", || press.count(Platform::Max, "Двойник") == 3);
    daemon.stop();
}

#[test]
fn a_paused_channel_waits_and_the_others_do_not() {
    let press = Press::fast();
    let daemon = press.serve();
    press.vestnik(["channel", "pause", "gorod-vk", "--reason", "смена токена", "--by", "Пётр"]).done();
    press.vestnik(["channel", "pause", "gorod-vk", "--reason", "ещё"]).refused(&["gorod-vk", "paused already"]);
    press.vestnik(["channel", "list"]).done().shows(&["gorod-vk", "by Пётр: смена токена"]);
    let id = press.queue("Пауза", "");
    wait_until("the site has it", || press.state(&id, "gorod-site") == "published");
    assert_eq!(press.state(&id, "gorod-vk"), "held");
    let channels = press.json(["channel", "list"]);
    let vk = channels.as_array().unwrap().iter().find(|c| c["channel"] == "gorod-vk").unwrap();
    assert_eq!((&vk["paused_by"], &vk["unfinished"]), (&"Пётр".into(), &1.into()));
    let waits = press.json(["attention"]);
    assert_eq!(waits[0]["kind"], "channel_paused", "{waits}");

    press.vestnik(["channel", "resume", "gorod-vk"]).done().shows(&["gorod-vk"]);
    wait_until("VK has it", || press.state(&id, "gorod-vk") == "published");
    press.vestnik(["channel", "resume", "gorod-vk"]).refused(&["gorod-vk", "not paused"]);
    press.vestnik(["channel", "pause", "nix", "--reason", "x"]).refused(&["`nix`", "channel list"]);
    press.vestnik(["channel", "pause", "gorod-vk"]).wrong_usage(&["--reason"]);
    daemon.stop();
}

#[test]
fn a_post_that_expired_is_failed_and_told() {
    let press = Press::fast();
    press.vestnik(["channel", "pause", "gorod-site", "--reason", "ремонт"]).done();
    let daemon = press.serve();
    let expires = (press.now() + chrono::TimeDelta::hours(9)).to_rfc3339();
    let id = press.queue("Срок", &format!("expires_at: {expires}"));
    wait_until("it failed on the site", || press.state(&id, "gorod-site") == "failed");
    assert!(vestnik_contract::SystemClock.now() < press.now());
    assert_eq!(press.state(&id, "gorod-vk"), "published");
    press.vestnik(["attention"]).done().shows(&["failed", "gorod-site", &id]);
    daemon.stop();
}

#[test]
fn names_are_names() {
    let press = Press::open();
    let file = press.post_file("Имя", "");
    let add = |by: &str| press.vestnik(["post", "add", file.to_str().unwrap(), "--by", by]);
    add("vestnik").refused(&["--by `vestnik`", "use your own"]);
    add("  ").refused(&["--by", "1 to 100"]);
    add(&"А".repeat(101)).refused(&["--by", "1 to 100"]);
    add("два\nстроки").refused(&["--by"]);
    add("Анна Петрова").done();
}
