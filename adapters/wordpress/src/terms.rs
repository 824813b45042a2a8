//! Categories and tags are numbers on the wire; an unknown number would be ignored in silence.

use serde_json::json;
use vestnik_contract::{PublishError, Told, ToldKind};

use crate::client::{Ask, Client};
use crate::errors::Failure;
use crate::html::unescape;
use crate::wire::{ErrorAnswer, TermAnswer};

/// The ids of the configured categories, and the slugs that the site does not know.
pub(crate) async fn categories(client: &Client, slugs: &[String]) -> Result<(Vec<u64>, Vec<String>), Failure> {
    if slugs.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    let joined = slugs.join(",");
    let query = [("slug", joined.as_str()), ("per_page", "100"), ("_fields", "id,slug")];
    let found = client.ask::<Vec<TermAnswer>>(Ask::get("wp/v2/categories", &query)).await?.value;
    let unknown = slugs.iter().filter(|s| !found.iter().any(|t| same_slug(&t.slug, s))).cloned().collect();
    Ok((found.into_iter().map(|t| t.id).collect(), unknown))
}

/// The same for a preparation, where an unknown slug is a refusal.
pub(crate) async fn known_categories(client: &Client, slugs: &[String]) -> Result<Vec<u64>, PublishError> {
    let (ids, unknown) = categories(client, slugs).await.map_err(Failure::of_prepare)?;
    if unknown.is_empty() {
        return Ok(ids);
    }
    let reason = format!("{} {UNKNOWN_TODO}", unknown_words(&unknown));
    Err(PublishError::Rejected { told: Told::plain(ToldKind::NotSetUp, reason) })
}

pub(crate) const UNKNOWN_TODO: &str =
    "make the category on the site, or correct `categories` in the channel's configuration";

pub(crate) fn unknown_words(unknown: &[String]) -> String {
    format!("the site has no category with the slug `{}`;", unknown.join("`, `"))
}

/// The ids of a post's tags, made where they do not exist; and what was left out, in words.
pub(crate) async fn tags(client: &Client, names: &[String]) -> Result<(Vec<u64>, Vec<String>), PublishError> {
    let (mut ids, mut remarks) = (Vec::new(), Vec::new());
    for name in names {
        match tag(client, name).await.map_err(Failure::of_prepare)? {
            Some(id) if ids.contains(&id) => {}
            Some(id) => ids.push(id),
            None => remarks.push(format!("the tag «{name}» is not on the site and vestnik's user may not make it")),
        }
    }
    Ok((ids, remarks))
}

/// Making a tag that exists names the existing one, so asking first would be a call more.
async fn tag(client: &Client, name: &str) -> Result<Option<u64>, Failure> {
    let ask = Ask::post("wp/v2/tags", &[("_fields", "id")], json!({ "name": name }));
    let (reply, evidence) = client.send(ask).await?;
    let error = if reply.status.is_success() { None } else { reply.json::<ErrorAnswer>() };
    match error {
        Some(error) if error.code == "term_exists" => {
            let id = error.data.get("term_id").and_then(serde_json::Value::as_u64);
            id.map(Some).ok_or_else(|| Failure::of(&reply, evidence))
        }
        Some(error) if reply.status.as_u16() == 403 && error.code == "rest_cannot_create" => {
            existing(client, name).await
        }
        _ => Client::read::<TermAnswer>(reply, evidence).map(|a| Some(a.value.id)),
    }
}

async fn existing(client: &Client, name: &str) -> Result<Option<u64>, Failure> {
    let query = [("search", name), ("per_page", "100"), ("_fields", "id,name")];
    let found = client.ask::<Vec<TermAnswer>>(Ask::get("wp/v2/tags", &query)).await?.value;
    Ok(found.into_iter().find(|t| unescape(&t.name).to_lowercase() == name.to_lowercase()).map(|t| t.id))
}

/// Cyrillic slugs come back percent-encoded.
fn same_slug(there: &str, wanted: &str) -> bool {
    there.eq_ignore_ascii_case(wanted)
        || url::form_urlencoded::byte_serialize(wanted.to_lowercase().as_bytes())
            .collect::<String>()
            .eq_ignore_ascii_case(there)
}
