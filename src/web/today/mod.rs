//! *Today*: what goes out next, and what needs a person.

mod outlook;
mod tasks;

use askama::Template;
use axum::Router;
use axum::extract::{Query, State};
use axum::response::Html;
use axum::routing::get;
use serde::Deserialize;

use super::live::LiveMark;
use super::page::Page;
use super::post::told_key;
use super::visitor::SignedIn;
use super::{Desk, WebError};
use crate::domain::{Deed, PostId};
use outlook::Outlook;
use tasks::Task;

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/today", get(today))
}

#[derive(Deserialize)]
struct Asked {
    told: Option<String>,
    post: Option<String>,
}

#[derive(Template)]
#[template(path = "today.html")]
struct TodayPage {
    page: Page,
    live: LiveMark,
    told: Option<&'static str>,
    /// The post that a form was about.
    told_post: Option<PostId>,
    daemon_stands_still: bool,
    tasks: Vec<Task>,
    /// How many more there are than are shown.
    more_tasks: usize,
    outlooks: Vec<Outlook>,
}

impl TodayPage {
    /// What waits for this person, and what waits for somebody else.
    fn sections(&self) -> Vec<(&'static str, Vec<&Task>)> {
        let (yours, others): (Vec<_>, Vec<_>) = self.tasks.iter().partition(|task| task.decided_by.is_none());
        let mut sections = vec![("today-attention", yours)];
        if !others.is_empty() {
            sections.push(("today-others", others));
        }
        sections
    }
}

async fn today(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, WebError> {
    visitor.must_somewhere(Deed::Read)?;
    let live = desk.live_mark(&visitor.person).await?;
    let found = tasks::tasks(&desk, &visitor).await?;
    let outlooks = outlook::outlooks(&desk, &visitor.page).await?;
    let shown = TodayPage {
        live,
        told: told_key(asked.told.as_deref()),
        told_post: asked.post.and_then(|id| id.parse().ok()),
        daemon_stands_still: found.nothing_moves || desk.pulse.is_some() && desk.daemon_stands_still(),
        tasks: found.shown,
        more_tasks: found.more,
        outlooks,
        page: visitor.page,
    };
    Ok(Html(shown.render()?))
}

impl Desk {
    /// Whether the daemon beside this desk went round once and does no more.
    fn daemon_stands_still(&self) -> bool {
        self.pulse.as_ref().is_some_and(|pulse| pulse.read().since_beat().is_some()) && !self.daemon_is_at_work()
    }
}
