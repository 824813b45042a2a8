//! Style, scripts and pictures: part of the program, with their version in the name or their hash in the address.

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use rust_embed::Embed;

use super::Desk;

#[derive(Embed)]
#[folder = "src/web/assets"]
#[exclude = "*.LICENSE"]
struct Assets;

/// A year: what changes has another address.
const FOREVER: &str = "public, max-age=31536000, immutable";

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/assets/{name}", get(asset))
}

/// The address of a file, which changes with its content.
pub(super) fn address(name: &str) -> String {
    let hash = Assets::get(name).map(|file| hex::encode(&file.metadata.sha256_hash()[..6])).unwrap_or_default();
    format!("/assets/{name}?{hash}")
}

async fn asset(Path(name): Path<String>) -> Response {
    let Some(file) = Assets::get(&name) else { return StatusCode::NOT_FOUND.into_response() };
    let kind = match name.rsplit('.').next() {
        Some("css") => "text/css; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    };
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(kind)),
        (header::CACHE_CONTROL, HeaderValue::from_static(FOREVER)),
    ];
    (headers, file.data).into_response()
}
