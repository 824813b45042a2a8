//! The calendar of an organisation: posts by the day of their primary with what follows, and drafts that name a time.

use std::collections::HashMap;
use std::ops::Range;

use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;

use super::{Office, OfficeError};
use crate::config::Organisation;
use crate::domain::wall_time::{self, day_start, local};
use crate::domain::{DeliveryId, PostId, State};
use crate::store::{CalendarDraft, CalendarEntry, CalendarPost, Delivery};

/// Followers with a time of their own that are looked at in one reading; more than a month has.
const OWN_TIMES_MAX: u32 = 2_000;

/// One post in the calendar.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedPost {
    /// The post.
    pub id: PostId,
    /// Its headline.
    pub title: String,
    /// Its primary.
    pub primary: Delivery,
    /// What follows, by channel.
    pub followers: Vec<Delivery>,
}

/// A follower that lies on another day than its primary, because it has a time of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedFollower {
    /// The headline of its post.
    pub title: String,
    /// The follower.
    pub delivery: Delivery,
}

/// A draft with the time that it names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedDraft {
    /// When, if it is queued as it is.
    pub at: DateTime<Utc>,
    /// The draft.
    pub draft: CalendarDraft,
}

/// What lies on one day.
#[derive(Debug, Clone, PartialEq)]
pub struct PlannedDay {
    /// The day, on the clocks of the organisation.
    pub date: NaiveDate,
    /// The first posts, in order.
    pub posts: Vec<PlannedPost>,
    /// How many more there are.
    pub more: u32,
    /// Followers of other days' posts.
    pub followers: Vec<PlannedFollower>,
    /// Drafts.
    pub drafts: Vec<PlannedDraft>,
}

/// A page of the list.
#[derive(Debug, Clone, PartialEq)]
pub struct PlanPage {
    /// The posts, in order.
    pub posts: Vec<PlannedPost>,
    /// Where the page before begins to be read, backwards.
    pub earlier: Option<Place>,
    /// Where the next page begins.
    pub later: Option<Place>,
}

/// A place between two entries of the calendar: beside the entry of a moment and a delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place {
    /// The moment.
    pub at: DateTime<Utc>,
    /// The delivery; `None`: before everything of that moment.
    pub delivery: Option<DeliveryId>,
}

/// When a delivery went out or is to go out.
pub fn time_of(delivery: &Delivery) -> DateTime<Utc> {
    delivery.published_at.unwrap_or(delivery.planned_at)
}

impl PlannedPost {
    /// Whether the post as a whole may be tried at another time.
    pub fn is_movable(&self) -> bool {
        self.primary.is_movable()
    }

    /// When its primary went out or is to go out.
    pub fn at(&self) -> DateTime<Utc> {
        time_of(&self.primary)
    }
}

impl Office {
    /// What lies on each of some days, with at most so many posts a day.
    pub async fn calendar(
        &self,
        organisation: &Organisation,
        days: Range<NaiveDate>,
        most_a_day: u32,
    ) -> Result<Vec<PlannedDay>, OfficeError> {
        let zone = organisation.zone;
        let primary = (organisation.slug.as_str(), organisation.primary().slug.as_str());
        let dates: Vec<_> = std::iter::successors(Some(days.start), |day| day.checked_add_days(Days::new(1)))
            .take_while(|day| *day < days.end)
            .collect();
        let spans: Vec<_> = dates.iter().map(|day| day_span(*day, zone)).collect();
        let counts = self.store.calendar_counts(primary, &spans).await?;
        let mut entries = Vec::with_capacity(dates.len());
        for (span, count) in spans.iter().zip(&counts) {
            let of_day = match count {
                0 => Vec::new(),
                _ => self.store.calendar_entries(primary, span.clone(), None, most_a_day).await?,
            };
            entries.push(of_day);
        }
        let aside = self.own_times(organisation, day_start(days.start, zone)..day_start(days.end, zone)).await?;
        let wanted: Vec<_> = entries.iter().flatten().chain(&aside).map(|entry| entry.post).collect();
        let posts = self.store.calendar_posts(&wanted).await?;
        let mut planned: Vec<_> = dates
            .iter()
            .zip(entries)
            .zip(counts)
            .map(|((date, of_day), count)| {
                let of_day: Vec<_> = of_day.iter().filter_map(|entry| planned_post(entry, &posts)).collect();
                let more = count.saturating_sub(u32::try_from(of_day.len()).unwrap_or(u32::MAX));
                PlannedDay { date: *date, posts: of_day, more, followers: Vec::new(), drafts: Vec::new() }
            })
            .collect();
        let place = |at| usize::try_from((local(at, zone).date_naive() - days.start).num_days()).ok();
        for entry in &aside {
            let Some(post) = posts.get(&entry.post) else { continue };
            let Some(follower) = follower_of_another_day(entry, post, zone) else { continue };
            if let Some(day) = place(entry.at).and_then(|n| planned.get_mut(n)) {
                day.followers.push(follower);
            }
        }
        for draft in self.planned_drafts(organisation).await? {
            if let Some(day) = place(draft.at).and_then(|n| planned.get_mut(n)) {
                day.drafts.push(draft);
            }
        }
        for day in &mut planned {
            day.followers.sort_by_key(|f| time_of(&f.delivery));
            day.drafts.sort_by_key(|draft| draft.at);
        }
        Ok(planned)
    }

    /// The posts from a place on, or those before it, with the ways to the pages beside.
    pub async fn calendar_page(
        &self,
        organisation: &Organisation,
        place: Place,
        backwards: bool,
        most: u32,
    ) -> Result<PlanPage, OfficeError> {
        let primary = (organisation.slug.as_str(), organisation.primary().slug.as_str());
        // One more than is shown tells whether the way goes on.
        let mut entries = if backwards {
            self.store.calendar_entries_before(primary, (place.at, place.delivery), most + 1).await?
        } else {
            let span = place.at..DateTime::<Utc>::MAX_UTC - TimeDelta::days(366);
            self.store.calendar_entries(primary, span, place.delivery, most + 1).await?
        };
        let goes_on = entries.len() > most as usize;
        entries.truncate(most as usize);
        if backwards {
            entries.reverse();
        }
        let beside = |entry: Option<&CalendarEntry>| entry.map(|e| Place { at: e.at, delivery: Some(e.delivery) });
        let (first, last) = (beside(entries.first()), beside(entries.last()));
        let (earlier, later) = if backwards {
            (first.filter(|_| goes_on), last.or(Some(place)))
        } else {
            let edge = first.unwrap_or(place);
            let before = self.store.calendar_entries_before(primary, (edge.at, edge.delivery), 1).await?;
            (Some(edge).filter(|_| !before.is_empty()), last.filter(|_| goes_on))
        };
        let ids: Vec<_> = entries.iter().map(|entry| entry.post).collect();
        let posts = self.store.calendar_posts(&ids).await?;
        let posts = entries.iter().filter_map(|entry| planned_post(entry, &posts)).collect();
        Ok(PlanPage { posts, earlier, later })
    }

    async fn own_times(
        &self,
        organisation: &Organisation,
        span: Range<DateTime<Utc>>,
    ) -> Result<Vec<CalendarEntry>, OfficeError> {
        let mut entries = Vec::new();
        for follower in organisation.followers() {
            entries.extend(self.store.calendar_own_times(&follower.slug, span.clone(), OWN_TIMES_MAX).await?);
        }
        Ok(entries)
    }

    async fn planned_drafts(&self, organisation: &Organisation) -> Result<Vec<PlannedDraft>, OfficeError> {
        let now = self.clock.now();
        let drafts = self.store.calendar_drafts(&organisation.slug).await?;
        // A draft may be wrong: what is no time lies nowhere.
        let planned = drafts.into_iter().filter_map(|draft| {
            let at = wall_time::read(&draft.at, organisation.zone, now).ok()?;
            Some(PlannedDraft { at, draft })
        });
        Ok(planned.collect())
    }
}

/// From the beginning of a day to that of the next.
pub fn day_span(day: NaiveDate, zone: Tz) -> Range<DateTime<Utc>> {
    let next = day.checked_add_days(Days::new(1)).unwrap_or(day);
    day_start(day, zone)..day_start(next, zone)
}

fn planned_post(entry: &CalendarEntry, posts: &HashMap<PostId, CalendarPost>) -> Option<PlannedPost> {
    let post = posts.get(&entry.post)?;
    let primary = post.deliveries.iter().find(|d| d.id == entry.delivery)?.clone();
    let is_newest = post.deliveries.iter().all(|d| !d.is_primary || d.number <= primary.number);
    // What was taken down and published anew has its followers under the newer one.
    let followers = post.deliveries.iter().filter(|d| is_newest && !d.is_primary && d.state != State::Cancelled);
    Some(PlannedPost { id: entry.post, title: post.title.clone(), followers: followers.cloned().collect(), primary })
}

fn follower_of_another_day(entry: &CalendarEntry, post: &CalendarPost, zone: Tz) -> Option<PlannedFollower> {
    let delivery = post.deliveries.iter().find(|d| d.id == entry.delivery)?.clone();
    let primary = post.deliveries.iter().filter(|d| d.is_primary).max_by_key(|d| d.number)?;
    let day = |at| local(at, zone).date_naive();
    let is_beside = day(time_of(primary)) == day(entry.at);
    (!is_beside).then(|| PlannedFollower { title: post.title.clone(), delivery })
}
