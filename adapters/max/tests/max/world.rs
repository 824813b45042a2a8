//! A MAX with one channel, and an adapter for it.

use std::net::SocketAddr;
use std::sync::Arc;

use chrono::TimeDelta;
use uuid::Uuid;
use vestnik_contract::conformance::{Seen, Trouble, World};
use vestnik_contract::{
    Adapter, ChannelSettings as _, Content, Context, DeliveryKey, Media, Prepared, PublishError, Purpose, Receipt,
    RemoteId, SetClock,
};
use vestnik_max::Settings;
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;
use vestnik_sandbox::max::{Channel, MaxSandbox};

pub(crate) const CHAT: i64 = -71_768_670_111_751;
const TOKEN: &str = "f9LHodD0cOL-token-of-the-bot_9iUQ";

/// The world, the channel in it, and the folder of the configuration.
pub(crate) struct City {
    pub(crate) max: MaxSandbox,
    pub(crate) clock: Arc<SetClock>,
    pub(crate) base_dir: tempfile::TempDir,
}

impl City {
    pub(crate) async fn start() -> Self {
        let clock = Arc::new(SetClock::at("2026-11-22T09:00:00Z".parse().unwrap()));
        let any = SocketAddr::from(([127, 0, 0, 1], 0));
        let max = MaxSandbox::start(any, clock.clone(), TOKEN).await.unwrap();
        max.add_channel(Channel { chat_id: CHAT, ..Channel::default() });
        let base_dir = tempfile::tempdir().unwrap();
        std::fs::write(base_dir.path().join("token"), TOKEN).unwrap();
        Self { max, clock, base_dir }
    }

    pub(crate) fn context(&self) -> Context {
        Context {
            clock: self.clock.clone(),
            base_dir: self.base_dir.path().to_owned(),
            allow_private_addresses: false,
            renewals: vestnik_contract::Renewals::default(),
        }
    }

    /// The channel's entry in the configuration, with changes.
    pub(crate) fn settings(&self, changes: serde_json::Value) -> Settings {
        let mut entry = serde_json::json!({
            "chat_id": CHAT,
            "token": { "file": "token" },
            "base_url": self.max.server.url(),
        });
        if let (Some(entry), serde_json::Value::Object(changes)) = (entry.as_object_mut(), changes) {
            entry.extend(changes);
        }
        serde_json::from_value(entry).unwrap()
    }

    pub(crate) fn next(&self, call: &str, fault: Fault) {
        self.max.server.switches.next(call, fault);
    }
}

pub(crate) fn content(title: &str) -> Content {
    Content {
        title: title.into(),
        body: "Подробности — **завтра**.".into(),
        link: None,
        tags: Vec::new(),
        media: Vec::new(),
        footer: None,
    }
}

pub(crate) fn with_media(title: &str, media: Vec<Media>) -> Content {
    Content { media, ..content(title) }
}

pub(crate) fn key() -> DeliveryKey {
    DeliveryKey { delivery: Uuid::from_u128(7), revision: 1 }
}

pub(crate) async fn prepare(adapter: &dyn Adapter, content: &Content) -> Result<Prepared, PublishError> {
    let post = adapter.render(content).unwrap();
    adapter.prepare(&post, &key(), Purpose::Publish, None).await
}

pub(crate) async fn publish(adapter: &dyn Adapter, content: &Content) -> Result<Receipt, PublishError> {
    adapter.publish(&prepare(adapter, content).await?).await
}

pub(crate) fn refuse(status: u16, code: &str) -> Fault {
    Fault::Refuse(Canned::json(status, &serde_json::json!({ "code": code, "message": "as the test wants it" })))
}

impl World for City {
    fn adapter(&self) -> Arc<dyn Adapter> {
        self.settings(serde_json::json!({})).open(&self.context()).unwrap()
    }

    fn posts(&self) -> Vec<Seen> {
        let seen = |post: vestnik_sandbox::max::Post| Seen {
            id: RemoteId(post.mid()),
            media: post.media(),
            text: post.text,
            url: post.url,
        };
        self.max.posts(CHAT).into_iter().map(seen).collect()
    }

    fn trouble(&self, trouble: Trouble) {
        let fault = match trouble {
            Trouble::LostRequest => Fault::DropBefore,
            Trouble::LostReply => Fault::CommitThenDrop,
            Trouble::Rubbish => Fault::CommitThenAnswer(Canned::html(502)),
            Trouble::HalfAnAnswer => Fault::Truncate,
            Trouble::Refused => refuse(400, "proto.payload"),
            Trouble::RateLimited(after) => {
                let body = serde_json::json!({ "code": "too.many.requests", "message": "Too many requests" });
                Fault::Refuse(Canned { retry_after: after, ..Canned::json(429, &body) })
            }
            Trouble::Unauthorised => return self.max.revoke_token(),
        };
        self.next("POST /messages", fault);
    }

    fn delete_by_hand(&self, id: &RemoteId) {
        assert!(self.max.delete_by_hand(&id.0), "{id} stood");
    }

    fn edit_by_hand(&self, id: &RemoteId, text: &str) {
        assert!(self.max.edit_by_hand(&id.0, text), "{id} stood");
    }

    fn post_by_hand(&self, text: &str) -> RemoteId {
        RemoteId(self.max.post_by_hand(CHAT, text).expect("the channel is there"))
    }

    fn set_clock_ahead(&self, by: TimeDelta) {
        self.max.server.clock.set_ahead(by);
    }

    fn send_date(&self, on: bool) {
        self.max.server.clock.send_date_header(on);
    }

    fn secrets(&self) -> Vec<String> {
        vec![TOKEN.to_owned()]
    }
}
