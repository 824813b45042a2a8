//! The calls that readers notice: publish, edit, withdraw.

use serde_json::json;
use vestnik_contract::http::Reply;
use vestnik_contract::prepared::Evidence;
use vestnik_contract::{Prepared, PublishError, Receipt, RemoteId, Told, ToldKind};

use crate::client::{Answered, Ask, Client};
use crate::draft::{fields, number};
use crate::errors::Failure;
use crate::notes::Notes;
use crate::wire::{PostAnswer, STATE};

const ONLY_STATE: [(&str, &str); 1] = [("_fields", STATE)];

/// Publishes the draft by its number.
pub(crate) async fn publish(client: &Client, prepared: &Prepared) -> Result<Receipt, PublishError> {
    let Some((notes, id)) = prepared.notes::<Notes>().and_then(|n| n.post.map(|id| (n, id))) else {
        let reason = "nothing was prepared on the site for this post; it is prepared again at the next try";
        return Err(PublishError::Retry { after: None, told: Told::plain(ToldKind::NotPrepared, reason) });
    };
    // The text of a draft is up to date. One that was public already takes it now, in the same call.
    let mut change = if notes.standing { fields(&prepared.post, &notes)? } else { json!({}) };
    change["status"] = json!("publish");
    let ask = Ask::post(format!("wp/v2/posts/{id}"), &ONLY_STATE, change);
    let answered = client.ask::<PostAnswer>(ask).await.map_err(Failure::of_publish)?;
    let Answered { value: post, reply, evidence } = answered;
    let in_doubt = |kind, reason: String, evidence| PublishError::InDoubt { told: Told::with(kind, reason, evidence) };
    if post.status != "publish" {
        return Err(in_doubt(ToldKind::NotPublic, not_public(&post), evidence));
    }
    if post.slug != notes.slug && !notes.standing {
        let reason = format!(
            "the site published post {} under the address `{}` instead of `{}`; look whether another post has that one",
            post.id, post.slug, notes.slug
        );
        return Err(in_doubt(ToldKind::Duplicate, reason, evidence));
    }
    Ok(receipt(client, &post, &reply, evidence, &notes.remarks).await)
}

/// Replaces what a post shows. Its status is left alone: a withdrawn post does not come back by an edit.
pub(crate) async fn edit(client: &Client, id: &RemoteId, prepared: &Prepared) -> Result<Receipt, PublishError> {
    let id = number(id)
        .ok_or_else(|| PublishError::Rejected { told: Told::plain(ToldKind::WrongAddress, not_a_number(id)) })?;
    let notes: Notes = prepared.notes().unwrap_or_default();
    let change = fields(&prepared.post, &notes)?;
    let ask = Ask::post(format!("wp/v2/posts/{id}"), &ONLY_STATE, change);
    let answered = client.ask::<PostAnswer>(ask).await.map_err(Failure::of_edit)?;
    let Answered { value: post, reply, evidence } = answered;
    if post.status != "publish" {
        return Err(PublishError::Rejected { told: Told::with(ToldKind::NotPublic, not_public(&post), evidence) });
    }
    Ok(receipt(client, &post, &reply, evidence, &notes.remarks).await)
}

/// Moves a post to the trash, where the site's editors can still look at it.
pub(crate) async fn retract(client: &Client, id: &RemoteId) -> Result<(), PublishError> {
    let Some(id) = number(id) else {
        return Err(PublishError::Rejected { told: Told::plain(ToldKind::WrongAddress, not_a_number(id)) });
    };
    let route = format!("wp/v2/posts/{id}");
    match client.ask::<PostAnswer>(Ask::delete(route.as_str(), &ONLY_STATE)).await {
        Ok(answered) if answered.value.status != "publish" => Ok(()),
        Ok(answered) => {
            let reason = "the site still shows the post after its deletion";
            let told = Told::with(ToldKind::StillShown, reason, answered.evidence);
            Err(PublishError::Retry { after: None, told })
        }
        Err(Failure::Gone { .. }) => Ok(()),
        Err(Failure::Unknown { told }) if told.answer.as_ref().is_some_and(|a| a.status == 501) => {
            // The site keeps no trash.
            let ask = Ask::post(route, &ONLY_STATE, json!({ "status": "draft" }));
            client.ask::<PostAnswer>(ask).await.map(drop).map_err(Failure::of_prepare)
        }
        // Withdrawing again is harmless.
        Err(other) => Err(other.of_prepare()),
    }
}

/// The receipt of a published post. Whether readers see it already is looked at, and only remarked: a cache or a
/// maintenance plugin may hide it for a while, and it must not be posted again for that.
pub(crate) async fn receipt(
    client: &Client,
    post: &PostAnswer,
    reply: &Reply,
    evidence: Evidence,
    remarks: &[String],
) -> Receipt {
    let mut remarks = remarks.to_vec();
    let url = post.url();
    match &url {
        Some(page) if client.is_ours(page) => match client.look_like_a_reader(page).await {
            Some(status) if status.is_success() => {}
            Some(status) => remarks.push(format!("published, not yet visible to readers ({page} answers {status})")),
            None => remarks.push(format!("published, not yet visible to readers ({page} does not answer)")),
        },
        Some(page) => {
            remarks.push(format!("published, but the site gives the post an address of another site: {page}"));
        }
        None => remarks.push("published, but the site does not say under which address".into()),
    }
    Receipt {
        id: RemoteId(post.id.to_string()),
        platform_time: post.published_at(),
        server_date: reply.date(),
        url,
        remark: (!remarks.is_empty()).then(|| remarks.join("; ")),
        answer: Some(evidence),
        shown: None,
    }
}

fn not_public(post: &PostAnswer) -> String {
    let date = post.date_gmt.as_deref().unwrap_or("an unknown time");
    match post.status.as_str() {
        "future" => format!(
            "the site planned post {} for {date} UTC instead of publishing it, so its clock is behind or somebody gave the \
             draft a date; set the site's clock, then publish or delete the post there",
            post.id
        ),
        "trash" => format!("post {} lies in the site's trash; restore it there or withdraw the post here", post.id),
        "pending" => format!(
            "post {} waits for an editor on the site; publish it there, and give vestnik's user the role author",
            post.id
        ),
        status => format!("post {} is `{status}` on the site, not public; publish or delete it there", post.id),
    }
}

pub(crate) fn not_a_number(id: &RemoteId) -> String {
    format!("`{id}` is not the number of a post on this site; look it up in the site's admin area")
}
