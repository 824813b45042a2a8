//! The month and the week as tables.

use std::collections::HashSet;

use chrono::{Datelike as _, Days, NaiveDate};

use super::dates::{Period, day_name};
use super::rows::{DraftRow, Drawing, Leg, PostRow};
use super::{MONTH_POSTS, WEEK_POSTS};
use crate::office::{OfficeError, PlannedDay, time_of};
use crate::store::Delivery;

/// A month: a row for each week, a column for each weekday.
pub(super) struct MonthView {
    /// The weekdays, short and whole.
    pub weekdays: Vec<(String, String)>,
    pub weeks: Vec<Vec<MonthDay>>,
}

/// A field of the month.
pub(super) struct MonthDay {
    pub date: NaiveDate,
    pub number: u32,
    pub name: String,
    pub is_today: bool,
    /// It belongs to the month, and does not only fill a week up.
    pub is_within: bool,
    pub posts: Vec<PostRow>,
    pub followers: Vec<Leg>,
    pub drafts: Vec<DraftRow>,
    pub more: u32,
}

/// A week: a row for each day, a column for each channel.
pub(super) struct WeekView {
    pub channels: Vec<String>,
    pub days: Vec<WeekDay>,
}

/// A day of the week.
pub(super) struct WeekDay {
    pub date: NaiveDate,
    pub name: String,
    pub is_today: bool,
    /// What goes out on the primary.
    pub posts: Vec<PostRow>,
    pub drafts: Vec<DraftRow>,
    pub more: u32,
    /// What goes out on each follower, in the order of the columns: the channel's name, and its part of posts.
    pub followers: Vec<(String, Vec<Leg>)>,
}

impl WeekDay {
    /// Whether the post of a follower lies on the same day, and tells there where it goes on to.
    pub fn tells(&self, leg: &Leg) -> bool {
        self.posts.iter().any(|post| post.id == leg.post)
    }

    /// The same of everything on one channel.
    pub fn tells_all(&self, legs: &[Leg]) -> bool {
        legs.iter().all(|leg| self.tells(leg))
    }
}

impl MonthDay {
    /// Whether nothing is drawn there.
    pub fn is_empty(&self) -> bool {
        self.posts.is_empty() && self.drafts.is_empty() && self.followers.is_empty()
    }
}

impl MonthView {
    /// Whether a list of the month's days has nothing to name.
    pub fn is_empty(&self) -> bool {
        self.weeks.iter().flatten().filter(|day| day.is_within).all(|day| day.is_empty() && !day.is_today)
    }

    pub async fn of(drawing: &Drawing<'_>, period: Period) -> Result<Self, OfficeError> {
        let plan = drawing.desk.office.calendar(drawing.organisation, period.days(), MONTH_POSTS).await?;
        let days: Vec<_> = plan.iter().map(|day| month_day(drawing, period, day)).collect();
        let mut days = days.into_iter();
        let mut weeks = Vec::new();
        loop {
            let week: Vec<_> = days.by_ref().take(7).collect();
            if week.is_empty() {
                break;
            }
            weeks.push(week);
        }
        let weekday = |n: u32, key| drawing.page.t(key).with("n", n).to_string();
        let weekdays = (1..=7).map(|n| (weekday(n, "calendar-weekday-short"), weekday(n, "calendar-weekday")));
        Ok(Self { weekdays: weekdays.collect(), weeks })
    }
}

fn month_day(drawing: &Drawing<'_>, period: Period, day: &PlannedDay) -> MonthDay {
    MonthDay {
        date: day.date,
        number: day.date.day(),
        name: day_name(drawing.page, day.date),
        is_today: day.date == drawing.today,
        is_within: period.is_about(day.date),
        posts: day.posts.iter().map(|post| drawing.post(post)).collect(),
        followers: day.followers.iter().map(|f| drawing.follower(f, day.date)).collect(),
        drafts: day.drafts.iter().map(|draft| drawing.draft(draft)).collect(),
        more: day.more,
    }
}

impl WeekView {
    pub async fn of(drawing: &Drawing<'_>, period: Period) -> Result<Self, OfficeError> {
        let organisation = drawing.organisation;
        // Followers of the evening before go out after midnight.
        let days = period.days();
        let from = days.start.checked_sub_days(Days::new(1)).unwrap_or(days.start);
        let plan = drawing.desk.office.calendar(organisation, from..days.end, WEEK_POSTS).await?;
        let mut seen = HashSet::new();
        let beside = plan
            .iter()
            .flat_map(|day| &day.posts)
            .flat_map(|post| post.followers.iter().map(move |d| (d, &post.title)));
        let aside = plan.iter().flat_map(|day| &day.followers).map(|f| (&f.delivery, &f.title));
        let mut followers: Vec<(&Delivery, &String)> = beside.chain(aside).filter(|(d, _)| seen.insert(d.id)).collect();
        followers.sort_by_key(|(d, _)| (time_of(d), d.id));
        let name = |slug: &str| drawing.desk.channel_name(slug);
        let on = |slug: &str, date: NaiveDate| {
            let there = followers.iter().filter(|(d, _)| d.channel == slug && drawing.day_of(time_of(d)) == date);
            there.map(|(d, title)| drawing.leg(d, title, date)).collect::<Vec<_>>()
        };
        let week = plan.iter().filter(|day| days.contains(&day.date)).map(|day| WeekDay {
            date: day.date,
            name: day_name(drawing.page, day.date),
            is_today: day.date == drawing.today,
            posts: day.posts.iter().map(|post| drawing.post(post)).collect(),
            drafts: day.drafts.iter().map(|draft| drawing.draft(draft)).collect(),
            more: day.more,
            followers: organisation.followers().map(|c| (name(&c.slug), on(&c.slug, day.date))).collect(),
        });
        let channels = std::iter::once(organisation.primary()).chain(organisation.followers());
        Ok(Self { channels: channels.map(|c| name(&c.slug)).collect(), days: week.collect() })
    }
}
