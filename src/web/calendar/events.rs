//! What the calendar of the script shows: posts, their followers and drafts of a period, as JSON.
//!
//! Times are those on the clocks of the organisation, without an offset: whoever looks at the calendar from another
//! zone sees the organisation's hours, and what they drop is read in them again.

use std::collections::HashSet;

use axum::extract::{Query, State};
use axum::routing::get;
use axum::{Json, Router};
use chrono::{DateTime, Days, NaiveDate, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

use super::chosen;
use super::dates::date;
use crate::domain::Deed;
use crate::domain::wall_time::local;
use crate::office::{PlannedDraft, PlannedPost};
use crate::store::Delivery;
use crate::web::post::{Paused, told_at};
use crate::web::visitor::SignedIn;
use crate::web::{Desk, WebError};

/// The longest period that is told at once.
const DAYS_MAX: i64 = 62;
/// Posts of one day in a period of more than a fortnight, and in a shorter one.
const POSTS_OF_MANY_DAYS: u32 = 6;
const POSTS_OF_FEW_DAYS: u32 = 40;
/// How long an event is drawn; a post takes no time.
const DRAWN: TimeDelta = TimeDelta::minutes(30);

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/calendar/events", get(events))
}

#[derive(Debug, Deserialize)]
struct Asked {
    #[serde(default)]
    organisation: Option<String>,
    start: String,
    end: String,
}

/// One event, with what the script needs to move it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Event {
    id: String,
    start: String,
    end: String,
    all_day: bool,
    title: String,
    start_editable: bool,
    class_names: Vec<String>,
    extended_props: Props,
}

#[derive(Debug, Default, Serialize)]
struct Props {
    /// Where a click leads.
    href: String,
    /// Where a move is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    move_to: Option<String>,
    /// What else is sent with it.
    fields: Vec<(&'static str, String)>,
    /// The state in words.
    state: String,
    /// Of followers, where they go out.
    #[serde(skip_serializing_if = "String::is_empty")]
    channels: String,
}

async fn events(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Query(asked): Query<Asked>,
) -> Result<Json<Vec<Event>>, WebError> {
    let organisation = chosen(&desk, &visitor, asked.organisation.as_deref())?;
    let (Some(start), Some(end)) = (day(&asked.start), day(&asked.end)) else { return Err(WebError::NotFound) };
    let days = (end - start).num_days();
    if !(1..=DAYS_MAX).contains(&days) {
        return Err(WebError::TooLarge(visitor.page.t("calendar-too-long").with("days", DAYS_MAX).to_string()));
    }
    let most = if days > 14 { POSTS_OF_MANY_DAYS } else { POSTS_OF_FEW_DAYS };
    // Followers of the evening before go out after midnight.
    let from = start.checked_sub_days(Days::new(1)).unwrap_or(start);
    let plan = desk.office.calendar(organisation, from..end, most).await?;
    let may = |deed| visitor.person.rights.may(deed, &organisation.slug);
    let paused = &Paused::read(&desk).await?;
    let may_settle = may(Deed::Settle);
    let drawing = Drawing { desk: &desk, visitor: &visitor, zone: organisation.zone, may_settle, paused };
    let (mut drawn, mut seen) = (Vec::new(), HashSet::new());
    for day in &plan {
        for post in &day.posts {
            let stands = drawing.paused.stands_beside(&post.primary, &post.followers);
            drawn.push(drawing.delivery(&post.primary, &[], &post.title, stands));
            seen.extend(post.followers.iter().map(|d| d.id));
            drawn.extend(drawing.together(post).iter().map(|(d, beside)| drawing.follower(d, beside, &post.title)));
        }
        for follower in &day.followers {
            drawn.extend(
                seen.insert(follower.delivery.id).then(|| drawing.follower(&follower.delivery, &[], &follower.title)),
            );
        }
        drawn.extend(day.drafts.iter().map(|draft| drawing.draft(draft, may(Deed::Write))));
        drawn.extend((day.more > 0).then(|| drawing.more(&organisation.slug, day.date, day.more)));
    }
    drawn.retain(|event| event.start.get(..10).and_then(date).is_some_and(|day| start <= day && day < end));
    Ok(Json(drawn))
}

fn day(text: &str) -> Option<NaiveDate> {
    date(text.get(..10)?)
}

struct Drawing<'a> {
    desk: &'a Desk,
    visitor: &'a SignedIn,
    zone: chrono_tz::Tz,
    may_settle: bool,
    paused: &'a Paused,
}

impl Drawing<'_> {
    /// Followers of one post by what they have in common: the minute and the state.
    fn together<'p>(&self, post: &'p PlannedPost) -> Vec<(&'p Delivery, Vec<&'p Delivery>)> {
        let key = |d: &Delivery| (told_at(d).timestamp() / 60, self.paused.stands_beside(d, []));
        let mut groups: Vec<(&Delivery, Vec<&Delivery>)> = Vec::new();
        for d in &post.followers {
            match groups.iter_mut().find(|(first, _)| key(first) == key(d)) {
                Some((_, beside)) => beside.push(d),
                None => groups.push((d, Vec::new())),
            }
        }
        groups
    }

    fn wall(&self, at: DateTime<Utc>) -> String {
        local(at, self.zone).format("%Y-%m-%dT%H:%M:%S").to_string()
    }

    /// One that lies late in the evening is drawn on its own day all the same.
    fn span(&self, at: DateTime<Utc>) -> (String, String) {
        let same_day = |end: &DateTime<Utc>| local(*end, self.zone).date_naive() == local(at, self.zone).date_naive();
        let end = Some(at + DRAWN).filter(same_day).unwrap_or(at);
        (self.wall(at), self.wall(end))
    }

    /// Followers that go out together.
    fn follower(&self, d: &Delivery, beside: &[&Delivery], title: &str) -> Event {
        self.delivery(d, beside, title, self.paused.stands_beside(d, []))
    }

    /// A primary, or followers that go out together.
    fn delivery(&self, d: &Delivery, beside: &[&Delivery], title: &str, stands: &str) -> Event {
        let (start, end) = self.span(told_at(d));
        let page = &self.visitor.page;
        // Of several only the whole post is moved here; each by itself on the page of moving.
        let moves = self.may_settle && beside.is_empty() && d.is_movable();
        let mut fields = vec![("seen", d.planned_at.timestamp_micros().to_string())];
        if !d.is_primary {
            fields.push(("channel", d.channel.clone()));
        }
        let role = if d.is_primary { "is-primary" } else { "is-follower" };
        Event {
            id: d.id.to_string(),
            start,
            end,
            all_day: false,
            title: title.to_owned(),
            start_editable: moves,
            class_names: vec![role.into(), format!("is-{stands}")],
            extended_props: Props {
                href: format!("/posts/{}", d.post),
                move_to: moves.then(|| format!("/posts/{}/move", d.post)),
                fields,
                state: page.t(format!("state-{stands}")).to_string(),
                channels: if d.is_primary { String::new() } else { self.names(d, beside) },
            },
        }
    }

    fn names(&self, d: &Delivery, beside: &[&Delivery]) -> String {
        std::iter::once(&d).chain(beside).map(|d| self.desk.channel_name(&d.channel)).collect::<Vec<_>>().join(", ")
    }

    fn draft(&self, planned: &PlannedDraft, moves: bool) -> Event {
        let (start, end) = self.span(planned.at);
        let (draft, page) = (&planned.draft, &self.visitor.page);
        let title = draft.title.trim();
        let title = if title.is_empty() { page.t("calendar-untitled").to_string() } else { title.to_owned() };
        Event {
            id: draft.id.to_string(),
            start,
            end,
            all_day: false,
            title: page.t("calendar-draft").with("title", title).to_string(),
            start_editable: moves,
            class_names: vec!["is-draft".into()],
            extended_props: Props {
                href: format!("/drafts/{}", draft.id),
                move_to: moves.then(|| format!("/drafts/{}/move", draft.id)),
                fields: vec![("version", draft.version.to_string())],
                state: page.t(format!("calendar-draft-{}", draft.state.name())).to_string(),
                channels: String::new(),
            },
        }
    }

    fn more(&self, organisation: &str, date: NaiveDate, n: u32) -> Event {
        let start = date.to_string();
        Event {
            id: format!("more-{date}"),
            end: start.clone(),
            all_day: true,
            title: self.visitor.page.t("calendar-more").with("n", n).to_string(),
            start_editable: false,
            class_names: vec!["is-more".into()],
            extended_props: Props {
                href: format!("/calendar?view=list&organisation={organisation}&at={date}"),
                ..Props::default()
            },
            start,
        }
    }
}
