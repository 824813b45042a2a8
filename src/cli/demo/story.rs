//! What happened, told from the journal in words for someone who sees it for the first time.

use std::collections::{HashMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use uuid::Uuid;

use super::screen::INDENT;
use crate::domain::wall_time::local;
use crate::journal::event::{AttemptEnd, By, Looked, Outcome, Why};
use crate::journal::{Entry, Event};

/// Tells entries of one organisation's chain, in order.
#[derive(Debug)]
pub(super) struct Story {
    zone: Tz,
    /// Headlines by post.
    titles: HashMap<Uuid, String>,
    /// Platforms by channel.
    platforms: HashMap<String, String>,
    held: HashSet<(Uuid, DateTime<Utc>)>,
    told: HashSet<(Uuid, String)>,
    trouble: Option<String>,
}

impl Story {
    pub(super) fn new(zone: Tz, titles: HashMap<Uuid, String>, platforms: HashMap<String, String>) -> Self {
        Self { zone, titles, platforms, held: HashSet::new(), told: HashSet::new(), trouble: None }
    }

    /// A line for what is worth one.
    pub(super) fn line(&mut self, entry: &Entry) -> Option<String> {
        let event = entry.event().ok()??;
        let title = entry.post.and_then(|post| self.titles.get(&post)).cloned().unwrap_or_default();
        let said = match event {
            Event::DeliveryPublished(published) => match published.by {
                By::Find => format!("«{title}» stands once, found by looking; it was not sent again"),
                By::Platform | By::Person => match published.hold_from {
                    Some(from) => {
                        let after = hms(published.platform_time.unwrap_or(published.received_at) - from);
                        format!("«{title}» is out, {after} after MAX")
                    }
                    None => format!("«{title}» is out"),
                },
            },
            Event::AttemptEnded(AttemptEnd { outcome: Outcome::InDoubt, .. }) => {
                format!(
                    "no answer: nobody knows whether «{title}» stands. Nothing is sent again before a look at the channel"
                )
            }
            Event::AttemptEnded(AttemptEnd { outcome: Outcome::Retry, reason, .. }) => {
                format!("not accepted ({}); tried again later", reason.unwrap_or_default())
            }
            Event::AttemptLooked { found: Looked::No, .. } => {
                "looked at the channel: nothing there yet; looked again soon".into()
            }
            Event::DeliveryHeld { until, .. } => {
                let post = entry.post?;
                if !self.held.insert((post, until)) {
                    return None;
                }
                let line = format!("«{title}»: nothing goes anywhere else before {}", time(until, self.zone));
                return Some(self.told(entry.at, "hold", &line));
            }
            Event::DeliveryPostponed { why: Why { reason, .. }, .. } => {
                // The Date header has whole seconds: a release is often due a fraction of one before it says so.
                if reason.ends_with("has not passed yet") || !self.told.insert((entry.post?, reason.clone())) {
                    return None;
                }
                format!("«{title}» waits: {reason}")
            }
            Event::DeliveryFailed(Why { reason, .. }) | Event::DeliveryStopped { why: Why { reason, .. }, .. } => {
                self.stopped(format!("«{title}» has stopped: {reason}"), entry.channel.as_deref())
            }
            Event::ChannelPaused(Why { reason, .. }) => {
                self.stopped(format!("the channel is paused: {reason}"), entry.channel.as_deref())
            }
            _ => return None,
        };
        let channel = entry.channel.as_deref().unwrap_or_default();
        let platform = self.platforms.get(channel).map_or(channel, String::as_str);
        Some(self.told(entry.at, platform, &said))
    }

    /// The first thing that only a person could settle: it has no place in a demo.
    pub(super) fn trouble(&self) -> Option<&str> {
        self.trouble.as_deref()
    }

    fn stopped(&mut self, said: String, channel: Option<&str>) -> String {
        self.trouble.get_or_insert_with(|| format!("{}: {said}", channel.unwrap_or_default()));
        said
    }

    /// A line of what the demo itself does to the platforms.
    pub(super) fn told(&self, at: DateTime<Utc>, who: &str, what: &str) -> String {
        format!("{:<INDENT$}{what}", format!("{}  {who}", stamp(at, self.zone)))
    }
}

/// `Mon 09:00:00`.
pub(super) fn stamp(at: DateTime<Utc>, zone: Tz) -> String {
    local(at, zone).format("%a %H:%M:%S").to_string()
}

/// `09:00:00`.
pub(super) fn time(at: DateTime<Utc>, zone: Tz) -> String {
    local(at, zone).format("%H:%M:%S").to_string()
}

/// `1 picture`, `2 pictures`.
pub(super) fn pictures(count: usize) -> String {
    if count == 1 { "1 picture".to_owned() } else { format!("{count} pictures") }
}

/// `04:01:00`.
pub(super) fn hms(distance: TimeDelta) -> String {
    let seconds = distance.num_seconds();
    let sign = if seconds < 0 { "-" } else { "" };
    let seconds = seconds.abs();
    format!("{sign}{:02}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60)
}
