//! What readers get: the home page, posts, uploaded files.

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use http::header::{CONTENT_TYPE, LINK, LOCATION};
use http::{HeaderValue, Method, StatusCode, Uri};
use percent_encoding::percent_decode_str;
use url::form_urlencoded;

use super::post::{Post, Status};
use super::wire::rendered;
use super::world::{Permalinks, World};
use super::{Site, slug};

/// The home page lists this many posts.
const LISTED: usize = 10;

pub(super) fn answer(site: &Site, method: &Method, uri: &Uri, base: &str) -> Response {
    let world = site.lock();
    if method != Method::GET && method != Method::HEAD {
        return html(StatusCode::METHOD_NOT_ALLOWED, &world, base, "<h1>405</h1>");
    }
    if let Some(file) = uri.path().strip_prefix("/wp-content/uploads/") {
        return upload(&world, base, file);
    }
    if world.pages_hidden {
        return html(StatusCode::SERVICE_UNAVAILABLE, &world, base, "<h1>Сайт на обслуживании</h1>");
    }
    let by_id = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes())
        .find(|(k, _)| k == "p")
        .and_then(|(_, id)| id.parse::<u64>().ok());
    let path = percent_decode_str(uri.path().trim_matches('/')).decode_utf8_lossy();
    let post = match by_id {
        Some(id) => world.posts.get(&id).filter(|p| p.status == Status::Publish),
        None => by_slug(&world, &path),
    };
    match post {
        Some(post) if world.permalinks == Permalinks::Pretty && uri.path() != world.path_of(post) => {
            redirect(&format!("{base}{}", world.path_of(post)))
        }
        Some(post) => html(StatusCode::OK, &world, base, &article(post)),
        None if by_id.is_none()
            && (path.is_empty() || path == "index.php" || world.permalinks == Permalinks::Plain) =>
        {
            let list: String = world.published().take(LISTED).map(article).collect();
            html(StatusCode::OK, &world, base, &list)
        }
        None => html(StatusCode::NOT_FOUND, &world, base, "<h1>Страница не найдена</h1>"),
    }
}

fn by_slug<'a>(world: &'a World, path: &str) -> Option<&'a Post> {
    if world.permalinks == Permalinks::Plain {
        return None;
    }
    world.with_slug(&slug::sanitise(path)).find(|p| p.status == Status::Publish)
}

fn article(post: &Post) -> String {
    format!("<article><h1>{}</h1>{}</article>", post.title, rendered(&post.content))
}

fn html(status: StatusCode, world: &World, base: &str, body: &str) -> Response {
    let page = format!(
        "<!DOCTYPE html><html lang=\"ru-RU\"><head><meta charset=\"UTF-8\"><title>Администрация города</title></head>\
         <body>{body}</body></html>"
    );
    let mut response = (status, Body::from(page)).into_response();
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/html; charset=UTF-8"));
    let root = match world.permalinks {
        Permalinks::Pretty => "/wp-json/",
        Permalinks::Plain => "/index.php?rest_route=/",
    };
    if let Ok(link) = HeaderValue::from_str(&format!("<{base}{root}>; rel=\"https://api.w.org/\"")) {
        headers.insert(LINK, link);
    }
    response
}

fn redirect(to: &str) -> Response {
    let mut response = StatusCode::MOVED_PERMANENTLY.into_response();
    if let Ok(to) = HeaderValue::from_str(to) {
        response.headers_mut().insert(LOCATION, to);
    }
    response
}

fn upload(world: &World, base: &str, file: &str) -> Response {
    let file = percent_decode_str(file).decode_utf8_lossy();
    let Some(item) = world.media_with_file(&file) else {
        return html(StatusCode::NOT_FOUND, world, base, "<h1>404</h1>");
    };
    let mut response = Body::from(item.bytes.clone()).into_response();
    if let Ok(kind) = HeaderValue::from_str(&item.mime) {
        response.headers_mut().insert(CONTENT_TYPE, kind);
    }
    response
}
