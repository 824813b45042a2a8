//! The HTML that MAX documents (schema 0.0.33): `b i s u code pre mark h1 blockquote a`. Line ends are line ends;
//! paragraphs, lists and tables have no tags.

use vestnik_contract::markdown::{Block, Inline, LinkStyle, escape_html};

/// A piece of a post: with markup, and as MAX gives it back without.
#[derive(Debug, Default)]
pub(super) struct Html {
    pub(super) markup: String,
    pub(super) plain: String,
}

impl Html {
    pub(super) fn text(&mut self, text: &str) {
        self.markup.push_str(&escape_html(text));
        self.plain.push_str(text);
    }

    pub(super) fn link(&mut self, url: &str, label: impl FnOnce(&mut Self)) {
        self.markup.push_str("<a href=\"");
        self.markup.push_str(&escape_html(url));
        self.markup.push_str("\">");
        label(self);
        self.markup.push_str("</a>");
    }

    fn wrap(&mut self, tag: &str, inner: impl FnOnce(&mut Self)) {
        for part in ["<", tag, ">"] {
            self.markup.push_str(part);
        }
        inner(self);
        for part in ["</", tag, ">"] {
            self.markup.push_str(part);
        }
    }

    pub(super) fn wrapped(tag: &str, inner: impl FnOnce(&mut Self)) -> Self {
        let mut html = Self::default();
        html.wrap(tag, inner);
        html
    }

    fn append(&mut self, other: &Self) {
        self.markup.push_str(&other.markup);
        self.plain.push_str(&other.plain);
    }

    /// The parts that say something, with `between` between them.
    pub(super) fn joined(parts: &[Self], between: &str) -> Self {
        let mut all = Self::default();
        for part in parts.iter().filter(|part| !part.plain.is_empty()) {
            if !all.plain.is_empty() {
                all.text(between);
            }
            all.append(part);
        }
        all
    }
}

/// Where a block stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    /// Within how many lists.
    lists: usize,
    /// Within a list or a quotation, where headings and quotations are not documented to nest.
    inside: bool,
}

/// The blocks of a text, one piece each.
pub(super) fn blocks(blocks: &[Block]) -> Vec<Html> {
    blocks.iter().map(|b| block(b, Place { lists: 0, inside: false })).collect()
}

fn block(block: &Block, place: Place) -> Html {
    let inside = Place { inside: true, ..place };
    match block {
        Block::Paragraph(i) => {
            let mut html = Html::default();
            inlines(i, &mut html);
            html
        }
        Block::Heading(1, i) if !place.inside => Html::wrapped("h1", |html| inlines(i, html)),
        Block::Heading(_, i) => Html::wrapped("b", |html| inlines(i, html)),
        Block::List { start, items } => list(*start, items, inside),
        Block::Quote(quoted) => {
            let quoted: Vec<Html> = quoted.iter().map(|b| self::block(b, inside)).collect();
            let quoted = Html::joined(&quoted, "\n\n");
            if place.inside { quoted } else { Html::wrapped("blockquote", |html| html.append(&quoted)) }
        }
        Block::Code(text) => Html::wrapped("pre", |html| html.text(text.trim_end_matches('\n'))),
        Block::Rule => {
            let mut html = Html::default();
            html.text("***");
            html
        }
    }
}

fn list(start: Option<u64>, items: &[Vec<Block>], place: Place) -> Html {
    let deeper = Place { lists: place.lists + 1, ..place };
    let bullet = if place.lists == 0 { "• " } else { "◦ " };
    let mut number = start;
    let mut lines = Vec::with_capacity(items.len());
    for item in items {
        let mut line = Html::default();
        match number {
            Some(n) => line.text(&format!("{n}. ")),
            None => line.text(bullet),
        }
        number = number.map(|n| n.saturating_add(1));
        let parts: Vec<Html> = item.iter().map(|b| block(b, deeper)).collect();
        line.append(&Html::joined(&parts, "\n"));
        lines.push(line);
    }
    Html::joined(&lines, "\n")
}

fn inlines(inlines: &[Inline], html: &mut Html) {
    for inline in inlines {
        match inline {
            Inline::Text(t) => html.text(t),
            Inline::Emphasis(i) => html.wrap("i", |html| self::inlines(i, html)),
            Inline::Strong(i) => html.wrap("b", |html| self::inlines(i, html)),
            Inline::Strike(i) => html.wrap("s", |html| self::inlines(i, html)),
            Inline::Code(t) => html.wrap("code", |html| html.text(t)),
            Inline::Link { url, label } => link(url, label, html),
            Inline::Break => html.text("\n"),
        }
    }
}

fn link(url: &str, label: &[Inline], html: &mut Html) {
    let is_web = url.starts_with("http://") || url.starts_with("https://");
    if !is_web {
        // Other addresses are not documented as links: they are written out, so that nothing is lost.
        let link = Inline::Link { url: url.to_owned(), label: label.to_vec() };
        html.text(&Inline::plain(&[link], LinkStyle::WithAddress));
    } else if Inline::plain(label, LinkStyle::LabelOnly).trim().is_empty() {
        html.link(url, |html| html.text(url));
    } else {
        html.link(url, |html| inlines(label, html));
    }
}
