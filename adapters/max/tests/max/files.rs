//! Pictures and documents on their way to MAX.

use serde_json::json;
use vestnik_contract::conformance::{Files, World as _};
use vestnik_contract::{MediaKind, PublishError, Purpose};
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;

use crate::world::{CHAT, City, content, key, prepare, publish, refuse, with_media};

const UPLOAD: &str = "POST /upload/{kind}/{number}";

#[tokio::test]
async fn files_arrive_whole_and_without_the_token() {
    let city = City::start().await;
    let (adapter, files) = (city.adapter(), Files::new());
    let (picture, document) = (files.picture(7), files.document());
    publish(&*adapter, &with_media("Фото", vec![picture.clone()])).await.unwrap();
    publish(&*adapter, &with_media("Документ", vec![document.clone()])).await.unwrap();
    let posts = city.max.posts(CHAT);
    let file = |n: usize| posts[n].attachments[0].file.clone().unwrap();
    assert_eq!((file(1).sha256.clone(), file(1).mime), (picture.sha256, Some("image/png")));
    assert_eq!((file(0).sha256.clone(), file(0).name.clone()), (document.sha256, document.name));
    let log = city.max.server.log();
    let sent = log.iter().rev().find(|l| l.call == UPLOAD).unwrap();
    let form = String::from_utf8_lossy(&sent.body);
    assert!(form.contains("name=\"data\"; filename=\"Постановление.pdf\""), "as browsers send names: {form}");
    for call in log.iter().filter(|l| l.call == UPLOAD) {
        assert!(!call.headers.contains_key("authorization"), "{:?}", call.headers);
    }
}

#[tokio::test]
async fn files_that_max_holds_are_not_sent_again() {
    let city = City::start().await;
    let (adapter, files) = (city.adapter(), Files::new());
    let content = with_media("Дважды", vec![files.picture(1), files.picture(2)]);
    let first = prepare(&*adapter, &content).await.unwrap();
    let post = adapter.render(&with_media("Дважды", vec![files.picture(2), files.picture(3)])).unwrap();
    let again = adapter.prepare(&post, &key(), Purpose::Publish, Some(&first)).await.unwrap();
    assert_eq!(city.max.uploaded().len(), 3, "two, and only the new one");
    adapter.publish(&again).await.unwrap();
    assert_eq!(city.posts()[0].media, 2);
    city.clock.advance(std::time::Duration::from_secs(25 * 3600));
    adapter.prepare(&post, &key(), Purpose::Publish, Some(&again)).await.unwrap();
    assert_eq!(city.max.uploaded().len(), 5, "a day later nobody knows whether MAX still holds them");
}

#[tokio::test]
async fn files_go_to_safe_addresses_only() {
    let city = City::start().await;
    let (adapter, files) = (city.adapter(), Files::new());
    for address in ["http://example.org/upload", "ftp://127.0.0.1/upload", "http://10.0.0.1/", "nonsense", ""] {
        let answer = Canned::json(200, &json!({ "url": address }));
        city.next("POST /uploads", Fault::Refuse(answer));
        let error = publish(&*adapter, &with_media("Фото", vec![files.picture(1)])).await.unwrap_err();
        assert!(matches!(error, PublishError::Retry { .. }), "{address}: {error:?}");
    }
    assert_eq!(city.max.server.calls(UPLOAD), 0);
}

#[tokio::test]
async fn what_goes_wrong_with_a_file_is_told_and_nothing_is_posted() {
    let city = City::start().await;
    let (adapter, files) = (city.adapter(), Files::new());
    let content = with_media("Фото", vec![files.picture(1)]);
    city.next(UPLOAD, refuse(200, "upload.error"));
    let error = publish(&*adapter, &content).await.unwrap_err();
    assert!(matches!(error, PublishError::Rejected { .. }), "{error:?}");
    assert!(error.told().reason.contains("фото 1.png"), "{error}");
    for fault in [
        Fault::DropBefore,
        Fault::CommitThenDrop,
        Fault::Refuse(Canned::html(502)),
        Fault::CommitThenAnswer(Canned::json(200, &json!({}))),
        Fault::CommitThenAnswer(Canned::json(200, &json!({ "photos": {} }))),
        refuse(401, "verify.token"),
    ] {
        city.next(UPLOAD, fault.clone());
        let error = publish(&*adapter, &content).await.unwrap_err();
        assert!(matches!(error, PublishError::Retry { .. }), "{fault:?}: {error:?}");
    }
    assert_eq!(city.max.server.calls("POST /messages"), 0);
}

#[tokio::test]
async fn a_file_that_went_missing_here_is_named() {
    let city = City::start().await;
    let (adapter, files) = (city.adapter(), Files::new());
    let picture = files.picture(1);
    std::fs::remove_file(&picture.path).unwrap();
    let error = publish(&*adapter, &with_media("Фото", vec![picture.clone()])).await.unwrap_err();
    assert!(matches!(error, PublishError::Rejected { .. }), "{error:?}");
    assert!(error.told().reason.contains(&picture.sha256), "{error}");
}

#[tokio::test]
async fn an_edit_takes_old_pictures_away() {
    let city = City::start().await;
    let (adapter, files) = (city.adapter(), Files::new());
    let receipt = publish(&*adapter, &with_media("Фото", vec![files.picture(1)])).await.unwrap();
    let post = adapter.render(&content("Фото")).unwrap();
    let prepared = adapter.prepare(&post, &key(), Purpose::Edit(&receipt.id), None).await.unwrap();
    adapter.edit(&receipt.id, &prepared).await.unwrap();
    assert_eq!(city.posts()[0].media, 0);
}

#[tokio::test]
async fn what_max_cannot_take_is_told_with_the_way_out() {
    let city = City::start().await;
    let (adapter, files) = (city.adapter(), Files::new());
    let told = |media: Vec<vestnik_contract::Media>| {
        let misfits = adapter.render(&with_media("Много", media)).unwrap_err();
        misfits.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
    };
    assert!(told(vec![files.picture(1), files.document()]).contains("another post"));
    assert!(told(vec![files.document(), files.document()]).contains("2 documents"));
    let mut film = files.document();
    film.kind = MediaKind::Video;
    assert!(told(vec![film]).contains("film"));
    let mut webp = files.picture(1);
    (webp.mime, webp.bytes, webp.size) = ("image/webp".into(), 50_000_001, Some((7681, 10)));
    let told = told(vec![webp]);
    assert!(told.contains("image/webp") && told.contains("50000001") && told.contains("7681"), "{told}");
}
