//! What may stand beside the text of a post (MAX API schema 0.0.33, `AttachmentRequest`).

use std::sync::Arc;

use serde_json::Value;

use super::refusal::Refusal;
use super::uploads::{UploadedFile, Uploads};
use super::world::Attachment;

/// Pictures and films in one album. Not documented; publishers of albums keep to it.
const ALBUM_MAX: usize = 10;
const ROWS_MAX: usize = 30;
const BUTTONS_A_ROW_MAX: usize = 7;

/// Reads the attachments of a request and checks them against each other.
pub(super) fn read(uploads: &Uploads, requested: &[Value]) -> Result<Vec<Attachment>, Refusal> {
    let mut read = Vec::with_capacity(requested.len());
    for request in requested {
        let kind = request["type"].as_str().ok_or_else(|| Refusal::payload("Missing `type` of attachment"))?;
        let payload = &request["payload"];
        match kind {
            "image" => read.extend(pictures(uploads, payload)?),
            "video" | "audio" | "file" => {
                let token = payload["token"].as_str().ok_or_else(|| {
                    Refusal::payload(format!("Missing `token` in payload of attachment of type {kind}"))
                })?;
                read.push(uploaded(kind, uploads.ready(token, kind)?));
            }
            "inline_keyboard" => {
                keyboard(payload)?;
                read.push(other(kind, payload));
            }
            "share" | "sticker" | "contact" => read.push(other(kind, payload)),
            "location" => read.push(other(kind, request)),
            unknown => return Err(Refusal::payload(format!("Unknown type of attachment: {unknown}"))),
        }
    }
    together(&read)?;
    Ok(read)
}

/// Whether a request names any uploaded file.
pub(super) fn uses_uploads(requested: &[Value]) -> Option<&str> {
    requested.iter().find_map(|r| r["type"].as_str().filter(|t| matches!(*t, "image" | "video" | "audio" | "file")))
}

fn pictures(uploads: &Uploads, payload: &Value) -> Result<Vec<Attachment>, Refusal> {
    match (payload["token"].as_str(), payload["url"].as_str(), payload["photos"].as_object()) {
        (Some(token), None, None) => Ok(vec![uploaded("image", uploads.ready(token, "image")?)]),
        (None, Some(_), None) => Ok(vec![other("image", payload)]),
        (None, None, Some(photos)) if !photos.is_empty() => photos
            .values()
            .map(|photo| {
                let token = photo["token"].as_str().ok_or_else(|| Refusal::payload("Missing `token` of photo"))?;
                Ok(uploaded("image", uploads.ready(token, "image")?))
            })
            .collect(),
        _ => Err(Refusal::payload("An image needs exactly one of `token`, `url` and `photos`")),
    }
}

fn keyboard(payload: &Value) -> Result<(), Refusal> {
    let rows = payload["buttons"].as_array().ok_or_else(|| Refusal::payload("Missing `buttons` of keyboard"))?;
    let fits = |row: &Value| row.as_array().is_some_and(|row| (1..=BUTTONS_A_ROW_MAX).contains(&row.len()));
    if rows.is_empty() || rows.len() > ROWS_MAX || !rows.iter().all(fits) {
        return Err(Refusal::payload("A keyboard has 1 to 30 rows of 1 to 7 buttons"));
    }
    Ok(())
}

fn together(read: &[Attachment]) -> Result<(), Refusal> {
    let count = |kind: &str| read.iter().filter(|a| a.kind == kind).count();
    let beside = read.len() - count("inline_keyboard");
    if count("file") > 0 && beside > 1 {
        return Err(Refusal::payload("Must be only one file attachment in message"));
    }
    for kind in ["audio", "sticker", "contact"] {
        if count(kind) > 0 && read.len() > 1 {
            return Err(Refusal::payload(format!("Must be only one attachment in message with {kind}")));
        }
    }
    if count("inline_keyboard") > 1 {
        return Err(Refusal::payload("Must be only one keyboard in message"));
    }
    if count("image") + count("video") > ALBUM_MAX {
        return Err(Refusal::payload(format!("Too many attachments, at most {ALBUM_MAX} are allowed")));
    }
    Ok(())
}

fn uploaded(kind: &str, file: Arc<UploadedFile>) -> Attachment {
    Attachment { kind: kind.to_owned(), file: Some(file), payload: Value::Null }
}

fn other(kind: &str, payload: &Value) -> Attachment {
    Attachment { kind: kind.to_owned(), file: None, payload: payload.clone() }
}
