//! A topic as `mediatopic.getTopics` and `mediatopic.getByIds` give it (OK API, media topic fields).

use chrono::{DateTime, Utc};
use serde_json::Value;
use vestnik_contract::Shown;

use crate::permalink::is_id;

/// A topic read back.
#[derive(Debug, Clone)]
pub(crate) struct Topic {
    /// Its number.
    pub(crate) id: String,
    /// `created_ms`.
    pub(crate) created: Option<DateTime<Utc>>,
    /// `publication_date_ms`: differs from `created` for topics that colleagues scheduled.
    pub(crate) published: Option<DateTime<Utc>>,
    /// `owner_ref`, for example `group:53038939046008`.
    pub(crate) owner: Option<String>,
    /// The text blocks, parted by empty lines.
    pub(crate) text: String,
    /// `is_text_cut`: the text is only a beginning.
    pub(crate) cut: bool,
    /// How many pictures and films it shows, when the answer lists them.
    pub(crate) pictures: Option<usize>,
    /// Why readers do not see it although it is there (`on_moderation`, `is_unpublished_post`, `is_hidden_post`).
    pub(crate) out_of_sight: Option<&'static str>,
    /// `delete_id`: what the topic is deleted by.
    pub(crate) delete_id: Option<String>,
}

impl Topic {
    /// Reads one entry; `None` when it has no id.
    pub(crate) fn read(entry: &Value) -> Option<Self> {
        let id = text_of(entry.get("id")).filter(|id| is_id(id))?;
        let media = entry.get("media").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
        let texts = media.iter().filter(|block| kind(block) == Some("text"));
        let texts: Vec<&str> = texts.filter_map(|block| block.get("text")?.as_str()).collect();
        let text = if texts.is_empty() {
            entry.get("media_text").and_then(Value::as_str).unwrap_or_default().to_owned()
        } else {
            texts.join("\n\n")
        };
        Some(Self {
            id,
            created: moment(entry.get("created_ms")),
            published: moment(entry.get("publication_date_ms")),
            owner: text_of(entry.get("owner_ref")),
            text,
            cut: flag(entry.get("is_text_cut")) || texts_are_cut(media),
            pictures: media.iter().filter(|b| matches!(kind(b), Some("photo" | "movie"))).map(items).sum(),
            out_of_sight: out_of_sight(entry),
            delete_id: text_of(entry.get("delete_id")).filter(|id| !id.is_empty()),
        })
    }

    /// When readers could see it first.
    pub(crate) fn visible_since(&self) -> Option<DateTime<Utc>> {
        self.published.max(self.created)
    }

    /// Whether it stands in this group, as far as the answer says.
    pub(crate) fn belongs_to(&self, group: &str) -> bool {
        self.owner.as_deref().is_none_or(|owner| owner.strip_prefix("group:") == Some(group))
    }

    /// What a reader sees.
    pub(crate) fn shown(&self, url: Option<url::Url>) -> Shown {
        Shown {
            text: self.text.clone(),
            cut: self.cut,
            opaque: false,
            media: self.pictures,
            url,
            platform_time: self.visible_since(),
        }
    }
}

fn out_of_sight(entry: &Value) -> Option<&'static str> {
    [
        ("on_moderation", "it waits for the group's moderators"),
        ("is_unpublished_post", "it is not published yet"),
        ("is_hidden_post", "it is hidden from the group's page"),
    ]
    .into_iter()
    .find_map(|(field, why)| flag(entry.get(field)).then_some(why))
}

fn kind(block: &Value) -> Option<&str> {
    block.get("type")?.as_str()
}

fn texts_are_cut(media: &[Value]) -> bool {
    media.iter().any(|block| flag(block.get("is_text_cut")))
}

/// How many items a block lists. Clients have seen different names for the list.
fn items(block: &Value) -> Option<usize> {
    ["photo_refs", "movie_refs", "photos", "list"].iter().find_map(|name| block.get(name)?.as_array()).map(Vec::len)
}

/// A string or a number as text.
pub(crate) fn text_of(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// A whole number, quoted or bare.
pub(crate) fn number_of(value: Option<&Value>) -> Option<i64> {
    let value = value?;
    value.as_i64().or_else(|| value.as_str()?.parse().ok())
}

/// `true`, quoted or bare.
pub(crate) fn flag(value: Option<&Value>) -> bool {
    value.is_some_and(|v| v.as_bool().unwrap_or_else(|| v.as_str() == Some("true")))
}

fn moment(value: Option<&Value>) -> Option<DateTime<Utc>> {
    DateTime::from_timestamp_millis(number_of(value).filter(|ms| *ms > 0)?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn quoted_and_bare_values_read_alike() {
        let bare =
            json!({"id": 155, "created_ms": 1_795_305_600_000_i64, "on_moderation": true, "owner_ref": "group:53"});
        let quoted =
            json!({"id": "155", "created_ms": "1795305600000", "on_moderation": "true", "owner_ref": "group:53"});
        for entry in [bare, quoted] {
            let topic = Topic::read(&entry).unwrap();
            assert_eq!(topic.id, "155");
            assert_eq!(topic.created.unwrap().to_rfc3339(), "2026-11-22T00:00:00+00:00");
            assert!(topic.belongs_to("53") && !topic.belongs_to("5"));
            assert!(topic.out_of_sight.unwrap().contains("moderators"));
        }
    }

    #[test]
    fn blocks_become_text_and_a_count() {
        let topic = Topic::read(&json!({"id": "1", "media": [
            {"type": "text", "text": "Раз"},
            {"type": "photo", "photo_refs": ["group_photo:1", "group_photo:2"]},
            {"type": "link", "url": "https://example.ru"},
            {"type": "text", "text": "Два"},
        ]}))
        .unwrap();
        assert_eq!((topic.text.as_str(), topic.pictures, topic.cut), ("Раз\n\nДва", Some(2), false));
        let unlisted = Topic::read(&json!({"id": "1", "media": [{"type": "photo"}]})).unwrap();
        assert_eq!(unlisted.pictures, None, "a picture whose list is not shown cannot be counted");
    }

    #[test]
    fn rubbish_is_no_topic() {
        for entry in [json!({}), json!({"id": "0"}), json!({"id": null}), json!([]), json!("155"), json!({"id": "a/b"})]
        {
            assert!(Topic::read(&entry).is_none(), "{entry}");
        }
        let odd = Topic::read(&json!({"id": 1, "media": "no", "created_ms": 9_223_372_036_854_775_807_i64})).unwrap();
        assert_eq!((odd.created, odd.pictures), (None, Some(0)));
    }
}
