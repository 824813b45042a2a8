//! Posts, followers and drafts as the calendar's tables show them.

use chrono::{DateTime, NaiveDate, Utc};

use crate::config::Organisation;
use crate::domain::wall_time::local;
use crate::domain::{PostId, State};
use crate::office::{PlannedDraft, PlannedFollower, PlannedPost};
use crate::store::Delivery;
use crate::web::Desk;
use crate::web::page::Page;
use crate::web::post::{Paused, told_at};

/// What rows are drawn with.
#[derive(Clone, Copy)]
pub(super) struct Drawing<'a> {
    pub desk: &'a Desk,
    pub page: &'a Page,
    pub organisation: &'a Organisation,
    /// Today on the clocks of the organisation.
    pub today: NaiveDate,
    /// What is planned on these channels does not go out.
    pub paused: &'a Paused,
}

/// A post with what follows.
pub(super) struct PostRow {
    pub id: PostId,
    pub title: String,
    pub primary: Leg,
    pub followers: Vec<Leg>,
    /// The followers in few words: those of one time together.
    pub follows: Vec<Together>,
    pub is_movable: bool,
}

/// One channel's part of a post.
pub(super) struct Leg {
    pub channel: String,
    pub at: DateTime<Utc>,
    /// The time of day; with the day where it is another one than the row's.
    pub when: String,
    pub state: State,
    /// The same in a word for people.
    pub stands: &'static str,
    /// Of a row that stands alone: its post.
    pub post: PostId,
    pub title: String,
}

/// Followers that go out at one time.
pub(super) struct Together {
    pub channels: String,
    pub at: DateTime<Utc>,
    pub when: String,
    /// What they wait for is not the time alone.
    pub is_paused: bool,
}

/// A draft that names a time.
pub(super) struct DraftRow {
    pub id: String,
    pub title: String,
    pub at: DateTime<Utc>,
    pub when: String,
    pub state: &'static str,
}

impl Drawing<'_> {
    pub fn day_of(&self, at: DateTime<Utc>) -> NaiveDate {
        local(at, self.organisation.zone).date_naive()
    }

    /// A time as a row of this day tells it.
    pub fn when(&self, at: DateTime<Utc>, day: NaiveDate) -> String {
        if self.day_of(at) == day {
            self.page.clock(&at, &self.organisation.zone)
        } else {
            self.page.time(&at, &self.organisation.zone)
        }
    }

    pub fn post(&self, post: &PlannedPost) -> PostRow {
        let day = self.day_of(post.at());
        let leg = |d: &Delivery| self.leg(d, &post.title, day);
        let followers: Vec<_> = post.followers.iter().map(leg).collect();
        PostRow {
            id: post.id,
            title: post.title.clone(),
            primary: Leg { stands: self.paused.stands_beside(&post.primary, &post.followers), ..leg(&post.primary) },
            follows: together(&followers),
            followers,
            is_movable: post.is_movable(),
        }
    }

    pub fn leg(&self, d: &Delivery, title: &str, day: NaiveDate) -> Leg {
        let at = told_at(d);
        Leg {
            channel: self.desk.channel_name(&d.channel),
            when: self.when(at, day),
            at,
            state: d.state,
            stands: self.paused.stands_beside(d, []),
            post: d.post,
            title: title.to_owned(),
        }
    }

    pub fn follower(&self, follower: &PlannedFollower, day: NaiveDate) -> Leg {
        self.leg(&follower.delivery, &follower.title, day)
    }

    pub fn draft(&self, planned: &PlannedDraft) -> DraftRow {
        let title = planned.draft.title.trim();
        DraftRow {
            id: planned.draft.id.to_string(),
            title: if title.is_empty() { self.page.t("calendar-untitled").to_string() } else { title.to_owned() },
            at: planned.at,
            when: self.page.clock(&planned.at, &self.organisation.zone),
            state: planned.draft.state.name(),
        }
    }
}

fn together(legs: &[Leg]) -> Vec<Together> {
    let mut groups: Vec<Together> = Vec::new();
    for leg in legs.iter().filter(|leg| leg.state != State::Failed) {
        let is_paused = leg.stands == "paused";
        match groups.iter_mut().find(|group| group.when == leg.when && group.is_paused == is_paused) {
            Some(group) => {
                group.channels.push_str(", ");
                group.channels.push_str(&leg.channel);
            }
            None => {
                let (channels, when) = (leg.channel.clone(), leg.when.clone());
                groups.push(Together { channels, at: leg.at, when, is_paused });
            }
        }
    }
    groups.sort_by_key(|group| group.at);
    groups
}
