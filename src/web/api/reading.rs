//! The page that shows the program interface to people. It is made of the same document that programs read.

use askama::Template;
use axum::response::Html;
use serde_json::Value;

use super::{BASE, DOCUMENT};
use crate::web::WebError;
use crate::web::page::Page;
use crate::web::visitor::Visitor;

#[derive(Template)]
#[template(path = "api.html")]
struct Reading {
    page: Page,
    base: &'static str,
    calls: Vec<Call>,
    shapes: Vec<Shape>,
}

/// One call.
struct Call {
    method: String,
    path: String,
    anchor: String,
    told: String,
    parameters: Vec<Field>,
    body: Option<String>,
    answers: Vec<(String, String, Option<String>)>,
}

/// One shape of what goes over the wire.
struct Shape {
    name: String,
    told: String,
    fields: Vec<Field>,
}

/// A parameter or a field.
struct Field {
    name: String,
    kind: String,
    /// The shape behind it.
    shape: Option<String>,
    is_required: bool,
    told: String,
}

pub(super) async fn page(visitor: Visitor) -> Result<Html<String>, WebError> {
    let document = serde_json::to_value(&*DOCUMENT).map_err(WebError::internal)?;
    let page = Reading { page: visitor.page, base: BASE, calls: calls(&document), shapes: shapes(&document) };
    Ok(Html(page.render()?))
}

fn calls(document: &Value) -> Vec<Call> {
    let paths = document["paths"].as_object().into_iter().flatten();
    let all = paths.flat_map(|(path, methods)| {
        methods.as_object().into_iter().flatten().map(move |(method, call)| Call {
            method: method.to_uppercase(),
            path: path.clone(),
            // A path is told once; two calls may have the same name.
            anchor: format!("{method}{path}").replace(|c: char| !c.is_ascii_alphanumeric(), "-"),
            told: words(&call["summary"], &call["description"]),
            parameters: list(&call["parameters"]).iter().map(parameter).collect(),
            body: shape_of(&call["requestBody"]["content"]["application/json"]["schema"]),
            answers: answers(&call["responses"]),
        })
    });
    all.collect()
}

fn answers(responses: &Value) -> Vec<(String, String, Option<String>)> {
    let all = responses.as_object().into_iter().flatten();
    let answer = |(status, response): (&String, &Value)| {
        let content = response["content"].as_object().and_then(|kinds| kinds.values().next());
        let shape = content.and_then(|kind| shape_of(&kind["schema"]));
        (status.clone(), text(&response["description"]), shape)
    };
    all.map(answer).collect()
}

fn parameter(parameter: &Value) -> Field {
    Field {
        name: text(&parameter["name"]),
        kind: format!("{}, {}", text(&parameter["in"]), kind_of(&parameter["schema"])),
        shape: None,
        is_required: parameter["required"] == true,
        told: text(&parameter["description"]),
    }
}

fn shapes(document: &Value) -> Vec<Shape> {
    let all = document["components"]["schemas"].as_object().into_iter().flatten();
    let shape = |(name, schema): (&String, &Value)| {
        let required: Vec<_> = list(&schema["required"]).iter().filter_map(Value::as_str).collect();
        let properties = schema["properties"].as_object().into_iter().flatten();
        let parts = list(&schema["allOf"]).iter().filter_map(|part| part["properties"].as_object()).flatten();
        let fields = properties.chain(parts).map(|(name, schema)| Field {
            name: name.clone(),
            kind: kind_of(schema),
            shape: shape_of(schema),
            is_required: required.contains(&name.as_str()),
            told: text(&schema["description"]),
        });
        let mut told = text(&schema["description"]);
        let names: Vec<_> = list(&schema["enum"]).iter().filter_map(Value::as_str).collect();
        if !names.is_empty() {
            told = format!("{told} One of: {}.", names.join(", "));
        }
        Shape { name: name.clone(), told, fields: fields.collect() }
    };
    all.map(shape).collect()
}

/// The shape that a schema refers to, whether itself, in a list or perhaps.
fn shape_of(schema: &Value) -> Option<String> {
    let own = schema["$ref"].as_str().and_then(|place| place.rsplit('/').next()).map(ToOwned::to_owned);
    let items = schema.get("items").and_then(shape_of);
    let either = list(&schema["oneOf"]).iter().find_map(shape_of);
    own.or(items).or(either)
}

fn kind_of(schema: &Value) -> String {
    let kind = match &schema["type"] {
        Value::String(kind) => kind.clone(),
        Value::Array(kinds) => {
            kinds.iter().filter_map(Value::as_str).filter(|k| *k != "null").collect::<Vec<_>>().join(", ")
        }
        _ => String::new(),
    };
    match schema["format"].as_str() {
        Some(format) => format!("{kind} ({format})"),
        None => kind,
    }
}

fn words(summary: &Value, description: &Value) -> String {
    let (summary, description) = (text(summary), text(description));
    if description.is_empty() || description == summary { summary } else { format!("{summary} {description}") }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn list(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}
