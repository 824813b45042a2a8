//! Reading the wall in its shapes, and changing what stands there.
#![allow(clippy::unwrap_used, reason = "a failed step panics")]

mod common;

use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use common::{GROUP, Office, content, key, prepare};
use serde_json::json;
use vestnik_contract::conformance::{Files, World as _};
use vestnik_contract::{Clock as _, Content, Presence, PublishError, Purpose, SetClock};
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;
use vestnik_sandbox::vk::{Attachment, ByIdShape, DeletedShape, Rules, canned_error};

fn noon() -> Arc<SetClock> {
    Arc::new(SetClock::at("2026-11-22T09:00:00Z".parse().unwrap()))
}

#[tokio::test]
async fn a_post_is_seen_and_missed_in_every_shape() {
    for by_id in [ByIdShape::Items, ByIdShape::Array] {
        for deleted in [DeletedShape::Omitted, DeletedShape::Marked] {
            let office = Office::start().await;
            office.vk.set_rules(Rules { by_id, deleted, ..Rules::default() });
            let adapter = office.adapter();
            let prepared = prepare(&*adapter, &content("Виден"), None).await;
            let id = adapter.publish(&prepared).await.unwrap().id;
            assert!(matches!(adapter.presence(&id).await.unwrap().presence, Presence::Live(_)), "{by_id:?}");
            office.vk.delete_by_hand(GROUP, 1);
            assert_eq!(adapter.presence(&id).await.unwrap().presence, Presence::Gone, "{by_id:?} {deleted:?}");
        }
    }
}

#[tokio::test]
async fn a_receipt_carries_the_date_of_the_post() {
    for by_id in [ByIdShape::Items, ByIdShape::Array] {
        for tokens in [&["community", "service"][..], &["user"]] {
            let clock = noon();
            let office = Office::start_on(&clock).await;
            office.vk.set_rules(Rules { by_id, ..Rules::default() });
            let adapter = office.with(tokens);
            let prepared = prepare(&*adapter, &content("Время"), None).await;
            let receipt = adapter.publish(&prepared).await.unwrap();
            assert_eq!(receipt.platform_time, Some(clock.now()), "{by_id:?} {tokens:?}");
            assert_eq!(office.vk.server.calls("wall.getById"), 1);
        }
    }
}

#[tokio::test]
async fn a_receipt_stands_whatever_the_look_at_the_post_brings() {
    let post = |fields| Canned::json(200, &json!({ "response": { "items": [fields] } }));
    for fault in [
        Fault::Refuse(canned_error(5, "User authorization failed")),
        Fault::Refuse(canned_error(29, "Rate limit reached")),
        Fault::Refuse(post(json!({ "id": 1 }))),
        Fault::Refuse(post(json!({ "id": 2, "date": 1 }))),
        Fault::Refuse(Canned::html(502)),
        Fault::DropBefore,
        Fault::Truncate,
    ] {
        let office = Office::start().await;
        let adapter = office.adapter();
        let prepared = prepare(&*adapter, &content("Без времени"), None).await;
        office.vk.server.switches.next("wall.getById", fault.clone());
        let receipt = adapter.publish(&prepared).await.unwrap();
        assert_eq!((receipt.id.0.as_str(), receipt.platform_time), ("1", None), "{fault:?}");
        assert_eq!((office.count(), office.vk.server.calls("wall.getById")), (1, 1), "{fault:?}");
    }
    let office = Office::start().await;
    let adapter = office.with(&["community"]);
    let receipt = adapter.publish(&prepare(&*adapter, &content("Некому"), None).await).await.unwrap();
    assert_eq!((receipt.platform_time, office.vk.server.calls("wall.getById")), (None, 0), "nobody may look");
}

#[tokio::test]
async fn lost_rights_are_not_a_deletion() {
    for (code, text) in
        [(15, "Access denied"), (28, "Application authorization failed"), (30, "This profile is private")]
    {
        let office = Office::start().await;
        let adapter = office.adapter();
        let prepared = prepare(&*adapter, &content("Права"), None).await;
        let id = adapter.publish(&prepared).await.unwrap().id;
        office.vk.server.switches.next("wall.getById", Fault::Refuse(canned_error(code, text)));
        let sighting = adapter.presence(&id).await.unwrap();
        assert!(matches!(sighting.presence, Presence::Unknown(_)), "{code}: {sighting:?}");
    }
}

#[tokio::test]
async fn a_pinned_post_is_not_the_newest() {
    let clock = noon();
    let office = Office::start_on(&clock).await;
    let adapter = office.adapter();
    for n in 1..=4 {
        office.vk.post_by_hand(GROUP, &format!("Новость {n}"));
        clock.advance(Duration::from_secs(3600));
    }
    office.vk.pin_by_hand(GROUP, 1);
    let feed = adapter.feed(DateTime::<Utc>::UNIX_EPOCH).await.unwrap();
    let ids: Vec<_> = feed.iter().map(|p| p.id.0.as_str()).collect();
    assert_eq!(ids, ["4", "3", "2", "1"]);
    let since = clock.now() - chrono::TimeDelta::minutes(90);
    let recent = adapter.feed(since).await.unwrap();
    assert_eq!(recent.len(), 1, "the pinned one is old: {recent:?}");
    let prepared = prepare(&*adapter, &content("После"), None).await;
    assert_eq!(prepared.notes["watermark"]["highest"], 4, "the pinned post comes first, the watermark is the newest");
}

#[tokio::test]
async fn a_feed_longer_than_a_page_is_whole() {
    let clock = noon();
    let office = Office::start_on(&clock).await;
    for n in 0..250 {
        office.vk.post_by_hand(GROUP, &format!("Новость {n}"));
        clock.advance(Duration::from_secs(60));
    }
    office.vk.pin_by_hand(GROUP, 3);
    let feed = office.adapter().feed(DateTime::<Utc>::UNIX_EPOCH).await.unwrap();
    assert_eq!(feed.len(), 250);
    assert!(feed.windows(2).all(|w| w[0].published_at > w[1].published_at));
}

#[tokio::test]
async fn an_edit_after_a_day_is_refused_and_says_why() {
    let clock = noon();
    let office = Office::start_on(&clock).await;
    let adapter = office.adapter();
    let prepared = prepare(&*adapter, &content("До"), None).await;
    let id = adapter.publish(&prepared).await.unwrap().id;
    clock.advance(Duration::from_secs(25 * 3600));
    let post = adapter.render(&content("После")).unwrap();
    let edit = adapter.prepare(&post, &key(1), Purpose::Edit(&id), Some(&prepared)).await.unwrap();
    let error = adapter.edit(&id, &edit).await.unwrap_err();
    assert!(matches!(&error, PublishError::Rejected { told } if told.reason.contains("24 hours")), "{error:?}");
    assert_eq!(office.vk.posts(GROUP)[0].edits, 0);
}

#[tokio::test]
async fn an_edit_keeps_the_pictures_without_uploading_them_again() {
    let (office, files) = (Office::start().await, Files::new());
    let adapter = office.adapter();
    let with = |title: &str| Content { media: vec![files.picture(3)], ..content(title) };
    let prepared = prepare(&*adapter, &with("До"), None).await;
    let id = adapter.publish(&prepared).await.unwrap().id;
    let post = adapter.render(&with("После")).unwrap();
    let edit = adapter.prepare(&post, &key(1), Purpose::Edit(&id), Some(&prepared)).await.unwrap();
    adapter.edit(&id, &edit).await.unwrap();
    let stands = &office.vk.posts(GROUP)[0];
    assert!(stands.text.starts_with("После") && stands.attachments.len() == 1, "{stands:?}");
    assert_eq!(office.vk.server.calls("upload/photo"), 1);
}

#[tokio::test]
async fn a_link_is_attached_with_its_commas_encoded() {
    let office = Office::start().await;
    let adapter = office.adapter();
    let content = Content { link: Some("https://gorod.ru/a,b?c=1,2".parse().unwrap()), ..content("Ссылка") };
    let prepared = prepare(&*adapter, &content, None).await;
    adapter.publish(&prepared).await.unwrap();
    let attached = office.vk.posts(GROUP)[0].attachments.clone();
    assert_eq!(attached, [Attachment::Link("https://gorod.ru/a%2Cb?c=1%2C2".into())]);
}

#[tokio::test]
async fn two_links_are_told_when_the_post_is_queued() {
    let office = Office::start().await;
    let two = Content {
        link: Some("https://gorod.ru/a".parse().unwrap()),
        body: "И ещё [одна](https://gorod.ru/b)".into(),
        ..content("Две ссылки")
    };
    let misfits = office.adapter().render(&two).unwrap_err();
    assert!(misfits[0].field == "link" && misfits[0].problem.contains("https://gorod.ru/b"), "{misfits:?}");
    let off = office.settings(&["community"], &serde_json::json!({ "refuse_second_link": false }));
    assert!(office.open(off).unwrap().render(&two).is_ok());
}
