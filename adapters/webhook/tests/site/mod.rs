//! The sandbox's site with an adapter that speaks to it.

#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a failed test panics")]

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;

use chrono::TimeDelta;
use vestnik_contract::conformance::{Seen, Trouble, World};
use vestnik_contract::{Adapter, ChannelSettings as _, Clock, Context, RemoteId, SystemClock};
use vestnik_sandbox::WorldClock;
use vestnik_sandbox::faults::{Canned, Fault};
use vestnik_sandbox::webhook::WebhookSandbox;
use vestnik_webhook::Settings;

/// A secret of 24 bytes, as the specification's example.
pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
/// The secret after a change.
pub(crate) const NEW_SECRET: &str = "whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD";

pub(crate) struct Site {
    pub(crate) sandbox: WebhookSandbox,
    pub(crate) adapter: Arc<dyn Adapter>,
    pub(crate) dir: tempfile::TempDir,
}

impl Site {
    pub(crate) async fn start() -> Self {
        Self::with("").await
    }

    /// A site whose channel has more settings (JSON members, beginning with a comma).
    pub(crate) async fn with(extra: &str) -> Self {
        Self::at(Arc::new(SystemClock), extra).await
    }

    /// The same by another clock, ours and the site's.
    pub(crate) async fn at(clock: Arc<dyn Clock>, extra: &str) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let sandbox = WebhookSandbox::start(address, WorldClock::new(clock.clone()), SECRET).await.unwrap();
        let dir = tempfile::tempdir().unwrap();
        std::fs::write(dir.path().join("secret"), SECRET).unwrap();
        std::fs::write(dir.path().join("new_secret"), NEW_SECRET).unwrap();
        let adapter = open(sandbox.receiver().as_str(), clock, dir.path(), extra);
        Self { sandbox, adapter, dir }
    }
}

/// An adapter for the receiver at `url`.
pub(crate) fn open(url: &str, clock: Arc<dyn Clock>, dir: &Path, extra: &str) -> Arc<dyn Adapter> {
    let text = if extra.contains("\"secret\"") { String::new() } else { r#","secret":{"file":"secret"}"#.into() };
    let settings: Settings = serde_json::from_str(&format!(r#"{{"url":"{url}"{text}{extra}}}"#)).unwrap();
    settings
        .open(&Context {
            clock,
            base_dir: dir.into(),
            allow_private_addresses: false,
            renewals: vestnik_contract::Renewals::default(),
        })
        .unwrap()
}

impl World for Site {
    fn adapter(&self) -> Arc<dyn Adapter> {
        self.adapter.clone()
    }

    fn posts(&self) -> Vec<Seen> {
        let seen = |item: vestnik_sandbox::webhook::Item| Seen {
            url: self.sandbox.server.url().join(&format!("/news/{}", item.id)).ok(),
            id: RemoteId(item.id),
            text: format!("{}\n\n{}", item.title, item.text),
            media: item.files.len(),
        };
        self.sandbox.posts().into_iter().map(seen).collect()
    }

    fn trouble(&self, trouble: Trouble) {
        let refusal = |status, error: &str, retryable: bool| {
            Canned::json(
                status,
                &serde_json::json!({ "error": error, "message": "так решил сайт", "retryable": retryable }),
            )
        };
        let fault = match trouble {
            Trouble::LostRequest => Fault::DropBefore,
            Trouble::LostReply => Fault::CommitThenDrop,
            Trouble::Rubbish => Fault::CommitThenAnswer(Canned::html(502)),
            Trouble::HalfAnAnswer => Fault::Truncate,
            Trouble::Refused => Fault::Refuse(refusal(422, "bad_data", false)),
            Trouble::RateLimited(Some(seconds)) => {
                Fault::Refuse(refusal(429, "too_many_requests", true).retry_after(seconds))
            }
            Trouble::RateLimited(None) => Fault::Refuse(refusal(503, "maintenance", true)),
            Trouble::Unauthorised => return self.sandbox.accept_secrets(&[NEW_SECRET]),
        };
        self.sandbox.server.switches.next("post.publish", fault);
    }

    fn delete_by_hand(&self, id: &RemoteId) {
        assert!(self.sandbox.delete_by_hand(id));
    }

    fn edit_by_hand(&self, id: &RemoteId, text: &str) {
        assert!(self.sandbox.edit_by_hand(id, "Изменено", text));
    }

    fn post_by_hand(&self, text: &str) -> RemoteId {
        self.sandbox.post_by_hand("Вручную", text)
    }

    fn set_clock_ahead(&self, by: TimeDelta) {
        // A careful receiver would refuse us (`contract.rs` shows that): this one is not careful.
        self.sandbox.tolerate(by.abs() * 2);
        self.sandbox.server.clock.set_ahead(by);
    }

    fn send_date(&self, on: bool) {
        self.sandbox.server.clock.send_date_header(on);
    }

    fn secrets(&self) -> Vec<String> {
        vec![SECRET.into(), SECRET.trim_start_matches("whsec_").into()]
    }
}
