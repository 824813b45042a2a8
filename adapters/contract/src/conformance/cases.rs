//! The cases. Each tells one story on one channel.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;

use super::{Files, Trouble, World};
use crate::adapter::Purpose;
use crate::text::{normalise, same_text};
use crate::{
    Adapter, AdapterError, Content, DeliveryKey, Found, Prepared, Presence, PublishError, Receipt, RemoteId, Shown,
    ToldKind,
};

fn content(title: &str) -> Content {
    Content {
        title: title.into(),
        body: "С 10:00 до 18:00 **не будет воды** на улицах:\n\n- Ленина, дома 1–15\n- Мира\n\nПодвоз — у школы № 2."
            .into(),
        link: None,
        tags: vec!["новости".into()],
        media: Vec::new(),
        footer: Some("Мы в MAX: https://max.ru/gorod".into()),
    }
}

fn key() -> DeliveryKey {
    DeliveryKey { delivery: Uuid::from_u128(0x5eed), revision: 1 }
}

async fn prepare(adapter: &dyn Adapter, content: &Content, key: &DeliveryKey, earlier: Option<&Prepared>) -> Prepared {
    let post = adapter.render(content).expect("the content fits");
    adapter.prepare(&post, key, Purpose::Publish, earlier).await.expect("prepared")
}

/// Publishes, by hand where a person does it.
async fn put_up(world: &dyn World, adapter: &dyn Adapter, content: &Content) -> (Prepared, Receipt) {
    let prepared = prepare(adapter, content, &key(), None).await;
    if !adapter.traits().by_hand {
        let receipt = adapter.publish(&prepared).await.expect("published");
        return (prepared, receipt);
    }
    let told = adapter.publish(&prepared).await.expect_err("a person publishes");
    assert!(matches!(told, PublishError::Handed { .. }), "{told}");
    assert_eq!(told.told().kind, ToldKind::ByHand);
    let id = world.post_by_hand(&prepared.post.plain);
    let url = world.posts()[0].url.clone().expect("a page has an address");
    let (id_there, sighting) = adapter.at_address(&url).await.expect("the page is there");
    let receipt = Receipt {
        id,
        url: Some(url),
        platform_time: None,
        server_date: sighting.clock.header,
        remark: None,
        answer: None,
        shown: None,
    };
    assert_eq!(adapter.at_address(receipt.url.as_ref().unwrap()).await.unwrap().0, id_there);
    (prepared, Receipt { id: id_there, ..receipt })
}

async fn live(adapter: &dyn Adapter, id: &RemoteId) -> Shown {
    match adapter.presence(id).await.expect("an answer").presence {
        Presence::Live(shown) => shown,
        other => panic!("{id} should stand, but is {other:?}"),
    }
}

/// A text of ours stands in the world exactly once.
fn stands_once(world: &dyn World, adapter: &dyn Adapter, prepared: &Prepared) -> RemoteId {
    let posts = world.posts();
    assert_eq!(posts.len(), 1, "exactly one post on {}: {posts:?}", adapter.traits().platform);
    for line in normalise(&prepared.post.plain).lines().filter(|l| !l.is_empty()) {
        assert!(normalise(&posts[0].text).contains(line), "«{line}» is missing in «{}»", posts[0].text);
    }
    posts[0].id.clone()
}

/// A text post goes out and reads as announced.
pub async fn a_text_stands_as_it_was_announced(world: &dyn World) {
    let adapter = world.adapter();
    let (prepared, receipt) = put_up(world, &*adapter, &content("Отключение воды")).await;
    let id = stands_once(world, &*adapter, &prepared);
    if !adapter.traits().by_hand {
        assert_eq!(receipt.id, id, "the receipt names the post");
    }
    assert!(receipt.url.is_some(), "auditors follow the address");
    let shown = live(&*adapter, &receipt.id).await;
    assert!(same_text(&prepared.post.plain, &shown), "sent «{}», shown «{}»", prepared.post.plain, shown.text);
    if prepared.post.title.is_none() {
        assert!(prepared.post.plain.starts_with("Отключение воды\n\n"), "the unchanged title is the first line");
    }
}

/// Two pictures go out with the text.
pub async fn pictures_stand_beside_the_text(world: &dyn World) {
    let (adapter, files) = (world.adapter(), Files::new());
    if adapter.traits().by_hand {
        return;
    }
    let content = Content {
        media: vec![files.picture(60), files.picture(200)], ..content("Набережная открыта")
    };
    let (prepared, _) = put_up(world, &*adapter, &content).await;
    stands_once(world, &*adapter, &prepared);
    assert_eq!(world.posts()[0].media, 2);
}

/// A document goes out with the text, or is refused when the post is queued.
pub async fn a_document_stands_beside_the_text(world: &dyn World) {
    let (adapter, files) = (world.adapter(), Files::new());
    let content = Content { media: vec![files.document()], ..content("Постановление") };
    if adapter.limits().documents_max == 0 {
        let misfits = adapter.render(&content).expect_err("no documents here");
        assert!(misfits.iter().all(|m| !m.todo.is_empty()), "{misfits:?}");
        return;
    }
    if adapter.traits().by_hand {
        return;
    }
    let (prepared, _) = put_up(world, &*adapter, &content).await;
    stands_once(world, &*adapter, &prepared);
    assert_eq!(world.posts()[0].media, 1);
}

/// Content that does not fit is refused with every reason, the limit and the figure.
#[expect(clippy::unused_async, reason = "the macro awaits every case")]
pub async fn every_misfit_is_told_at_once_with_limit_and_figure(world: &dyn World) {
    let (adapter, files) = (world.adapter(), Files::new());
    let limits = adapter.limits();
    let mut expected = 0;
    let mut content = content("Всё сразу");
    if let Some(max) = limits.text_max {
        content.body = "я".repeat(max + 7);
        expected += 1;
    }
    if limits.pictures_max < 50 {
        let shades = u8::try_from(limits.pictures_max + 1).expect("a small number");
        content.media = (0..shades).map(|shade| files.picture(shade)).collect();
        expected += 1;
    }
    if expected == 0 {
        return;
    }
    let misfits = adapter.render(&content).expect_err("it does not fit");
    assert!(misfits.len() >= expected, "{misfits:?}");
    for misfit in &misfits {
        assert!(!misfit.todo.is_empty() && !misfit.field.is_empty(), "{misfit:?}");
    }
    let told = misfits.iter().map(ToString::to_string).collect::<String>();
    if let Some(max) = limits.text_max {
        assert!(told.contains(&max.to_string()), "names the limit {max}: {told}");
    }
    assert!(world.posts().is_empty(), "nothing was sent");
}

/// A text of exactly the limit is taken by the platform, one more is refused by us.
pub async fn cyrillic_and_emoji_fit_up_to_the_limit(world: &dyn World) {
    let adapter = world.adapter();
    let limits = adapter.limits();
    let Some(max) = limits.text_max else { return };
    if adapter.traits().by_hand {
        return;
    }
    let with_body = |letters: usize| Content {
        body: format!("😀{}", "Щ".repeat(letters)),
        tags: Vec::new(),
        footer: None,
        ..content("Предел")
    };
    let short = adapter.render(&with_body(1)).expect("a short text fits").length;
    let letters = max - short + 1;
    let full = with_body(letters);
    assert_eq!(adapter.render(&full).expect("the limit itself fits").length, max);
    assert!(adapter.render(&with_body(letters + 1)).is_err(), "one more does not");
    let (prepared, _) = put_up(world, &*adapter, &full).await;
    stands_once(world, &*adapter, &prepared);
}

async fn in_doubt(world: &dyn World, adapter: &dyn Adapter, trouble: Trouble) -> Prepared {
    let prepared = prepare(adapter, &content("Потерянный ответ"), &key(), None).await;
    world.trouble(trouble);
    let error = adapter.publish(&prepared).await.expect_err("no answer arrives");
    assert!(matches!(error, PublishError::InDoubt { .. }), "nobody can know: {error:?}");
    let fits: &[ToldKind] = match trouble {
        // How much of half an answer is seen depends on the line: nothing, or a body that breaks off.
        Trouble::HalfAnAnswer => &[ToldKind::NoAnswer, ToldKind::AnswerCut, ToldKind::NotUnderstood],
        // Of a gateway's page its status may be read.
        Trouble::Rubbish => &[ToldKind::NotUnderstood, ToldKind::PlatformFailing],
        _ => &[ToldKind::NoAnswer],
    };
    assert!(fits.contains(&error.told().kind), "{trouble:?}: {error:?}");
    prepared
}

/// The platform took the post and the answer was lost: `find` brings the receipt.
pub async fn a_lost_reply_is_settled_by_find(world: &dyn World) {
    let adapter = world.adapter();
    if adapter.traits().by_hand {
        return;
    }
    let prepared = in_doubt(world, &*adapter, Trouble::LostReply).await;
    let Found::Yes(receipt) = adapter.find(&prepared, &[]).await.expect("an answer") else { panic!("it is there") };
    assert_eq!(receipt.id, stands_once(world, &*adapter, &prepared));
    assert!(receipt.url.is_some());
}

/// An equal post that belongs to another delivery is not adopted.
pub async fn a_post_of_another_delivery_is_not_taken_for_ours(world: &dyn World) {
    let adapter = world.adapter();
    if adapter.traits().by_hand {
        return;
    }
    let (first, receipt) = put_up(world, &*adapter, &content("Потерянный ответ")).await;
    let second = DeliveryKey { delivery: Uuid::from_u128(0xbeef), ..first.key };
    let prepared = prepare(&*adapter, &content("Потерянный ответ"), &second, None).await;
    world.trouble(Trouble::LostRequest);
    assert!(matches!(adapter.publish(&prepared).await, Err(PublishError::InDoubt { .. })));
    let found = adapter.find(&prepared, &[receipt.id]).await.expect("an answer");
    assert!(!matches!(found, Found::Yes(_)), "{found:?}");
}

/// The request never arrived: `find` says so, and sending again makes one post.
pub async fn a_lost_request_is_found_missing_and_sent_again(world: &dyn World) {
    let adapter = world.adapter();
    if adapter.traits().by_hand {
        return;
    }
    let prepared = in_doubt(world, &*adapter, Trouble::LostRequest).await;
    let found = adapter.find(&prepared, &[]).await.expect("an answer");
    assert!(matches!(found, Found::No(_)), "{found:?}");
    let again = prepare(&*adapter, &content("Потерянный ответ"), &key(), Some(&prepared)).await;
    adapter.publish(&again).await.expect("published at the second try");
    stands_once(world, &*adapter, &again);
}

/// A gateway's HTML page says nothing about the post behind it.
pub async fn a_rubbish_answer_after_the_commit_is_unknown(world: &dyn World) {
    unknown_then_found(world, Trouble::Rubbish).await;
}

/// A cut answer says nothing either.
pub async fn half_an_answer_is_unknown(world: &dyn World) {
    unknown_then_found(world, Trouble::HalfAnAnswer).await;
}

async fn unknown_then_found(world: &dyn World, trouble: Trouble) {
    let adapter = world.adapter();
    if adapter.traits().by_hand {
        return;
    }
    let prepared = in_doubt(world, &*adapter, trouble).await;
    assert!(matches!(adapter.find(&prepared, &[]).await, Ok(Found::Yes(_))));
    stands_once(world, &*adapter, &prepared);
}

async fn refused(world: &dyn World, trouble: Trouble) -> PublishError {
    let adapter = world.adapter();
    let prepared = prepare(&*adapter, &content("Отказ"), &key(), None).await;
    world.trouble(trouble);
    let error = adapter.publish(&prepared).await.expect_err("refused");
    assert!(world.posts().is_empty(), "nothing stands");
    assert!(!error.told().reason.is_empty());
    let fits: &[ToldKind] = match trouble {
        Trouble::RateLimited(Some(_)) => &[ToldKind::RateLimited],
        Trouble::RateLimited(None) => &[ToldKind::RateLimited, ToldKind::Unavailable],
        Trouble::Unauthorised => &[ToldKind::TokenRefused, ToldKind::TokenEnded],
        // What it is that is refused, some platforms say.
        _ => &[ToldKind::ContentRefused, ToldKind::LinkRefused],
    };
    assert!(fits.contains(&error.told().kind), "{trouble:?}: {error:?}");
    error
}

/// Refused for good.
pub async fn a_refusal_is_final_and_leaves_nothing(world: &dyn World) {
    if world.adapter().traits().by_hand {
        return;
    }
    let error = refused(world, Trouble::Refused).await;
    assert!(matches!(error, PublishError::Rejected { .. }), "{error:?}");
    assert!(error.told().answer.is_some(), "the answer is kept as evidence");
}

/// Asked to wait.
pub async fn a_rate_limit_says_how_long(world: &dyn World) {
    if world.adapter().traits().by_hand {
        return;
    }
    let error = refused(world, Trouble::RateLimited(Some(17))).await;
    let PublishError::Retry { after, .. } = error else { panic!("{error:?}") };
    assert!(
        after.is_none_or(|a| a == Duration::from_secs(17)),
        "the platform's own figure, where it gives one: {after:?}"
    );
}

/// Asked to wait without saying how long.
pub async fn a_rate_limit_may_say_nothing(world: &dyn World) {
    if world.adapter().traits().by_hand {
        return;
    }
    let error = refused(world, Trouble::RateLimited(None)).await;
    assert!(matches!(error, PublishError::Retry { .. }), "{error:?}");
}

/// A revoked credential stops the channel and is named by `check`.
pub async fn lost_rights_stop_the_channel_and_show_in_check(world: &dyn World) {
    let adapter = world.adapter();
    if adapter.traits().by_hand {
        return;
    }
    let error = refused(world, Trouble::Unauthorised).await;
    assert!(matches!(error, PublishError::Unauthorised { .. }), "{error:?}");
    match adapter.check().await {
        Ok(health) => {
            assert!(!health.may_publish);
            assert!(health.findings.iter().any(|f| f.blocking && !f.todo.is_empty()), "{:?}", health.findings);
        }
        Err(error) => assert!(matches!(error, AdapterError::Unauthorised { .. }), "{error:?}"),
    }
}

/// `check` on a healthy channel.
pub async fn check_says_who_and_that_all_is_well(world: &dyn World) {
    let health = world.adapter().check().await.expect("an answer");
    assert!(health.may_publish, "{:?}", health.findings);
    assert!(!health.identity.is_empty());
}

/// A colleague deleted the post.
pub async fn deleted_by_hand_is_seen(world: &dyn World) {
    let adapter = world.adapter();
    let (_, receipt) = put_up(world, &*adapter, &content("Удалят")).await;
    world.delete_by_hand(&world.posts()[0].id.clone());
    let presence = adapter.presence(&receipt.id).await.expect("an answer").presence;
    let seen = if adapter.traits().sees_deletion {
        presence == Presence::Gone
    } else {
        !matches!(presence, Presence::Live(_))
    };
    assert!(seen, "{presence:?}");
}

/// A colleague changed the post.
pub async fn edited_by_hand_is_seen(world: &dyn World) {
    let adapter = world.adapter();
    let (prepared, receipt) = put_up(world, &*adapter, &content("Изменят")).await;
    world.edit_by_hand(&world.posts()[0].id.clone(), "Совсем другой текст");
    let shown = live(&*adapter, &receipt.id).await;
    assert!(shown.opaque || !same_text(&prepared.post.plain, &shown), "{shown:?}");
}

/// An edit of ours replaces text and keeps the post.
pub async fn an_edit_replaces_what_stands(world: &dyn World) {
    let adapter = world.adapter();
    if !adapter.traits().edits {
        return;
    }
    let (_, receipt) = put_up(world, &*adapter, &content("До правки")).await;
    let post = adapter.render(&content("После правки")).expect("fits");
    let key = DeliveryKey { revision: 2, ..key() };
    let prepared = adapter.prepare(&post, &key, Purpose::Edit(&receipt.id), None).await.expect("prepared");
    let edited = adapter.edit(&receipt.id, &prepared).await.expect("edited");
    assert_eq!(edited.id, receipt.id);
    stands_once(world, &*adapter, &prepared);
    assert!(same_text(&prepared.post.plain, &live(&*adapter, &receipt.id).await));
}

/// A withdrawal takes the post down; a second one is no error.
pub async fn a_withdrawal_leaves_nothing_and_repeats_safely(world: &dyn World) {
    let adapter = world.adapter();
    if !adapter.traits().retracts {
        return;
    }
    let (_, receipt) = put_up(world, &*adapter, &content("Отзовут")).await;
    adapter.retract(&receipt.id).await.expect("withdrawn");
    assert!(world.posts().is_empty());
    adapter.retract(&receipt.id).await.expect("withdrawn already");
}

/// What colleagues post counts too.
pub async fn made_by_hand_is_seen_in_the_feed(world: &dyn World) {
    let adapter = world.adapter();
    if !adapter.traits().has_feed {
        return;
    }
    let (_, receipt) = put_up(world, &*adapter, &content("Наша")).await;
    let by_hand = world.post_by_hand("Сделано коллегой вручную");
    let feed = adapter.feed(DateTime::<Utc>::UNIX_EPOCH).await.expect("an answer");
    let ids: Vec<_> = feed.iter().map(|p| p.id.clone()).collect();
    assert_eq!(feed.len(), 2, "{feed:?}");
    assert!(ids.contains(&receipt.id) && ids.contains(&by_hand), "{ids:?}");
    assert!(feed.windows(2).all(|w| w[0].published_at >= w[1].published_at), "newest first: {feed:?}");
    assert!(feed.iter().any(|p| p.text.contains("Сделано коллегой вручную")));
}

/// A platform whose clock is ten minutes ahead is seen to be so.
pub async fn a_wrong_clock_is_seen(world: &dyn World) {
    let adapter = world.adapter();
    let (_, receipt) = put_up(world, &*adapter, &content("Часы")).await;
    let before = adapter.clock().await.expect("an answer").earliest().expect("a clock");
    world.set_clock_ahead(TimeDelta::minutes(10));
    let after = adapter.clock().await.expect("an answer").earliest().expect("a clock");
    let sighted = adapter.presence(&receipt.id).await.expect("an answer").clock.earliest().expect("a clock");
    for seen in [after, sighted] {
        let ahead = seen - before;
        assert!((TimeDelta::minutes(10) - ahead).abs() < TimeDelta::seconds(30), "{ahead}");
    }
}

/// An answer without `Date` gives no header clock.
pub async fn a_missing_date_is_no_clock(world: &dyn World) {
    let adapter = world.adapter();
    let (_, receipt) = put_up(world, &*adapter, &content("Без даты")).await;
    world.send_date(false);
    assert_eq!(adapter.clock().await.expect("an answer").header, None);
    assert_eq!(adapter.presence(&receipt.id).await.expect("an answer").clock.header, None);
}

/// The address that the receipt names leads back to the same post; a foreign one is refused.
pub async fn a_public_address_leads_back_to_the_post(world: &dyn World) {
    let adapter = world.adapter();
    let (prepared, receipt) = put_up(world, &*adapter, &content("Адрес")).await;
    let (id, sighting) = adapter.at_address(&receipt.url.expect("an address")).await.expect("an answer");
    assert_eq!(id, receipt.id);
    let Presence::Live(shown) = sighting.presence else { panic!("{sighting:?}") };
    assert!(same_text(&prepared.post.plain, &shown));
    let foreign = "https://example.org/somebody/else/1".parse().expect("an address");
    assert!(adapter.at_address(&foreign).await.is_err(), "not our channel");
}

/// Nothing that goes into the database holds a secret.
pub async fn what_is_stored_holds_no_secret(world: &dyn World) {
    let (adapter, files) = (world.adapter(), Files::new());
    let content = Content { media: vec![files.picture(9)], ..content("Тайна") };
    let (prepared, receipt) = put_up(world, &*adapter, &content).await;
    let stored = format!("{} {}", serde_json::to_string(&prepared).unwrap(), serde_json::to_string(&receipt).unwrap());
    for secret in world.secrets() {
        assert!(!stored.contains(&secret), "a secret of {} characters stands in {stored}", secret.len());
    }
}
