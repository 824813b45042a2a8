//! The sandbox site as a world of the conformance suite.

use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use chrono::TimeDelta;
use serde_json::json;
use tempfile::TempDir;
use vestnik_contract::conformance::{Seen, Trouble, World};
use vestnik_contract::{Adapter, ChannelSettings as _, Context, RemoteId, SystemClock};
use vestnik_sandbox::Fault;
use vestnik_sandbox::faults::Canned;
use vestnik_sandbox::wordpress::{Permalinks, WordPressSandbox};
use vestnik_wordpress::Settings;

const USER: &str = "vestnik";
pub(crate) const PASSWORD: &str = "abcd EFGH 1234 ijkl MNOP 5678";

pub(crate) struct Site {
    pub(crate) sandbox: WordPressSandbox,
    pub(crate) adapter: Arc<dyn Adapter>,
    _secrets: TempDir,
}

impl Site {
    pub(crate) async fn start() -> Self {
        Self::start_with(json!({}), Permalinks::Pretty).await
    }

    pub(crate) async fn start_with(more: serde_json::Value, permalinks: Permalinks) -> Self {
        let address = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        let sandbox = WordPressSandbox::start(address, Arc::new(SystemClock), USER, PASSWORD).await.unwrap();
        sandbox.set_permalinks(permalinks);
        let secrets = tempfile::tempdir().unwrap();
        std::fs::write(secrets.path().join("password"), PASSWORD).unwrap();
        let mut settings = json!({
            "url": sandbox.server.url(), "user": USER, "application_password": { "file": "password" },
        });
        settings.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        let context = Context {
            clock: Arc::new(SystemClock),
            base_dir: secrets.path().into(),
            allow_private_addresses: true,
            renewals: vestnik_contract::Renewals::default(),
        };
        let adapter = serde_json::from_value::<Settings>(settings).unwrap().open(&context).unwrap();
        Self { sandbox, adapter, _secrets: secrets }
    }
}

pub(crate) fn number(id: &RemoteId) -> u64 {
    id.0.parse().unwrap()
}

impl World for Site {
    fn adapter(&self) -> Arc<dyn Adapter> {
        Arc::clone(&self.adapter)
    }

    fn posts(&self) -> Vec<Seen> {
        let posts = self.sandbox.posts().into_iter();
        posts
            .map(|p| Seen { id: RemoteId(p.post.id.to_string()), text: p.text, media: p.media, url: Some(p.url) })
            .collect()
    }

    fn trouble(&self, trouble: Trouble) {
        let switches = &self.sandbox.server.switches;
        let publish = "POST /posts/{id}";
        let refusal =
            json!({ "code": "rest_invalid_param", "message": "Неверный параметр.", "data": { "status": 400 } });
        match trouble {
            Trouble::LostRequest => switches.next(publish, Fault::DropBefore),
            Trouble::LostReply => switches.next(publish, Fault::CommitThenDrop),
            Trouble::Rubbish => switches.next(publish, Fault::CommitThenAnswer(Canned::html(502))),
            Trouble::HalfAnAnswer => switches.next(publish, Fault::Truncate),
            Trouble::Refused => switches.next(publish, Fault::Refuse(Canned::json(400, &refusal))),
            Trouble::RateLimited(seconds) => {
                let page = Canned::html(429);
                switches.next(publish, Fault::Refuse(seconds.map_or(page.clone(), |s| page.retry_after(s))));
            }
            Trouble::Unauthorised => self.sandbox.revoke_password(),
        }
    }

    fn delete_by_hand(&self, id: &RemoteId) {
        assert!(self.sandbox.delete_by_hand(number(id)));
    }

    fn edit_by_hand(&self, id: &RemoteId, text: &str) {
        assert!(self.sandbox.edit_by_hand(number(id), &format!("<p>{text}</p>")));
    }

    fn post_by_hand(&self, text: &str) -> RemoteId {
        RemoteId(self.sandbox.post_by_hand("От коллеги", text).to_string())
    }

    fn set_clock_ahead(&self, by: TimeDelta) {
        self.sandbox.server.clock.set_ahead(by);
    }

    fn send_date(&self, on: bool) {
        self.sandbox.server.clock.send_date_header(on);
    }

    fn secrets(&self) -> Vec<String> {
        vec![PASSWORD.into(), PASSWORD.replace(' ', "")]
    }
}
