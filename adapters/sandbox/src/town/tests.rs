use std::os::unix::fs::PermissionsExt as _;

use serde_json::{Value, json};
use tower::ServiceExt as _;
use vestnik_contract::{SetClock, SystemClock};

use super::*;

async fn town() -> Town {
    Town::start(Arc::new(SystemClock), Addresses::free()).await.unwrap()
}

/// Asks the control face.
async fn ask(town: &Arc<Town>, method: &str, path: &str, body: Option<Value>) -> (u16, Value) {
    let body = body.map(|b| b.to_string()).unwrap_or_default();
    let request = http::Request::builder()
        .method(method)
        .uri(path)
        .header("content-type", "application/json")
        .body(axum::body::Body::from(body))
        .unwrap();
    let response = control_router(Arc::clone(town)).oneshot(request).await.unwrap();
    let status = response.status().as_u16();
    let bytes = axum::body::to_bytes(response.into_body(), 1 << 20).await.unwrap();
    (status, serde_json::from_slice(&bytes).unwrap_or_default())
}

#[tokio::test]
async fn readers_see_what_people_post_on_every_channel() {
    let town = town().await;
    for channel in town.channels() {
        let id = channel.post_by_hand("Набережная открыта", "Приходите & смотрите.").unwrap();
        let posts = channel.posts();
        assert_eq!(posts.len(), 1, "{}", channel.slug());
        assert_eq!(posts[0].id, id);
        assert_eq!(posts[0].title(), "Набережная открыта", "{}", channel.slug());
        assert!(posts[0].text.contains("Приходите & смотрите."), "{}: {}", channel.slug(), posts[0].text);
        assert!(channel.delete_by_hand(&id), "{}", channel.slug());
        assert!(channel.posts().is_empty() && !channel.delete_by_hand(&id), "{}", channel.slug());
    }
}

#[tokio::test]
async fn organisations_have_channels_of_their_own() {
    let mut town = town().await;
    town.add_organisations(2).await.unwrap();
    let slugs: Vec<_> = town.organisations().map(|a| a.slug.clone()).collect();
    assert_eq!(slugs, ["gorod", "gorod-2", "gorod-3"]);
    assert_eq!(town.channels().count(), 18);
    for channel in town.channels().filter(|c| c.organisation() == "gorod-2") {
        channel.post_by_hand("Заголовок", "Текст").unwrap();
    }
    for channel in town.channels() {
        let expected = usize::from(channel.organisation() == "gorod-2");
        assert_eq!(channel.posts().len(), expected, "{}", channel.slug());
    }
}

#[tokio::test]
async fn secrets_are_private_files_and_the_configuration_names_them() {
    let mut town = town().await;
    town.add_organisations(1).await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let secrets = folder.path().join("secrets");
    town.write_secrets(&secrets).unwrap();
    let config = town.config(&ConfigOptions { platforms: Platform::ALL.to_vec(), ..ConfigOptions::default() });
    let named: Vec<_> = config.split("file = \"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
    assert_eq!(named.len(), 2 * 8);
    for name in named {
        let meta = std::fs::metadata(folder.path().join(name)).unwrap();
        assert_eq!(meta.permissions().mode() & 0o777, 0o600, "{name}");
    }
}

#[tokio::test]
async fn a_busy_port_names_the_platform() {
    let busy = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let vk = busy.local_addr().unwrap();
    let error = Town::start(Arc::new(SystemClock), Addresses { vk, ..Addresses::free() }).await.unwrap_err();
    assert_eq!((error.platform, error.address), (Platform::Vk, vk));
}

#[tokio::test]
async fn an_outage_that_ends_leaves_the_lost_reply() {
    let town = town().await;
    assert!(town.lose_next_reply(Platform::Vk) && !town.lose_next_reply(Platform::Manual));
    town.outage(Platform::Vk, true);
    town.outage(Platform::Vk, false);
    let switches = &town.vk().server.switches;
    assert!(switches.take("wall.get").is_none());
    assert_eq!(switches.take("wall.post"), Some(crate::Fault::CommitThenDrop));
}

#[tokio::test]
async fn the_control_face_switches_faults_and_posts_by_hand() {
    let town = Arc::new(town().await);
    let (status, _) = ask(&town, "POST", "/fault", Some(json!({ "platform": "ok", "fault": "lost_reply" }))).await;
    assert_eq!(status, 200);
    assert_eq!(town.ok().server.switches.take("mediatopic.post"), Some(crate::Fault::CommitThenDrop));
    let (_, posted) = ask(&town, "POST", "/hand", Some(json!({ "platform": "max", "text": "Вручную" }))).await;
    let (_, all) = ask(&town, "GET", "/", None).await;
    assert_eq!(all["channels"][0]["posts"][0]["id"], posted["id"]);
    let gone = json!({ "platform": "max", "id": posted["id"], "delete": true });
    assert_eq!(ask(&town, "POST", "/hand", Some(gone.clone())).await.0, 200);
    assert_eq!(ask(&town, "POST", "/hand", Some(gone)).await.0, 422);
    let far = json!({ "platform": "vk", "ahead_seconds": i64::MAX });
    assert_eq!(ask(&town, "POST", "/clock", Some(far)).await.0, 422);
    assert_eq!(ask(&town, "POST", "/fault", Some(json!({ "platform": "moon" }))).await.0, 422);
}

#[tokio::test]
async fn every_platform_shows_its_channel_to_readers() {
    let clock: Arc<dyn Clock> = Arc::new(SetClock::at("2026-11-23T06:00:00Z".parse().unwrap()));
    let town = Town::start(clock, Addresses::free()).await.unwrap();
    for channel in town.channels() {
        channel.post_by_hand("Новость <b>", "Текст & <script>alert(1)</script>").unwrap();
    }
    let http = vestnik_contract::http::Http::new(None).unwrap();
    for platform in Platform::ALL {
        let address = town.reader_address(platform);
        let reply = http.send(http.get(address.as_str())).await.unwrap();
        let page = String::from_utf8_lossy(&reply.body).into_owned();
        assert_eq!(page.matches("<article>").count(), 1, "{platform}: {page}");
        assert!(page.contains("09:00:00 МСК") && !page.contains("<script"), "{platform}: {page}");
    }
}
