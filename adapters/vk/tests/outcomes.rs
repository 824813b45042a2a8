//! Unknown outcomes: a repeated `guid` under all three behaviours, and answers that say nothing.
#![allow(clippy::unwrap_used, reason = "a failed step panics")]

mod common;

use common::{GROUP, Office, content, prepare};
use serde_json::json;
use vestnik_contract::conformance::{Files, World as _};
use vestnik_contract::{Content, Found, PublishError};
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;
use vestnik_sandbox::vk::{RepeatedGuid, Rules, canned_error};

async fn lost_reply(office: &Office) -> vestnik_contract::Prepared {
    let adapter = office.adapter();
    let prepared = prepare(&*adapter, &content("Потеря"), None).await;
    office.vk.server.switches.next("wall.post", Fault::CommitThenDrop);
    assert!(matches!(adapter.publish(&prepared).await, Err(PublishError::InDoubt { .. })));
    prepared
}

#[tokio::test]
async fn after_a_lost_reply_the_wall_decides_whatever_guid_does() {
    for repeated_guid in [RepeatedGuid::SameId, RepeatedGuid::Error, RepeatedGuid::Ignored] {
        let office = Office::start().await;
        office.vk.set_rules(Rules { repeated_guid, ..Rules::default() });
        let prepared = lost_reply(&office).await;
        let found = office.adapter().find(&prepared, &[]).await.unwrap();
        let Found::Yes(receipt) = found else { panic!("{repeated_guid:?}: {found:?}") };
        assert_eq!(receipt.id.0, "1");
        assert!(receipt.platform_time.is_some());
        assert_eq!(office.count(), 1, "{repeated_guid:?}");
    }
}

#[tokio::test]
async fn a_post_that_is_sent_again_carries_the_same_guid_and_stays_one_where_vk_honours_it() {
    for (repeated_guid, posts) in [(RepeatedGuid::SameId, 1), (RepeatedGuid::Error, 1), (RepeatedGuid::Ignored, 2)] {
        let office = Office::start().await;
        office.vk.set_rules(Rules { repeated_guid, ..Rules::default() });
        let adapter = office.adapter();
        let first = lost_reply(&office).await;
        let again = prepare(&*adapter, &content("Потеря"), Some(&first)).await;
        assert_eq!(again.key.idempotency_key(), first.key.idempotency_key());
        match (repeated_guid, adapter.publish(&again).await) {
            (RepeatedGuid::SameId, Ok(receipt)) => assert_eq!(receipt.id.0, "1"),
            // Whatever the error is, the first post may stand: `find` has the last word, and it finds it.
            (RepeatedGuid::Error, Err(PublishError::InDoubt { .. })) => {
                assert!(matches!(adapter.find(&again, &[]).await.unwrap(), Found::Yes(_)));
            }
            // Nothing on VK's side protects here: only a wall that was read first does (the case above).
            (RepeatedGuid::Ignored, Ok(_)) => {
                let Found::CannotTell(why) = adapter.find(&again, &[]).await.unwrap() else { panic!("two stand") };
                assert!(why.contains("_1") && why.contains("_2"), "{why}");
            }
            (_, other) => panic!("{repeated_guid:?}: {other:?}"),
        }
        assert_eq!(office.count(), posts, "{repeated_guid:?}");
    }
}

#[tokio::test]
async fn success_is_an_id() {
    for body in [
        json!({}),
        json!([]),
        json!({ "error": "?" }),
        json!({ "response": {} }),
        json!({ "response": 1 }),
        json!({ "response": { "post_id": 0 } }),
    ] {
        let office = Office::start().await;
        let adapter = office.adapter();
        let prepared = prepare(&*adapter, &content("Без номера"), None).await;
        office.vk.server.switches.next("wall.post", Fault::Refuse(Canned::json(200, &body)));
        let error = adapter.publish(&prepared).await.unwrap_err();
        assert!(matches!(error, PublishError::InDoubt { .. }), "{body}: {error:?}");
        assert!(error.told().answer.is_some());
        assert!(matches!(adapter.find(&prepared, &[]).await.unwrap(), Found::No(_)));
    }
}

#[tokio::test]
async fn errors_inside_http_200_are_told_apart() {
    let day = "Access to adding post denied: you can only add 50 posts a day";
    for (code, text, expected) in [
        (1, "Unknown error occurred", "in doubt"),
        (10, "Internal server error", "in doubt"),
        (36, "Method execution was interrupted due to timeout", "in doubt"),
        (6, "Too many requests per second", "retry"),
        (9, "Flood control", "retry"),
        (29, "Rate limit reached", "retry"),
        (214, day, "retry"),
        (214, "Access to adding post denied", "unauthorised"),
        (214, "Access to adding post denied: cannot postpone post", "rejected"),
        (100, "One of the parameters specified was missing or invalid: invalid message param", "rejected"),
        (222, "Hyperlinks are forbidden", "rejected"),
        (15, "Access denied: no access to call this method", "unauthorised"),
        (27, "Group authorization failed: method is unavailable with group auth.", "unauthorised"),
        (5, "User authorization failed: user is blocked.", "unauthorised"),
        (17, "Validation required", "unauthorised"),
        (13000, "Community has active strikes", "unauthorised"),
    ] {
        let office = Office::start().await;
        let adapter = office.adapter();
        let prepared = prepare(&*adapter, &content("Ошибка"), None).await;
        office.vk.server.switches.next("wall.post", Fault::Refuse(canned_error(code, text)));
        let error = adapter.publish(&prepared).await.unwrap_err();
        let class = match &error {
            PublishError::InDoubt { .. } => "in doubt",
            PublishError::Retry { .. } => "retry",
            PublishError::Rejected { .. } => "rejected",
            PublishError::Unauthorised { .. } => "unauthorised",
            PublishError::Handed { .. } => "handed",
        };
        assert_eq!(class, expected, "{code} {text}");
        assert!(error.told().reason.contains(&code.to_string()) && error.told().answer.is_some(), "{error}");
        assert_eq!(office.count(), 0);
    }
}

#[tokio::test]
async fn a_post_that_lost_a_picture_is_shown_to_a_person() {
    let (office, files) = (Office::start().await, Files::new());
    let adapter = office.adapter();
    let content = Content { media: vec![files.picture(1)], ..content("С фото") };
    let prepared = prepare(&*adapter, &content, None).await;
    office.vk.server.switches.next("wall.post", Fault::DropBefore);
    assert!(adapter.publish(&prepared).await.is_err());
    // The same text without the picture, as VK leaves it when it cannot resolve one.
    office.vk.post_by_hand(GROUP, &prepared.post.body);
    let found = adapter.find(&prepared, &[]).await.unwrap();
    assert!(matches!(&found, Found::CannotTell(why) if why.contains("wall-230001_1")), "{found:?}");
}

#[tokio::test]
async fn mentions_that_vk_rewrites_do_not_hide_a_post() {
    let office = Office::start().await;
    let adapter = office.adapter();
    let content =
        Content { body: "Пишет @club1 (Администрация).".into(), ..content("Упоминание") };
    let prepared = prepare(&*adapter, &content, None).await;
    office.vk.server.switches.next("wall.post", Fault::CommitThenDrop);
    assert!(adapter.publish(&prepared).await.is_err());
    let stored = prepared.post.body.replace("@club1 (Администрация)", "[club1|Администрация]");
    office.vk.edit_by_hand(GROUP, 1, &stored);
    assert!(matches!(adapter.find(&prepared, &[]).await.unwrap(), Found::Yes(_)));
}

#[tokio::test]
async fn an_older_equal_post_is_not_ours() {
    let office = Office::start().await;
    let adapter = office.adapter();
    let body = adapter.render(&content("Повтор")).unwrap().body;
    office.vk.post_by_hand(GROUP, &body);
    let prepared = prepare(&*adapter, &content("Повтор"), None).await;
    office.vk.server.switches.next("wall.post", Fault::DropBefore);
    assert!(adapter.publish(&prepared).await.is_err());
    assert!(matches!(adapter.find(&prepared, &[]).await.unwrap(), Found::No(_)));
}
