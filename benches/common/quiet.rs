//! A platform in memory where nothing goes wrong. It forgets old posts, so that what grows is vestnik's.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use vestnik_contract::{
    Adapter, AdapterError, Clock, Content, DeliveryKey, DoubtPolicy, Drawn, Found, Health, LengthUnit, Limits, Markup,
    Pace, PlatformClock, Prepared, Presence, PublishError, Purpose, Receipt, RemoteId, RemotePost, Rendered, SetClock,
    Shown, Sighting, Told, ToldKind, Traits,
};

/// A post is looked at for the length of a hold; a channel has a few of them in that time.
const KEPT: usize = 16;

/// One channel's platform.
#[derive(Debug)]
pub struct Quiet {
    clock: Arc<SetClock>,
    posts: Mutex<VecDeque<(RemoteId, Shown)>>,
}

impl Quiet {
    /// An empty channel.
    pub fn new(clock: Arc<SetClock>) -> Self {
        Self { clock, posts: Mutex::default() }
    }

    fn posts(&self) -> MutexGuard<'_, VecDeque<(RemoteId, Shown)>> {
        self.posts.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn tells(&self) -> PlatformClock {
        PlatformClock { header: Some(self.clock.now()), method: None }
    }
}

fn unsupported<T>() -> Result<T, AdapterError> {
    Err(AdapterError::Unsupported("nothing goes wrong here".into()))
}

#[async_trait]
impl Adapter for Quiet {
    fn traits(&self) -> Traits {
        Traits {
            platform: "quiet",
            clock_is_witness: true,
            sees_deletion: true,
            by_hand: false,
            edits: false,
            retracts: false,
            has_feed: false,
        }
    }

    fn limits(&self) -> Limits {
        Limits {
            text_max: None,
            unit: LengthUnit::Chars,
            pictures_max: 0,
            documents_max: 0,
            documents_with_pictures: false,
            picture_bytes_max: 0,
            document_bytes_max: 0,
            picture_side_max: None,
            picture_types: Vec::new(),
        }
    }

    fn pace(&self) -> Pace {
        Pace { gap: Duration::ZERO, per_day: None }
    }

    fn doubt_policy(&self) -> DoubtPolicy {
        let half = Duration::from_secs(30);
        DoubtPolicy { first_look_after: half, look_interval: half, looks: 2, resends: 1, resend_within: None }
    }

    fn draw(&self, content: &Content) -> Drawn {
        let body = format!("{}\n\n{}", content.title, content.body);
        let rendered = Rendered {
            title: None,
            plain: body.clone(),
            length: body.chars().count(),
            body,
            markup: Markup::Plain,
            link: None,
            tags: Vec::new(),
            media: Vec::new(),
        };
        Drawn { rendered, misfits: Vec::new() }
    }

    async fn prepare(
        &self,
        post: &Rendered,
        key: &DeliveryKey,
        _: Purpose<'_>,
        _: Option<&Prepared>,
    ) -> Result<Prepared, PublishError> {
        Ok(Prepared { key: *key, post: post.clone(), at: self.clock.now(), notes: serde_json::Value::Null })
    }

    async fn publish(&self, prepared: &Prepared) -> Result<Receipt, PublishError> {
        let (id, now) = (RemoteId(format!("post.{}", prepared.key.delivery)), self.clock.now());
        let url: Option<url::Url> = format!("https://quiet.example/{}", prepared.key.delivery).parse().ok();
        let shown = Shown {
            text: prepared.post.plain.clone(),
            cut: false,
            opaque: false,
            media: None,
            url: url.clone(),
            platform_time: Some(now),
        };
        let mut posts = self.posts();
        posts.push_back((id.clone(), shown));
        if posts.len() > KEPT {
            posts.pop_front();
        }
        Ok(Receipt {
            id,
            url,
            platform_time: Some(now),
            server_date: Some(now),
            remark: None,
            answer: None,
            shown: None,
        })
    }

    async fn find(&self, _: &Prepared, _: &[RemoteId]) -> Result<Found, AdapterError> {
        Ok(Found::No(None))
    }

    async fn presence(&self, id: &RemoteId) -> Result<Sighting, AdapterError> {
        let shown = self.posts().iter().find(|(known, _)| known == id).map(|(_, shown)| shown.clone());
        Ok(Sighting { presence: shown.map_or(Presence::Gone, Presence::Live), clock: self.tells() })
    }

    async fn edit(&self, _: &RemoteId, _: &Prepared) -> Result<Receipt, PublishError> {
        Err(PublishError::Rejected { told: Told::plain(ToldKind::Refused, "nothing is edited here") })
    }

    async fn retract(&self, _: &RemoteId) -> Result<(), PublishError> {
        Err(PublishError::Rejected { told: Told::plain(ToldKind::Refused, "nothing is taken down here") })
    }

    async fn feed(&self, _: DateTime<Utc>) -> Result<Vec<RemotePost>, AdapterError> {
        unsupported()
    }

    async fn check(&self) -> Result<Health, AdapterError> {
        unsupported()
    }

    async fn clock(&self) -> Result<PlatformClock, AdapterError> {
        Ok(self.tells())
    }

    async fn at_address(&self, _: &url::Url) -> Result<(RemoteId, Sighting), AdapterError> {
        unsupported()
    }
}
