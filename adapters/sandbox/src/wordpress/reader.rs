//! HTML as a reader sees it.

/// The text of a page part: blocks on lines of their own, bullets and numbers as a browser shows them.
pub fn reader_text(html: &str) -> String {
    let mut out = String::new();
    let mut lists: Vec<Option<u64>> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        out.push_str(&unescape(&rest[..at]));
        let Some(end) = rest[at..].find('>').map(|i| at + i) else { break };
        let tag = &rest[at + 1..end];
        rest = &rest[end + 1..];
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_lowercase();
        match (name.as_str(), tag.starts_with('/')) {
            ("ul", false) => lists.push(None),
            ("ol", false) => lists.push(Some(attribute(tag, "start").and_then(|n| n.parse().ok()).unwrap_or(1))),
            ("ul" | "ol", true) => {
                lists.pop();
                out.push('\n');
            }
            ("li", false) => match lists.last_mut() {
                Some(Some(number)) => {
                    out.extend(["\n", &number.to_string(), ". "]);
                    *number += 1;
                }
                _ => out.push_str("\n• "),
            },
            ("br", _) => out.push('\n'),
            ("hr", _) => out.push_str("\n***\n"),
            ("p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6" | "blockquote" | "pre" | "figure" | "div", _) => {
                out.push_str("\n\n");
            }
            _ => {}
        }
    }
    out.push_str(&unescape(rest));
    out.trim().to_owned()
}

/// How many pictures and linked uploads a page part shows.
pub fn media_count(html: &str) -> usize {
    let uploads = html.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    html.matches("<img ").count() + uploads.filter(|address| address.contains("/wp-content/uploads/")).count()
}

fn attribute<'a>(tag: &'a str, name: &str) -> Option<&'a str> {
    tag.split_once(&format!("{name}=\""))?.1.split('"').next()
}

fn unescape(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest[1..].split_once(';').map(|(name, _)| name).filter(|name| name.len() <= 8);
        if let Some((name, c)) = entity.and_then(|name| Some((name, character(name)?))) {
            out.push(c);
            rest = &rest[name.len() + 2..];
        } else {
            out.push('&');
            rest = &rest[1..];
        }
    }
    out.push_str(rest);
    out
}

fn character(name: &str) -> Option<char> {
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "apos" => Some('\''),
        "nbsp" => Some('\u{a0}'),
        _ => {
            let digits = name.strip_prefix('#')?;
            let number = match digits.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                None => digits.parse().ok()?,
            };
            char::from_u32(number)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_and_entities_read_like_in_a_browser() {
        let html = "<h1>А &amp; Б</h1><p>раз<br>два</p><ul><li>три</li></ul><ol start=\"3\"><li>x</li><li>y</li></ol>";
        assert_eq!(reader_text(html), "А & Б\n\n\n\nраз\nдва\n\n\n• три\n\n3. x\n4. y");
    }
}
