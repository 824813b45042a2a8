//! The conformance suite and the site's own troubles, against the sandbox world.

#![allow(clippy::unwrap_used, reason = "a failed test panics")]

mod sandbox {
    pub(crate) mod site;
}

use serde_json::json;
use uuid::Uuid;
use vestnik_contract::{Content, DeliveryKey, Found, Prepared, Presence, PublishError, Purpose, RemoteId};
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;
use vestnik_sandbox::wordpress::{Permalinks, Role, Status};

use sandbox::site::{PASSWORD, Site, number};

mod pretty {
    use super::Site;
    vestnik_contract::conformance!(Site::start().await);
}

mod plain {
    use super::{Permalinks, Site, json};
    vestnik_contract::conformance!(Site::start_with(json!({}), Permalinks::Plain).await);
}

fn content(title: &str) -> Content {
    Content {
        title: title.into(),
        body: "Текст [gallery] & <b>ещё</b> https://gorod.example.ru/1.".into(),
        link: None,
        tags: vec!["ЖКХ".into(), "вода".into()],
        media: Vec::new(),
        footer: None,
    }
}

fn key() -> DeliveryKey {
    DeliveryKey { delivery: Uuid::from_u128(0x8c1f_0a2b_3d4e), revision: 1 }
}

async fn prepare(site: &Site, title: &str) -> Result<Prepared, PublishError> {
    let post = site.adapter.render(&content(title)).unwrap();
    site.adapter.prepare(&post, &key(), Purpose::Publish, None).await
}

fn told(error: &PublishError) -> &str {
    &error.told().reason
}

#[tokio::test]
async fn a_repeated_preparation_makes_one_draft_under_our_own_address() {
    let site = Site::start_with(json!({ "categories": ["news"] }), Permalinks::Pretty).await;
    site.sandbox.server.switches.next("POST /posts", Fault::CommitThenDrop);
    assert!(matches!(prepare(&site, "Вода").await, Err(PublishError::Retry { .. })));
    prepare(&site, "Вода").await.unwrap();
    let prepared = prepare(&site, "Вода").await.unwrap();
    let posts = site.sandbox.all_posts();
    assert_eq!(posts.len(), 1, "{posts:?}");
    assert_eq!(posts[0].status, Status::Draft);
    assert_eq!(posts[0].categories, [2]);
    assert_eq!(posts[0].tags.len(), 2);
    let receipt = site.adapter.publish(&prepared).await.unwrap();
    let again = site.adapter.publish(&prepared).await.unwrap();
    assert_eq!((&receipt.id, receipt.platform_time), (&again.id, again.platform_time));
    assert_eq!(receipt.url.unwrap().path(), "/voda-8c1f0a2b3d4e/");
    assert_eq!(receipt.remark, None);
}

#[tokio::test]
async fn files_are_uploaded_once_whatever_happens() {
    let site = Site::start_with(json!({ "featured_picture": true }), Permalinks::Pretty).await;
    let files = vestnik_contract::conformance::Files::new();
    let content =
        Content { media: vec![files.picture(1), files.document(), files.picture(1)], ..content("Файлы") };
    let post = site.adapter.render(&content).unwrap();
    site.sandbox.server.switches.next("POST /media", Fault::CommitThenDrop);
    let first = site.adapter.prepare(&post, &key(), Purpose::Publish, None).await;
    assert!(matches!(first, Err(PublishError::Retry { .. })), "{first:?}");
    let prepared = site.adapter.prepare(&post, &key(), Purpose::Publish, None).await.unwrap();
    site.adapter.prepare(&post, &key(), Purpose::Publish, Some(&prepared)).await.unwrap();
    assert_eq!(site.sandbox.media_count(), 2);
    let featured = site.sandbox.all_posts()[0].featured_media;
    assert_ne!(featured, 0);
}

#[tokio::test]
async fn an_unknown_category_is_told_before_and_refused() {
    let site = Site::start_with(json!({ "categories": ["news", "sport"] }), Permalinks::Pretty).await;
    let health = site.adapter.check().await.unwrap();
    assert!(!health.may_publish && health.findings[0].what.contains("`sport`"), "{health:?}");
    let error = prepare(&site, "Спорт").await.unwrap_err();
    assert!(matches!(error, PublishError::Rejected { .. }) && told(&error).contains("`sport`"), "{error}");
    assert!(site.sandbox.all_posts().is_empty());
}

#[tokio::test]
async fn a_page_that_readers_do_not_see_yet_is_remarked_and_not_posted_again() {
    let site = Site::start().await;
    let prepared = prepare(&site, "Кэш").await.unwrap();
    site.sandbox.hide_pages(true);
    let receipt = site.adapter.publish(&prepared).await.unwrap();
    assert!(receipt.remark.unwrap().contains("not yet visible to readers"));
    assert_eq!(site.sandbox.posts().len(), 1);
}

#[tokio::test]
async fn a_planned_post_is_no_publication() {
    let site = Site::start().await;
    let prepared = prepare(&site, "Часы").await.unwrap();
    let id = site.sandbox.all_posts()[0].id;
    let answer = json!({ "id": id, "slug": "x", "status": "future", "date_gmt": "2030-01-01T00:00:00", "link": null });
    site.sandbox.server.switches.next("POST /posts/{id}", Fault::Refuse(Canned::json(200, &answer)));
    let error = site.adapter.publish(&prepared).await.unwrap_err();
    assert!(matches!(error, PublishError::InDoubt { .. }) && told(&error).contains("2030-01-01"), "{error}");
    site.sandbox.set_status_by_hand(id, Status::Future);
    assert!(matches!(site.adapter.find(&prepared, &[]).await.unwrap(), Found::CannotTell(_)));
    assert!(matches!(prepare(&site, "Часы").await, Err(PublishError::Rejected { .. })));
}

#[tokio::test]
async fn find_tells_draft_trash_and_nothing_apart() {
    let site = Site::start().await;
    let prepared = prepare(&site, "Где").await.unwrap();
    let id = site.sandbox.all_posts()[0].id;
    assert!(matches!(site.adapter.find(&prepared, &[]).await.unwrap(), Found::No(_)));
    assert!(matches!(site.adapter.find(&prepared, &[RemoteId(id.to_string())]).await.unwrap(), Found::CannotTell(_)));
    site.sandbox.delete_by_hand(id);
    assert!(matches!(site.adapter.find(&prepared, &[]).await.unwrap(), Found::CannotTell(_)));
    site.sandbox.erase_by_hand(id);
    assert!(matches!(site.adapter.find(&prepared, &[]).await.unwrap(), Found::No(_)));
    let gone = site.adapter.publish(&prepared).await.unwrap_err();
    assert!(matches!(gone, PublishError::Retry { .. }), "{gone}");
    let post = site.adapter.render(&content("Где")).unwrap();
    let again = site.adapter.prepare(&post, &key(), Purpose::Publish, Some(&prepared)).await.unwrap();
    site.adapter.publish(&again).await.unwrap();
    assert_eq!(site.sandbox.posts().len(), 1);
}

#[tokio::test]
async fn what_stands_already_is_brought_up_to_date_by_publishing_and_not_doubled() {
    let site = Site::start().await;
    let first = prepare(&site, "Раз").await.unwrap();
    let before = site.adapter.publish(&first).await.unwrap();
    let post = site.adapter.render(&content("Два")).unwrap();
    let second = site.adapter.prepare(&post, &key(), Purpose::Publish, Some(&first)).await.unwrap();
    assert_eq!(site.sandbox.posts()[0].post.title, "Раз", "preparing changes nothing a reader sees");
    let after = site.adapter.publish(&second).await.unwrap();
    assert_eq!((before.id, before.platform_time), (after.id, after.platform_time));
    assert_eq!(site.sandbox.posts()[0].post.title, "Два");
    assert_eq!(site.sandbox.all_posts().len(), 1);
}

#[tokio::test]
async fn taken_back_to_draft_counts_as_gone_and_an_edit_does_not_bring_it_back() {
    let site = Site::start().await;
    let prepared = prepare(&site, "Снято").await.unwrap();
    let receipt = site.adapter.publish(&prepared).await.unwrap();
    site.sandbox.set_status_by_hand(number(&receipt.id), Status::Draft);
    assert_eq!(site.adapter.presence(&receipt.id).await.unwrap().presence, Presence::Gone);
    let edit = site.adapter.prepare(&prepared.post, &key(), Purpose::Edit(&receipt.id), Some(&prepared)).await.unwrap();
    assert!(matches!(site.adapter.edit(&receipt.id, &edit).await, Err(PublishError::Rejected { .. })));
    assert!(site.sandbox.posts().is_empty());
}

#[tokio::test]
async fn a_colleagues_post_is_seen_but_its_text_is_not_compared() {
    let site = Site::start().await;
    let id = RemoteId(site.sandbox.post_by_hand("Чужая", "раз\n\nдва").to_string());
    let Presence::Live(shown) = site.adapter.presence(&id).await.unwrap().presence else { panic!("it stands") };
    assert!(shown.opaque && shown.text.contains("раз"), "{shown:?}");
}

#[tokio::test]
async fn weak_roles_and_switched_off_passwords_are_named_by_check() {
    let site = Site::start().await;
    site.sandbox.set_role(Role::Contributor);
    let health = site.adapter.check().await.unwrap();
    assert!(!health.may_publish && health.findings.iter().any(|f| f.what.contains("publish_posts")), "{health:?}");
    assert!(matches!(prepare(&site, "Роль").await, Err(PublishError::Unauthorised { .. })));
    site.sandbox.offer_application_passwords(false);
    let health = site.adapter.check().await.unwrap();
    assert!(health.findings.iter().any(|f| f.todo.contains("HTTPS")), "{health:?}");
    let error = prepare(&site, "Роль").await.unwrap_err();
    assert!(matches!(error, PublishError::Unauthorised { .. }) && told(&error).contains("Authorization"), "{error}");
}

#[tokio::test]
async fn a_revoked_password_stops_the_first_question_too() {
    let site = Site::start().await;
    site.sandbox.revoke_password();
    let post = site.adapter.render(&Content { tags: Vec::new(), ..content("Без меток") }).unwrap();
    let error = site.adapter.prepare(&post, &key(), Purpose::Publish, None).await.unwrap_err();
    assert!(matches!(error, PublishError::Unauthorised { .. }), "{error}");
}

#[tokio::test]
async fn a_password_that_the_site_repeats_is_not_told() {
    let site = Site::start().await;
    let echoed = json!({ "code": "incorrect_password", "message": format!("Пароль {} не подходит", PASSWORD) });
    site.sandbox.server.switches.always("*", Fault::Refuse(Canned::json(401, &echoed)));
    let error = prepare(&site, "Вода").await.unwrap_err();
    assert!(told(&error).contains("Пароль [secret] не подходит"), "{error:?}");
}

#[tokio::test]
async fn a_redirecting_address_is_a_matter_of_configuration() {
    let site = Site::start().await;
    site.sandbox.server.switches.next("HEAD page", Fault::Refuse(Canned::html(301)));
    let error = prepare(&site, "Адрес").await.unwrap_err();
    assert!(matches!(error, PublishError::Unauthorised { .. }) && told(&error).contains("`url`"), "{error}");
    prepare(&site, "Адрес").await.expect("the next call looks for the interface again");
}

#[tokio::test]
async fn a_long_feed_is_read_to_its_end() {
    let site = Site::start().await;
    for n in 0..230 {
        site.sandbox.post_by_hand(&format!("Запись {n}"), "Текст");
    }
    let feed = site.adapter.feed(chrono::DateTime::UNIX_EPOCH).await.unwrap();
    assert_eq!(feed.len(), 230);
    assert_eq!(site.sandbox.server.calls("GET /posts"), 3);
}

#[tokio::test]
async fn a_cyrillic_address_leads_to_its_post() {
    let site = Site::start().await;
    let id = site.sandbox.post_by_hand("День города", "Текст");
    let url = site.sandbox.posts()[0].url.clone();
    assert!(url.path().contains("%d0"), "{url}");
    let typed: url::Url = url.as_str().replace("%d0", "%D0").parse().unwrap();
    assert_eq!(site.adapter.at_address(&typed).await.unwrap().0, RemoteId(id.to_string()));
    let other = url.join("/день-села/").unwrap();
    assert!(site.adapter.at_address(&other).await.is_err());
}

#[tokio::test]
async fn a_site_without_trash_takes_the_post_back_to_draft() {
    let site = Site::start().await;
    let prepared = prepare(&site, "Без корзины").await.unwrap();
    let receipt = site.adapter.publish(&prepared).await.unwrap();
    let refusal = json!({ "code": "rest_trash_not_supported", "message": "", "data": { "status": 501 } });
    site.sandbox.server.switches.next("DELETE /posts/{id}", Fault::Refuse(Canned::json(501, &refusal)));
    site.adapter.retract(&receipt.id).await.unwrap();
    assert_eq!(site.sandbox.all_posts()[0].status, Status::Draft);
}
