//! Posts that somebody took down by hand, and the word of a person about it.

use vestnik::domain::{PostId, State};
use vestnik::release::{Resolution, republish, resolve};
use vestnik_contract::Clock as _;
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;

use crate::town::{CHAT, GROUP, HOUR, MINUTE, Town};

async fn gone(town: &Town, id: PostId, channel: &str) -> Result<State, String> {
    let (store, channels, hold) = (town.store(), &town.office.channels, town.office.config.hold);
    let word = (Resolution::NotPublished, "Офицер");
    resolve(store, channels, &*town.clock, hold, (id, channel), word).await.map_err(|e| e.to_string())
}

/// What a person is told to do.
async fn todo(town: &Town) -> String {
    let list = town.store().attention(town.clock.now()).await.unwrap();
    list.into_iter().map(|item| format!("{}: {} → {}\n", item.channel, item.what, item.todo)).collect()
}

#[tokio::test]
async fn a_follower_deleted_by_hand_and_then_edited_is_settled_by_a_word() {
    let town = Town::new().await;
    let id = town.queue("Прежде").await;
    town.pass(HOUR * 5).await;
    town.vk.delete_by_hand(GROUP, town.vk.posts(GROUP)[0].id);
    town.edit(id, "Теперь").await;
    town.pass(HOUR * 5).await;
    assert!(todo(&town).await.contains(&format!("vestnik post resolve {id} gorod-vk --not-published")));
    assert_eq!(gone(&town, id, "gorod-vk").await, Ok(State::Withdrawn));
    assert_eq!(todo(&town).await, "");
    town.pass(HOUR * 5).await;
    assert!(town.on_vk().is_empty(), "what a colleague took down stays down");
    assert!(town.on_max()[0].0.starts_with("Теперь") && town.on_site()[0].0.starts_with("Теперь"));
    let journal = town.store().journal_of_post(id).await.unwrap();
    let entry = journal.iter().find(|row| row.kind == "delivery.retracted").unwrap().entry().unwrap();
    assert_eq!((entry.actor.as_str(), entry.channel.as_deref()), ("Офицер", Some("gorod-vk")));
}

#[tokio::test]
async fn a_primary_deleted_then_cancelled_then_edited_is_settled_by_a_word() {
    let town = Town::new().await;
    let id = town.queue("Удалили и отменили").await;
    town.pass(HOUR).await;
    town.max.delete_by_hand(&town.max.posts(CHAT)[0].mid());
    town.store().cancel_post(id, "Редактор", "ошибка", town.clock.now()).await.unwrap();
    town.edit(id, "Правка").await;
    town.pass(HOUR).await;
    assert!(todo(&town).await.contains("gorod-max --not-published"), "{}", todo(&town).await);
    assert_eq!(gone(&town, id, "gorod-max").await, Ok(State::Withdrawn));
    assert_eq!(todo(&town).await, "");
    town.pass(HOUR * 10).await;
    assert!(town.on_max().is_empty() && town.on_vk().is_empty() && town.on_site().is_empty());
}

#[tokio::test]
async fn a_primary_that_is_gone_while_its_edit_is_in_doubt_is_left_by_cancelling() {
    let town = Town::new().await;
    let id = town.queue("Прежде").await;
    town.pass(HOUR).await;
    town.max.server.switches.next("PUT /messages", Fault::CommitThenDrop);
    town.edit(id, "Теперь").await;
    town.settle_now().await;
    town.max.delete_by_hand(&town.max.posts(CHAT)[0].mid());
    town.pass(HOUR).await;
    assert!(todo(&town).await.contains("vestnik post cancel"), "{}", todo(&town).await);
    town.store().cancel_post(id, "Редактор", "хватит", town.clock.now()).await.unwrap();
    assert_eq!(todo(&town).await, "");
    town.pass(HOUR * 8).await;
    assert!(town.on_max().is_empty() && town.on_vk().is_empty() && town.on_site().is_empty());
    assert_eq!(town.state(id, "gorod-max").await, State::Withdrawn);
}

#[tokio::test]
async fn a_primary_whose_edit_is_in_doubt_is_not_published_anew_before_it_was_looked_at() {
    let town = Town::new().await;
    let id = town.queue("Прежде").await;
    town.pass(HOUR).await;
    town.max.server.switches.next("PUT /messages", Fault::CommitThenDrop);
    town.edit(id, "Теперь").await;
    town.settle_now().await;
    town.max.delete_by_hand(&town.max.posts(CHAT)[0].mid());
    let anew = async || republish(town.store(), &town.office.channels, &*town.clock, id, "Офицер").await;
    let refused = anew().await.unwrap_err().to_string();
    assert!(refused.contains("is not settled yet"), "{refused}");
    town.pass(HOUR).await;
    assert!(todo(&town).await.contains("vestnik post republish"), "{}", todo(&town).await);
    anew().await.unwrap();
    town.pass(HOUR).await;
    assert_eq!(todo(&town).await, "", "nothing is asked about the one that is gone");
    assert_eq!(town.on_max().len(), 1);
    town.store().cancel_post(id, "Редактор", "хватит", town.clock.now()).await.unwrap();
    town.pass(HOUR).await;
    assert_eq!(town.on_max().len(), 1, "a cancellation leaves what is out");
    assert_eq!(town.state(id, "gorod-max").await, State::Published);
}

#[tokio::test]
async fn a_cancelled_primary_that_is_gone_while_its_edit_is_in_doubt_is_left_by_a_word() {
    let town = Town::new().await;
    let id = town.queue("Прежде").await;
    town.pass(HOUR).await;
    town.max.server.switches.next("PUT /messages", Fault::CommitThenDrop);
    town.edit(id, "Теперь").await;
    town.settle_now().await;
    town.max.delete_by_hand(&town.max.posts(CHAT)[0].mid());
    town.store().cancel_post(id, "Редактор", "хватит", town.clock.now()).await.unwrap();
    town.pass(HOUR).await;
    let asked = todo(&town).await;
    assert!(asked.contains("gorod-max --not-published") && !asked.contains("republish"), "{asked}");
    assert_eq!(gone(&town, id, "gorod-max").await, Ok(State::Withdrawn));
    assert_eq!(todo(&town).await, "");
}

#[tokio::test]
async fn a_follower_in_doubt_fails_with_the_primary_that_was_refused_meanwhile() {
    let town = Town::new().await;
    let id = town.queue("Отказ").await;
    town.vk.server.switches.next("wall.post", Fault::DropBefore);
    town.pass(HOUR * 4 + MINUTE + MINUTE / 2).await;
    // Two colleagues post the same text: nobody but a person can tell whether one of them is ours.
    let address = town.max.posts(CHAT)[0].url.clone().unwrap();
    let text = format!("Отказ\n\nТекст новости «Отказ».\n\nПервыми узнают в MAX: {address}");
    let by_hand = [(); 2].map(|()| town.vk.post_by_hand(GROUP, &text).unwrap());
    town.pass(HOUR).await;
    assert_eq!(town.state(id, "gorod-vk").await, State::InDoubt);

    town.max.delete_by_hand(&town.max.posts(CHAT)[0].mid());
    let refusal = serde_json::json!({"code": "proto.payload", "message": "Forbidden words"});
    town.max.server.switches.next("POST /messages", Fault::Refuse(Canned::json(400, &refusal)));
    town.store().republish(id, "Офицер", town.clock.now()).await.unwrap();
    town.pass(MINUTE).await;
    assert_eq!(town.state(id, "gorod-max").await, State::Failed);
    by_hand.into_iter().for_each(|number| town.vk.delete_by_hand(GROUP, number));
    assert_eq!(gone(&town, id, "gorod-vk").await, Ok(State::Failed), "nobody would move it");
    town.edit(id, "Исправлено").await;
    town.pass(HOUR * 5).await;
    assert!(town.on_vk()[0].0.starts_with("Исправлено"));
    assert_eq!(todo(&town).await, "");
}

#[tokio::test]
async fn what_still_stands_was_not_taken_down() {
    let town = Town::new().await;
    let id = town.queue("Стоит").await;
    town.pass(HOUR * 5).await;
    for channel in ["gorod-max", "gorod-vk", "gorod-site"] {
        let refused = gone(&town, id, channel).await.unwrap_err();
        assert!(refused.contains("still stands"), "{refused}");
    }
}

#[tokio::test]
async fn without_its_primary_the_followers_ask_until_it_is_published_anew() {
    let town = Town::new().await;
    let id = town.queue("Снято").await;
    town.pass(HOUR).await;
    town.max.delete_by_hand(&town.max.posts(CHAT)[0].mid());
    assert_eq!(gone(&town, id, "gorod-max").await, Ok(State::Withdrawn));
    let asked = |todo: String| {
        for channel in ["gorod-vk", "gorod-site"] {
            assert!(todo.contains(&format!("{channel}: the post on channel `gorod-max` was taken down")), "{todo}");
        }
        assert!(todo.contains(&format!("vestnik post republish {id}")), "{todo}");
    };
    asked(todo(&town).await);
    town.edit(id, "Исправлено").await;
    asked(todo(&town).await);
    town.pass(HOUR * 10).await;
    assert!(town.on_max().is_empty() && town.on_vk().is_empty() && town.on_site().is_empty());

    republish(town.store(), &town.office.channels, &*town.clock, id, "Офицер").await.unwrap();
    assert_eq!(todo(&town).await, "");
    town.pass(HOUR * 3).await;
    assert!(town.on_max()[0].0.starts_with("Исправлено") && town.on_vk().is_empty(), "a new hold");
    town.pass(HOUR + MINUTE * 2).await;
    assert!(town.on_vk()[0].0.starts_with("Исправлено") && town.on_site().len() == 1);
}

#[tokio::test]
async fn a_primary_deleted_before_its_followers_are_edited_keeps_them_as_they_are_until_it_is_published_anew() {
    let town = Town::new().await;
    let id = town.queue("Прежде").await;
    town.pass(HOUR * 5).await;
    town.edit(id, "Теперь").await;
    town.pass(HOUR).await;
    town.max.delete_by_hand(&town.max.posts(CHAT)[0].mid());
    town.pass(HOUR * 5).await;
    assert!(town.on_vk()[0].0.starts_with("Прежде") && town.on_site()[0].0.starts_with("Прежде"));
    assert!(todo(&town).await.contains(&format!("vestnik post republish {id}")), "{}", todo(&town).await);
    republish(town.store(), &town.office.channels, &*town.clock, id, "Офицер").await.unwrap();
    town.pass(HOUR * 5).await;
    assert!(town.on_max()[0].0.starts_with("Теперь"));
    assert!(town.on_vk()[0].0.starts_with("Теперь") && town.on_site()[0].0.starts_with("Теперь"));
    assert_eq!(todo(&town).await, "");
}

#[tokio::test]
async fn a_primary_taken_down_by_hand_leaves_no_edit_behind_in_a_cancelled_post() {
    let town = Town::new().await;
    town.store().pause_channel("gorod-site", "Офицер", "до выяснения", town.clock.now()).await.unwrap();
    let id = town.queue("Прежде").await;
    town.pass(HOUR * 5).await;
    town.store().cancel_post(id, "Редактор", "на сайт не нужно", town.clock.now()).await.unwrap();
    town.store().resume_channel("gorod-site", "Офицер", town.clock.now()).await.unwrap();
    town.edit(id, "Теперь").await;
    town.pass(HOUR).await;
    town.max.delete_by_hand(&town.max.posts(CHAT)[0].mid());
    assert_eq!(gone(&town, id, "gorod-max").await, Ok(State::Withdrawn));
    town.pass(HOUR * 10).await;
    assert!(town.on_vk()[0].0.starts_with("Прежде") && town.on_site().is_empty());
    let view = town.store().post_view(id).await.unwrap();
    assert!(view.deliveries.iter().all(|d| d.delivery.action.is_none()), "nothing waits that nobody will ever do");
    assert_eq!(todo(&town).await, "");
}

#[tokio::test]
async fn a_withdrawal_while_a_platform_is_down_for_an_hour_asks_nobody() {
    let town = Town::new().await;
    let id = town.queue("Снять").await;
    town.pass(HOUR * 5).await;
    town.vk.server.switches.always("*", Fault::Refuse(Canned::html(502)));
    town.store().withdraw_post(id, "Редактор", "ошибка", town.clock.now()).await.unwrap();
    let before = town.vk.server.calls("wall.delete");
    town.pass(HOUR).await;
    let calls = town.vk.server.calls("wall.delete") - before;
    assert!((5..12).contains(&calls), "it is tried less and less often: {calls} times in an hour");
    assert!(town.on_max().is_empty() && town.on_site().is_empty() && town.on_vk().len() == 1);
    town.vk.server.switches.clear();
    town.pass(HOUR).await;
    assert!(town.on_vk().is_empty());
    assert_eq!(todo(&town).await, "");
}

#[tokio::test]
async fn a_primary_deleted_by_hand_and_then_edited_is_published_anew_with_its_newest_text() {
    let town = Town::new().await;
    let id = town.queue("Прежде").await;
    town.pass(HOUR).await;
    town.max.delete_by_hand(&town.max.posts(CHAT)[0].mid());
    town.edit(id, "Теперь").await;
    town.pass(HOUR * 10).await;
    assert!(town.on_max().is_empty() && town.on_vk().is_empty() && town.on_site().is_empty());
    assert!(todo(&town).await.contains(&format!("vestnik post republish {id}")), "{}", todo(&town).await);
    republish(town.store(), &town.office.channels, &*town.clock, id, "Офицер").await.unwrap();
    town.pass(HOUR * 5).await;
    for shown in [town.on_max(), town.on_vk(), town.on_site()] {
        assert!(shown.len() == 1 && shown[0].0.starts_with("Теперь"), "{shown:?}");
    }
    assert_eq!(todo(&town).await, "");
}
