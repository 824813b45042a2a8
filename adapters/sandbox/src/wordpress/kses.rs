//! What `WordPress` takes out of the HTML of users without `unfiltered_html`: tags go, their text stays.

const FORBIDDEN: [&str; 7] = ["script", "iframe", "form", "input", "style", "object", "embed"];

/// Filters like `wp_kses_post`, as far as a publishing program can notice.
pub(super) fn filter(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find(['<', '&']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('&') {
            out.push_str(if is_entity(rest) { "&" } else { "&amp;" });
            rest = &rest[1..];
            continue;
        }
        let Some(end) = rest.find('>').filter(|_| is_tag(rest)) else {
            out.push_str("&lt;");
            rest = &rest[1..];
            continue;
        };
        let tag = &rest[..=end];
        let name = tag.trim_start_matches(['<', '/']).split([' ', '/', '>']).next().unwrap_or_default();
        // Elements with a hyphen are custom ones.
        if !FORBIDDEN.contains(&name.to_ascii_lowercase().as_str()) && (!name.contains('-') || name.starts_with('!')) {
            out.push_str(&without_handlers(tag));
        }
        rest = &rest[end + 1..];
    }
    out.push_str(rest);
    out
}

fn is_tag(text: &str) -> bool {
    text[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/' || c == '!')
}

fn is_entity(text: &str) -> bool {
    let name = text[1..].split(';').next().filter(|n| n.len() < text.len() - 1).unwrap_or_default();
    let digits = name.strip_prefix('#');
    match digits {
        Some(n) => !n.is_empty() && n.trim_start_matches(['x', 'X']).bytes().all(|b| b.is_ascii_hexdigit()),
        None => (2..=8).contains(&name.len()) && name.bytes().all(|b| b.is_ascii_alphanumeric()),
    }
}

/// Drops `on*="..."` attributes and the scheme of `javascript:` links.
fn without_handlers(tag: &str) -> String {
    let mut out = tag.replace("javascript:", "");
    while let Some(at) = out.find(" on") {
        let Some(open) = out[at..].find('"').map(|i| at + i) else { break };
        let Some(close) = out[open + 1..].find('"').map(|i| open + 1 + i) else { break };
        out.replace_range(at..=close, "");
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_lose_their_tags_and_ordinary_markup_stays() {
        assert_eq!(
            filter("<script>x()</script><p class=\"a\" onclick=\"y\">A & B &amp; C</p>"),
            "x()<p class=\"a\">A &amp; B &amp; C</p>"
        );
        let figure = "<figure class=\"wp-block-image\"><img src=\"http://a/b-c.png\" alt=\"1 &lt; 2\"></figure>";
        assert_eq!(filter(figure), figure);
        assert_eq!(filter("5 < 6"), "5 &lt; 6");
    }
}
