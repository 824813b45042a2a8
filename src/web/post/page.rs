//! One post with its whole life, channel by channel.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Deserialize;
use url::Url;

use super::by_hand::ByHand;
use super::forms::{Back, Carried, ChannelForms, PostForms};
use super::history::{Measured, PostHistory};
use super::revisions::{self, RevisionLine};
use super::standing::{Paused, counts_down, stopped_key, told_at};
use super::{linkable, told_key, view_of};
use crate::domain::content::PrimaryUrl;
use crate::domain::{Deed, ReasonKind, State as DeliveryState, StopKind};
use crate::office::Standing;
use crate::release::compose;
use crate::store::{AttemptView, Delivery, DeliveryView, PostView, StoredHold};
use crate::web::live::LiveMark;
use crate::web::mistakes::Refused;
use crate::web::page::Page;
use crate::web::visitor::SignedIn;
use crate::web::{Desk, WebError, plan, words};

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/posts/{id}", get(page))
}

#[derive(Deserialize)]
struct Asked {
    told: Option<String>,
}

#[derive(Template)]
#[template(path = "post/page.html")]
struct PostPage {
    page: Page,
    live: LiveMark,
    /// What a form did: its key, and the words.
    told: Option<(&'static str, String)>,
    zone: Tz,
    organisation: String,
    post: PostView,
    may_settle: bool,
    forms: PostForms,
    channels: Vec<ChannelLife>,
    holds: Vec<StoredHold>,
    now: DateTime<Utc>,
    revisions: Vec<RevisionLine>,
    history: PostHistory,
}

/// The life of the post on one channel.
struct ChannelLife {
    name: String,
    d: Delivery,
    /// How it stands, in a word.
    stands: &'static str,
    /// The time that is told of it.
    at: DateTime<Utc>,
    /// The address, where it may stand in a link.
    url: Option<String>,
    /// Whether the time is still to come: then it is counted down.
    counts_down: bool,
    attempts: Vec<Tried>,
    /// Of what kind the last reason is, in words.
    why: Option<String>,
    measured: Option<Measured>,
    /// The words for what it stands still over.
    stopped: Option<String>,
    /// What the channel shows or will show.
    text: Option<String>,
    /// What a person is to put up here.
    by_hand: Option<ByHand>,
    forms: ChannelForms,
}

/// An attempt, and of what kind the reason of its end is, in words.
struct Tried {
    a: AttemptView,
    why: Option<String>,
}

impl ChannelLife {
    /// The key of what the last reason means: how the attempt ended that it is of, or that nothing was tried yet.
    fn last_key(&self, reason: &str) -> String {
        let of_last = self.attempts.last().filter(|tried| tried.a.reason.as_deref() == Some(reason));
        let otherwise = if self.d.state == DeliveryState::InDoubt { "in-doubt" } else { "postponed" };
        format!("post-last-{}", of_last.map_or(otherwise, |tried| &*tried.a.outcome).replace('_', "-"))
    }

    /// Whether more follows from the last reason than its kind says: what failed without a call is over.
    fn follows(&self, reason: &str) -> bool {
        self.why.is_none() || self.d.state != DeliveryState::Failed || self.last_key(reason) != "post-last-postponed"
    }
}

async fn page(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<String>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, WebError> {
    let post = view_of(&desk, &visitor, &id, Deed::Read).await?;
    shown(&desk, visitor, post, asked.told.as_deref(), (Back::Post, Refused::default())).await
}

/// The page once more, with what was typed into one of its forms and not taken.
pub(super) async fn not_taken(
    desk: &Desk,
    visitor: SignedIn,
    post: PostView,
    back: Back,
    refused: Refused,
) -> Result<Response, WebError> {
    let html = shown(desk, visitor, post, None, (back, refused)).await?;
    Ok((StatusCode::UNPROCESSABLE_ENTITY, html).into_response())
}

async fn shown(
    desk: &Desk,
    visitor: SignedIn,
    post: PostView,
    told: Option<&str>,
    (back, refused): (Back, Refused),
) -> Result<Html<String>, WebError> {
    let live = desk.live_mark(&visitor.person).await?;
    let now = desk.office.clock.now();
    let store = &desk.office.store;
    let revisions = store.revisions_of(post.id).await?;
    let journal = store.journal_of_post(post.id).await?;
    let history = PostHistory::read(desk, &visitor.page, &journal, desk.zone(&post.organisation))?;
    let standing = Standing::of_view(&post);
    let paused = Paused::read(desk).await?;
    let carried = Carried { refused, ..Carried::new(post.id, &standing, now, back) };
    let primary_url = standing.primary().and_then(|d| d.url.as_ref()?.parse::<Url>().ok());
    let primary_url = primary_url.as_ref().map_or(PrimaryUrl::None, PrimaryUrl::Known);
    let locale = visitor.page.locale;
    let in_words = |kind: Option<ReasonKind>, name: &str| kind.map(|kind| words::reason(locale, kind, name));
    let life = |view: &DeliveryView| {
        let d = &view.delivery;
        let name = desk.channel_name(&d.channel);
        let channel = desk.office.channels.get(&d.channel);
        ChannelLife {
            url: linkable(d.url.as_deref()),
            counts_down: counts_down(d, now) && !paused.holds_up(d),
            stands: paused.stands(d, &standing),
            at: told_at(d),
            attempts: view.attempts.iter().map(|a| Tried { a: a.clone(), why: in_words(a.kind, &name) }).collect(),
            why: in_words(d.last_kind, &name).filter(|_| tells_why(d)),
            measured: history.measured.get(&d.channel).cloned().filter(|_| d.published_at.is_some()),
            stopped: stopped_key(d, standing.is_withdrawn),
            by_hand: ByHand::of(desk, d, &post.content, &standing),
            text: channel.and_then(|c| compose(c, &post.content, primary_url).ok()).map(|text| text.plain),
            forms: ChannelForms::new(carried.clone(), &standing, d, name.clone(), now),
            d: d.clone(),
            name,
        }
    };
    let channels = post.deliveries.iter().map(life).collect();
    let zone = desk.zone(&post.organisation);
    let plan = desk.office.plan_of_post(&post);
    let plan = plan.map(|plan| plan::in_words(&visitor.page, &plan, zone, |slug| desk.channel_name(slug)));
    let lies = standing.deliveries.iter().filter(|d| d.state.may_go_out());
    let lies = plan::lies(desk, &visitor.page, zone, lies.map(|d| (d.channel.as_str(), d.planned_at)));
    let told = written_key(told, &standing).or_else(|| told_key(told));
    let in_words = |key| visitor.page.t(key).with("where", lies).with("plan", plan.unwrap_or_default()).to_string();
    let shown = PostPage {
        live,
        told: told.map(|key| (key, in_words(key))),
        zone,
        organisation: desk
            .office
            .config
            .organisation(&post.organisation)
            .map_or_else(|| post.organisation.clone(), |o| o.name.clone()),
        may_settle: visitor.person.rights.may(Deed::Settle, &post.organisation),
        forms: PostForms::new(carried, &standing),
        channels,
        holds: post.holds.clone(),
        now,
        revisions: revisions::lines(&visitor.page, revisions).await?,
        history,
        page: visitor.page,
        post,
    };
    Ok(Html(shown.render()?))
}

/// What is told of a post that was written just now. Other pages do not show the plan that belongs to it.
fn written_key(told: Option<&str>, standing: &Standing<'_>) -> Option<&'static str> {
    let is_out = standing.primary().is_some_and(|d| d.published_at.is_some());
    // The address is loaded again, or found in the history, when nothing of the plan holds any more.
    let is_over = standing.is_cancelled || standing.is_withdrawn;
    Some(match told.filter(|_| !is_over)? {
        "queued" => "post-told-queued",
        "edited" if is_out => "post-told-edited-out",
        "edited" => "post-told-edited",
        _ => return None,
    })
}

/// Whether the last reason is what is the matter now: of what stands still over something else it is not.
fn tells_why(d: &Delivery) -> bool {
    use StopKind::{EditRefused, UnknownOutcome, WithdrawalRefused};
    d.stop_kind.is_none_or(|kind| matches!(kind, EditRefused | UnknownOutcome | WithdrawalRefused))
}
