//! After an unknown outcome: is the topic there? OK takes no idempotency key, so the group itself is read.

use chrono::TimeDelta;
use vestnik_contract::text::same_text;
use vestnik_contract::{AdapterError, Found, MediaKind, Prepared, Receipt, RemoteId, Rendered};

use crate::errors::CallError;
use crate::notes::{Notes, Snapshot};
use crate::permalink;
use crate::read::{Group, PAGE, Page};
use crate::settings::Settings;
use crate::topic::Topic;

/// How much older than the snapshot a topic of ours may seem.
const SKEW: TimeDelta = TimeDelta::seconds(60);

/// One look.
pub(crate) async fn find(
    group: Group<'_>,
    settings: &Settings,
    prepared: &Prepared,
    known: &[RemoteId],
) -> Result<Found, AdapterError> {
    let before = match prepared.notes::<Notes>() {
        Some(notes) => notes.before,
        // Before a first attempt: any topic since the post was queued may be ours, and none of them is an outcome.
        None if prepared.notes.is_null() => {
            let count = group.count().await.map_err(CallError::of_read)?;
            Some(Snapshot { at: prepared.at, topics: Vec::new(), newest: None, count })
        }
        None => None,
    };
    let Some(before) = before else {
        return Ok(Found::OutOfSight(
            "it is not written down how the group looked before; look at the group on OK".to_owned(),
        ));
    };
    let page = group.page(None).await.map_err(CallError::of_read)?;
    let ours: Vec<&Topic> =
        page.topics.iter().filter(|topic| may_be_ours(topic, &prepared.post, &before, known)).collect();
    match ours.as_slice() {
        [topic] => match topic.out_of_sight {
            None => Ok(Found::Yes(receipt(group, settings, topic, &page))),
            Some(why) => Ok(Found::CannotTell(format!(
                "topic {} on OK has this text, but readers do not see it: {why}; look at it on OK",
                topic.id
            ))),
        },
        [] => nothing_like_it(group, &before, &page).await,
        several => {
            let ids = several.iter().map(|topic| topic.id.as_str()).collect::<Vec<_>>().join(", ");
            Ok(Found::CannotTell(format!(
                "several topics on OK have this text: {ids}; decide which of them is this one"
            )))
        }
    }
}

/// Whether a topic is new since the snapshot, belongs to no other delivery and reads like this post.
pub(crate) fn may_be_ours(topic: &Topic, post: &Rendered, before: &Snapshot, known: &[RemoteId]) -> bool {
    let pictures = post.media.iter().filter(|m| m.kind == MediaKind::Picture).count();
    !before.topics.contains(&topic.id)
        && !known.iter().any(|id| id.0 == topic.id)
        && is_new(topic, before)
        && topic.pictures.is_none_or(|shown| shown == pictures)
        && same_text(&post.plain, &topic.shown(None))
}

/// A topic without a time is not known to be old.
fn is_new(topic: &Topic, before: &Snapshot) -> bool {
    topic.created.is_none_or(|created| created >= before.at - SKEW)
}

/// Nothing on the list is ours. That is a "no" only when the list shows everything and the group has not grown.
async fn nothing_like_it(group: Group<'_>, before: &Snapshot, page: &Page) -> Result<Found, AdapterError> {
    if page.topics.len() >= PAGE && page.topics.iter().all(|topic| is_new(topic, before)) {
        return Ok(Found::OutOfSight(format!(
            "more than {PAGE} topics were made since, so that OK's list does not reach back; look at the group on OK"
        )));
    }
    let count = group.count().await.map_err(CallError::of_read)?;
    match (before.count, count) {
        (Some(then), Some(now)) if then == now => Ok(Found::No(Some(page.evidence.clone()))),
        (Some(then), Some(now)) => Ok(Found::OutOfSight(format!(
            "no topic on OK has this text, but the group had {then} topics before and has {now} now; look at the \
             group on OK, also at what waits for moderation"
        ))),
        _ => Ok(Found::OutOfSight(
            "no topic on OK has this text, but OK does not say how many topics the group has; look at the group on OK"
                .to_owned(),
        )),
    }
}

fn receipt(group: Group<'_>, settings: &Settings, topic: &Topic, page: &Page) -> Receipt {
    Receipt {
        id: RemoteId(topic.id.clone()),
        url: permalink::of_topic(&settings.permalink_base, group.id, &topic.id),
        platform_time: topic.visible_since(),
        server_date: page.date,
        remark: None,
        answer: Some(page.evidence.clone()),
        shown: None,
    }
}
