//! What this platform alone promises: signatures, repeats, later publication, refusals, and answers of strangers.

#![allow(clippy::unwrap_used, reason = "a failed test panics")]

mod site;

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use site::{NEW_SECRET, SECRET, Site};
use uuid::Uuid;
use vestnik_contract::conformance::Files;
use vestnik_contract::{
    Adapter, AdapterError, Content, DeliveryKey, Found, Prepared, Presence, PublishError, Purpose, RemoteId, SetClock,
    ToldKind,
};
use vestnik_sandbox::faults::{Canned, Fault};

const KEY: DeliveryKey = DeliveryKey { delivery: Uuid::from_u128(0x0190_0000_7000_8000), revision: 1 };

fn content(title: &str) -> Content {
    Content {
        title: title.into(),
        body: "С 10 до 18 **нет** воды.".into(),
        link: None,
        tags: Vec::new(),
        media: Vec::new(),
        footer: None,
    }
}

async fn prepare(adapter: &dyn Adapter, content: &Content, key: DeliveryKey) -> Prepared {
    let post = adapter.render(content).unwrap();
    adapter.prepare(&post, &key, Purpose::Publish, None).await.unwrap()
}

/// Publishes against a site that answers with `canned`.
async fn answered(canned: Canned) -> PublishError {
    let site = Site::start().await;
    let prepared = prepare(&*site.adapter, &content("Отказ"), KEY).await;
    site.sandbox.server.switches.next("post.publish", Fault::Refuse(canned));
    site.adapter.publish(&prepared).await.expect_err("no success")
}

#[tokio::test]
async fn the_request_is_what_the_contract_says() {
    let (site, files) = (Site::with(r#","rubric":"Новости""#).await, Files::new());
    let content = Content {
        tags: vec!["жкх".into()],
        media: vec![files.picture(7), files.document()],
        ..content("Отключение воды")
    };
    let prepared = prepare(&*site.adapter, &content, KEY).await;
    site.adapter.publish(&prepared).await.unwrap();
    let log = site.sandbox.server.log();
    let header = |name: &str| log[0].headers[name].to_str().unwrap().to_owned();
    let id = format!("{}-1-publish", KEY.delivery);
    assert_eq!(header("webhook-id"), id);
    assert_eq!(header("idempotency-key"), format!("\"{id}\""));
    assert!(header("content-type").starts_with("application/json"));
    let body: serde_json::Value = serde_json::from_slice(&log[0].body).unwrap();
    let data = &body["data"];
    assert_eq!(body["type"], "post.publish");
    assert_eq!(data["id"], KEY.delivery.to_string());
    assert_eq!(data["html"], "<p>С 10 до 18 <strong>нет</strong> воды.</p>");
    assert_eq!(data["text"], "С 10 до 18 нет воды.");
    assert_eq!(data["excerpt"], "С 10 до 18 нет воды.");
    assert_eq!(data["rubric"], "Новости");
    assert_eq!((&data["images"][0]["alt"], &data["images"][0]["mime"]), (&"Набережная".into(), &"image/png".into()));
    assert_eq!(data["documents"][0]["name"], "Постановление.pdf");
    assert!(data["slug"].as_str().unwrap().starts_with("otkliuchenie-vody-"));
    let item = &site.sandbox.posts()[0];
    assert_eq!((item.rubric.as_deref(), item.files.len()), (Some("Новости"), 2));
}

#[tokio::test]
async fn a_repeat_is_answered_with_the_same_post_even_when_the_site_forgot_the_request() {
    let site = Site::start().await;
    let prepared = prepare(&*site.adapter, &content("Дважды"), KEY).await;
    let first = site.adapter.publish(&prepared).await.unwrap();
    let post = site.adapter.render(&content("Дважды")).unwrap();
    let again = site.adapter.prepare(&post, &KEY, Purpose::Publish, Some(&prepared)).await.unwrap();
    assert_eq!(site.adapter.publish(&again).await.unwrap().id, first.id);
    site.sandbox.forget_requests();
    assert_eq!(site.adapter.publish(&again).await.unwrap().id, first.id);
    assert_eq!(site.sandbox.posts().len(), 1);
    let log = site.sandbox.server.log();
    assert!(log.windows(2).all(|w| w[0].body == w[1].body), "the same byte for byte");
}

#[tokio::test]
async fn one_key_with_other_content_is_refused() {
    let site = Site::start().await;
    site.adapter.publish(&prepare(&*site.adapter, &content("Одно"), KEY).await).await.unwrap();
    let other = prepare(&*site.adapter, &content("Другое"), KEY).await;
    let error = site.adapter.publish(&other).await.unwrap_err();
    assert!(matches!(&error, PublishError::Rejected { told } if told.reason.contains("other content")), "{error}");
    assert_eq!(site.sandbox.posts().len(), 1);
}

#[tokio::test]
async fn a_secret_is_changed_without_a_lost_post() {
    let site = Site::with(r#","secret":{"file":"new_secret"},"previous_secret":{"file":"secret"}"#).await;
    let publish = async |n: u128| {
        let key = DeliveryKey { delivery: Uuid::from_u128(n), revision: 1 };
        site.adapter.publish(&prepare(&*site.adapter, &content("Смена ключа"), key).await).await.unwrap()
    };
    publish(1).await; // the site knows the old one only
    site.sandbox.accept_secrets(&[SECRET, NEW_SECRET]);
    publish(2).await;
    site.sandbox.accept_secrets(&[NEW_SECRET]);
    publish(3).await;
    // The new secret is put into the file of the old name: it counts at once.
    let one = Site::start().await;
    one.sandbox.accept_secrets(&[NEW_SECRET]);
    assert!(matches!(one.adapter.clock().await, Ok(c) if c.header.is_some()), "a refusal tells the time too");
    assert!(!one.adapter.check().await.unwrap().may_publish);
    std::fs::write(one.dir.path().join("secret"), NEW_SECRET).unwrap();
    assert!(one.adapter.check().await.unwrap().may_publish);
}

#[tokio::test]
async fn a_missing_or_wrong_secret_stops_the_channel_before_anything_is_sent() {
    let site = Site::start().await;
    let prepared = prepare(&*site.adapter, &content("Без ключа"), KEY).await;
    for text in ["", "geheimgeheimgeheim"] {
        std::fs::write(site.dir.path().join("secret"), text).unwrap();
        let error = site.adapter.publish(&prepared).await.unwrap_err();
        assert!(matches!(error, PublishError::Unauthorised { .. }), "{error:?}");
        assert!(!error.to_string().contains("geheim"), "{error}");
        assert!(!site.adapter.check().await.unwrap().may_publish);
    }
    assert!(site.sandbox.server.log().is_empty());
}

#[tokio::test]
async fn clocks_that_disagree_are_named() {
    let site = Site::at(Arc::new(SetClock::at("2026-11-22T07:00:00Z".parse().unwrap())), "").await;
    site.sandbox.server.clock.set_ahead(TimeDelta::minutes(6));
    let prepared = prepare(&*site.adapter, &content("Часы"), KEY).await;
    let error = site.adapter.publish(&prepared).await.unwrap_err();
    assert!(matches!(error, PublishError::Unauthorised { .. }), "{error:?}");
    assert!(error.to_string().contains("its clock says 07:06:00 and ours 07:00:00"), "{error}");
    site.sandbox.server.clock.set_ahead(TimeDelta::minutes(4));
    site.adapter.publish(&prepared).await.unwrap();
}

#[tokio::test]
async fn what_is_put_up_later_is_looked_up() {
    let clock = Arc::new(SetClock::at("2026-11-22T07:00:00Z".parse().unwrap()));
    let site = Site::at(clock.clone(), "").await;
    site.sandbox.publish_later(true);
    let prepared = prepare(&*site.adapter, &content("Позже"), KEY).await;
    assert!(matches!(site.adapter.publish(&prepared).await, Err(PublishError::InDoubt { .. })));
    assert!(matches!(site.adapter.find(&prepared, &[]).await, Err(AdapterError::Retry { .. })), "not yet");
    clock.advance(std::time::Duration::from_secs(900));
    let found = site.adapter.find(&prepared, &[]).await.unwrap();
    assert!(matches!(&found, Found::CannotTell(why) if why.contains("approve")), "{found:?}");
    site.sandbox.put_up_waiting();
    let Found::Yes(receipt) = site.adapter.find(&prepared, &[]).await.unwrap() else { panic!("it stands") };
    assert_eq!(receipt.platform_time, Some("2026-11-22T07:15:00Z".parse().unwrap()), "the time it went public");
    assert!(receipt.url.is_some());
}

#[tokio::test]
async fn what_was_taken_down_before_it_was_found_is_for_a_person() {
    let site = Site::start().await;
    let prepared = prepare(&*site.adapter, &content("Снято"), KEY).await;
    site.sandbox.server.switches.next("post.publish", Fault::CommitThenDrop);
    site.adapter.publish(&prepared).await.unwrap_err();
    let id = RemoteId(site.sandbox.posts()[0].id.clone());
    site.adapter.retract(&id).await.unwrap();
    assert!(matches!(site.adapter.find(&prepared, &[]).await.unwrap(), Found::CannotTell(_)));
    assert_eq!(site.adapter.presence(&id).await.unwrap().presence, Presence::Gone);
}

#[tokio::test]
async fn an_older_revision_does_not_come_back() {
    let site = Site::start().await;
    let receipt = site.adapter.publish(&prepare(&*site.adapter, &content("Первая"), KEY).await).await.unwrap();
    let third = prepare(&*site.adapter, &content("Третья"), DeliveryKey { revision: 3, ..KEY }).await;
    site.adapter.edit(&receipt.id, &third).await.unwrap();
    let second = prepare(&*site.adapter, &content("Вторая"), DeliveryKey { revision: 2, ..KEY }).await;
    assert!(matches!(site.adapter.edit(&receipt.id, &second).await, Err(PublishError::Rejected { .. })));
    assert_eq!(site.sandbox.posts()[0].title, "Третья");
    let missing = site.adapter.edit(&RemoteId("9".into()), &third).await.unwrap_err();
    assert!(matches!(missing, PublishError::Rejected { .. }), "{missing:?}");
}

#[tokio::test]
async fn a_receiver_that_shows_no_text_is_not_compared() {
    let site = Site::start().await;
    let receipt = site.adapter.publish(&prepare(&*site.adapter, &content("Тихо"), KEY).await).await.unwrap();
    site.sandbox.hide_texts();
    let Presence::Live(shown) = site.adapter.presence(&receipt.id).await.unwrap().presence else { panic!("it stands") };
    assert!(shown.opaque && shown.text.is_empty(), "{shown:?}");
}

#[tokio::test]
async fn a_hostile_address_is_not_recorded() {
    for address in ["javascript:alert(1)", "https://127.0.0.1@evil.example/news/1", "https://evil.example/", "/news/1"]
    {
        let site = Site::start().await;
        site.sandbox.claim_address(address);
        let receipt = site.adapter.publish(&prepare(&*site.adapter, &content("Чужое"), KEY).await).await.unwrap();
        assert_eq!(receipt.url, None, "{address}");
        assert!(receipt.remark.unwrap().contains("public_site"), "an officer is told");
        let Presence::Live(shown) = site.adapter.presence(&receipt.id).await.unwrap().presence else { panic!("live") };
        assert_eq!(shown.url, None);
        assert!(site.adapter.feed(DateTime::<Utc>::UNIX_EPOCH).await.unwrap().iter().all(|p| p.url.is_none()));
    }
}

#[tokio::test]
async fn every_answer_leads_to_the_right_next_step() {
    let refusal = |status: u16, retryable: bool| {
        Canned::json(status, &serde_json::json!({ "error": "e", "message": "m", "retryable": retryable }))
    };
    let plain = |status: u16, body: &str| Canned { body: body.into(), ..Canned::html(status) };
    for (canned, expected) in [
        (refusal(409, true), "InDoubt"),
        (refusal(422, false), "Rejected"),
        (refusal(400, false), "Rejected"),
        (refusal(400, true), "Retry"),
        (refusal(413, false), "Rejected"),
        (refusal(404, false), "Rejected"),
        (refusal(401, false), "Unauthorised"),
        (refusal(403, true), "Unauthorised"),
        (refusal(410, false), "Unauthorised"),
        (refusal(429, true), "Retry"),
        (refusal(503, true), "Retry"),
        (refusal(503, false), "InDoubt"),
        (refusal(500, true), "InDoubt"),
        (Canned::html(413), "Rejected"),
        (Canned::html(404), "Unauthorised"),
        (Canned::html(405), "Unauthorised"),
        (Canned::html(403), "Unauthorised"),
        (Canned::html(429), "Retry"),
        (Canned::html(408), "InDoubt"),
        (Canned::html(500), "InDoubt"),
        (Canned::html(502), "InDoubt"),
        (Canned::html(503), "InDoubt"),
        (Canned::html(504), "InDoubt"),
        (Canned::html(301), "Unauthorised"),
        (Canned::html(308), "Unauthorised"),
        (Canned::html(302), "InDoubt"),
        (Canned::html(303), "InDoubt"),
        (Canned::html(200), "InDoubt"),
        (plain(201, "{}"), "InDoubt"),
        (plain(200, r#"{"id":""}"#), "InDoubt"),
        (plain(200, r#"{"error":"e"}"#), "InDoubt"),
        (plain(204, ""), "InDoubt"),
        (plain(202, r#"{"id":"1"}"#), "InDoubt"),
        (plain(200, "[[[["), "InDoubt"),
    ] {
        let told = format!("{} {}", canned.status, canned.body);
        let error = answered(canned).await;
        let name = format!("{error:?}");
        assert!(name.starts_with(expected), "{told}: expected {expected}, got {name}");
        assert!(!error.told().reason.is_empty());
    }
    for (canned, kind) in [
        (refusal(413, false), ToldKind::TooLong),
        (refusal(422, false), ToldKind::ContentRefused),
        (refusal(401, false), ToldKind::TokenRefused),
        (refusal(403, true), ToldKind::NoRights),
        (refusal(409, true), ToldKind::InProgress),
        (refusal(429, true), ToldKind::RateLimited),
        (refusal(503, true), ToldKind::Unavailable),
        (Canned::html(404), ToldKind::NotSetUp),
        (Canned::html(502), ToldKind::PlatformFailing),
        (plain(202, r#"{"id":"1"}"#), ToldKind::NotPublic),
    ] {
        let status = canned.status;
        assert_eq!(answered(canned).await.told().kind, kind, "{status}");
    }
    let PublishError::Retry { after, .. } = answered(refusal(503, true).retry_after(40)).await else { panic!("retry") };
    assert_eq!(after, Some(std::time::Duration::from_secs(40)));
}

#[tokio::test]
async fn a_site_that_is_not_there_is_worth_another_try() {
    let site = Site::start().await;
    let prepared = prepare(&*site.adapter, &content("Никого"), KEY).await;
    let adapter = site::open("http://127.0.0.1:1/v", Arc::new(vestnik_contract::SystemClock), site.dir.path(), "");
    assert!(matches!(adapter.publish(&prepared).await, Err(PublishError::Retry { .. })));
    assert!(matches!(adapter.check().await, Err(AdapterError::Retry { .. })));
}

#[tokio::test]
async fn a_file_that_changed_since_it_was_queued_is_not_sent() {
    let (site, files) = (Site::start().await, Files::new());
    let content = Content { media: vec![files.picture(3)], ..content("Файл") };
    let post = site.adapter.render(&content).unwrap();
    std::fs::write(&content.media[0].path, "другое").unwrap();
    let error = site.adapter.prepare(&post, &KEY, Purpose::Publish, None).await.unwrap_err();
    assert!(matches!(&error, PublishError::Rejected { told } if told.reason.contains("фото 3.png")), "{error}");
    assert!(site.sandbox.server.log().is_empty());
}

#[tokio::test]
async fn a_site_that_takes_no_posts_says_so_in_check() {
    let site = Site::start().await;
    site.sandbox.take_posts(false);
    let health = site.adapter.check().await.unwrap();
    assert!(!health.may_publish && health.findings[0].blocking, "{health:?}");
    assert!(health.identity.contains("Город"), "{}", health.identity);
}

#[tokio::test]
async fn a_receiver_without_a_list_has_no_feed() {
    let site = Site::start().await;
    let unknown = Canned::json(400, &serde_json::json!({ "error": "unknown_type", "retryable": false }));
    site.sandbox.server.switches.next("post.list", Fault::Refuse(unknown));
    let feed = site.adapter.feed(DateTime::<Utc>::UNIX_EPOCH).await;
    assert!(matches!(feed, Err(AdapterError::Unsupported(_))), "{feed:?}");
}

#[tokio::test]
async fn a_question_that_fails_changes_nothing_and_says_what_to_do() {
    let site = Site::start().await;
    for (canned, expected) in [
        (Canned::html(502), "Retry"),
        (Canned::html(429), "Retry"),
        (Canned::html(404), "Unauthorised"),
        (Canned::html(200), "Unclear"),
        (Canned::html(302), "Unclear"),
    ] {
        site.sandbox.server.switches.next("post.lookup", Fault::Refuse(canned));
        let error = site.adapter.presence(&RemoteId("1".into())).await.unwrap_err();
        assert!(format!("{error:?}").starts_with(expected), "{error:?}");
    }
}
