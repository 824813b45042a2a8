//! What the journal tells of a post: who did what, and how far each publication was from the primary's.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::history::rule::{Distance, FourHours, Verdict, hours};
use crate::journal::event::{Action, Planned};
use crate::journal::{Entry, Event, VESTNIK};
use crate::store::JournalRow;
use crate::web::journal::{is_of_a_person, kind_in_words, sentence};
use crate::web::page::Page;
use crate::web::plan::whole_minute;
use crate::web::{Desk, WebError};

/// One entry, in words.
#[derive(Debug)]
pub(super) struct HistoryLine {
    /// Its place in the organisation's chain.
    pub seq: u64,
    pub at: DateTime<Utc>,
    /// Who; `None`: vestnik itself.
    pub person: Option<String>,
    /// What happened, in words.
    pub what: String,
    /// The channel, as people call it.
    pub channel: String,
    /// Of what kind the reason is that was given, in words.
    pub said: Option<String>,
    /// What was said about it.
    pub why: Option<String>,
    /// The program said it, in English.
    pub is_program: bool,
}

/// How far a publication was from the primary's.
#[derive(Debug, Clone)]
pub(super) struct Measured {
    /// Like `4:01:02`.
    pub distance: Option<String>,
    /// What follows from it.
    pub verdict: Verdict,
}

impl Measured {
    pub(super) fn tone(&self) -> &'static str {
        crate::web::rule::tone(self.verdict)
    }

    /// What is said instead of a distance.
    pub(super) fn without_distance(&self) -> &'static str {
        if self.verdict == Verdict::Unknown { "post-unknown-distance" } else { "post-no-primary" }
    }
}

/// Everything that the journal tells of a post.
#[derive(Debug, Default)]
pub(super) struct PostHistory {
    /// What people did, the newest first.
    pub people: Vec<HistoryLine>,
    /// What vestnik did, the newest first.
    pub program: Vec<HistoryLine>,
    /// The last publication on each follower.
    pub measured: HashMap<String, Measured>,
}

impl PostHistory {
    /// Reads the entries of a post, oldest first, as `history verify` reads a chain.
    pub(super) fn read(desk: &Desk, page: &Page, rows: &[JournalRow], zone: Tz) -> Result<Self, WebError> {
        let mut rule = FourHours::default();
        let mut history = Self::default();
        let mut times = Times::default();
        for row in rows {
            let entry = row.entry()?;
            // What cannot be read is a finding of the check of the chain, not of this page.
            if let Ok(Some(distance)) = rule.push(&entry)
                && distance.action == Action::Publish
            {
                history.measured.insert(distance.channel.clone(), measured(&distance));
            }
            let mut line = line(desk, page, &entry, zone);
            if let Some(moves) = times.push(&entry) {
                let told = |moved: &Moves| moved.in_words(desk, page, zone);
                let moves = moves.iter().map(told).collect::<Vec<_>>().join("; ");
                line.what = page.t("post-was-moved").with("where", moves).to_string();
            }
            if line.person.is_some() { &mut history.people } else { &mut history.program }.push(line);
        }
        history.people.reverse();
        history.program.reverse();
        Ok(history)
    }
}

/// When the post was to go out on each channel, as far as the entries read so far tell.
#[derive(Debug, Default)]
struct Times(HashMap<String, DateTime<Utc>>);

/// Channels that were moved from one time to another.
#[derive(Debug, PartialEq, Eq)]
struct Moves {
    channels: Vec<String>,
    from: Option<DateTime<Utc>>,
    to: DateTime<Utc>,
}

impl Times {
    /// Takes the next entry in; where it gave the post other times: which.
    fn push(&mut self, entry: &Entry) -> Option<Vec<Moves>> {
        match (entry.event(), &entry.channel) {
            (Ok(Some(Event::PostQueued(queued))), _) => drop(self.take(queued.planned)),
            // A time of its own that is later stays.
            (Ok(Some(Event::DeliveryHeld { until, .. })), Some(channel)) => {
                let at = self.0.entry(channel.clone()).or_insert(until);
                *at = until.max(*at);
            }
            (Ok(Some(Event::PostMoved { planned })), _) => return Some(self.take(planned)),
            _ => {}
        }
        None
    }

    fn take(&mut self, planned: Vec<Planned>) -> Vec<Moves> {
        let mut moves: Vec<Moves> = Vec::new();
        for Planned { channel, at } in planned {
            let from = self.0.insert(channel.clone(), at).map(whole_minute);
            let to = whole_minute(at);
            match moves.iter_mut().find(|moved| (moved.from, moved.to) == (from, to)) {
                _ if from == Some(to) => {}
                Some(moved) => moved.channels.push(channel),
                None => moves.push(Moves { channels: vec![channel], from, to }),
            }
        }
        moves
    }
}

impl Moves {
    fn in_words(&self, desk: &Desk, page: &Page, zone: Tz) -> String {
        let names: Vec<_> = self.channels.iter().map(|slug| desk.channel_name(slug)).collect();
        let to = page.time(&self.to, &zone);
        match self.from {
            Some(from) => page.t("post-moved-from-to").with("from", page.time(&from, &zone)),
            None => page.t("post-moved-to"),
        }
        .with("channels", names.join(", "))
        .with("to", to)
        .to_string()
    }
}

fn measured(distance: &Distance) -> Measured {
    Measured { distance: distance.distance_seconds.map(hours), verdict: distance.verdict }
}

fn line(desk: &Desk, page: &Page, entry: &Entry, zone: Tz) -> HistoryLine {
    let why = entry.detail.get("reason").and_then(|value| value.as_str()).map(ToOwned::to_owned);
    let channel = entry.channel.as_deref().map(|slug| desk.channel_name(slug)).unwrap_or_default();
    HistoryLine {
        seq: entry.seq,
        at: entry.at,
        person: (entry.actor != VESTNIK).then(|| entry.actor.clone()),
        what: sentence(page, entry, zone),
        said: kind_in_words(page, entry, &channel),
        channel,
        is_program: why.is_some() && !is_of_a_person(entry),
        why,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_move_tells_from_where_for_what_lies_elsewhere_now() {
        let at = |text: &str| text.parse::<DateTime<Utc>>().unwrap();
        let planned = |channel: &str, time: &str| Planned { channel: channel.into(), at: at(time) };
        let mut times = Times::default();
        let lay = [("max", "2026-11-23T07:00:00Z"), ("vk", "2026-11-23T11:01:00Z"), ("ok", "2026-11-23T11:01:00Z")];
        drop(times.take(lay.map(|(channel, time)| planned(channel, time)).into()));
        let moved = times.take(vec![
            planned("max", "2026-11-23T07:00:00Z"),
            planned("vk", "2026-11-24T09:00:00Z"),
            planned("ok", "2026-11-24T09:00:00Z"),
            planned("site", "2026-11-24T09:00:00Z"),
        ]);
        let to = at("2026-11-24T09:00:00Z");
        let both = Moves { channels: vec!["vk".into(), "ok".into()], from: Some(at("2026-11-23T11:01:00Z")), to };
        assert_eq!(moved, [both, Moves { channels: vec!["site".into()], from: None, to }]);
    }
}
