//! The channel: what it is like, and which module does what.

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
use crate::render;
use crate::settings::Settings;

/// One site with a receiver. `publish` changes it (`publish.rs`), `read` asks it (`read.rs`).
#[derive(Debug)]
pub(crate) struct Webhook {
    pub(crate) client: Client,
    /// The host that public addresses must have, without `www.`.
    pub(crate) site: String,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) settings: Settings,
}

#[async_trait]
impl Adapter for Webhook {
    fn traits(&self) -> Traits {
        Traits {
            platform: "webhook",
            clock_is_witness: false,
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

    fn pace(&self) -> Pace {
        Pace { gap: Duration::from_secs(5), per_day: None }
    }

    /// The receiver keeps our id on the post, so one look is certain, and sending again with the same key is safe
    /// for as long as it must remember keys (30 days; a day less for the way).
    fn doubt_policy(&self) -> DoubtPolicy {
        DoubtPolicy {
            first_look_after: Duration::from_secs(5),
            look_interval: Duration::from_secs(30),
            looks: 1,
            resends: 5,
            resend_within: Some(Duration::from_secs(29 * 86_400)),
        }
    }

    fn draw(&self, content: &Content) -> Drawn {
        render::draw(content, &self.settings)
    }

    async fn prepare(
        &self,
        post: &Rendered,
        key: &DeliveryKey,
        _purpose: Purpose<'_>,
        earlier: Option<&Prepared>,
    ) -> Result<Prepared, PublishError> {
        self.make_ready(post, key, earlier).await
    }

    async fn publish(&self, prepared: &Prepared) -> Result<Receipt, PublishError> {
        self.put_up(prepared).await
    }

    async fn find(&self, prepared: &Prepared, known: &[RemoteId]) -> Result<Found, AdapterError> {
        self.look_for(prepared, known).await
    }

    async fn presence(&self, id: &RemoteId) -> Result<Sighting, AdapterError> {
        self.sight(id).await
    }

    async fn edit(&self, id: &RemoteId, prepared: &Prepared) -> Result<Receipt, PublishError> {
        self.replace(id, prepared).await
    }

    async fn retract(&self, id: &RemoteId) -> Result<(), PublishError> {
        self.take_down(id).await
    }

    async fn feed(&self, since: DateTime<Utc>) -> Result<Vec<RemotePost>, AdapterError> {
        self.list(since).await
    }

    async fn check(&self) -> Result<Health, AdapterError> {
        self.health().await
    }

    async fn clock(&self) -> Result<PlatformClock, AdapterError> {
        self.time_there().await
    }

    async fn at_address(&self, url: &Url) -> Result<(RemoteId, Sighting), AdapterError> {
        self.behind(url).await
    }
}
