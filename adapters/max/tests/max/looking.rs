//! Looking at the channel: for a lost post, at a post that should stand, for what others posted.

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;
use vestnik_contract::conformance::{Files, World as _};
use vestnik_contract::text::same_text;
use vestnik_contract::{AdapterError, Found, Presence, RemoteId};
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;

use crate::world::{CHAT, City, content, prepare, publish, refuse, with_media};

#[tokio::test]
async fn lost_rights_look_like_deletion_and_are_told_apart() {
    let city = City::start().await;
    let adapter = city.adapter();
    let receipt = publish(&*adapter, &content("Стоит")).await.unwrap();
    let presence = async || adapter.presence(&receipt.id).await.unwrap().presence;
    for rights in [Some(["write"].as_slice()), None] {
        city.max.set_permissions(CHAT, rights);
        assert!(matches!(presence().await, Presence::Unknown(_)), "{rights:?}");
    }
    city.max.set_permissions(CHAT, Some(&["read_all_messages"]));
    assert!(matches!(presence().await, Presence::Live(_)));
    city.next("GET /messages/{mid}", refuse(403, "chat.denied"));
    assert!(matches!(presence().await, Presence::Unknown(_)));
    city.next("GET /messages/{mid}", refuse(404, "message.not.found"));
    city.next("GET /chats/{chat_id}/members/me", refuse(404, "chat.not.found"));
    assert!(matches!(presence().await, Presence::Unknown(_)));
    city.delete_by_hand(&receipt.id);
    assert_eq!(presence().await, Presence::Gone);
    city.next("GET /chats/{chat_id}/members/me", Fault::Refuse(Canned::html(502)));
    assert!(matches!(adapter.presence(&receipt.id).await, Err(AdapterError::Retry { .. })));
}

#[tokio::test]
async fn an_unreadable_answer_is_never_a_deletion() {
    let city = City::start().await;
    let adapter = city.adapter();
    let receipt = publish(&*adapter, &content("Стоит")).await.unwrap();
    for fault in [
        Fault::DropBefore,
        Fault::Truncate,
        Fault::Refuse(Canned::html(200)),
        Fault::Refuse(Canned::html(504)),
        Fault::Refuse(Canned::json(200, &json!({}))),
        refuse(200, "internal.error"),
        refuse(429, "too.many.requests"),
        refuse(401, "verify.token"),
    ] {
        city.next("GET /messages/{mid}", fault.clone());
        assert!(adapter.presence(&receipt.id).await.is_err(), "{fault:?}");
    }
    city.next("GET /messages/{mid}", Fault::Refuse(Canned::html(404)));
    let sighting = adapter.presence(&receipt.id).await.unwrap();
    assert_eq!(sighting.presence, Presence::Gone, "the status alone says so, and the bot may read the channel");
}

#[tokio::test]
async fn a_hand_edit_shows_and_keeps_the_time() {
    let city = City::start().await;
    let adapter = city.adapter();
    let receipt = publish(&*adapter, &content("До")).await.unwrap();
    city.clock.advance(Duration::from_secs(60));
    city.edit_by_hand(&receipt.id, "После");
    let Presence::Live(shown) = adapter.presence(&receipt.id).await.unwrap().presence else { panic!("it stands") };
    assert!(same_text("После", &shown));
    assert_eq!(shown.platform_time, receipt.platform_time, "MAX has no time of an edit");
}

#[tokio::test]
async fn several_equal_posts_are_for_a_person() {
    let city = City::start().await;
    let adapter = city.adapter();
    let prepared = prepare(&*adapter, &content("Двойник")).await.unwrap();
    city.post_by_hand(&prepared.post.plain);
    let other = city.post_by_hand(&prepared.post.plain);
    assert!(matches!(adapter.find(&prepared, &[]).await, Ok(Found::CannotTell(_))));
    assert!(matches!(adapter.find(&prepared, &[other]).await, Ok(Found::Yes(_))));
}

#[tokio::test]
async fn only_what_can_be_ours_is_adopted() {
    let city = City::start().await;
    let (adapter, files) = (city.adapter(), Files::new());
    let bare = prepare(&*adapter, &content("Наша")).await.unwrap();
    let with_picture = prepare(&*adapter, &with_media("Наша", vec![files.picture(1)])).await.unwrap();
    // Older than the attempt by more than a clock is ever wrong.
    city.max.set_stamps_ahead(TimeDelta::hours(-24) - TimeDelta::seconds(121));
    city.post_by_hand(&bare.post.plain);
    assert!(matches!(adapter.find(&bare, &[]).await, Ok(Found::No(_))));
    // Older by more than clocks differ unseen: ours under a wrong clock, or a colleague's. Nobody can tell from here.
    city.max.set_stamps_ahead(TimeDelta::seconds(-121));
    city.post_by_hand(&bare.post.plain);
    assert!(matches!(adapter.find(&bare, &[]).await, Ok(Found::CannotTell(_))));
    city.max.set_stamps_ahead(TimeDelta::seconds(-119));
    let id = city.post_by_hand(&bare.post.plain);
    assert!(matches!(adapter.find(&with_picture, &[]).await, Ok(Found::No(_))), "other media");
    let Found::Yes(receipt) = adapter.find(&bare, &[]).await.unwrap() else { panic!("it is there") };
    assert_eq!(receipt.id, id);
    // Where a channel shows who wrote, a colleague's post is not ours.
    city.max.change_channel(CHAT, |channel| channel.signed = true);
    assert!(matches!(adapter.find(&bare, &[]).await, Ok(Found::No(_))));
    adapter.publish(&bare).await.unwrap();
    assert!(matches!(adapter.find(&bare, &[]).await, Ok(Found::Yes(_))));
}

#[tokio::test]
async fn a_post_beyond_the_list_cannot_be_ruled_out() {
    let city = City::start().await;
    let adapter = city.adapter();
    let prepared = prepare(&*adapter, &content("Далеко")).await.unwrap();
    for number in 0..100 {
        city.post_by_hand(&format!("Новость {number}"));
    }
    assert!(matches!(adapter.find(&prepared, &[]).await, Ok(Found::OutOfSight(_))));
    assert_eq!(adapter.feed(city.max.posts(CHAT)[0].at).await.unwrap().len(), 100);
}

#[tokio::test]
async fn a_list_that_cannot_be_read_is_no_empty_list() {
    let city = City::start().await;
    let adapter = city.adapter();
    let prepared = prepare(&*adapter, &content("Вопрос")).await.unwrap();
    for fault in [Fault::Refuse(Canned::json(200, &json!({}))), Fault::Refuse(Canned::html(200)), Fault::DropBefore] {
        city.next("GET /messages", fault.clone());
        assert!(adapter.find(&prepared, &[]).await.is_err(), "{fault:?}");
    }
    city.max.set_permissions(CHAT, Some(&["write"]));
    assert!(matches!(adapter.find(&prepared, &[]).await, Err(AdapterError::Unauthorised { .. })));
}

#[tokio::test]
async fn an_address_of_another_channel_is_refused() {
    let city = City::start().await;
    let adapter = city.adapter();
    let url = publish(&*adapter, &content("Адрес")).await.unwrap().url.unwrap();
    let token = url.path_segments().unwrap().next_back().unwrap();
    for other in [
        format!("https://max.ru/drugoy/{token}"),
        format!("https://max.ru/c/-5/{token}"),
        "https://max.ru/gorod/AAAAAAAAAAA".to_owned(),
        "https://max.ru/gorod".to_owned(),
    ] {
        let error = adapter.at_address(&other.parse().unwrap()).await.unwrap_err();
        assert!(matches!(error, AdapterError::Unclear { .. }), "{other}: {error:?}");
    }
    let (id, _) = adapter.at_address(&format!("https://max.ru/c/{CHAT}/{token}").parse().unwrap()).await.unwrap();
    assert_eq!(id, RemoteId(city.max.posts(CHAT)[0].mid()));
}

#[tokio::test]
async fn check_names_every_missing_right() {
    let city = City::start().await;
    let adapter = city.adapter();
    let findings = async || {
        let health = adapter.check().await.unwrap();
        assert_eq!(health.may_publish, !health.findings.iter().any(|f| f.blocking));
        health.findings.into_iter().map(|f| (f.blocking, format!("{} {}", f.what, f.todo))).collect::<Vec<_>>()
    };
    city.max.set_permissions(CHAT, Some(&["read_all_messages", "post_edit_delete_message", "something_new"]));
    let found = findings().await;
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found.iter().all(|(blocking, _)| !blocking), "edit and delete can be done by hand: {found:?}");
    city.max.set_permissions(CHAT, Some(&["write", "edit", "delete"]));
    assert!(matches!(findings().await.as_slice(), [(true, text)] if text.contains("read_all_messages")));
    city.max.set_permissions(CHAT, None);
    assert!(matches!(findings().await.as_slice(), [(true, text)] if text.contains("administrator")));
    city.max.change_channel(CHAT, |channel| (channel.kind, channel.status) = ("chat".into(), "closed".into()));
    let found = findings().await;
    assert!(found.len() == 2 && found.iter().all(|(blocking, _)| *blocking), "{found:?}");
    city.max.revoke_token();
    assert!(matches!(adapter.check().await, Err(AdapterError::Unauthorised { .. })));
}
