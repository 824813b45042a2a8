//! Words of people: cancel, withdraw, republish, pause.

use std::time::Duration;

use chrono::TimeDelta;
use vestnik::domain::State;
use vestnik::office::{MoveTo, OfficeError};
use vestnik::store::{Begin, Clocks, Intent, Outcome, StoreError};
use vestnik_contract::{Clock as _, Told, ToldKind};
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;

use crate::town::{CHAT, HOUR, MINUTE, Town};

#[tokio::test]
async fn cancelled_before_its_time_it_goes_nowhere() {
    let town = Town::new().await;
    let id = town.queue_with("Отменят", "at: 2026-11-23 12:00").await;
    town.store().cancel_post(id, "Редактор", "ошибка", town.clock.now()).await.unwrap();
    town.pass(HOUR * 10).await;
    assert!(town.on_max().is_empty() && town.on_vk().is_empty());
}

#[tokio::test]
async fn a_word_about_a_post_that_stands_otherwise_by_now_is_not_carried_out() {
    let town = Town::new().await;
    let id = town.queue_with("Переносят", "at: 2026-11-23 12:00").await;
    let seen = town.store().post_view(id).await.unwrap();
    let later = MoveTo { at: "2026-11-23 13:00".into(), channel: None, seen: None };
    town.office.move_post(&seen, later.clone(), "Офицер").await.unwrap();
    let now = town.clock.now();
    let cancelled = town.store().cancel_post(&seen, "Редактор", "ошибка", now).await;
    let withdrawn = town.store().withdraw_post(&seen, "Редактор", "ошибка", now).await;
    let anew = town.store().republish(&seen, "Редактор", now).await.map(|_| Vec::new());
    for word in [cancelled, withdrawn, anew] {
        assert!(matches!(word, Err(StoreError::Overtaken)), "{word:?}");
    }
    let moved = town.office.move_post(&seen, later, "Редактор").await;
    assert!(matches!(moved, Err(OfficeError::Store(StoreError::Overtaken))), "{moved:?}");
    town.pass(HOUR * 10).await;
    assert_eq!(town.on_max().len(), 1);
}

#[tokio::test]
async fn cancelled_during_the_hold_what_is_out_stays_and_the_rest_stays_in() {
    let town = Town::new().await;
    let id = town.queue("Только в MAX").await;
    town.pass(HOUR).await;
    town.store().cancel_post(id, "Редактор", "передумали", town.clock.now()).await.unwrap();
    town.pass(HOUR * 10).await;
    assert_eq!(town.on_max().len(), 1);
    assert!(town.on_vk().is_empty() && town.on_site().is_empty());
    assert_eq!(town.state(id, "gorod-vk").await, State::Cancelled);
}

#[tokio::test]
async fn a_cancel_waits_for_an_attempt_in_doubt() {
    let town = Town::new().await;
    town.max.server.switches.next("POST /messages", Fault::CommitThenDrop);
    let id = town.queue("В сомнении").await;
    town.settle_now().await;
    town.store().cancel_post(id, "Редактор", "ошибка", town.clock.now()).await.unwrap();
    assert_eq!(town.state(id, "gorod-max").await, State::InDoubt);
    town.pass(HOUR * 6).await;
    assert_eq!(town.state(id, "gorod-max").await, State::Published, "it was out already, and stays");
    assert!(town.on_vk().is_empty());

    let other = town.queue("Не дошло").await;
    town.max.server.switches.next("POST /messages", Fault::DropBefore);
    town.settle_now().await;
    town.store().cancel_post(other, "Редактор", "ошибка", town.clock.now()).await.unwrap();
    town.pass(HOUR).await;
    assert_eq!(town.state(other, "gorod-max").await, State::Cancelled);
    assert_eq!(town.on_max().len(), 1);
}

/// The daemon has looked at everything, and is about to call VK.
async fn after_the_hold(town: &Town) -> Intent {
    let now = town.clock.now() + HOUR * 4;
    town.clock.set(now);
    let (instance, lease_until) = ("test-0".to_owned(), now + MINUTE);
    let claim = town.store().claim("gorod-vk", now, &instance, lease_until).await.unwrap().unwrap();
    let clocks = Clocks { primary_seen_at: Some(now), primary: Some(now), follower: Some(now) };
    Intent { claim, prepared: None, clocks, instance, lease_until, gap: MINUTE }
}

#[tokio::test]
async fn a_primary_paused_at_the_last_moment_keeps_its_followers() {
    let town = Town::new().await;
    town.queue("Остановлен MAX").await;
    town.pass(HOUR).await;
    let intent = after_the_hold(&town).await;
    let (store, now) = (town.store(), town.clock.now());
    store.pause_channel("gorod-max", "Редактор", "проверка", now).await.unwrap();
    assert!(matches!(store.begin_attempt(intent, now).await.unwrap(), Begin::NotNow(_)));
}

#[tokio::test]
async fn what_was_cancelled_on_its_way_and_refused_has_not_failed_and_no_edit_brings_it_back() {
    let town = Town::new().await;
    let id = town.queue("Только в MAX").await;
    town.pass(HOUR).await;
    // The daemon calls VK; while it waits for the answer somebody cancels the post.
    let intent = after_the_hold(&town).await;
    let now = town.clock.now();
    let Begin::Now(begun) = town.store().begin_attempt(intent, now).await.unwrap() else { panic!("not begun") };
    town.store().cancel_post(id, "Редактор", "передумали", now).await.unwrap();
    let refused = Outcome::Rejected(Told::plain(ToldKind::ContentRefused, "no").into());
    town.store().settle(begun.attempt, refused, now, None).await.unwrap();
    assert_eq!(town.state(id, "gorod-vk").await, State::Cancelled);
    town.edit(id, "Исправлено").await;
    town.pass(HOUR * 10).await;
    assert!(town.on_max()[0].0.contains("Исправлено"), "what is out may still be corrected");
    assert!(town.on_vk().is_empty() && town.on_site().is_empty());
}

/// A person is told to publish what the post says now, so not before its hold.
#[tokio::test]
async fn work_by_hand_that_an_edit_overtakes_is_not_handed_over() {
    let town = Town::new().await;
    let id = town.queue("Было").await;
    town.pass(HOUR).await;
    let intent = after_the_hold(&town).await;
    let now = town.clock.now();
    let Begin::Now(begun) = town.store().begin_attempt(intent, now).await.unwrap() else { panic!("not begun") };
    town.edit(id, "Стало").await;
    let told = Outcome::Handed(Told::plain(ToldKind::ByHand, "publish by hand now").into());
    town.store().settle(begun.attempt, told, now, None).await.unwrap();
    town.pass(HOUR * 5).await;
    assert!(town.on_vk()[0].0.starts_with("Стало"));
    assert!(town.on_vk()[0].1 - now >= TimeDelta::hours(4));
}

#[tokio::test]
async fn a_withdrawal_takes_everything_down() {
    let town = Town::new().await;
    let id = town.queue("Отзовут").await;
    town.pass(HOUR * 5).await;
    assert_eq!(town.on_site().len(), 1);
    town.store().withdraw_post(id, "Редактор", "недостоверно", town.clock.now()).await.unwrap();
    town.pass(HOUR).await;
    assert!(town.on_max().is_empty() && town.on_vk().is_empty() && town.on_site().is_empty());
    for channel in ["gorod-max", "gorod-vk", "gorod-site"] {
        assert_eq!(town.state(id, channel).await, State::Withdrawn, "{channel}");
    }
}

#[tokio::test]
async fn deleted_in_max_the_followers_stop_and_a_republished_post_gets_a_new_hold() {
    let town = Town::new().await;
    let id = town.queue("Удалённый").await;
    town.pass(HOUR * 2).await;
    let mid = town.max.posts(CHAT)[0].mid();
    town.max.delete_by_hand(&mid);
    town.pass(HOUR * 4).await;
    assert!(town.on_vk().is_empty() && town.on_site().is_empty());
    assert!(town.stop_reason(id, "gorod-vk").await.unwrap().contains("deleted"));

    town.store().republish(id, "Офицер", town.clock.now()).await.unwrap();
    town.pass(HOUR * 3).await;
    assert_eq!(town.on_max().len(), 1);
    assert!(town.on_vk().is_empty(), "a new hold");
    town.pass(HOUR * 2).await;
    assert!(town.on_vk()[0].1 - town.on_max()[0].1 >= TimeDelta::hours(4));
}

#[tokio::test]
async fn lost_rights_in_max_are_not_a_deletion() {
    let town = Town::new().await;
    let id = town.queue("Права").await;
    town.pass(HOUR * 2).await;
    town.max.set_permissions(CHAT, None);
    town.pass(HOUR * 4).await;
    assert!(town.on_vk().is_empty());
    assert_eq!(town.stop_reason(id, "gorod-vk").await, None, "it waits, nobody has to decide");
    town.max.set_permissions(CHAT, Some(&["read_all_messages", "write", "edit", "delete"]));
    town.pass(MINUTE).await;
    assert_eq!(town.on_vk().len(), 1);
}

#[tokio::test]
async fn a_paused_channel_begins_nothing_while_holds_run() {
    let town = Town::new().await;
    town.store().pause_channel("gorod-vk", "Администратор", "праздник", town.clock.now()).await.unwrap();
    town.queue("Пауза").await;
    town.pass(HOUR * 6).await;
    assert!(town.on_vk().is_empty());
    assert_eq!(town.on_site().len(), 1);
    town.store().resume_channel("gorod-vk", "Администратор", town.clock.now()).await.unwrap();
    town.pass(MINUTE).await;
    assert_eq!(town.on_vk().len(), 1, "the hold ran on");
}

#[tokio::test]
async fn a_paused_primary_keeps_its_followers_waiting() {
    let town = Town::new().await;
    town.store().pause_channel("gorod-max", "Администратор", "проверка", town.clock.now()).await.unwrap();
    let id = town.queue("Ждёт").await;
    town.pass(HOUR * 24).await;
    assert!(town.on_max().is_empty() && town.on_vk().is_empty());
    assert_eq!(town.state(id, "gorod-vk").await, State::Waiting);
}

#[tokio::test]
async fn the_same_key_queues_once() {
    let town = Town::new().await;
    let file = town.file("key.md", "---\ntitle: Один раз\n---\nТекст\n");
    let queue = |file: std::path::PathBuf| {
        let options =
            vestnik::office::QueueOptions { key: Some("k-1".into()), by: "Офицер".into(), ..Default::default() };
        let office = town.office.clone();
        async move { office.queue(&file, options).await }
    };
    let first = queue(file.clone()).await.unwrap();
    town.pass(MINUTE).await;
    let again = queue(file).await.unwrap();
    assert_eq!((first.id, false, true), (again.id, first.repeated, again.repeated));
    let other = town.file("key2.md", "---\ntitle: Другое\n---\nТекст\n");
    let refused = queue(other).await.unwrap_err().to_string();
    assert!(refused.contains("k-1") && refused.contains("another key"), "{refused}");
    town.pass(HOUR * 5).await;
    assert_eq!(town.on_max().len(), 1);
}

#[tokio::test]
async fn what_still_stands_is_not_published_anew() {
    let town = Town::new().await;
    let id = town.queue("Стоит").await;
    town.pass(HOUR).await;
    let mid = town.max.posts(CHAT)[0].mid();
    town.max.edit_by_hand(&mid, "Исправлено коллегой");
    town.pass(HOUR * 4).await;
    let republish = || vestnik::release::republish(town.store(), &town.office.channels, &*town.clock, id, "Офицер");
    let refused = republish().await.unwrap_err().to_string();
    assert!(refused.contains("still stands"), "{refused}");
    town.pass(MINUTE).await;
    assert_eq!(town.on_max().len(), 1);
    // Deleted, it may be, without waiting for the end of a hold.
    town.max.delete_by_hand(&mid);
    republish().await.unwrap();
    town.pass(MINUTE).await;
    assert_eq!(town.on_max().len(), 1);
    assert!(town.on_max()[0].0.starts_with("Стоит"));
}

#[tokio::test]
async fn a_withdrawal_outlives_a_refused_edit() {
    let town = Town::new().await;
    let id = town.queue("Отзыв").await;
    town.pass(HOUR).await;
    town.edit(id, "Правка").await;
    let refusal = serde_json::json!({"code": "proto.payload", "message": "no"});
    town.max.server.switches.next("PUT /messages", Fault::Delay(std::time::Duration::from_millis(50)));
    town.max.server.switches.next("PUT /messages", Fault::Refuse(Canned::json(400, &refusal)));
    town.store().withdraw_post(id, "Редактор", "ошибка", town.clock.now()).await.unwrap();
    town.pass(HOUR).await;
    assert!(town.on_max().is_empty(), "{:?}", town.on_max());
}

#[tokio::test]
async fn a_withdrawal_nobody_could_confirm_is_settled_by_the_next_word() {
    let town = Town::new().await;
    let id = town.queue("Не снимается").await;
    town.pass(MINUTE).await;
    town.max.server.switches.always("DELETE /messages", Fault::DropBefore);
    town.store().withdraw_post(id, "Редактор", "ошибка", town.clock.now()).await.unwrap();
    town.pass(HOUR * 24).await;
    assert!(town.stop_reason(id, "gorod-max").await.is_some(), "a person was asked");
    town.max.server.switches.clear();
    town.store().withdraw_post(id, "Редактор", "ещё раз", town.clock.now()).await.unwrap();
    town.pass(HOUR).await;
    assert!(town.on_max().is_empty());
    assert_eq!(town.state(id, "gorod-max").await, State::Withdrawn);
}

#[tokio::test]
async fn a_cancellation_does_not_silence_a_withdrawal_that_was_refused() {
    let town = Town::new().await;
    let id = town.queue("Не снимается").await;
    town.vk.server.switches.next("wall.post", Fault::DropBefore);
    town.pass(HOUR * 4 + MINUTE + Duration::from_secs(5)).await;
    assert_eq!(town.state(id, "gorod-vk").await, State::InDoubt);
    let refusal = Canned::json(400, &serde_json::json!({"code": "proto.payload", "message": "no"}));
    town.max.server.switches.next("DELETE /messages", Fault::Refuse(refusal));
    town.store().withdraw_post(id, "Редактор", "ошибка", town.clock.now()).await.unwrap();
    town.settle_now().await;
    town.store().cancel_post(id, "Офицер", "не нужно", town.clock.now()).await.unwrap();
    town.pass(HOUR * 8).await;
    assert_eq!((town.on_max().len(), town.on_vk().len(), town.on_site().len()), (1, 0, 0));
    let asked = town.stop_reason(id, "gorod-max").await.unwrap_or_default();
    assert!(asked.contains("the withdrawal was refused"), "{asked}");
    town.store().withdraw_post(id, "Редактор", "ещё раз", town.clock.now()).await.unwrap();
    town.pass(HOUR).await;
    assert!(town.on_max().is_empty());
}

#[tokio::test]
async fn a_primary_paused_during_the_hold_keeps_its_followers() {
    let town = Town::new().await;
    town.queue("Пауза в MAX").await;
    town.pass(HOUR).await;
    town.store().pause_channel("gorod-max", "Администратор", "проверка", town.clock.now()).await.unwrap();
    town.pass(HOUR * 6).await;
    assert!(town.on_vk().is_empty() && town.on_site().is_empty());
    town.store().resume_channel("gorod-max", "Администратор", town.clock.now()).await.unwrap();
    town.pass(MINUTE).await;
    assert_eq!((town.on_vk().len(), town.on_site().len()), (1, 1));
}

#[tokio::test]
async fn a_failed_delivery_is_settled_by_cancelling() {
    let town = Town::new().await;
    let refusal = serde_json::json!({"code": "proto.payload", "message": "no"});
    town.max.server.switches.next("POST /messages", Fault::Refuse(Canned::json(400, &refusal)));
    let id = town.queue("Отвергнут").await;
    town.pass(MINUTE).await;
    assert!(!town.store().attention(town.clock.now()).await.unwrap().is_empty());
    town.store().cancel_post(id, "Редактор", "не нужно", town.clock.now()).await.unwrap();
    assert!(town.store().attention(town.clock.now()).await.unwrap().is_empty());
}
