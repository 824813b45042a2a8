//! A VK world with one community of ours, and adapters for it.
#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses its part, and a failed step panics")]

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;
use vestnik_contract::conformance::{Seen, Trouble, World};
use vestnik_contract::{
    Adapter, ChannelSettings as _, Clock, Content, Context, DeliveryKey, Prepared, Purpose, RemoteId, Renewals,
    SetClock, SettingsError, SystemClock,
};
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;
use vestnik_sandbox::vk::{Group, Kind, VkSandbox, canned_error, rights};
use vestnik_vk::Settings;

pub(crate) const GROUP: i64 = 230_001;
pub(crate) const COMMUNITY: &str = "vk1.a.community-key";
pub(crate) const SERVICE: &str = "service-key-0001";
pub(crate) const USER: &str = "vk2.a.user-token";
pub(crate) const REFRESH: &str = "vk2.a.refresh-token";
pub(crate) const USER_ID: i64 = 77;

/// The world, its clock and the folder with the tokens.
pub(crate) struct Office {
    pub(crate) vk: VkSandbox,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) folder: tempfile::TempDir,
    pub(crate) renewals: Renewals,
}

impl Office {
    /// A community with all three tokens, on the machine's clock.
    pub(crate) async fn start() -> Self {
        Self::start_at(Arc::new(SystemClock)).await
    }

    /// The same on a clock that the test sets.
    pub(crate) async fn start_on(clock: &Arc<SetClock>) -> Self {
        Self::start_at(Arc::clone(clock) as Arc<dyn Clock>).await
    }

    async fn start_at(clock: Arc<dyn Clock>) -> Self {
        let vk = VkSandbox::start("127.0.0.1:0".parse().unwrap(), Arc::clone(&clock)).await.unwrap();
        vk.add_group(Group::new(GROUP, "Администрация города"));
        vk.add_token(COMMUNITY, Kind::Community { group: GROUP }, rights::ALL);
        vk.add_token(SERVICE, Kind::Service, 0);
        vk.add_token(USER, Kind::User { id: USER_ID, manages: vec![GROUP] }, rights::ALL);
        let folder = tempfile::tempdir().unwrap();
        for (name, token) in [("community", COMMUNITY), ("service", SERVICE), ("user", USER), ("refresh", REFRESH)] {
            std::fs::write(folder.path().join(name), token).unwrap();
        }
        Self { vk, clock, folder, renewals: Renewals::default() }
    }

    /// Settings with these tokens; `more` is laid over them.
    pub(crate) fn settings(&self, tokens: &[&str], more: &Value) -> Settings {
        let url = self.vk.server.url();
        let mut settings = json!({ "group_id": GROUP, "base_url": url });
        for token in tokens {
            settings[format!("{token}_token")] = json!({ "file": token });
        }
        for (key, value) in more.as_object().unwrap() {
            settings[key] = value.clone();
        }
        serde_json::from_value(settings).unwrap()
    }

    pub(crate) fn open(&self, settings: Settings) -> Result<Arc<dyn Adapter>, SettingsError> {
        settings.open(&Context {
            clock: Arc::clone(&self.clock),
            base_dir: self.folder.path().to_owned(),
            allow_private_addresses: true,
            renewals: self.renewals.of("gorod-vk"),
        })
    }

    /// An adapter with these tokens.
    pub(crate) fn with(&self, tokens: &[&str]) -> Arc<dyn Adapter> {
        self.open(self.settings(tokens, &json!({}))).unwrap()
    }

    pub(crate) fn count(&self) -> usize {
        self.vk.posts(GROUP).len()
    }
}

impl World for Office {
    fn adapter(&self) -> Arc<dyn Adapter> {
        self.with(&["community", "service", "user"])
    }

    fn posts(&self) -> Vec<Seen> {
        let seen = |post: vestnik_sandbox::vk::Post| Seen {
            id: RemoteId(post.id.to_string()),
            url: format!("https://vk.com/wall-{GROUP}_{}", post.id).parse().ok(),
            media: post.attachments.iter().filter(|a| a.kind() != "link").count(),
            text: post.text,
        };
        self.vk.posts(GROUP).into_iter().map(seen).collect()
    }

    fn trouble(&self, trouble: Trouble) {
        let switch = |fault| self.vk.server.switches.next("wall.post", fault);
        match trouble {
            Trouble::LostRequest => switch(Fault::DropBefore),
            Trouble::LostReply => switch(Fault::CommitThenDrop),
            Trouble::Rubbish => switch(Fault::CommitThenAnswer(Canned::html(502))),
            Trouble::HalfAnAnswer => switch(Fault::Truncate),
            Trouble::Refused => switch(Fault::Refuse(canned_error(222, "Hyperlinks are forbidden"))),
            Trouble::RateLimited(seconds) => {
                let busy = canned_error(6, "Too many requests per second");
                switch(Fault::Refuse(match seconds {
                    Some(seconds) => busy.retry_after(seconds),
                    None => Canned { status: 429, ..Canned::html(429) },
                }));
            }
            Trouble::Unauthorised => self.vk.revoke_token(COMMUNITY),
        }
    }

    fn delete_by_hand(&self, id: &RemoteId) {
        self.vk.delete_by_hand(GROUP, id.0.parse().unwrap());
    }

    fn edit_by_hand(&self, id: &RemoteId, text: &str) {
        self.vk.edit_by_hand(GROUP, id.0.parse().unwrap(), text);
    }

    fn post_by_hand(&self, text: &str) -> RemoteId {
        RemoteId(self.vk.post_by_hand(GROUP, text).unwrap().to_string())
    }

    fn set_clock_ahead(&self, by: TimeDelta) {
        self.vk.server.clock.set_ahead(by);
    }

    fn send_date(&self, on: bool) {
        self.vk.server.clock.send_date_header(on);
    }

    fn secrets(&self) -> Vec<String> {
        [COMMUNITY, SERVICE, USER, REFRESH].map(ToOwned::to_owned).to_vec()
    }
}

pub(crate) fn content(title: &str) -> Content {
    Content {
        title: title.into(),
        body: "Воды **не будет** до вечера.".into(),
        link: None,
        tags: vec!["вода".into()],
        media: Vec::new(),
        footer: Some("Мы в MAX: https://max.ru/gorod".into()),
    }
}

pub(crate) fn key(n: u128) -> DeliveryKey {
    DeliveryKey { delivery: Uuid::from_u128(n), revision: 1 }
}

pub(crate) async fn prepare(adapter: &dyn Adapter, content: &Content, earlier: Option<&Prepared>) -> Prepared {
    let post = adapter.render(content).unwrap();
    adapter.prepare(&post, &key(1), Purpose::Publish, earlier).await.unwrap()
}
