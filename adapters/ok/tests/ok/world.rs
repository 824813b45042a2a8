//! A group on a loopback OK, and an adapter for it.

use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;
use vestnik_contract::conformance::{Seen, Trouble, World};
use vestnik_contract::{
    Adapter, ChannelSettings as _, Clock, Content, Context, DeliveryKey, Prepared, Purpose, RemoteId, Renewals,
    SystemClock,
};
use vestnik_ok::Settings;
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;
use vestnik_sandbox::ok::{Group, OkSandbox, Role};

pub(crate) const GROUP: &str = "53038939046008";
pub(crate) const USER: &str = "580000000001";
pub(crate) const KEY: &str = "CBAEXAMPLEKEY";
pub(crate) const SECRET: &str = "A1B2C3D4E5F6";
pub(crate) const TOKEN: &str = "tkn1AbCdEfGh";
pub(crate) const REFRESH: &str = "rfr1+/ZyXwVu==";
pub(crate) const RIGHTS: [&str; 3] = ["VALUABLE_ACCESS", "GROUP_CONTENT", "PHOTO_CONTENT"];

/// The method that a topic is published by.
pub(crate) const POST: &str = "mediatopic.post";

/// A world with one group, its administrator's token, and the folder with the secrets.
pub(crate) struct OkWorld {
    pub(crate) sandbox: OkSandbox,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) folder: TempDir,
    pub(crate) client_id: String,
    pub(crate) renewals: Renewals,
}

impl OkWorld {
    pub(crate) async fn start() -> Self {
        Self::start_at(Arc::new(SystemClock)).await
    }

    pub(crate) async fn start_at(clock: Arc<dyn Clock>) -> Self {
        let sandbox = OkSandbox::start("127.0.0.1:0".parse().unwrap(), clock.clone()).await.unwrap();
        let client_id = sandbox.add_application(KEY, SECRET);
        sandbox.add_token(TOKEN, USER, &RIGHTS, None);
        let folder = tempfile::tempdir().unwrap();
        for (name, secret) in [("secret", SECRET), ("token", TOKEN), ("refresh", REFRESH)] {
            std::fs::write(folder.path().join(name), secret).unwrap();
        }
        let world = Self { sandbox, clock, folder, client_id, renewals: Renewals::default() };
        world.set_role(Role::Admin);
        world
    }

    /// Founds the group anew, with the token's user in this role.
    pub(crate) fn set_role(&self, role: Role) {
        let group = Group {
            id: GROUP.into(), name: "Администрация города".into(), short_name: Some("gorod".into())
        };
        self.sandbox.add_group(group, [(USER, role)]);
    }

    /// The channel's entry, with some keys set otherwise.
    pub(crate) fn settings(&self, changes: &Value) -> Settings {
        let url = self.sandbox.server.url();
        let mut entry = json!({
            "group_id": GROUP,
            "application_key": KEY,
            "application_secret_key": {"file": "secret"},
            "access_token": {"file": "token"},
            "base_url": url.as_str(),
        });
        for (key, value) in changes.as_object().unwrap() {
            entry[key] = value.clone();
        }
        serde_json::from_value(entry).unwrap()
    }

    /// An adapter with some settings set otherwise.
    pub(crate) fn adapter_with(&self, changes: &Value) -> Arc<dyn Adapter> {
        let context = Context {
            clock: self.clock.clone(),
            base_dir: self.folder.path().to_owned(),
            allow_private_addresses: false,
            renewals: self.renewals.of("gorod-ok"),
        };
        self.settings(changes).open(&context).unwrap()
    }

    /// An adapter that renews its token.
    pub(crate) fn renewing_adapter(&self) -> Arc<dyn Adapter> {
        let refresh = json!({"refresh_token": {"file": "refresh"}, "client_id": self.client_id});
        self.adapter_with(&json!({ "refresh": refresh }))
    }

    /// The next call of a method is answered with an error of the API, and has no effect.
    pub(crate) fn refuse(&self, method: &str, code: i64, message: &str) {
        self.sandbox.server.switches.next(method, Fault::Refuse(error(code, message)));
    }

    /// How often a method was called so far.
    pub(crate) fn calls(&self, method: &str) -> usize {
        self.sandbox.server.calls(method)
    }
}

/// An error as OK writes it, inside HTTP 200.
pub(crate) fn error(code: i64, message: &str) -> Canned {
    Canned::json(200, &json!({"error_code": code, "error_data": null, "error_msg": message}))
}

/// A news item.
pub(crate) fn content(title: &str) -> Content {
    Content {
        title: title.into(),
        body: "С 10:00 до 18:00 **не будет воды** на улицах Ленина и Мира. Подвоз — у школы № 2.".into(),
        link: None,
        tags: vec!["новости".into()],
        media: Vec::new(),
        footer: Some("Мы в MAX: https://max.ru/gorod".into()),
    }
}

/// The delivery that these tests are about.
pub(crate) fn key() -> DeliveryKey {
    DeliveryKey { delivery: Uuid::from_u128(0x5eed), revision: 1 }
}

/// Prepares a topic.
pub(crate) async fn prepare(adapter: &dyn Adapter, content: &Content, earlier: Option<&Prepared>) -> Prepared {
    let post = adapter.render(content).unwrap();
    adapter.prepare(&post, &key(), Purpose::Publish, earlier).await.unwrap()
}

impl World for OkWorld {
    fn adapter(&self) -> Arc<dyn Adapter> {
        self.adapter_with(&json!({}))
    }

    fn posts(&self) -> Vec<Seen> {
        let topics = self.sandbox.topics(GROUP).into_iter();
        topics
            .map(|topic| Seen {
                url: format!("https://ok.ru/group/{GROUP}/topic/{}", topic.id).parse().ok(),
                id: RemoteId(topic.id),
                text: topic.text,
                media: topic.media,
            })
            .collect()
    }

    fn trouble(&self, trouble: Trouble) {
        let fault = match trouble {
            Trouble::LostRequest => Fault::DropBefore,
            Trouble::LostReply => Fault::CommitThenDrop,
            Trouble::Rubbish => Fault::CommitThenAnswer(Canned::html(502)),
            Trouble::HalfAnAnswer => Fault::Truncate,
            Trouble::Refused => Fault::Refuse(error(454, "CENSOR_MATCH : text matched the censor")),
            Trouble::RateLimited(Some(seconds)) => {
                Fault::Refuse(error(8, "FLOOD_BLOCKED : too often").retry_after(seconds))
            }
            Trouble::RateLimited(None) => Fault::Refuse(error(11, "LIMIT_REACHED : used up")),
            Trouble::Unauthorised => return self.sandbox.revoke_token(TOKEN),
        };
        self.sandbox.server.switches.next(POST, fault);
    }

    fn delete_by_hand(&self, id: &RemoteId) {
        assert!(self.sandbox.delete_by_hand(&id.0), "topic {id} is there");
    }

    fn edit_by_hand(&self, id: &RemoteId, text: &str) {
        assert!(self.sandbox.edit_by_hand(&id.0, text), "topic {id} is there");
    }

    fn post_by_hand(&self, text: &str) -> RemoteId {
        RemoteId(self.sandbox.post_by_hand(GROUP, text))
    }

    fn set_clock_ahead(&self, by: TimeDelta) {
        self.sandbox.server.clock.set_ahead(by);
    }

    fn send_date(&self, on: bool) {
        self.sandbox.server.clock.send_date_header(on);
    }

    fn secrets(&self) -> Vec<String> {
        vec![SECRET.into(), TOKEN.into(), "ae8a288912f79c1e909c16bb774734cf".into()]
    }
}
