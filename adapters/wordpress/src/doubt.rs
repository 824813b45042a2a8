//! After an unknown outcome: is the post public?

use vestnik_contract::{AdapterError, Found, Prepared, RemoteId, Told, ToldKind};

use crate::client::{Ask, Client};
use crate::draft::{twins, under_slug};
use crate::errors::Failure;
use crate::notes::Notes;
use crate::publish::receipt;
use crate::wire::{PostAnswer, STATE};

/// One look: first by number, then by address, because a draft may have been deleted and a twin made by hand.
pub(crate) async fn find(client: &Client, prepared: &Prepared, known: &[RemoteId]) -> Result<Found, AdapterError> {
    // Before a first attempt nothing is noted, but the address is the same whoever makes it.
    let unprepared = || {
        prepared.notes.is_null().then(|| Notes {
            slug: crate::slug::of_rendered(&prepared.post, prepared.key.delivery),
            ..Notes::default()
        })
    };
    let Some(notes) = prepared.notes::<Notes>().or_else(unprepared) else {
        let reason = "this attempt was prepared by a version of vestnik whose notes cannot be read";
        return Err(AdapterError::Unclear { told: Told::plain(ToldKind::NotPrepared, reason) });
    };
    if let Some(id) = notes.post {
        if known.contains(&RemoteId(id.to_string())) {
            return Ok(Found::CannotTell(format!("post {id} of the site belongs to another post of vestnik already")));
        }
        let query = [("context", "edit"), ("_fields", STATE)];
        match client.ask::<PostAnswer>(Ask::get(format!("wp/v2/posts/{id}"), &query)).await {
            Ok(there) if there.value.status == "publish" => {
                let receipt = receipt(client, &there.value, &there.reply, there.evidence, &notes.remarks).await;
                return Ok(Found::Yes(receipt));
            }
            Ok(there) if is_unpublished(&there.value) => {}
            Ok(there) => return Ok(Found::CannotTell(unclear(&there.value))),
            Err(Failure::Gone { .. }) => {}
            Err(other) => return Err(other.of_question()),
        }
    }
    let others = under_slug(client, &notes.slug).await.map_err(Failure::of_question)?;
    match others.as_slice() {
        [] => Ok(Found::No(None)),
        [one] if is_unpublished(one) => Ok(Found::No(None)),
        [one] if one.status == "publish" && !known.contains(&RemoteId(one.id.to_string())) => {
            adopt(client, one.id, &notes).await
        }
        [one] => Ok(Found::CannotTell(unclear(one))),
        several => Ok(Found::CannotTell(twins(&notes.slug, several))),
    }
}

/// Reads the post again by its number, so that the receipt has an answer of its own behind it.
async fn adopt(client: &Client, id: u64, notes: &Notes) -> Result<Found, AdapterError> {
    let query = [("context", "edit"), ("_fields", STATE)];
    let there = client.ask::<PostAnswer>(Ask::get(format!("wp/v2/posts/{id}"), &query)).await;
    let there = there.map_err(Failure::of_question)?;
    Ok(Found::Yes(receipt(client, &there.value, &there.reply, there.evidence, &notes.remarks).await))
}

fn is_unpublished(post: &PostAnswer) -> bool {
    matches!(post.status.as_str(), "draft" | "auto-draft" | "pending")
}

fn unclear(post: &PostAnswer) -> String {
    let id = post.id;
    match post.status.as_str() {
        // It may have been public before somebody deleted it: then it must not come back by itself.
        "trash" => format!(
            "somebody moved post {id} to the site's trash; restore it there if it is to stand, then resolve the post"
        ),
        "future" => format!(
            "the site planned post {id} for {} UTC; publish or delete it there, then resolve the post",
            post.date_gmt.as_deref().unwrap_or("an unknown time")
        ),
        status => format!("post {id} is `{status}` on the site; publish or delete it there, then resolve the post"),
    }
}
