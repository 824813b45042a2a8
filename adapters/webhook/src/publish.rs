//! Calls that change the site.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use vestnik_contract::{DeliveryKey, Prepared, PublishError, Receipt, RemoteId, Rendered, ToldKind};

use crate::adapter::Webhook;
use crate::answer::{Looked, Placed};
use crate::client::{Answer, Failure};
use crate::errors;
use crate::event::{Attached, Event};
use crate::files;

/// What an attempt needs of the one before.
#[derive(Debug, Serialize, Deserialize)]
struct Notes {
    /// The event's own time. The same at every attempt, so that a repeated request is the same byte for byte.
    event_at: DateTime<Utc>,
}

impl Webhook {
    pub(crate) async fn make_ready(
        &self,
        post: &Rendered,
        key: &DeliveryKey,
        earlier: Option<&Prepared>,
    ) -> Result<Prepared, PublishError> {
        files::check(&post.media).await?;
        let now = self.clock.now();
        let before = earlier.filter(|e| e.key == *key).and_then(Prepared::notes::<Notes>);
        let event_at = before.map_or(now, |n| n.event_at);
        Ok(Prepared { key: *key, post: post.clone(), at: now, notes: serde_json::json!(Notes { event_at }) })
    }

    pub(crate) async fn put_up(&self, prepared: &Prepared) -> Result<Receipt, PublishError> {
        let (at, files) = self.of(prepared).await?;
        let event = Event::publish(prepared, at, self.settings.rubric.as_deref(), &files);
        let answer = self.client.call(&event).await.map_err(Failure::of_write)?;
        let placed = placed(&answer)?;
        Ok(placed.receipt(&self.site, &answer))
    }

    pub(crate) async fn replace(&self, id: &RemoteId, prepared: &Prepared) -> Result<Receipt, PublishError> {
        let (at, files) = self.of(prepared).await?;
        let event = Event::update(id, prepared, at, self.settings.rubric.as_deref(), &files);
        let answer = self.client.call(&event).await.map_err(Failure::of_write)?;
        let placed = placed(&answer)?;
        same(&placed, id, &answer)?;
        Ok(placed.receipt(&self.site, &answer))
    }

    pub(crate) async fn take_down(&self, id: &RemoteId) -> Result<(), PublishError> {
        let event = Event::withdraw(self.client.url(), id, self.clock.now());
        let answer = self.client.call(&event).await.map_err(Failure::of_write)?;
        if matches!(Looked::of(&answer), Some(Looked::Missing)) {
            return Ok(()); // gone already
        }
        same(&placed(&answer)?, id, &answer)
    }

    async fn of(&self, prepared: &Prepared) -> Result<(DateTime<Utc>, Attached), PublishError> {
        let at = prepared.notes::<Notes>().map_or(prepared.at, |n| n.event_at);
        Ok((at, files::attach(&prepared.post.media).await?))
    }
}

/// Reads a success. 202 is not one: the site will publish later, and `post.lookup` tells when it has.
fn placed(answer: &Answer) -> Result<Placed, PublishError> {
    match answer.status().as_u16() {
        200 | 201 => answer.reply().json().ok_or_else(|| PublishError::InDoubt {
            told: answer.told(
                ToldKind::NotUnderstood,
                "the site's answer holds no readable id of the post, so it proves nothing",
            ),
        }),
        202 => Err(PublishError::InDoubt {
            told: answer.told(
                ToldKind::NotPublic,
                "the site has taken the request and will carry it out later; it will be asked",
            ),
        }),
        _ => Err(errors::of_write(answer)),
    }
}

fn same(placed: &Placed, id: &RemoteId, answer: &Answer) -> Result<(), PublishError> {
    if placed.id == *id {
        return Ok(());
    }
    let reason = format!("asked about post {id}, the site answered about post {}; that proves nothing", placed.id);
    Err(PublishError::InDoubt { told: answer.told(ToldKind::NotUnderstood, &reason) })
}
