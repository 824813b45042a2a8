//! What a person does in the site's own editor: a headline and a text become a page, whose address the browser shows.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use bytes::Bytes;
use http::{HeaderMap, StatusCode};
use url::form_urlencoded;

use super::{Page, Shared, lock};
use crate::clock::WorldClock;

/// Where the form is sent.
const PATH: &str = "/reader/publish";
/// More than any news item is long, in characters.
const TEXT_MAX: usize = 20_000;

/// The form, for the page of readers.
pub(super) const FORM: &str = "<form class=\"hand\" method=\"post\" action=\"/reader/publish\"><h1>Опубликовать вручную</h1>\
     <p>У этой площадки нет интерфейса для программ: здесь публикует человек. Откроется страница публикации, её адрес и \
     нужно сообщить Вестнику.</p><label>Заголовок <input name=\"title\" required maxlength=\"300\" \
     autocomplete=\"off\"></label><label>Текст <textarea name=\"text\" rows=\"8\" required></textarea></label>\
     <button>Опубликовать</button></form>";

pub(super) fn routes(world: Shared, clock: WorldClock) -> Router {
    Router::new().route(PATH, post(publish)).with_state((world, clock))
}

async fn publish(State((world, clock)): State<(Shared, WorldClock)>, headers: HeaderMap, body: Bytes) -> Response {
    // Pages of other sites that happen to be open in the same browser publish nothing.
    let site = headers.get("sec-fetch-site").and_then(|site| site.to_str().ok());
    if !matches!(site, None | Some("same-origin" | "none")) {
        return StatusCode::FORBIDDEN.into_response();
    }
    let (mut title, mut text) = (String::new(), String::new());
    for (name, value) in form_urlencoded::parse(&body) {
        match &*name {
            "title" => value.trim().clone_into(&mut title),
            "text" => value.replace("\r\n", "\n").trim().clone_into(&mut text),
            _ => {}
        }
    }
    if title.is_empty() || text.is_empty() || title.chars().chain(text.chars()).count() > TEXT_MAX {
        return StatusCode::UNPROCESSABLE_ENTITY.into_response();
    }
    let mut world = lock(&world);
    let path = world.free_path();
    let html = format!("<p>{}</p>", crate::reader::plain(&text).replace("<br><br>", "</p><p>"));
    world.put_up(Page { path: path.clone(), title, html, published_at: clock.now() });
    Redirect::to(&path).into_response()
}
