//! When a post goes out where: MAX at its time, everything else when the hold allows it.

use chrono::{DateTime, Utc};

use super::draft_meaning::{has_passed, may_move};
use super::{Office, OfficeError, Standing};
use crate::config::{Channel, Organisation};
use crate::domain::PostId;
use crate::domain::draft::DraftContent;
use crate::domain::schedule::follower_at;
use crate::domain::wall_time;
use crate::store::{PostView, StoreError};

/// When a post goes out, as far as it is known before the primary confirms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The primary's.
    pub primary: PlannedChannel,
    /// What is known of that time.
    pub start: Start,
    /// The followers, the earliest first; none of them is earlier than its time.
    pub followers: Vec<PlannedChannel>,
}

/// When a post begins to go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// As soon as it is queued: all times count from now.
    Now,
    /// At the time that it names.
    At,
    /// At none: what it names is over, and nothing follows.
    Passed,
}

/// One channel's part of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedChannel {
    /// The channel.
    pub slug: String,
    /// Its platform.
    pub platform: &'static str,
    /// Its time.
    pub at: DateTime<Utc>,
}

impl Office {
    /// The plan of a post that the primary gets at `at` (`None`: at once) and each of these followers not before the
    /// hold has passed, nor before its own time.
    pub fn plan(
        &self,
        organisation: &Organisation,
        at: Option<DateTime<Utc>>,
        followers: &[(&str, Option<DateTime<Utc>>)],
        now: DateTime<Utc>,
    ) -> Plan {
        let at = at.filter(|at| *at > now);
        let start = at.unwrap_or(now);
        let follower = |channel: &Channel| {
            let (_, not_before) = followers.iter().find(|(slug, _)| *slug == channel.slug)?;
            Some(planned(channel, follower_at(start, self.config.hold, *not_before)))
        };
        let mut followers: Vec<_> = organisation.followers().filter_map(follower).collect();
        followers.sort_by_key(|channel| channel.at);
        let start_is = if at.is_none() { Start::Now } else { Start::At };
        Plan { primary: planned(organisation.primary(), start), start: start_is, followers }
    }

    /// The plan of a draft as it is typed, which may be to edit a queued post; what cannot be read as a time yet is
    /// left out.
    pub async fn plan_of_draft(
        &self,
        organisation: &Organisation,
        edits: Option<PostId>,
        content: &DraftContent,
    ) -> Result<Plan, OfficeError> {
        let now = self.clock.now();
        let post = match edits {
            Some(post) => self.own_post(organisation, post).await?,
            None => None,
        };
        let instant = |text: &str| wall_time::read(text, organisation.zone, now).ok();
        let typed = instant(&content.at).filter(|_| post.as_ref().is_none_or(may_move));
        if let Some(over) = typed.filter(|_| has_passed(&content.at, organisation.zone, now)) {
            let primary = planned(organisation.primary(), over);
            return Ok(Plan { primary, start: Start::Passed, followers: Vec::new() });
        }
        // An edit that names no time leaves the post at its own.
        let own_of_post = || {
            let post = post.as_ref().filter(|post| may_move(post))?;
            Standing::of_view(post).primary().map(|primary| primary.planned_at)
        };
        let own = |slug: &String| content.not_before.get(slug).and_then(|text| instant(text));
        let followers: Vec<_> = content.channels.iter().map(|slug| (slug.as_str(), own(slug))).collect();
        Ok(self.plan(organisation, typed.or_else(own_of_post), &followers, now))
    }

    /// Another organisation's post is as good as none: whoever tries ids must not learn which there are.
    async fn own_post(&self, organisation: &Organisation, id: PostId) -> Result<Option<PostView>, OfficeError> {
        match self.store.post_view(id).await {
            Ok(post) => Ok(Some(post).filter(|post| post.organisation == organisation.slug)),
            Err(StoreError::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The plan of a queued post, as it stands now. `None` when the configuration has lost its organisation or channels.
    pub fn plan_of_post(&self, post: &PostView) -> Option<Plan> {
        let organisation = self.config.organisation(&post.organisation)?;
        let deliveries = post.deliveries.iter().map(|d| &d.delivery);
        let primary = deliveries.clone().filter(|d| d.is_primary).max_by_key(|d| d.number)?;
        let follower = |channel: &Channel| {
            let delivery = deliveries.clone().find(|d| !d.is_primary && d.channel == channel.slug)?;
            Some(planned(channel, delivery.planned_at))
        };
        let mut followers: Vec<_> = organisation.followers().filter_map(follower).collect();
        followers.sort_by_key(|channel| channel.at);
        let at = primary.published_at.unwrap_or(primary.planned_at);
        Some(Plan { primary: planned(organisation.primary(), at), start: Start::At, followers })
    }
}

fn planned(channel: &Channel, at: DateTime<Utc>) -> PlannedChannel {
    PlannedChannel { slug: channel.slug.clone(), platform: channel.platform, at }
}
