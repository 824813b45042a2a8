//! HTML of a post as the text a reader reads. The same function reads what we send and what the site gives back, so
//! that the two can be compared although the site's filters rewrite entities and white space.

/// Title and content (both HTML) as text. Pictures are left out: they are counted by [`media_count`].
pub(crate) fn text_of(title: &str, content: &str) -> String {
    let mut reader = Reader::default();
    reader.read(title);
    reader.part(2);
    reader.read(content);
    reader.out.trim().to_owned()
}

/// How many pictures and uploaded files a content shows.
pub(crate) fn media_count(content: &str) -> usize {
    let links = content.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
    content.matches("<img ").count() + links.filter(|l| l.contains("/wp-content/uploads/")).count()
}

/// The tags whose start and end begin a new block.
const BLOCKS: [&str; 15] =
    ["p", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "div", "figure", "ul", "ol", "table", "section"];

#[derive(Default)]
struct Reader {
    out: String,
    /// Open lists; the next number of an ordered one.
    lists: Vec<Option<u64>>,
    preformatted: bool,
}

impl Reader {
    fn read(&mut self, html: &str) {
        let mut rest = html;
        while let Some(at) = rest.find('<') {
            self.text(&rest[..at]);
            rest = &rest[at..];
            if let Some(comment) = rest.strip_prefix("<!--") {
                rest = comment.split_once("-->").map_or("", |(_, after)| after);
                continue;
            }
            let Some(end) = rest.find('>') else { break };
            if !rest[1..].starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
                self.text("<");
                rest = &rest[1..];
                continue;
            }
            let tag = &rest[1..end];
            rest = &rest[end + 1..];
            if tag == "figure" || tag.starts_with("figure ") {
                rest = rest.split_once("</figure>").map_or("", |(_, after)| after);
                self.part(2);
                continue;
            }
            self.tag(tag);
        }
        self.text(rest);
    }

    fn tag(&mut self, tag: &str) {
        let (closes, tag) = tag.strip_prefix('/').map_or((false, tag), |t| (true, t));
        let name = tag.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default().to_ascii_lowercase();
        match name.as_str() {
            "ul" if !closes => self.lists.push(None),
            "ol" if !closes => self.lists.push(Some(start(tag))),
            "ul" | "ol" => drop(self.lists.pop()),
            "li" if !closes => {
                self.part(1);
                match self.lists.last_mut() {
                    Some(Some(number)) => {
                        self.out.extend([&number.to_string(), ". "]);
                        *number = number.saturating_add(1);
                    }
                    _ => self.out.push_str("• "),
                }
                return;
            }
            "br" => self.out.push('\n'),
            "hr" => {
                self.part(2);
                self.out.push_str("***");
                self.part(2);
            }
            "pre" => self.preformatted = !closes,
            _ => {}
        }
        // A paragraph that opens a list item stays beside its bullet.
        let beside_bullet = self.out.ends_with("• ") || self.out.ends_with(". ");
        if BLOCKS.contains(&name.as_str()) && !(beside_bullet && !closes && !self.lists.is_empty()) {
            self.part(if self.lists.is_empty() { 2 } else { 1 });
        }
    }

    /// Ends the line, so that `lines` line ends stand between what is before and what comes.
    fn part(&mut self, lines: usize) {
        let kept = self.out.trim_end_matches([' ', '\n']).len();
        let had = self.out[kept..].matches('\n').count();
        if kept == 0 {
            self.out.clear();
            return;
        }
        self.out.truncate(kept);
        (0..lines.max(had.min(2))).for_each(|_| self.out.push('\n'));
    }

    fn text(&mut self, html: &str) {
        let text = unescape(html);
        if self.preformatted {
            self.out.push_str(&text);
            return;
        }
        for (i, word) in text.split([' ', '\n', '\t', '\r']).enumerate() {
            if i > 0 && !self.out.is_empty() && !self.out.ends_with([' ', '\n']) {
                self.out.push(' ');
            }
            self.out.push_str(word);
        }
    }
}

fn start(tag: &str) -> u64 {
    let value = tag.split_once("start=\"").and_then(|(_, rest)| rest.split('"').next());
    value.and_then(|n| n.parse().ok()).unwrap_or(1)
}

/// No entity is longer; looking no further keeps a hostile page from costing time.
const ENTITY_MAX: usize = 12;

/// Named entities that HTML needs and every numbered one; anything else stays as it is.
pub(crate) fn unescape(html: &str) -> String {
    let mut out = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find('&') {
        out.push_str(&rest[..at]);
        rest = &rest[at + 1..];
        let end = rest.bytes().take(ENTITY_MAX).position(|b| b == b';');
        let entity = end.and_then(|end| Some((character(&rest[..end])?, &rest[end + 1..])));
        match entity {
            Some((c, after)) => {
                out.push(c);
                rest = after;
            }
            None => out.push('&'),
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
                Some(hex) => u32::from_str_radix(hex, 16),
                None => digits.parse(),
            };
            char::from_u32(number.ok()?)
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use vestnik_contract::markdown::{Document, LinkStyle};
    use vestnik_contract::text::normalise;

    use super::*;

    #[test]
    fn what_filters_rewrite_makes_no_difference() {
        let sent = "<p>раз<br>два &#91;x&#93; &quot;q&quot;</p><ul><li>три</li></ul>";
        let back = "<!-- wp:paragraph -->\n<p>раз<br />\nдва &#091;x&#093; \"q\"</p>\n<ul>\n<li>три</li>\n</ul>\n";
        assert_eq!(normalise(&text_of("А &amp; Б", sent)), normalise(&text_of("А & Б", back)));
    }

    #[test]
    fn a_figure_is_no_text() {
        let content = "<figure class=\"wp-block-image\"><img src=\"/a.png\" alt=\"Мост\"></figure><p>Текст</p>";
        assert_eq!(text_of("Т", content), "Т\n\nТекст");
        assert_eq!(media_count(content), 1);
    }

    #[test]
    fn it_reads_like_the_contracts_own_plain_text() {
        let text = "Абзац **один**.\n\n- ул. Ленина\n- ул. Мира\n\n3. три\n4. четыре\n\n> цитата\n\n***\n\nконец";
        let document = Document::parse(text);
        assert_eq!(normalise(&text_of("", &document.html())), normalise(&document.plain(LinkStyle::LabelOnly)));
    }

    proptest! {
        #[test]
        fn no_input_breaks_it(html in "\\PC{0,200}|[<>/&#;a-z!\\- \"=]{0,80}") {
            text_of(&html, &html);
            media_count(&html);
        }
    }
}
