//! What each credential can do, what is said where one is missing, captcha, and the renewal of a user's token.
#![allow(clippy::unwrap_used, reason = "a failed step panics")]

mod common;

use std::os::unix::fs::PermissionsExt as _;

use common::{COMMUNITY, GROUP, Office, REFRESH, SERVICE, USER, content, key, prepare};
use serde_json::json;
use vestnik_contract::conformance::{Files, World as _};
use vestnik_contract::{AdapterError, Content, Found, PublishError, Purpose};
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;
use vestnik_sandbox::vk::{Captcha, Kind, Rules, rights};

#[tokio::test]
async fn a_community_key_alone_publishes_text_but_is_refused_in_check() {
    let (office, files) = (Office::start().await, Files::new());
    let adapter = office.with(&["community"]);
    let prepared = prepare(&*adapter, &content("Один ключ"), None).await;
    assert_eq!(adapter.publish(&prepared).await.unwrap().id.0, "1");
    let found = adapter.find(&prepared, &[]).await.unwrap();
    assert!(matches!(&found, Found::OutOfSight(why) if why.contains("service_token")), "{found:?}");
    let health = adapter.check().await.unwrap();
    assert!(!health.may_publish);
    assert!(health.findings.iter().any(|f| f.blocking && f.todo.contains("service_token")), "{:?}", health.findings);
    let with_picture = Content { media: vec![files.picture(1)], ..content("Фото") };
    let misfits = adapter.render(&with_picture).unwrap_err();
    assert!(misfits[0].problem.contains("user token"), "{misfits:?}");
    let with_document = Content { media: vec![files.document()], ..content("Документ") };
    let post = adapter.render(&with_document).unwrap();
    let prepared = adapter.prepare(&post, &key(2), Purpose::Publish, None).await.unwrap();
    adapter.publish(&prepared).await.unwrap();
    assert_eq!(office.vk.posts(GROUP)[0].attachments.len(), 1);
    assert!(!adapter.traits().edits && !adapter.traits().has_feed);
}

#[tokio::test]
async fn community_and_service_key_are_enough_for_text() {
    let office = Office::start().await;
    let health = office.with(&["community", "service"]).check().await.unwrap();
    assert!(health.may_publish, "{:?}", health.findings);
    assert!(health.identity.contains("Администрация города"), "{}", health.identity);
    assert!(health.clock.header.is_some() && health.clock.method.is_some());
}

#[tokio::test]
async fn a_service_key_cannot_publish() {
    let office = Office::start().await;
    let adapter = office.with(&["service"]);
    let health = adapter.check().await.unwrap();
    assert!(health.findings.iter().any(|f| f.blocking && f.todo.contains("community_token")), "{:?}", health.findings);
    let prepared = prepare(&*adapter, &content("Нечем"), None).await;
    assert!(matches!(adapter.publish(&prepared).await, Err(PublishError::Unauthorised { .. })));
    assert_eq!(office.vk.server.calls("wall.post"), 0);
}

#[tokio::test]
async fn a_user_token_alone_does_everything() {
    let (office, files) = (Office::start().await, Files::new());
    let adapter = office.with(&["user"]);
    assert!(adapter.check().await.unwrap().may_publish);
    let content = Content { media: vec![files.picture(5), files.document()], ..content("Всё") };
    let prepared = prepare(&*adapter, &content, None).await;
    let receipt = adapter.publish(&prepared).await.unwrap();
    let post = &office.vk.posts(GROUP)[0];
    assert_eq!(post.from_id, -GROUP, "in the community's name");
    assert_eq!(
        post.attachments.iter().map(vestnik_sandbox::vk::Attachment::kind).collect::<Vec<_>>(),
        ["photo", "doc"]
    );
    adapter.retract(&receipt.id).await.unwrap();
    assert_eq!(office.count(), 0);
}

#[tokio::test]
async fn a_token_that_cannot_be_read_is_told_once_with_what_to_do() {
    let office = Office::start().await;
    for name in ["community", "user"] {
        std::fs::remove_file(office.folder.path().join(name)).unwrap();
    }
    let health = office.adapter().check().await.unwrap();
    assert!(!health.may_publish);
    let told: Vec<_> = health.findings.iter().map(|f| (f.blocking, f.what.as_str(), f.todo.as_str())).collect();
    let [community, user] = told[..] else { panic!("one of each token: {told:?}") };
    for (name, (blocking, what, todo)) in [("community", community), ("user", user)] {
        assert!(blocking && what.starts_with(&format!("{name}_token: file ")), "{what}");
        assert!(what.contains("cannot be read") && !what.contains("create"), "{what}");
        assert_eq!(todo, "create it with mode 0600 and the token as its only line");
    }
}

#[tokio::test]
async fn a_refused_renewal_is_told_once_with_what_to_do() {
    let office = Office::start().await;
    let adapter = renewing(&office);
    office.vk.expire_token(USER);
    std::fs::write(office.folder.path().join("refresh"), "").unwrap();
    let health = adapter.check().await.unwrap();
    let refresh: Vec<_> = health.findings.iter().filter(|f| f.what.starts_with("user_refresh.refresh_token")).collect();
    assert!(matches!(refresh[..], [f] if f.blocking && f.todo == "put the token there"), "{:?}", health.findings);
}

#[tokio::test]
async fn files_go_to_safe_addresses_only() {
    let (office, files) = (Office::start().await, Files::new());
    let adapter = office.adapter();
    let post = adapter.render(&Content { media: vec![files.picture(1)], ..content("Фото") }).unwrap();
    for address in ["http://example.org/upload", "http://10.0.0.1/upload", "ftp://127.0.0.1/upload"] {
        let answer = Canned::json(200, &json!({ "response": { "upload_url": address } }));
        office.vk.server.switches.next("photos.getWallUploadServer", Fault::Refuse(answer));
        let error = adapter.prepare(&post, &key(1), Purpose::Publish, None).await.unwrap_err();
        assert!(
            matches!(&error, PublishError::Retry { told, .. } if told.reason.contains("nothing was sent")),
            "{error:?}"
        );
    }
    assert_eq!(office.vk.server.calls("upload/photo"), 0);
}

#[tokio::test]
async fn missing_rights_and_foreign_keys_are_named() {
    let office = Office::start().await;
    let no_wall = rights::ALL & !rights::WALL;
    office.vk.add_token(COMMUNITY, Kind::Community { group: GROUP }, no_wall);
    office.vk.add_token(USER, Kind::User { id: 1, manages: vec![] }, no_wall & !rights::PHOTOS);
    let health = office.adapter().check().await.unwrap();
    assert!(!health.may_publish);
    let told = health.findings.iter().map(|f| f.what.as_str()).collect::<Vec<_>>().join("\n");
    for words in ["community_token lacks the right to the wall", "`photos`", "`wall`", "may not post"] {
        assert!(told.contains(words), "{words} in {told}");
    }
    office.vk.add_group(vestnik_sandbox::vk::Group::new(5, "Чужая"));
    office.vk.add_token(COMMUNITY, Kind::Community { group: 5 }, rights::ALL);
    let health = office.adapter().check().await.unwrap();
    assert!(health.findings.iter().any(|f| f.blocking && f.what.contains("«Чужая»")), "{:?}", health.findings);
}

#[tokio::test]
async fn a_captcha_in_either_form_stops_the_channel_and_asks_a_person() {
    for captcha in [Captcha::Picture, Captcha::RedirectOnly] {
        let office = Office::start().await;
        office.vk.set_rules(Rules { captcha, ..Rules::default() });
        let adapter = office.adapter();
        let prepared = prepare(&*adapter, &content("Капча"), None).await;
        office.vk.ask_captcha(COMMUNITY);
        let error = adapter.publish(&prepared).await.unwrap_err();
        assert!(matches!(error, PublishError::Unauthorised { .. }), "{error:?}");
        assert!(error.told().reason.contains("sign in on vk.com"), "{error}");
        let kept = error.told().answer.as_ref().unwrap();
        assert!(!kept.body.contains("sandbox-session"), "the session in {}", kept.body);
        assert_eq!(office.vk.server.calls("wall.post"), 1, "nothing is repeated");
        assert!(!adapter.check().await.unwrap().may_publish);
    }
}

fn renewing(office: &Office) -> std::sync::Arc<dyn vestnik_contract::Adapter> {
    office.vk.add_refresh_token(REFRESH, USER, "51", "device-1");
    let refresh = json!({ "refresh_token": { "file": "refresh" }, "client_id": 51, "device_id": "device-1",
        "base_url": office.vk.server.url() });
    office.open(office.settings(&["user"], &json!({ "user_refresh": refresh }))).unwrap()
}

fn kept(office: &Office, name: &str) -> (String, u32) {
    let path = office.folder.path().join(name);
    let mode = std::fs::metadata(&path).unwrap().permissions().mode() & 0o777;
    (std::fs::read_to_string(path).unwrap(), mode)
}

#[tokio::test]
async fn an_ended_user_token_is_renewed_and_its_files_are_replaced() {
    let office = Office::start().await;
    let adapter = renewing(&office);
    let prepared = prepare(&*adapter, &content("Час прошёл"), None).await;
    office.vk.expire_token(USER);
    let error = adapter.publish(&prepared).await.unwrap_err();
    assert!(matches!(error, PublishError::Retry { .. }), "the caller sends again: {error:?}");
    assert_eq!(office.vk.server.calls("wall.post"), 1);
    let (user, mode) = kept(&office, "user");
    assert!(user != USER && mode == 0o600, "{mode:o}");
    let (refresh, mode) = kept(&office, "refresh");
    assert!(refresh != REFRESH && mode == 0o600, "{mode:o}");
    adapter.publish(&prepared).await.unwrap();
    assert_eq!(office.count(), 1);
    adapter.keep_alive().await.unwrap();
    assert!(kept(&office, "user").0 != user, "renewed daily as well");
    let told: Vec<_> = std::iter::from_fn(|| office.renewals.take()).collect();
    assert_eq!(told, ["gorod-vk", "gorod-vk"], "each renewal is told once");
}

#[tokio::test]
async fn renewing_is_tried_once_before_a_person_is_asked() {
    let office = Office::start().await;
    let adapter = renewing(&office);
    let prepared = prepare(&*adapter, &content("Не помогает"), None).await;
    let blocked = vestnik_sandbox::vk::canned_error(5, "User authorization failed: user is blocked.");
    office.vk.server.switches.always("wall.post", Fault::Refuse(blocked));
    assert!(matches!(adapter.publish(&prepared).await, Err(PublishError::Retry { .. })));
    let prepared = prepare(&*adapter, &content("Не помогает"), Some(&prepared)).await;
    assert!(adapter.clock().await.is_ok(), "other calls work");
    assert!(matches!(adapter.publish(&prepared).await, Err(PublishError::Unauthorised { .. })));
    assert_eq!(office.vk.server.calls("oauth2/auth"), 1);
}

#[tokio::test]
async fn a_refused_renewal_asks_a_person_and_tells_no_secret() {
    let office = Office::start().await;
    let adapter = renewing(&office);
    std::fs::write(office.folder.path().join("refresh"), "vk2.a.wrong-token").unwrap();
    let error = adapter.keep_alive().await.unwrap_err();
    assert!(matches!(error, AdapterError::Unauthorised { .. }), "{error:?}");
    assert!(error.to_string().contains("sign in again") && !format!("{error:?}").contains("wrong-token"), "{error:?}");
    assert_eq!(kept(&office, "user").0, USER, "nothing was overwritten");

    let repeated = json!({ "error": "invalid_grant", "error_description": "no such token: vk2.a.wrong-token" });
    office.vk.server.switches.always("oauth2/auth", Fault::Refuse(Canned::json(400, &repeated)));
    let error = adapter.keep_alive().await.unwrap_err();
    assert!(error.to_string().contains("no such token: [secret]"), "{error:?}");
    let repeated = vestnik_sandbox::vk::canned_error(100, &format!("access_token={USER} is not meant for this"));
    office.vk.server.switches.always("utils.getServerTime", Fault::Refuse(repeated));
    let error = adapter.clock().await.unwrap_err();
    assert!(error.to_string().contains("access_token=[secret]"), "{error:?}");
}

#[tokio::test]
async fn settings_that_cannot_work_are_refused_by_name() {
    let office = Office::start().await;
    for (tokens, more, named) in [
        (&["community"][..], json!({ "group_id": -5 }), "without a minus"),
        (&[], json!({}), "no token"),
        (&["community"], json!({ "version": "6" }), "5.199"),
        (&["community"], json!({ "text_max": 0 }), "text_max"),
        (
            &["community"],
            json!({ "user_refresh": { "refresh_token": { "file": "r" }, "client_id": 1, "device_id": "d" } }),
            "user_token",
        ),
    ] {
        let error = office.open(office.settings(tokens, &more)).unwrap_err().to_string();
        assert!(error.contains(named), "{named} in {error}");
    }
    let unknown = json!({ "group_id": 1, "grup": 2 });
    assert!(serde_json::from_value::<vestnik_vk::Settings>(unknown).is_err());
}

#[tokio::test]
async fn uploads_that_are_done_are_not_done_again() {
    let (office, files) = (Office::start().await, Files::new());
    let adapter = office.adapter();
    let post = adapter.render(&Content { media: vec![files.picture(1), files.picture(2)], ..content("Два") }).unwrap();
    let busy = vestnik_sandbox::vk::canned_error(6, "Too many requests per second");
    // The second picture's save meets a rate limit: the first one stays uploaded.
    office.vk.server.switches.next("photos.saveWallPhoto", Fault::Delay(std::time::Duration::ZERO));
    office.vk.server.switches.next("photos.saveWallPhoto", Fault::Refuse(busy));
    let error = adapter.prepare(&post, &key(1), Purpose::Publish, None).await.unwrap_err();
    assert!(matches!(error, PublishError::Retry { .. }), "{error:?}");
    let prepared = adapter.prepare(&post, &key(1), Purpose::Publish, None).await.unwrap();
    assert_eq!(office.vk.server.calls("upload/photo"), 3, "one, two, and two again");
    let again = adapter.prepare(&post, &key(1), Purpose::Publish, Some(&prepared)).await.unwrap();
    assert_eq!(office.vk.server.calls("upload/photo"), 3);
    assert_eq!(again.notes, prepared.notes);
    assert!(!format!("{adapter:?}").contains(SERVICE));
}
