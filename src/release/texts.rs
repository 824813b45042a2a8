//! A post as it reads with each of its revisions: what may stand on a channel with any of them is known by it.

use url::Url;
use vestnik_contract::text::same_text;
use vestnik_contract::{AdapterError, DeliveryKey, Found, Prepared, Presence, RemoteId};

use super::channels::Channel;
use super::compose::compose;
use crate::domain::PostContent;
use crate::domain::content::PrimaryUrl;
use crate::domain::delivery::State;
use crate::store::{Delivery, PostView, Store, StoreError};

/// What would be sent now, with nothing prepared for it; `None` when it does not fit the channel any more.
pub async fn prepared_now(store: &Store, channel: &Channel, d: &Delivery) -> Result<Option<Prepared>, StoreError> {
    let view = store.post_view(d.post).await?;
    Ok(prepared(channel, &view, d, view.revision, &view.content))
}

/// The same of everything that the post has said, the newest first. What does not fit the channel is left out.
pub async fn prepared_of_all(store: &Store, channel: &Channel, d: &Delivery) -> Result<Vec<Prepared>, StoreError> {
    let view = store.post_view(d.post).await?;
    let mut all = Vec::new();
    for revision in (1..=view.revision).rev() {
        let content = store.content_of(d.post, revision).await?;
        all.extend(prepared(channel, &view, d, revision, &content));
    }
    Ok(all)
}

fn prepared(
    channel: &Channel,
    view: &PostView,
    d: &Delivery,
    revision: u32,
    content: &PostContent,
) -> Option<Prepared> {
    // What went out before its primary was taken down names the address that it had.
    let primary_url = view
        .deliveries
        .iter()
        .map(|v| &v.delivery)
        .filter(|p| p.is_primary && matches!(p.state, State::Published | State::Withdrawn))
        .max_by_key(|p| p.number)
        .and_then(|p| p.url.as_ref()?.parse::<Url>().ok());
    let url = primary_url.as_ref().map_or(PrimaryUrl::None, PrimaryUrl::Known);
    compose(channel, content, url).ok().map(|post| Prepared {
        key: DeliveryKey { delivery: d.id.0, revision },
        post,
        at: view.created_at,
        notes: serde_json::Value::Null,
    })
}

/// Looks for a post with each of these texts: the look that tells most.
pub async fn find_any(channel: &Channel, texts: &[Prepared], known: &[RemoteId]) -> Result<Found, AdapterError> {
    let mut told = Found::No(None);
    for prepared in texts {
        match channel.adapter.find(prepared, known).await? {
            Found::No(_) => {}
            found @ Found::Yes(_) => return Ok(found),
            unclear => told = unclear,
        }
    }
    Ok(told)
}

/// Which revision is shown: what is found by its key may be older than the newest. Where that cannot be seen it is
/// taken for the oldest, so that it is given the newest.
pub(super) fn revision_shown(texts: &[Prepared], presence: &Presence) -> u32 {
    match presence {
        Presence::Live(shown) if !shown.opaque => {
            texts.iter().find(|text| same_text(&text.post.plain, shown)).map_or(1, |text| text.key.revision)
        }
        _ => 1,
    }
}
