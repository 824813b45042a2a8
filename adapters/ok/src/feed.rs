//! What stands in the group, ours and made by hand.

use std::collections::HashSet;

use chrono::{DateTime, Utc};
use vestnik_contract::{AdapterError, RemoteId, RemotePost};

use crate::errors::CallError;
use crate::permalink;
use crate::read::{Group, PAGE};
use crate::settings::Settings;
use crate::topic::Topic;

/// Looks further back than this are not worth the calls: a thousand topics.
const PAGES_MAX: usize = 20;

/// The topics that readers see since `since`, newest first.
pub(crate) async fn feed(
    group: Group<'_>,
    settings: &Settings,
    since: DateTime<Utc>,
) -> Result<Vec<RemotePost>, AdapterError> {
    let (mut posts, mut seen, mut from) = (Vec::new(), HashSet::new(), None);
    for _ in 0..PAGES_MAX {
        let page = group.page(from.as_deref()).await.map_err(CallError::of_read)?;
        let (size, before) = (page.topics.len(), seen.len());
        let mut reaches_back = false;
        for topic in page.topics {
            let Some(at) = topic.visible_since() else { continue };
            reaches_back |= at < since;
            if seen.insert(topic.id.clone()) && at >= since && counts(&topic, group.id) {
                posts.push(remote_post(topic, at, group, settings));
            }
        }
        from = page.next;
        if reaches_back || from.is_none() {
            if !reaches_back && size >= PAGE {
                tracing::warn!(group = group.id, %since, "OK's list of topics may not reach back far enough");
            }
            break;
        }
        // How OK pages is not documented: a page that brings nothing new ends the walk.
        if seen.len() == before {
            break;
        }
    }
    posts.sort_by(|a, b| b.published_at.cmp(&a.published_at).then_with(|| b.id.cmp(&a.id)));
    Ok(posts)
}

fn counts(topic: &Topic, group: &str) -> bool {
    topic.out_of_sight.is_none() && topic.belongs_to(group)
}

fn remote_post(topic: Topic, published_at: DateTime<Utc>, group: Group<'_>, settings: &Settings) -> RemotePost {
    RemotePost {
        url: permalink::of_topic(&settings.permalink_base, group.id, &topic.id),
        id: RemoteId(topic.id),
        published_at,
        text: topic.text,
        media: topic.pictures,
    }
}
