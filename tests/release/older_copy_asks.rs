//! An older copy is put back and the history beside it tells what cannot be done, cannot be true or cannot be read:
//! nothing goes out on the strength of it, and a person is asked.

use std::time::Duration;

use serde_json::Value;
use vestnik::domain::{PostId, State};
use vestnik::journal::Entry;
use vestnik::release::{Resolution, resolve};
use vestnik_contract::Clock as _;
use vestnik_sandbox::Fault;

use crate::older_copy::{Copy, HISTORY, attention, counts, older_heads, proven};
use crate::town::{CHAT, GROUP, HOUR, MINUTE, Town};

/// A colleague deletes a post in MAX.
pub fn delete_in_max(town: &Town, title: &str) {
    let posts = town.max.posts(CHAT);
    town.max.delete_by_hand(&posts.iter().find(|post| post.text.contains(title)).unwrap().mid());
}

pub async fn say_taken_down(town: &Town, id: PostId) {
    let (store, channels, hold) = (town.store(), &town.office.channels, town.office.config.hold);
    let word = (Resolution::NotPublished, "Офицер");
    resolve(store, channels, &*town.clock, hold, (id, "gorod-max"), word).await.unwrap();
}

/// An older copy that holds VK's part of the post, which was called since with this fault.
async fn called_on_vk(fault: Fault) -> (Town, PostId, Copy) {
    let mut town = Town::new().await;
    let id = town.queue("На ходу").await;
    town.pass(HOUR * 4).await;
    let copy = Copy::of(&mut town).await;
    town.vk.server.switches.next("wall.post", fault);
    town.pass(MINUTE + Duration::from_secs(5)).await;
    assert_eq!(town.state(id, "gorod-vk").await, State::InDoubt);
    (town, id, copy)
}

async fn say_what_stands_on_vk(town: &Town, id: PostId) {
    let posts = town.vk.posts(GROUP);
    let address = posts.first().map(|post| format!("https://vk.com/wall-{GROUP}_{}", post.id).parse().unwrap());
    let word = address.map_or(Resolution::NotPublished, Resolution::Published);
    let (store, channels, hold) = (town.store(), &town.office.channels, town.office.config.hold);
    resolve(store, channels, &*town.clock, hold, (id, "gorod-vk"), (word, "Редактор")).await.unwrap();
}

pub async fn republish(town: &Town, id: PostId) {
    town.store().republish(id, "Офицер", town.clock.now()).await.unwrap();
}

pub async fn asked_about(town: &Town, channel: &str) -> String {
    attention(town).await.into_iter().find(|line| line.contains(channel)).unwrap_or_default()
}

/// Somebody writes other facts into the history beside the database.
fn forge(town: &Town, kind: &str, forgery: impl Fn(&mut Entry)) {
    let month = town.path(HISTORY).join("2026-11.jsonl");
    let lines = std::fs::read_to_string(&month).unwrap();
    let forged = lines.lines().map(|line| {
        let mut entry = Entry::parse(line).unwrap();
        if entry.kind == kind {
            forgery(&mut entry);
            entry.hash = entry.computed_hash();
        }
        entry.line() + "\n"
    });
    std::fs::write(&month, forged.collect::<String>()).unwrap();
}

#[tokio::test]
async fn a_primary_taken_down_by_hand_makes_its_followers_ask() {
    for primary_was_out in [false, true] {
        let mut town = Town::new().await;
        let id = town.queue("Снята вручную").await;
        if primary_was_out {
            town.pass(HOUR).await;
        }
        let copy = Copy::of(&mut town).await;
        town.pass(HOUR).await;
        delete_in_max(&town, "Снята вручную");
        say_taken_down(&town, id).await;
        copy.put_back(&mut town).await;
        town.pass(HOUR * 24).await;
        assert_eq!(counts(&town), (0, 0, 0));
        for channel in ["gorod-vk", "gorod-site"] {
            let asked = asked_about(&town, channel).await;
            assert!(asked.contains("taken down by hand"), "out: {primary_was_out}: {asked}");
        }
        republish(&town, id).await;
        town.pass(HOUR * 5).await;
        assert_eq!(counts(&town), (1, 1, 1));
        proven(&town).await;
    }
}

#[tokio::test]
async fn a_follower_in_doubt_asks_too_when_its_primary_was_taken_down() {
    let mut town = Town::new().await;
    let id = town.queue("В сомнении").await;
    town.vk.server.switches.next("wall.post", Fault::DropBefore);
    town.pass(HOUR * 4 + MINUTE + Duration::from_secs(5)).await;
    assert_eq!(town.state(id, "gorod-vk").await, State::InDoubt);
    let copy = Copy::of(&mut town).await;
    let now = town.clock.now();
    town.store().pause_channel("gorod-vk", "Офицер", "до выяснения", now).await.unwrap();
    town.pass(MINUTE * 5).await;
    delete_in_max(&town, "В сомнении");
    say_taken_down(&town, id).await;
    copy.put_back(&mut town).await;
    town.pass(MINUTE * 5).await;
    assert!(town.on_vk().is_empty());
    let asked: Vec<_> = attention(&town).await.into_iter().filter(|line| line.contains("gorod-vk")).collect();
    assert!(asked.iter().any(|line| line.contains("taken down by hand")), "{asked:?}");
}

#[tokio::test]
async fn a_new_primary_whose_call_was_cut_off_is_looked_for_first() {
    let mut town = Town::new().await;
    let id = town.queue("Заново").await;
    town.pass(HOUR).await;
    let copy = Copy::of(&mut town).await;
    delete_in_max(&town, "Заново");
    republish(&town, id).await;
    town.max.server.switches.next("POST /messages", Fault::CommitThenDrop);
    town.settle_now().await;
    assert_eq!(town.on_max().len(), 1, "it stands, and its receipt is lost");
    copy.put_back(&mut town).await;
    town.pass(HOUR * 5).await;
    assert_eq!(counts(&town), (1, 1, 1));
    proven(&town).await;
}

#[tokio::test]
async fn a_new_primary_that_was_taken_down_again_is_not_published_a_third_time() {
    let mut town = Town::new().await;
    let id = town.queue("Дважды снята").await;
    town.pass(HOUR).await;
    let copy = Copy::of(&mut town).await;
    delete_in_max(&town, "Дважды снята");
    republish(&town, id).await;
    town.pass(HOUR).await;
    delete_in_max(&town, "Дважды снята");
    say_taken_down(&town, id).await;
    copy.put_back(&mut town).await;
    town.pass(HOUR * 24).await;
    assert_eq!(counts(&town), (0, 0, 0));
    assert!(asked_about(&town, "gorod-vk").await.contains("taken down by hand"));
    proven(&town).await;
}

#[tokio::test]
async fn a_new_primary_stands_also_when_the_rest_was_cancelled_then() {
    let mut town = Town::new().await;
    let id = town.queue("Снята и заново").await;
    town.pass(HOUR).await;
    delete_in_max(&town, "Снята и заново");
    say_taken_down(&town, id).await;
    let copy = Copy::of(&mut town).await;
    republish(&town, id).await;
    town.pass(HOUR).await;
    town.store().cancel_post(id, "Редактор", "только в MAX", town.clock.now()).await.unwrap();
    copy.put_back(&mut town).await;
    town.pass(HOUR * 24).await;
    assert_eq!(counts(&town), (1, 0, 0));
    assert_eq!(town.state(id, "gorod-max").await, State::Published);
    proven(&town).await;
}

#[tokio::test]
async fn what_was_called_and_then_withdrawn_is_looked_for_and_taken_down() {
    for (fault, ends) in [(Fault::CommitThenDrop, State::Withdrawn), (Fault::DropBefore, State::Cancelled)] {
        let mut town = Town::new().await;
        let id = town.queue("На ходу").await;
        let copy = Copy::of(&mut town).await;
        town.max.server.switches.next("POST /messages", fault);
        town.settle_now().await;
        town.store().withdraw_post(id, "Редактор", "ошибка", town.clock.now()).await.unwrap();
        copy.put_back(&mut town).await;
        town.pass(HOUR * 24).await;
        assert_eq!(counts(&town), (0, 0, 0));
        assert_eq!(town.state(id, "gorod-max").await, ends);
        assert!(attention(&town).await.is_empty(), "{:?}", attention(&town).await);
        proven(&town).await;
    }
}

#[tokio::test]
async fn a_follower_that_was_called_and_then_withdrawn_is_asked_about() {
    for fault in [Fault::CommitThenDrop, Fault::DropBefore] {
        let (mut town, id, copy) = called_on_vk(fault).await;
        town.store().withdraw_post(id, "Редактор", "ошибка", town.clock.now()).await.unwrap();
        copy.put_back(&mut town).await;
        town.pass(HOUR).await;
        let asked = asked_about(&town, "gorod-vk").await;
        assert!(asked.contains("may be out already"), "{asked}");
        say_what_stands_on_vk(&town, id).await;
        town.pass(HOUR * 8).await;
        assert_eq!(counts(&town), (0, 0, 0));
        assert_eq!(attention(&town).await, [""; 0]);
        proven(&town).await;
    }
}

#[tokio::test]
async fn a_follower_that_was_called_is_not_said_to_be_cancelled_before_somebody_has_looked() {
    for (fault, stands) in [(Fault::CommitThenDrop, 1), (Fault::DropBefore, 0)] {
        let (mut town, id, copy) = called_on_vk(fault).await;
        copy.put_back(&mut town).await;
        town.settle_now().await;
        town.store().cancel_post(id, "Редактор", "только в MAX", town.clock.now()).await.unwrap();
        town.pass(HOUR).await;
        let asked = asked_about(&town, "gorod-vk").await;
        assert!(asked.contains("may be out already"), "{asked}");
        say_what_stands_on_vk(&town, id).await;
        town.pass(HOUR * 8).await;
        assert_eq!(counts(&town), (1, stands, 1), "the site had been called, too");
        let ends = if stands == 1 { State::Published } else { State::Cancelled };
        assert_eq!(town.state(id, "gorod-vk").await, ends);
        assert_eq!(attention(&town).await, [""; 0]);
        proven(&town).await;
    }
}

#[tokio::test]
async fn a_new_primary_of_a_post_that_expired_fails_with_that_reason() {
    let mut town = Town::new().await;
    let id = town.queue_with("До двух", "expires_at: 2026-11-23 14:00").await;
    town.pass(HOUR * 6).await;
    assert_eq!(counts(&town), (1, 1, 1));
    let copy = Copy::of(&mut town).await;
    delete_in_max(&town, "До двух");
    republish(&town, id).await;
    copy.put_back(&mut town).await;
    town.pass(HOUR).await;
    assert_eq!((counts(&town), town.state(id, "gorod-max").await), ((0, 1, 1), State::Failed));
    assert!(asked_about(&town, "gorod-max").await.contains("expire"));
    proven(&town).await;
}

#[tokio::test]
async fn a_line_that_cannot_be_true_is_passed_over() {
    let forgeries: [fn(&mut Entry); 2] = [
        |receipt| {
            receipt.detail.insert("counts_from".into(), Value::from("2025-01-01T00:00:00.000000Z"));
            receipt.detail.remove("platform_time");
        },
        // The hold of a primary for what is a follower's delivery.
        |receipt| receipt.channel = Some("gorod-site".into()),
    ];
    for forgery in forgeries {
        let mut town = Town::new().await;
        town.queue_with("Подделана", "at: 2026-11-23 12:00").await;
        let copy = Copy::of(&mut town).await;
        town.pass(HOUR * 4).await;
        forge(&town, "delivery.published", forgery);
        copy.put_back(&mut town).await;
        town.pass(HOUR * 2).await;
        assert_eq!(counts(&town), (1, 0, 0));
        town.pass(HOUR * 3).await;
        assert_eq!(counts(&town), (1, 1, 1));
        proven(&town).await;
    }
}

#[tokio::test]
async fn a_post_whose_history_the_database_refuses_asks_and_the_others_go_on() {
    let mut town = Town::new().await;
    let sound = town.queue("Цела").await;
    let cancelled = town.queue_with("Отменена", "at: 2026-11-23 18:00").await;
    town.pass(MINUTE * 10).await;
    let spoilt = town.queue("Испорчена").await;
    town.pass(MINUTE * 10).await;
    let copy = Copy::of(&mut town).await;
    delete_in_max(&town, "Испорчена");
    republish(&town, spoilt).await;
    town.max.server.switches.next("POST /messages", Fault::DropBefore);
    town.settle_now().await;
    town.store().cancel_post(cancelled, "Редактор", "не нужно", town.clock.now()).await.unwrap();
    // As if its new primary were the delivery of another post.
    let taken = town.store().post_view(sound).await.unwrap().deliveries[0].delivery.id;
    forge(&town, "attempt.started", |call| {
        if call.post == Some(spoilt.0) {
            call.delivery = Some(taken.0);
        }
    });
    copy.put_back(&mut town).await;
    town.pass(HOUR * 24).await;
    assert_eq!(counts(&town), (1, 1, 1));
    assert_eq!(town.state(sound, "gorod-site").await, State::Published);
    assert_eq!(town.state(cancelled, "gorod-max").await, State::Cancelled);
    let asked = asked_about(&town, &spoilt.to_string()).await;
    assert!(asked.contains("cannot be taken up"), "{asked}");
    assert_eq!(older_heads(&town).await, 1);
    proven(&town).await;
}

#[tokio::test]
async fn no_forged_receipt_makes_a_follower_early() {
    let mut town = Town::new().await;
    town.queue_with("Поддельный срок", "at: 2026-11-23 12:00").await;
    let copy = Copy::of(&mut town).await;
    town.pass(HOUR * 3 + MINUTE * 10).await;
    forge(&town, "delivery.published", |receipt| {
        receipt.detail.insert("counts_from".into(), Value::from("2026-11-23T06:00:01.000000Z"));
        receipt.detail.remove("platform_time");
    });
    copy.put_back(&mut town).await;
    town.pass(HOUR * 3).await;
    assert_eq!(counts(&town), (1, 0, 0));
    town.pass(HOUR + MINUTE * 2).await;
    assert_eq!(counts(&town), (1, 1, 1));
    assert!(town.on_vk()[0].1 - town.on_max()[0].1 >= chrono::TimeDelta::hours(4));
}

#[tokio::test]
async fn a_history_that_can_be_read_in_part_is_not_taken_up_in_part() {
    let mut town = Town::new().await;
    let id = town.queue_with("Отменена", "at: 2026-11-24 12:00").await;
    let copy = Copy::of(&mut town).await;
    town.store().cancel_post(id, "Редактор", "не нужно", town.clock.now()).await.unwrap();
    let unreadable = town.path(HISTORY).join("2026-10.jsonl");
    std::fs::create_dir(&unreadable).unwrap();
    copy.put_back(&mut town).await;
    let refused = town.daemon.tick(town.clock.now()).await.unwrap_err().to_string();
    assert!(refused.contains("2026-10.jsonl") && refused.contains("move"), "{refused}");
    assert_eq!(older_heads(&town).await, 0);
    std::fs::remove_dir(unreadable).unwrap();
    town.pass(HOUR * 48).await;
    assert_eq!((counts(&town), town.state(id, "gorod-max").await), ((0, 0, 0), State::Cancelled));
    proven(&town).await;
}

#[tokio::test]
async fn published_before_the_time_that_the_copy_tells_it_is_asked_about() {
    let mut town = Town::new().await;
    town.queue_with("Раньше срока", "at: 2026-11-24 12:00").await;
    let copy = Copy::of(&mut town).await;
    // An edit that the copy does not know had it go out today; a colleague put it up once more.
    for _ in 0..2 {
        town.max.post_by_hand(CHAT, "Раньше срока\n\nТекст новости «Раньше срока».");
    }
    copy.put_back_alone(&mut town).await;
    town.pass(HOUR * 48).await;
    assert_eq!(town.on_max().len(), 2, "either may be the post");
    assert!(asked_about(&town, "gorod-max").await.contains("may be out already"));
}

#[tokio::test]
async fn what_the_history_beside_it_misses_is_made_up_at_the_next_start() {
    let mut town = Town::new().await;
    let id = town.queue_with("Отменена", "at: 2026-11-24 12:00").await;
    let copy = Copy::of(&mut town).await;
    town.store().cancel_post(id, "Редактор", "не нужно", town.clock.now()).await.unwrap();
    town.queue_with("Следующая", "at: 2026-11-24 12:00").await;
    // The disk was full when the order was to be written there.
    let month = town.path(HISTORY).join("2026-11.jsonl");
    let history = std::fs::read_to_string(&month).unwrap();
    let left = history.lines().filter(|line| !line.contains("cancel")).map(|line| format!("{line}\n"));
    std::fs::write(&month, left.collect::<String>()).unwrap();
    town.kill_and_restart().await;
    town.settle_now().await;
    copy.put_back(&mut town).await;
    town.pass(HOUR * 48).await;
    assert_eq!((counts(&town), town.state(id, "gorod-max").await), ((0, 0, 0), State::Cancelled));
    proven(&town).await;
}

#[tokio::test]
async fn what_lies_beyond_a_platforms_list_is_settled_by_a_persons_word() {
    let mut town = Town::new().await;
    let id = town.queue_with("Далеко внизу", "at: 2026-11-23 10:00").await;
    town.daemon.stop(Duration::ZERO).await;
    town.clock.advance(HOUR * 2);
    for n in 0..120 {
        town.max.post_by_hand(CHAT, &format!("Чужая новость {n}")).unwrap();
    }
    town.restart().await;
    town.pass(HOUR).await;
    let ours = |town: &Town| town.on_max().iter().filter(|(text, _)| text.contains("Далеко внизу")).count();
    assert_eq!(ours(&town), 0, "it may be out already, below what MAX lists");
    assert!(asked_about(&town, "gorod-max").await.contains("may be out already"));
    say_taken_down(&town, id).await;
    town.pass(HOUR).await;
    assert_eq!((ours(&town), town.state(id, "gorod-max").await), (1, State::Published));
    proven(&town).await;
}
