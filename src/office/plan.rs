//! When a post goes out where: MAX at its time, everything else when the hold allows it.

use chrono::{DateTime, Utc};

use super::Office;
use crate::config::{Channel, Organisation};
use crate::domain::draft::DraftContent;
use crate::domain::schedule::follower_at;
use crate::domain::wall_time;
use crate::store::PostView;

/// When a post goes out, as far as it is known before the primary confirms.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The primary's.
    pub primary: PlannedChannel,
    /// It goes out as soon as it is queued: all times count from now.
    pub is_now: bool,
    /// The followers, the earliest first; none of them is earlier than its time.
    pub followers: Vec<PlannedChannel>,
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
        Plan { primary: planned(organisation.primary(), start), is_now: at.is_none(), followers }
    }

    /// The plan of a draft as it is typed; what cannot be read as a time yet is left out.
    pub fn plan_of_draft(&self, organisation: &Organisation, content: &DraftContent, now: DateTime<Utc>) -> Plan {
        let instant = |text: &str| wall_time::read(text, organisation.zone, now).ok();
        let own = |slug: &String| content.not_before.get(slug).and_then(|text| instant(text));
        let followers: Vec<_> = content.channels.iter().map(|slug| (slug.as_str(), own(slug))).collect();
        self.plan(organisation, instant(&content.at), &followers, now)
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
        Some(Plan { primary: planned(organisation.primary(), at), is_now: false, followers })
    }
}

fn planned(channel: &Channel, at: DateTime<Utc>) -> PlannedChannel {
    PlannedChannel { slug: channel.slug.clone(), platform: channel.platform, at }
}
