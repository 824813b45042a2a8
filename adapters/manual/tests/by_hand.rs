//! What this platform alone promises: words for a person, and eyes that no typed address can misuse.

#![allow(clippy::unwrap_used, reason = "a failed test panics")]

mod site;

use chrono::{DateTime, Utc};
use site::{Site, open};
use uuid::Uuid;
use vestnik_contract::conformance::Files;
use vestnik_contract::{
    AdapterError, Content, DeliveryKey, Found, Prepared, Presence, PublishError, Purpose, RemoteId,
};
use vestnik_sandbox::faults::{Canned, Fault};

async fn prepared(site: &Site) -> Prepared {
    let content = Content {
        title: "Отключение воды".into(),
        body: "С 10 до 18 **нет** воды, [подробно](https://gorod.ru/voda).".into(),
        link: None,
        tags: Vec::new(),
        media: vec![Files::new().picture(1)],
        footer: None,
    };
    let post = site.adapter.render(&content).unwrap();
    assert_eq!(post.body, "С 10 до 18 нет воды, подробно (https://gorod.ru/voda).");
    let key = DeliveryKey { delivery: Uuid::from_u128(7), revision: 1 };
    site.adapter.prepare(&post, &key, Purpose::Publish, None).await.unwrap()
}

#[tokio::test]
async fn a_person_is_told_what_to_do() {
    let site = Site::start().await;
    let prepared = prepared(&site).await;
    let id = RemoteId(site.sandbox.publish_page("/gorod/1", "Вода", "<p>нет</p>").into());
    let told = [
        site.adapter.publish(&prepared).await.map(drop),
        site.adapter.edit(&id, &prepared).await.map(drop),
        site.adapter.retract(&id).await,
    ];
    let words =
        ["text of this post (vestnik post show ID --json has it) and with its files", "--json has it)", "down by hand"];
    for (result, words) in told.into_iter().zip(words) {
        let Err(PublishError::Handed { told }) = result else { panic!("handed to a person: {result:?}") };
        assert!(told.reason.ends_with(words), "the caller goes on with the command: {told}");
    }
    assert!(matches!(site.adapter.find(&prepared, &[]).await, Ok(Found::OutOfSight(_))));
    assert!(matches!(site.adapter.feed(DateTime::<Utc>::UNIX_EPOCH).await, Err(AdapterError::Unsupported(_))));
    assert!(site.sandbox.server.log().is_empty(), "nothing was asked of the site");
}

#[tokio::test]
async fn a_page_is_read_as_readers_read_it() {
    let site = Site::start().await;
    let html = "<script>document.write('взлом')</script><p onclick=x>Нет воды</p><style>p{}</style>";
    let url = site.sandbox.publish_page("/gorod/новость", "Вода & свет", html);
    let (id, sighting) = site.adapter.at_address(&url.join("#top").unwrap()).await.unwrap();
    assert_eq!(id.0, url.as_str());
    let Presence::Live(shown) = sighting.presence else { panic!("{sighting:?}") };
    assert!(shown.opaque, "the theme stands around it");
    assert!(shown.text.contains("Вода & свет") && shown.text.contains("Нет воды"), "{}", shown.text);
    assert!(!shown.text.contains("взлом") && !shown.text.contains("window.app"), "{}", shown.text);
}

#[tokio::test]
async fn a_foreign_address_is_refused_without_asking_for_it() {
    let (site, other) = (Site::start().await, Site::start().await);
    for url in [
        other.sandbox.publish_page("/gorod/1", "Чужая", ""),
        site.sandbox.publish_page("/selo/1", "Чужая", ""),
        site.sandbox.address("/gorod"),
    ] {
        let error = site.adapter.at_address(&url).await.unwrap_err();
        assert!(matches!(error, AdapterError::Unclear { .. }), "{error:?}");
        let id = RemoteId(url.into());
        assert!(site.adapter.presence(&id).await.is_err(), "nor as an id from elsewhere");
    }
    assert!(site.adapter.presence(&RemoteId("не адрес".into())).await.is_err());
    assert!(site.sandbox.server.log().is_empty() && other.sandbox.server.log().is_empty());
}

#[tokio::test]
async fn this_machine_and_private_networks_are_out_of_reach_unless_allowed() {
    let site = Site::start().await;
    let url = site.sandbox.publish_page("/gorod/1", "Внутри", "");
    let guarded = open(site.sandbox.address("/gorod").as_str(), false, "");
    assert!(guarded.at_address(&url).await.unwrap_err().to_string().contains("private"));
    let health = guarded.check().await.unwrap();
    assert!(health.may_publish && health.findings[0].what.contains("private"), "{health:?}");
    let by_name = open(&format!("http://localhost:{}/gorod", site.sandbox.server.address.port()), false, "");
    let named = format!("http://localhost:{}/gorod/1", site.sandbox.server.address.port());
    assert!(by_name.at_address(&named.parse().unwrap()).await.is_err());
    assert!(site.sandbox.server.log().is_empty(), "not one request");
}

#[tokio::test]
async fn a_redirect_is_told_and_not_followed() {
    let site = Site::start().await;
    site.sandbox.redirect("/gorod/1", "http://169.254.169.254/latest/meta-data");
    let url = site.sandbox.address("/gorod/1");
    let error = site.adapter.at_address(&url).await.unwrap_err();
    assert!(error.to_string().contains("leads on to «http://169.254.169.254/"), "{error}");
    let presence = site.adapter.presence(&RemoteId(url.into())).await.unwrap().presence;
    assert!(matches!(presence, Presence::Unknown(_)), "{presence:?}");
    assert_eq!(site.sandbox.server.log().len(), 2);
}

#[tokio::test]
async fn a_missing_page_is_named_and_an_application_hides_it() {
    let site = Site::start().await;
    let url = site.sandbox.publish_page("/gorod/1", "Была", "");
    let (id, _) = site.adapter.at_address(&url).await.unwrap();
    site.sandbox.delete_page("/gorod/1");
    assert_eq!(site.adapter.presence(&id).await.unwrap().presence, Presence::Gone);
    let error = site.adapter.at_address(&url).await.unwrap_err();
    assert!(error.to_string().contains("there is no page at"), "{error}");
    site.sandbox.answer_anything(true);
    assert!(matches!(site.adapter.presence(&id).await.unwrap().presence, Presence::Live(_)));
    assert!(!site.adapter.traits().sees_deletion, "which is why a person is asked");
}

#[tokio::test]
async fn pages_of_any_size_and_trouble_of_any_kind_end_in_a_sentence() {
    let site = Site::start().await;
    let url = site.sandbox.publish_page("/gorod/1", "Длинная", &"<p>слово ".repeat(200_000));
    let (id, sighting) = site.adapter.at_address(&url).await.unwrap();
    assert!(matches!(sighting.presence, Presence::Live(shown) if shown.cut && shown.text.chars().count() == 20_000));
    site.sandbox.publish_page("/gorod/1", "Слишком длинная", &"x".repeat(9_000_000));
    assert!(matches!(site.adapter.presence(&id).await, Err(AdapterError::Retry { .. })));
    let switches = &site.sandbox.server.switches;
    for (fault, expected) in [
        (Fault::Refuse(Canned::html(503).retry_after(60)), "Err(Retry { after: Some(60s)"),
        (Fault::Refuse(Canned::html(429)), "Err(Retry"),
        (Fault::Refuse(Canned::html(403)), "Ok(Sighting { presence: Unknown"),
        (Fault::Refuse(Canned::html(410)), "Ok(Sighting { presence: Gone"),
        (Fault::DropBefore, "Err(Retry"),
        (Fault::Truncate, "Err(Retry"),
    ] {
        switches.next("GET /gorod/1", fault);
        let seen = format!("{:?}", site.adapter.presence(&id).await);
        assert!(seen.starts_with(expected), "expected {expected}, got {seen}");
    }
}

#[tokio::test]
async fn check_names_a_site_that_moved_or_fails_and_still_lets_a_person_work() {
    let site = Site::start().await;
    for (canned, words) in [(Canned::html(301), "leads on"), (Canned::html(500), "answers 500")] {
        site.sandbox.server.switches.next("GET /gorod", Fault::Refuse(canned));
        let health = site.adapter.check().await.unwrap();
        assert!(health.may_publish && health.findings[0].what.contains(words), "{health:?}");
        assert!(!health.findings[0].blocking);
    }
}
