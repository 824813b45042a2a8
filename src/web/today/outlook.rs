//! What goes out next, organisation by organisation.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::domain::{PostId, State};
use crate::office::Standing;
use crate::store::{Delivery, PostSummary};
use crate::web::page::Page;
use crate::web::post::{Paused, counts_down, linkable, told_at};
use crate::web::{Desk, WebError};

/// So many posts of each organisation tell the day.
const POSTS_MAX: u32 = 8;

/// What goes out next in an organisation.
pub(super) struct Outlook {
    pub slug: String,
    pub name: String,
    pub zone: Tz,
    pub posts: Vec<Next>,
}

/// A post of which something is to go out.
pub(super) struct Next {
    pub id: PostId,
    pub title: String,
    pub legs: Vec<Leg>,
}

/// One channel of it, or several that stand alike.
pub(super) struct Leg {
    /// What people call them.
    pub names: String,
    pub d: Delivery,
    /// The address, where it may stand in a link.
    pub url: Option<String>,
    pub counts_down: bool,
    /// How it stands, in a word.
    pub stands: &'static str,
    /// The time that is told.
    pub at: DateTime<Utc>,
    /// What is said before the time.
    pub when: When,
}

/// What a time that is told means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum When {
    /// It goes out then.
    At,
    /// It may go out from then on: something else has to happen first.
    NotBefore,
    /// It was to go out then.
    Over,
}

impl Leg {
    /// The key of what is said before the time, if anything.
    pub fn when_key(&self) -> Option<&'static str> {
        match self.when {
            When::At => None,
            When::NotBefore => Some("today-not-before"),
            When::Over => Some("today-was-due"),
        }
    }
}

/// The outlook of every organisation that the visitor may read.
pub(super) async fn outlooks(desk: &Desk, page: &Page) -> Result<Vec<Outlook>, WebError> {
    let mut outlooks = Vec::with_capacity(page.organisations.len());
    let paused = Paused::read(desk).await?;
    for (slug, name) in &page.organisations {
        let channels = desk.office.channels.of(slug);
        let slugs: Vec<_> = channels.iter().map(|channel| channel.slug.as_str()).collect();
        let ids = desk.office.store.upcoming(&slugs, POSTS_MAX).await?;
        let posts = desk.office.store.post_summaries(&ids).await?;
        let posts = posts.iter().map(|post| next(desk, post, &paused)).collect();
        outlooks.push(Outlook { slug: slug.clone(), name: name.clone(), zone: desk.zone(slug), posts });
    }
    Ok(outlooks)
}

fn next(desk: &Desk, post: &PostSummary, paused: &Paused) -> Next {
    let now = desk.office.clock.now();
    let standing = Standing::of_summary(post);
    let mut legs: Vec<Leg> = Vec::new();
    for d in &standing.deliveries {
        let name = desk.channel_name(&d.channel);
        let is_paused = paused.holds_up(d);
        let stands = paused.stands(d, &standing);
        match legs.iter_mut().find(|leg| leg.stands == stands && stand_alike(&leg.d, d)) {
            Some(leg) => leg.names.push_str(&format!(", {name}")),
            None => legs.push(Leg {
                names: name,
                url: linkable(d.url.as_deref()),
                counts_down: counts_down(d, now) && !is_paused,
                stands,
                at: told_at(d),
                when: when(d, is_paused, now),
                d: (*d).clone(),
            }),
        }
    }
    Next { id: post.id, title: post.title.clone(), legs }
}

fn when(d: &Delivery, is_paused: bool, now: DateTime<Utc>) -> When {
    match d.state {
        State::Queued | State::Held | State::Handed if told_at(d) <= now => When::Over,
        State::Waiting => When::NotBefore,
        _ if is_paused => When::NotBefore,
        _ => When::At,
    }
}

/// Whether two channels wait for the same at the same time. What is out has an address of its own.
fn stand_alike(one: &Delivery, other: &Delivery) -> bool {
    let wait = |d: &Delivery| (d.state, d.planned_at, d.stop_reason.is_some());
    one.published_at.is_none() && other.published_at.is_none() && wait(one) == wait(other)
}
