//! A post in MAX's answers. Read leniently: fields are absent, null or new without notice.

use chrono::{DateTime, Utc};
use serde_json::Value;
use url::Url;
use vestnik_contract::{MediaKind, RemoteId, Shown};

use crate::address;

/// What is read of a `Message` (MAX API schema 0.0.33).
#[derive(Debug, Clone)]
pub(crate) struct Message {
    pub(crate) id: RemoteId,
    pub(crate) seq: Option<u64>,
    pub(crate) text: String,
    /// When it was made; an edit does not change it.
    pub(crate) at: Option<DateTime<Utc>>,
    pub(crate) url: Option<Url>,
    /// Absent on posts made on behalf of the channel.
    pub(crate) sender: Option<i64>,
    pub(crate) chat_id: Option<i64>,
    /// The types of what stands beside the text, sorted. Previews and keyboards are not counted: MAX adds the first
    /// by itself, and readers see neither as content.
    media: Vec<String>,
}

impl Message {
    /// `None` for what has no id: no post of ours.
    pub(crate) fn read(value: &Value) -> Option<Self> {
        let body = &value["body"];
        let id = RemoteId(body["mid"].as_str().filter(|mid| !mid.is_empty())?.to_owned());
        let attachments = body["attachments"].as_array().map(Vec::as_slice).unwrap_or_default();
        let kinds = attachments.iter().filter_map(|a| a["type"].as_str());
        let mut media: Vec<String> =
            kinds.filter(|kind| !matches!(*kind, "share" | "inline_keyboard")).map(str::to_owned).collect();
        media.sort_unstable();
        Some(Self {
            seq: body["seq"].as_u64().or_else(|| address::seq(&id)),
            id,
            text: body["text"].as_str().unwrap_or_default().to_owned(),
            at: value["timestamp"].as_i64().and_then(DateTime::from_timestamp_millis),
            url: value["url"].as_str().and_then(address::web),
            sender: value["sender"]["user_id"].as_i64(),
            chat_id: value["recipient"]["chat_id"].as_i64(),
            media,
        })
    }

    /// The posts of a list.
    pub(crate) fn list(value: &Value) -> Option<Vec<Self>> {
        Some(value["messages"].as_array()?.iter().filter_map(Self::read).collect())
    }

    /// What a reader sees.
    pub(crate) fn shown(&self) -> Shown {
        Shown {
            text: self.text.clone(),
            cut: false,
            opaque: false,
            media: Some(self.media.len()),
            url: self.url.clone(),
            platform_time: self.at,
        }
    }

    pub(crate) fn media_count(&self) -> usize {
        self.media.len()
    }

    /// Whether it shows as many files of the same types.
    pub(crate) fn has_media_of(&self, sent: impl Iterator<Item = MediaKind>) -> bool {
        let mut sent: Vec<&str> = sent.map(type_of).collect();
        sent.sort_unstable();
        self.media == sent
    }
}

/// What MAX calls a kind of file, in posts and uploads alike.
pub(crate) fn type_of(kind: MediaKind) -> &'static str {
    match kind {
        MediaKind::Picture => "image",
        MediaKind::Document => "file",
        MediaKind::Video => "video",
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn only_an_address_of_the_web_is_where_a_post_is_read() {
        let read = |url: &str| Message::read(&json!({ "url": url, "body": { "mid": "mid.1" } })).unwrap().url;
        assert!(read("https://max.ru/gorod/AaDagowkWFU").is_some());
        for other in ["javascript:alert(1)", "tps://max.ru/gorod/AaDagowkWFU", "max.ru/gorod"] {
            assert_eq!(read(other), None, "{other}");
        }
    }
}
