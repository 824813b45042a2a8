//! The rows of posts against the entries that tell of them.

use std::collections::{BTreeMap, HashSet};

use chrono::DateTime;
use sha2::{Digest as _, Sha256};

use super::Findings;
use crate::domain::PostContent;
use crate::domain::delivery::State;
use crate::journal::event::{Action, AttemptEnd, Outcome, Published};
use crate::journal::{Entry, Event, stamp};
use crate::store::{AuditAttempt, AuditDelivery, AuditPage, AuditRevision};

/// What the journal tells of some posts.
#[derive(Debug, Default)]
struct Told {
    /// By post and revision: the content's hash.
    revisions: BTreeMap<(String, u32), String>,
    deliveries: BTreeMap<String, DeliveryTold>,
    attempts: BTreeMap<String, AttemptTold>,
    /// Posts that have entries, with the chain.
    posts: BTreeMap<String, String>,
}

/// What the journal tells of a delivery.
#[derive(Debug, Default)]
struct DeliveryTold {
    /// The receipt of the first publication.
    receipt: Option<Published>,
    /// The receipt that came last: that of an edit, if there was one.
    shown: Option<Published>,
    /// The address that was told last.
    url: Option<String>,
    retracted: bool,
    failed: bool,
    cancelled: bool,
}

/// What the journal tells of an attempt.
#[derive(Debug, Default)]
struct AttemptTold {
    started: Option<Started>,
    end: Option<AttemptEnd>,
}

/// The intent, as rows spell it.
#[derive(Debug, PartialEq, Eq)]
struct Started {
    at: i64,
    delivery: Option<String>,
    number: i64,
    action: String,
    revision: i64,
    content_sha256: String,
}

/// Compares a page of posts with what the journal tells of them.
pub(super) fn check(page: &AuditPage, findings: &mut Findings) {
    let told = told(page);
    let known: HashSet<&str> = page.posts.iter().map(|post| post.id.as_str()).collect();
    for (id, chain) in told.posts.iter().filter(|(id, _)| !known.contains(id.as_str())) {
        findings.add(format!("post {id}"), format!("the chain {chain} tells of it, and it is not in the database"));
    }
    for post in &page.posts {
        let place = format!("post {}", post.id);
        match told.posts.get(&post.id) {
            None => findings.add(place, "no entry of the journal tells of it"),
            Some(chain) if *chain != post.organisation => {
                findings.add(place, format!("it belongs to {}, and the chain {chain} tells of it", post.organisation));
            }
            // Not the latest in every case: a refused edit gives the earlier one back.
            Some(_) if !told.revisions.contains_key(&(post.id.clone(), revision_of(post.revision))) => {
                findings.add(place, format!("revision {} is to be shown, and no entry tells of it", post.revision));
            }
            Some(_) => {}
        }
    }
    page.revisions.iter().for_each(|revision| check_revision(revision, &told, findings));
    page.deliveries.iter().for_each(|delivery| check_delivery(delivery, &told, findings));
    page.attempts.iter().for_each(|attempt| check_attempt(attempt, &told, findings));
    missing("delivery", told.deliveries.keys(), page.deliveries.iter().map(|d| &d.id), findings);
    missing("attempt", told.attempts.keys(), page.attempts.iter().map(|a| &a.id), findings);
    let there: HashSet<_> = page.revisions.iter().map(|r| (r.post.clone(), r.number)).collect();
    for (post, number) in told.revisions.keys().filter(|(post, n)| !there.contains(&(post.clone(), i64::from(*n)))) {
        findings
            .add(format!("post {post}, revision {number}"), "the journal tells of it, and it is not in the database");
    }
}

/// Reads the entries of a page. Those that cannot be read are faults of their chain and are told there.
fn told(page: &AuditPage) -> Told {
    let mut told = Told::default();
    for row in &page.journal {
        let Ok(entry) = Entry::parse(&row.entry) else { continue };
        // A post that was lost with a newer database has no rows.
        let Some(post) = entry.post.filter(|_| entry.kind != "post.lost") else { continue };
        told.posts.entry(post.to_string()).or_insert_with(|| entry.chain.clone());
        if let Ok(Some(event)) = entry.event() {
            told.take(&post.to_string(), &entry, event);
        }
    }
    told
}

impl Told {
    fn take(&mut self, post: &str, entry: &Entry, event: Event) {
        let delivery = entry.delivery.map(|id| id.to_string());
        match event {
            Event::PostQueued(queued) => {
                self.revisions.insert((post.into(), queued.revision), queued.content_sha256);
            }
            Event::PostEdited { revision, content_sha256 } => {
                self.revisions.insert((post.into(), revision), content_sha256);
            }
            Event::AttemptStarted { attempt, number, action, revision, content_sha256 } => {
                let (at, action) = (entry.at.timestamp_micros(), name(&action));
                let (number, revision) = (number.into(), revision.into());
                self.attempt(attempt).started =
                    Some(Started { at, delivery, number, action, revision, content_sha256 });
            }
            Event::AttemptEnded(end) => {
                let id = end.attempt;
                self.attempt(id).end = Some(end);
            }
            Event::DeliveryPublished(published) => {
                let told = self.delivery(delivery);
                if let Some(url) = &published.url {
                    told.url = Some(url.to_string());
                }
                if published.action != Action::Edit {
                    told.receipt = Some(published.clone());
                }
                told.shown = Some(published);
            }
            Event::DeliveryRetracted {} => self.delivery(delivery).retracted = true,
            Event::DeliveryFailed(_) => self.delivery(delivery).failed = true,
            Event::DeliveryCancelled { .. } => self.delivery(delivery).cancelled = true,
            _ => {}
        }
    }

    fn attempt(&mut self, id: uuid::Uuid) -> &mut AttemptTold {
        self.attempts.entry(id.to_string()).or_default()
    }

    fn delivery(&mut self, id: Option<String>) -> &mut DeliveryTold {
        self.deliveries.entry(id.unwrap_or_default()).or_default()
    }
}

fn missing<'a>(
    what: &str,
    told: impl Iterator<Item = &'a String>,
    there: impl Iterator<Item = &'a String>,
    findings: &mut Findings,
) {
    let there: HashSet<_> = there.collect();
    let mut gone: Vec<_> = told.filter(|id| !there.contains(id)).collect();
    gone.sort_unstable();
    for id in gone {
        findings.add(format!("{what} {id}"), "the journal tells of it, and it is not in the database");
    }
}

fn check_revision(r: &AuditRevision, told: &Told, findings: &mut Findings) {
    let place = format!("post {}, revision {}", r.post, r.number);
    let Some(sha256) = told.revisions.get(&(r.post.clone(), revision_of(r.number))) else {
        return findings.add(place, "no entry of the journal tells of it");
    };
    let content = serde_json::from_str::<PostContent>(&r.content).map(|content| content.sha256());
    if content.ok().as_ref() != Some(sha256) || r.sha256 != *sha256 {
        findings.add(
            place,
            format!("its content is not the one whose hash stands in the journal, {sha256}; it was changed"),
        );
    }
}

fn check_delivery(d: &AuditDelivery, told: &Told, findings: &mut Findings) {
    let nothing = DeliveryTold::default();
    let told = told.deliveries.get(&d.id).unwrap_or(&nothing);
    let mut add = |problem: String| findings.add(format!("delivery {} on channel {}", d.id, d.channel), problem);
    let state = d.state.parse::<State>().ok();
    let stood = matches!(state, Some(State::Published | State::Withdrawn));
    match (&told.receipt, &told.shown) {
        (Some(receipt), Some(shown)) if stood => {
            let micros = |at| stamp::keepable(at).timestamp_micros();
            let kept = |at: i64| DateTime::from_timestamp_micros(at).map(micros);
            let same = [
                ("remote_id", d.remote_id.as_deref() == Some(&*receipt.remote_id)),
                ("url", d.url == told.url),
                ("platform_time", d.platform_time.and_then(kept) == receipt.platform_time.map(micros)),
                ("published_at", d.published_at.and_then(kept) == Some(micros(receipt.counts_from))),
                ("shown_revision", d.shown_revision == Some(shown.revision.into())),
            ];
            for (column, _) in same.iter().filter(|(_, same)| !same) {
                add(format!("its `{column}` is not what the journal's receipt says; the row was changed"));
            }
        }
        (Some(_), _) => add(format!("it is {}, and the journal holds a receipt of it; the row was changed", d.state)),
        (None, _) if stood => add(format!("it is {}, and no receipt of it stands in the journal", d.state)),
        (None, _) => {}
    }
    let ends = [
        (State::Withdrawn, told.retracted, "delivery.retracted"),
        (State::Failed, told.failed, "delivery.failed"),
        (State::Cancelled, told.cancelled, "delivery.cancelled"),
    ];
    for (end, told, kind) in ends {
        let is = state == Some(end);
        // A failed delivery goes on after an edit; the other two are ends.
        if (is && !told) || (told && !is && end != State::Failed) {
            let holds = if told { "the journal holds" } else { "the journal lacks" };
            add(format!("it is {}, and {holds} its `{kind}`", d.state));
        }
    }
}

fn check_attempt(a: &AuditAttempt, told: &Told, findings: &mut Findings) {
    let mut add = |problem: String| findings.add(format!("attempt {} on channel {}", a.id, a.channel), problem);
    let intent = Started {
        at: a.started_at,
        delivery: Some(a.delivery.clone()),
        number: a.number,
        action: a.action.clone(),
        revision: a.revision,
        content_sha256: a.content_sha256.clone(),
    };
    let Some(AttemptTold { started: Some(started), end }) = told.attempts.get(&a.id) else {
        return add("no entry of the journal tells that it began".into());
    };
    if *started != intent {
        add("it is not the one that the journal tells of; the row was changed".into());
    }
    let state = if a.state == "settled" { a.outcome.as_deref().unwrap_or_default() } else { &a.state };
    let Some(end) = end else {
        if a.state != "open" {
            add(format!("it is {state}, and the journal does not tell how it ended"));
        }
        return;
    };
    if a.state == "open" || (end.outcome == Outcome::InDoubt) != (a.state == "in_doubt") || name(&end.outcome) != state
    {
        add(format!("it is {state}, and the journal tells that it ended {}", name(&end.outcome)));
    }
    let answer = a.answer.as_ref().map(|answer| hex::encode(Sha256::digest(answer.as_bytes())));
    if answer != end.answer_sha256 || a.answer_status != end.status.map(i64::from) {
        add("the platform's answer is not the one whose hash stands in the journal; it was changed".into());
    }
}

/// Revisions count from 1; there is nothing told of others.
fn revision_of(number: i64) -> u32 {
    u32::try_from(number).unwrap_or(0)
}

/// The name under which a value of the journal stands in rows.
fn name(value: &impl serde::Serialize) -> String {
    match serde_json::to_value(value) {
        Ok(serde_json::Value::String(name)) => name,
        _ => String::new(),
    }
}
