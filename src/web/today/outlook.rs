//! What goes out next, organisation by organisation.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;

use crate::domain::{PostId, State};
use crate::office::Standing;
use crate::store::{Delivery, PostSummary};
use crate::web::page::Page;
use crate::web::plan::whole_minute;
use crate::web::post::{counts_down, linkable, stands};
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
    /// The time that is told. «Not before» is a promise, so that it is whole minutes.
    pub at: DateTime<Utc>,
}

/// The outlook of every organisation that the visitor may read.
pub(super) async fn outlooks(desk: &Desk, page: &Page) -> Result<Vec<Outlook>, WebError> {
    let mut outlooks = Vec::with_capacity(page.organisations.len());
    for (slug, name) in &page.organisations {
        let channels = desk.office.channels.of(slug);
        let slugs: Vec<_> = channels.iter().map(|channel| channel.slug.as_str()).collect();
        let ids = desk.office.store.upcoming(&slugs, POSTS_MAX).await?;
        let posts = desk.office.store.post_summaries(&ids).await?;
        let posts = posts.iter().map(|post| next(desk, post)).collect();
        outlooks.push(Outlook { slug: slug.clone(), name: name.clone(), zone: desk.zone(slug), posts });
    }
    Ok(outlooks)
}

fn next(desk: &Desk, post: &PostSummary) -> Next {
    let now = desk.office.clock.now();
    let mut legs: Vec<Leg> = Vec::new();
    for d in Standing::of_summary(post).deliveries {
        let name = desk.channel_name(&d.channel);
        match legs.iter_mut().find(|leg| stand_alike(&leg.d, d)) {
            Some(leg) => leg.names.push_str(&format!(", {name}")),
            None => legs.push(Leg {
                names: name,
                url: linkable(d.url.as_deref()),
                counts_down: counts_down(d, now),
                stands: stands(d),
                at: if d.state == State::Waiting { whole_minute(d.planned_at) } else { d.planned_at },
                d: d.clone(),
            }),
        }
    }
    Next { id: post.id, title: post.title.clone(), legs }
}

/// Whether two channels wait for the same at the same time. What is out has an address of its own.
fn stand_alike(one: &Delivery, other: &Delivery) -> bool {
    let wait = |d: &Delivery| (d.state, d.planned_at, d.stop_reason.is_some());
    one.published_at.is_none() && other.published_at.is_none() && wait(one) == wait(other)
}
