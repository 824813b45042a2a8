//! The REST interface's JSON: envelopes, `_fields`, and the shapes of posts, media, terms.

use std::collections::BTreeMap;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use chrono::{DateTime, SecondsFormat, Utc};
use chrono_tz::Europe::Moscow;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde_json::{Map, Value, json};

use super::Site;
use super::auth::Visitor;
use super::post::Post;
use super::world::{MediaItem, Term, World};

/// One call of the REST interface, with query, form and JSON parameters as one map, as `WordPress` has them.
#[derive(Debug)]
pub(super) struct Rest {
    pub(super) method: Method,
    /// The route without `/wp/v2`, in parts.
    pub(super) route: Vec<String>,
    pub(super) params: Map<String, Value>,
    pub(super) headers: HeaderMap,
    pub(super) file: Option<File>,
    pub(super) visitor: Visitor,
    /// Scheme and host that the site was asked under.
    pub(super) base: String,
}

/// An uploaded file before it is judged.
#[derive(Debug)]
pub(super) struct File {
    pub(super) name: String,
    pub(super) bytes: bytes::Bytes,
}

impl Rest {
    /// A parameter as text; numbers count as text, as PHP has it.
    pub(super) fn text(&self, name: &str) -> Option<String> {
        match self.params.get(name)? {
            Value::String(s) => Some(s.clone()),
            Value::Number(n) => Some(n.to_string()),
            Value::Bool(b) => Some(b.to_string()),
            _ => None,
        }
    }

    /// A parameter that may be a comma-separated text or an array.
    pub(super) fn list(&self, name: &str) -> Option<Vec<String>> {
        match self.params.get(name)? {
            Value::Array(items) => {
                Some(items.iter().map(|v| v.as_str().map_or_else(|| v.to_string(), str::to_owned)).collect())
            }
            _ => Some(self.text(name)?.split(',').map(|s| s.trim().to_owned()).filter(|s| !s.is_empty()).collect()),
        }
    }

    pub(super) fn edits(&self) -> bool {
        self.text("context").as_deref() == Some("edit")
    }
}

/// An error in `WordPress`' envelope.
#[derive(Debug)]
pub(super) struct Refusal {
    status: u16,
    code: &'static str,
    message: String,
    data: Map<String, Value>,
}

pub(super) type Answer = Result<Response, Refusal>;

/// A refusal with a code of `WordPress`.
pub(super) fn refuse(status: u16, code: &'static str, message: &str) -> Refusal {
    Refusal { status, code, message: message.into(), data: Map::new() }
}

/// 400 `rest_invalid_param` for one parameter.
pub(super) fn invalid(param: &str, why: &str, inner: &'static str) -> Refusal {
    let mut refusal = refuse(400, "rest_invalid_param", &format!("Invalid parameter(s): {param}"));
    refusal.data.insert("params".into(), json!({ param: why }));
    refusal.data.insert("details".into(), json!({ param: { "code": inner, "message": why, "data": null } }));
    refusal
}

impl Refusal {
    pub(super) fn with(mut self, key: &str, value: Value) -> Self {
        self.data.insert(key.into(), value);
        self
    }

    pub(super) fn response(self) -> Response {
        let mut data = self.data;
        data.insert("status".into(), json!(self.status));
        respond(self.status, &json!({ "code": self.code, "message": self.message, "data": data }))
    }
}

/// A JSON answer.
pub(super) fn respond(status: u16, body: &Value) -> Response {
    let mut response = Body::from(body.to_string()).into_response();
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json; charset=UTF-8"));
    response
}

/// A JSON answer cut to the `_fields` that were asked for.
pub(super) fn respond_to(rest: &Rest, status: u16, body: &Value) -> Response {
    let Some(fields) = rest.list("_fields") else { return respond(status, body) };
    let cut = match body {
        Value::Array(items) => Value::Array(items.iter().map(|i| only(i, &fields)).collect()),
        other => only(other, &fields),
    };
    respond(status, &cut)
}

/// A page of a list, with the totals in headers.
pub(super) fn respond_page(rest: &Rest, items: &[Value], total: usize, per_page: usize) -> Response {
    let mut response = respond_to(rest, 200, &Value::Array(items.to_vec()));
    let headers = response.headers_mut();
    headers.insert("X-WP-Total", HeaderValue::from(total));
    headers.insert("X-WP-TotalPages", HeaderValue::from(total.div_ceil(per_page)));
    response
}

/// `per_page` and `page`, checked.
pub(super) fn paging(rest: &Rest) -> Result<(usize, usize), Refusal> {
    let number = |name: &str, default: usize, max: usize| match rest.text(name) {
        None => Ok(default),
        Some(text) => text.parse().ok().filter(|n| (1..=max).contains(n)).ok_or_else(|| {
            invalid(name, &format!("{name} must be between 1 (inclusive) and {max} (inclusive)"), "rest_out_of_bounds")
        }),
    };
    Ok((number("per_page", 10, 100)?, number("page", 1, 1_000_000)?))
}

fn only(value: &Value, fields: &[String]) -> Value {
    let Value::Object(map) = value else { return value.clone() };
    let mut wanted: BTreeMap<&str, Vec<String>> = BTreeMap::new();
    let mut whole: Vec<&str> = Vec::new();
    for field in fields {
        match field.split_once('.') {
            Some((outer, inner)) => wanted.entry(outer).or_default().push(inner.to_owned()),
            None => whole.push(field),
        }
    }
    let kept = map.iter().filter_map(|(key, value)| {
        if whole.contains(&key.as_str()) {
            Some((key.clone(), value.clone()))
        } else {
            wanted.get(key.as_str()).map(|inner| (key.clone(), only(value, inner)))
        }
    });
    Value::Object(kept.collect())
}

impl Site {
    /// A post as the REST interface shows it; `raw` in the edit context only.
    pub(super) fn post_json(world: &World, rest: &Rest, post: &Post, edit: bool) -> Value {
        let text = |raw: &str, rendered: String| {
            let mut map = json!({ "rendered": rendered });
            if edit {
                map["raw"] = json!(raw);
            }
            map
        };
        let mut json = json!({
            "id": post.id,
            "date": local(post.date),
            "date_gmt": gmt(post.date),
            "modified": local(post.modified),
            "modified_gmt": gmt(post.modified),
            "slug": post.slug,
            "status": post.status.name(),
            "type": "post",
            "link": format!("{}{}", rest.base, world.path_of(post)),
            "guid": { "rendered": format!("{}/?p={}", rest.base, post.id) },
            "title": text(&post.title, post.title.clone()),
            "content": text(&post.content, rendered(&post.content)),
            "excerpt": text(&post.excerpt, rendered(&post.excerpt)),
            "author": post.author,
            "featured_media": post.featured_media,
            "comment_status": "open",
            "ping_status": "open",
            "sticky": false,
            "template": "",
            "format": "standard",
            "meta": [],
            "categories": post.categories,
            "tags": post.tags,
        });
        json["content"]["protected"] = json!(false);
        json
    }

    pub(super) fn media_json(rest: &Rest, item: &MediaItem) -> Value {
        json!({
            "id": item.id,
            "date_gmt": gmt(item.date),
            "slug": item.slug,
            "status": "inherit",
            "type": "attachment",
            "link": format!("{}/{}/", rest.base, item.slug),
            "title": { "rendered": item.title },
            "alt_text": item.alt_text,
            "media_type": if item.mime.starts_with("image/") { "image" } else { "file" },
            "mime_type": item.mime,
            "source_url": format!("{}/wp-content/uploads/{}", rest.base, item.file),
            "meta": [],
        })
    }

    pub(super) fn term_json(rest: &Rest, term: &Term, taxonomy: &str) -> Value {
        json!({
            "id": term.id,
            "name": term.name,
            "slug": term.slug,
            "taxonomy": taxonomy,
            "link": format!("{}/{}/{}/", rest.base, taxonomy.trim_start_matches("post_"), term.slug),
            "meta": [],
        })
    }
}

/// Text without paragraphs gets them when it is shown (`wpautop`), finished HTML stays as it is.
pub(super) fn rendered(content: &str) -> String {
    if content.is_empty() || content.contains("<p") {
        return content.to_owned();
    }
    let paragraphs = content.split("\n\n").map(str::trim).filter(|p| !p.is_empty());
    paragraphs.map(|p| ["<p>", &p.replace('\n', "<br />\n"), "</p>\n"].concat()).collect()
}

/// UTC without a zone, as `date_gmt` is written.
pub(super) fn gmt(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true).trim_end_matches('Z').to_owned()
}

fn local(time: DateTime<Utc>) -> String {
    time.with_timezone(&Moscow).format("%Y-%m-%dT%H:%M:%S").to_string()
}

/// A date as `WordPress` takes it: with a zone, or in the site's own zone (`utc`: in UTC).
pub(super) fn read_date(text: &str, utc: bool) -> Option<DateTime<Utc>> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.to_utc());
    }
    let naive = chrono::NaiveDateTime::parse_from_str(text, "%Y-%m-%dT%H:%M:%S%.f").ok()?;
    if utc { Some(naive.and_utc()) } else { naive.and_local_timezone(Moscow).earliest().map(|t| t.to_utc()) }
}
