//! The sandbox's plain site with an adapter that looks at it.

#![allow(dead_code, reason = "each test file uses a part")]
#![allow(clippy::unwrap_used, reason = "a failed test panics")]

use std::net::SocketAddr;
use std::sync::Arc;

use chrono::TimeDelta;
use vestnik_contract::conformance::{Seen, Trouble, World};
use vestnik_contract::{Adapter, ChannelSettings as _, Context, RemoteId, SystemClock};
use vestnik_manual::Settings;
use vestnik_sandbox::WorldClock;
use vestnik_sandbox::manual::ManualSandbox;

pub(crate) struct Site {
    pub(crate) sandbox: ManualSandbox,
    pub(crate) adapter: Arc<dyn Adapter>,
}

impl Site {
    /// A site with a channel under `/gorod`.
    pub(crate) async fn start() -> Self {
        Self::with("").await
    }

    /// A site whose channel has more settings (JSON members, beginning with a comma).
    pub(crate) async fn with(extra: &str) -> Self {
        let address = SocketAddr::from(([127, 0, 0, 1], 0));
        let sandbox = ManualSandbox::start(address, WorldClock::new(Arc::new(SystemClock))).await.unwrap();
        let adapter = open(sandbox.address("/gorod").as_str(), true, extra);
        Self { sandbox, adapter }
    }
}

/// An adapter for the channel at `site`.
pub(crate) fn open(site: &str, allow_private_addresses: bool, extra: &str) -> Arc<dyn Adapter> {
    let settings: Settings = serde_json::from_str(&format!(r#"{{"site":"{site}"{extra}}}"#)).unwrap();
    settings
        .open(&Context {
            clock: Arc::new(SystemClock),
            base_dir: ".".into(),
            allow_private_addresses,
            renewals: vestnik_contract::Renewals::default(),
        })
        .unwrap()
}

fn paragraphs(text: &str) -> String {
    let escaped = vestnik_contract::markdown::escape_html(text);
    format!("<p>{}</p>", escaped.replace("\n\n", "</p><p>").replace('\n', "<br>"))
}

fn path(id: &RemoteId) -> String {
    id.0.parse::<url::Url>().unwrap().path().to_owned()
}

impl World for Site {
    fn adapter(&self) -> Arc<dyn Adapter> {
        self.adapter.clone()
    }

    fn posts(&self) -> Vec<Seen> {
        let seen = |page: vestnik_sandbox::manual::Page| {
            let url = self.sandbox.address(&page.path);
            let text =
                page.html.replace("</p><p>", "\n\n").replace("<br>", "\n").replace("<p>", "").replace("</p>", "");
            Seen { id: RemoteId(url.to_string()), text, media: 0, url: Some(url) }
        };
        self.sandbox.pages().into_iter().map(seen).collect()
    }

    fn trouble(&self, _: Trouble) {
        unreachable!("nothing irreversible is ever called");
    }

    fn delete_by_hand(&self, id: &RemoteId) {
        assert!(self.sandbox.delete_page(&path(id)));
    }

    fn edit_by_hand(&self, id: &RemoteId, text: &str) {
        assert!(self.sandbox.edit_page(&path(id), "Изменено", &paragraphs(text)));
    }

    fn post_by_hand(&self, text: &str) -> RemoteId {
        let place = format!("/gorod/{}", self.sandbox.pages().len() + 1);
        RemoteId(self.sandbox.publish_page(&place, "Новость", &paragraphs(text)).into())
    }

    fn set_clock_ahead(&self, by: TimeDelta) {
        self.sandbox.server.clock.set_ahead(by);
    }

    fn send_date(&self, on: bool) {
        self.sandbox.server.clock.send_date_header(on);
    }

    fn secrets(&self) -> Vec<String> {
        Vec::new()
    }
}
