//! The four-hour rule, computed again from the journal alone: for every publication on a follower, how long after
//! the primary's it was. Nothing that was concluded at the time of release is believed here; only the times of the
//! receipts and of the attempts count.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Serialize;
use uuid::Uuid;

use crate::journal::event::{Action, AttemptEnd, By, EventError, Outcome, Published};
use crate::journal::{Entry, Event, stamp};

pub mod copy;
pub mod period;
mod tally;

pub use tally::Tally;

/// The least that the orders ask for, in seconds. A journal that says less is not believed.
pub const REQUIRED_SECONDS_MIN: u32 = 4 * 60 * 60;

/// The kinds that say anything of when a post was out.
const TELLING: [&str; 5] = ["post.queued", "post.edited", "attempt.started", "attempt.ended", "delivery.published"];

/// Feeds on one chain, in order, and measures each publication on a follower.
#[derive(Debug, Clone, Default)]
pub struct FourHours {
    texts: HashMap<(Uuid, u32), DateTime<Utc>>,
    primaries: HashMap<(Uuid, u32), Beginning>,
    primary_channels: HashMap<Uuid, String>,
    attempts: HashMap<Uuid, DateTime<Utc>>,
}

/// From when a revision counts on the primary.
#[derive(Debug, Clone, Copy)]
struct Beginning {
    at: DateTime<Utc>,
    /// The primary was given it by an edit, of which no platform tells a time.
    by_edit: bool,
}

/// What was measured for one publication (or edit) on a follower.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Distance {
    /// The number of the entry.
    pub seq: u64,
    /// The post.
    pub post: Uuid,
    /// The revision that the follower shows.
    pub revision: u32,
    /// The follower's slug.
    pub channel: String,
    /// A new post, or new content for a standing one.
    pub action: Action,
    /// The platform's id of the post.
    pub remote_id: String,
    /// Its public address.
    pub url: Option<String>,
    /// From when this revision counts on the primary.
    #[serde(with = "stamp::option")]
    pub primary_at: Option<DateTime<Utc>>,
    /// The earliest time that anything says of this publication: the platform's own, the beginning of the call, the
    /// confirmation.
    #[serde(with = "stamp")]
    pub published_at: DateTime<Utc>,
    /// Whole seconds from the primary to the follower, rounded down; unknown without a primary, and where nobody can tell when
    /// the primary began to show the edit.
    pub distance_seconds: Option<i64>,
    /// Seconds asked for: the hold it was released under without its margin, at least [`REQUIRED_SECONDS_MIN`].
    pub required_seconds: u32,
    /// What follows.
    pub verdict: Verdict,
}

/// Whether a publication kept the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The whole hold had passed.
    Kept,
    /// It was too early.
    Broken,
    /// No publication of this revision on the primary stands before it in the journal.
    NoPrimary,
    /// Nobody can tell: it was found standing with a text from before this history gave that text to the primary. An older
    /// copy of the database, put back without the history beside it, forgets when the primary was edited first.
    Unknown,
}

impl FourHours {
    /// Takes the next entry; measures it if it is a publication on a follower. A publication that cannot be read is
    /// an error, because it cannot be shown to be in order.
    pub fn push(&mut self, entry: &Entry) -> Result<Option<Distance>, EventError> {
        if !TELLING.contains(&entry.kind.as_str()) {
            return Ok(None);
        }
        match entry.event()? {
            // The first channel is the primary: what the row of a delivery says later cannot make another one so.
            Some(Event::PostQueued(queued)) => {
                if let (Some(post), Some(first)) = (entry.post, queued.planned.into_iter().next()) {
                    self.primary_channels.entry(post).or_insert(first.channel);
                }
            }
            Some(Event::PostEdited { revision, .. }) => {
                if let Some(post) = entry.post {
                    self.texts.entry((post, revision)).or_insert(entry.at);
                }
            }
            Some(Event::AttemptStarted { attempt, .. }) => {
                self.attempts.insert(attempt, entry.at);
            }
            // Only a call that may have reached the platform can tell when its post was made. Where a person was told
            // to publish, the telling is not the publication.
            Some(Event::AttemptEnded(AttemptEnd {
                attempt,
                outcome:
                    Outcome::Retry
                    | Outcome::Rejected
                    | Outcome::Unauthorised
                    | Outcome::Retracted
                    | Outcome::Handed
                    | Outcome::Abandoned,
                ..
            })) => {
                self.attempts.remove(&attempt);
            }
            Some(Event::DeliveryPublished(published)) => return self.published(entry, &published),
            _ => {}
        }
        Ok(None)
    }

    fn published(&mut self, entry: &Entry, published: &Published) -> Result<Option<Distance>, EventError> {
        let lacking = |what: &str| EventError { kind: entry.kind.clone(), cause: format!("the entry names no {what}") };
        let post = entry.post.ok_or_else(|| lacking("post"))?;
        let called_at = published.attempt.and_then(|attempt| self.attempts.remove(&attempt));
        // Of an edit platforms tell no time; what they tell then is the time of the first publication.
        let platform_time = published.platform_time.filter(|_| published.action != Action::Edit);
        let elsewhere = self.primary_channels.get(&post).is_some_and(|primary| entry.channel.as_ref() != Some(primary));
        if published.primary && !elsewhere {
            let mut from = platform_time.map_or(published.counts_from, |time| time.max(published.counts_from));
            // A person's word of an edit counts from when it is given.
            if published.action == Action::Edit && published.by == By::Person {
                from = from.max(published.received_at);
            }
            let beginning = Beginning { at: from, by_edit: published.action == Action::Edit };
            self.primaries.insert((post, published.revision), beginning);
            return Ok(None);
        }
        let channel = entry.channel.clone().ok_or_else(|| lacking("channel"))?;
        let published_at = [platform_time, called_at].into_iter().flatten().fold(published.received_at, DateTime::min);
        let primary = self.primaries.get(&(post, published.revision)).copied();
        let required_seconds = published.hold_seconds.unwrap_or_default().max(REQUIRED_SECONDS_MIN);
        let since = |moment: DateTime<Utc>| whole_seconds(published_at - moment);
        let is_enough = |moment| since(moment) >= i64::from(required_seconds);
        // Found standing from before every call that this history knows of: its own, and the edit of the primary. The text
        // can have been on the primary since it was written.
        let is_forgotten = |primary: Beginning| {
            let written_at = self.texts.get(&(post, published.revision));
            published.by == By::Find
                && called_at.is_none_or(|called_at| published_at < called_at)
                && primary.by_edit
                && published_at <= primary.at
                && written_at.is_none_or(|written_at| is_enough(*written_at))
        };
        let verdict = match primary {
            None => Verdict::NoPrimary,
            Some(primary) if is_enough(primary.at) => Verdict::Kept,
            Some(primary) if is_forgotten(primary) => Verdict::Unknown,
            Some(_) => Verdict::Broken,
        };
        let primary_at = primary.map(|primary| primary.at);
        let distance_seconds = primary_at.filter(|_| verdict != Verdict::Unknown).map(since);
        Ok(Some(Distance {
            seq: entry.seq,
            post,
            revision: published.revision,
            channel,
            action: published.action,
            remote_id: published.remote_id.clone(),
            url: published.url.as_ref().map(ToString::to_string),
            primary_at,
            published_at,
            distance_seconds,
            required_seconds,
            verdict,
        }))
    }
}

/// Whole seconds, rounded down: 3:59:59.9 is not four hours.
fn whole_seconds(between: TimeDelta) -> i64 {
    between.num_seconds() - i64::from(between.subsec_nanos() < 0)
}

/// Seconds as people read them, for example `4:01:02`.
pub fn hours(seconds: i64) -> String {
    let (sign, all) = (if seconds < 0 { "-" } else { "" }, seconds.unsigned_abs());
    format!("{sign}{}:{:02}:{:02}", all / 3600, all / 60 % 60, all % 60)
}

/// A text of the journal without what could steer the terminal that it is printed on.
pub(super) fn printable(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

impl Verdict {
    /// The name, the same in database, exports and interface.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Broken => "broken",
            Self::NoPrimary => "no_primary",
            Self::Unknown => "unknown",
        }
    }
}

impl std::fmt::Display for Verdict {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Kept => "kept",
            Self::Broken => "BROKEN",
            Self::NoPrimary => "NO PRIMARY",
            Self::Unknown => "NOT KNOWN",
        })
    }
}

impl std::fmt::Display for Distance {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let distance = self.distance_seconds.map_or_else(|| "-".to_owned(), hours);
        let place = printable(self.url.as_deref().unwrap_or(&self.remote_id));
        write!(f, "{distance} of {} {}: ", hours(self.required_seconds.into()), self.verdict)?;
        write!(f, "{} at {} {place} ", printable(&self.channel), stamp::text(self.published_at))?;
        write!(f, "(entry {}, post {}, revision {})", self.seq, self.post, self.revision)
    }
}

#[cfg(test)]
mod tests;
