//! An office with a MAX channel but no bot: a person publishes there, and the hold runs from when they say so.

use std::sync::{Arc, Mutex};

use chrono::TimeDelta;
use url::Url;
use vestnik::domain::{HoldLength, PostId, State};
use vestnik::office::{Office, QueueOptions};
use vestnik::release::{Daemon, Resolution, resolve};
use vestnik_contract::{Clock as _, SetClock};
use vestnik_sandbox::WorldClock;
use vestnik_sandbox::manual::ManualSandbox;
use vestnik_sandbox::vk::{Group, Kind, VkSandbox};

use crate::town::{GROUP, HOUR, MINUTE, morning, open, pass};

struct ByHand {
    max: ManualSandbox,
    vk: VkSandbox,
    clock: Arc<SetClock>,
    office: Office,
    daemon: Daemon,
    dir: tempfile::TempDir,
}

impl ByHand {
    async fn new() -> Self {
        let clock = Arc::new(SetClock::at(morning()));
        let any = "127.0.0.1:0".parse().unwrap();
        let max = ManualSandbox::start(any, WorldClock::new(clock.clone())).await.unwrap();
        let vk = VkSandbox::start(any, clock.clone()).await.unwrap();
        vk.add_group(Group::new(GROUP, "Город"));
        vk.add_token("vk-community-secret", Kind::Community { group: GROUP }, !0);
        vk.add_token("vk-service-secret", Kind::Service, !0);
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("vk-c"), "vk-community-secret").unwrap();
        std::fs::write(dir.path().join("vk-s"), "vk-service-secret").unwrap();
        let config = format!(
            r#"
[store]
url = "sqlite:vestnik.db"
[network]
allow_private_addresses = true
[[organisation]]
slug = "selo"
name = "Администрация села"
time_zone = "Asia/Yekaterinburg"
[[organisation.channel]]
slug = "selo-max"
platform = "manual"
primary = true
site = "{max}"
stands_for_max = true
[[organisation.channel]]
slug = "selo-vk"
platform = "vk"
footer = "Сначала в MAX: {{primary_url}}"
group_id = {GROUP}
community_token = {{ file = "vk-c" }}
service_token = {{ file = "vk-s" }}
base_url = "{vk}"
"#,
            max = max.address("/selo"),
            vk = vk.server.url().as_str().trim_end_matches('/'),
        );
        std::fs::write(dir.path().join("config.toml"), config).unwrap();
        let (office, daemon) = open(dir.path().join("config.toml"), &clock, 0).await;
        Self { max, vk, clock, office, daemon, dir }
    }

    async fn queue(&self) -> PostId {
        let file = self.dir.path().join("post.md");
        std::fs::write(&file, "---\ntitle: Сход граждан\n---\nВ клубе в 18:00.\n").unwrap();
        self.office.queue(&file, QueueOptions { by: "Староста".into(), ..Default::default() }).await.unwrap().id
    }

    async fn enter(&self, id: PostId, url: &Url) -> Result<State, String> {
        let word = (Resolution::Published(url.clone()), "Староста");
        let (store, channels) = (&self.office.store, &self.office.channels);
        resolve(store, channels, &*self.clock, HoldLength::DEFAULT, (id, "selo-max"), word)
            .await
            .map_err(|e| e.to_string())
    }

    async fn todo(&self) -> String {
        let list = self.office.store.attention(self.clock.now()).await.unwrap();
        list.into_iter().map(|a| format!("{}: {} → {}\n", a.kind, a.what, a.todo)).collect()
    }
}

/// What is logged, for everyone who reads the log.
#[derive(Debug, Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl std::io::Write for Log {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

#[tokio::test]
async fn work_for_a_person_is_nothing_to_warn_of_and_its_words_stay_out_of_the_log() {
    let log = Log::default();
    let writer = log.clone();
    let subscriber = tracing_subscriber::fmt().with_ansi(false).with_writer(move || writer.clone()).finish();
    let _here = tracing::subscriber::set_default(subscriber);
    let town = ByHand::new().await;
    town.queue().await;
    pass(&town.daemon, &town.clock, MINUTE).await;
    let told = String::from_utf8(log.0.lock().unwrap().clone()).unwrap();
    let handed: Vec<_> = told.lines().filter(|line| line.contains("handed to a person")).collect();
    assert!(matches!(*handed, [line] if line.contains("INFO") && line.contains("selo-max")), "{told}");
    assert!(!told.contains("Сход граждан") && !told.contains("WARN"), "{told}");
}

#[tokio::test]
async fn the_hold_runs_from_the_moment_a_person_enters_the_address() {
    let town = ByHand::new().await;
    let id = town.queue().await;
    pass(&town.daemon, &town.clock, MINUTE).await;
    assert!(
        town.todo().await.contains(&format!("vestnik post resolve {id} selo-max --published")),
        "{}",
        town.todo().await
    );

    // Published by hand at once, entered an hour later: the later moment counts.
    let page = town.max.publish_page("/selo/1", "Сход граждан", "<p>В клубе в 18:00.</p>");
    pass(&town.daemon, &town.clock, HOUR).await;
    assert_eq!(town.enter(id, &page).await, Ok(State::Published));
    let entered = town.clock.now();
    pass(&town.daemon, &town.clock, HOUR * 5).await;
    assert!(town.vk.posts(GROUP).is_empty(), "nobody has said yet that it still stands");
    assert!(town.todo().await.contains("still stands"), "{}", town.todo().await);

    assert_eq!(town.enter(id, &page).await, Ok(State::Published));
    pass(&town.daemon, &town.clock, MINUTE).await;
    let out = town.vk.posts(GROUP);
    assert_eq!(out.len(), 1);
    assert!(out[0].date - entered >= TimeDelta::hours(4));
    assert!(out[0].text.contains(page.as_str()), "the footer names the address that was entered: {}", out[0].text);
}

#[tokio::test]
async fn what_a_person_published_counts_by_the_platforms_clock_too() {
    let town = ByHand::new().await;
    let id = town.queue().await;
    pass(&town.daemon, &town.clock, MINUTE).await;
    town.max.server.clock.set_ahead(TimeDelta::hours(2));
    let page = town.max.publish_page("/selo/1", "Сход граждан", "<p>В клубе в 18:00.</p>");
    assert_eq!(town.enter(id, &page).await, Ok(State::Published));
    let entered = town.clock.now() + TimeDelta::hours(2);
    pass(&town.daemon, &town.clock, HOUR * 5).await;
    assert!(!town.todo().await.contains("still stands"), "{}", town.todo().await);
    pass(&town.daemon, &town.clock, HOUR * 2).await;
    assert_eq!(town.enter(id, &page).await, Ok(State::Published));
    pass(&town.daemon, &town.clock, MINUTE).await;
    assert!(town.vk.posts(GROUP)[0].date - entered >= TimeDelta::hours(4));
}

#[tokio::test]
async fn an_address_of_another_channel_or_of_nothing_is_refused() {
    let town = ByHand::new().await;
    let id = town.queue().await;
    pass(&town.daemon, &town.clock, MINUTE).await;
    for wrong in
        ["https://max.ru/other/1".parse().unwrap(), town.max.address("/elsewhere/1"), town.max.address("/selo/nothing")]
    {
        let refused = town.enter(id, &wrong).await.unwrap_err();
        assert!(refused.contains(wrong.as_str()) || refused.contains("selo"), "{refused}");
    }
    pass(&town.daemon, &town.clock, HOUR * 6).await;
    assert!(town.vk.posts(GROUP).is_empty());
}

#[tokio::test]
async fn one_page_cannot_confirm_two_posts() {
    let town = ByHand::new().await;
    let (first, second) = (town.queue().await, town.queue().await);
    pass(&town.daemon, &town.clock, HOUR).await;
    let page = town.max.publish_page("/selo/1", "Сход граждан", "<p>В клубе в 18:00.</p>");
    assert_eq!(town.enter(first, &page).await, Ok(State::Published));
    let refused = town.enter(second, &page).await.unwrap_err();
    assert!(refused.contains(&first.to_string()), "{refused}");
}

#[tokio::test]
async fn an_edit_is_made_by_hand_and_starts_the_hold_again() {
    let town = ByHand::new().await;
    let id = town.queue().await;
    pass(&town.daemon, &town.clock, MINUTE).await;
    let page = town.max.publish_page("/selo/1", "Сход граждан", "<p>В клубе в 18:00.</p>");
    town.enter(id, &page).await.unwrap();
    pass(&town.daemon, &town.clock, HOUR).await;
    let file = town.dir.path().join("edit.md");
    std::fs::write(&file, "---\ntitle: Сход граждан\n---\nВ школе в 19:00.\n").unwrap();
    town.office.edit(id, &file, "Староста").await.unwrap();
    pass(&town.daemon, &town.clock, HOUR * 4).await;
    assert!(town.vk.posts(GROUP).is_empty(), "the new text is not confirmed");
    town.max.edit_page("/selo/1", "Сход граждан", "<p>В школе в 19:00.</p>");
    town.enter(id, &page).await.unwrap();
    let confirmed = town.clock.now();
    pass(&town.daemon, &town.clock, HOUR * 4 + MINUTE * 2).await;
    town.enter(id, &page).await.unwrap();
    pass(&town.daemon, &town.clock, MINUTE).await;
    let out = town.vk.posts(GROUP);
    assert_eq!(out.len(), 1);
    assert!(out[0].text.contains("19:00") && out[0].date - confirmed >= TimeDelta::hours(4));
}
