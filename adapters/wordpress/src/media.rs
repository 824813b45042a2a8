//! Files: each is uploaded once under a slug of our own, which is looked up first.

use std::collections::HashMap;

use reqwest::multipart::Form;
use vestnik_contract::http::file_part;
use vestnik_contract::{DeliveryKey, Media, MediaKind, PublishError};

use crate::client::{Ask, Client};
use crate::errors::Failure;
use crate::notes::Uploaded;
use crate::slug;
use crate::wire::MediaAnswer;

const FIELDS: &str = "id,slug,source_url";

/// Puts every file of a post on the site that is not there yet.
pub(crate) async fn upload(client: &Client, media: &[Media], key: &DeliveryKey) -> Result<Vec<Uploaded>, PublishError> {
    if media.is_empty() {
        return Ok(Vec::new());
    }
    let slugs: Vec<String> = media.iter().map(|m| slug::of_file(&m.name, &m.sha256, key.delivery)).collect();
    let mut there = look_up(client, &slugs).await.map_err(Failure::of_prepare)?;
    let mut uploaded: Vec<Uploaded> = Vec::with_capacity(media.len());
    for (file, slug) in media.iter().zip(&slugs) {
        if uploaded.iter().any(|u| u.sha256 == file.sha256) {
            continue;
        }
        let item = match there.remove(slug) {
            Some(item) => item,
            None => send(client, file, slug).await?,
        };
        uploaded.push(Uploaded { sha256: file.sha256.clone(), id: item.id, url: item.source_url });
    }
    Ok(uploaded)
}

async fn look_up(client: &Client, slugs: &[String]) -> Result<HashMap<String, MediaAnswer>, Failure> {
    let slugs = slugs.join(",");
    let query = [("slug", slugs.as_str()), ("per_page", "100"), ("_fields", FIELDS)];
    let found = client.ask::<Vec<MediaAnswer>>(Ask::get("wp/v2/media", &query)).await?;
    Ok(found.value.into_iter().map(|m| (m.slug.clone(), m)).collect())
}

async fn send(client: &Client, file: &Media, slug: &str) -> Result<MediaAnswer, PublishError> {
    // ASCII only: other names are refused or make unreadable addresses.
    let name = format!("{slug}.{}", extension(file));
    let form = Form::new()
        .text("slug", slug.to_owned())
        .text("title", file.name.clone())
        .text("alt_text", file.alt.clone())
        .part("file", file_part(&file.path, &name, &file.mime).await?);
    let answered = client.ask(Ask::upload("wp/v2/media", &[("_fields", FIELDS)], form)).await;
    answered.map(|a| a.value).map_err(|failure| naming(&file.name, failure).of_prepare())
}

fn extension(file: &Media) -> String {
    let named = file.name.rsplit_once('.').map(|(_, e)| e.to_ascii_lowercase());
    let named = named.filter(|e| !e.is_empty() && e.len() <= 5 && e.bytes().all(|b| b.is_ascii_alphanumeric()));
    let by_content = match (file.kind, file.mime.as_str()) {
        (MediaKind::Picture, "image/jpeg") => Some("jpg"),
        (MediaKind::Picture, other) => other.strip_prefix("image/"),
        _ => None,
    };
    by_content.map(str::to_owned).or(named).unwrap_or_else(|| "bin".into())
}

/// Puts the file's name before the reason.
fn naming(name: &str, failure: Failure) -> Failure {
    match failure {
        Failure::Refused { code, mut told } => {
            told.reason = format!("{name}: {}", told.reason);
            Failure::Refused { code, told }
        }
        other => other,
    }
}
