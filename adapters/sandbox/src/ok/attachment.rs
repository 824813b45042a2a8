//! Reading the `attachment` of a topic as strictly as OK does.

use chrono::{DateTime, NaiveDateTime, TimeZone as _, Utc};
use chrono_tz::Europe::Moscow;
use serde_json::{Map, Value};

use super::wire::Refusal;
use super::world::{Block, Photo, World};

/// A topic as it was sent.
#[derive(Debug)]
pub(super) struct Attachment {
    pub(super) blocks: Vec<Block>,
    pub(super) on_behalf_of_group: bool,
    pub(super) publish_at: Option<DateTime<Utc>>,
    /// The uploads it takes.
    photos: Vec<String>,
}

impl Attachment {
    /// Reads it, without changing the world.
    pub(super) fn read(world: &World, group: &str, text: &str, now: DateTime<Utc>) -> Result<Self, Refusal> {
        let Ok(Value::Object(object)) = serde_json::from_str::<Value>(text) else {
            return Err(Refusal::param("Parameter 'attachment' is not a JSON object"));
        };
        let media = object.get("media").and_then(Value::as_array).filter(|media| !media.is_empty());
        let media = media.ok_or_else(|| Refusal::param("Parameter 'attachment' has no media"))?;
        if media.len() > world.rules.blocks_max {
            let told = format!("Number of blocks {} exceeds limit {}", media.len(), world.rules.blocks_max);
            return Err(Refusal::new(600, "MEDIA_TOPIC_BLOCK_LIMIT", told));
        }
        let mut photos = Vec::new();
        let blocks =
            media.iter().map(|entry| block(world, group, entry, now, &mut photos)).collect::<Result<Vec<_>, _>>()?;
        let length: usize =
            blocks.iter().map(|b| if let Block::Text(text) = b { text.encode_utf16().count() } else { 0 }).sum();
        if length > world.rules.text_max {
            let told = format!("Text length {length} exceeds limit {}", world.rules.text_max);
            return Err(Refusal::new(601, "MEDIA_TOPIC_TEXT_LIMIT", told));
        }
        flag(&object, "disableComments")?;
        Ok(Self {
            blocks,
            on_behalf_of_group: flag(&object, "onBehalfOfGroup")?,
            publish_at: publish_at(&object, now)?,
            photos,
        })
    }

    /// Spends the uploads, once the topic is certain.
    pub(super) fn take_photos(&self, world: &mut World) {
        for id in &self.photos {
            if let Some(photo) = world.photos.get_mut(id) {
                photo.taken = true;
            }
        }
    }
}

/// Booleans are strings here.
fn flag(object: &Map<String, Value>, name: &str) -> Result<bool, Refusal> {
    match object.get(name) {
        None => Ok(false),
        Some(Value::String(text)) if text == "true" => Ok(true),
        Some(Value::String(text)) if text == "false" => Ok(false),
        Some(other) => Err(Refusal::param(format!("Parameter '{name}' must be \"true\" or \"false\", not {other}"))),
    }
}

fn publish_at(object: &Map<String, Value>, now: DateTime<Utc>) -> Result<Option<DateTime<Utc>>, Refusal> {
    let at = match (object.get("publishAt"), object.get("publishAtMs")) {
        (None, None) => return Ok(None),
        (Some(text), _) => {
            let wall = text.as_str().and_then(|t| NaiveDateTime::parse_from_str(t, "%Y-%m-%d %H:%M:%S").ok());
            wall.and_then(|wall| Moscow.from_local_datetime(&wall).single()).map(|at| at.to_utc())
        }
        (None, Some(ms)) => {
            let ms = ms.as_i64().or_else(|| ms.as_str()?.parse().ok());
            ms.and_then(DateTime::from_timestamp_millis)
        }
    };
    match at {
        Some(at) if at > now => Ok(Some(at)),
        _ => Err(Refusal::param("Parameter 'publishAt' must be a time to come, as YYYY-mm-dd hh:mi:ss of Moscow")),
    }
}

fn block(
    world: &World,
    group: &str,
    entry: &Value,
    now: DateTime<Utc>,
    photos: &mut Vec<String>,
) -> Result<Block, Refusal> {
    let text = |name: &str| entry.get(name).and_then(Value::as_str).filter(|text| !text.is_empty());
    match text("type") {
        Some("text") => {
            let text = text("text").ok_or_else(|| Refusal::param("Parameter 'text' of a text block is empty"))?;
            Ok(Block::Text(text.to_owned()))
        }
        Some("link") => match text("url").and_then(|url| url::Url::parse(url).ok()) {
            Some(url) if matches!(url.scheme(), "http" | "https") => Ok(Block::Link(url.into())),
            _ => Err(Refusal::new(607, "MEDIA_TOPIC_LINK_BAD_FORMAT", "Link has bad format")),
        },
        Some("photo") => {
            let ids = list(entry)?.iter().map(|item| photo(world, group, item, now)).collect::<Result<Vec<_>, _>>()?;
            photos.extend(ids.iter().cloned());
            Ok(Block::Photos(ids))
        }
        Some("movie") => {
            let ids = list(entry)?.iter().map(|item| movie(world, item)).collect::<Result<Vec<_>, _>>()?;
            Ok(Block::Movies(ids))
        }
        Some("poll") => poll(entry),
        other => Err(Refusal::param(format!("Unknown media type {}", other.unwrap_or("null")))),
    }
}

fn list(entry: &Value) -> Result<&Vec<Value>, Refusal> {
    let list = entry.get("list").and_then(Value::as_array).filter(|list| !list.is_empty());
    list.ok_or_else(|| Refusal::param("Parameter 'list' of a media block is empty"))
}

/// An item has exactly one of an upload token, a user's photo and a group's photo.
fn photo(world: &World, group: &str, item: &Value, now: DateTime<Utc>) -> Result<String, Refusal> {
    let invalid = || Refusal::param("Parameter 'PHOTO id' is invalid");
    let named: Vec<(&str, &str)> = ["id", "photoId", "existing_photo_id"]
        .into_iter()
        .filter_map(|name| Some((name, item.get(name)?.as_str()?)))
        .collect();
    let [(name, value)] = named.as_slice() else { return Err(invalid()) };
    let id = if *name == "id" { world.upload_tokens.get(*value).map(String::as_str) } else { Some(*value) };
    let photo = id.and_then(|id| Some((id, world.photos.get(id)?)));
    match photo {
        Some((id, photo)) if *name == "id" && fits_a_new_topic(photo, group, now) => Ok(id.to_owned()),
        Some((id, photo)) if *name != "id" && photo.taken => Ok(id.to_owned()),
        _ => Err(invalid()),
    }
}

fn fits_a_new_topic(photo: &Photo, group: &str, now: DateTime<Utc>) -> bool {
    !photo.taken && photo.expires > now && photo.album.is_none() && photo.group.as_deref() == Some(group)
}

fn movie(world: &World, item: &Value) -> Result<String, Refusal> {
    let id = item.get("id").and_then(Value::as_str).unwrap_or_default();
    match world.films.get(id) {
        Some(film) if film.uploaded && film.finished => Ok(id.to_owned()),
        _ => Err(Refusal::param("Parameter 'MOVIE id' is invalid")),
    }
}

fn poll(entry: &Value) -> Result<Block, Refusal> {
    let question = entry.get("question").and_then(Value::as_str).filter(|q| !q.trim().is_empty());
    let question =
        question.ok_or_else(|| Refusal::new(602, "MEDIA_TOPIC_POLL_QUESTION_TEXT_LIMIT", "Question is empty"))?;
    let answers = entry.get("answers").and_then(Value::as_array).filter(|answers| (2..=30).contains(&answers.len()));
    let answers =
        answers.ok_or_else(|| Refusal::new(603, "MEDIA_TOPIC_POLL_ANSWERS_LIMIT", "Bad number of answers"))?;
    let texts = answers.iter().map(|a| a.get("text")?.as_str().filter(|t| !t.trim().is_empty()).map(str::to_owned));
    let answers = texts
        .collect::<Option<Vec<_>>>()
        .ok_or_else(|| Refusal::new(604, "MEDIA_TOPIC_POLL_ANSWER_TEXT_LIMIT", "Answer is empty"))?;
    Ok(Block::Poll { question: question.to_owned(), answers })
}
