//! The contract, answered for VK.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use url::Url;
use vestnik_contract::{
    Adapter, AdapterError, Clock, Content, DeliveryKey, DoubtPolicy, Drawn, Found, Health, Limits, Pace, PlatformClock,
    Prepared, Presence, PublishError, Purpose, Receipt, RemoteId, RemotePost, Rendered, Sighting, Traits,
};

use crate::address::Addresses;
use crate::client::Client;
use crate::credentials::Role;
use crate::errors::Failure;
use crate::media::Unfinished;
use crate::render::Rules;
use crate::renewal::RenewalError;
use crate::settings::Settings;

/// `guid` protects for an hour; a call that is sent again must end well before.
const RESEND_WITHIN: Duration = Duration::from_secs(50 * 60);
/// The wall shows a new post at once; the pause is for a call that is still under way.
const LOOK_INTERVAL: Duration = Duration::from_secs(30);
/// One call a second per token is well below every documented rate.
const GAP: Duration = Duration::from_secs(1);

/// One community's wall on VK.
#[derive(Debug)]
pub struct Vk {
    pub(crate) group: i64,
    pub(crate) client: Client,
    pub(crate) clock: Arc<dyn Clock>,
    pub(crate) addresses: Addresses,
    pub(crate) unfinished: Unfinished,
    rules: Rules,
    per_day: u32,
}

impl Vk {
    pub(crate) fn new(settings: Settings, client: Client, clock: Arc<dyn Clock>) -> Self {
        let rules = Rules {
            text_max: settings.text_max,
            refuse_second_link: settings.refuse_second_link,
            takes_pictures: client.credentials.has(Role::User),
            takes_documents: client.credentials.poster().is_some(),
        };
        Self {
            group: settings.group_id,
            addresses: Addresses::new(settings.permalink_base, settings.group_id),
            unfinished: Unfinished::default(),
            per_day: settings.per_day,
            rules,
            client,
            clock,
        }
    }

    /// The wall's owner as methods name it: a community is negative.
    pub(crate) fn owner(&self) -> String {
        format!("-{}", self.group)
    }
}

#[async_trait]
impl Adapter for Vk {
    fn traits(&self) -> Traits {
        let user = self.client.credentials.has(Role::User);
        Traits {
            platform: "VK",
            clock_is_witness: true,
            sees_deletion: true,
            by_hand: false,
            edits: user,
            retracts: user,
            has_feed: self.client.credentials.reader().is_some(),
        }
    }

    fn limits(&self) -> Limits {
        self.rules.limits()
    }

    fn pace(&self) -> Pace {
        Pace { gap: GAP, per_day: Some(self.per_day) }
    }

    fn doubt_policy(&self) -> DoubtPolicy {
        DoubtPolicy {
            first_look_after: LOOK_INTERVAL,
            look_interval: LOOK_INTERVAL,
            looks: 2,
            resends: 1,
            resend_within: Some(RESEND_WITHIN),
        }
    }

    fn draw(&self, content: &Content) -> Drawn {
        self.rules.draw(content)
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
        self.post(prepared).await
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
        self.posts_since(since).await
    }

    async fn check(&self) -> Result<Health, AdapterError> {
        self.examine().await
    }

    async fn clock(&self) -> Result<PlatformClock, AdapterError> {
        self.client.server_time().await.map_err(Failure::of_question)
    }

    async fn at_address(&self, url: &Url) -> Result<(RemoteId, Sighting), AdapterError> {
        let id = self.addresses.read(url)?;
        // The address tells the post's number also where no token may read it.
        let sighting = match self.sight(&id).await {
            Err(AdapterError::Unauthorised { told }) => {
                Sighting { presence: Presence::Unknown(told.reason), clock: PlatformClock::default() }
            }
            sighting => sighting?,
        };
        Ok((id, sighting))
    }

    async fn keep_alive(&self) -> Result<(), AdapterError> {
        let Some(renewal) = &self.client.renewal else { return Ok(()) };
        renewal.daily().await.map_err(|error| match error {
            RenewalError::Unreachable(told) => AdapterError::Retry { after: None, told },
            RenewalError::Person(unusable) => AdapterError::Unauthorised { told: unusable.told() },
        })
    }
}
