//! From the tree to plain text and to HTML.

use super::{Block, Document, Inline};

/// How a link is written where there is no markup.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LinkStyle {
    /// `label (address)`, or the address alone when the label is the same.
    WithAddress,
    /// The label alone: what a reader sees where links are marked up.
    LabelOnly,
}

impl Document {
    /// As plain text: blocks parted by an empty line, `•` and numbers for lists, `«»` is left to the writer.
    pub fn plain(&self, links: LinkStyle) -> String {
        blocks_plain(&self.blocks, links)
    }

    /// As HTML for a site: paragraphs and lists without stray line ends (WordPress turns those into `<br />`).
    pub fn html(&self) -> String {
        let mut out = String::new();
        blocks_html(&self.blocks, &mut out);
        out
    }

    /// Every address in the text, in order.
    pub fn links(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.blocks.iter().for_each(|b| block_links(b, &mut found));
        found
    }
}

/// Escapes text for HTML content and double-quoted attributes.
pub fn escape_html(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}

impl Inline {
    /// As plain text.
    pub fn plain(inlines: &[Self], links: LinkStyle) -> String {
        let mut out = String::new();
        for inline in inlines {
            match inline {
                Self::Text(t) | Self::Code(t) => out.push_str(t),
                Self::Emphasis(i) | Self::Strong(i) | Self::Strike(i) => out.push_str(&Self::plain(i, links)),
                Self::Link { url, label } => {
                    let label = Self::plain(label, links);
                    let shown = url.strip_prefix("mailto:").or(url.strip_prefix("tel:")).unwrap_or(url);
                    if label.is_empty() || label == shown || label == *url {
                        out.push_str(shown);
                    } else if links == LinkStyle::LabelOnly {
                        out.push_str(&label);
                    } else {
                        out.push_str(&format!("{label} ({shown})"));
                    }
                }
                Self::Break => out.push('\n'),
            }
        }
        out
    }
}

fn blocks_plain(blocks: &[Block], links: LinkStyle) -> String {
    blocks.iter().map(|b| block_plain(b, links)).filter(|t| !t.is_empty()).collect::<Vec<_>>().join("\n\n")
}

fn block_plain(block: &Block, links: LinkStyle) -> String {
    match block {
        Block::Paragraph(i) | Block::Heading(_, i) => Inline::plain(i, links),
        Block::List { start, items } => {
            let mut number = *start;
            let mut listed = Vec::with_capacity(items.len());
            for item in items {
                let bullet = number.map_or_else(|| "• ".to_owned(), |n| format!("{n}. "));
                number = number.map(|n| n.saturating_add(1));
                let text = item.iter().map(|b| block_plain(b, links)).collect::<Vec<_>>().join("\n");
                listed.push(format!("{bullet}{text}"));
            }
            listed.join("\n")
        }
        Block::Quote(inner) => blocks_plain(inner, links),
        Block::Code(text) => text.trim_end_matches('\n').to_owned(),
        Block::Rule => "***".to_owned(),
    }
}

fn blocks_html(blocks: &[Block], out: &mut String) {
    for block in blocks {
        match block {
            Block::Paragraph(i) => wrap(out, "p", |out| inlines_html(i, out)),
            Block::Heading(level, i) => {
                // The page's own headline is level 1.
                let tag = ["h2", "h2", "h3", "h4", "h5", "h6"][usize::from(level.clamp(&1, &6) - 1)];
                wrap(out, tag, |out| inlines_html(i, out));
            }
            Block::List { start, items } => {
                match start {
                    None => out.push_str("<ul>"),
                    Some(1) => out.push_str("<ol>"),
                    Some(n) => out.push_str(&format!("<ol start=\"{n}\">")),
                }
                for item in items {
                    wrap(out, "li", |out| match item.as_slice() {
                        [Block::Paragraph(i)] => inlines_html(i, out),
                        blocks => blocks_html(blocks, out),
                    });
                }
                out.push_str(if start.is_some() { "</ol>" } else { "</ul>" });
            }
            Block::Quote(inner) => wrap(out, "blockquote", |out| blocks_html(inner, out)),
            Block::Code(text) => wrap(out, "pre", |out| out.push_str(&escape_html(text.trim_end_matches('\n')))),
            Block::Rule => out.push_str("<hr>"),
        }
    }
}

fn inlines_html(inlines: &[Inline], out: &mut String) {
    for inline in inlines {
        match inline {
            Inline::Text(t) => out.push_str(&escape_html(t)),
            Inline::Code(t) => wrap(out, "code", |out| out.push_str(&escape_html(t))),
            Inline::Emphasis(i) => wrap(out, "em", |out| inlines_html(i, out)),
            Inline::Strong(i) => wrap(out, "strong", |out| inlines_html(i, out)),
            Inline::Strike(i) => wrap(out, "del", |out| inlines_html(i, out)),
            Inline::Link { url, label } => {
                out.push_str(&format!("<a href=\"{}\">", escape_html(url)));
                inlines_html(label, out);
                out.push_str("</a>");
            }
            Inline::Break => out.push_str("<br>"),
        }
    }
}

fn wrap(out: &mut String, tag: &str, inner: impl FnOnce(&mut String)) {
    out.push_str(&format!("<{tag}>"));
    inner(out);
    out.push_str(&format!("</{tag}>"));
}

fn block_links<'a>(block: &'a Block, found: &mut Vec<&'a str>) {
    match block {
        Block::Paragraph(i) | Block::Heading(_, i) => inline_links(i, found),
        Block::List { items, .. } => items.iter().flatten().for_each(|b| block_links(b, found)),
        Block::Quote(inner) => inner.iter().for_each(|b| block_links(b, found)),
        Block::Code(_) | Block::Rule => {}
    }
}

fn inline_links<'a>(inlines: &'a [Inline], found: &mut Vec<&'a str>) {
    for inline in inlines {
        match inline {
            Inline::Link { url, .. } => found.push(url),
            Inline::Emphasis(i) | Inline::Strong(i) | Inline::Strike(i) => inline_links(i, found),
            Inline::Text(_) | Inline::Code(_) | Inline::Break => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NEWS: &str = "Завтра **отключат** воду.\n\n- ул. Ленина\n- ул. *Мира*\n\n3. три\n4. четыре\n\n> Подробности на \
                        [сайте](https://example.ru/a?b=1&c=2) <https://example.ru>\n";

    #[test]
    fn plain_text_reads_like_the_original() {
        let document = Document::parse(NEWS);
        assert_eq!(
            document.plain(LinkStyle::WithAddress),
            "Завтра отключат воду.\n\n• ул. Ленина\n• ул. Мира\n\n3. три\n4. четыре\n\nПодробности на сайте \
             (https://example.ru/a?b=1&c=2) https://example.ru"
        );
        assert!(document.plain(LinkStyle::LabelOnly).ends_with("Подробности на сайте https://example.ru"));
        assert_eq!(document.links(), ["https://example.ru/a?b=1&c=2", "https://example.ru"]);
    }

    #[test]
    fn html_is_for_a_site() {
        assert_eq!(
            Document::parse(NEWS).html(),
            "<p>Завтра <strong>отключат</strong> воду.</p><ul><li>ул. Ленина</li><li>ул. <em>Мира</em></li></ul>\
             <ol start=\"3\"><li>три</li><li>четыре</li></ol><blockquote><p>Подробности на \
             <a href=\"https://example.ru/a?b=1&amp;c=2\">сайте</a> <a href=\"https://example.ru\">https://example.ru</a></p></blockquote>"
        );
    }

    #[test]
    fn what_a_user_types_never_becomes_markup() {
        let document = Document::parse(
            "<script>alert(1)</script>\n\nи <b onclick=x>жирный</b> [x](javascript:alert(1)) ![a](http://x/y.png)",
        );
        assert_eq!(
            document.html(),
            "<p>&lt;script&gt;alert(1)&lt;/script&gt;</p><p>и &lt;b onclick=x&gt;жирный&lt;/b&gt; x a</p>"
        );
    }

    #[test]
    fn control_characters_in_entities_are_left_out() {
        let document = Document::parse("до &#27;[2J и&#0; `&#7;`\tпосле&#13; [сайт](https://a.ru/&#27;)");
        assert_eq!(document.plain(LinkStyle::WithAddress), "до [2J и\u{fffd} &#7;\tпосле сайт");
    }

    #[test]
    fn nested_lists_and_loose_items_keep_their_text() {
        let document = Document::parse("- раз\n  - два\n\n    ещё\n- три");
        let plain = document.plain(LinkStyle::LabelOnly);
        for word in ["раз", "два", "ещё", "три"] {
            assert!(plain.contains(word), "{plain}");
        }
    }

    #[test]
    fn text_of_lists_that_are_too_deep_is_kept() {
        for depth in 1..60 {
            let text = format!("{}вода", "- ".repeat(depth));
            assert!(Document::parse(&text).plain(LinkStyle::LabelOnly).ends_with("вода"), "{depth}");
        }
    }

    proptest! {
        #[test]
        fn any_input_gives_balanced_html_without_script(text in "\\PC{0,200}|([-*>#_`\\[\\]()<>!\n a]{0,80})") {
            let html = Document::parse(&text).html();
            prop_assert!(!html.to_lowercase().contains("<script"));
            for tag in ["p", "li", "ul", "strong", "em", "blockquote", "a"] {
                let opened = html.matches(&format!("<{tag}>")).count() + html.matches(&format!("<{tag} ")).count();
                prop_assert_eq!(opened, html.matches(&format!("</{tag}>")).count());
            }
        }
    }
}
