//! What MAX answers to a post, an edit and a withdrawal, and what the adapter makes of it.

use std::time::Duration;

use serde_json::json;
use vestnik_contract::conformance::World as _;
use vestnik_contract::{ChannelSettings as _, Found, PublishError, Purpose};
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;

use crate::world::{CHAT, City, content, key, prepare, publish, refuse};

#[tokio::test]
async fn an_error_envelope_counts_whatever_its_status() {
    let city = City::start().await;
    let adapter = city.adapter();
    city.next("POST /messages", refuse(200, "proto.payload"));
    assert!(matches!(publish(&*adapter, &content("Конверт")).await, Err(PublishError::Rejected { .. })));
    city.next("POST /messages", refuse(200, "verify.token"));
    assert!(matches!(publish(&*adapter, &content("Конверт")).await, Err(PublishError::Unauthorised { .. })));
    assert!(city.posts().is_empty());
}

#[tokio::test]
async fn success_is_an_id() {
    let city = City::start().await;
    let adapter = city.adapter();
    for body in [json!({}), json!({ "message": {} }), json!({ "message": { "body": { "mid": "" } } }), json!([1])] {
        city.next("POST /messages", Fault::CommitThenAnswer(Canned::json(200, &body)));
        let error = publish(&*adapter, &content("Без номера")).await.unwrap_err();
        assert!(matches!(error, PublishError::InDoubt { .. }), "{body}: {error:?}");
    }
}

#[tokio::test]
async fn a_post_is_sent_once_whatever_comes_back() {
    let city = City::start().await;
    let adapter = city.adapter();
    let faults = [
        Fault::DropBefore,
        Fault::CommitThenDrop,
        Fault::Truncate,
        Fault::Refuse(Canned::html(502)),
        refuse(503, "service.unavailable"),
        refuse(429, "too.many.requests"),
        refuse(400, "attachment.not.ready"),
    ];
    for (number, fault) in faults.into_iter().enumerate() {
        city.next("POST /messages", fault);
        assert!(publish(&*adapter, &content("Один раз")).await.is_err());
        assert_eq!(city.max.server.calls("POST /messages"), number + 1);
    }
}

#[tokio::test]
async fn a_file_that_is_not_ready_is_waited_for() {
    let city = City::start().await;
    let (adapter, files) = (city.adapter(), vestnik_contract::conformance::Files::new());
    let content = crate::world::with_media("Фото", vec![files.picture(1)]);
    let prepared = prepare(&*adapter, &content).await.unwrap();
    city.max.not_ready(2);
    for _ in 0..2 {
        let PublishError::Retry { after, told } = adapter.publish(&prepared).await.unwrap_err() else {
            panic!("it was certainly not accepted");
        };
        assert_eq!(after, Some(Duration::from_secs(2)));
        assert!(told.reason.contains("processing"), "{told}");
    }
    adapter.publish(&prepared).await.unwrap();
    assert_eq!(city.posts().len(), 1);
}

#[tokio::test]
async fn an_address_that_max_does_not_name_is_constructed_and_marked() {
    let city = City::start().await;
    let adapter = city.adapter();
    let named = publish(&*adapter, &content("С адресом")).await.unwrap();
    assert_eq!((named.url.clone(), named.remark), (city.posts()[0].url.clone(), None));
    city.max.hide_urls(true);
    let constructed = publish(&*adapter, &content("Без адреса")).await.unwrap();
    assert_eq!(constructed.url, city.posts()[0].url, "constructed as MAX would have named it");
    assert!(constructed.remark.unwrap().contains("constructed"));
    city.max.change_channel(CHAT, |channel| channel.link_name = None);
    let private = publish(&*adapter, &content("Закрытый канал")).await.unwrap().url.unwrap();
    assert!(private.as_str().starts_with(&format!("https://max.ru/c/{CHAT}/")), "{private}");
    let (id, _) = adapter.at_address(&private).await.unwrap();
    assert_eq!(id.0, city.posts()[0].id.0);
}

#[tokio::test]
async fn a_receipt_survives_that_its_address_cannot_be_had() {
    let city = City::start().await;
    let adapter = city.adapter();
    city.max.hide_urls(true);
    city.next("GET /messages/{mid}", Fault::DropBefore);
    city.next("GET /chats/{chat_id}", Fault::Refuse(Canned::html(502)));
    let receipt = publish(&*adapter, &content("Без адреса")).await.unwrap();
    assert_eq!(receipt.id, city.posts()[0].id);
    assert_eq!((receipt.url, receipt.platform_time), (None, Some(city.max.posts(CHAT)[0].at)));
    assert!(receipt.remark.is_some());
}

#[tokio::test]
async fn nothing_is_sent_that_a_channel_refuses() {
    let city = City::start().await;
    publish(&*city.adapter(), &content("Запрос")).await.unwrap();
    let quiet = city.settings(json!({ "disable_link_preview": true })).open(&city.context()).unwrap();
    publish(&*quiet, &content("Без предпросмотра")).await.unwrap();
    let log = city.max.server.log();
    let sent: Vec<_> = log.iter().filter(|l| l.call == "POST /messages").collect();
    assert_eq!(sent[0].path, format!("/messages?chat_id={CHAT}"));
    assert_eq!(sent[1].path, format!("/messages?chat_id={CHAT}&disable_link_preview=true"));
    let body: serde_json::Value = serde_json::from_slice(&sent[0].body).unwrap();
    assert_eq!(body, json!({ "text": "<b>Запрос</b>\n\nПодробности — <b>завтра</b>.", "format": "html" }));
    assert!(!sent[0].headers["authorization"].to_str().unwrap().starts_with("Bearer"));
}

#[tokio::test]
async fn an_edit_that_max_declines_within_success_is_no_edit() {
    let city = City::start().await;
    let adapter = city.adapter();
    let receipt = publish(&*adapter, &content("Было")).await.unwrap();
    city.delete_by_hand(&receipt.id);
    let post = adapter.render(&content("Стало")).unwrap();
    let prepared = adapter.prepare(&post, &key(), Purpose::Edit(&receipt.id), None).await.unwrap();
    let error = adapter.edit(&receipt.id, &prepared).await.unwrap_err();
    assert!(matches!(error, PublishError::Rejected { .. }), "{error:?}");
    city.next("PUT /messages", Fault::CommitThenDrop);
    assert!(matches!(adapter.edit(&receipt.id, &prepared).await, Err(PublishError::InDoubt { .. })));
}

#[tokio::test]
async fn a_withdrawal_without_the_right_to_it_is_not_done() {
    let city = City::start().await;
    let adapter = city.adapter();
    let receipt = publish(&*adapter, &content("Останется")).await.unwrap();
    city.max.set_permissions(CHAT, Some(&["read_all_messages", "write"]));
    assert!(matches!(adapter.retract(&receipt.id).await, Err(PublishError::Unauthorised { .. })));
    assert_eq!(city.posts().len(), 1);
    city.max.set_permissions(CHAT, Some(&["read_all_messages", "delete"]));
    let refused = Canned::json(200, &json!({ "success": false, "message": "no" }));
    city.next("DELETE /messages", Fault::Refuse(refused));
    assert!(matches!(adapter.retract(&receipt.id).await, Err(PublishError::Rejected { .. })));
}

#[tokio::test]
async fn a_lost_channel_pauses_and_burns_nothing() {
    let city = City::start().await;
    let adapter = city.adapter();
    city.max.set_permissions(CHAT, None);
    let error = publish(&*adapter, &content("Без прав")).await.unwrap_err();
    assert!(matches!(error, PublishError::Unauthorised { .. }), "{error:?}");
    std::fs::remove_file(city.base_dir.path().join("token")).unwrap();
    let error = publish(&*adapter, &content("Без ключа")).await.unwrap_err();
    assert!(matches!(error, PublishError::Unauthorised { .. }), "{error:?}");
    assert!(error.told().reason.contains("token"), "{error}");
}

#[tokio::test]
async fn a_post_of_the_first_attempt_that_turns_up_late_is_still_found() {
    let city = City::start().await;
    let adapter = city.adapter();
    let first = prepare(&*adapter, &content("Поздно")).await.unwrap();
    city.next("POST /messages", Fault::CommitThenDrop);
    adapter.publish(&first).await.unwrap_err();
    city.clock.advance(Duration::from_secs(600));
    let post = adapter.render(&content("Поздно")).unwrap();
    let second = adapter.prepare(&post, &key(), Purpose::Publish, Some(&first)).await.unwrap();
    assert!(matches!(adapter.find(&second, &[]).await, Ok(Found::Yes(_))));
}
