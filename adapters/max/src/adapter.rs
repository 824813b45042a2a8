//! The adapter as vestnik sees it.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use url::Url;
use vestnik_contract::{
    Adapter, AdapterError, Clock, Content, DeliveryKey, DoubtPolicy, Drawn, Found, Health, Limits, Pace, PlatformClock,
    Prepared, PublishError, Purpose, Receipt, RemoteId, RemotePost, Rendered, Sighting, Traits,
};

use crate::client::Client;
use crate::read::by_header;
use crate::render;
use crate::settings::Settings;

/// One channel in MAX.
#[derive(Debug)]
pub struct MaxAdapter {
    pub(crate) client: Client,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: Settings,
}

#[async_trait]
impl Adapter for MaxAdapter {
    fn traits(&self) -> Traits {
        Traits {
            platform: "MAX",
            clock_is_witness: true,
            sees_deletion: true,
            by_hand: false,
            edits: true,
            retracts: true,
            has_feed: true,
        }
    }

    fn limits(&self) -> Limits {
        render::limits(&self.settings)
    }

    /// MAX takes two posts a second in a chat; authors of its clients advise one.
    fn pace(&self) -> Pace {
        Pace { gap: Duration::from_secs(1), per_day: None }
    }

    /// The first look comes after every time-out of ours has passed. How late MAX's list may be is not documented,
    /// hence two looks a minute apart.
    fn doubt_policy(&self) -> DoubtPolicy {
        DoubtPolicy {
            first_look_after: Duration::from_secs(30),
            look_interval: Duration::from_secs(60),
            looks: 2,
            resends: 3,
            resend_within: None,
        }
    }

    fn draw(&self, content: &Content) -> Drawn {
        render::draw(&self.settings, content)
    }

    async fn prepare(
        &self,
        post: &Rendered,
        key: &DeliveryKey,
        purpose: Purpose<'_>,
        earlier: Option<&Prepared>,
    ) -> Result<Prepared, PublishError> {
        self.make_ready(post, key, purpose, earlier).await
    }

    async fn publish(&self, prepared: &Prepared) -> Result<Receipt, PublishError> {
        self.put_up(prepared).await
    }

    async fn find(&self, prepared: &Prepared, known: &[RemoteId]) -> Result<Found, AdapterError> {
        self.search(prepared, known).await
    }

    async fn presence(&self, id: &RemoteId) -> Result<Sighting, AdapterError> {
        self.look(id).await
    }

    async fn edit(&self, id: &RemoteId, prepared: &Prepared) -> Result<Receipt, PublishError> {
        self.change(id, prepared).await
    }

    async fn retract(&self, id: &RemoteId) -> Result<(), PublishError> {
        self.take_down(id).await
    }

    async fn feed(&self, since: DateTime<Utc>) -> Result<Vec<RemotePost>, AdapterError> {
        self.posts_since(since).await
    }

    async fn check(&self) -> Result<Health, AdapterError> {
        self.health().await
    }

    async fn clock(&self) -> Result<PlatformClock, AdapterError> {
        self.client.get("/me").await.map(|answer| by_header(answer.date)).map_err(|f| f.of_question())
    }

    async fn at_address(&self, url: &Url) -> Result<(RemoteId, Sighting), AdapterError> {
        self.behind(url).await
    }
}
