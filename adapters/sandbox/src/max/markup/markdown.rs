//! The Markdown that MAX takes: marks around text, headings and quotations at the start of a line.

use super::Marked;

/// Marks, longer ones first.
const MARKS: [(&str, &str); 10] = [
    ("```", "monospaced"),
    ("**", "strong"),
    ("__", "strong"),
    ("~~", "strikethrough"),
    ("++", "underline"),
    ("^^", "highlighted"),
    ("`", "monospaced"),
    ("*", "emphasized"),
    ("_", "emphasized"),
    ("[", "link"),
];
/// Deeper nesting stays as it was typed.
const DEPTH_MAX: usize = 16;

/// Reads text with Markdown markup. Every text is valid.
pub fn from_markdown(source: &str) -> Marked {
    let mut marked = Marked::default();
    for (number, line) in source.split('\n').enumerate() {
        if number > 0 {
            marked.push('\n');
        }
        let from = marked.length;
        if let Some(heading) = line.strip_prefix("# ") {
            inline(heading, &mut marked, 0);
            marked.mark("heading", from, None);
        } else if let Some(quote) = line.strip_prefix("> ") {
            inline(quote, &mut marked, 0);
            marked.mark("quote", from, None);
        } else {
            inline(line, &mut marked, 0);
        }
    }
    // Outer before inner.
    marked.spans.sort_by_key(|span| (span.from, std::cmp::Reverse(span.length)));
    marked
}

fn inline(text: &str, marked: &mut Marked, depth: usize) {
    let mut rest = text;
    let mut before = ' ';
    while let Some(c) = rest.chars().next() {
        let escaped = rest.strip_prefix('\\').and_then(|r| r.chars().next()).filter(char::is_ascii_punctuation);
        if let Some(escaped) = escaped {
            marked.push(escaped);
            rest = rest.get(1 + escaped.len_utf8()..).unwrap_or_default();
            before = escaped;
            continue;
        }
        if let Some(found) = (depth < DEPTH_MAX).then(|| mark(rest, before)).flatten() {
            let from = marked.length;
            if found.kind == "monospaced" {
                marked.push_str(found.inside);
            } else {
                inline(found.inside, marked, depth + 1);
            }
            marked.mark(found.kind, from, found.url);
            rest = found.after;
            before = ' ';
            continue;
        }
        marked.push(c);
        before = c;
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
}

struct Found<'a> {
    kind: &'static str,
    inside: &'a str,
    after: &'a str,
    url: Option<String>,
}

/// Marked text at the start of `text`.
fn mark(text: &str, before: char) -> Option<Found<'_>> {
    let (delimiter, kind) = MARKS.into_iter().find(|(delimiter, _)| text.starts_with(delimiter))?;
    let inside = text.get(delimiter.len()..)?;
    if kind == "link" {
        let (label, after) = inside.split_once("](")?;
        let (url, after) = after.split_once(')')?;
        return Some(Found { kind, inside: label, after, url: Some(url.to_owned()) });
    }
    let within_word = delimiter.starts_with('_');
    if within_word && before.is_alphanumeric() {
        return None;
    }
    for (at, _) in inside.match_indices(delimiter) {
        let (content, after) = (inside.get(..at)?, inside.get(at + delimiter.len()..)?);
        let closes = !content.is_empty() && !content.starts_with(' ') && !content.ends_with(' ');
        if closes && !(within_word && after.starts_with(char::is_alphanumeric)) {
            return Some(Found { kind, inside: content, after, url: None });
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_are_taken_out_and_the_rest_stays() {
        let marked =
            from_markdown("# Важно\n**жирный _курсив_** и snake_case_name [тут](https://e.ru) 2 * 3 \\*\n> цитата");
        assert_eq!(marked.text, "Важно\nжирный курсив и snake_case_name тут 2 * 3 *\nцитата");
        let kinds: Vec<_> = marked.spans.iter().map(|s| s.kind).collect();
        assert_eq!(kinds, ["heading", "strong", "emphasized", "link", "quote"]);
    }
}
