//! The weeks behind the desk's first day, lived through on a clock that is set: the real daemon, the real adapters.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use vestnik_sandbox::town::Platform;

use super::super::told;
use super::people::{ADMINISTRATOR, OFFICER};
use super::posts::Post;
use super::{Stage, WEEKS};
use crate::domain::PostId;
use crate::office::QueueOptions;
use crate::release::{Daemon, Settings};

/// When a week's posts go out: organisation, day from Monday, time.
const WEEK: [(usize, i64, &str); 7] = [
    (0, 0, "10:00"),
    (0, 1, "15:00"),
    (1, 1, "16:30"),
    (1, 2, "10:30"),
    (0, 3, "11:00"),
    (0, 4, "09:30"),
    (1, 4, "12:00"),
];
/// Rounds after which a day that finds no end is given up.
const ROUNDS_MAX: u32 = 20_000;
/// Followers that need nobody's hand.
const BY_THEMSELVES: [&str; 4] = ["vk", "ok", "wordpress", "webhook"];

/// Lives through everything up to Wednesday morning of this week.
pub(super) async fn live_through(stage: &Stage<'_>) -> Result<(), String> {
    let past = Past { stage, daemon: daemon(stage) };
    let mut nth = 0;
    for week in 0..WEEKS {
        for (organisation, day, time) in WEEK {
            // The second office once stayed below its minimum.
            if (week, organisation, day) == (1, 1, 4) {
                continue;
            }
            past.until(stage.moment(7 * (week - WEEKS) + day, time)?).await?;
            match (week, organisation, day) {
                (0, 0, 3) => drop(stage.town.lose_next_reply(Platform::Max)),
                (2, 0, 3) => stage.town.outage(Platform::Ok, true),
                _ => {}
            }
            let id = past.queue(organisation, Post::nth(nth), &BY_THEMSELVES).await?;
            nth += 1;
            if (week, organisation, day) == (2, 0, 3) {
                past.pass(TimeDelta::hours(5)).await?;
                stage.town.outage(Platform::Ok, false);
            }
            if (week, organisation, day) == (2, 0, 4) {
                past.pass(TimeDelta::minutes(50)).await?;
                past.correct(id, Post::nth(nth - 1)).await?;
            }
        }
    }
    past.this_week(nth).await
}

struct Past<'a> {
    stage: &'a Stage<'a>,
    daemon: Daemon,
}

fn daemon(stage: &Stage<'_>) -> Daemon {
    let office = stage.office;
    let settings = Settings {
        hold: office.config.hold,
        speed: f64::from(office.config.speed),
        instance: "past".into(),
        seed: 1,
        horizon: Duration::from_secs(60 * 86_400),
    };
    Daemon::new(office.store.clone(), office.channels.clone(), office.clock.clone(), settings)
}

impl Past<'_> {
    /// Monday and Tuesday of this week, and what is left of them for people to settle.
    async fn this_week(&self, nth: usize) -> Result<(), String> {
        let stage = self.stage;
        self.until(stage.moment(0, "10:00")?).await?;
        self.queue(0, Post::nth(nth), &BY_THEMSELVES).await?;
        self.until(stage.moment(0, "12:00")?).await?;
        self.queue(1, Post::nth(nth + 1), &BY_THEMSELVES).await?;
        // The site without an interface waits until somebody puts the post up there and says where.
        self.until(stage.moment(1, "10:00")?).await?;
        self.queue(0, Post::nth(nth + 2), &[]).await?;
        // A colleague takes a post down in MAX during its hold: its followers stop and ask.
        self.until(stage.moment(1, "16:00")?).await?;
        self.queue(0, Post::nth(nth + 3), &BY_THEMSELVES).await?;
        self.pass(TimeDelta::minutes(90)).await?;
        let channel = stage.town.organisations().next().map(|o| o.channel_slug(Platform::Max));
        if let Some(channel) = channel.and_then(|slug| stage.town.channel(&slug))
            && let Some(post) = channel.posts().first()
        {
            channel.delete_by_hand(&post.id);
        }
        // One site is being rebuilt.
        self.until(stage.moment(2, "08:30")?).await?;
        if let Some(channel) = stage.town.organisations().nth(1).map(|o| o.channel_slug(Platform::Webhook)) {
            let now = stage.clock_now();
            stage
                .office
                .store
                .pause_channel(&channel, ADMINISTRATOR, "Подрядчик обновляет портал до пятницы", now)
                .await
                .map_err(told)?;
        }
        self.until(stage.moment(2, "09:00")?).await?;
        self.queue(0, Post::nth(nth + 4), &BY_THEMSELVES).await?;
        self.queue(1, Post::nth(nth + 5), &BY_THEMSELVES).await?;
        self.until(stage.moment(2, "09:40")?).await?;
        self.daemon.stop(Duration::from_secs(10)).await;
        Ok(())
    }

    async fn queue(&self, organisation: usize, post: Post, followers: &[&str]) -> Result<PostId, String> {
        let file = post.write(self.stage.folder, "").map_err(told)?;
        let options = QueueOptions {
            organisation: Some(self.stage.organisation(organisation)?.to_owned()),
            channels: followers.iter().map(ToString::to_string).collect(),
            by: OFFICER.into(),
            ..QueueOptions::default()
        };
        Ok(self.stage.office.queue(&file, options).await.map_err(told)?.id)
    }

    async fn correct(&self, id: PostId, post: Post) -> Result<(), String> {
        let file = post.write(self.stage.folder, "\n\nУточнение: вход со стороны реки.").map_err(told)?;
        self.stage.office.edit(id, &file, OFFICER).await.map(drop).map_err(told)
    }

    async fn pass(&self, time: TimeDelta) -> Result<(), String> {
        self.until(self.stage.clock_now() + time).await
    }

    /// Lets everything happen that is due until then.
    async fn until(&self, end: DateTime<Utc>) -> Result<(), String> {
        for _ in 0..ROUNDS_MAX {
            let wake = self.daemon.tick(self.stage.clock_now()).await.map_err(told)?;
            if wake.working {
                self.daemon.settle().await;
                continue;
            }
            match wake.at {
                Some(at) if at <= end => self.stage.clock.set(at),
                _ => {
                    self.stage.clock.set(end);
                    return Ok(());
                }
            }
        }
        Err("the demo's past finds no end".into())
    }
}
