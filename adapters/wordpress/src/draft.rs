//! The draft: made once, found again by its slug, brought up to date before it is published.

use serde_json::{Value, json};
use vestnik_contract::{PublishError, RemoteId, Rendered, Told, ToldKind};

use crate::client::{Ask, Client};
use crate::errors::Failure;
use crate::notes::Notes;
use crate::render::{placed, with_files};
use crate::wire::{PostAnswer, STATE};

/// What a post is to show, as fields of the interface. Without a date: a date ahead of the site's clock would plan
/// the post instead of publishing it.
pub(crate) fn fields(post: &Rendered, notes: &Notes) -> Result<Value, PublishError> {
    let files = placed(&post.media, &notes.files).ok_or_else(|| PublishError::Retry {
        after: None,
        told: Told::plain(
            ToldKind::FileNotReady,
            "a file of the post is not on the site yet; it is uploaded at the next try",
        ),
    })?;
    let mut fields = json!({
        "title": post.title.as_deref().unwrap_or_default(),
        "content": with_files(&post.body, &files),
        "tags": notes.tags,
    });
    if !notes.categories.is_empty() {
        fields["categories"] = json!(notes.categories);
    }
    if let Some(picture) = notes.featured {
        fields["featured_media"] = json!(picture);
    }
    Ok(fields)
}

/// Every post under a slug of ours, whatever its status, the trash apart.
pub(crate) async fn under_slug(client: &Client, slug: &str) -> Result<Vec<PostAnswer>, Failure> {
    let query = [("slug", slug), ("status", "any"), ("context", "edit"), ("per_page", "20"), ("_fields", STATE)];
    Ok(client.ask::<Vec<PostAnswer>>(Ask::get("wp/v2/posts", &query)).await?.value)
}

/// One post with its status; `None` when there is none.
pub(crate) async fn by_id(client: &Client, id: u64) -> Result<Option<PostAnswer>, Failure> {
    let query = [("context", "edit"), ("_fields", STATE)];
    match client.ask(Ask::get(format!("wp/v2/posts/{id}"), &query)).await {
        Ok(answered) => Ok(Some(answered.value)),
        Err(Failure::Gone { .. }) => Ok(None),
        Err(other) => Err(other),
    }
}

/// Makes or finds the draft, and brings it up to date; fills in `notes.post` and `notes.standing`. `before` is the
/// draft of an earlier attempt.
pub(crate) async fn make(
    client: &Client,
    post: &Rendered,
    notes: &mut Notes,
    before: Option<u64>,
) -> Result<(), PublishError> {
    let mut fields = fields(post, notes)?;
    fields["status"] = json!("draft");
    match existing(client, notes, before).await? {
        Some(found) if found.status == "publish" => {
            notes.post = Some(found.id);
            notes.standing = true;
            Ok(())
        }
        Some(found) if found.status == "future" => {
            let reason = format!(
                "somebody planned vestnik's draft {} for {} on the site; delete it there and queue the post again, or publish \
                 it there and resolve the post as published",
                found.id,
                found.date_gmt.unwrap_or_else(|| "later".into())
            );
            Err(PublishError::Rejected { told: Told::plain(ToldKind::NotPublic, reason) })
        }
        Some(found) => {
            let ask = Ask::post(format!("wp/v2/posts/{}", found.id), &[("_fields", STATE)], fields);
            let updated = client.ask::<PostAnswer>(ask).await.map_err(Failure::of_prepare)?.value;
            notes.post = Some(updated.id);
            Ok(())
        }
        None => create(client, notes, fields).await,
    }
}

async fn existing(client: &Client, notes: &Notes, before: Option<u64>) -> Result<Option<PostAnswer>, PublishError> {
    if let Some(id) = before {
        let known = by_id(client, id).await.map_err(Failure::of_prepare)?;
        if let Some(found) = known.filter(|p| p.status != "trash") {
            return Ok(Some(found));
        }
    }
    let mut found = under_slug(client, &notes.slug).await.map_err(Failure::of_prepare)?;
    if found.len() > 1 {
        let told = Told::plain(ToldKind::Duplicate, twins(&notes.slug, &found));
        return Err(PublishError::Rejected { told });
    }
    Ok(found.pop())
}

async fn create(client: &Client, notes: &mut Notes, mut fields: Value) -> Result<(), PublishError> {
    fields["slug"] = json!(notes.slug);
    let ask = Ask::post("wp/v2/posts", &[("_fields", STATE)], fields);
    let answered = client.ask::<PostAnswer>(ask).await.map_err(Failure::of_prepare)?;
    let made = answered.value;
    if made.slug == notes.slug {
        notes.post = Some(made.id);
        return Ok(());
    }
    // No reader has seen it; what the deletion says changes nothing about what must follow.
    drop(client.send(Ask::delete(format!("wp/v2/posts/{}", made.id), &[("force", "true")])).await);
    if made.slug.is_empty() {
        let reason = "the site drops the addresses of vestnik's posts, because its user is only a contributor; give it the \
                      role author";
        return Err(PublishError::Unauthorised { told: Told::with(ToldKind::NoRights, reason, answered.evidence) });
    }
    let reason = format!(
        "the site gave the draft the address `{}` instead of `{}`, so another post has that one; it is looked up at the \
         next try",
        made.slug, notes.slug
    );
    Err(PublishError::Retry { after: None, told: Told::with(ToldKind::Duplicate, reason, answered.evidence) })
}

/// Words for several posts under one address.
pub(crate) fn twins(slug: &str, found: &[PostAnswer]) -> String {
    let listed: Vec<String> = found.iter().map(|p| format!("{} ({})", p.id, p.status)).collect();
    format!(
        "the site has {} posts with the address `{slug}`: {}; delete all but one there, then resolve the post",
        found.len(),
        listed.join(", ")
    )
}

/// A post's number from its id; ids of other shapes are not of a site.
pub(crate) fn number(id: &RemoteId) -> Option<u64> {
    id.0.parse().ok()
}
