//! `/wp/v2/media`.

use chrono::SubsecRound as _;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use serde_json::{Value, json};

use super::wire::{Answer, File, Refusal, Rest, paging, refuse, respond_page, respond_to};
use super::world::{MediaItem, World};
use super::{Site, slug};

/// What a stock site takes, by extension.
const TYPES: [(&str, &str); 14] = [
    ("jpg", "image/jpeg"),
    ("png", "image/png"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("pdf", "application/pdf"),
    ("doc", "application/msword"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
    ("xls", "application/vnd.ms-excel"),
    ("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"),
    ("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation"),
    ("odt", "application/vnd.oasis.opendocument.text"),
    ("rtf", "application/rtf"),
    ("txt", "text/plain"),
    ("zip", "application/zip"),
];

impl Site {
    pub(super) fn create_media(&self, rest: &Rest) -> Answer {
        if !rest.visitor.may("upload_files") {
            let message = "Sorry, you are not allowed to upload media on this site.";
            return Err(refuse(rest.visitor.refused(), "rest_cannot_create", message));
        }
        let file = rest.file.as_ref().filter(|f| !f.bytes.is_empty());
        let file = file.ok_or_else(|| refuse(400, "rest_upload_no_data", "No data supplied."))?;
        let name = if file.name.is_empty() { name_in_header(rest)? } else { file.name.clone() };
        let (stem, extension, mime) = kind(&name, file)?;
        let now = self.clock.now();
        let mut world = self.lock();
        let folder = now.format("%Y/%m").to_string();
        let stored = (0_u32..).map(|n| match n {
            0 => format!("{folder}/{stem}.{extension}"),
            n => format!("{folder}/{stem}-{n}.{extension}"),
        });
        let stored = stored.into_iter().find(|f| world.media_with_file(f).is_none()).unwrap_or_default();
        let wanted = slug::sanitise(&rest.text("slug").unwrap_or_else(|| stem.clone()));
        let slug = slug::unique(&wanted, |s| world.media_with_slug(s).is_some());
        let item = MediaItem {
            id: world.next_id(),
            slug,
            file: stored,
            mime: mime.into(),
            title: rest.text("title").unwrap_or(stem),
            alt_text: rest.text("alt_text").unwrap_or_default(),
            bytes: file.bytes.clone(),
            date: now.trunc_subsecs(0),
        };
        let response = respond_to(rest, 201, &Self::media_json(rest, &item));
        world.put_media(item);
        Ok(response)
    }

    pub(super) fn list_media(&self, rest: &Rest) -> Answer {
        let (per_page, page) = paging(rest)?;
        let world = self.lock();
        let found: Vec<&MediaItem> = match rest.list("slug") {
            Some(slugs) => slugs.iter().filter_map(|s| world.media_with_slug(s)).collect(),
            None => world.media.values().rev().collect(),
        };
        let shown = found.iter().skip((page - 1) * per_page).take(per_page);
        let items: Vec<Value> = shown.map(|m| Self::media_json(rest, m)).collect();
        Ok(respond_page(rest, &items, found.len(), per_page))
    }

    pub(super) fn get_media(&self, rest: &Rest, id: &str) -> Answer {
        let world = self.lock();
        Ok(respond_to(rest, 200, &Self::media_json(rest, find(&world, id)?)))
    }

    pub(super) fn update_media(&self, rest: &Rest, id: &str) -> Answer {
        let mut world = self.lock();
        let mut item = find(&world, id)?.clone();
        if !rest.visitor.may("upload_files") {
            let message = "Sorry, you are not allowed to edit this post.";
            return Err(refuse(rest.visitor.refused(), "rest_cannot_edit", message));
        }
        if let Some(alt) = rest.text("alt_text") {
            item.alt_text = alt;
        }
        if let Some(title) = rest.text("title") {
            item.title = title;
        }
        world.put_media(item.clone());
        Ok(respond_to(rest, 200, &Self::media_json(rest, &item)))
    }

    pub(super) fn delete_media(&self, rest: &Rest, id: &str) -> Answer {
        let mut world = self.lock();
        let id = find(&world, id)?.id;
        if !rest.visitor.may("upload_files") {
            let message = "Sorry, you are not allowed to delete this post.";
            return Err(refuse(rest.visitor.refused(), "rest_cannot_delete", message));
        }
        if !matches!(rest.text("force").as_deref(), Some("true" | "1")) {
            let message = "The post does not support trashing. Set 'force=true' to delete.";
            return Err(refuse(501, "rest_trash_not_supported", message));
        }
        let previous = world.erase_media(id).map(|item| Self::media_json(rest, &item));
        Ok(respond_to(rest, 200, &json!({ "deleted": true, "previous": previous })))
    }
}

fn find<'a>(world: &'a World, id: &str) -> Result<&'a MediaItem, Refusal> {
    let item = id.parse().ok().and_then(|id: u64| world.media.get(&id));
    item.ok_or_else(|| refuse(404, "rest_post_invalid_id", "Invalid post ID."))
}

/// The file name of a raw upload.
fn name_in_header(rest: &Rest) -> Result<String, Refusal> {
    if !rest.headers.contains_key(CONTENT_TYPE) {
        return Err(refuse(400, "rest_upload_no_content_type", "No Content-Type supplied."));
    }
    let header = rest.headers.get(CONTENT_DISPOSITION).map(|v| String::from_utf8_lossy(v.as_bytes()).into_owned());
    let header =
        header.ok_or_else(|| refuse(400, "rest_upload_no_content_disposition", "No Content-Disposition supplied."))?;
    let name = header.split(';').find_map(|part| part.trim().strip_prefix("filename="));
    name.map(|n| n.trim_matches('"').to_owned())
        .filter(|n| !n.is_empty())
        .ok_or_else(|| refuse(400, "rest_upload_invalid_disposition", "Invalid Content-Disposition supplied."))
}

/// Stem, extension and type. The extension of a picture follows its content.
fn kind(name: &str, file: &File) -> Result<(String, &'static str, &'static str), Refusal> {
    let (stem, extension) = name.rsplit_once('.').unwrap_or((name, ""));
    let extension = extension.to_ascii_lowercase();
    let extension = if extension == "jpeg" { "jpg" } else { extension.as_str() };
    let seen = infer::get(&file.bytes).map(|t| t.mime_type()).filter(|m| m.starts_with("image/"));
    let found = TYPES.iter().find(|(e, m)| seen.map_or(*e == extension, |seen| *m == seen));
    let (extension, mime) = found.ok_or_else(|| {
        refuse(500, "rest_upload_sideload_error", "Sorry, you are not allowed to upload this file type.")
    })?;
    Ok((stem.replace([' ', '/'], "-"), extension, mime))
}
