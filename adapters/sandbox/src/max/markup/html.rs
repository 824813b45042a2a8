//! The HTML that MAX takes.

use super::Marked;

/// A tag that was opened and not closed yet.
struct Open {
    kind: &'static str,
    from: usize,
    url: Option<String>,
}

/// Reads text with HTML markup. Every text is valid: what is no tag is text, what is no known tag is dropped.
pub fn from_html(source: &str) -> Marked {
    let mut marked = Marked::default();
    let mut open: Vec<Open> = Vec::new();
    let mut rest = source;
    while let Some(c) = rest.chars().next() {
        if let Some((tag, after)) = tag(rest) {
            rest = after;
            if let Some(name) = tag.strip_prefix('/') {
                let kind = kind(name.trim());
                if let Some(at) = kind.and_then(|kind| open.iter().rposition(|o| o.kind == kind)) {
                    let Open { kind, from, url } = open.remove(at);
                    marked.mark(kind, from, url);
                }
            } else {
                let (name, attributes) = tag.split_once(char::is_whitespace).unwrap_or((tag, ""));
                if let Some(kind) = kind(name) {
                    open.push(Open { kind, from: marked.length, url: href(attributes) });
                }
            }
            continue;
        }
        if let Some((c, after)) = entity(rest) {
            marked.push(c);
            rest = after;
            continue;
        }
        marked.push(c);
        rest = rest.get(c.len_utf8()..).unwrap_or_default();
    }
    // Outer before inner.
    marked.spans.sort_by_key(|span| (span.from, std::cmp::Reverse(span.length)));
    marked
}

/// The inside of a tag at the start of `text`, and what follows it.
fn tag(text: &str) -> Option<(&str, &str)> {
    let inside = text.strip_prefix('<')?;
    let name = inside.strip_prefix('/').unwrap_or(inside);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    inside.split_once('>')
}

fn kind(name: &str) -> Option<&'static str> {
    Some(match name.to_ascii_lowercase().as_str() {
        "i" | "em" => "emphasized",
        "b" | "strong" => "strong",
        "s" | "del" => "strikethrough",
        "u" | "ins" => "underline",
        "code" | "pre" => "monospaced",
        "mark" => "highlighted",
        "h1" => "heading",
        "blockquote" => "quote",
        "a" => "link",
        _ => return None,
    })
}

fn href(attributes: &str) -> Option<String> {
    let value = attributes.trim().strip_prefix("href=")?;
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let value = value.get(1..)?.split(quote).next()?;
    Some(from_html(value).text)
}

/// A character reference at the start of `text`, and what follows it.
fn entity(text: &str) -> Option<(char, &str)> {
    let (name, after) = text.strip_prefix('&')?.split_once(';')?;
    let c = match name {
        "amp" => '&',
        "lt" => '<',
        "gt" => '>',
        "quot" => '"',
        "apos" => '\'',
        "nbsp" => '\u{a0}',
        number => {
            let number = number.strip_prefix('#')?;
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => number.parse().ok()?,
            };
            char::from_u32(code)?
        }
    };
    Some((c, after))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_taken_out_and_kept_apart() {
        let marked = from_html(
            "😀 <b>жирный <i>курсив</i></b> <table>т</table> <a href=\"https://e.ru/?a=1&amp;b=2\">тут</a> 1 < 2 &lt;b&gt; &#33;",
        );
        assert_eq!(marked.text, "😀 жирный курсив т тут 1 < 2 <b> !");
        let found: Vec<_> = marked.spans.iter().map(|s| (s.kind, s.from, s.length)).collect();
        assert_eq!(found, [("strong", 3, 13), ("emphasized", 10, 6), ("link", 19, 3)]);
        assert_eq!(marked.spans[2].url.as_deref(), Some("https://e.ru/?a=1&b=2"));
    }
}
