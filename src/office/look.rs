//! What stands on a channel, for a person who has to decide whether a post is out.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use vestnik_contract::{AdapterError, Found, Receipt, RemotePost};

use super::{Office, OfficeError};
use crate::domain::PostId;
use crate::release::{find_any, prepared_now, prepared_of_all};
use crate::store::StoreError;

/// A person waits no longer for a page.
const PATIENCE: Duration = Duration::from_secs(20);
/// What went up a little before the attempt is shown, too: clocks differ, and colleagues post by hand.
const BEFORE: TimeDelta = TimeDelta::hours(2);
/// More posts would not be compared by eye.
const POSTS_MAX: usize = 20;

/// What a look at a channel showed.
#[derive(Debug, Clone)]
pub struct ChannelLook {
    /// What the adapter says of our post.
    pub answer: LookAnswer,
    /// What stands on the channel since a little before the attempt, the newest first.
    pub posts: Vec<RemotePost>,
    /// Since when the posts are shown.
    pub since: DateTime<Utc>,
}

/// What an adapter says of a post that may be out.
#[derive(Debug, Clone)]
pub enum LookAnswer {
    /// It is there.
    Found(Receipt),
    /// Nothing of ours is there.
    Nothing,
    /// It cannot tell; the sentence says why.
    CannotTell(String),
    /// The platform cannot be asked now; the sentence says why.
    NoAnswer(String),
}

impl Office {
    /// Asks the platform what stands on the channel. Nothing is changed.
    pub async fn look(&self, id: PostId, channel: &str) -> Result<ChannelLook, OfficeError> {
        let delivery = self.delivery(id, channel).await?;
        let channel = self.channels.get(channel).ok_or_else(|| StoreError::no_channel(channel))?;
        let doubt = self.store.doubt_of(delivery.id).await?;
        let since = doubt.as_ref().map_or(delivery.planned_at, |doubt| doubt.first_started_at) - BEFORE;
        let texts = match doubt.and_then(|doubt| doubt.prepared) {
            Some(prepared) => vec![prepared],
            None if delivery.is_asked_whether_out() => prepared_of_all(&self.store, channel, &delivery).await?,
            None => Vec::from_iter(prepared_now(&self.store, channel, &delivery).await?),
        };
        let known = self.store.known_ids(&delivery.channel, delivery.id).await?;
        let find = async {
            if texts.is_empty() {
                let reason = "the post fits the channel no more, so it cannot be looked for";
                return Ok(Found::OutOfSight(reason.into()));
            }
            find_any(channel, &texts, &known).await
        };
        let feed = async {
            if channel.adapter.traits().has_feed { channel.adapter.feed(since).await } else { Ok(Vec::new()) }
        };
        let asked = tokio::time::timeout(PATIENCE, async { tokio::join!(find, feed) }).await;
        let Ok((found, feed)) = asked else {
            let answer = LookAnswer::NoAnswer(format!("no answer within {} s", PATIENCE.as_secs()));
            return Ok(ChannelLook { answer, posts: Vec::new(), since });
        };
        let answer = match found {
            Ok(Found::Yes(receipt)) => LookAnswer::Found(receipt),
            Ok(Found::No(_)) => LookAnswer::Nothing,
            Ok(Found::CannotTell(reason) | Found::OutOfSight(reason)) => LookAnswer::CannotTell(reason),
            Err(AdapterError::Unsupported(reason)) => LookAnswer::CannotTell(reason),
            Err(error) => LookAnswer::NoAnswer(error.to_string()),
        };
        let mut posts = feed.unwrap_or_default();
        // What belongs to other posts of ours is none of the candidates.
        posts.retain(|post| !known.contains(&post.id));
        posts.truncate(POSTS_MAX);
        Ok(ChannelLook { answer, posts, since })
    }
}
