use proptest::prelude::*;

use super::*;
use crate::journal::event::{By, Clocks};
use crate::journal::{Draft, Head, link};

const POST: Uuid = Uuid::from_u128(7);

fn at(seconds: i64) -> DateTime<Utc> {
    stamp::parse("2026-11-22T06:00:00.000000Z").unwrap() + TimeDelta::seconds(seconds)
}

fn receipt(primary: bool, received_at: DateTime<Utc>) -> Published {
    Published {
        revision: 1,
        attempt: None,
        action: Action::Publish,
        primary,
        by: By::Platform,
        remote_id: "1".into(),
        url: None,
        platform_time: None,
        received_at,
        counts_from: received_at,
        content_sha256: "00".repeat(32),
        hold_from: None,
        hold_seconds: Some(14_400),
        margin_seconds: Some(60),
        primary_seen_at: None,
        clocks: Clocks { ours: received_at, primary: None, follower: None },
    }
}

/// Feeds events, each at its time, and gives the last distance.
fn measure(events: Vec<(DateTime<Utc>, Event)>) -> Option<Distance> {
    let (mut rule, mut head, mut last) = (FourHours::default(), Head::genesis("press"), None);
    for (at, event) in events {
        let channel = if matches!(&event, Event::DeliveryPublished(p) if p.primary) { "max" } else { "vk" };
        let draft = Draft::new(at, "vestnik", event).of_delivery(POST, Uuid::from_u128(8), channel);
        let entry = link("press", &head, draft);
        head = Head { hash: entry.hash, seq: entry.seq };
        last = rule.push(&entry).unwrap().or(last);
    }
    last
}

fn primary(seconds: i64) -> (DateTime<Utc>, Event) {
    (at(seconds), Event::DeliveryPublished(receipt(true, at(seconds))))
}

fn follower(seconds: i64, change: impl FnOnce(&mut Published)) -> (DateTime<Utc>, Event) {
    let mut receipt = receipt(false, at(seconds));
    change(&mut receipt);
    (at(seconds), Event::DeliveryPublished(receipt))
}

fn started(seconds: i64) -> (DateTime<Utc>, Event) {
    let (attempt, content_sha256) = (Uuid::from_u128(9), "00".repeat(32));
    (at(seconds), Event::AttemptStarted { attempt, number: 1, action: Action::Publish, revision: 1, content_sha256 })
}

fn ended(seconds: i64, outcome: Outcome) -> (DateTime<Utc>, Event) {
    let attempt = Uuid::from_u128(9);
    let end =
        AttemptEnd { attempt, outcome, reason: None, kind: None, next_at: None, status: None, answer_sha256: None };
    (at(seconds), Event::AttemptEnded(end))
}

fn judged(events: Vec<(DateTime<Utc>, Event)>) -> (Option<i64>, Verdict) {
    let distance = measure(events).unwrap();
    (distance.distance_seconds, distance.verdict)
}

#[test]
fn four_hours_to_the_second_are_kept_and_one_less_is_not() {
    assert_eq!(judged(vec![primary(0), follower(14_400, |_| {})]), (Some(14_400), Verdict::Kept));
    assert_eq!(judged(vec![primary(0), follower(14_399, |_| {})]), (Some(14_399), Verdict::Broken));
    let almost = |p: &mut Published| p.received_at -= TimeDelta::microseconds(1);
    assert_eq!(judged(vec![primary(0), follower(14_400, almost)]), (Some(14_399), Verdict::Broken));
}

#[test]
fn without_the_primary_before_it_nothing_is_kept() {
    assert_eq!(judged(vec![follower(14_400, |_| {})]), (None, Verdict::NoPrimary));
    assert_eq!(judged(vec![follower(14_400, |_| {}), primary(0)]), (None, Verdict::NoPrimary));
    assert_eq!(judged(vec![primary(0), follower(14_400, |p| p.revision = 2)]), (None, Verdict::NoPrimary));
}

#[test]
fn the_earliest_time_counts() {
    let stamped = |p: &mut Published| p.platform_time = Some(at(14_000));
    assert_eq!(judged(vec![primary(0), follower(14_500, stamped)]), (Some(14_000), Verdict::Broken));
    let called = |p: &mut Published| p.attempt = Some(Uuid::from_u128(9));
    for outcome in [Outcome::Published, Outcome::InDoubt] {
        let events = vec![primary(0), started(14_100), ended(14_490, outcome), follower(14_500, called)];
        assert_eq!(judged(events), (Some(14_100), Verdict::Broken));
    }
}

#[test]
fn telling_a_person_to_publish_is_not_the_publication() {
    let entered = |p: &mut Published| (p.attempt, p.by) = (Some(Uuid::from_u128(9)), By::Person);
    let events = vec![primary(0), started(14_400), ended(14_400, Outcome::Handed), follower(20_000, entered)];
    assert_eq!(judged(events), (Some(20_000), Verdict::Kept));
}

#[test]
fn a_primary_counts_from_the_later_of_its_times() {
    let (when, event) = primary(0);
    let Event::DeliveryPublished(mut receipt) = event else { unreachable!() };
    receipt.platform_time = Some(at(30));
    let events = vec![(when, Event::DeliveryPublished(receipt)), follower(14_400, |_| {})];
    assert_eq!(judged(events), (Some(14_370), Verdict::Broken));
}

#[test]
fn an_edit_is_measured_by_its_own_call_and_its_own_revision() {
    let edit = |p: &mut Published| (p.action, p.revision, p.platform_time) = (Action::Edit, 2, Some(at(14_400)));
    let mut edited = receipt(true, at(50_000));
    (edited.action, edited.revision, edited.platform_time) = (Action::Edit, 2, Some(at(0)));
    let edited = (at(50_000), Event::DeliveryPublished(edited));
    let out = || vec![primary(0), follower(14_400, |_| {}), edited.clone()];
    let with = |edit| out().into_iter().chain([edit]).collect();
    assert_eq!(judged(with(follower(64_400, edit))), (Some(14_400), Verdict::Kept));
    assert_eq!(judged(with(follower(64_399, edit))), (Some(14_399), Verdict::Broken));
}

/// A text of revision 2 that was written at second 0, and given to the primary at second 40 000.
fn edited_later(by: By) -> [(DateTime<Utc>, Event); 2] {
    let written = Event::PostEdited { revision: 2, content_sha256: "00".repeat(32) };
    let mut edited = receipt(true, at(40_000));
    (edited.action, edited.revision, edited.by) = (Action::Edit, 2, by);
    [(at(0), written), (at(40_000), Event::DeliveryPublished(edited))]
}

fn found(seconds: i64) -> (DateTime<Utc>, Event) {
    let (when, mut event) =
        follower(40_010, |p| (p.revision, p.by, p.platform_time) = (2, By::Find, Some(at(seconds))));
    if let Event::DeliveryPublished(found) = &mut event {
        found.attempt = Some(Uuid::from_u128(9));
    }
    (when, event)
}

#[test]
fn what_an_older_copy_forgot_accuses_nobody() {
    let with = |by, events: Vec<_>| judged(edited_later(by).into_iter().chain(events).collect());
    for by in [By::Platform, By::Find, By::Person] {
        assert_eq!(with(by, vec![found(20_000)]), (None, Verdict::Unknown), "{by:?}");
    }
    assert_eq!(with(By::Platform, vec![found(14_400)]), (None, Verdict::Unknown));
    assert_eq!(with(By::Platform, vec![found(40_000)]), (None, Verdict::Unknown));
    let called_later = vec![started(40_005), found(20_000)];
    assert_eq!(with(By::Platform, called_later), (None, Verdict::Unknown), "it stood there before our call");
    let part = edited_later(By::Platform).into_iter().skip(1).chain([found(20_000)]).collect();
    assert_eq!(judged(part), (None, Verdict::Unknown), "a part does not tell when it was written");
}

#[test]
fn what_is_known_to_be_early_is_broken_whoever_sent_it() {
    let with = |events: Vec<_>| judged(edited_later(By::Find).into_iter().chain(events).collect()).1;
    assert_eq!(with(vec![found(14_399)]), Verdict::Broken, "it was written less than four hours before");
    assert_eq!(with(vec![found(40_001)]), Verdict::Broken, "the primary had been edited");
    assert_eq!(with(vec![follower(40_010, |p| p.revision = 2)]), Verdict::Broken, "the platform answered our call");
    assert_eq!(with(vec![started(20_000), found(20_001)]), Verdict::Broken, "it was our call");
    let (when, event) = found(14_399);
    let Event::DeliveryPublished(mut first) = event else { unreachable!() };
    first.revision = 1;
    let first = (when, Event::DeliveryPublished(first));
    assert_eq!(judged(vec![primary(30_000), first]).1, Verdict::Broken, "of a publication MAX tells the time");
}

#[test]
fn a_republished_primary_begins_a_new_hold() {
    assert_eq!(judged(vec![primary(0), primary(10_000), follower(14_400, |_| {})]), (Some(4_400), Verdict::Broken));
}

#[test]
fn a_longer_hold_is_asked_for_and_a_shorter_one_is_not_believed() {
    let required = |hold| measure(vec![primary(0), follower(14_400, |p| p.hold_seconds = hold)]).unwrap();
    assert_eq!((required(Some(18_000)).required_seconds, required(Some(18_000)).verdict), (18_000, Verdict::Broken));
    assert_eq!((required(Some(60)).required_seconds, required(Some(60)).verdict), (14_400, Verdict::Kept));
    assert_eq!(required(None).required_seconds, 14_400);
}

#[test]
fn a_publication_that_cannot_be_read_is_an_error() {
    let draft = Draft::new(at(0), "vestnik", Event::DeliveryPublished(receipt(false, at(0)))).of_channel("vk");
    let entry = link("press", &Head::genesis("press"), draft);
    let error = FourHours::default().push(&entry).unwrap_err();
    assert_eq!(error.to_string(), "the detail of `delivery.published` cannot be read: the entry names no post");
    let mut entry = entry;
    entry.detail.remove("received_at");
    assert!(FourHours::default().push(&entry).is_err());
}

#[test]
fn a_distance_reads_as_a_sentence() {
    let distance = measure(vec![primary(0), follower(14_462, |p| p.url = "https://vk.com/wall-1_2".parse().ok())]);
    assert_eq!(
        distance.unwrap().to_string(),
        "4:01:02 of 4:00:00 kept: vk at 2026-11-22T10:01:02.000000Z https://vk.com/wall-1_2 \
         (entry 2, post 00000000-0000-0000-0000-000000000007, revision 1)"
    );
    assert_eq!(hours(-3_661), "-1:01:01");
}

proptest! {
    #[test]
    fn the_tally_shows_the_nearest_first_and_loses_nothing(seconds in prop::collection::vec(0..30_000_i64, 0..40)) {
        let (mut tally, example) = (Tally::default(), measure(vec![primary(0), follower(0, |_| {})]).unwrap());
        for s in &seconds {
            let verdict = if *s < 14_400 { Verdict::Broken } else { Verdict::Kept };
            tally.add(Distance { distance_seconds: Some(*s), verdict, ..example.clone() });
        }
        let mut sorted = seconds.clone();
        sorted.sort_unstable();
        sorted.truncate(Tally::NEAREST);
        let nearest: Vec<_> = tally.nearest().iter().filter_map(|d| d.distance_seconds).collect();
        prop_assert_eq!(nearest, sorted);
        prop_assert_eq!(tally.broken().len(), seconds.iter().filter(|s| **s < 14_400).count());
        prop_assert_eq!(tally.total(), seconds.len() as u64);
    }

    #[test]
    fn seconds_are_rounded_down(micros in -100_000_000_000..100_000_000_000_i64) {
        prop_assert_eq!(whole_seconds(TimeDelta::microseconds(micros)), micros.div_euclid(1_000_000));
    }
}
