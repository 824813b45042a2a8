use std::collections::BTreeSet;

use serde_json::json;

use super::*;

fn time(text: &str) -> DateTime<Utc> {
    stamp::parse(text).unwrap()
}

/// One event of each kind, with everything that can be known of it.
fn examples() -> Vec<Event> {
    let at = time("2026-11-22T06:30:00.000000Z");
    let (reason, todo) = ("причина".to_owned(), "позвоните".to_owned());
    let why = Why::of_kind("no_answer", "причина");
    let content_sha256 = "ab".repeat(32);
    let week = Week { week: "2026-W47".into(), published: 2, planned: 1, minimum: 3, verdict: WeekVerdict::OnTheWay };
    let head = Head::genesis("press");
    vec![
        Event::PostQueued(Queued {
            title: "Мост открыт".into(),
            content_sha256: content_sha256.clone(),
            revision: 1,
            planned: vec![Planned { channel: "max".into(), at }],
            expires_at: Some(at),
            key: Some("k".into()),
        }),
        Event::PostEdited { revision: 2, content_sha256: content_sha256.clone() },
        Event::PostMoved { planned: vec![Planned { channel: "max".into(), at }] },
        Event::PostCancelRequested { reason: reason.clone() },
        Event::PostWithdrawRequested { reason: reason.clone() },
        Event::PostRepublished {},
        Event::PostExpired {},
        Event::PostLost {
            title: "Мост открыт".into(),
            standing: vec![Standing { channel: "max".into(), url: Some("https://max.ru/c/1".parse().unwrap()) }],
        },
        Event::DeliveryHeld { revision: 1, from: at, until: at, hold_seconds: 14_400, margin_seconds: 60 },
        Event::DeliveryPostponed { why: why.clone(), until: at },
        Event::DeliveryWaiting(why.clone()),
        Event::DeliveryStopped { why: why.clone(), todo: todo.clone() },
        Event::DeliveryResumed(why.clone()),
        Event::DeliveryPublished(Published {
            revision: 1,
            attempt: Some(Uuid::from_u128(3)),
            action: Action::Publish,
            primary: false,
            by: By::Find,
            remote_id: "-1_2".into(),
            url: Some("https://vk.com/wall-1_2".parse().unwrap()),
            platform_time: Some(at),
            received_at: at,
            counts_from: at,
            content_sha256: content_sha256.clone(),
            hold_from: Some(at),
            hold_seconds: Some(14_400),
            margin_seconds: Some(60),
            primary_seen_at: Some(at),
            clocks: Clocks { ours: at, primary: Some(at), follower: Some(at) },
        }),
        Event::DeliveryFailed(why.clone()),
        Event::DeliveryCancelled { reason: reason.clone() },
        Event::DeliveryRetracted {},
        Event::DeliveryRetractFailed(why.clone()),
        Event::DeliveryHanded { todo },
        Event::AttemptStarted {
            attempt: Uuid::from_u128(3),
            number: 1,
            action: Action::Retract,
            revision: 1,
            content_sha256: content_sha256.clone(),
        },
        Event::AttemptEnded(AttemptEnd {
            attempt: Uuid::from_u128(3),
            outcome: Outcome::InDoubt,
            reason: Some(reason.clone()),
            kind: Some("no_answer".into()),
            next_at: Some(at),
            status: Some(502),
            answer_sha256: Some(content_sha256),
        }),
        Event::AttemptLooked { attempt: Uuid::from_u128(3), found: Looked::CannotTell, reason: Some(reason.clone()) },
        Event::ChannelPaused(why),
        Event::ChannelResumed {},
        Event::ClockDisagreed { ahead_ms: -5 },
        Event::ClockJumped { before: at, after: at, ahead_ms: 5 },
        Event::WeekCounted(week.clone()),
        Event::WeekWarned(week),
        Event::DaemonStarted { version: "0.1.0".into(), hold_seconds: 14_400, margin_seconds: 60 },
        Event::DaemonStopped {},
        Event::CredentialRenewed {},
        Event::HistoryExported { format: "jsonl".into(), filter: Some("channel vk".into()) },
        Event::HistoryOlderHead { remembered: head, found: head },
    ]
    .into_iter()
    .chain(examples_of_the_desk())
    .collect()
}

fn examples_of_the_desk() -> Vec<Event> {
    let (draft, version, title) = (Uuid::from_u128(9), 2, "Мост открыт".to_owned());
    let (login, address, reason) = ("petrova".to_owned(), "192.0.2.7".to_owned(), "причина".to_owned());
    let roles = vec![Right { role: "editor".into(), organisation: Some("press".into()) }];
    vec![
        Event::DraftSubmitted { draft, version, title: title.clone() },
        Event::DraftApproved { draft, version, title: title.clone() },
        Event::DraftReturned { draft, version, title: title.clone(), reason: reason.clone() },
        Event::DraftDiscarded { draft, title },
        Event::PersonAdded { login: login.clone(), name: "Петрова".into(), roles: roles.clone() },
        Event::PersonRightsChanged { login: login.clone(), roles },
        Event::PersonDisabled { login: login.clone() },
        Event::PersonEnabled { login: login.clone() },
        Event::PersonPasswordReset { login: login.clone() },
        Event::PersonPasswordSet { login: login.clone() },
        Event::PersonSignedIn { login: login.clone(), address: address.clone() },
        Event::PersonSignedOut { login: login.clone() },
        Event::PersonSignInRefused { login: Some(login.clone()), address, reason: reason.clone() },
        Event::PersonRefused { login: login.clone(), action: "post.cancel".into(), reason },
        Event::TokenMade { login: login.clone(), label: "сайт".into(), role: "auditor".into() },
        Event::TokenRevoked { login, label: "сайт".into() },
    ]
}

#[test]
fn every_kind_is_listed_once_and_reads_back() {
    let mut seen = Vec::new();
    for event in examples() {
        let (kind, detail) = event.parts();
        assert_eq!(Event::read(&kind, &detail), Ok(Some(event)), "{kind}");
        assert_eq!(crate::journal::canonical::check(&detail), Ok(()), "{kind}");
        seen.push(kind);
    }
    assert_eq!(seen, Event::KINDS);
    assert_eq!(seen.iter().collect::<BTreeSet<_>>().len(), seen.len());
}

#[test]
fn the_form_told_to_outsiders_names_every_kind_and_every_detail() {
    let page = include_str!("../../../docs/journal-format.md");
    for event in examples() {
        let (kind, detail) = event.parts();
        let row = page.lines().find(|l| l.starts_with(&format!("| `{kind}`")));
        let row = row.unwrap_or_else(|| panic!("docs/journal-format.md has no row for {kind}"));
        let section = page.split_once(&format!("### `{kind}`")).map_or("", |(_, section)| section);
        for name in detail.keys() {
            let told = row.contains(&format!("`{name}`")) || section.contains(&format!("| `{name}`"));
            assert!(told, "docs/journal-format.md does not tell `{name}` of {kind}");
        }
    }
}

#[test]
fn the_beginning_of_a_chain_is_told_to_outsiders() {
    let page = include_str!("../../../docs/journal-format.md");
    assert!(page.contains(&format!("\n{}\n", Head::genesis("press").hash)));
}

#[test]
fn what_is_not_known_is_left_out() {
    let looked = Event::AttemptLooked { attempt: Uuid::nil(), found: Looked::No, reason: None };
    let (_, detail) = looked.parts();
    assert_eq!(Value::from(detail), json!({"attempt": Uuid::nil(), "found": "no"}));
}

#[test]
fn a_newer_kind_is_no_error_and_a_wrong_detail_is() {
    assert_eq!(Event::read("post.sung", &Map::new()), Ok(None));
    let error = Event::read("delivery.failed", &Map::new()).unwrap_err();
    assert_eq!(error.to_string(), "the detail of `delivery.failed` cannot be read: missing field `reason`");
}

#[test]
fn a_clock_far_out_can_still_be_written_down() {
    let (_, detail) = Event::ClockDisagreed { ahead_ms: i64::MAX }.parts();
    assert_eq!(crate::journal::canonical::check(&detail), Ok(()));
}
