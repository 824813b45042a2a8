use std::sync::Mutex;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use vestnik_contract::{
    Adapter, AdapterError, Content, DeliveryKey, DoubtPolicy, Drawn, Found, Health, Limits, Pace, PlatformClock,
    Prepared, PublishError, Purpose, Receipt, RemoteId, RemotePost, Rendered, SetClock, Sighting, Told, ToldKind,
    Traits,
};

use super::*;
use crate::domain::week::{IsoWeek, Verdict};
use crate::history::testing::{Desk, MAX, ORGANISATION, VK, utc};
use crate::journal::{Event, INSTALLATION, VESTNIK};
use crate::release::Channel;

const VLADIVOSTOK: Tz = Tz::Asia__Vladivostok;
const KALININGRAD: Tz = Tz::Europe__Kaliningrad;

fn jobs(desk: &Desk, now: DateTime<Utc>) -> (Jobs, Arc<SetClock>) {
    let clock = Arc::new(SetClock::at(now));
    let organisation = |slug: &str, zone| Organisation { slug: slug.into(), zone };
    let jobs = Jobs {
        store: desk.store.clone(),
        channels: Channels::default(),
        clock: clock.clone(),
        organisations: vec![organisation(ORGANISATION, VLADIVOSTOK), organisation("school", KALININGRAD)],
        week_minimum: 1,
        media_dir: desk.media_dir(),
    };
    (jobs, clock)
}

async fn daemon_started(desk: &Desk, at: DateTime<Utc>) {
    let started = Event::DaemonStarted { version: "0.1.0".into(), hold_seconds: 14_400, margin_seconds: 60 };
    desk.store.note(INSTALLATION, at, VESTNIK, None, started).await.unwrap();
}

/// What the journal tells of weeks: channel, week, kind, verdict.
async fn told(desk: &Desk, chain: &str) -> Vec<(String, String, String, String)> {
    let rows = desk.store.journal_page(chain, 0, 1_000).await.unwrap();
    let weeks = rows.iter().filter(|row| row.kind.starts_with("week.")).map(|row| row.entry().unwrap());
    let text = |value: &serde_json::Value| value.as_str().unwrap().to_owned();
    weeks.map(|e| (e.channel.unwrap(), text(&e.detail["week"]), e.kind, text(&e.detail["verdict"]))).collect()
}

fn warned(channel: &str, week: &str, verdict: &str) -> (String, String, String, String) {
    (channel.into(), week.into(), "week.warned".into(), verdict.into())
}

fn fell_short(channel: &str, week: &str) -> (String, String, String, String) {
    (channel.into(), week.into(), "week.counted".into(), "missed".into())
}

fn counted(channel: &str, week: &str) -> (String, String, String, String) {
    (channel.into(), week.into(), "week.counted".into(), "met".into())
}

#[tokio::test]
async fn monday_begins_with_the_organisation_not_with_utc() {
    let desk = Desk::new().await;
    // 00:30 on Monday in Vladivostok, still 15:30 of Sunday in Kaliningrad's and UTC's week.
    let at = utc("2026-11-22T14:30:00Z");
    desk.queue("Мост открыт", "x", at).await;
    desk.release(MAX, at).await;
    desk.queue_on("school", "school-max", &[], ("Каникулы", "y"), at).await;
    desk.release("school-max", at).await;
    let (jobs, _) = jobs(&desk, at + TimeDelta::minutes(1));
    let now = jobs.clock.now();
    let reports = weeks(&desk.store, &jobs.organisations, 1, None, now).await.unwrap();
    let said: Vec<_> = reports.iter().map(|r| (&*r.channel, r.week.to_string(), r.count.verdict)).collect();
    assert_eq!(
        said,
        [
            (MAX, "2026-W48".into(), Verdict::Met),
            (VK, "2026-W48".into(), Verdict::OnTheWay),
            ("school-max", "2026-W47".into(), Verdict::Met),
        ]
    );
    let last: IsoWeek = "2026-W47".parse().unwrap();
    let reports = weeks(&desk.store, &jobs.organisations, 1, Some(last), now).await.unwrap();
    let said: Vec<_> = reports.iter().map(|r| (&*r.channel, r.count.published, r.count.verdict)).collect();
    assert_eq!(said, [(MAX, 0, Verdict::Missed), (VK, 0, Verdict::Missed), ("school-max", 1, Verdict::Met)]);
}

#[tokio::test]
async fn each_verdict_is_told_once_and_in_its_own_midnight() {
    let desk = Desk::new().await;
    daemon_started(&desk, utc("2026-11-18T00:00:00Z")).await;
    let (jobs, clock) = jobs(&desk, utc("2026-11-22T13:59:59Z"));
    for _ in 0..3 {
        count_week(&jobs).await.unwrap();
    }
    let at_risk = [warned(MAX, "2026-W47", "at_risk"), warned(VK, "2026-W47", "at_risk")];
    assert_eq!(told(&desk, ORGANISATION).await, at_risk);
    // Midnight in Vladivostok; in Kaliningrad it is Sunday afternoon.
    clock.set(utc("2026-11-22T14:00:00Z"));
    for _ in 0..3 {
        count_week(&jobs).await.unwrap();
    }
    let missed = [fell_short(MAX, "2026-W47"), fell_short(VK, "2026-W47")];
    let new_week = [warned(MAX, "2026-W48", "at_risk"), warned(VK, "2026-W48", "at_risk")];
    assert_eq!(told(&desk, ORGANISATION).await, [at_risk, missed, new_week].concat());
    assert_eq!(told(&desk, "school").await, [warned("school-max", "2026-W47", "at_risk")]);
    clock.set(utc("2026-11-22T22:00:00Z"));
    count_week(&jobs).await.unwrap();
    assert_eq!(told(&desk, "school").await[1], fell_short("school-max", "2026-W47"));
}

#[tokio::test]
async fn a_saved_week_is_told_too_and_a_post_that_is_late_still_counts() {
    let desk = Desk::new().await;
    let sunday = utc("2026-11-22T10:00:00Z");
    desk.queue("Мост открыт", "x", sunday).await;
    // Nothing went out on Sunday; on Monday it is overdue, and counts for the new week.
    let monday = utc("2026-11-22T15:00:00Z");
    let (jobs, _) = jobs(&desk, monday);
    count_week(&jobs).await.unwrap();
    assert_eq!(told(&desk, ORGANISATION).await, [], "on the way is nothing to tell");
    desk.release(MAX, monday).await;
    count_week(&jobs).await.unwrap();
    assert_eq!(told(&desk, ORGANISATION).await, [counted(MAX, "2026-W48")]);
}

#[tokio::test]
async fn nobody_is_reproached_with_weeks_before_vestnik() {
    let desk = Desk::new().await;
    daemon_started(&desk, utc("2026-11-22T14:00:00Z")).await;
    let (jobs, _) = jobs(&desk, utc("2026-11-22T14:00:05Z"));
    count_week(&jobs).await.unwrap();
    assert!(told(&desk, ORGANISATION).await.iter().all(|(_, week, ..)| week == "2026-W48"));
    // Kaliningrad's week is not over yet.
    assert_eq!(told(&desk, "school").await, [warned("school-max", "2026-W47", "at_risk")]);
}

/// Answers `keep_alive` and nothing else.
#[derive(Debug)]
struct Credential(Mutex<Vec<Result<(), AdapterError>>>);

fn silent() -> AdapterError {
    AdapterError::Unsupported("this channel only keeps credentials".into())
}

fn never() -> PublishError {
    PublishError::Rejected { told: Told::plain(ToldKind::Refused, "this channel only keeps credentials") }
}

#[async_trait]
impl Adapter for Credential {
    fn traits(&self) -> Traits {
        Traits {
            platform: "test",
            clock_is_witness: false,
            sees_deletion: false,
            by_hand: false,
            edits: false,
            retracts: false,
            has_feed: false,
        }
    }
    fn limits(&self) -> Limits {
        unreachable!("only keep_alive is called")
    }
    fn pace(&self) -> Pace {
        Pace { gap: Duration::ZERO, per_day: None }
    }
    fn doubt_policy(&self) -> DoubtPolicy {
        let none = Duration::ZERO;
        DoubtPolicy { first_look_after: none, look_interval: none, looks: 0, resends: 0, resend_within: None }
    }
    fn draw(&self, _: &Content) -> Drawn {
        unreachable!("no job draws a post")
    }
    async fn prepare(
        &self,
        _: &Rendered,
        _: &DeliveryKey,
        _: Purpose<'_>,
        _: Option<&Prepared>,
    ) -> Result<Prepared, PublishError> {
        Err(never())
    }
    async fn publish(&self, _: &Prepared) -> Result<Receipt, PublishError> {
        Err(never())
    }
    async fn find(&self, _: &Prepared, _: &[RemoteId]) -> Result<Found, AdapterError> {
        Err(silent())
    }
    async fn presence(&self, _: &RemoteId) -> Result<Sighting, AdapterError> {
        Err(silent())
    }
    async fn edit(&self, _: &RemoteId, _: &Prepared) -> Result<Receipt, PublishError> {
        Err(never())
    }
    async fn retract(&self, _: &RemoteId) -> Result<(), PublishError> {
        Err(never())
    }
    async fn feed(&self, _: DateTime<Utc>) -> Result<Vec<RemotePost>, AdapterError> {
        Err(silent())
    }
    async fn check(&self) -> Result<Health, AdapterError> {
        Err(silent())
    }
    async fn clock(&self) -> Result<PlatformClock, AdapterError> {
        Err(silent())
    }
    async fn at_address(&self, _: &url::Url) -> Result<(RemoteId, Sighting), AdapterError> {
        Err(silent())
    }
    async fn keep_alive(&self) -> Result<(), AdapterError> {
        self.0.lock().unwrap().pop().expect("nobody asks this often")
    }
}

fn channel(slug: &str, answers: Vec<Result<(), AdapterError>>) -> Channel {
    Channel {
        slug: slug.into(),
        organisation: ORGANISATION.into(),
        primary: slug == MAX,
        footer: None,
        gap: Duration::ZERO,
        late_gap: Duration::ZERO,
        per_day: None,
        media_dir: std::path::PathBuf::new(),
        adapter: Arc::new(Credential(Mutex::new(answers))),
    }
}

#[tokio::test]
async fn a_credential_that_a_person_must_renew_pauses_its_channel_once() {
    let desk = Desk::new().await;
    let (mut jobs, _) = jobs(&desk, utc("2026-11-23T00:00:00Z"));
    let revoked = || {
        let told = Told::plain(ToldKind::TokenRefused, "the token was revoked; make a new one");
        Err(AdapterError::Unauthorised { told })
    };
    let busy = Err(AdapterError::Retry { after: None, told: Told::plain(ToldKind::RateLimited, "VK is busy") });
    jobs.channels = [channel(MAX, vec![revoked(), revoked()]), channel(VK, vec![Ok(()), busy])].into_iter().collect();
    keep_credentials(&jobs).await.unwrap();
    keep_credentials(&jobs).await.unwrap();
    let views = desk.store.channel_views().await.unwrap();
    let reason = |slug: &str| views.iter().find(|v| v.slug == slug).unwrap().paused_reason.clone();
    assert_eq!(reason(MAX).as_deref(), Some("the token was revoked; make a new one"));
    assert_eq!(reason(VK), None);
    let rows = desk.store.journal_page(ORGANISATION, 0, 10).await.unwrap();
    assert_eq!(rows.iter().map(|row| row.kind.as_str()).collect::<Vec<_>>(), ["channel.paused"]);
}

#[tokio::test]
async fn the_bell_may_ring_often_but_credentials_are_kept_daily_by_the_given_clock() {
    let desk = Desk::new().await;
    let (mut jobs, clock) = jobs(&desk, utc("2026-11-23T00:00:05Z"));
    // Three calls are expected; a fourth would panic.
    jobs.channels = [channel(VK, vec![Ok(()), Ok(()), Ok(())])].into_iter().collect();
    let mut kept_at = None;
    for _ in 0..48 {
        schedule::run_due(&jobs, &mut kept_at).await;
        clock.advance(Duration::from_secs(3600));
    }
    assert_eq!(kept_at, Some(utc("2026-11-24T00:00:05Z")));
    clock.set(utc("2026-11-01T00:00:00Z"));
    schedule::run_due(&jobs, &mut kept_at).await;
    assert_eq!(kept_at, Some(utc("2026-11-01T00:00:00Z")), "a clock that was put back hinders nothing");
}

#[tokio::test]
async fn the_calendar_starts_and_stops() {
    let desk = Desk::new().await;
    daemon_started(&desk, utc("2026-11-18T00:00:00Z")).await;
    let (jobs, _) = jobs(&desk, utc("2026-11-19T00:00:00Z"));
    let schedule = start(jobs).await.unwrap();
    schedule.stop().await;
    assert_eq!(
        told(&desk, "school").await,
        [warned("school-max", "2026-W47", "at_risk")],
        "each job runs at the start"
    );
}
