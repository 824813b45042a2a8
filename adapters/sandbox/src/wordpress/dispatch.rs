//! From a request to the part of the site that answers it.

use axum::Router;
use axum::extract::{DefaultBodyLimit, FromRequest as _, Multipart, Request, State};
use axum::response::Response;
use bytes::Bytes;
use http::header::{CONTENT_DISPOSITION, CONTENT_TYPE, HOST};
use http::{HeaderMap, Method, Uri};
use http_body_util::BodyExt as _;
use serde_json::{Map, Value};
use url::form_urlencoded;

use super::wire::{Answer, File, Refusal, Rest, refuse};
use super::world::Permalinks;
use super::{Site, page};
use crate::server::Call;

pub(super) fn router(site: Site) -> Router {
    Router::new().fallback(answer).layer(DefaultBodyLimit::disable()).with_state(site)
}

/// A call's name for fault switches and the log: method and route with ids as `{id}`, or `GET page`.
pub fn call_name(call: &Call<'_>) -> String {
    let method = real_method(&call.parts.method, &call.parts.headers);
    let Some(route) = rest_route(&call.parts.uri, Permalinks::Pretty) else { return format!("{method} page") };
    let parts = parts_of(&route);
    let named: Vec<&str> =
        parts.iter().map(|p| if p.bytes().all(|b| b.is_ascii_digit()) { "{id}" } else { p.as_str() }).collect();
    format!("{method} /{}", named.join("/"))
}

async fn answer(State(site): State<Site>, request: Request) -> Response {
    let permalinks = site.lock().permalinks;
    let Some(route) = rest_route(request.uri(), permalinks) else {
        return page::answer(&site, request.method(), request.uri(), &base(request.headers()));
    };
    match read(&site, request, &route).await {
        Ok(rest) => site.rest(&rest).unwrap_or_else(Refusal::response),
        Err(refusal) => refusal.response(),
    }
}

impl Site {
    fn rest(&self, rest: &Rest) -> Answer {
        let route: Vec<&str> = rest.route.iter().map(String::as_str).collect();
        let reading = rest.method == Method::GET || rest.method == Method::HEAD;
        let writing = [Method::POST, Method::PUT, Method::PATCH].contains(&rest.method);
        let deleting = rest.method == Method::DELETE;
        match route.as_slice() {
            [] if reading => Ok(self.index(rest)),
            ["posts"] if reading => self.list_posts(rest),
            ["posts"] if rest.method == Method::POST => self.create_post(rest),
            ["posts", id] if reading => self.get_post(rest, id),
            ["posts", id] if writing => self.update_post(rest, id),
            ["posts", id] if deleting => self.delete_post(rest, id),
            ["media"] if reading => self.list_media(rest),
            ["media"] if rest.method == Method::POST => self.create_media(rest),
            ["media", id] if reading => self.get_media(rest, id),
            ["media", id] if writing => self.update_media(rest, id),
            ["media", id] if deleting => self.delete_media(rest, id),
            [terms @ ("categories" | "tags")] if reading => self.list_terms(rest, terms),
            [terms @ ("categories" | "tags")] if rest.method == Method::POST => self.create_term(rest, terms),
            ["users", "me"] if reading => self.me(rest),
            ["users", "me", "application-passwords", "introspect"] if reading => Self::introspect(rest),
            _ => Err(refuse(404, "rest_no_route", "No route was found matching the URL and request method.")),
        }
    }
}

/// The REST route of an address; `None` means a page. With plain permalinks `/wp-json/` is a page like any other.
fn rest_route(uri: &Uri, permalinks: Permalinks) -> Option<String> {
    let query = uri.query().unwrap_or_default();
    let from_query = form_urlencoded::parse(query.as_bytes()).find(|(k, _)| k == "rest_route").map(|(_, v)| v);
    if let Some(route) = from_query {
        return Some(route.into_owned());
    }
    let route = uri.path().strip_prefix("/wp-json").filter(|r| r.is_empty() || r.starts_with('/'))?;
    (permalinks == Permalinks::Pretty).then(|| route.to_owned())
}

fn parts_of(route: &str) -> Vec<String> {
    let route = route.strip_prefix("/wp/v2").unwrap_or(route);
    route.split('/').filter(|p| !p.is_empty()).map(str::to_owned).collect()
}

fn real_method(method: &Method, headers: &HeaderMap) -> Method {
    let overridden = headers.get("X-HTTP-Method-Override").and_then(|v| Method::from_bytes(v.as_bytes()).ok());
    overridden.filter(|_| method == Method::POST).unwrap_or_else(|| method.clone())
}

fn base(headers: &HeaderMap) -> String {
    let host = headers.get(HOST).and_then(|v| v.to_str().ok()).unwrap_or("localhost");
    format!("http://{host}")
}

async fn read(site: &Site, request: Request, route: &str) -> Result<Rest, Refusal> {
    let method = real_method(request.method(), request.headers());
    let headers = request.headers().clone();
    let query = request.uri().query().unwrap_or_default().to_owned();
    let mut params: Map<String, Value> = Map::new();
    let mut file = None;
    let kind = headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
    let rubbish = || refuse(400, "rest_invalid_json", "Invalid JSON body passed.");
    if kind.starts_with("multipart/form-data") {
        let mut form = Multipart::from_request(request, &()).await.map_err(|_| rubbish())?;
        while let Some(field) = form.next_field().await.map_err(|_| rubbish())? {
            let name = field.name().unwrap_or_default().to_owned();
            let file_name = field.file_name().map(str::to_owned);
            let bytes = field.bytes().await.map_err(|_| rubbish())?;
            match file_name {
                Some(file_name) if name == "file" => file = Some(File { name: file_name, bytes }),
                _ => drop(params.insert(name, String::from_utf8_lossy(&bytes).into_owned().into())),
            }
        }
    } else {
        let body = request.into_body().collect().await.map(http_body_util::Collected::to_bytes).unwrap_or_default();
        if kind.starts_with("application/json") {
            params = json_object(&body).ok_or_else(rubbish)?;
        } else if kind.starts_with("application/x-www-form-urlencoded") {
            add_pairs(&mut params, &body);
        } else if !body.is_empty() || headers.contains_key(CONTENT_DISPOSITION) {
            file = Some(File { name: String::new(), bytes: body });
        }
    }
    add_pairs(&mut params, query.as_bytes());
    params.remove("rest_route");
    let visitor = site.lock().account.visitor(&headers);
    Ok(Rest { method, route: parts_of(route), base: base(&headers), params, headers, file, visitor })
}

fn json_object(body: &Bytes) -> Option<Map<String, Value>> {
    if body.is_empty() {
        return Some(Map::new());
    }
    serde_json::from_slice(body).ok()
}

/// Adds `name=value`, and `name[]=value` as an array; what the body said stays.
fn add_pairs(params: &mut Map<String, Value>, pairs: &[u8]) {
    let mut arrays: Map<String, Value> = Map::new();
    for (name, value) in form_urlencoded::parse(pairs) {
        if let Some(name) = name.strip_suffix("[]") {
            if let Value::Array(items) = arrays.entry(name).or_insert_with(|| Value::Array(Vec::new())) {
                items.push(value.into());
            }
        } else {
            params.entry(name.into_owned()).or_insert_with(|| value.into());
        }
    }
    for (name, value) in arrays {
        params.entry(name).or_insert(value);
    }
}
