//! Turns what the parser says into what the person at the editor needs to read.

use super::error::Problem;
use super::near;

/// A parser's message about a key, in words that name the value and what is allowed.
pub(crate) fn problem(path: &str, message: &str) -> Problem {
    if let Some(field) = quoted_after(message, "missing field ") {
        return Problem::new(within(path, field), "is missing");
    }
    if let Some(field) = quoted_after(message, "unknown field ") {
        let allowed: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
        let hint = near::hint(field, allowed.iter().copied());
        let key = if path == field || path.ends_with(&format!(".{field}")) { path.into() } else { within(path, field) };
        return Problem::new(key, format!("is not a key here{hint} Allowed: {}", allowed.join(", ")));
    }
    if let Some((found, expected)) = message.strip_prefix("invalid type: ").and_then(|m| m.split_once(", expected ")) {
        // What stands where a secret should may well be the secret.
        if expected.starts_with("a secret") {
            return Problem::new(path, format!("must be {expected}"));
        }
        return Problem::new(path, format!("{} stands here; it must be {}", found_name(found), type_name(expected)));
    }
    if let Some((found, expected)) = message.strip_prefix("invalid value: ").and_then(|m| m.split_once(", expected ")) {
        return Problem::new(path, format!("{} is not allowed; it must be {}", found_name(found), type_name(expected)));
    }
    if let Some(variant) = quoted_after(message, "unknown variant ") {
        let allowed: Vec<&str> = message.split('`').skip(3).step_by(2).collect();
        let hint = near::hint(variant, allowed.iter().copied());
        return Problem::new(path, format!("`{variant}` is not allowed{hint} Allowed: {}", allowed.join(", ")));
    }
    Problem::new(path, message)
}

/// `key` inside `path`, which may be the top level.
pub(crate) fn within(path: &str, key: &str) -> String {
    match (path, key) {
        ("", key) => key.to_owned(),
        (path, "") => path.to_owned(),
        (path, key) => format!("{path}.{key}"),
    }
}

fn quoted_after<'a>(message: &'a str, start: &str) -> Option<&'a str> {
    message.strip_prefix(start)?.strip_prefix('`')?.split('`').next()
}

fn found_name(found: &str) -> String {
    match found.split_once(' ') {
        Some(("string", value)) => format!("the text {value}"),
        Some(("integer", value)) => format!("the number {}", value.trim_matches('`')),
        Some(("floating", value)) => format!("the number {}", value.trim_start_matches("point ").trim_matches('`')),
        Some(("boolean", value)) => value.trim_matches('`').to_owned(),
        _ if found == "map" => "a table".into(),
        _ if found == "sequence" => "a list".into(),
        _ => found.to_owned(),
    }
}

fn type_name(expected: &str) -> &str {
    match expected {
        "i8" | "i16" | "i32" | "i64" => "a whole number",
        "u8" | "u16" | "u32" | "u64" | "usize" => "a whole number, 0 or more",
        "f32" | "f64" => "a number",
        "a string" => "text in quotation marks",
        "a boolean" => "true or false",
        "a sequence" => "a list in [square brackets]",
        "a map" => "a table",
        other => other,
    }
}
