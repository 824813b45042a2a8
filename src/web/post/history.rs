//! What the journal tells of a post: who did what, and how far each publication was from the primary's.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::history::rule::{Distance, FourHours, Verdict, hours};
use crate::journal::event::Action;
use crate::journal::{Entry, VESTNIK};
use crate::store::JournalRow;
use crate::web::journal::{is_of_a_person, sentence};
use crate::web::page::Page;
use crate::web::words::reason_named;
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
    /// Whether it kept the rule.
    pub kept: bool,
}

/// Everything that the journal tells of a post.
#[derive(Debug, Default)]
pub(super) struct PostHistory {
    /// The entries, the newest first.
    pub lines: Vec<HistoryLine>,
    /// The last publication on each follower.
    pub measured: HashMap<String, Measured>,
}

impl PostHistory {
    /// Reads the entries of a post, oldest first, as `history verify` reads a chain.
    pub(super) fn read(desk: &Desk, page: &Page, rows: &[JournalRow], zone: Tz) -> Result<Self, WebError> {
        let mut rule = FourHours::default();
        let mut history = Self::default();
        for row in rows {
            let entry = row.entry()?;
            // What cannot be read is a finding of the check of the chain, not of this page.
            if let Ok(Some(distance)) = rule.push(&entry)
                && distance.action == Action::Publish
            {
                history.measured.insert(distance.channel.clone(), measured(&distance));
            }
            history.lines.push(line(desk, page, &entry, zone));
        }
        history.lines.reverse();
        Ok(history)
    }
}

fn measured(distance: &Distance) -> Measured {
    Measured { distance: distance.distance_seconds.map(hours), kept: distance.verdict == Verdict::Kept }
}

fn line(desk: &Desk, page: &Page, entry: &Entry, zone: Tz) -> HistoryLine {
    let why = entry.detail.get("reason").and_then(|value| value.as_str()).map(ToOwned::to_owned);
    let channel = entry.channel.as_deref().map(|slug| desk.channel_name(slug)).unwrap_or_default();
    let kind = entry.detail.get("kind").and_then(|value| value.as_str());
    HistoryLine {
        seq: entry.seq,
        at: entry.at,
        person: (entry.actor != VESTNIK).then(|| entry.actor.clone()),
        what: sentence(page, entry, zone),
        said: kind.and_then(|kind| reason_named(page.locale, kind, &channel)),
        channel,
        is_program: why.is_some() && !is_of_a_person(entry),
        why,
    }
}
