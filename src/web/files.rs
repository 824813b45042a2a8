//! Files of drafts and posts: uploaded, shown again to those who may read their organisation, and to nobody else.
//!
//! `receive` takes a form apart while it arrives, `shown` gives files back. What is taken and how it is cleaned is
//! decided in [`crate::media`].

mod receive;
mod shown;

use askama::Template;
use axum::extract::multipart::{Multipart, MultipartRejection};
use axum::extract::{DefaultBodyLimit, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::json;
use vestnik_contract::MediaKind;

use super::drafts::DraftForm;
use super::mistakes::Mistakes;
use super::page::Page;
use super::visitor::SignedIn;
use super::{Desk, WebError, drafts, words};
use crate::domain::Deed;
use crate::domain::draft::DraftMedia;
pub(super) use receive::{FILES_MAX, Refused, take};
use receive::{Received, receive};
pub(super) use shown::{found, give};

pub(super) fn routes() -> Router<Desk> {
    Router::new()
        // Files are bounded while they are read, by the limits of the media folder.
        .route("/files", post(upload).layer(DefaultBodyLimit::disable()))
        .route("/files/{sha256}", get(shown::whole))
        .route("/files/{sha256}/small", get(shown::small))
}

/// One file in the composer's list.
#[derive(Template)]
#[template(path = "files/item.html")]
struct Item<'a> {
    page: &'a Page,
    file: &'a DraftMedia,
    problems: Mistakes,
}

/// Why a form that a browser sent without scripts was not taken.
#[derive(Template)]
#[template(path = "files/failure.html")]
struct Failure {
    page: Page,
    told: String,
    back: String,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct For {
    /// The draft whose whole form came with the files: a browser without scripts.
    draft: String,
}

async fn upload(
    State(desk): State<Desk>,
    visitor: SignedIn,
    Query(For { draft }): Query<For>,
    headers: HeaderMap,
    form: Result<Multipart, MultipartRejection>,
) -> Response {
    let asks_by_script = headers.get(header::ACCEPT).is_some_and(|kind| kind == "application/json");
    let page = visitor.page.clone();
    let may_write = visitor.must_somewhere(Deed::Write);
    let received = match form {
        _ if may_write.is_err() => Err(Refused::Form(WebError::NotAllowed(Deed::Write))),
        Ok(form) => receive(&desk, &visitor, &headers, form).await,
        Err(_) => Err(Refused::NoFile),
    };
    let answered = match received {
        Ok(received) if asks_by_script => told(&page, &received),
        Ok(received) => kept(desk.clone(), visitor, draft.clone(), received).await,
        Err(refused) => Err(refused),
    };
    answered.unwrap_or_else(|refused| not_taken(&desk, page, &draft, refused, asks_by_script))
}

/// What was taken, for scripts and programs: the facts of each file, and its entry in the list as HTML.
fn told(page: &Page, received: &Received) -> Result<Response, Refused> {
    if received.files.is_empty() {
        return Err(Refused::NoFile);
    }
    let mut files = Vec::with_capacity(received.files.len());
    for media in &received.files {
        let item = Item { page, file: &DraftMedia::from(media), problems: Mistakes::default() }.render()?;
        files.push(json!({
            "sha256": media.sha256,
            "kind": media.kind,
            "name": media.name,
            "mime": media.mime,
            "bytes": media.bytes,
            "size": media.size,
            "url": format!("/files/{}", media.sha256),
            "small": (media.kind == MediaKind::Picture).then(|| format!("/files/{}/small", media.sha256)),
            "html": item,
        }));
    }
    Ok((StatusCode::CREATED, Json(json!({ "files": files }))).into_response())
}

/// The composer again, kept with everything that was typed and with the files at the end of its list.
async fn kept(desk: Desk, visitor: SignedIn, draft: String, received: Received) -> Result<Response, Refused> {
    if draft.is_empty() {
        return Err(Refused::NoFile);
    }
    let visitor = visitor.now(&desk).await?;
    let named = received.files.into_iter().map(|media| ("media.sha256".to_owned(), media.sha256));
    let form = DraftForm::from(received.fields.into_iter().chain(named).collect::<Vec<_>>());
    Ok(drafts::keep_and_show(&desk, visitor, &draft, form).await?)
}

fn back_to(draft: &str) -> String {
    let is_name = draft.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') && !draft.is_empty();
    if is_name { format!("/drafts/{draft}") } else { "/drafts".into() }
}

fn not_taken(desk: &Desk, page: Page, draft: &str, refused: Refused, asks_by_script: bool) -> Response {
    let said = if let Refused::Form(error) = &refused { words::failure(desk, &page, error) } else { None };
    let (status, told) = (refused.status(), said.unwrap_or_else(|| words::upload(page.locale, &refused)));
    if asks_by_script {
        let problem = json!({ "code": refused.code(), "title": told, "status": status.as_u16() });
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        let mut response = (status, kind, problem.to_string()).into_response();
        if let Refused::Form(WebError::TooMany(seconds)) = refused {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        return response;
    }
    if let Refused::Form(error) = refused {
        return error.into_response();
    }
    match (Failure { page, told, back: back_to(draft) }).render() {
        Ok(html) => (status, Html(html)).into_response(),
        Err(error) => WebError::from(error).into_response(),
    }
}

/// Whether a file is a picture: pictures are shown and described.
pub fn is_picture(file: &DraftMedia) -> bool {
    file.kind == MediaKind::Picture
}

/// What is to be known of a file at a glance: «картинка, 1920 × 1080, 1,2 МБ».
pub fn facts(page: &Page, file: &DraftMedia) -> String {
    let kind = match file.kind {
        MediaKind::Picture => page.t("files-picture"),
        MediaKind::Document => page.t("files-document"),
        MediaKind::Video => page.t("files-video"),
    };
    let pixels = |(width, height): (u32, u32)| page.t("files-pixels").with("width", width).with("height", height);
    let parts = [Some(kind.to_string()), file.size.map(|size| pixels(size).to_string())];
    let size = words::size(page.locale, file.bytes);
    parts.into_iter().flatten().chain([size]).collect::<Vec<_>>().join(", ")
}
