//! What a search knows of a post besides its entries.

use std::collections::BTreeMap;

use uuid::Uuid;

use super::words::fold;
use crate::domain::{PostContent, State};
use crate::journal::Entry;
use crate::store::PostTexts;

/// The texts of a post in every revision, and where its deliveries stand now.
#[derive(Debug)]
pub(super) struct Facts {
    titles: BTreeMap<u64, String>,
    folded: String,
    deliveries: Vec<(String, Option<State>)>,
}

impl Facts {
    pub(super) fn new(texts: PostTexts) -> Self {
        let mut folded = String::new();
        let mut titles = BTreeMap::new();
        for (number, title, content) in texts.revisions {
            // A content that cannot be read is found by `history verify`; its headline can be searched all the same.
            if let Ok(content) = serde_json::from_str::<PostContent>(&content) {
                let link = content.link.as_ref().map(url::Url::as_str);
                let parts = content.overrides.values().chain(&content.tags).map(String::as_str).chain(link);
                for part in std::iter::once(content.body.as_str()).chain(parts) {
                    folded.push_str(&fold(part));
                    folded.push('\n');
                }
            }
            folded.push_str(&fold(&title));
            folded.push('\n');
            titles.insert(u64::try_from(number).unwrap_or(0), title);
        }
        let deliveries = texts.deliveries.into_iter().map(|(id, _, state)| (id, state.parse().ok())).collect();
        Self { titles, folded, deliveries }
    }

    /// Every text, folded for comparing.
    pub(super) fn folded(&self) -> &str {
        &self.folded
    }

    /// Whether the delivery (any of the post's, when the entry is of none) stands there now.
    pub(super) fn has(&self, delivery: Option<Uuid>, state: State) -> bool {
        let delivery = delivery.map(|id| id.to_string());
        let asked = |id: &String| delivery.as_ref().is_none_or(|asked| asked == id);
        self.deliveries.iter().any(|(id, stands)| *stands == Some(state) && asked(id))
    }

    /// The headline in the revision that the entry names, else in the latest.
    pub(super) fn title(&self, entry: &Entry) -> Option<String> {
        let named = entry.detail.get("revision").and_then(serde_json::Value::as_u64);
        named.and_then(|n| self.titles.get(&n)).or_else(|| self.titles.values().next_back()).cloned()
    }
}
