//! What stands on a channel, beside the question whether a post is out.

use askama::Template;
use axum::Router;
use axum::extract::{Path, Query, State};
use axum::response::Html;
use axum::routing::get;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde::Deserialize;

use super::forms::{Back, Carried, ChannelForms};
use super::{linkable, view_of};
use crate::domain::Deed;
use crate::office::{ChannelLook, LookAnswer, Standing};
use crate::web::page::Page;
use crate::web::visitor::SignedIn;
use crate::web::{Desk, WebError};

/// So much of a text tells which post it is.
const EXCERPT_CHARS: usize = 280;

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/posts/{id}/channels/{channel}/look", get(look))
}

#[derive(Deserialize)]
struct Asked {
    #[serde(default)]
    back: String,
}

#[derive(Template)]
#[template(path = "post/look.html")]
struct LookPage {
    page: Page,
    zone: Tz,
    title: String,
    forms: ChannelForms,
    /// The key of what the platform says.
    answer: &'static str,
    /// What it said itself.
    why: Option<String>,
    candidates: Vec<Candidate>,
    since: DateTime<Utc>,
}

/// A post that stands on the channel.
struct Candidate {
    url: Option<String>,
    at: Option<DateTime<Utc>>,
    excerpt: String,
    /// The adapter says that this is ours.
    is_ours: bool,
}

async fn look(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path((id, channel)): Path<(String, String)>,
    Query(asked): Query<Asked>,
) -> Result<Html<String>, WebError> {
    // Asking a platform is work that is done for those who will settle it.
    let view = view_of(&desk, &visitor, &id, Deed::Settle).await?;
    let standing = Standing::of_view(&view);
    let delivery = standing.on(&channel).ok_or(WebError::NotFound)?;
    let now = desk.office.clock.now();
    let back = if asked.back == "today" { Back::Today } else { Back::Post };
    let carried = Carried::new(view.id, &standing, now, back);
    let forms = ChannelForms::new(carried, &standing, delivery, desk.channel_name(&channel), now);
    if !forms.look() {
        return Err(WebError::Conflict);
    }
    let ChannelLook { answer, posts, since } = desk.office.look(view.id, &channel).await?;
    let mut candidates: Vec<Candidate> = posts
        .into_iter()
        .map(|post| Candidate {
            url: linkable(post.url.as_ref().map(url::Url::as_str)),
            at: Some(post.published_at),
            excerpt: excerpt(&post.text),
            is_ours: matches!(&answer, LookAnswer::Found(ours) if ours.id == post.id),
        })
        .collect();
    if let LookAnswer::Found(receipt) = &answer
        && !candidates.iter().any(|candidate| candidate.is_ours)
    {
        let url = linkable(receipt.url.as_ref().map(url::Url::as_str));
        let excerpt = receipt.shown.as_ref().map(|shown| excerpt(&shown.text)).unwrap_or_default();
        candidates.insert(0, Candidate { url, at: receipt.platform_time, excerpt, is_ours: true });
    }
    let (answer, why) = match answer {
        LookAnswer::Found(_) => ("post-look-found", None),
        LookAnswer::Nothing => ("post-look-nothing", None),
        LookAnswer::CannotTell(why) => ("post-look-cannot-tell", Some(why)),
        LookAnswer::NoAnswer(why) => ("post-look-no-answer", Some(why)),
    };
    let zone = desk.zone(&view.organisation);
    let title = view.content.title.clone();
    let shown = LookPage { page: visitor.page, zone, title, forms, answer, why, candidates, since };
    Ok(Html(shown.render()?))
}

fn excerpt(text: &str) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match text.char_indices().nth(EXCERPT_CHARS) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text,
    }
}
