use super::*;
use crate::journal::event::{Action, By, Clocks, Planned, Queued};
use crate::journal::{Draft, link};

fn at() -> DateTime<Utc> {
    "2026-11-22T06:30:00Z".parse().unwrap()
}

const POST: Uuid = Uuid::from_u128(1);
const IN_MAX: Uuid = Uuid::from_u128(2);
const IN_VK: Uuid = Uuid::from_u128(3);

/// What a chain tells, given from its end.
fn read(drafts: Vec<Draft>) -> Later {
    let mut head = Head::genesis("press");
    let mut entries = Vec::new();
    for draft in drafts {
        let entry = link("press", &head, draft);
        head = Head { hash: entry.hash, seq: entry.seq };
        entries.push(entry);
    }
    let mut later = Later::ending_with(entries.last().unwrap());
    entries.iter().rev().for_each(|entry| later.take(entry));
    assert_eq!(later.head, head);
    later.in_order()
}

fn of_post(event: Event) -> Draft {
    Draft::new(at(), "Офицер", event).of_post(POST)
}

fn on(delivery: Uuid, channel: &str, event: Event) -> Draft {
    Draft::new(at(), "vestnik", event).of_delivery(POST, delivery, channel)
}

fn published(revision: u32) -> Event {
    Event::DeliveryPublished(Published {
        revision,
        attempt: None,
        action: if revision == 1 { Action::Publish } else { Action::Edit },
        primary: true,
        by: By::Platform,
        remote_id: "mid.1".into(),
        url: None,
        platform_time: None,
        received_at: at(),
        counts_from: at(),
        content_sha256: revision.to_string().repeat(64),
        hold_from: None,
        hold_seconds: None,
        margin_seconds: None,
        primary_seen_at: None,
        clocks: Clocks { ours: at(), primary: None, follower: None },
    })
}

fn started(attempt: u128) -> Event {
    let (action, content_sha256) = (Action::Publish, "1".repeat(64));
    Event::AttemptStarted { attempt: Uuid::from_u128(attempt), number: 1, action, revision: 1, content_sha256 }
}

fn ended(attempt: u128, outcome: Outcome) -> Event {
    let attempt = Uuid::from_u128(attempt);
    Event::AttemptEnded(AttemptEnd {
        attempt,
        outcome,
        reason: None,
        kind: None,
        next_at: None,
        status: None,
        answer_sha256: None,
    })
}

#[test]
fn what_the_channels_showed_is_told_in_its_order() {
    let later = read(vec![
        on(IN_MAX, "max", published(1)),
        on(IN_VK, "vk", published(1)),
        on(IN_MAX, "max", published(2)),
        on(IN_VK, "vk", Event::DeliveryRetracted {}),
    ]);
    let post = &later.posts[&POST];
    let shown: Vec<_> =
        post.shown.iter().map(|s| (&*s.channel, s.receipt.as_ref().map(|receipt| receipt.revision))).collect();
    assert_eq!(shown, [("max", Some(1)), ("vk", Some(1)), ("max", Some(2)), ("vk", None)]);
    assert_eq!(post.standing(), [("max", None)]);
}

#[test]
fn the_last_word_counts() {
    let edited = |revision: u32| Event::PostEdited { revision, content_sha256: revision.to_string().repeat(64) };
    let planned = |hours| vec![Planned { channel: "max".into(), at: at() + chrono::TimeDelta::hours(hours) }];
    let moved = |hours| Event::PostMoved { planned: planned(hours) };
    let pause = |reason: &str| Event::ChannelPaused(reason.into());
    let on_channel = |slug: &str, event| Draft::new(at(), "Офицер", event).of_channel(slug);
    let later = read(vec![
        of_post(Event::PostQueued(Queued {
            title: "Мост".into(),
            content_sha256: "1".repeat(64),
            revision: 1,
            planned: vec![Planned { channel: "max".into(), at: at() }],
            expires_at: None,
            key: None,
        })),
        of_post(edited(2)),
        of_post(edited(3)),
        of_post(moved(1)),
        of_post(moved(2)),
        of_post(Event::PostCancelRequested { reason: "раз".into() }),
        of_post(Event::PostWithdrawRequested { reason: "два".into() }),
        on_channel("vk", pause("первая")),
        on_channel("vk", Event::ChannelResumed {}),
        on_channel("ok", Event::ChannelResumed {}),
        on_channel("ok", pause("вторая")),
    ]);
    let post = &later.posts[&POST];
    assert_eq!(post.queued, Some(("Мост".into(), Some("max".into()))));
    assert_eq!(post.edited, Some("3".repeat(64)));
    assert_eq!(post.moved, Some(planned(2)));
    assert_eq!(post.cancelled.as_ref().map(|word| &*word.reason), Some("раз"));
    assert_eq!(post.withdrawn.as_ref().map(|word| (&*word.by, &*word.reason)), Some(("Офицер", "два")));
    assert_eq!(later.pauses["vk"], None);
    assert_eq!(later.pauses["ok"].as_ref().map(|word| &*word.reason), Some("вторая"));
}

#[test]
fn a_call_without_a_known_end_is_remembered() {
    let later = read(vec![
        on(IN_MAX, "max", started(7)),
        on(IN_MAX, "max", ended(7, Outcome::InDoubt)),
        on(IN_MAX, "max", ended(7, Outcome::Published)),
        on(IN_VK, "vk", started(8)),
        on(IN_VK, "vk", ended(8, Outcome::InDoubt)),
    ]);
    assert_eq!(later.posts[&POST].unanswered, BTreeSet::from([IN_VK]));
}
