//! What stands on the site: one post, all of them, the one behind an address.

use std::collections::HashSet;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use percent_encoding::percent_decode_str;
use url::Url;
use vestnik_contract::http::Reply;
use vestnik_contract::{AdapterError, PlatformClock, Presence, RemoteId, RemotePost, Shown, Sighting, Told, ToldKind};

use crate::client::{Ask, Client};
use crate::draft::number;
use crate::errors::Failure;
use crate::html::{media_count, text_of};
use crate::publish::not_a_number;
use crate::wire::{PostAnswer, STATE, TEXT};

/// The most posts a page of a list may have (developer.wordpress.org, "Pagination").
const PER_PAGE: &str = "100";
/// 10 000 posts: more since any moment that is asked for means that something else is wrong.
const PAGES_MAX: u32 = 100;

/// What a reply says of the site's clock.
pub(crate) fn clock(reply: &Reply) -> PlatformClock {
    PlatformClock { header: reply.date(), method: None }
}

/// Is it up, and what does it say?
pub(crate) async fn presence(client: &Client, id: &RemoteId) -> Result<Sighting, AdapterError> {
    let number = number(id).ok_or_else(|| unclear(not_a_number(id)))?;
    let route = format!("wp/v2/posts/{number}");
    let (reply, evidence) = client
        .send(Ask::get(route.as_str(), &[("context", "edit"), ("_fields", TEXT)]))
        .await
        .map_err(Failure::of_question)?;
    // Somebody else's post: its text as stored is not shown to an author, and as rendered it is the theme's.
    let (reply, evidence) = if reply.status.as_u16() == 403 && reply.is_json() {
        client.send(Ask::get(route.as_str(), &[("_fields", TEXT)])).await.map_err(Failure::of_question)?
    } else {
        (reply, evidence)
    };
    let clock = clock(&reply);
    let presence = match Client::read::<PostAnswer>(reply, evidence) {
        Ok(answered) => state(&answered.value),
        Err(Failure::Gone { .. }) => Presence::Gone,
        Err(other) => return Err(other.of_question()),
    };
    Ok(Sighting { presence, clock })
}

fn state(post: &PostAnswer) -> Presence {
    match post.status.as_str() {
        "publish" => Presence::Live(shown(post)),
        // Taken back, deleted, hidden or planned anew by hand: readers do not see it.
        "trash" | "draft" | "auto-draft" | "pending" | "private" | "future" => Presence::Gone,
        status => Presence::Unknown(format!(
            "post {} has the status `{status}`, which a plugin of the site made; look at it there",
            post.id
        )),
    }
}

fn shown(post: &PostAnswer) -> Shown {
    let raw = post.title.raw.as_deref().zip(post.content.raw.as_deref());
    let (title, content) = raw.unwrap_or((&post.title.rendered, &post.content.rendered));
    Shown {
        text: text_of(title, content),
        cut: false,
        opaque: raw.is_none(),
        media: Some(media_count(content)),
        url: post.url(),
        platform_time: post.published_at(),
    }
}

/// Public posts since `since`, newest first.
pub(crate) async fn feed(client: &Client, since: DateTime<Utc>) -> Result<Vec<RemotePost>, AdapterError> {
    // The site compares with `>`, in whole seconds.
    let after = since.max(DateTime::UNIX_EPOCH) - TimeDelta::seconds(1);
    let after = after.to_rfc3339_opts(SecondsFormat::Secs, true);
    let (mut posts, mut seen) = (Vec::new(), HashSet::new());
    for page in 1..=PAGES_MAX {
        let page_text = page.to_string();
        let query = [
            ("after", after.as_str()),
            ("per_page", PER_PAGE),
            ("page", page_text.as_str()),
            ("orderby", "date"),
            ("order", "desc"),
            ("_fields", TEXT),
        ];
        let answered = match client.ask::<Vec<PostAnswer>>(Ask::get("wp/v2/posts", &query)).await {
            Ok(answered) => answered,
            // Posts were deleted while we read: there is no such page any more.
            Err(Failure::Refused { code, .. }) if page > 1 && code == "rest_post_invalid_page_number" => break,
            Err(other) => return Err(other.of_question()),
        };
        // A post made while we read pushes others on to the next page.
        posts.extend(answered.value.into_iter().filter(|p| seen.insert(p.id)).filter_map(|p| listed(&p)));
        let pages = answered.reply.headers.get("X-WP-TotalPages").and_then(|v| v.to_str().ok()?.parse::<u32>().ok());
        if pages.is_none_or(|pages| page >= pages) {
            break;
        }
    }
    posts.retain(|p| p.published_at >= since);
    posts.sort_by_key(|p| std::cmp::Reverse(p.published_at));
    Ok(posts)
}

fn listed(post: &PostAnswer) -> Option<RemotePost> {
    Some(RemotePost {
        id: RemoteId(post.id.to_string()),
        url: post.url(),
        published_at: post.published_at()?,
        text: text_of(&post.title.rendered, &post.content.rendered),
        media: Some(media_count(&post.content.rendered)),
    })
}

/// The published post behind a public address.
pub(crate) async fn at_address(client: &Client, url: &Url) -> Result<(RemoteId, Sighting), AdapterError> {
    if !client.is_ours(url) {
        return Err(unclear(format!("{url} is not on {}; enter the address of a post on that site", client.site())));
    }
    let id = behind(client, url).await.map_err(Failure::of_question)?.ok_or_else(|| {
        unclear(format!("no published post answers under {url}; copy the address from the post's own page on the site"))
    })?;
    let id = RemoteId(id.to_string());
    let sighting = presence(client, &id).await?;
    Ok((id, sighting))
}

async fn behind(client: &Client, url: &Url) -> Result<Option<u64>, Failure> {
    let asked = url.query_pairs().find(|(k, _)| k == "p").and_then(|(_, v)| v.parse::<u64>().ok());
    if let Some(id) = asked {
        let posts = candidates(client, "include", &id.to_string()).await?;
        return Ok(posts.first().map(|p| p.id));
    }
    let Some(last) = url.path_segments().and_then(|mut s| s.rfind(|part| !part.is_empty())) else {
        return Ok(None);
    };
    // Cyrillic slugs are percent-encoded by the site in one way and by browsers in another.
    let path = readable(url);
    let last = percent_decode_str(last).decode_utf8_lossy();
    // Addresses end in the slug or, with some permalinks, in the number.
    let mut found = candidates(client, "slug", &last).await?;
    if last.bytes().all(|b| b.is_ascii_digit()) {
        found.extend(candidates(client, "include", &last).await?);
    }
    Ok(found.iter().find(|p| p.url().is_some_and(|link| readable(&link) == path)).map(|p| p.id))
}

fn readable(url: &Url) -> String {
    percent_decode_str(url.path().trim_end_matches('/')).decode_utf8_lossy().into_owned()
}

async fn candidates(client: &Client, by: &str, value: &str) -> Result<Vec<PostAnswer>, Failure> {
    let query = [(by, value), ("per_page", PER_PAGE), ("_fields", STATE)];
    Ok(client.ask::<Vec<PostAnswer>>(Ask::get("wp/v2/posts", &query)).await?.value)
}

fn unclear(reason: String) -> AdapterError {
    AdapterError::Unclear { told: Told::plain(ToldKind::WrongAddress, reason) }
}
