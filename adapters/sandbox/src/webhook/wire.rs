//! The contract's JSON, read as strictly as a careful receiver reads it.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use super::world::{self, Item, State, World};

/// An event.
#[derive(Debug, Deserialize)]
pub(crate) struct Event {
    pub(crate) r#type: String,
    pub(crate) timestamp: String,
    pub(crate) data: Value,
}

/// `data` of `post.publish` and `post.update`.
#[derive(Debug, Deserialize)]
pub(crate) struct Post {
    pub(crate) id: String,
    pub(crate) revision: u32,
    pub(crate) fingerprint: String,
    pub(crate) site_id: Option<String>,
    pub(crate) title: String,
    pub(crate) html: String,
    pub(crate) text: String,
    pub(crate) slug: String,
    pub(crate) rubric: Option<String>,
    #[serde(default)]
    pub(crate) tags: Vec<String>,
    #[serde(default)]
    images: Vec<Attachment>,
    #[serde(default)]
    documents: Vec<Attachment>,
}

#[derive(Debug, Deserialize)]
struct Attachment {
    name: String,
    mime: String,
    sha256: String,
    #[serde(default)]
    alt: String,
    base64: String,
}

/// A status and a body.
pub(crate) type Answer = (u16, Value);

/// A refusal in the contract's form.
pub(crate) fn refusal(status: u16, error: &str, message: &str, retryable: bool) -> Answer {
    (status, json!({ "error": error, "message": message, "retryable": retryable }))
}

impl Post {
    pub(crate) fn read(data: Value) -> Result<Self, Answer> {
        let bad = |message: &str| Err(refusal(422, "bad_data", message, false));
        let post: Self = match serde_json::from_value(data) {
            Ok(post) => post,
            Err(error) => return bad(&error.to_string()),
        };
        if post.title.trim().is_empty() {
            return bad("the title is empty");
        }
        if post.title.chars().count() > 255 {
            return bad("the title is longer than 255 characters");
        }
        let ascii = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if post.slug.is_empty() || !post.slug.chars().all(ascii) {
            return bad("the slug must be ASCII letters, digits and hyphens");
        }
        Ok(post)
    }

    /// The files, checked against their sums.
    pub(crate) fn files(&self) -> Result<Vec<world::File>, Answer> {
        let pictures = self.images.iter().map(|a| (a, true));
        pictures.chain(self.documents.iter().map(|a| (a, false))).map(|(a, picture)| a.file(picture)).collect()
    }
}

impl Attachment {
    fn file(&self, picture: bool) -> Result<world::File, Answer> {
        let bad = |what: &str| refusal(422, "bad_file", &format!("«{}»: {what}", self.name), false);
        let content = STANDARD.decode(&self.base64).map_err(|_| bad("not base64"))?;
        if hex::encode(Sha256::digest(&content)) != self.sha256 {
            return Err(bad("the content has another SHA-256 than announced"));
        }
        if picture && !infer::is_image(&content) {
            return Err(bad("not a picture"));
        }
        if picture && self.alt.trim().is_empty() {
            return Err(bad("no text alternative"));
        }
        Ok(world::File {
            name: self.name.clone(),
            mime: self.mime.clone(),
            sha256: self.sha256.clone(),
            alt: self.alt.clone(),
            content: Bytes::from(content),
            picture,
        })
    }
}

/// What a change is answered with.
pub(crate) fn placed(world: &World, item: &Item) -> Value {
    json!({ "id": item.id, "url": world.address(&item.id), "published_at": item.published_at.to_rfc3339() })
}

/// What a look-up is answered with.
pub(crate) fn shown(world: &World, item: &Item) -> Value {
    let mut value = placed(world, item);
    let state = match item.state {
        State::Pending => "pending",
        State::Live => "live",
        State::Withdrawn => "withdrawn",
    };
    value["found"] = json!(true);
    value["state"] = json!(state);
    value["media"] = json!(item.files.len());
    if item.vestnik_id.is_some() {
        value["revision"] = json!(item.revision);
    }
    if world.shows_texts {
        value["title"] = json!(item.title);
        value["text"] = json!(item.text);
    }
    value
}
