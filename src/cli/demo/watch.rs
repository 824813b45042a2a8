//! The live part: bars and a running account, until everything is out. Also brings OK down and up again.

use std::collections::HashMap;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use indicatif::ProgressBar;
use vestnik_sandbox::town::{Platform, Town};

use super::screen::Screen;
use super::story::{self, Story};
use super::{PLATFORMS, ZONE, told};
use crate::domain::PostId;
use crate::domain::delivery::State;
use crate::office::Office;
use crate::store::{Delivery, StoreError};

/// How often the database is looked at (real time).
const LOOK_EVERY: Duration = Duration::from_millis(60);
/// From the beginning of the demo: OK's first post is due at 13:01.
const OUTAGE: std::ops::Range<TimeDelta> = TimeDelta::minutes(210)..TimeDelta::minutes(320);
/// The last post's hold ends twelve hours after the beginning; this is how late it may become.
const DAY: TimeDelta = TimeDelta::hours(24);
/// Real time for a slow machine on top of that.
const SLACK: Duration = Duration::from_secs(30);

/// A post that was queued.
#[derive(Debug)]
pub(super) struct Queued {
    pub(super) id: PostId,
    pub(super) title: &'static str,
    pub(super) at: DateTime<Utc>,
}

/// Watches the office at work.
pub(super) struct Watch<'a> {
    office: &'a Office,
    town: &'a Town,
    screen: &'a Screen,
    posts: &'a [Queued],
    time: Option<ProgressBar>,
    bars: Vec<Option<ProgressBar>>,
    story: Story,
    begun: DateTime<Utc>,
    seen: u64,
    outage: Outage,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Outage {
    Before,
    On,
    Over,
}

impl<'a> Watch<'a> {
    pub(super) fn new(office: &'a Office, town: &'a Town, screen: &'a Screen, posts: &'a [Queued]) -> Self {
        let titles = posts.iter().map(|post| (post.id.0, post.title.to_owned())).collect();
        let platforms: HashMap<_, _> = town.channels().map(|c| (c.slug(), c.platform().to_string())).collect();
        let length = u64::try_from(office.config.hold.total().num_seconds()).unwrap_or(1);
        Self {
            time: screen.clock(),
            bars: posts.iter().map(|post| screen.bar(post.title, length)).collect(),
            story: Story::new(ZONE, titles, platforms),
            begun: office.clock.now(),
            seen: 0,
            outage: Outage::Before,
            office,
            town,
            screen,
            posts,
        }
    }

    /// Shows what goes on until every delivery has come to an end.
    pub(super) async fn until_all_is_out(&mut self) -> Result<(), String> {
        let patience = DAY.to_std().unwrap_or_default() / self.office.config.speed + SLACK;
        match tokio::time::timeout(patience, self.look_on()).await {
            Ok(looked) => looked,
            Err(_) => Err(self.not_in_time(patience).await),
        }
    }

    async fn look_on(&mut self) -> Result<(), String> {
        let mut every = tokio::time::interval(LOOK_EVERY);
        loop {
            every.tick().await;
            let now = self.office.clock.now();
            self.break_and_mend(now);
            self.tell().await.map_err(told)?;
            if let Some(trouble) = self.story.trouble() {
                return Err(format!("this must not happen in the demo: {trouble}"));
            }
            if let Some(time) = &self.time {
                time.set_message(format!("It is {}", story::stamp(now, ZONE)));
            }
            let mut all_out = true;
            for nth in 0..self.posts.len() {
                let deliveries = self.office.store.deliveries_of(self.posts[nth].id).await.map_err(told)?;
                all_out &= deliveries.iter().all(|d| d.state.is_final());
                self.draw(nth, &deliveries, now);
            }
            if all_out {
                // What happened between the last telling and the last look.
                return self.tell().await.map_err(told);
            }
        }
    }

    fn break_and_mend(&mut self, now: DateTime<Utc>) {
        let passed = now - self.begun;
        let (next, said) = match self.outage {
            Outage::Before if passed >= OUTAGE.start => {
                (Outage::On, "the demo takes OK down: every call is answered 502 Bad Gateway")
            }
            Outage::On if passed >= OUTAGE.end => (Outage::Over, "the demo lets OK answer again"),
            _ => return,
        };
        self.outage = next;
        self.town.outage(Platform::Ok, next == Outage::On);
        self.screen.tell(&self.story.told(now, "!", said));
    }

    /// Tells what the journal has more than last time.
    async fn tell(&mut self) -> Result<(), StoreError> {
        let chain = &self.office.organisation(None).map(|o| o.slug.clone()).unwrap_or_default();
        loop {
            let rows = self.office.store.journal_page(chain, self.seen, 500).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            self.seen = u64::try_from(last.seq).unwrap_or(self.seen);
            for row in &rows {
                if let Some(line) = self.story.line(&row.entry()?) {
                    self.screen.tell(&line);
                }
            }
        }
    }

    fn draw(&self, nth: usize, deliveries: &[Delivery], now: DateTime<Utc>) {
        let Some(bar) = &self.bars[nth] else { return };
        let primary = deliveries.iter().find(|d| d.is_primary).and_then(|d| d.published_at);
        let Some(from) = primary else {
            let at = self.posts[nth].at;
            let message =
                if now < at { format!("MAX at {}", story::time(at, ZONE)) } else { "on its way to MAX".into() };
            return bar.set_message(message);
        };
        let total = self.office.config.hold.total();
        let until = from + total;
        bar.set_position(u64::try_from((now - from).min(total).num_seconds()).unwrap_or_default());
        bar.set_message(if now < until {
            let left = until - now;
            format!("held, {:02}:{:02} left", left.num_hours(), left.num_minutes() % 60)
        } else {
            self.marks(deliveries)
        });
    }

    /// `✓ VK  … OK`.
    fn marks(&self, deliveries: &[Delivery]) -> String {
        let mark = |platform: Platform| {
            let slug = self.town.organisations().next()?.channel_slug(platform);
            let delivery = deliveries.iter().find(|d| d.channel == slug)?;
            let mark = match delivery.state {
                State::Published => '✓',
                State::Failed | State::Cancelled => '✗',
                _ => '…',
            };
            Some(format!("{mark} {platform}"))
        };
        PLATFORMS.into_iter().skip(1).filter_map(mark).collect::<Vec<_>>().join("  ")
    }

    async fn not_in_time(&self, patience: Duration) -> String {
        let waits = self.office.store.attention(self.office.clock.now()).await.unwrap_or_default();
        let waits: Vec<_> = waits.iter().map(|item| format!("{}: {}", item.channel, item.what)).collect();
        let why = if waits.is_empty() { "this machine is too slow for this --speed".into() } else { waits.join("; ") };
        format!("not everything was out after {} s: {why}", patience.as_secs())
    }
}

impl Drop for Watch<'_> {
    fn drop(&mut self) {
        self.screen.end_bars();
    }
}
