//! What changes the group: a topic is sent, edited, taken down.

use std::time::Duration;

use serde_json::Value;
use vestnik_contract::{
    Clock, DeliveryKey, MediaKind, Prepared, PublishError, Purpose, Receipt, RemoteId, Rendered, Told, ToldKind,
};

use crate::attachment;
use crate::client::Answer;
use crate::errors::{CallError, EDIT_WINDOW_OVER};
use crate::find::may_be_ours;
use crate::notes::{Notes, Snapshot, Uploaded};
use crate::permalink;
use crate::read::{Group, topic_id};
use crate::settings::{DeleteParameter, Settings};
use crate::topic::flag;

/// The topic is out already; how it reads is asked at once, but not waited for.
const READ_BACK_TIMEOUT: Duration = Duration::from_secs(5);

/// A person has to look, which takes its time.
const APPEARED_LATE: Duration = Duration::from_secs(600);

/// Uploads what is not there yet and looks at the group before anything is sent.
pub(crate) async fn prepare(
    group: Group<'_>,
    clock: &dyn Clock,
    post: &Rendered,
    key: &DeliveryKey,
    purpose: Purpose<'_>,
    earlier: Option<&Prepared>,
) -> Result<Prepared, PublishError> {
    let edits = match purpose {
        Purpose::Publish => None,
        Purpose::Edit(id) => Some(id.clone()),
    };
    let earlier_notes = earlier.and_then(Prepared::notes::<Notes>).filter(|notes| notes.edits == edits);
    let mut held = earlier_notes.as_ref().map(|notes| notes.pictures.clone()).unwrap_or_default();
    held.retain(|token| token.is_fresh(clock.now()));
    let mut pictures: Vec<Uploaded> = Vec::new();
    for picture in post.media.iter().filter(|m| m.kind == MediaKind::Picture) {
        let token = match held.iter().position(|token| token.sha256 == picture.sha256) {
            Some(place) => held.swap_remove(place),
            None => group.upload(picture, clock.now()).await?,
        };
        pictures.push(token);
    }
    let before = if edits.is_none() {
        let first = earlier.filter(|e| e.key == *key && e.post == *post).and(earlier_notes).and_then(|n| n.before);
        Some(snapshot(group, clock, post, first).await?)
    } else {
        None
    };
    let notes = serde_json::to_value(Notes { edits, pictures, before })
        .unwrap_or_else(|_| unreachable!("texts, numbers and lists are JSON"));
    Ok(Prepared { key: *key, post: post.clone(), at: clock.now(), notes })
}

/// The group as it is now. Of an earlier attempt at the same topic the older list is kept, so that its topic, should
/// it appear late, still counts as new; the number of topics is the one of now, because others may have posted since.
async fn snapshot(
    group: Group<'_>,
    clock: &dyn Clock,
    post: &Rendered,
    first: Option<Snapshot>,
) -> Result<Snapshot, PublishError> {
    let page = group.page(None).await.map_err(CallError::of_prepare)?;
    let count = group.count().await.map_err(CallError::of_prepare)?;
    if let Some(first) = first {
        // It was not there when it was looked for: OK's list came later than anybody could expect.
        if let Some(topic) = page.topics.iter().find(|topic| may_be_ours(topic, post, &first, &[])) {
            let reason = format!(
                "nothing was sent: since the last attempt topic {} with this text has appeared on OK; if it is this \
                 post, cancel the delivery or delete the topic",
                topic.id
            );
            let told = Told::with(ToldKind::Duplicate, reason, page.evidence);
            return Err(PublishError::Retry { after: Some(APPEARED_LATE), told });
        }
        return Ok(Snapshot { count, ..first });
    }
    Ok(Snapshot {
        at: page.date.unwrap_or_else(|| clock.now()),
        newest: page.topics.iter().filter_map(|topic| topic.created).max(),
        topics: page.topics.into_iter().map(|topic| topic.id).collect(),
        count,
    })
}

/// Sends the topic: the one irreversible call. A topic's id is the only success.
pub(crate) async fn publish(
    group: Group<'_>,
    clock: &dyn Clock,
    settings: &Settings,
    prepared: &Prepared,
) -> Result<Receipt, PublishError> {
    let pictures = usable_pictures(prepared, clock)?;
    let attachment = attachment::of_topic(&prepared.post, &pictures);
    let parameters = [("attachment", attachment.as_str()), ("gid", group.id), ("type", "GROUP_THEME")];
    let answer = group.client.call("mediatopic.post", &parameters).await.map_err(CallError::of_publish)?;
    let Some(id) = topic_id(&answer) else {
        return Err(answer.unreadable("OK's answer to mediatopic.post is no topic's id").of_publish());
    };
    let mut receipt = receipt(group, settings, id, &answer);
    read_back(group, &mut receipt).await;
    Ok(receipt)
}

/// Adds the platform's own time, and says so when readers do not see the topic. Whatever happens here, the topic
/// is out.
async fn read_back(group: Group<'_>, receipt: &mut Receipt) {
    let id = receipt.id.0.clone();
    // The call ends by itself: ending this future might cut a renewal in half, and lose the refresh token.
    let Ok(looked) = group.topic_within(READ_BACK_TIMEOUT, &id).await else { return };
    let Some(topic) = looked.topic else { return };
    receipt.platform_time = topic.visible_since();
    receipt.remark =
        topic.out_of_sight.map(|why| format!("OK took the topic, but readers do not see it: {why}; look at it on OK"));
}

fn receipt(group: Group<'_>, settings: &Settings, id: String, answer: &Answer) -> Receipt {
    Receipt {
        url: permalink::of_topic(&settings.permalink_base, group.id, &id),
        id: RemoteId(id),
        platform_time: None,
        server_date: answer.date(),
        remark: None,
        answer: Some(answer.evidence()),
        shown: None,
    }
}

fn usable_pictures(prepared: &Prepared, clock: &dyn Clock) -> Result<Vec<Uploaded>, PublishError> {
    let again = |kind, why: &str| PublishError::Retry {
        after: None,
        told: Told::plain(kind, format!("nothing was sent to OK: {why}; the post is prepared again")),
    };
    let of_another = || again(ToldKind::NotPrepared, "it was prepared by another version of vestnik");
    let notes: Notes = prepared.notes().ok_or_else(of_another)?;
    let now = clock.now();
    if notes.pictures.iter().any(|token| now >= token.expires) {
        return Err(again(ToldKind::FileNotReady, "OK has forgotten the uploaded pictures"));
    }
    Ok(notes.pictures)
}

/// Gives a topic new content.
pub(crate) async fn edit(
    group: Group<'_>,
    clock: &dyn Clock,
    settings: &Settings,
    id: &RemoteId,
    prepared: &Prepared,
) -> Result<Receipt, PublishError> {
    let pictures = usable_pictures(prepared, clock)?;
    let attachment = attachment::of_topic(&prepared.post, &pictures);
    let parameters = [("attachment", attachment.as_str()), ("topic_id", id.0.as_str())];
    let answer = group.client.call("mediatopic.edit", &parameters).await.map_err(|error| {
        let window_over = error.is_code(EDIT_WINDOW_OVER);
        match error.of_publish() {
            PublishError::Rejected { told } if window_over => PublishError::Rejected {
                told: Told { reason: format!("the topic's edit window is over: {}", told.reason), ..told },
            },
            other => other,
        }
    })?;
    if !succeeded(&answer.value) {
        return Err(answer.unreadable("OK's answer to mediatopic.edit does not say that it succeeded").of_publish());
    }
    Ok(receipt(group, settings, id.0.clone(), &answer))
}

/// Takes a topic down. One that is gone already is taken down.
pub(crate) async fn retract(group: Group<'_>, settings: &Settings, id: &RemoteId) -> Result<(), PublishError> {
    let Some(topic) = group.topic(&id.0).await.map_err(CallError::of_prepare)?.topic else {
        return gone_or_elsewhere(group, id).await;
    };
    if !topic.belongs_to(group.id) {
        let owner = topic.owner.unwrap_or_default();
        return Err(PublishError::Rejected {
            told: Told::plain(
                ToldKind::Elsewhere,
                format!("topic {id} stands in {owner}, not in group {}; nothing was deleted", group.id),
            ),
        });
    }
    let by_delete_id = [("delete_id", topic.delete_id.as_deref().unwrap_or(&id.0))];
    let by_topic_id = [("topic_id", id.0.as_str()), ("gid", group.id)];
    let parameters = match settings.delete_parameter {
        DeleteParameter::DeleteId => by_delete_id.as_slice(),
        DeleteParameter::Auto if topic.delete_id.is_some() => by_delete_id.as_slice(),
        DeleteParameter::Auto | DeleteParameter::TopicId => by_topic_id.as_slice(),
    };
    let answer = group.client.call("mediatopic.deleteTopic", parameters).await.map_err(CallError::of_publish)?;
    if succeeded(&answer.value) {
        return Ok(());
    }
    Err(answer.unreadable("OK's answer to mediatopic.deleteTopic does not say that it succeeded").of_publish())
}

async fn gone_or_elsewhere(group: Group<'_>, id: &RemoteId) -> Result<(), PublishError> {
    match group.republished(&id.0).await.map_err(CallError::of_prepare)? {
        None => Ok(()),
        Some(new) => Err(PublishError::Rejected {
            told: Told::plain(
                ToldKind::Elsewhere,
                format!("topic {id} was published by OK under another id, {new}; delete that one on OK"),
            ),
        }),
    }
}

fn succeeded(value: &Value) -> bool {
    flag(Some(value)) || flag(value.get("success"))
}
