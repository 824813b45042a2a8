//! An office with its platforms in memory, on a clock that is set.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, Utc};
use vestnik::config::Config;
use vestnik::domain::{PostId, State};
use vestnik::office::{Office, QueueOptions};
use vestnik::release::{Daemon, Settings};
use vestnik::store::Store;
use vestnik_contract::{Clock, SetClock};
use vestnik_sandbox::max::{Channel, MaxSandbox};
use vestnik_sandbox::vk::{Group, Kind, VkSandbox};
use vestnik_sandbox::wordpress::WordPressSandbox;

pub const CHAT: i64 = -71_768_670_111_751;
pub const GROUP: i64 = 225_000_001;

pub struct Town {
    pub max: MaxSandbox,
    pub vk: VkSandbox,
    pub site: WordPressSandbox,
    pub clock: Arc<SetClock>,
    pub office: Office,
    pub daemon: Daemon,
    dir: tempfile::TempDir,
    starts: u32,
}

/// Monday 09:00 in Moscow.
pub fn morning() -> DateTime<Utc> {
    "2026-11-23T06:00:00Z".parse().unwrap()
}

impl Town {
    pub async fn new() -> Self {
        Self::with("").await
    }

    /// A town whose configuration begins with `head`.
    pub async fn with(head: &str) -> Self {
        let clock = Arc::new(SetClock::at(morning()));
        let any = "127.0.0.1:0".parse().unwrap();
        let max = MaxSandbox::start(any, clock.clone(), "max-secret").await.unwrap();
        max.add_channel(Channel {
            chat_id: CHAT,
            title: "Город".into(),
            link_name: Some("gorod".into()),
            ..Channel::default()
        });
        let vk = VkSandbox::start(any, clock.clone()).await.unwrap();
        vk.add_group(Group::new(GROUP, "Город"));
        vk.add_token("vk-community-secret", Kind::Community { group: GROUP }, !0);
        vk.add_token("vk-service-secret", Kind::Service, !0);
        vk.add_token("vk-user-secret", Kind::User { id: 7, manages: vec![GROUP] }, !0);
        let site = WordPressSandbox::start(any, clock.clone(), "vestnik", "site-secret").await.unwrap();
        let dir = tempfile::tempdir().unwrap();
        for (name, secret) in [
            ("max", "max-secret"),
            ("vk-c", "vk-community-secret"),
            ("vk-s", "vk-service-secret"),
            ("vk-u", "vk-user-secret"),
            ("site", "site-secret"),
        ] {
            std::fs::write(dir.path().join(name), secret).unwrap();
        }
        let config = format!(
            r#"{head}
[store]
url = "sqlite:vestnik.db"
[[organisation]]
slug = "gorod"
name = "Администрация города"
time_zone = "Europe/Moscow"
[[organisation.channel]]
slug = "gorod-max"
platform = "max"
primary = true
chat_id = {CHAT}
token = {{ file = "max" }}
base_url = "{max}"
[[organisation.channel]]
slug = "gorod-vk"
platform = "vk"
footer = "Первыми узнают в MAX: {{primary_url}}"
group_id = {GROUP}
community_token = {{ file = "vk-c" }}
service_token = {{ file = "vk-s" }}
user_token = {{ file = "vk-u" }}
base_url = "{vk}"
[[organisation.channel]]
slug = "gorod-site"
platform = "wordpress"
url = "{site}"
user = "vestnik"
application_password = {{ file = "site" }}
"#,
            max = max.server.url().as_str().trim_end_matches('/'),
            vk = vk.server.url().as_str().trim_end_matches('/'),
            site = site.server.url().as_str().trim_end_matches('/'),
        );
        std::fs::write(dir.path().join("config.toml"), config).unwrap();
        let (office, daemon) = open(dir.path().join("config.toml"), &clock, 0).await;
        Self { max, vk, site, clock, office, daemon, dir, starts: 0 }
    }

    /// The daemon dies (calls in flight are cut) and starts again on the same database.
    pub async fn kill_and_restart(&mut self) {
        self.daemon.stop(Duration::ZERO).await;
        self.restart().await;
    }

    pub async fn restart(&mut self) {
        self.starts += 1;
        let store = self.office.store.clone();
        store.close().await;
        (self.office, self.daemon) = open(self.dir.path().join("config.toml"), &self.clock, self.starts).await;
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    pub fn store(&self) -> &Store {
        &self.office.store
    }

    pub fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, text).unwrap();
        path
    }

    /// Queues a post whose front matter holds `more` beside its title.
    pub async fn queue_with(&self, title: &str, more: &str) -> PostId {
        let file = self.file("post.md", &format!("---\ntitle: {title}\n{more}\n---\nТекст новости «{title}».\n"));
        self.office.queue(&file, QueueOptions { by: "Офицер".into(), ..QueueOptions::default() }).await.unwrap().id
    }

    pub async fn queue(&self, title: &str) -> PostId {
        self.queue_with(title, "").await
    }

    pub async fn edit(&self, id: PostId, title: &str) -> u32 {
        let file = self.file("edit.md", &format!("---\ntitle: {title}\n---\nНовый текст «{title}».\n"));
        self.office.edit(id, &file, "Офицер").await.unwrap()
    }

    /// Lets time pass as the daemon would see it.
    pub async fn pass(&self, time: Duration) {
        pass(&self.daemon, &self.clock, time).await;
    }

    /// Time until the post is out in MAX.
    pub async fn settle_now(&self) {
        self.pass(Duration::from_secs(1)).await;
    }

    pub fn on_max(&self) -> Vec<(String, DateTime<Utc>)> {
        self.max.posts(CHAT).iter().map(|p| (p.text.clone(), p.at)).collect()
    }

    pub fn on_vk(&self) -> Vec<(String, DateTime<Utc>)> {
        self.vk.posts(GROUP).iter().map(|p| (p.text.clone(), p.date)).collect()
    }

    pub fn on_site(&self) -> Vec<(String, DateTime<Utc>)> {
        self.site.posts().iter().map(|p| (p.text.clone(), p.post.date)).collect()
    }

    pub async fn state(&self, id: PostId, channel: &str) -> State {
        let view = self.store().post_view(id).await.unwrap();
        view.deliveries
            .iter()
            .filter(|d| d.delivery.channel == channel)
            .max_by_key(|d| d.delivery.number)
            .unwrap()
            .delivery
            .state
    }

    /// Why a delivery waits for a person.
    pub async fn stop_reason(&self, id: PostId, channel: &str) -> Option<String> {
        let view = self.store().post_view(id).await.unwrap();
        view.deliveries.into_iter().find(|d| d.delivery.channel == channel).and_then(|d| d.delivery.stop_reason)
    }
}

pub async fn open(config: PathBuf, clock: &Arc<SetClock>, starts: u32) -> (Office, Daemon) {
    let clock: Arc<dyn Clock> = clock.clone();
    let office = Office::open(Config::load(&config).unwrap(), clock.clone()).await.unwrap();
    let settings = Settings {
        hold: office.config.hold,
        speed: 1.0,
        instance: format!("test-{starts}"),
        seed: u64::from(starts),
        horizon: Duration::from_secs(86_400 * 60),
    };
    let daemon = Daemon::new(office.store.clone(), office.channels.clone(), clock, settings);
    (office, daemon)
}

/// Lets time pass as a daemon would see it.
pub async fn pass(daemon: &Daemon, clock: &SetClock, time: Duration) {
    let end = clock.now() + time;
    for _ in 0..20_000 {
        let wake = daemon.tick(clock.now()).await.unwrap();
        if wake.working {
            daemon.settle().await;
            continue;
        }
        match wake.at {
            Some(at) if at <= end => clock.set(at),
            _ => {
                clock.set(end);
                return;
            }
        }
    }
    panic!("the daemon finds no rest");
}

pub const HOUR: Duration = Duration::from_secs(3600);
pub const MINUTE: Duration = Duration::from_secs(60);
