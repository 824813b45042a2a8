//! The conformance suite against a real `WordPress`, brought up by `tests/wordpress/up.sh`.
//!
//! Runs when `VESTNIK_WORDPRESS` names the credentials file that the script printed, and says so otherwise. A proxy
//! in front of the site loses requests and replies and sets clocks wrong; everything else is the site's own doing.

#![allow(clippy::unwrap_used, reason = "a failed test panics")]

mod real {
    pub(crate) mod proxy;
    pub(crate) mod site;
}

use serde_json::json;
use uuid::Uuid;
use vestnik_contract::conformance::{Files, World as _};
use vestnik_contract::text::same_text;
use vestnik_contract::{Content, DeliveryKey, Presence, PublishError, Purpose};

use real::site::RealSite;

/// A site, or the end of the test with a word about why it did not run.
macro_rules! site {
    ($settings:expr) => {
        match RealSite::start($settings).await {
            Some(site) => site,
            None => return,
        }
    };
}

vestnik_contract::conformance!(site!(json!({})));

fn content(title: &str) -> Content {
    Content {
        title: title.into(),
        body: "Скобки [gallery], амперсанд & «кавычки», \"прямые\", <b>не жирный</b> 😀\nвторая строка\n\n\
               1. раз\n2. два\n\n> цитата\n\n***\n\nСсылка https://gorod.example.ru/a?b=1&c=2."
            .into(),
        link: Some("https://gorod.example.ru/doc".parse().unwrap()),
        tags: vec!["Тест & Ко".into()],
        media: Vec::new(),
        footer: Some("Мы в MAX: https://max.ru/gorod".into()),
    }
}

fn key(n: u128) -> DeliveryKey {
    DeliveryKey { delivery: Uuid::from_u128(n), revision: 1 }
}

/// What the site's filters do to a text is not seen as an edit by hand.
#[tokio::test]
async fn a_rich_page_comes_back_as_it_was_sent() {
    let site = site!(json!({ "categories": ["news"], "featured_picture": true }));
    let (adapter, files) = (site.adapter(), Files::new());
    let media = vec![files.picture(7), files.document()];
    let post = adapter.render(&Content { media, ..content("Ё & <ж> «Щ» \"эй\"") }).unwrap();
    let prepared = adapter.prepare(&post, &key(0xa1), Purpose::Publish, None).await.unwrap();
    let receipt = adapter.publish(&prepared).await.unwrap();
    assert_eq!(receipt.remark, None, "a reader sees the page");
    let Presence::Live(shown) = adapter.presence(&receipt.id).await.unwrap().presence else { panic!("it stands") };
    assert!(!shown.opaque);
    assert!(same_text(&post.plain, &shown), "sent «{}», shown «{}»", post.plain, shown.text);
    assert_eq!(shown.media, Some(2));
}

/// Every step of a preparation finds what an earlier one had made before its answer was lost.
#[tokio::test]
async fn lost_replies_while_preparing_leave_one_draft_and_one_file() {
    let site = site!(json!({}));
    let (adapter, files) = (site.adapter(), Files::new());
    let post = adapter.render(&Content { media: vec![files.picture(8)], ..content("Потери") }).unwrap();
    for call in ["POST /media", "POST /posts"] {
        site.lose_reply(call);
        let error = adapter.prepare(&post, &key(0xa2), Purpose::Publish, None).await.unwrap_err();
        assert!(matches!(error, PublishError::Retry { .. }), "{error}");
    }
    let prepared = adapter.prepare(&post, &key(0xa2), Purpose::Publish, None).await.unwrap();
    let receipt = adapter.publish(&prepared).await.unwrap();
    let again = adapter.publish(&prepared).await.unwrap();
    assert_eq!((receipt.id, receipt.platform_time), (again.id, again.platform_time));
    assert_eq!(site.posts().len(), 1);
    assert_eq!(site.count("media", "inherit"), 1);
    assert_eq!(site.count("posts", "draft"), 0);
}

/// A post withdrawn by vestnik lies in the site's trash, where an editor can look at it.
#[tokio::test]
async fn a_withdrawn_post_lies_in_the_trash() {
    let site = site!(json!({}));
    let adapter = site.adapter();
    let post = adapter.render(&content("В корзину")).unwrap();
    let prepared = adapter.prepare(&post, &key(0xa3), Purpose::Publish, None).await.unwrap();
    let receipt = adapter.publish(&prepared).await.unwrap();
    adapter.retract(&receipt.id).await.unwrap();
    assert_eq!(site.count("posts", "trash"), 1);
    assert_eq!(adapter.presence(&receipt.id).await.unwrap().presence, Presence::Gone);
}

/// A user without rights is refused by name of the right.
#[tokio::test]
async fn a_reader_may_not_publish() {
    let site = site!(json!({ "user": "reader", "password_key": "reader_password" }));
    let adapter = site.adapter();
    let health = adapter.check().await.unwrap();
    assert!(!health.may_publish && health.findings.iter().any(|f| f.what.contains("publish_posts")), "{health:?}");
    let post = adapter.render(&Content { tags: Vec::new(), ..content("Нельзя") }).unwrap();
    let error = adapter.prepare(&post, &key(0xa4), Purpose::Publish, None).await.unwrap_err();
    assert!(matches!(error, PublishError::Unauthorised { .. }), "{error}");
}

/// A colleague's post with a Cyrillic address is found as it is copied from a browser.
#[tokio::test]
async fn a_cyrillic_address_leads_to_its_post() {
    let site = site!(json!({}));
    let id = site.post_by_hand("Текст");
    let url = site.adapter().feed(chrono::DateTime::UNIX_EPOCH).await.unwrap()[0].url.clone().unwrap();
    // An editor's post: an author sees it as readers do.
    let typed = url.as_str().replace("%d0", "%D0").parse().unwrap();
    let (found, sighting) = site.adapter().at_address(&typed).await.unwrap();
    assert_eq!(found, id);
    let Presence::Live(shown) = sighting.presence else { panic!("it stands") };
    assert!(shown.opaque && shown.text.contains("Текст"), "{shown:?}");
}
