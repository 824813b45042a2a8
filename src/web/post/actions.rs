//! What the buttons of a post do. A click that comes twice does its work once; a page that is out of date says so.

use axum::Router;
use axum::extract::{Path, State};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use serde::Deserialize;
use url::Url;

use super::forms::{Back, Seen, address_place, reason_place};
use super::{page, view_of};
use crate::domain::content::is_web;
use crate::domain::{Deed, PostId};
use crate::office::{ChannelWay, OfficeError, PostWay, Standing, reason};
use crate::release::{Resolution, ResolveError};
use crate::store::PostView;
use crate::web::mistakes::Refused;
use crate::web::posted::Posted;
use crate::web::visitor::SignedIn;
use crate::web::{Desk, WebError};

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        .route("/posts/{id}/cancel", post(cancel))
        .route("/posts/{id}/withdraw", post(withdraw))
        .route("/posts/{id}/republish", post(republish))
        .route("/posts/{id}/channels/{channel}/published", post(published))
        .route("/posts/{id}/channels/{channel}/not-published", post(not_published))
        .route("/posts/{id}/channels/{channel}/again", post(again))
}

/// A form that asks for a reason.
#[derive(Deserialize)]
struct Reasoned {
    #[serde(default)]
    reason: String,
    #[serde(flatten)]
    frame: Frame,
}

/// A form that asks for an address.
#[derive(Deserialize)]
struct Addressed {
    #[serde(default)]
    url: String,
    #[serde(flatten)]
    frame: Frame,
}

/// What every form of a post carries.
#[derive(Deserialize)]
struct Frame {
    #[serde(default)]
    seen: String,
    #[serde(default)]
    back: String,
}

/// What a person wants to do.
#[derive(Clone, Copy)]
enum Wanted<'a> {
    WithPost(PostWay),
    OnChannel(&'a str, &'a [ChannelWay]),
}

/// What becomes of a click.
enum Turn {
    /// Its work is to be done.
    Do(Box<PostView>),
    /// Nothing is to be done: this is the answer.
    Answer(Redirect),
}

/// One click: who, on what, from which page.
struct Click<'a> {
    desk: &'a Desk,
    visitor: &'a SignedIn,
    id: &'a str,
    wanted: Wanted<'a>,
    frame: &'a Frame,
}

impl Click<'_> {
    /// Lets a click on that may do what it wants, and that knows how the post stands.
    async fn turn(&self) -> Result<Turn, WebError> {
        let view = view_of(self.desk, self.visitor, self.id, Deed::Settle).await?;
        let standing = Standing::of_view(&view);
        let now = self.desk.office.clock.now();
        let is_possible = match self.wanted {
            Wanted::WithPost(way) => standing.post_ways().contains(&way),
            Wanted::OnChannel(channel, ways) => standing
                .on(channel)
                .ok_or(WebError::NotFound)
                .map(|d| standing.channel_ways(d, now).iter().any(|way| ways.contains(way)))?,
        };
        let is_fresh = self.frame.seen.parse::<Seen>().is_ok_and(|seen| seen.mark == standing.mark());
        if is_possible && is_fresh {
            return Ok(Turn::Do(Box::new(view)));
        }
        let told = if self.was_done(view.id).await? { "already" } else { "stale" };
        Ok(Turn::Answer(self.answer(view.id, told)))
    }

    /// Whether this person has done just this since the page was made: with the first of two clicks.
    async fn was_done(&self, id: PostId) -> Result<bool, WebError> {
        let Ok(Seen { at, .. }) = self.frame.seen.parse::<Seen>() else { return Ok(false) };
        let office = &self.desk.office;
        Ok(match self.wanted {
            Wanted::WithPost(way) => office.was_decided(id, way, self.by(), at).await?,
            Wanted::OnChannel(channel, ways) => office.was_decided_on(id, (channel, ways), self.by(), at).await?,
        })
    }

    /// Where a click leads in the end.
    async fn end(&self, id: PostId, result: Result<&str, OfficeError>) -> Result<Redirect, WebError> {
        let error = match result {
            Ok(told) => return Ok(self.answer(id, told)),
            Err(error) => error,
        };
        // The other of two clicks came first by a hair, or the daemon did.
        let view = view_of(self.desk, self.visitor, self.id, Deed::Settle).await?;
        let stands_as_seen =
            self.frame.seen.parse::<Seen>().is_ok_and(|seen| seen.mark == Standing::of_view(&view).mark());
        if self.was_done(id).await? {
            return Ok(self.answer(id, "already"));
        }
        if !stands_as_seen {
            return Ok(self.answer(id, "stale"));
        }
        Err(error.into())
    }

    fn answer(&self, id: PostId, told: &str) -> Redirect {
        if self.frame.back == "today" && told != "stale" {
            return Redirect::to(&format!("/today?told={told}&post={id}"));
        }
        Redirect::to(&format!("/posts/{id}?told={told}"))
    }

    fn by(&self) -> &str {
        &self.visitor.person.name
    }
}

async fn cancel(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<String>,
    Posted(form): Posted<Reasoned>,
) -> Result<Response, WebError> {
    let wanted = Wanted::WithPost(PostWay::Cancel);
    let click = Click { desk: &desk, visitor: &visitor, id: &id, wanted, frame: &form.frame };
    let view = match click.turn().await? {
        Turn::Do(view) => view,
        Turn::Answer(answer) => return Ok(answer.into_response()),
    };
    let Ok(why) = reason(&form.reason) else {
        let (place, words) = (reason_place("cancel", view.id), visitor.page.t("post-reason-missing"));
        let refused = Refused::at(&place, &words, &form.reason);
        return page::not_taken(&desk, visitor, *view, Back::named(&form.frame.back), refused).await;
    };
    let done = desk.office.cancel(&*view, click.by(), &why).await;
    let answer = click.end(view.id, done.map(|_| "cancelled")).await?;
    Ok(answer.into_response())
}

async fn withdraw(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<String>,
    Posted(form): Posted<Reasoned>,
) -> Result<Response, WebError> {
    let wanted = Wanted::WithPost(PostWay::Withdraw);
    let click = Click { desk: &desk, visitor: &visitor, id: &id, wanted, frame: &form.frame };
    let view = match click.turn().await? {
        Turn::Do(view) => view,
        Turn::Answer(answer) => return Ok(answer.into_response()),
    };
    let Ok(why) = reason(&form.reason) else {
        let (place, words) = (reason_place("withdraw", view.id), visitor.page.t("post-reason-missing"));
        let refused = Refused::at(&place, &words, &form.reason);
        return page::not_taken(&desk, visitor, *view, Back::named(&form.frame.back), refused).await;
    };
    let done = desk.office.withdraw(&*view, click.by(), &why).await;
    let answer = click.end(view.id, done.map(|_| "withdrawn")).await?;
    Ok(answer.into_response())
}

async fn republish(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(id): Path<String>,
    Posted(frame): Posted<Frame>,
) -> Result<Redirect, WebError> {
    let wanted = Wanted::WithPost(PostWay::Republish);
    let click = Click { desk: &desk, visitor: &visitor, id: &id, wanted, frame: &frame };
    let view = match click.turn().await? {
        Turn::Do(view) => view,
        Turn::Answer(answer) => return Ok(answer),
    };
    let done = desk.office.republish(&*view, click.by()).await;
    click.end(view.id, done.map(|()| "republished")).await
}

async fn published(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path((id, channel)): Path<(String, String)>,
    Posted(form): Posted<Addressed>,
) -> Result<Response, WebError> {
    let wanted = Wanted::OnChannel(&channel, &[ChannelWay::EnterAddress, ChannelWay::ConfirmStanding]);
    let click = Click { desk: &desk, visitor: &visitor, id: &id, wanted, frame: &form.frame };
    let view = match click.turn().await? {
        Turn::Do(view) => view,
        Turn::Answer(answer) => return Ok(answer.into_response()),
    };
    let url: Option<Url> = form.url.trim().parse().ok().filter(is_web);
    let Some(url) = url else {
        let (place, words) = (address_place(view.id, &channel), visitor.page.t("post-address-unreadable"));
        let refused = Refused::at(&place, &words, &form.url);
        return page::not_taken(&desk, visitor, *view, Back::named(&form.frame.back), refused).await;
    };
    let done = desk.office.resolve(&*view, &channel, Resolution::Published(url), click.by()).await;
    let answer = click.end(view.id, done.map(|_| "settled")).await?;
    Ok(answer.into_response())
}

async fn not_published(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path((id, channel)): Path<(String, String)>,
    Posted(frame): Posted<Frame>,
) -> Result<Redirect, WebError> {
    let wanted = Wanted::OnChannel(&channel, &[ChannelWay::NotPublished, ChannelWay::TakenDown]);
    let click = Click { desk: &desk, visitor: &visitor, id: &id, wanted, frame: &frame };
    let view = match click.turn().await? {
        Turn::Do(view) => view,
        Turn::Answer(answer) => return Ok(answer),
    };
    let done = desk.office.resolve(&*view, &channel, Resolution::NotPublished, click.by()).await;
    // The last look found it after all: that settles it, too.
    if let Err(OfficeError::Resolve(ResolveError::Contradicted(_))) = &done {
        let now = view_of(&desk, &visitor, &id, Deed::Settle).await?;
        let before = Standing::of_view(&view).on(&channel).map(|d| d.state);
        if Standing::of_view(&now).on(&channel).map(|d| d.state) != before {
            return click.end(view.id, Ok("found")).await;
        }
    }
    click.end(view.id, done.map(|_| "settled")).await
}

async fn again(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path((id, channel)): Path<(String, String)>,
    Posted(frame): Posted<Frame>,
) -> Result<Redirect, WebError> {
    let wanted = Wanted::OnChannel(&channel, &[ChannelWay::TryAgain]);
    let click = Click { desk: &desk, visitor: &visitor, id: &id, wanted, frame: &frame };
    let view = match click.turn().await? {
        Turn::Do(view) => view,
        Turn::Answer(answer) => return Ok(answer),
    };
    let done = desk.office.try_again(&*view, &channel, click.by()).await;
    click.end(view.id, done.map(|()| "again")).await
}
