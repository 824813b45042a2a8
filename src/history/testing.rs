//! A press office for tests: a real database in a folder of its own, filled by the store's own operations.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use sqlx::{Connection as _, SqliteConnection};
use tempfile::TempDir;
use vestnik_contract::{Evidence, Receipt, RemoteId, Told, ToldKind};

use crate::domain::{Hold, HoldLength, PostContent, PostId};
use crate::journal::event::By;
use crate::store::{Begin, ChannelSetup, Clocks, Edit, Intent, NewPost, OrganisationSetup, Outcome, Store};

pub(crate) const MAX: &str = "gorod-max";
pub(crate) const VK: &str = "gorod-vk";
pub(crate) const ORGANISATION: &str = "gorod";

/// A time of the tests.
pub(crate) fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn content(title: &str, body: &str) -> PostContent {
    PostContent {
        title: title.into(),
        body: body.into(),
        link: None,
        tags: Vec::new(),
        media: Vec::new(),
        overrides: BTreeMap::new(),
    }
}

/// The press office of a town with MAX and VK, and a school that has MAX alone.
pub(crate) struct Desk {
    pub(crate) store: Store,
    dir: TempDir,
}

impl Desk {
    pub(crate) async fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let store = Store::open(&dir.path().join("vestnik.db")).await.unwrap();
        let channel = |slug: &str, platform: &str, primary| ChannelSetup {
            slug: slug.into(),
            platform: platform.into(),
            primary,
        };
        let organisation = |slug: &str, time_zone: &str, channels| OrganisationSetup {
            slug: slug.into(),
            name: slug.into(),
            time_zone: time_zone.into(),
            channels,
        };
        let town =
            organisation(ORGANISATION, "Asia/Vladivostok", vec![channel(MAX, "max", true), channel(VK, "vk", false)]);
        let school = organisation("school", "Europe/Kaliningrad", vec![channel("school-max", "max", true)]);
        store.set_up(vec![town, school], true).await.unwrap();
        Self { store, dir }
    }

    /// A folder for files, where there are none yet.
    pub(crate) fn media_dir(&self) -> PathBuf {
        self.dir.path().join("media")
    }

    /// Queues a post of the town for MAX and VK.
    pub(crate) async fn queue(&self, title: &str, body: &str, at: DateTime<Utc>) -> PostId {
        self.queue_on(ORGANISATION, MAX, &[VK], (title, body), at).await
    }

    pub(crate) async fn queue_on(
        &self,
        organisation: &str,
        primary: &str,
        followers: &[&str],
        (title, body): (&str, &str),
        at: DateTime<Utc>,
    ) -> PostId {
        let content = content(title, body);
        let new = NewPost {
            organisation: organisation.into(),
            request_sha256: content.sha256(),
            content,
            primary: primary.into(),
            followers: followers.iter().map(|slug| ((*slug).into(), None)).collect(),
            at,
            expires_at: None,
            key: None,
            by: "Анна".into(),
            hold: HoldLength::DEFAULT,
        };
        self.store.queue_post(new, at).await.unwrap().id
    }

    /// Attempts what is due on the channel; the platform answers at once.
    pub(crate) async fn release(&self, channel: &str, now: DateTime<Utc>) {
        let receipt = Receipt {
            id: RemoteId(format!("{channel}.{}", now.timestamp())),
            url: format!("https://example.org/{channel}/{}", now.timestamp()).parse().ok(),
            platform_time: Some(now + TimeDelta::milliseconds(40)),
            server_date: Some(now),
            remark: None,
            answer: Some(Evidence { status: 200, body: r#"{"ok":true}"#.into() }),
            shown: None,
        };
        let hold = Hold::from_receipt(&receipt, now, HoldLength::DEFAULT);
        self.attempt(channel, Outcome::Confirmed { receipt, by: By::Platform, hold }, now).await;
    }

    /// Attempts what is due on the channel; the platform will never take it.
    pub(crate) async fn reject(&self, channel: &str, reason: &str, now: DateTime<Utc>) {
        let answer = Evidence { status: 400, body: reason.into() };
        self.attempt(channel, Outcome::Rejected(Told::with(ToldKind::ContentRefused, reason, answer).into()), now)
            .await;
    }

    /// Attempts what is due on the channel; the answer is lost.
    pub(crate) async fn lose_the_answer(&self, channel: &str, now: DateTime<Utc>) {
        let told = Told::plain(ToldKind::NoAnswer, "the connection was reset").into();
        self.attempt(channel, Outcome::InDoubt { told, look_at: now }, now).await;
    }

    /// Attempts what is due on the channel; it is taken down.
    pub(crate) async fn take_down(&self, channel: &str, now: DateTime<Utc>) {
        self.attempt(channel, Outcome::Retracted, now).await;
    }

    pub(crate) async fn edit(&self, post: PostId, title: &str, now: DateTime<Utc>) {
        let edit = Edit {
            seen: None,
            post,
            content: content(title, "после правки"),
            at: None,
            expires_at: None,
            not_before: std::collections::BTreeMap::new(),
            hold: crate::domain::HoldLength::DEFAULT,
            by: "Анна".into(),
        };
        self.store.edit_post(edit, now).await.unwrap();
    }

    async fn attempt(&self, channel: &str, outcome: Outcome, now: DateTime<Utc>) {
        let lease_until = now + TimeDelta::seconds(60);
        let claim = self.store.claim(channel, now, "test", lease_until).await.unwrap().expect("something is due");
        let clocks = Clocks { primary_seen_at: Some(now), primary: Some(now), follower: Some(now) };
        let gap = Duration::ZERO;
        let intent = Intent { claim, prepared: None, clocks, instance: "test".into(), lease_until, gap };
        let Begin::Now(begun) = self.store.begin_attempt(intent, now).await.unwrap() else { panic!("not begun") };
        self.store.settle(begun.attempt, outcome, now + TimeDelta::milliseconds(50), None).await.unwrap();
    }

    /// Changes the database behind vestnik's back, past its triggers.
    pub(crate) async fn tamper(&self, statements: &'static [&'static str]) {
        let url = format!("sqlite:{}", self.dir.path().join("vestnik.db").display());
        let mut db = SqliteConnection::connect(&url).await.unwrap();
        let triggers: Vec<(String,)> =
            sqlx::query_as("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetch_all(&mut db).await.unwrap();
        for (trigger,) in triggers {
            let drop = sqlx::AssertSqlSafe(format!("DROP TRIGGER {trigger}"));
            sqlx::query(drop).execute(&mut db).await.unwrap();
        }
        sqlx::query("PRAGMA foreign_keys = OFF").execute(&mut db).await.unwrap();
        for statement in statements {
            assert!(sqlx::query(*statement).execute(&mut db).await.unwrap().rows_affected() > 0, "{statement}");
        }
        db.close().await.unwrap();
    }
}
