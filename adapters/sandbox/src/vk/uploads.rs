//! The three upload chains: address, file, save (dev.vk.com, uploading files).

use serde_json::{Value, json};

use super::media::Waiting;
use super::methods::Request;
use super::model::Attachment;
use super::params::{Params, UploadedFile};
use super::reader::picture_key;
use super::refusal::Refusal;
use super::tokens::Kind;
use super::world::World;

/// `photos.getWallUploadServer`.
pub(super) fn photo_server(world: &mut World, call: &Request<'_>) -> Result<Value, Refusal> {
    let group = group(world, call)?;
    let user = user_of(call);
    Ok(json!({
        "album_id": -14,
        "upload_url": format!("http://{}/upload/photo?gid={group}", call.host),
        "user_id": user,
        "group_id": group,
    }))
}

/// `photos.saveWallPhoto`.
pub(super) fn save_photo(world: &mut World, call: &Request<'_>) -> Result<Value, Refusal> {
    let group = group(world, call)?;
    let (photo, hash) = (call.params.text("photo"), call.params.text("hash"));
    if photo.is_empty() || photo == "[]" {
        return Err(Refusal::parameter("photos_list is invalid"));
    }
    call.params.required("server")?;
    let invalid = || Refusal::new(121, "Invalid hash");
    // The saved string must be what the upload host answered, to the letter.
    if photo != photo_list(hash) {
        return Err(invalid());
    }
    let file = world.shelf.take(hash).filter(|w| w.group == group).ok_or_else(invalid)?;
    let (owner_id, id) = (user_of(call), world.shelf.next_id());
    if let Some(picture) = file.picture {
        world.shelf.gallery.keep(&picture_key(owner_id, id), &picture);
    }
    world.shelf.save(Attachment::Photo { owner_id, id });
    Ok(json!([{ "id": id, "owner_id": owner_id, "album_id": -14, "date": call.now.timestamp(), "text": "",
        "access_key": format!("{id:018x}"), "sizes": [] }]))
}

/// `docs.getWallUploadServer`.
pub(super) fn doc_server(world: &mut World, call: &Request<'_>) -> Result<Value, Refusal> {
    let group = group(world, call)?;
    Ok(json!({ "upload_url": format!("http://{}/upload/doc?gid={group}", call.host) }))
}

/// `docs.save`.
pub(super) fn save_doc(world: &mut World, call: &Request<'_>) -> Result<Value, Refusal> {
    let file = world
        .shelf
        .take(call.params.text("file"))
        .ok_or_else(|| Refusal::new(105, "Couldn't save file: file not found"))?;
    let title = Some(call.params.text("title")).filter(|t| !t.is_empty()).unwrap_or(&file.name).to_owned();
    let (owner_id, id) = (-file.group, world.shelf.next_id());
    world.shelf.save(Attachment::Doc { owner_id, id, title: title.clone() });
    let ext = extension(&file.name);
    Ok(json!({ "type": "doc", "doc": { "id": id, "owner_id": owner_id, "title": title, "size": file.size, "ext": ext,
        "date": call.now.timestamp(), "type": 1, "url": format!("https://vk.com/doc{owner_id}_{id}") } }))
}

/// `video.save`: the id is known before the file is.
pub(super) fn video_server(world: &mut World, call: &Request<'_>) -> Result<Value, Refusal> {
    let group = group(world, call)?;
    let (owner_id, id) = (-group, world.shelf.next_id());
    world.shelf.save(Attachment::Video { owner_id, id });
    Ok(json!({ "owner_id": owner_id, "video_id": id, "title": call.params.text("name"),
        "description": call.params.text("description"), "access_key": format!("{id:018x}"),
        "upload_url": format!("http://{}/upload/video?gid={group}&vid={id}", call.host) }))
}

/// What an upload host answers: plain JSON without the envelope of the API.
pub(super) fn receive(world: &mut World, kind: &str, params: &Params) -> Value {
    let group = params.number("gid").ok().flatten().unwrap_or_default();
    let keep = |world: &mut World, file: &UploadedFile, picture| {
        let size = file.content.len();
        world.shelf.keep(Waiting { group, name: file.name.clone(), size, picture })
    };
    match kind {
        // The documented field is `photo`; one picture is taken from any (vk_api sends `file0`).
        "photo" => match params.file("photo").or(params.only_file()).filter(|f| is_picture(&f.content)) {
            Some(file) => {
                let hash = keep(world, file, Some(file.content.clone()));
                json!({ "server": 626_727, "photo": photo_list(&hash), "hash": hash })
            }
            None => json!({ "server": 626_727, "photo": "[]", "hash": "refused" }),
        },
        "doc" => match params.file("file") {
            Some(file) if matches!(extension(&file.name).as_str(), "exe" | "mp3" | "bat" | "sh" | "msi") => {
                json!({ "error": "wrong_file_type", "error_descr": "this file type is not allowed" })
            }
            Some(file) => json!({ "file": keep(world, file, None) }),
            None => json!({ "error": "no_file" }),
        },
        "video" => match params.file("video_file") {
            Some(file) => json!({ "size": file.content.len(), "video_id": params.number("vid").ok().flatten() }),
            None => json!({ "error_code": 1, "error": "no file" }),
        },
        _ => json!({ "error": "unknown upload" }),
    }
}

fn group(world: &mut World, call: &Request<'_>) -> Result<i64, Refusal> {
    let group = call.params.required("group_id")?;
    world.group(group)?;
    call.token.manages(group)?;
    Ok(group)
}

fn user_of(call: &Request<'_>) -> i64 {
    match call.token.kind {
        Kind::User { id, .. } => id,
        Kind::Community { group } => -group,
        Kind::Service => 0,
    }
}

fn photo_list(hash: &str) -> String {
    json!([{ "photo": hash, "sizes": [], "kid": hash }]).to_string()
}

fn is_picture(content: &[u8]) -> bool {
    let kind = infer::get(content).map(|k| k.mime_type());
    matches!(kind, Some("image/jpeg" | "image/png" | "image/gif"))
        && imagesize::blob_size(content).is_ok_and(|size| size.width + size.height <= 14_000)
}

fn extension(name: &str) -> String {
    name.rsplit_once('.').map(|(_, ext)| ext.to_ascii_lowercase()).unwrap_or_default()
}
