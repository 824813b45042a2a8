//! Files of posts: uploaded first, named by their hash afterwards.

use axum::Json;
use axum::body::Body as Stream;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;
use utoipa::IntoParams;

use super::bearer::{Asked, Bearer, Named};
use super::posts::publisher;
use super::problem::{ApiError, Problem};
use super::shapes::File;
use crate::domain::Deed;
use crate::web::Desk;
use crate::web::files::{self, Refused};
use crate::web::locale::Locale;
use crate::web::words;

/// Whose file it is, and what it is called.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
pub(super) struct For {
    /// The organisation's slug. Not needed where there is one.
    organisation: Option<String>,
    /// The file's name for readers.
    #[serde(default)]
    name: String,
}

impl From<Refused> for ApiError {
    fn from(refused: Refused) -> Self {
        match refused {
            Refused::Form(error) => error.into(),
            other => Self::File(other.status(), other.code(), words::upload(Locale::En, &other)),
        }
    }
}

/// Takes a picture or a document: the body is the file. What it is, is found in its content; what pictures tell beside
/// themselves (place, camera) is taken out; a BMP becomes a PNG. The same file again is the same file. What no post and no
/// draft has named for seven days after it was brought is removed.
#[utoipa::path(
    post, path = "/media", tag = "media", params(For),
    request_body(content = Vec<u8>, content_type = "application/octet-stream", description = "The file itself"),
    responses(
        (status = 201, description = "Taken", body = File),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn upload(
    State(desk): State<Desk>,
    bearer: Bearer,
    Asked(whose): Asked<For>,
    headers: HeaderMap,
    body: Stream,
) -> Result<(StatusCode, Json<File>), ApiError> {
    let organisation = publisher(&desk, &bearer, whose.organisation.as_deref())?;
    bearer.must(Deed::Write, &organisation)?;
    let _place = desk.uploads.begin(bearer.0.id)?;
    let parts = body.into_data_stream();
    let may_still = async { bearer.now(&desk, &headers).await?.must(Deed::Write, &organisation) };
    let media = files::take(&desk, &whose.name, (&organisation, bearer.0.id), parts, may_still).await?;
    Ok((StatusCode::CREATED, Json((&media).into())))
}

/// The file as it goes out.
#[utoipa::path(
    get, path = "/media/{sha256}", tag = "media", params(("sha256" = String, Path)),
    responses(
        (status = 200, description = "The file", content_type = "application/octet-stream"),
        (status = 304, description = "`If-None-Match` names it"),
        (status = "4XX", description = "Refused", body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn download(
    State(desk): State<Desk>,
    bearer: Bearer,
    Named(sha256): Named<String>,
    headers: HeaderMap,
) -> Result<Response, ApiError> {
    let media = files::found(&desk, bearer.asker(), &sha256).await?;
    Ok(files::give(&media, &headers).await?)
}
