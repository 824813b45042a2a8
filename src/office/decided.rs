//! What a person decided about a post, found again in the journal: by that the second of two clicks is known.

use chrono::{DateTime, Utc};

use super::{ChannelWay, Office, OfficeError, PostWay};
use crate::domain::PostId;

/// By these entries it is known that a person's word was taken.
const WORD: &[&str] = &["delivery.published", "delivery.resumed", "delivery.retracted", "attempt.ended"];

impl Office {
    /// Whether a person has done this with a post since then.
    pub async fn was_decided(
        &self,
        post: PostId,
        way: PostWay,
        by: &str,
        since: DateTime<Utc>,
    ) -> Result<bool, OfficeError> {
        let kinds: &[&str] = match way {
            PostWay::Edit => &["post.edited"],
            PostWay::Move => &["post.moved"],
            PostWay::Cancel => &["post.cancel_requested"],
            PostWay::Withdraw => &["post.withdraw_requested"],
            PostWay::Republish => &["post.republished"],
        };
        self.is_told(post, None, kinds, (by, since)).await
    }

    /// Whether a person has done one of these with a post on a channel since then.
    pub async fn was_decided_on(
        &self,
        post: PostId,
        (channel, ways): (&str, &[ChannelWay]),
        by: &str,
        since: DateTime<Utc>,
    ) -> Result<bool, OfficeError> {
        let kinds = |way: &ChannelWay| match way {
            ChannelWay::EnterAddress
            | ChannelWay::ConfirmStanding
            | ChannelWay::NotPublished
            | ChannelWay::TakenDown => WORD,
            ChannelWay::TryAgain => &["delivery.resumed"],
            ChannelWay::Look => &[],
        };
        let kinds: Vec<&str> = ways.iter().flat_map(kinds).copied().collect();
        self.is_told(post, Some(channel), &kinds, (by, since)).await
    }

    async fn is_told(
        &self,
        post: PostId,
        channel: Option<&str>,
        kinds: &[&str],
        (by, since): (&str, DateTime<Utc>),
    ) -> Result<bool, OfficeError> {
        let journal = self.store.journal_of_post(post).await?;
        let fresh = journal.iter().filter(|row| row.at >= since.timestamp_micros() && kinds.contains(&&*row.kind));
        let mut there = fresh.filter(|row| channel.is_none_or(|channel| row.channel.as_deref() == Some(channel)));
        Ok(there.any(|row| row.entry().is_ok_and(|entry| entry.actor == by)))
    }
}
