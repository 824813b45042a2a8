//! The calls that take files: `POST /uploads`, and the addresses it hands out.

use axum::Json;
use axum::extract::{FromRequest as _, Multipart, Path, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use http::header::{CONTENT_DISPOSITION, CONTENT_RANGE, CONTENT_TYPE, HOST};
use http::{HeaderMap, Request, StatusCode};
use percent_encoding::percent_decode_str;
use serde_json::json;

use super::refusal::Refusal;
use super::routes::Query;
use super::uploads::{Progress, UploadedFile};
use super::world::{Shared, lock};

/// `POST /uploads?type=`: where to send a file to.
pub(super) async fn open(State(world): State<Shared>, query: Query, headers: HeaderMap) -> Result<Response, Refusal> {
    let kind = query.text("type").unwrap_or_default();
    // The upload hosts of MAX are others; this one answers for them under the name it was called by.
    let host = headers.get(HOST).and_then(|h| h.to_str().ok()).unwrap_or("127.0.0.1");
    let mut world = lock(&world);
    let now = world.clock.now();
    let (number, token) = world.uploads.open(kind, now)?;
    let mut answer = json!({ "url": format!("http://{host}/upload/{kind}/{number}") });
    if let Some(token) = token {
        answer["token"] = json!(token);
    }
    Ok(Json(answer).into_response())
}

/// `POST /upload/{kind}/{number}`: the file, as a form with the field `data` or raw in one or more ranges.
pub(super) async fn receive(
    State(world): State<Shared>,
    Path((_, number)): Path<(String, u64)>,
    request: Request<axum::body::Body>,
) -> Result<Response, Refusal> {
    let headers = request.headers().clone();
    let is_form = text(&headers, CONTENT_TYPE.as_str()).is_some_and(|t| t.starts_with("multipart/form-data"));
    if is_form {
        let form = Multipart::from_request(request, &()).await;
        let form = form.map_err(|e| Refusal::upload(format!("The form cannot be read: {e}")))?;
        let Some((name, bytes)) = data_field(form).await? else {
            // A wrong field name gives neither a token nor an error.
            return Ok(Json(json!({})).into_response());
        };
        let total = bytes.len() as u64;
        return Ok(answer(lock(&world).uploads.take(number, &name, 0, total, bytes)?, total));
    }
    let bytes = Bytes::from_request(request, &()).await;
    let bytes = bytes.map_err(|e| Refusal::upload(format!("The body cannot be read: {e}")))?;
    let (from, total) = match text(&headers, CONTENT_RANGE.as_str()) {
        Some(range) => range_of(range, bytes.len()).ok_or_else(|| Refusal::upload("Wrong Content-Range"))?,
        None => (0, bytes.len() as u64),
    };
    Ok(answer(lock(&world).uploads.take(number, &raw_name(&headers), from, total, bytes)?, total))
}

/// `GET /upload/{kind}/{number}`: how much has arrived.
pub(super) async fn progress(
    State(world): State<Shared>,
    Path((_, number)): Path<(String, u64)>,
) -> Result<Response, Refusal> {
    match lock(&world).uploads.progress(number) {
        Some(Progress::Part(arrived)) => Ok(Json(json!({ "received": arrived })).into_response()),
        Some(Progress::Whole(file)) => Ok(Json(json!({ "received": file.bytes, "size": file.bytes })).into_response()),
        None => Err(Refusal::no_such("Upload not found")),
    }
}

async fn data_field(mut form: Multipart) -> Result<Option<(String, Bytes)>, Refusal> {
    let unreadable = |e: axum::extract::multipart::MultipartError| Refusal::upload(e.body_text());
    while let Some(field) = form.next_field().await.map_err(unreadable)? {
        if field.name() == Some("data") {
            let name = field.file_name().unwrap_or_default().to_owned();
            return Ok(Some((name, field.bytes().await.map_err(unreadable)?)));
        }
    }
    Ok(None)
}

/// Where in a file of which size these bytes belong, from `bytes a-b/total`.
fn range_of(range: &str, length: usize) -> Option<(u64, u64)> {
    let (range, total) = range.trim().strip_prefix("bytes ")?.split_once('/')?;
    let (from, to) = range.split_once('-')?;
    let (from, to, total) = (from.parse::<u64>().ok()?, to.parse::<u64>().ok()?, total.parse::<u64>().ok()?);
    let fits = to < total && to.checked_sub(from)?.checked_add(1)? == length as u64;
    fits.then_some((from, total))
}

fn raw_name(headers: &HeaderMap) -> String {
    let disposed = text(headers, CONTENT_DISPOSITION.as_str())
        .and_then(|d| d.split_once("filename=\""))
        .and_then(|(_, rest)| rest.split_once('"'))
        .map(|(name, _)| name);
    let name = text(headers, "x-file-name").or(disposed).unwrap_or_default();
    percent_decode_str(name).decode_utf8_lossy().into_owned()
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

fn answer(progress: Progress, total: u64) -> Response {
    match progress {
        Progress::Part(arrived) => {
            (StatusCode::CREATED, format!("0-{}/{total}", arrived.saturating_sub(1))).into_response()
        }
        Progress::Whole(file) => whole(&file),
    }
}

fn whole(file: &UploadedFile) -> Response {
    match file.kind.as_str() {
        "image" => {
            let mut photos = serde_json::Map::new();
            photos.insert(format!("photo{}", file.number), json!({ "token": file.token }));
            Json(json!({ "photos": photos })).into_response()
        }
        "file" => Json(json!({ "fileId": file.number, "token": file.token })).into_response(),
        _ => ([(CONTENT_TYPE, "application/xml")], "<retval>1</retval>").into_response(),
    }
}
