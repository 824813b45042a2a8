//! MAX as its readers see it.

use bytes::Bytes;
use vestnik_contract::markdown::escape_html;

use super::channel::{Post, Timeline};
use super::markup::Span;
use super::world::{Shared, World, lock};
use crate::reader::{HasReaders, Look, Shown, Wall, picture_address};

/// What readers look at.
pub(super) struct Readers(pub(super) Shared);

impl HasReaders for Readers {
    const LOOK: Look = Look { name: "MAX", band: "max", ground: "max-ground" };

    fn walls(&self) -> Vec<Wall> {
        let world = lock(&self.0);
        let mut timelines: Vec<_> = world.timelines().collect();
        timelines.sort_by_key(|timeline| std::cmp::Reverse(timeline.channel.chat_id));
        timelines.into_iter().map(|timeline| wall(&world, timeline)).collect()
    }

    fn picture(&self, key: &str) -> Option<(&'static str, Bytes)> {
        lock(&self.0).uploads.gallery.get(key)
    }
}

fn wall(world: &World, timeline: &Timeline) -> Wall {
    let gone =
        timeline.removed.iter().map(|removed| Shown { deleted: Some(Some(removed.at)), ..shown(world, &removed.post) });
    let mut posts: Vec<_> = timeline.posts.values().map(|post| shown(world, post)).chain(gone).collect();
    posts.sort_by_key(|post| std::cmp::Reverse(post.at));
    Wall { name: timeline.channel.title.clone(), posts }
}

fn shown(world: &World, post: &Post) -> Shown {
    let mut shown = Shown {
        title: None,
        html: marked_up(&post.text, &post.markup),
        pictures: Vec::new(),
        files: Vec::new(),
        link: None,
        at: post.at,
        edited: post.edits.last().map(|edit| Some(edit.at)),
        deleted: None,
    };
    for attachment in post.attachments.iter().filter(|a| a.is_media()) {
        let Some(file) = &attachment.file else { continue };
        let key = file.number.to_string();
        if world.uploads.gallery.has(&key) {
            shown.pictures.push((picture_address(&key), "Изображение к публикации".to_owned()));
        } else {
            shown.files.push(file.name.clone());
        }
    }
    shown
}

/// The text with its markup in place: spans begin and end between characters, counted in UTF-16 units.
fn marked_up(text: &str, spans: &[Span]) -> String {
    let mut html = String::new();
    let mut at = 0;
    let mut open: Vec<&Span> = Vec::new();
    for c in text.chars().map(Some).chain([None]) {
        close(&mut html, &mut open, at);
        let mut starting: Vec<_> = spans.iter().filter(|span| span.from == at && c.is_some()).collect();
        starting.sort_by_key(|span| std::cmp::Reverse(span.length));
        for span in starting {
            html.push_str(&tag(span));
            open.push(span);
        }
        let Some(c) = c else { break };
        match c {
            '\n' => html.push_str("<br>"),
            c => html.push_str(&escape_html(c.encode_utf8(&mut [0; 4]))),
        }
        at += c.len_utf16();
    }
    while let Some(span) = open.pop() {
        html.push_str(end(span));
    }
    html
}

/// Closes what ends here; what was opened within it and goes on is opened again.
fn close(html: &mut String, open: &mut Vec<&Span>, at: usize) {
    let Some(first) = open.iter().position(|span| span.from + span.length <= at) else { return };
    let inner = open.split_off(first);
    inner.iter().rev().for_each(|span| html.push_str(end(span)));
    for span in inner.into_iter().filter(|span| span.from + span.length > at) {
        html.push_str(&tag(span));
        open.push(span);
    }
}

fn tag(span: &Span) -> String {
    let address = span.url.as_deref().filter(|url| url.starts_with("https://") || url.starts_with("http://"));
    match (span.kind, address) {
        ("link", Some(address)) => format!("<a href=\"{}\" rel=\"noreferrer\">", escape_html(address)),
        ("strong" | "heading", _) => "<strong>".into(),
        ("emphasized", _) => "<em>".into(),
        ("monospaced", _) => "<code>".into(),
        ("strikethrough", _) => "<s>".into(),
        _ => "<span>".into(),
    }
}

fn end(span: &Span) -> &'static str {
    match tag(span).as_bytes().get(1) {
        Some(b'a') => "</a>",
        Some(b'e') => "</em>",
        Some(b'c') => "</code>",
        _ if tag(span) == "<strong>" => "</strong>",
        _ if tag(span) == "<s>" => "</s>",
        _ => "</span>",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(kind: &'static str, from: usize, length: usize, url: Option<&str>) -> Span {
        Span { kind, from, length, url: url.map(ToOwned::to_owned) }
    }

    #[test]
    fn markup_stands_where_the_platform_counts_it() {
        // 🌊 is two UTF-16 units.
        let spans = [span("strong", 0, 5, None), span("link", 3, 2, Some("https://gorod.example/a?b&c"))];
        assert_eq!(
            marked_up("🌊 а<б\nв", &spans),
            "<strong>🌊 <a href=\"https://gorod.example/a?b&amp;c\" rel=\"noreferrer\">а&lt;</a></strong>б<br>в"
        );
    }

    #[test]
    fn what_overlaps_is_nested_and_what_is_no_address_is_no_link() {
        let spans = [span("strong", 0, 2, None), span("emphasized", 1, 2, None)];
        assert_eq!(marked_up("абв", &spans), "<strong>а<em>б</em></strong><em>в</em>");
        assert_eq!(marked_up("а", &[span("link", 0, 1, Some("javascript:alert(1)"))]), "<span>а</span>");
    }
}
