//! Photos and films: a place to upload to, the upload, what follows it.

use bytes::Bytes;
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use url::Url;

use super::call;
use super::topics::Asked;
use super::wire::Refusal;
use super::world::{Film, Photo, World};

/// An upload address lives about a day.
const LIFE: TimeDelta = TimeDelta::hours(24);
const FILM_BYTES: std::ops::RangeInclusive<u64> = 16 * 1024..=1024 * 1024 * 1024;

pub(super) fn photo_place(world: &mut World, asked: &Asked<'_>, base: &Url) -> Result<Value, Refusal> {
    let gid = asked.get("gid").map(str::to_owned);
    if let Some(gid) = &gid {
        call::group(world, gid)?;
    }
    let count: usize = asked.get("count").unwrap_or("1").parse().unwrap_or(0);
    if !(1..=100).contains(&count) {
        return Err(Refusal::param("Parameter count must be 1 to 100"));
    }
    let sizes = asked.get("sizes").map(|sizes| sizes.split(',').map(str::parse::<u64>).collect::<Vec<_>>());
    if let Some(sizes) = sizes {
        let max = world.rules.picture_bytes_max as u64;
        if !(sizes.len() == 1 || sizes.len() == count) || sizes.iter().any(Result::is_err) {
            return Err(Refusal::param("Parameter sizes must be one number, or one for each photo"));
        }
        if sizes.into_iter().flatten().any(|size| size > max) {
            return Err(Refusal::new(500, "PHOTO_SIZE_LIMIT_EXCEEDED", format!("A photo may have {max} bytes")));
        }
    }
    let expires = asked.now + LIFE;
    let ids: Vec<String> = (0..count).map(|_| world.fresh("photo")).collect();
    for id in &ids {
        let album = asked.get("aid").map(str::to_owned);
        world.photos.insert(id.clone(), Photo { group: gid.clone(), album, token: None, expires, taken: false });
    }
    let mut url = base.clone();
    url.set_path("/upload/photo");
    url.query_pairs_mut().append_pair("photoIds", &ids.join(","));
    Ok(json!({
        "photo_ids": ids,
        "upload_url": url,
        "expires_ms": expires.timestamp_millis(),
        "ttl_ms": LIFE.num_milliseconds(),
    }))
}

/// Takes files for the photos that an upload address names.
pub(super) fn take_photos(world: &mut World, ids: &str, files: &[Bytes], now: DateTime<Utc>) -> Result<Value, Refusal> {
    if files.is_empty() {
        return Err(Refusal::new(505, "PHOTO_NO_IMAGE", "Image is not specified"));
    }
    let ids: Vec<&str> = ids.split(',').collect();
    if files.len() > ids.len() {
        return Err(Refusal::param(format!("{} files for {} photos", files.len(), ids.len())));
    }
    let mut photos = Map::new();
    for (id, file) in ids.iter().zip(files) {
        check(world, file)?;
        let token = world.fresh("upload");
        let Some(photo) = world.photos.get_mut(*id).filter(|photo| photo.token.is_none() && photo.expires > now) else {
            return Err(Refusal::param("The upload address is spent or has expired"));
        };
        photo.token = Some(token.clone());
        world.gallery.keep(id, file);
        world.upload_tokens.insert(token.clone(), (*id).to_owned());
        photos.insert((*id).to_owned(), json!({"token": token}));
    }
    Ok(json!({"photos": photos}))
}

fn check(world: &World, file: &Bytes) -> Result<(), Refusal> {
    if file.is_empty() {
        return Err(Refusal::new(505, "PHOTO_NO_IMAGE", "Image is not specified"));
    }
    if file.len() > world.rules.picture_bytes_max {
        return Err(Refusal::new(500, "PHOTO_SIZE_LIMIT_EXCEEDED", "Image file is too big"));
    }
    if !infer::is_image(file) {
        return Err(Refusal::new(503, "PHOTO_INVALID_FORMAT", "Image format is not known"));
    }
    match imagesize::blob_size(file) {
        Err(_) => Err(Refusal::new(504, "PHOTO_IMAGE_CORRUPTED", "Image is corrupted")),
        Ok(size) if size.width < 2 || size.height < 2 => {
            Err(Refusal::new(501, "PHOTO_SIZE_TOO_SMALL", "Image is too small"))
        }
        Ok(size) if size.width.max(size.height) > 20_000 => {
            Err(Refusal::new(502, "PHOTO_SIZE_TOO_BIG", "Image is too big"))
        }
        Ok(_) => Ok(()),
    }
}

/// For photos of an album only. Clients that call it for a group's topic do it wrong.
pub(super) fn commit(world: &mut World, asked: &Asked<'_>) -> Result<Value, Refusal> {
    let id = asked.need("photo_id")?.to_owned();
    let token = asked.need("token")?;
    let photo = world.photos.get_mut(&id).filter(|photo| photo.token.as_deref() == Some(token));
    let photo = photo.ok_or_else(|| Refusal::new(140, "PARAM_PHOTO_ID", "Invalid photo id"))?;
    if photo.album.is_none() && photo.group.is_some() {
        return Err(Refusal::param("photosV2.commit must not be called for a photo of a group's topic"));
    }
    photo.taken = true;
    Ok(json!({"photos": [{"photo_id": id, "assigned_photo_id": id, "status": "SUCCESS"}]}))
}

pub(super) fn film_place(world: &mut World, asked: &Asked<'_>, base: &Url) -> Result<Value, Refusal> {
    if let Some(gid) = asked.get("gid") {
        call::group(world, gid)?;
    }
    asked.need("file_name")?;
    let size: u64 = asked.need("file_size")?.parse().map_err(|_| Refusal::param("Parameter file_size is no number"))?;
    if size != 0 && size < *FILM_BYTES.start() {
        return Err(Refusal::param("FileToSmall"));
    }
    if size > *FILM_BYTES.end() {
        return Err(Refusal::param("FileToLarge"));
    }
    let id = (1_000_000_000 + world.films.len()).to_string();
    world.films.insert(id.clone(), Film { uploaded: false, finished: false });
    let mut url = base.clone();
    url.set_path("/upload/video");
    url.query_pairs_mut().append_pair("videoId", &id);
    Ok(json!({"video_id": id, "upload_url": url}))
}

/// Takes a film's file.
pub(super) fn take_film(world: &mut World, id: &str) -> Result<(), Refusal> {
    let film = world.films.get_mut(id).ok_or_else(|| Refusal::param("Invalid video id"))?;
    film.uploaded = true;
    Ok(())
}

pub(super) fn finish_film(world: &mut World, asked: &Asked<'_>) -> Result<(), Refusal> {
    let long = |name: &str, max: usize| asked.get(name).is_some_and(|text| text.chars().count() > max);
    if long("title", 1_000) || long("description", 4_000) {
        return Err(Refusal::param("Parameter title or description is too long"));
    }
    let film = world.films.get_mut(asked.need("vid")?).filter(|film| film.uploaded);
    film.ok_or_else(|| Refusal::param("Invalid video id"))?.finished = true;
    Ok(())
}
