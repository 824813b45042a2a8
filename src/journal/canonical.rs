//! One text for one value: the JSON Canonicalization Scheme (RFC 8785), for the values that the journal uses.
//!
//! Those are strings, whole numbers below 2^53, booleans, null, lists, and objects whose keys are ASCII. For them the
//! scheme is simply: no white space, keys in byte order, and the shortest escapes. That is what makes it easy to
//! recompute in any language; fractions, whose spelling is the hard part of the scheme, do not occur.

use std::fmt::Write as _;

use serde_json::{Map, Number, Value};

/// Whole numbers are exact in every language up to this size (2^53 - 1, RFC 8785 section 3.2.2.3).
pub const INTEGER_MAX: i64 = 9_007_199_254_740_991;

/// Whether a number of entries is one that can be written.
pub fn is_count(number: u64) -> bool {
    number <= INTEGER_MAX.unsigned_abs()
}

/// Lists and objects lie at most this deep in an entry's detail.
pub const DEPTH_MAX: usize = 32;

/// A value that the journal does not use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// A fraction, or a whole number too large to be exact everywhere.
    #[error("the number {0} is not a whole number below 2^53")]
    Number(String),
    /// A key outside ASCII, whose order would depend on the language.
    #[error("the key `{0}` is not ASCII")]
    Key(String),
    /// Lists in lists in lists.
    #[error("lists and objects lie more than {DEPTH_MAX} deep in each other")]
    Depth,
}

/// Whether an entry's detail holds only values that the journal uses.
pub fn check(detail: &Map<String, Value>) -> Result<(), Unfit> {
    check_object(detail, DEPTH_MAX)
}

fn check_object(object: &Map<String, Value>, depth: usize) -> Result<(), Unfit> {
    let deeper = depth.checked_sub(1).ok_or(Unfit::Depth)?;
    for (key, value) in object {
        if !key.is_ascii() {
            return Err(Unfit::Key(key.clone()));
        }
        check_value(value, deeper)?;
    }
    Ok(())
}

fn check_value(value: &Value, depth: usize) -> Result<(), Unfit> {
    match value {
        Value::Null | Value::Bool(_) | Value::String(_) => Ok(()),
        Value::Number(number) => check_number(number),
        Value::Object(object) => check_object(object, depth),
        Value::Array(items) => {
            let deeper = depth.checked_sub(1).ok_or(Unfit::Depth)?;
            items.iter().try_for_each(|item| check_value(item, deeper))
        }
    }
}

fn check_number(number: &Number) -> Result<(), Unfit> {
    let exact = number.as_i64().is_some_and(|n| (-INTEGER_MAX..=INTEGER_MAX).contains(&n));
    if exact { Ok(()) } else { Err(Unfit::Number(number.to_string())) }
}

/// Appends the canonical text of `object`. Exact for what [`check`] lets pass.
pub fn write_object(out: &mut String, object: &Map<String, Value>) {
    // Another crate of the build may have told serde_json to keep the order of insertion.
    let mut fields: Vec<_> = object.iter().collect();
    fields.sort_unstable_by_key(|(key, _)| key.as_bytes());
    out.push('{');
    for (i, (key, value)) in fields.into_iter().enumerate() {
        if i > 0 {
            out.push(',');
        }
        write_string(out, key);
        out.push(':');
        write_value(out, value);
    }
    out.push('}');
}

fn write_value(out: &mut String, value: &Value) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(true) => out.push_str("true"),
        Value::Bool(false) => out.push_str("false"),
        Value::Number(number) => out.push_str(&number.to_string()),
        Value::String(text) => write_string(out, text),
        Value::Object(object) => write_object(out, object),
        Value::Array(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write_value(out, item);
            }
            out.push(']');
        }
    }
}

/// Appends a string with the escapes of RFC 8785 section 3.2.2.2.
pub fn write_string(out: &mut String, text: &str) {
    out.push('"');
    let mut rest = text;
    // Nearly all text needs none: it is taken over as it is, up to what does.
    while let Some(place) = rest.bytes().position(|b| b < b' ' || b == b'"' || b == b'\\') {
        out.push_str(&rest[..place]);
        write_escape(out, rest.as_bytes()[place]);
        rest = &rest[place + 1..];
    }
    out.push_str(rest);
    out.push('"');
}

fn write_escape(out: &mut String, byte: u8) {
    match byte {
        b'"' => out.push_str("\\\""),
        b'\\' => out.push_str("\\\\"),
        8 => out.push_str("\\b"),
        b'\t' => out.push_str("\\t"),
        b'\n' => out.push_str("\\n"),
        12 => out.push_str("\\f"),
        b'\r' => out.push_str("\\r"),
        // Writing to a String cannot fail.
        other => drop(write!(out, "\\u{other:04x}")),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    fn canonical(value: &Value) -> String {
        let mut out = String::new();
        write_value(&mut out, value);
        out
    }

    #[test]
    fn the_text_is_the_one_an_outsider_computes() {
        let value = json!({"б": 1, "b": [true, null, -5], "a": {"text": "«Ура»\u{7f}\u{1}\n\"\\/"}, "A": ""});
        assert_eq!(
            canonical(&value),
            r#"{"A":"","a":{"text":"«Ура»"#.to_owned() + "\u{7f}" + r#"\u0001\n\"\\/"},"b":[true,null,-5],"б":1}"#
        );
    }

    #[test]
    fn what_cannot_be_recomputed_everywhere_is_refused() {
        let object = |value: Value| value.as_object().cloned().unwrap();
        assert_eq!(check(&object(json!({"n": INTEGER_MAX, "m": -INTEGER_MAX}))), Ok(()));
        assert_eq!(check(&object(json!({"n": INTEGER_MAX + 1}))), Err(Unfit::Number("9007199254740992".into())));
        assert_eq!(check(&object(json!({"n": [1.5]}))), Err(Unfit::Number("1.5".into())));
        assert_eq!(check(&object(json!({"ключ": 1}))), Err(Unfit::Key("ключ".into())));
        let nested = |levels| (0..levels).fold(json!(1), |inner, _| json!([inner]));
        assert_eq!(check(&object(json!({"deep": nested(DEPTH_MAX - 1)}))), Ok(()));
        assert_eq!(check(&object(json!({"deep": nested(DEPTH_MAX)}))), Err(Unfit::Depth));
    }

    /// Any value that the journal uses.
    fn values() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            (-INTEGER_MAX..=INTEGER_MAX).prop_map(Value::from),
            any::<String>().prop_map(Value::from),
            "[\\x00-\\x7f«»а-я🎉]{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(4, 32, 6, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                prop::collection::vec(("[ -~]{0,8}", inner), 0..6).prop_map(|fields| fields.into_iter().collect()),
            ]
        })
    }

    proptest! {
        #[test]
        fn it_is_rfc_8785(value in values()) {
            prop_assert_eq!(canonical(&value), serde_jcs::to_string(&value).unwrap());
        }
    }
}
