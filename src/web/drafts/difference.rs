//! What differs between two texts of a draft, field by field and word by word.

use std::time::Instant;

use similar::{ChangeTag, TextDiff};

use crate::domain::draft::DraftContent;
use crate::web::WebError;
use crate::web::comparison::compared;
use crate::web::page::Page;

/// A field that says something else in one of the two.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Difference {
    /// The field, as people call it.
    pub label: String,
    /// Its text, cut where it changes.
    pub parts: Vec<Part>,
}

/// A piece of text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// Where it stands.
    pub stands: Stands,
    /// What it says.
    pub text: String,
}

/// In which of two texts a piece stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stands {
    /// In both.
    Both,
    /// In the earlier one alone.
    Before,
    /// In the later one alone.
    After,
}

/// Texts longer than this together are compared by lines: words would take too long.
const WORDS_MAX_BYTES: usize = 60_000;

/// The fields that differ, in the composer's order. `name` gives the name of a channel.
pub(super) async fn differences(
    page: &Page,
    before: &DraftContent,
    after: &DraftContent,
    name: impl Fn(&str) -> String,
) -> Result<Vec<Difference>, WebError> {
    let mut fields = vec![
        (page.t("draft-title").to_string(), before.title.clone(), after.title.clone()),
        (page.t("draft-body").to_string(), before.body.clone(), after.body.clone()),
        (page.t("draft-link").to_string(), before.link.clone(), after.link.clone()),
        (page.t("draft-tags").to_string(), before.tags.clone(), after.tags.clone()),
        (page.t("draft-media").to_string(), files(before), files(after)),
        (page.t("draft-at").to_string(), page.typed_time(&before.at), page.typed_time(&after.at)),
        (page.t("draft-expires").to_string(), page.typed_time(&before.expires_at), page.typed_time(&after.expires_at)),
        (page.t("draft-channels").to_string(), channels(before, &name), channels(after, &name)),
    ];
    for (key, map) in [
        ("draft-not-before-of", (&before.not_before, &after.not_before)),
        ("draft-override-of", (&before.overrides, &after.overrides)),
    ] {
        let slugs = map.0.keys().chain(map.1.keys().filter(|slug| !map.0.contains_key(*slug)));
        for slug in slugs {
            let text = |map: &std::collections::BTreeMap<String, String>| {
                let text = map.get(slug).cloned().unwrap_or_default();
                if key == "draft-not-before-of" { page.typed_time(&text) } else { text }
            };
            fields.push((page.t(key).with("channel", name(slug)).to_string(), text(map.0), text(map.1)));
        }
    }
    fields.retain(|(_, before, after)| before != after);
    let difference = |(label, before, after): (String, String, String), until| Difference {
        label,
        parts: parts(&before, &after, until),
    };
    compared(move |until| fields.into_iter().map(|field| difference(field, until)).collect()).await
}

fn files(content: &DraftContent) -> String {
    content.media.iter().map(|file| format!("{} — {}\n", file.name, file.alt)).collect()
}

fn channels(content: &DraftContent, name: impl Fn(&str) -> String) -> String {
    content.channels.iter().map(|slug| name(slug)).collect::<Vec<_>>().join(", ")
}

fn parts(before: &str, after: &str, until: Instant) -> Vec<Part> {
    let mut by = TextDiff::configure();
    by.deadline(until);
    let is_long = before.len() + after.len() > WORDS_MAX_BYTES;
    let diff = if is_long { by.diff_lines(before, after) } else { by.diff_words(before, after) };
    let mut parts: Vec<Part> = Vec::new();
    for change in diff.iter_all_changes() {
        let stands = match change.tag() {
            ChangeTag::Equal => Stands::Both,
            ChangeTag::Delete => Stands::Before,
            ChangeTag::Insert => Stands::After,
        };
        match parts.last_mut().filter(|last| last.stands == stands) {
            Some(last) => last.text.push_str(change.value()),
            None => parts.push(Part { stands, text: change.value().to_owned() }),
        }
    }
    parts
}

impl Difference {
    /// What one reads in the earlier text.
    pub(super) fn before(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|part| part.stands != Stands::After)
    }

    /// What one reads in the later text.
    pub(super) fn after(&self) -> impl Iterator<Item = &Part> {
        self.parts.iter().filter(|part| part.stands != Stands::Before)
    }
}

impl Part {
    /// Whether it was taken out.
    pub(super) fn is_gone(&self) -> bool {
        self.stands == Stands::Before
    }

    /// Whether it was put in.
    pub(super) fn is_new(&self) -> bool {
        self.stands == Stands::After
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text<'a>(parts: impl Iterator<Item = &'a Part>) -> String {
        parts.map(|part| part.text.as_str()).collect()
    }

    fn soon() -> Instant {
        Instant::now() + std::time::Duration::from_secs(60)
    }

    #[test]
    fn words_are_told_not_letters() {
        let difference =
            Difference { label: "Текст".into(), parts: parts("в 10 часов", "в 11 часов", soon()) };
        let gone: Vec<_> = difference.parts.iter().filter(|p| p.is_gone()).map(|p| p.text.as_str()).collect();
        let new: Vec<_> = difference.parts.iter().filter(|p| p.is_new()).map(|p| p.text.as_str()).collect();
        assert_eq!((gone, new), (vec!["10"], vec!["11"]));
    }

    proptest! {
        #[test]
        fn nothing_of_either_text_is_lost(before in "[а-я \n]{0,60}", after in "[а-я \n]{0,60}") {
            let difference = Difference { label: String::new(), parts: parts(&before, &after, soon()) };
            prop_assert_eq!(text(difference.before()), before);
            prop_assert_eq!(text(difference.after()), after);
        }
    }
}
