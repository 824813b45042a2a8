//! The adapter: one group on OK.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use serde_json::Value;
use url::Url;
use vestnik_contract::{
    Adapter, AdapterError, Clock, Content, Context, DeliveryKey, DoubtPolicy, Drawn, Found, Health, Limits, Pace,
    PlatformClock, Prepared, PublishError, Purpose, Receipt, RemoteId, RemotePost, Rendered, SettingsError, Sighting,
    Told, ToldKind, Traits,
};

use crate::client::Client;
use crate::errors::CallError;
use crate::permalink::{self, Address, is_id};
use crate::read::Group;
use crate::settings::Settings;
use crate::topic::text_of;
use crate::{check, feed, find, presence, publish, render};

/// A group on OK, written to and read through the REST API.
#[derive(Debug)]
pub struct OkAdapter {
    settings: Settings,
    client: Client,
    clock: Arc<dyn Clock>,
}

impl OkAdapter {
    /// The adapter for a channel with these settings.
    pub(crate) fn new(settings: Settings, context: &Context) -> Result<Self, SettingsError> {
        let client = Client::new(&settings, context)?;
        Ok(Self { settings, client, clock: context.clock.clone() })
    }

    fn group(&self) -> Group<'_> {
        Group { client: &self.client, id: &self.settings.group_id }
    }
}

#[async_trait]
impl Adapter for OkAdapter {
    fn traits(&self) -> Traits {
        Traits {
            platform: "OK",
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

    /// OK publishes no rate; one write a minute in one group keeps outcomes apart.
    fn pace(&self) -> Pace {
        Pace { gap: Duration::from_secs(60), per_day: None }
    }

    /// How soon a topic is listed is not documented; there is no key that protects a second sending.
    fn doubt_policy(&self) -> DoubtPolicy {
        DoubtPolicy {
            first_look_after: Duration::from_secs(45),
            look_interval: Duration::from_secs(60),
            looks: 2,
            resends: 1,
            resend_within: None,
        }
    }

    fn draw(&self, content: &Content) -> Drawn {
        render::draw(content, &self.limits(), self.settings.blocks_max)
    }

    async fn prepare(
        &self,
        post: &Rendered,
        key: &DeliveryKey,
        purpose: Purpose<'_>,
        earlier: Option<&Prepared>,
    ) -> Result<Prepared, PublishError> {
        publish::prepare(self.group(), &*self.clock, post, key, purpose, earlier).await
    }

    async fn publish(&self, prepared: &Prepared) -> Result<Receipt, PublishError> {
        publish::publish(self.group(), &*self.clock, &self.settings, prepared).await
    }

    async fn find(&self, prepared: &Prepared, known: &[RemoteId]) -> Result<Found, AdapterError> {
        find::find(self.group(), &self.settings, prepared, known).await
    }

    async fn presence(&self, id: &RemoteId) -> Result<Sighting, AdapterError> {
        presence::presence(self.group(), &self.settings, valid(id)?).await
    }

    async fn edit(&self, id: &RemoteId, prepared: &Prepared) -> Result<Receipt, PublishError> {
        publish::edit(self.group(), &*self.clock, &self.settings, id, prepared).await
    }

    async fn retract(&self, id: &RemoteId) -> Result<(), PublishError> {
        publish::retract(self.group(), &self.settings, id).await
    }

    async fn feed(&self, since: DateTime<Utc>) -> Result<Vec<RemotePost>, AdapterError> {
        feed::feed(self.group(), &self.settings, since).await
    }

    async fn check(&self) -> Result<Health, AdapterError> {
        check::check(self.group()).await
    }

    async fn clock(&self) -> Result<PlatformClock, AdapterError> {
        let answer =
            self.client.call("users.getCurrentUser", &[("fields", "uid")]).await.map_err(CallError::of_read)?;
        Ok(PlatformClock { header: answer.date(), method: None })
    }

    async fn at_address(&self, url: &Url) -> Result<(RemoteId, Sighting), AdapterError> {
        let own = &self.settings.group_id;
        let (group, topic) = match permalink::read(&self.settings.permalink_base, url) {
            Some(Address::Numbered { group, topic }) => (Some(group), topic),
            Some(Address::Named { group, topic }) => (self.number_of_group(&group).await?, topic),
            None => return Err(unclear(format!("`{url}` is not a topic's address; {}", like(own)))),
        };
        if group.as_deref() != Some(own) {
            return Err(unclear(format!("`{url}` is not a topic of group {own}; {}", like(own))));
        }
        let id = RemoteId(topic);
        let sighting = self.presence(&id).await?;
        Ok((id, sighting))
    }

    /// A token with the right `LONG_ACCESS_TOKEN` lives 30 days from its last touch. One that has expired is renewed
    /// by the same call, where the settings say how.
    async fn keep_alive(&self) -> Result<(), AdapterError> {
        match self.client.call("auth.touchSession", &[]).await {
            Ok(_) | Err(CallError::Renewed(_)) => Ok(()),
            Err(error) => Err(error.of_read()),
        }
    }
}

impl OkAdapter {
    /// The number of a group that is named by its own address (`url.getInfo`), `None` when that is no group.
    async fn number_of_group(&self, address: &Url) -> Result<Option<String>, AdapterError> {
        let answer = match self.client.call("url.getInfo", &[("url", address.as_str())]).await {
            Err(error) if error.is_permanent() => return Ok(None),
            other => other.map_err(CallError::of_read)?,
        };
        let of_group = answer.value.get("type").and_then(Value::as_str) == Some("GROUP");
        let number = text_of(answer.value.get("objectIdStr")).or_else(|| text_of(answer.value.get("objectId")));
        Ok(number.filter(|_| of_group))
    }
}

/// Ids go into a comma-separated list, so that only a number may be one.
fn valid(id: &RemoteId) -> Result<&RemoteId, AdapterError> {
    if is_id(&id.0) { Ok(id) } else { Err(unclear(format!("`{id}` is not a topic's id; OK's ids are numbers"))) }
}

fn like(group: &str) -> String {
    format!("enter one like https://ok.ru/group/{group}/topic/155013581046904")
}

fn unclear(reason: String) -> AdapterError {
    AdapterError::Unclear { told: Told::plain(ToldKind::WrongAddress, reason) }
}
