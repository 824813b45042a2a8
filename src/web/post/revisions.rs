//! The revisions of a post and what each changed.

use std::time::Instant;

use chrono::{DateTime, Utc};
use similar::{ChangeTag, TextDiff};

use crate::domain::PostContent;
use crate::store::RevisionView;
use crate::web::WebError;
use crate::web::comparison::compared;
use crate::web::page::Page;

/// One revision, compared with the one before.
#[derive(Debug)]
pub(super) struct RevisionLine {
    pub number: u32,
    pub at: DateTime<Utc>,
    pub by: String,
    /// What changed; the first says all of it.
    pub parts: Vec<Part>,
}

/// A piece of text that stayed, came or went.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// `stays`, `comes` or `goes`.
    pub kind: &'static str,
    pub text: String,
}

/// The revisions, the newest first.
pub(super) async fn lines(page: &Page, revisions: Vec<RevisionView>) -> Result<Vec<RevisionLine>, WebError> {
    let page = page.clone();
    compared(move |until| told(&page, &revisions, until)).await
}

fn told(page: &Page, revisions: &[RevisionView], until: Instant) -> Vec<RevisionLine> {
    let mut before: Option<String> = None;
    let mut lines = Vec::with_capacity(revisions.len());
    for revision in revisions {
        let text = whole(page, &revision.content);
        let parts = match &before {
            Some(before) => parts(before, &text, until),
            None => vec![Part { kind: "stays", text: text.clone() }],
        };
        let (number, at, by) = (revision.number, revision.created_at, revision.created_by.clone());
        lines.push(RevisionLine { number, at, by, parts });
        before = Some(text);
    }
    lines.reverse();
    lines
}

/// Everything that a revision says, as one text.
fn whole(page: &Page, content: &PostContent) -> String {
    let mut text = format!("{}\n\n{}\n", content.title, content.body);
    let mut add = |key: &str, value: &str| text.push_str(&format!("\n{}: {value}\n", page.t(key)));
    if let Some(link) = &content.link {
        add("post-link", link.as_str());
    }
    if !content.tags.is_empty() {
        add("post-tags", &content.tags.join(", "));
    }
    for file in &content.media {
        add("post-file", &format!("{} ({})", file.name, file.alt));
    }
    for (channel, own) in &content.overrides {
        add("post-own-text", &format!("{channel}\n{own}"));
    }
    text
}

fn parts(before: &str, after: &str, until: Instant) -> Vec<Part> {
    let diff = TextDiff::configure().deadline(until).diff_words(before, after);
    let mut parts: Vec<Part> = Vec::new();
    for change in diff.iter_all_changes() {
        let kind = match change.tag() {
            ChangeTag::Equal => "stays",
            ChangeTag::Insert => "comes",
            ChangeTag::Delete => "goes",
        };
        let word: &str = change.value();
        match parts.last_mut() {
            Some(last) if last.kind == kind => last.text.push_str(word),
            _ => parts.push(Part { kind, text: word.to_owned() }),
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_that_came_and_went_are_told_apart() {
        let until = Instant::now() + std::time::Duration::from_secs(60);
        let parts = parts("Сход в клубе в 18:00.", "Сход в школе в 18:00.", until);
        let told: Vec<_> = parts.iter().map(|part| (part.kind, part.text.trim())).collect();
        assert_eq!(told, [("stays", "Сход в"), ("goes", "клубе"), ("comes", "школе"), ("stays", "в 18:00.")]);
    }

    #[test]
    fn a_comparison_that_is_out_of_time_is_rough_and_loses_nothing() {
        let before: String = (0..5_000).map(|n| format!("слово{} ", n * 7 % 1_000)).collect();
        let after: String = (0..5_000).map(|n| format!("слово{} ", n * 11 % 1_000)).collect();
        let parts = parts(&before, &after, Instant::now());
        let without =
            |kind: &str| parts.iter().filter(|part| part.kind != kind).map(|part| &*part.text).collect::<String>();
        assert_eq!((without("comes"), without("goes")), (before, after));
    }
}
