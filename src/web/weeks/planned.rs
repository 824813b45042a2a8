//! The posts of one week, with links.

use chrono::{DateTime, Days, Utc};

use crate::config::Organisation;
use crate::domain::PostId;
use crate::domain::week::IsoWeek;
use crate::web::page::Page;
use crate::web::post::Paused;
use crate::web::{Desk, WebError};

/// Posts of one day that are named; the calendar has the rest.
const POSTS_A_DAY: u32 = 20;

/// What went out in the week and what is to.
pub(super) struct Planned {
    pub posts: Vec<PlannedLine>,
    /// Posts that are not named here.
    pub more: u32,
}

/// One post.
pub(super) struct PlannedLine {
    pub id: PostId,
    pub title: String,
    pub at: DateTime<Utc>,
    pub when: String,
    pub state: &'static str,
    pub follows: String,
}

impl Planned {
    pub async fn of(desk: &Desk, page: &Page, organisation: &Organisation, week: IsoWeek) -> Result<Self, WebError> {
        let monday = week.monday();
        let days = monday..monday.checked_add_days(Days::new(7)).unwrap_or(monday);
        let plan = desk.office.calendar(organisation, days, POSTS_A_DAY).await?;
        let paused = Paused::read(desk).await?;
        let more = plan.iter().map(|day| day.more).sum();
        let posts = plan.iter().flat_map(|day| &day.posts).map(|post| PlannedLine {
            id: post.id,
            title: post.title.clone(),
            at: post.at(),
            when: page.time(&post.at(), &organisation.zone),
            state: paused.stands_beside(&post.primary, &post.followers),
            follows: post.followers.iter().map(|d| desk.channel_name(&d.channel)).collect::<Vec<_>>().join(", "),
        });
        Ok(Self { posts: posts.collect(), more })
    }
}
