//! Unknown outcomes: what is certain, and what a person has to settle.

use chrono::TimeDelta;
use serde_json::json;
use vestnik_contract::conformance::World as _;
use vestnik_contract::{Adapter, Found, Prepared, Presence, PublishError, Purpose, RemoteId};
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;

use crate::world::{GROUP, OkWorld, POST, content, prepare};

async fn lost(world: &OkWorld, adapter: &dyn Adapter, fault: Fault) -> Prepared {
    let prepared = prepare(adapter, &content("Потерянный ответ"), None).await;
    world.sandbox.server.switches.next(POST, fault);
    let error = adapter.publish(&prepared).await.unwrap_err();
    assert!(matches!(error, PublishError::InDoubt { .. }), "{error:?}");
    prepared
}

fn asks_a_person(found: &Found, because: &str) {
    assert!(matches!(found, Found::CannotTell(why) | Found::OutOfSight(why) if why.contains(because)), "{found:?}");
}

#[tokio::test]
async fn a_topic_that_the_list_does_not_show_yet_is_not_sent_again() {
    let world = OkWorld::start().await;
    world.sandbox.set_rules(|rules| rules.list_lag = TimeDelta::minutes(5));
    let adapter = world.adapter();
    let prepared = lost(&world, &*adapter, Fault::CommitThenDrop).await;
    asks_a_person(&adapter.find(&prepared, &[]).await.unwrap(), "had 0 topics before and has 1 now");
}

#[tokio::test]
async fn a_topic_in_moderation_is_shown_to_a_person() {
    let world = OkWorld::start().await;
    world.sandbox.set_moderation(GROUP, true);
    let adapter = world.adapter();
    let prepared = lost(&world, &*adapter, Fault::CommitThenDrop).await;
    asks_a_person(&adapter.find(&prepared, &[]).await.unwrap(), "moderators");
}

#[tokio::test]
async fn a_topic_that_went_into_moderation_is_published_with_a_remark_and_followed_to_its_new_id() {
    let world = OkWorld::start().await;
    world.sandbox.set_moderation(GROUP, true);
    let adapter = world.adapter();
    let receipt = adapter.publish(&prepare(&*adapter, &content("Проверят"), None).await).await.unwrap();
    assert!(receipt.remark.unwrap().contains("moderators"));
    let unknown = |presence, word: &str| matches!(presence, Presence::Unknown(why) if why.contains(word));
    assert!(unknown(adapter.presence(&receipt.id).await.unwrap().presence, "moderators"));
    let new = world.sandbox.approve(&receipt.id.0).unwrap();
    assert!(unknown(adapter.presence(&receipt.id).await.unwrap().presence, &new), "not taken for deleted");
    assert!(matches!(adapter.presence(&RemoteId(new)).await.unwrap().presence, Presence::Live(_)));
}

#[tokio::test]
async fn a_text_that_is_shown_cut_is_found_by_its_beginning() {
    let world = OkWorld::start().await;
    world.sandbox.set_rules(|rules| rules.text_shown_max = Some(60));
    let adapter = world.adapter();
    let prepared = lost(&world, &*adapter, Fault::CommitThenDrop).await;
    let Found::Yes(receipt) = adapter.find(&prepared, &[]).await.unwrap() else { panic!("it is there") };
    let Presence::Live(shown) = adapter.presence(&receipt.id).await.unwrap().presence else { panic!("it stands") };
    assert!(shown.cut && shown.text.chars().count() == 60, "{shown:?}");
}

#[tokio::test]
async fn two_topics_with_the_text_are_shown_to_a_person() {
    let world = OkWorld::start().await;
    let adapter = world.adapter();
    let prepared = lost(&world, &*adapter, Fault::CommitThenDrop).await;
    world.post_by_hand(&prepared.post.plain);
    asks_a_person(&adapter.find(&prepared, &[]).await.unwrap(), "several topics");
}

#[tokio::test]
async fn a_colleagues_topic_in_between_is_shown_to_a_person() {
    let world = OkWorld::start().await;
    let adapter = world.adapter();
    let prepared = lost(&world, &*adapter, Fault::DropBefore).await;
    world.post_by_hand("Совсем другое");
    asks_a_person(&adapter.find(&prepared, &[]).await.unwrap(), "has 1 now");
}

#[tokio::test]
async fn an_equal_topic_from_before_is_not_adopted() {
    let world = OkWorld::start().await;
    let adapter = world.adapter();
    world.post_by_hand(&adapter.render(&content("Потерянный ответ")).unwrap().plain);
    let prepared = lost(&world, &*adapter, Fault::DropBefore).await;
    assert!(matches!(adapter.find(&prepared, &[]).await.unwrap(), Found::No(_)));
}

#[tokio::test]
async fn a_first_topic_that_appears_after_the_second_was_prepared_still_counts() {
    let world = OkWorld::start().await;
    world.sandbox.set_rules(|rules| rules.list_lag = TimeDelta::minutes(5));
    let adapter = world.adapter();
    let first = lost(&world, &*adapter, Fault::CommitThenDrop).await;
    let second = prepare(&*adapter, &content("Потерянный ответ"), Some(&first)).await;
    world.sandbox.set_rules(|rules| rules.list_lag = TimeDelta::zero());
    assert!(matches!(adapter.find(&second, &[]).await.unwrap(), Found::Yes(_)));
}

#[tokio::test]
async fn a_topic_that_appeared_late_stops_the_second_sending() {
    let world = OkWorld::start().await;
    let adapter = world.adapter();
    let first = lost(&world, &*adapter, Fault::CommitThenDrop).await;
    let error = adapter.prepare(&first.post, &first.key, Purpose::Publish, Some(&first)).await.unwrap_err();
    let id = &world.posts()[0].id.0;
    assert!(matches!(&error, PublishError::Retry { told, .. } if told.reason.contains(id)), "{error:?}");
}

#[tokio::test]
async fn only_an_id_is_a_success() {
    for (answer, published) in [
        (json!("155013581046904"), true),
        (json!(155_013_581_046_904_u64), true),
        (json!("0"), false),
        (json!(0), false),
        (json!({}), false),
        (json!(null), false),
        (json!(true), false),
        (json!(""), false),
    ] {
        let world = OkWorld::start().await;
        let adapter = world.adapter();
        let prepared = prepare(&*adapter, &content("Ответ"), None).await;
        world.sandbox.server.switches.next(POST, Fault::Refuse(Canned::json(200, &answer)));
        match adapter.publish(&prepared).await {
            Ok(receipt) => assert!(published && receipt.id.0 == "155013581046904", "{answer}"),
            Err(error) => assert!(!published && matches!(error, PublishError::InDoubt { .. }), "{answer}: {error:?}"),
        }
    }
}

#[tokio::test]
async fn the_platforms_own_trouble_leaves_a_write_unknown_and_a_question_unanswered() {
    for code in [1, 2, 30, 31, 9999] {
        let world = OkWorld::start().await;
        let adapter = world.adapter();
        let prepared = prepare(&*adapter, &content("Сбой"), None).await;
        world.refuse(POST, code, "X : y");
        assert!(matches!(adapter.publish(&prepared).await, Err(PublishError::InDoubt { .. })), "{code}");
        world.refuse("mediatopic.getTopics", code, "X : y");
        assert!(adapter.find(&prepared, &[]).await.is_err(), "{code}: no answer is no «no»");
    }
}

#[tokio::test]
async fn nothing_that_follows_the_post_makes_it_fail() {
    let world = OkWorld::start().await;
    let adapter = world.adapter();
    let prepared = prepare(&*adapter, &content("Вышло"), None).await;
    world.sandbox.server.switches.always("mediatopic.getByIds", Fault::DropBefore);
    let receipt = adapter.publish(&prepared).await.unwrap();
    assert_eq!((receipt.platform_time, world.posts().len()), (None, 1));
}

#[tokio::test]
async fn a_list_that_cannot_be_read_is_no_proof_of_absence() {
    for rubbish in [json!({}), json!(null), json!({"media_topics": "none"}), json!([]), json!(true)] {
        let world = OkWorld::start().await;
        world.post_by_hand("Чужая");
        let adapter = world.adapter();
        let prepared = lost(&world, &*adapter, Fault::DropBefore).await;
        world.sandbox.server.switches.next("mediatopic.getTopics", Fault::Refuse(Canned::json(200, &rubbish)));
        assert!(adapter.find(&prepared, &[]).await.is_err(), "{rubbish}");
    }
}

#[tokio::test]
async fn a_list_that_is_left_out_is_empty_when_the_group_says_so_too() {
    let world = OkWorld::start().await;
    let adapter = world.adapter();
    let prepared = lost(&world, &*adapter, Fault::DropBefore).await;
    world.sandbox.server.switches.next("mediatopic.getTopics", Fault::Refuse(Canned::json(200, &json!({}))));
    assert!(matches!(adapter.find(&prepared, &[]).await.unwrap(), Found::No(_)));
}
