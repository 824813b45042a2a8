//! Slugs as `WordPress` makes them.

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// Longest slug, counted in the percent-encoded form.
const SLUG_MAX: usize = 200;
const KEPT: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_');
const RESERVED: [&str; 5] = ["feed", "rdf", "rss", "rss2", "atom"];

/// `sanitize_title`: lower case, separators to `-`, everything beyond ASCII percent-encoded, cut.
pub(super) fn sanitise(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.to_lowercase().chars() {
        match c {
            '.' | '/' | '-' | '–' | '—' | '\u{a0}' => plain.push('-'),
            c if c.is_whitespace() => plain.push('-'),
            '_' => plain.push('_'),
            c if c.is_ascii_alphanumeric() || (!c.is_ascii() && c.is_alphanumeric()) => plain.push(c),
            _ => {}
        }
    }
    let mut out = String::new();
    for c in plain.chars() {
        if c == '-' && (out.is_empty() || out.ends_with('-')) {
            continue;
        }
        let encoded = utf8_percent_encode(c.encode_utf8(&mut [0; 4]), KEPT).to_string().to_lowercase();
        if out.len() + encoded.len() > SLUG_MAX {
            break;
        }
        out.push_str(&encoded);
    }
    out.trim_end_matches('-').to_owned()
}

/// `wp_unique_post_slug`: the first of `slug`, `slug-2`, `slug-3`, ... that is free.
pub(super) fn unique(slug: &str, taken: impl Fn(&str) -> bool) -> String {
    if slug.is_empty() {
        return String::new();
    }
    let unfit = slug.bytes().all(|b| b.is_ascii_digit()) || RESERVED.contains(&slug);
    if !unfit && !taken(slug) {
        return slug.to_owned();
    }
    (2..=u32::MAX).map(|n| format!("{slug}-{n}")).find(|s| !taken(s)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slugs_are_sanitised_like_wordpress_does() {
        assert_eq!(sanitise("  New. Water/Pipe_2 — «Done» "), "new-water-pipe_2-done");
        assert_eq!(sanitise("Вода"), "%d0%b2%d0%be%d0%b4%d0%b0");
        assert_eq!(sanitise(&"я".repeat(99)).len(), 198);
    }

    #[test]
    fn taken_and_reserved_slugs_get_a_number() {
        assert_eq!(unique("2026", |_| false), "2026-2");
        assert_eq!(unique("feed", |_| false), "feed-2");
        assert_eq!(unique("news", |s| s == "news" || s == "news-2"), "news-3");
    }
}
