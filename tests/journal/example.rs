//! A small history: two posts on MAX, VK and a site, with an edit, a lost reply and a site worked by hand.

use chrono::{DateTime, TimeDelta, Utc};
use uuid::Uuid;
use vestnik::history::export::{Format, Header, Writer};
use vestnik::history::rule::FourHours;
use vestnik::history::verify::{Report, verify_export};
use vestnik::journal::event::{Action, AttemptEnd, By, Clocks, Outcome, Planned, Published, Queued};
use vestnik::journal::{Draft, Entry, Event, Hash, Head, link, stamp};

pub(crate) const CHAIN: &str = "press";
const HOLD: i64 = 14_400;

/// So many seconds after the first post was queued.
pub(crate) fn at(seconds: i64) -> DateTime<Utc> {
    stamp::parse("2026-11-22T06:00:00.250000Z").unwrap() + TimeDelta::seconds(seconds)
}

/// Writes a chain.
pub(crate) struct Journal {
    pub(crate) chain: &'static str,
    pub(crate) head: Head,
    pub(crate) entries: Vec<Entry>,
}

impl Journal {
    pub(crate) fn new(chain: &'static str) -> Self {
        Self { chain, head: Head::genesis(chain), entries: Vec::new() }
    }

    pub(crate) fn write(&mut self, draft: Draft) {
        let entry = link(self.chain, &self.head, draft);
        self.head = Head { hash: entry.hash, seq: entry.seq };
        self.entries.push(entry);
    }

    /// One call to a platform, from the intent to the receipt.
    pub(crate) fn publish(&mut self, post: u128, channel: &str, called: i64, change: impl FnOnce(&mut Published)) {
        let attempt = Uuid::from_u128(self.entries.len() as u128);
        let received_at = at(called) + TimeDelta::milliseconds(350);
        let content_sha256 = Hash::of(format!("post {post}")).to_string();
        let mut receipt = Published {
            revision: 1,
            attempt: Some(attempt),
            action: Action::Publish,
            primary: channel == "max",
            by: By::Platform,
            remote_id: format!("-100_{post}"),
            url: format!("https://example.org/{channel}/{post}").parse().ok(),
            platform_time: Some(at(called) + TimeDelta::milliseconds(100)),
            received_at,
            counts_from: received_at,
            content_sha256: content_sha256.clone(),
            hold_from: None,
            hold_seconds: (channel != "max").then_some(14_400),
            margin_seconds: (channel != "max").then_some(60),
            primary_seen_at: None,
            clocks: Clocks { ours: received_at, primary: Some(received_at), follower: None },
        };
        change(&mut receipt);
        let (action, revision) = (receipt.action, receipt.revision);
        let outcome = match (receipt.by, action) {
            (By::Find, _) => Outcome::InDoubt,
            (By::Person, _) => Outcome::Handed,
            (By::Platform, Action::Edit) => Outcome::Edited,
            (By::Platform, _) => Outcome::Published,
        };
        let ended_at = receipt.received_at.min(at(called) + TimeDelta::seconds(30));
        let end = AttemptEnd {
            attempt,
            outcome,
            reason: None,
            kind: None,
            next_at: None,
            status: Some(200),
            answer_sha256: None,
        };
        let events = [
            (at(called), Event::AttemptStarted { attempt, number: 1, action, revision, content_sha256 }),
            (ended_at, Event::AttemptEnded(end)),
            (receipt.received_at, Event::DeliveryPublished(receipt)),
        ];
        let delivery = Uuid::new_v5(&Uuid::from_u128(post), channel.as_bytes());
        for (at, event) in events {
            self.write(Draft::new(at, "vestnik", event).of_delivery(Uuid::from_u128(post), delivery, channel));
        }
    }

    pub(crate) fn header(&self) -> Header {
        Header::whole(self.chain, self.head, at(200_000))
    }

    pub(crate) fn export(&self) -> Vec<u8> {
        write(Format::JsonLines, &self.header(), &self.entries)
    }
}

/// An edit of a post that stands.
pub(crate) fn edit(receipt: &mut Published) {
    (receipt.action, receipt.revision, receipt.platform_time) = (Action::Edit, 2, Some(at(10)));
}

/// The small history, in order.
pub(crate) fn history() -> Journal {
    let mut journal = Journal::new(CHAIN);
    for post in [1, 2] {
        let queued = Queued {
            title: format!("Мост «{post}» открыт\n\t\u{1}\\\" 🎉"),
            content_sha256: Hash::of(format!("post {post}")).to_string(),
            revision: 1,
            planned: vec![Planned { channel: "max".into(), at: at(10) }],
            expires_at: None,
            key: None,
        };
        journal.write(Draft::new(at(0), "А. Иванова", Event::PostQueued(queued)).of_post(Uuid::from_u128(post)));
    }
    journal.publish(1, "max", 10, |_| {});
    journal.publish(2, "max", 200, |_| {});
    journal.publish(1, "vk", 10 + HOLD + 60, |_| {});
    journal.publish(2, "vk", 200 + HOLD + 1, |p| (p.by, p.received_at) = (By::Find, at(200 + HOLD + 200)));
    journal.publish(1, "site", 10 + HOLD + 600, |p| {
        (p.by, p.received_at, p.platform_time) = (By::Person, at(30_000), None);
    });
    journal.write(Draft::new(at(100), "vestnik", Event::ChannelResumed {}).of_channel("vk")); // the clock went back
    journal.publish(1, "max", 40_000, edit);
    journal.publish(1, "vk", 40_000 + HOLD + 60, edit);
    journal
}

/// A history in which VK was `early` seconds too early.
pub(crate) fn early_history(early: i64) -> Journal {
    let mut journal = Journal::new(CHAIN);
    journal.publish(1, "max", 0, |p| (p.platform_time, p.counts_from) = (Some(at(0)), at(0)));
    journal.publish(1, "vk", HOLD, |p| p.platform_time = Some(at(HOLD - early)));
    journal
}

/// An older copy of the database without its history: an edit that MAX shows already, and a follower that shows it.
pub(crate) fn forgotten_history() -> Journal {
    let mut journal = early_history(0);
    let edited = Event::PostEdited { revision: 2, content_sha256: Hash::of("revision 2").to_string() };
    journal.write(Draft::new(at(20_000), "А. Иванова", edited).of_post(Uuid::from_u128(1)));
    journal.publish(1, "max", 50_000, |p| (p.action, p.revision, p.by) = (Action::Edit, 2, By::Find));
    journal.publish(1, "ok", 50_010, |p| {
        (p.revision, p.by, p.platform_time) = (2, By::Find, Some(at(20_000 + HOLD)));
    });
    journal
}

pub(crate) fn write<'a>(format: Format, header: &Header, entries: impl IntoIterator<Item = &'a Entry>) -> Vec<u8> {
    let mut writer = Writer::new(format, Vec::new()).unwrap();
    writer.begin(header).unwrap();
    let mut rule = FourHours::default();
    for entry in entries {
        let measured = rule.push(entry).ok().flatten();
        writer.push(entry, measured.and_then(|distance| distance.distance_seconds)).unwrap();
    }
    writer.finish().unwrap()
}

pub(crate) fn verify(export: &[u8], expected: Option<Hash>) -> Report {
    verify_export(export, expected).unwrap()
}

/// The lines of a copy, each with its end.
pub(crate) fn lines(export: &[u8]) -> Vec<Vec<u8>> {
    export.split_inclusive(|b| *b == b'\n').map(<[u8]>::to_vec).collect()
}
