//! Topics: what goes out, what is refused, how they are edited, taken down and read.

use std::time::Duration;

use chrono::{TimeDelta, Utc};
use serde_json::json;
use vestnik_contract::conformance::{Files, World as _};
use vestnik_contract::{
    Adapter, AdapterError, Clock as _, Content, Found, MediaKind, Presence, PublishError, Purpose, RemoteId,
};
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;
use vestnik_sandbox::ok::Role;

use crate::world::{GROUP, OkWorld, POST, RIGHTS, TOKEN, USER, content, error, key, prepare};

async fn publish(adapter: &dyn Adapter, content: &Content) -> RemoteId {
    let receipt = adapter.publish(&prepare(adapter, content, None).await).await.unwrap();
    assert!(receipt.platform_time.is_some() && receipt.remark.is_none());
    receipt.id
}

#[tokio::test]
async fn a_topic_stands_under_the_groups_name_with_its_link_beside_it_and_is_never_scheduled() {
    let world = OkWorld::start().await;
    let link = Some("https://example.ru/form".parse().unwrap());
    publish(&*world.adapter(), &Content { link, ..content("С ссылкой") }).await;
    let topic = &world.sandbox.topics(GROUP)[0];
    assert_eq!(topic.author, format!("group:{GROUP}"));
    assert_eq!(topic.link.as_deref(), Some("https://example.ru/form"));
    let sent = world.sandbox.server.log().into_iter().find(|l| l.call == POST).unwrap();
    let (body, path) = (String::from_utf8_lossy(&sent.body).into_owned(), sent.path);
    assert!(!body.contains("publishAt") && path == "/fb.do", "no token in an address: {path}");
}

#[tokio::test]
async fn pictures_are_uploaded_once_and_never_committed() {
    let (world, files) = (OkWorld::start().await, Files::new());
    let adapter = world.adapter();
    let content = Content { media: vec![files.picture(1), files.picture(2)], ..content("С фото") };
    let first = prepare(&*adapter, &content, None).await;
    let again = prepare(&*adapter, &content, Some(&first)).await;
    assert_eq!(first.notes["pictures"], again.notes["pictures"]);
    adapter.publish(&again).await.unwrap();
    assert_eq!((world.calls("upload/photo"), world.calls("photosV2.commit")), (2, 0));
    assert_eq!(world.posts()[0].media, 2);
}

#[tokio::test]
async fn pictures_go_to_safe_addresses_only() {
    let (world, files) = (OkWorld::start().await, Files::new());
    let adapter = world.adapter();
    let post = adapter.render(&Content { media: vec![files.picture(1)], ..content("С фото") }).unwrap();
    for address in ["http://example.org/upload", "http://10.0.0.1/upload", "ftp://127.0.0.1/upload", "nonsense"] {
        let answer = Canned::json(200, &json!({ "upload_url": address }));
        world.sandbox.server.switches.next("photosV2.getUploadUrl", Fault::Refuse(answer));
        let error = adapter.prepare(&post, &key(), Purpose::Publish, None).await.unwrap_err();
        assert!(matches!(&error, PublishError::Retry { told, .. } if told.reason.contains("no usable")), "{error:?}");
    }
    assert_eq!(world.calls("upload/photo"), 0);
}

#[tokio::test]
async fn upload_tokens_that_are_about_to_end_are_not_used_again() {
    let clock = std::sync::Arc::new(vestnik_contract::SetClock::at("2026-11-22T04:00:00Z".parse().unwrap()));
    let (world, files) = (OkWorld::start_at(clock.clone()).await, Files::new());
    let adapter = world.adapter();
    let content = Content { media: vec![files.picture(1)], ..content("С фото") };
    let first = prepare(&*adapter, &content, None).await;
    clock.advance(Duration::from_secs(86_000));
    let again = prepare(&*adapter, &content, Some(&first)).await;
    assert_eq!(world.calls("upload/photo"), 2);
    clock.advance(Duration::from_secs(90_000));
    let error = adapter.publish(&again).await.unwrap_err();
    assert!(matches!(&error, PublishError::Retry { told, .. } if told.reason.contains("prepared again")), "{error}");
    assert_eq!(world.calls(POST), 0);
}

#[tokio::test]
async fn a_picture_that_the_platform_refuses_is_named() {
    let (world, files) = (OkWorld::start().await, Files::new());
    let picture = files.picture(3);
    std::fs::write(&picture.path, b"not a picture").unwrap();
    let adapter = world.adapter();
    let post = adapter.render(&Content { media: vec![picture], ..content("Не фото") }).unwrap();
    let error = adapter.prepare(&post, &key(), Purpose::Publish, None).await.unwrap_err();
    let reason = &error.told().reason;
    assert!(matches!(error, PublishError::Rejected { .. }), "{error:?}");
    assert!(reason.contains("фото 3.png") && reason.contains("503"), "{reason}");
}

#[tokio::test]
async fn documents_and_films_are_refused_with_what_to_do_instead() {
    let (world, files) = (OkWorld::start().await, Files::new());
    let mut film = files.document();
    film.kind = MediaKind::Video;
    let content = Content { media: vec![files.document(), film], ..content("Файлы") };
    let misfits = world.adapter().render(&content).unwrap_err();
    assert_eq!(misfits.len(), 2);
    assert!(misfits.iter().all(|m| m.todo.contains("link")), "{misfits:?}");
}

#[tokio::test]
async fn refusals_carry_the_platforms_words_and_what_follows() {
    let world = OkWorld::start().await;
    let adapter = world.adapter();
    let prepared = prepare(&*adapter, &content("Отказ"), None).await;
    world.refuse(POST, 454, "CENSOR_MATCH : ругательство");
    let censored = adapter.publish(&prepared).await.unwrap_err();
    assert!(matches!(&censored, PublishError::Rejected { told } if told.reason.contains("ругательство")), "{censored}");
    for code in [8, 11] {
        world.refuse(POST, code, "WAIT : wait");
        let Err(PublishError::Retry { after: Some(after), .. }) = adapter.publish(&prepared).await else {
            panic!("{code} is a long wait")
        };
        assert!(after >= Duration::from_secs(60), "{code}: {after:?}");
    }
    for (code, message) in
        [(10, "PERMISSION_DENIED : no"), (104, "PARAM_SIGNATURE : no"), (456, "GROUP_RESTRICTION : no")]
    {
        world.refuse(POST, code, message);
        let error = adapter.publish(&prepared).await.unwrap_err();
        assert!(matches!(&error, PublishError::Unauthorised { told } if told.reason.contains(message)), "{error}");
    }
}

#[tokio::test]
async fn an_error_that_repeats_the_token_does_not_give_it_away() {
    let world = OkWorld::start().await;
    let adapter = world.adapter();
    let prepared = prepare(&*adapter, &content("Эхо"), None).await;
    world.refuse(POST, 103, &format!("PARAM_SESSION_KEY : Invalid session key [{TOKEN}]"));
    let told = format!("{:?} {adapter:?}", adapter.publish(&prepared).await.unwrap_err());
    assert!(told.contains("[secret]") && !told.contains(TOKEN), "{told}");
}

#[tokio::test]
async fn a_topic_is_deleted_by_whichever_name_the_platform_takes() {
    for (setting, taken) in [("auto", "delete_id"), ("delete_id", "delete_id"), ("topic_id", "topic_id")] {
        let world = OkWorld::start().await;
        world.sandbox.set_rules(|rules| rules.delete_parameters = vec![taken.into()]);
        let adapter = world.adapter_with(&json!({ "delete_parameter": setting }));
        let id = publish(&*adapter, &content("Отзовут")).await;
        adapter.retract(&id).await.unwrap();
        assert!(world.posts().is_empty(), "{setting}");
    }
    let world = OkWorld::start().await;
    world.sandbox.set_rules(|rules| rules.delete_parameters = vec!["topic_id".into()]);
    let adapter = world.adapter_with(&json!({"delete_parameter": "delete_id"}));
    let id = publish(&*adapter, &content("Останется")).await;
    assert!(matches!(adapter.retract(&id).await, Err(PublishError::Rejected { .. })));
    assert_eq!(world.posts().len(), 1);
}

#[tokio::test]
async fn an_edit_brings_new_pictures_and_ends_with_its_window() {
    let (world, files) = (OkWorld::start().await, Files::new());
    let adapter = world.adapter();
    let media = vec![files.picture(5)];
    let before = prepare(&*adapter, &Content { media: media.clone(), ..content("До") }, None).await;
    let id = adapter.publish(&before).await.unwrap().id;
    let post = adapter.render(&Content { media, ..content("После") }).unwrap();
    let edit = adapter.prepare(&post, &key(), Purpose::Edit(&id), Some(&before)).await.unwrap();
    adapter.edit(&id, &edit).await.unwrap();
    assert!(world.posts()[0].text.starts_with("После") && world.posts()[0].media == 1);
    world.sandbox.set_rules(|rules| rules.edit_window = Some(TimeDelta::seconds(-1)));
    let edit = adapter.prepare(&post, &key(), Purpose::Edit(&id), None).await.unwrap();
    let error = adapter.edit(&id, &edit).await.unwrap_err();
    assert!(
        matches!(&error, PublishError::Rejected { told } if told.reason.contains("edit window is over")),
        "{error}"
    );
}

#[tokio::test]
async fn lost_rights_are_not_taken_for_a_deleted_topic() {
    let world = OkWorld::start().await;
    let adapter = world.adapter();
    let id = publish(&*adapter, &content("Стоит")).await;
    world.sandbox.add_token(TOKEN, USER, &[], None);
    assert!(matches!(adapter.presence(&id).await, Err(AdapterError::Unauthorised { .. })));
    world.sandbox.add_token(TOKEN, USER, &RIGHTS, None);
    world.delete_by_hand(&id);
    world.sandbox.server.switches.next("mediatopic.getTopics", Fault::Refuse(error(10, "PERMISSION_DENIED : no")));
    assert!(adapter.presence(&id).await.is_err(), "the group cannot be read");
    assert_eq!(adapter.presence(&id).await.unwrap().presence, Presence::Gone);
}

#[tokio::test]
async fn a_short_address_of_the_group_leads_to_the_topic() {
    let world = OkWorld::start().await;
    let adapter = world.adapter();
    let id = publish(&*adapter, &content("Адрес")).await;
    let url = format!("https://ok.ru/gorod/topic/{id}").parse().unwrap();
    assert_eq!(adapter.at_address(&url).await.unwrap().0, id);
    for foreign in [format!("https://ok.ru/selo/topic/{id}"), format!("https://ok.ru/group/1/topic/{id}")] {
        let error = adapter.at_address(&foreign.parse().unwrap()).await.unwrap_err();
        assert!(matches!(&error, AdapterError::Unclear { told } if told.reason.contains(GROUP)), "{error}");
    }
}

#[tokio::test]
async fn the_feed_goes_through_all_pages_and_leaves_out_what_readers_do_not_see() {
    let world = OkWorld::start().await;
    for n in 0..120 {
        world.post_by_hand(&format!("Новость {n}"));
    }
    world.sandbox.set_moderation(GROUP, true);
    let adapter = world.adapter();
    adapter.publish(&prepare(&*adapter, &content("На проверке"), None).await).await.unwrap();
    let feed = adapter.feed(chrono::DateTime::UNIX_EPOCH).await.unwrap();
    assert_eq!((feed.len(), world.calls("mediatopic.getTopics")), (120, 1 + 3));
    let later = vestnik_contract::SystemClock.now() + TimeDelta::minutes(1);
    assert!(adapter.feed(later.with_timezone(&Utc)).await.unwrap().is_empty());
}

#[tokio::test]
async fn more_topics_than_the_list_shows_are_left_to_a_person() {
    let world = OkWorld::start().await;
    let adapter = world.adapter();
    let prepared = prepare(&*adapter, &content("Утонула"), None).await;
    for n in 0..60 {
        world.post_by_hand(&format!("Новость {n}"));
    }
    let found = adapter.find(&prepared, &[]).await.unwrap();
    assert!(matches!(&found, Found::OutOfSight(why) if why.contains("50")), "{found:?}");
}

#[tokio::test]
async fn check_names_every_missing_right_and_the_role() {
    let world = OkWorld::start().await;
    let adapter = world.adapter();
    world.sandbox.add_token(TOKEN, USER, &["VALUABLE_ACCESS"], None);
    let health = adapter.check().await.unwrap();
    let told = format!("{:?}", health.findings);
    assert!(!health.may_publish && told.contains("GROUP_CONTENT") && told.contains("PHOTO_CONTENT"), "{told}");
    world.sandbox.add_token(TOKEN, USER, &RIGHTS, None);
    for (role, may_publish) in [(Role::Moderator, true), (Role::Active, false), (Role::Blocked, false)] {
        world.set_role(role);
        let health = adapter.check().await.unwrap();
        assert_eq!((health.may_publish, health.findings.len()), (may_publish, 1), "{health:?}");
        assert!(health.identity.contains("Пресс-служба") && health.identity.contains("Администрация города"));
    }
    let stranger = world.adapter_with(&json!({"group_id": "70000000000001"}));
    let health = stranger.check().await.unwrap();
    assert!(health.findings.iter().any(|f| f.blocking && f.what.contains("70000000000001")), "{health:?}");
}
