//! Files on their way into a post: an address from MAX, the bytes to that address, a token for the post.

use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use reqwest::multipart::Form;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use url::Url;
use vestnik_contract::http::{UPLOAD_TIMEOUT, file_part};
use vestnik_contract::{Media, MediaKind, Prepared, PublishError, Rendered, Told, ToldKind};

use crate::adapter::MaxAdapter;
use crate::client::read;
use crate::errors::Failure;
use crate::message::type_of;

/// How long a token lives is not documented, only that it can be used again; uploading anew is harmless.
const TOKEN_REUSE: TimeDelta = TimeDelta::hours(24);

/// What is kept with an attempt.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct Notes {
    /// When the first attempt at this delivery was prepared, by our clock: no older post is ours.
    pub(crate) since: DateTime<Utc>,
    /// The files that MAX holds.
    pub(crate) uploads: Vec<Uploaded>,
}

/// A file that MAX holds.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Uploaded {
    sha256: String,
    kind: MediaKind,
    /// Names the file in posts of this bot. Opens nothing by itself.
    token: String,
    at: DateTime<Utc>,
}

impl Notes {
    /// The `attachments` of a post.
    pub(crate) fn attachments(&self, post: &Rendered) -> Result<Vec<Value>, PublishError> {
        let attachment = |media: &Media| {
            let uploaded = self.uploads.iter().find(|u| u.sha256 == media.sha256 && u.kind == media.kind)?;
            Some(json!({ "type": type_of(media.kind), "payload": { "token": uploaded.token } }))
        };
        let attachments: Option<Vec<Value>> = post.media.iter().map(attachment).collect();
        attachments.ok_or_else(|| {
            let reason = "a file of the post was not uploaded in its preparation; it is prepared again";
            retry(ToldKind::FileNotReady, reason)
        })
    }

    /// The notes of a preparation, in the shape that this version writes.
    pub(crate) fn of(prepared: &Prepared) -> Result<Self, PublishError> {
        prepared.notes().ok_or_else(|| {
            let reason = "the post was prepared by another version of vestnik; it is prepared again";
            retry(ToldKind::NotPrepared, reason)
        })
    }
}

fn retry(kind: ToldKind, reason: &str) -> PublishError {
    PublishError::Retry { after: None, told: Told::plain(kind, reason) }
}

impl MaxAdapter {
    /// Uploads the files of a post, but for those that MAX holds already.
    pub(crate) async fn upload_all(&self, post: &Rendered, held: &[Uploaded]) -> Result<Vec<Uploaded>, PublishError> {
        let mut uploads: Vec<Uploaded> = Vec::with_capacity(post.media.len());
        for media in &post.media {
            let same = |u: &&Uploaded| u.sha256 == media.sha256 && u.kind == media.kind;
            if uploads.iter().any(|u| same(&u)) {
                continue;
            }
            let fresh = |u: &&Uploaded| self.clock.now() - u.at < TOKEN_REUSE;
            let uploaded = match held.iter().filter(same).find(fresh) {
                Some(held) => held.clone(),
                None => self.upload(media).await?,
            };
            uploads.push(uploaded);
        }
        Ok(uploads)
    }

    async fn upload(&self, media: &Media) -> Result<Uploaded, PublishError> {
        let address = self.upload_address(media.kind).await?;
        // Readers see the names of documents only; a picture's must be plain and tell its type.
        let name = if media.kind == MediaKind::Picture { picture_name(media) } else { header_safe(&media.name) };
        let part = file_part(&media.path, &name, &media.mime).await?;
        // Names as browsers and the official clients send them; `filename*` is not for forms (RFC 7578 section 4.2).
        let form = Form::new().percent_encode_noop().part("data", part);
        // No token on this call: the official clients send none to upload hosts either.
        let request = self.client.http.post(address).timeout(UPLOAD_TIMEOUT).multipart(form);
        let reply = self.client.http.send(request).await.map_err(|e| self.client.not_answered(e).of_prepare())?;
        let secret = self.client.token.get().map_err(|e| Failure::from(e).of_prepare())?;
        let answer = read(&reply, &secret).map_err(|failure| match failure.of_prepare() {
            // The upload host knows no tokens and rights: whatever it says is about this file or this moment.
            PublishError::Unauthorised { told } => {
                PublishError::Retry { after: None, told: Told { kind: ToldKind::UploadFailed, ..told } }
            }
            PublishError::Rejected { told } => {
                let reason = format!("MAX does not take the file «{}»: {}", media.name, told.reason);
                PublishError::Rejected { told: Told { kind: ToldKind::FileRefused, reason, ..told } }
            }
            other => other,
        })?;
        let token = token(media.kind, &answer.value).ok_or_else(|| PublishError::Retry {
            after: None,
            told: Told::with(
                ToldKind::UploadFailed,
                format!("MAX took the file «{}» but gave no token for it; it is uploaded again", media.name),
                answer.evidence,
            ),
        })?;
        Ok(Uploaded { sha256: media.sha256.clone(), kind: media.kind, token, at: self.clock.now() })
    }

    async fn upload_address(&self, kind: MediaKind) -> Result<Url, PublishError> {
        let path = format!("/uploads?type={}", type_of(kind));
        let answer = self.client.call(Method::POST, &path, None, None).await.map_err(|f| f.of_prepare())?;
        let address = answer.value["url"].as_str().and_then(|url| Url::parse(url).ok());
        match address {
            Some(address) if self.client.base.may_upload_to(&address) => Ok(address),
            Some(address) => {
                let reason = format!(
                    "MAX wants files sent to {}://{}, which is not encrypted or lies in a private network; nothing was \
                     sent there",
                    address.scheme(),
                    address.host_str().unwrap_or_default()
                );
                Err(retry(ToldKind::UploadFailed, &reason))
            }
            None => Err(PublishError::Retry {
                after: None,
                told: Told::with(
                    ToldKind::UploadFailed,
                    "MAX named no address to upload a file to; it is asked again",
                    answer.evidence,
                ),
            }),
        }
    }
}

fn token(kind: MediaKind, answer: &Value) -> Option<String> {
    let token = match kind {
        MediaKind::Picture => answer["photos"].as_object()?.values().next()?["token"].as_str(),
        MediaKind::Document | MediaKind::Video => answer["token"].as_str(),
    };
    token.filter(|token| !token.is_empty()).map(str::to_owned)
}

fn picture_name(media: &Media) -> String {
    let extension = match media.mime.as_str() {
        "image/jpeg" => "jpg",
        other => other.strip_prefix("image/").unwrap_or("jpg"),
    };
    format!("{}.{extension}", media.sha256.get(..16).unwrap_or("picture"))
}

/// A file name that cannot end its header.
fn header_safe(name: &str) -> String {
    let safe: String = name.chars().map(|c| if c.is_control() || matches!(c, '"' | '\\') { '_' } else { c }).collect();
    if safe.trim().is_empty() { "document".into() } else { safe }
}
