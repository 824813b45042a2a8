//! Uploads: address, file, save (dev.vk.com, uploading files). Each run makes a new object on VK, so what is
//! finished is kept: with the attempt, and in memory while a preparation is still incomplete.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use serde_json::Value;
use url::Url;
use uuid::Uuid;
use vestnik_contract::http::{Reply, SendError, UPLOAD_TIMEOUT, file_part};
use vestnik_contract::{Evidence, Media, MediaKind, PublishError, Told, ToldKind};

use crate::client::Client;
use crate::credentials::Role;
use crate::errors::Failure;
use crate::notes::{Notes, Upload};

/// More deliveries than this are never half prepared at once; what is forgotten is uploaded again.
const REMEMBERED_MAX: usize = 256;
const AGAIN_AFTER: Duration = Duration::from_secs(10);

/// Finished uploads of preparations that did not end yet, by delivery.
#[derive(Debug, Default)]
pub(crate) struct Unfinished(Mutex<HashMap<Uuid, Vec<Upload>>>);

impl Unfinished {
    fn find(&self, delivery: Uuid, sha256: &str) -> Option<Upload> {
        self.lock().get(&delivery)?.iter().find(|u| u.sha256 == sha256).cloned()
    }

    fn remember(&self, delivery: Uuid, upload: Upload) {
        let mut all = self.lock();
        if all.len() >= REMEMBERED_MAX && !all.contains_key(&delivery) {
            all.clear();
        }
        all.entry(delivery).or_default().push(upload);
    }

    /// The preparation ended and was handed over.
    pub(crate) fn forget(&self, delivery: Uuid) {
        self.lock().remove(&delivery);
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, HashMap<Uuid, Vec<Upload>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Puts every file of a post on VK, one after the other, as upload hosts want it.
pub(crate) async fn upload_all(
    client: &Client,
    group: i64,
    delivery: Uuid,
    files: &[Media],
    earlier: &Notes,
    unfinished: &Unfinished,
) -> Result<Vec<Upload>, PublishError> {
    let mut uploads = Vec::with_capacity(files.len());
    for file in files {
        let known = earlier.upload(&file.sha256).cloned().or_else(|| unfinished.find(delivery, &file.sha256));
        let upload = if let Some(known) = known {
            known
        } else {
            let attachment = match file.kind {
                MediaKind::Picture => picture(client, group, file).await?,
                MediaKind::Document => document(client, group, file).await?,
                MediaKind::Video => return Err(rejected(format!("{}: VK films are not supported yet", file.name))),
            };
            let upload = Upload { sha256: file.sha256.clone(), attachment };
            unfinished.remember(delivery, upload.clone());
            upload
        };
        uploads.push(upload);
    }
    Ok(uploads)
}

#[derive(Deserialize)]
struct UploadServer {
    upload_url: Url,
}

/// What the host of pictures answers; an empty list means that it did not take the file.
#[derive(Deserialize)]
struct TakenPicture {
    server: Value,
    photo: String,
    hash: String,
}

#[derive(Deserialize)]
struct Saved {
    id: i64,
    owner_id: i64,
    access_key: Option<String>,
}

/// What the host of documents answers.
#[derive(Deserialize)]
struct TakenDocument {
    file: Option<String>,
    error: Option<String>,
    error_descr: Option<String>,
}

#[derive(Deserialize)]
struct SavedDocument {
    doc: Saved,
}

async fn picture(client: &Client, group: i64, file: &Media) -> Result<String, PublishError> {
    let role = client.credentials.has(Role::User).then_some(Role::User);
    let reply = send_file(client, role, "photos.getWallUploadServer", group, "photo", file).await?;
    let taken = reply.json::<TakenPicture>().ok_or_else(|| unreadable(client, file, &reply))?;
    if matches!(taken.photo.trim(), "" | "[]") {
        return Err(PublishError::Rejected {
            told: Told::with(
                ToldKind::FileRefused,
                format!(
                    "VK did not take the picture {} ({} bytes, {}); save it again as JPEG or PNG and add it anew",
                    file.name, file.bytes, file.mime
                ),
                client.evidence(&reply, None),
            ),
        });
    }
    let server = match &taken.server {
        Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    let params = [
        ("group_id", group.to_string()),
        ("server", server),
        ("photo", taken.photo),
        ("hash", taken.hash),
        ("caption", file.alt.clone()),
    ];
    let method = "photos.saveWallPhoto";
    let answer = client.call(role, method, &params).await.map_err(Failure::of_prepare)?;
    let saved: Vec<Saved> = answer.read(method).map_err(Failure::of_prepare)?;
    saved.first().map(|s| attachment("photo", s)).ok_or_else(|| unsaved(file, answer.evidence))
}

async fn document(client: &Client, group: i64, file: &Media) -> Result<String, PublishError> {
    let role = client.credentials.poster();
    let reply = send_file(client, role, "docs.getWallUploadServer", group, "file", file).await?;
    let taken = reply.json::<TakenDocument>().ok_or_else(|| unreadable(client, file, &reply))?;
    let Some(uploaded) = taken.file.filter(|f| !f.is_empty()) else {
        let why = taken.error_descr.or(taken.error).unwrap_or_else(|| "it gave no reason".into());
        return Err(PublishError::Rejected {
            told: Told::with(
                ToldKind::FileRefused,
                format!("VK did not take the document {} ({why}); add it in another format, PDF is safe", file.name),
                client.evidence(&reply, None),
            ),
        });
    };
    let method = "docs.save";
    let params = [("file", uploaded), ("title", file.name.clone())];
    let answer = client.call(role, method, &params).await.map_err(Failure::of_prepare)?;
    let saved: SavedDocument = answer.read(method).map_err(Failure::of_prepare)?;
    Ok(attachment("doc", &saved.doc))
}

/// Asks for an upload address and sends the file there. The host of uploads gets no token.
async fn send_file(
    client: &Client,
    role: Option<Role>,
    method: &str,
    group: i64,
    field: &'static str,
    file: &Media,
) -> Result<Reply, PublishError> {
    let answer = client.call(role, method, &[("group_id", group.to_string())]).await;
    let answer = answer.map_err(Failure::of_prepare)?;
    let server: UploadServer = answer.read(method).map_err(Failure::of_prepare)?;
    if !client.base.may_upload_to(&server.upload_url) {
        let reason = format!(
            "VK named an upload address for {} that is not encrypted or lies in a private network; nothing was sent \
             there",
            file.name
        );
        let told = Told::with(ToldKind::UploadFailed, reason, answer.evidence);
        return Err(PublishError::Retry { after: Some(AGAIN_AFTER), told });
    }
    let part = file_part(&file.path, &file_name(file), &file.mime).await?;
    let form = reqwest::multipart::Form::new().part(field, part);
    let request = client.http.post(server.upload_url).timeout(UPLOAD_TIMEOUT).multipart(form);
    let reply = client.http.send(request).await.map_err(SendError::of_prepare)?;
    if reply.status.is_success() { Ok(reply) } else { Err(unreadable(client, file, &reply)) }
}

/// Readers see a document's name; a picture's only has to end in what it is.
fn file_name(file: &Media) -> String {
    match (file.kind, file.mime.as_str()) {
        (MediaKind::Picture, "image/png") => "picture.png".into(),
        (MediaKind::Picture, "image/gif") => "picture.gif".into(),
        (MediaKind::Picture, _) => "picture.jpg".into(),
        _ => file.name.clone(),
    }
}

/// `{type}{owner}_{id}[_{access_key}]`: the key lets a community's own key attach what a person uploaded.
fn attachment(kind: &str, saved: &Saved) -> String {
    let key = saved.access_key.as_deref().filter(|k| !k.is_empty()).map(|k| format!("_{k}")).unwrap_or_default();
    format!("{kind}{}_{}{key}", saved.owner_id, saved.id)
}

fn unreadable(client: &Client, file: &Media, reply: &Reply) -> PublishError {
    let kind = ToldKind::UploadFailed;
    let reason = format!("VK's upload host answered {} for {}, which is no receipt", reply.status, file.name);
    PublishError::Retry { after: Some(AGAIN_AFTER), told: Told::with(kind, reason, client.evidence(reply, None)) }
}

fn unsaved(file: &Media, answer: Evidence) -> PublishError {
    let reason = format!("VK saved nothing of {} although it took the file; it is uploaded again", file.name);
    PublishError::Retry { after: Some(AGAIN_AFTER), told: Told::with(ToldKind::UploadFailed, reason, answer) }
}

fn rejected(reason: String) -> PublishError {
    PublishError::Rejected { told: Told::plain(ToldKind::FileRefused, reason) }
}
