//! What lies in a period of the calendar: what went out by the time it did, what is to go out by the time people were
//! told. Every reading goes along an index, however much lies outside the period.

use std::collections::HashMap;
use std::ops::Range;

use chrono::{DateTime, Utc};

use super::changes::json;
use super::db::{read_all, read_optional};
use super::rows::{DELIVERIES_OF_POSTS, Delivery, DeliveryRow, count, instant, micros, uuid};
use super::{Store, StoreError};
use crate::domain::draft::DraftState;
use crate::domain::{DeliveryId, DraftId, PostId};

/// A delivery's place in the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CalendarEntry {
    /// The delivery.
    pub delivery: DeliveryId,
    /// Its post.
    pub post: PostId,
    /// When it went out or is to go out.
    pub at: DateTime<Utc>,
}

/// A post, as far as the calendar shows it.
#[derive(Debug, Clone, PartialEq)]
pub struct CalendarPost {
    /// Its headline.
    pub title: String,
    /// Its deliveries, the primary's first.
    pub deliveries: Vec<Delivery>,
}

/// A draft that names a time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CalendarDraft {
    /// The draft.
    pub id: DraftId,
    /// Its headline, as far as there is one.
    pub title: String,
    /// Where it stands.
    pub state: DraftState,
    /// Its version.
    pub version: u32,
    /// The time as typed, on the clocks of its organisation.
    pub at: String,
}

/// Deliveries of channel `$1` of organisation `$2` between two moments, each once: what is out, what is to go out, what
/// is on its way, what asks a person, what failed.
macro_rules! lying {
    ($from:literal, $to:literal) => {
        concat!(
            "SELECT id, post, published_at AS at FROM delivery \
             WHERE channel = $1 AND published_at >= ",
            $from,
            " AND published_at < ",
            $to,
            " UNION ALL SELECT id, post, planned_at FROM delivery \
             WHERE channel = $1 AND action = 'publish' AND stop_reason IS NULL \
             AND planned_at >= ",
            $from,
            " AND planned_at < ",
            $to,
            " UNION ALL SELECT d.id, d.post, d.planned_at FROM attempt a CROSS JOIN delivery d ON d.id = a.delivery \
             WHERE a.channel = $1 AND a.state <> 'settled' AND d.published_at IS NULL AND d.stop_reason IS NULL \
             AND d.state <> 'failed' AND d.planned_at >= ",
            $from,
            " AND d.planned_at < ",
            $to,
            " UNION ALL SELECT id, post, planned_at FROM delivery INDEXED BY delivery_stopped \
             WHERE organisation = $2 AND stop_reason IS NOT NULL AND channel = $1 AND published_at IS NULL \
             AND planned_at >= ",
            $from,
            " AND planned_at < ",
            $to,
            " UNION ALL SELECT id, post, planned_at FROM delivery INDEXED BY delivery_failed \
             WHERE organisation = $2 AND state = 'failed' AND channel = $1 AND stop_reason IS NULL \
             AND planned_at >= ",
            $from,
            " AND planned_at < ",
            $to
        )
    };
}

/// After the place `$5` of the last entry that was seen, in the order of the calendar.
pub(super) const ENTRIES: &str =
    concat!("SELECT id, post, at FROM (", lying!("$3", "$4"), ") WHERE (at, id) > ($3, $5) ORDER BY at, id LIMIT $6");
/// Before the place `$5`, nearest first.
pub(super) const ENTRIES_BEFORE: &str = concat!(
    "SELECT id, post, at FROM (",
    lying!("$3", "$4 + 1"),
    ") WHERE (at, id) < ($4, $5) ORDER BY at DESC, id DESC LIMIT $6"
);
/// How many lie in each period of the JSON array `$3`.
pub(super) const COUNTS: &str = concat!(
    "SELECT (SELECT COUNT(*) FROM (",
    lying!("(q.value ->> 0)", "(q.value ->> 1)"),
    ")) AS n FROM json_each($3) q ORDER BY q.key"
);
/// Followers with a time of their own.
pub(super) const OWN_TIMES: &str = "SELECT id, post, COALESCE(published_at, planned_at) AS at FROM delivery \
     WHERE channel = $1 AND not_before >= $2 AND not_before < $3 AND is_primary = 0 \
     AND state NOT IN ('failed', 'cancelled') ORDER BY not_before, id LIMIT $4";
pub(super) const TITLES: &str = "SELECT p.id, r.title FROM json_each($1) q JOIN post p ON p.id = q.value \
     JOIN revision r ON r.post = p.id AND r.number = p.revision";
/// The newest drafts first: of more than can be shown, those that people work on.
pub(super) const DRAFTS: &str = "SELECT id, title, state, version, content ->> '$.at' FROM draft \
     WHERE organisation = $1 AND state IN ('draft', 'submitted', 'approved') AND edits IS NULL \
     AND content ->> '$.at' <> '' ORDER BY changed_at DESC LIMIT 1000";
pub(super) const ORGANISATION_OF_POST: &str = "SELECT organisation FROM post WHERE id = $1";

type EntryRow = (String, String, i64);

impl Store {
    /// Deliveries of a channel from a moment on (`after` an entry at that very moment, where one was seen) up to another.
    pub async fn calendar_entries(
        &self,
        (organisation, channel): (&str, &str),
        span: Range<DateTime<Utc>>,
        after: Option<DeliveryId>,
        most: u32,
    ) -> Result<Vec<CalendarEntry>, StoreError> {
        let after = after.map_or_else(String::new, |id| id.to_string());
        let (from, to) = (micros(span.start), micros(span.end));
        let rows =
            read_all!(&self.readers, EntryRow, ENTRIES, channel, organisation, from, to, after, i64::from(most))?;
        rows.into_iter().map(entry).collect()
    }

    /// The last deliveries of a channel before an entry's place (or before a moment), nearest first.
    pub async fn calendar_entries_before(
        &self,
        (organisation, channel): (&str, &str),
        before: (DateTime<Utc>, Option<DeliveryId>),
        most: u32,
    ) -> Result<Vec<CalendarEntry>, StoreError> {
        let id = before.1.map_or_else(String::new, |id| id.to_string());
        let to = micros(before.0);
        let rows = read_all!(
            &self.readers,
            EntryRow,
            ENTRIES_BEFORE,
            channel,
            organisation,
            i64::MIN,
            to,
            id,
            i64::from(most)
        )?;
        rows.into_iter().map(entry).collect()
    }

    /// How many deliveries of a channel lie in each of some periods.
    pub async fn calendar_counts(
        &self,
        (organisation, channel): (&str, &str),
        spans: &[Range<DateTime<Utc>>],
    ) -> Result<Vec<u32>, StoreError> {
        let spans: Vec<_> = spans.iter().map(|span| (micros(span.start), micros(span.end))).collect();
        let rows = read_all!(&self.readers, (i64,), COUNTS, channel, organisation, json(&spans)?)?;
        rows.into_iter().map(|(n,)| count("delivery", channel, n)).collect()
    }

    /// Followers on a channel whose own time lies in a period.
    pub async fn calendar_own_times(
        &self,
        channel: &str,
        span: Range<DateTime<Utc>>,
        most: u32,
    ) -> Result<Vec<CalendarEntry>, StoreError> {
        let (from, to) = (micros(span.start), micros(span.end));
        let rows = read_all!(&self.readers, EntryRow, OWN_TIMES, channel, from, to, i64::from(most))?;
        rows.into_iter().map(entry).collect()
    }

    /// Posts with their deliveries.
    pub async fn calendar_posts(&self, ids: &[PostId]) -> Result<HashMap<PostId, CalendarPost>, StoreError> {
        let ids = json(ids)?;
        let mut posts = HashMap::new();
        for (id, title) in read_all!(&self.readers, (String, String), TITLES, &*ids)? {
            posts.insert(PostId(uuid("post", &id)?), CalendarPost { title, deliveries: Vec::new() });
        }
        for row in read_all!(&self.readers, DeliveryRow, DELIVERIES_OF_POSTS, ids)? {
            let delivery = Delivery::try_from(row)?;
            if let Some(post) = posts.get_mut(&delivery.post) {
                post.deliveries.push(delivery);
            }
        }
        Ok(posts)
    }

    /// Open drafts of new posts that name a time.
    pub async fn calendar_drafts(&self, organisation: &str) -> Result<Vec<CalendarDraft>, StoreError> {
        type Row = (String, String, String, i64, String);
        let rows = read_all!(&self.readers, Row, DRAFTS, organisation)?;
        rows.into_iter()
            .map(|(id, title, state, version, at)| {
                Ok(CalendarDraft {
                    state: state.parse().map_err(|e| StoreError::corrupt("draft", &id, e))?,
                    version: count("draft", &id, version)?,
                    id: DraftId(uuid("draft", &id)?),
                    title,
                    at,
                })
            })
            .collect()
    }

    /// Whose a post is.
    pub async fn organisation_of_post(&self, id: PostId) -> Result<Option<String>, StoreError> {
        let row = read_optional!(&self.readers, (String,), ORGANISATION_OF_POST, id.to_string())?;
        Ok(row.map(|(organisation,)| organisation))
    }
}

fn entry((id, post, at): EntryRow) -> Result<CalendarEntry, StoreError> {
    Ok(CalendarEntry {
        at: instant("delivery", &id, at)?,
        delivery: DeliveryId(uuid("delivery", &id)?),
        post: PostId(uuid("delivery", &post)?),
    })
}
