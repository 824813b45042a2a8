//! What readers of the platforms see, measured against the promise: every post exactly once on every channel, none
//! earlier than four hours after MAX. Our own database is not asked.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;
use vestnik_sandbox::town::{Platform, Town, TownPost};

use super::PLATFORMS;
use crate::domain::hold::HOLD_SECONDS_MIN;

/// One post on one channel, as it stands there.
#[derive(Debug)]
pub(super) struct Seen {
    pub(super) title: String,
    pub(super) platform: Platform,
    pub(super) published_at: DateTime<Utc>,
    /// Since the post on MAX; none for that one itself.
    pub(super) after_max: Option<TimeDelta>,
    pub(super) url: Option<Url>,
}

/// What was seen, and what is not as promised.
#[derive(Debug, Default)]
pub(super) struct Proof {
    pub(super) seen: Vec<Seen>,
    pub(super) broken: Vec<String>,
}

impl Proof {
    /// The smallest distance to MAX.
    pub(super) fn nearest(&self) -> Option<TimeDelta> {
        self.seen.iter().filter_map(|seen| seen.after_max).min()
    }
}

/// Looks at every channel of the demo for posts with these headlines.
pub(super) fn look(town: &Town, titles: &[&str]) -> Proof {
    let channels: Vec<_> = town
        .channels()
        .filter(|channel| PLATFORMS.contains(&channel.platform()))
        .map(|channel| (channel.platform(), channel.posts()))
        .collect();
    let mut proof = Proof::default();
    for title in titles {
        let mut max_at = None;
        for (platform, posts) in &channels {
            proof.one_post(title, *platform, posts, &mut max_at);
        }
    }
    for (platform, posts) in &channels {
        if posts.len() > titles.len() {
            proof.broken.push(format!("{platform} shows {} posts, and {} were queued", posts.len(), titles.len()));
        }
    }
    proof
}

impl Proof {
    fn one_post(&mut self, title: &str, platform: Platform, posts: &[TownPost], max_at: &mut Option<DateTime<Utc>>) {
        let found: Vec<_> = posts.iter().filter(|post| post.title() == title).collect();
        let [post] = found[..] else {
            let problem = match found.len() {
                0 => format!("«{title}» does not stand on {platform}"),
                times => format!("«{title}» stands {times} times on {platform}"),
            };
            return self.broken.push(problem);
        };
        let after_max = match platform {
            Platform::Max => {
                *max_at = Some(post.published_at);
                None
            }
            _ => max_at.map(|at| post.published_at - at),
        };
        if after_max.is_some_and(|after| after < TimeDelta::seconds(HOLD_SECONDS_MIN)) {
            self.broken.push(format!("«{title}» stood on {platform} before the four hours were over"));
        }
        if post.media == 0 {
            self.broken.push(format!("«{title}» lost its pictures on {platform}"));
        }
        self.seen.push(Seen {
            title: title.to_owned(),
            platform,
            published_at: post.published_at,
            after_max,
            url: post.url.clone(),
        });
    }
}
