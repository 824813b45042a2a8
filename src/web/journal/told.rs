//! Entries in words: one sentence a kind, whose figures are the entry's own details.

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use serde_json::Value;

use crate::domain::Deed;
use crate::domain::week::IsoWeek;
use crate::journal::{Entry, VESTNIK, stamp};
use crate::web::page::Page;
use crate::web::post::linkable;
use crate::web::post::stop_key;
use crate::web::words::reason_named;

/// Details that sentences may name. Fluent knows its arguments by name, so they are a list.
const NAMED: [&str; 30] = [
    "action",
    "ahead_ms",
    "after",
    "before",
    "by",
    "format",
    "found",
    "from",
    "hold_seconds",
    "label",
    "login",
    "margin_seconds",
    "minimum",
    "name",
    "number",
    "outcome",
    "planned",
    "published",
    "reason",
    "revision",
    "role",
    "status",
    "title",
    "todo",
    "until",
    "verdict",
    "version",
    "week",
    "address",
    "filter",
];

/// The key of a kind's words.
fn kind_key(kind: &str) -> String {
    format!("journal-{}", kind.replace(['.', '_'], "-"))
}

/// Who did it: people under their names, the program under its own.
pub(super) fn actor(page: &Page, actor: &str) -> String {
    if actor == VESTNIK { page.t("journal-vestnik").to_string() } else { actor.to_owned() }
}

/// Whether the reason of an entry is a person's own; all others the program gives, in English.
pub(in crate::web) fn is_of_a_person(entry: &Entry) -> bool {
    const GIVEN: [&str; 6] = [
        "post.cancel_requested",
        "post.withdraw_requested",
        "delivery.cancelled",
        "channel.paused",
        "draft.returned",
        "draft.discarded",
    ];
    entry.actor != VESTNIK && GIVEN.contains(&entry.kind.as_str())
}

/// Of what kind the reason of an entry on this channel is, in words; `None` of one that has none, and of a newer
/// vestnik's.
pub(in crate::web) fn kind_in_words(page: &Page, entry: &Entry, channel: &str) -> Option<String> {
    let kind = entry.detail.get("kind").and_then(Value::as_str)?;
    if entry.kind == "delivery.stopped" {
        return Some(page.t(stop_key(kind.parse().ok()?)).to_string());
    }
    reason_named(page.locale, kind, channel)
}

/// What happened, in one sentence.
pub(in crate::web) fn sentence(page: &Page, entry: &Entry, zone: Tz) -> String {
    let words = page.t(kind_key(&entry.kind));
    if !words.is_known() {
        return page.t("journal-of-newer").with("kind", entry.kind.clone()).to_string();
    }
    let mut words = words;
    for name in NAMED {
        let value = entry.detail.get(name).filter(|value| !value.is_array() && !value.is_object());
        words = match value.and_then(Value::as_i64) {
            Some(number) => words.with(name, number),
            None => words.with(name, value.map_or_else(String::new, |value| in_words(page, name, value, zone))),
        };
    }
    // What a sentence chooses its form by is the name, not the word for it.
    let action = entry.detail.get("action").and_then(Value::as_str).unwrap_or_default();
    words.with("action_name", action.to_owned()).to_string()
}

/// A detail under its name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Detail {
    pub(super) name: String,
    pub(super) value: Told,
}

/// What a detail holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Told {
    /// Words.
    Text(String),
    /// Words of the program.
    English(String),
    /// An instant, as the journal has it.
    Time(DateTime<Utc>),
    /// An address that one may go to.
    Address(String),
    /// Hashes and ids: no word of them is read.
    Code(String),
}

/// Every detail of an entry on this channel, in the journal's order. What lies deeper carries the names above it.
pub(super) fn details(page: &Page, entry: &Entry, channel: &str, zone: Tz) -> Vec<Detail> {
    let mut told = Vec::new();
    for (key, value) in &entry.detail {
        let name = field_name(page, key);
        match value {
            Value::String(said) if matches!(&**key, "reason" | "todo") && !is_of_a_person(entry) => {
                told.push(Detail { name, value: Told::English(said.clone()) });
            }
            Value::String(kind) if key == "kind" => {
                let words = kind_in_words(page, entry, channel);
                told.push(Detail { name, value: words.map_or_else(|| Told::Code(kind.clone()), Told::Text) });
            }
            _ => tell(page, (key, &name), value, zone, &mut told),
        }
    }
    told
}

/// What a field is called; one of a newer vestnik stands under its own name.
fn field_name(page: &Page, key: &str) -> String {
    let name = page.t(format!("journal-field-{}", key.replace('_', "-")));
    if name.is_known() { name.to_string() } else { key.to_owned() }
}

fn tell(page: &Page, (key, name): (&str, &str), value: &Value, zone: Tz, told: &mut Vec<Detail>) {
    let text = || Told::Text(in_words(page, key, value, zone));
    let value = match value {
        Value::Object(fields) => {
            for (key, value) in fields {
                tell(page, (key, &format!("{name} · {}", field_name(page, key))), value, zone, told);
            }
            return;
        }
        Value::Array(items) => {
            for (nth, item) in items.iter().enumerate() {
                tell(page, (key, &format!("{name} {}", nth + 1)), item, zone, told);
            }
            return;
        }
        Value::String(content) => match stamp::parse(content) {
            Ok(at) => Told::Time(at),
            Err(_) if key == "url" && linkable(Some(content)).is_some() => Told::Address(content.clone()),
            Err(_) if key.ends_with("sha256") || matches!(key, "attempt" | "draft" | "hash" | "remote_id") => {
                Told::Code(content.clone())
            }
            Err(_) => text(),
        },
        _ => text(),
    };
    told.push(Detail { name: name.to_owned(), value });
}

/// A value as people read it: words of closed lists in the visitor's language, times on the clocks of the zone.
fn in_words(page: &Page, key: &str, value: &Value, zone: Tz) -> String {
    match value {
        Value::String(text) => {
            if let Ok(at) = stamp::parse(text) {
                return page.exact_time(&at, &zone);
            }
            if key == "week"
                && let Ok(week) = text.parse::<IsoWeek>()
            {
                return page.week(week.monday());
            }
            if key == "action"
                && let Some((deed, asked)) = text.split_once(": ")
                && let Ok(deed) = deed.parse::<Deed>()
            {
                let deed = page.t(format!("journal-value-deed-{}", deed.name().replace('_', "-")));
                return format!("{deed} ({asked})");
            }
            let plain = text.chars().all(|c| c.is_ascii_lowercase() || c == '_') && text.len() <= 30;
            let word = page.t(format!("journal-value-{key}-{}", text.replace('_', "-")));
            if plain && word.is_known() { word.to_string() } else { text.clone() }
        }
        Value::Bool(is) => page.t(if *is { "journal-yes" } else { "journal-no" }).to_string(),
        Value::Null => String::new(),
        other => other.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use crate::journal::Event;
    use crate::web::locale::Locale;

    use super::*;

    #[test]
    fn every_kind_and_every_subject_has_words() {
        for locale in [Locale::Ru, Locale::En] {
            for kind in Event::KINDS {
                assert!(locale.t(&kind_key(kind)).is_known(), "{kind} has no sentence in {}", locale.name());
                let subject = kind.split('.').next().unwrap();
                assert!(locale.t(&format!("journal-kinds-{subject}")).is_known(), "{subject} in {}", locale.name());
            }
            for deed in Deed::ALL {
                let key = format!("journal-value-deed-{}", deed.name().replace('_', "-"));
                assert!(locale.t(&key).is_known(), "{key} in {}", locale.name());
            }
        }
    }
}
