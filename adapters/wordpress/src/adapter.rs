//! The seam: every method of [`Adapter`] in terms of this crate's parts.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use url::Url;
use vestnik_contract::http::Http;
use vestnik_contract::{
    Adapter, AdapterError, Clock, Content, Context, DeliveryKey, DoubtPolicy, Drawn, Found, Health, Limits, MediaKind,
    Pace, PlatformClock, Prepared, PublishError, Purpose, Receipt, RemoteId, RemotePost, Rendered, SettingsError,
    Sighting, Told, ToldKind, Traits,
};

use crate::client::{Ask, Client};
use crate::errors::Failure;
use crate::notes::Notes;
use crate::settings::Settings;
use crate::{check, doubt, draft, media, publish, read, render, slug, terms};

/// One site.
#[derive(Debug)]
pub(crate) struct WordPress {
    client: Client,
    clock: Arc<dyn Clock>,
    categories: Vec<String>,
    featured_picture: bool,
    limits: Limits,
}

impl WordPress {
    pub(crate) fn new(settings: Settings, context: &Context) -> Result<Self, SettingsError> {
        let password = settings.application_password.open(&context.base_dir);
        Ok(Self {
            client: Client::new(Http::new(None)?, settings.url.0, settings.user, password),
            clock: Arc::clone(&context.clock),
            categories: settings.categories,
            featured_picture: settings.featured_picture,
            limits: render::limits(settings.upload_megabytes_max.saturating_mul(1024 * 1024)),
        })
    }
}

#[async_trait]
impl Adapter for WordPress {
    fn traits(&self) -> Traits {
        Traits {
            platform: "WordPress",
            clock_is_witness: false,
            sees_deletion: true,
            by_hand: false,
            edits: true,
            retracts: true,
            has_feed: true,
        }
    }

    fn limits(&self) -> Limits {
        self.limits.clone()
    }

    fn pace(&self) -> Pace {
        // No limit of the platform; small hostings are not made for bursts.
        Pace { gap: Duration::from_secs(5), per_day: None }
    }

    fn doubt_policy(&self) -> DoubtPolicy {
        // Publishing by number can be repeated without harm, so one look is enough and many repeats are allowed.
        DoubtPolicy {
            first_look_after: Duration::from_secs(5),
            look_interval: Duration::from_secs(10),
            looks: 1,
            resends: 20,
            resend_within: None,
        }
    }

    fn draw(&self, content: &Content) -> Drawn {
        render::draw(content, &self.limits)
    }

    async fn prepare(
        &self,
        post: &Rendered,
        key: &DeliveryKey,
        purpose: Purpose<'_>,
        earlier: Option<&Prepared>,
    ) -> Result<Prepared, PublishError> {
        let earlier: Option<Notes> = earlier.filter(|e| e.key.delivery == key.delivery).and_then(Prepared::notes);
        let mut notes = Notes {
            slug: earlier.as_ref().map_or_else(|| slug::of_rendered(post, key.delivery), |e| e.slug.clone()),
            categories: terms::known_categories(&self.client, &self.categories).await?,
            files: media::upload(&self.client, &post.media, key).await?,
            ..Notes::default()
        };
        (notes.tags, notes.remarks) = terms::tags(&self.client, &post.tags).await?;
        if self.featured_picture {
            let first = post.media.iter().find(|m| m.kind == MediaKind::Picture);
            notes.featured = first.and_then(|p| notes.files.iter().find(|f| f.sha256 == p.sha256)).map(|f| f.id);
        }
        if purpose == Purpose::Publish {
            draft::make(&self.client, post, &mut notes, earlier.and_then(|e| e.post)).await?;
        }
        let notes = serde_json::to_value(&notes).map_err(|e| PublishError::Retry {
            after: None,
            told: Told::plain(ToldKind::NotPrepared, e.to_string()),
        })?;
        Ok(Prepared { key: *key, post: post.clone(), at: self.clock.now(), notes })
    }

    async fn publish(&self, prepared: &Prepared) -> Result<Receipt, PublishError> {
        publish::publish(&self.client, prepared).await
    }

    async fn find(&self, prepared: &Prepared, known: &[RemoteId]) -> Result<Found, AdapterError> {
        doubt::find(&self.client, prepared, known).await
    }

    async fn presence(&self, id: &RemoteId) -> Result<Sighting, AdapterError> {
        read::presence(&self.client, id).await
    }

    async fn edit(&self, id: &RemoteId, prepared: &Prepared) -> Result<Receipt, PublishError> {
        publish::edit(&self.client, id, prepared).await
    }

    async fn retract(&self, id: &RemoteId) -> Result<(), PublishError> {
        publish::retract(&self.client, id).await
    }

    async fn feed(&self, since: DateTime<Utc>) -> Result<Vec<RemotePost>, AdapterError> {
        read::feed(&self.client, since).await
    }

    async fn check(&self) -> Result<Health, AdapterError> {
        check::check(&self.client, &self.categories).await
    }

    async fn clock(&self) -> Result<PlatformClock, AdapterError> {
        // Any answer tells the time; one to a known user comes from no cache.
        let ask = Ask::get("wp/v2/users/me", &[("_fields", "id")]);
        let (reply, _) = self.client.send(ask).await.map_err(Failure::of_question)?;
        Ok(read::clock(&reply))
    }

    async fn at_address(&self, url: &Url) -> Result<(RemoteId, Sighting), AdapterError> {
        read::at_address(&self.client, url).await
    }
}
