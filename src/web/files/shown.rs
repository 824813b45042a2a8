//! Files as browsers get them back: whole, or small for pages.

use std::path::PathBuf;

use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::io::AsyncReadExt as _;
use tokio_util::io::ReaderStream;
use vestnik_contract::{Media, MediaKind};

use super::super::refusals::Asker;
use super::super::visitor::SignedIn;
use super::super::{Desk, WebError};
use crate::domain::Deed;
use crate::media;
use crate::store::OwnedFile;

/// Whatever the file is, it runs nothing and reaches nobody.
const SANDBOX: HeaderValue = HeaderValue::from_static("default-src 'none'; sandbox");
/// Every time the desk is asked whether this person may still see it; the hash says whether it is the same.
const ASKED_AGAIN: HeaderValue = HeaderValue::from_static("private, no-cache");
/// How a PNG begins: a small copy is either that or a JPEG.
const PNG: &[u8] = b"\x89PNG";

/// The file itself.
pub(super) async fn whole(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(sha256): Path<String>,
    asked: HeaderMap,
) -> Result<Response, WebError> {
    let media = found(&desk, visitor.asker(), &sha256).await?;
    give(&media, &asked).await
}

/// The file as it is, to whom it may be given.
pub(in crate::web) async fn give(media: &Media, asked: &HeaderMap) -> Result<Response, WebError> {
    let mime = HeaderValue::from_str(&media.mime).map_err(WebError::internal)?;
    answer(media, media.path.clone(), mime, asked, "").await
}

/// A small copy of a picture.
pub(super) async fn small(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Path(sha256): Path<String>,
    asked: HeaderMap,
) -> Result<Response, WebError> {
    let media = found(&desk, visitor.asker(), &sha256).await?;
    if media.kind != MediaKind::Picture {
        return Err(WebError::NotFound);
    }
    let place = media::small(&media.sha256, &desk.office.config.media).await.map_err(WebError::internal)?;
    let place = place.ok_or(WebError::NotFound)?;
    let mime = if place == media.path { HeaderValue::from_str(&media.mime) } else { kind_of_copy(&place).await };
    answer(&media, place, mime.map_err(WebError::internal)?, &asked, "-small").await
}

async fn kind_of_copy(place: &std::path::Path) -> Result<HeaderValue, header::InvalidHeaderValue> {
    let mut head = [0; PNG.len()];
    let read = async { tokio::fs::File::open(place).await?.read_exact(&mut head).await };
    let is_png = read.await.is_ok() && head == *PNG;
    Ok(HeaderValue::from_static(if is_png { "image/png" } else { "image/jpeg" }))
}

/// The file, if it belongs to an organisation that they may read; otherwise there is none.
pub(in crate::web) async fn found(desk: &Desk, asker: Asker<'_>, sha256: &str) -> Result<Media, WebError> {
    let owned = desk.office.store.files(&[sha256], &desk.office.config.media.dir).await?;
    let may_see = |file: &OwnedFile| asker.may(Deed::Read, &file.organisation);
    let file = owned.into_iter().reduce(|one, other| if may_see(&one) { one } else { other });
    let file = file.ok_or(WebError::NotFound)?;
    asker.must(Deed::Read, &file.organisation)?;
    Ok(file.media)
}

async fn answer(
    media: &Media,
    place: PathBuf,
    mime: HeaderValue,
    asked: &HeaderMap,
    variant: &str,
) -> Result<Response, WebError> {
    let tag = format!("\"{}{variant}\"", media.sha256);
    let etag = HeaderValue::from_str(&tag).map_err(WebError::internal)?;
    let common = [
        (header::ETAG, etag),
        (header::CACHE_CONTROL, ASKED_AGAIN),
        (header::CONTENT_SECURITY_POLICY, SANDBOX),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    let known = asked.get(header::IF_NONE_MATCH).and_then(|v| v.to_str().ok()).unwrap_or_default();
    if known.split(',').any(|one| one.trim() == tag) {
        return Ok((StatusCode::NOT_MODIFIED, common).into_response());
    }
    let file = tokio::fs::File::open(&place).await.map_err(|cause| {
        tracing::error!(%cause, file = %place.display(), "a file of a post is not in the media folder");
        WebError::NotFound
    })?;
    let bytes = file.metadata().await.map_err(WebError::internal)?.len();
    let own = [
        (header::CONTENT_TYPE, mime),
        (header::CONTENT_LENGTH, bytes.into()),
        (header::CONTENT_DISPOSITION, disposition(media)?),
    ];
    Ok((common, own, Body::from_stream(ReaderStream::new(file))).into_response())
}

/// Pictures are shown, everything else is saved: under its own name (RFC 6266).
fn disposition(media: &Media) -> Result<HeaderValue, WebError> {
    let way = if media.kind == MediaKind::Picture { "inline" } else { "attachment" };
    let name = utf8_percent_encode(&media.name, NON_ALPHANUMERIC);
    HeaderValue::from_str(&format!("{way}; filename*=UTF-8''{name}")).map_err(WebError::internal)
}
