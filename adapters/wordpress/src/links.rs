//! Bare addresses in a text become links: on a site nobody copies them by hand.

use url::Url;
use vestnik_contract::markdown::{Block, Document, Inline};

/// Marks up the addresses that stand bare in `document`.
pub(crate) fn mark(document: &mut Document) {
    document.blocks.iter_mut().for_each(block);
}

fn block(block: &mut Block) {
    match block {
        Block::Paragraph(inlines) | Block::Heading(_, inlines) => all(inlines),
        Block::List { items, .. } => items.iter_mut().flatten().for_each(self::block),
        Block::Quote(inner) => inner.iter_mut().for_each(self::block),
        Block::Code(_) | Block::Rule => {}
    }
}

fn all(inlines: &mut Vec<Inline>) {
    let mut out = Vec::with_capacity(inlines.len());
    for mut inline in inlines.drain(..) {
        match &mut inline {
            Inline::Text(text) => split(text, &mut out),
            Inline::Emphasis(inner) | Inline::Strong(inner) | Inline::Strike(inner) => {
                all(inner);
                out.push(inline);
            }
            Inline::Code(_) | Inline::Link { .. } | Inline::Break => out.push(inline),
        }
    }
    *inlines = out;
}

fn split(text: &str, out: &mut Vec<Inline>) {
    let mut rest = text;
    while let Some((before, address, after)) = next(rest) {
        if !before.is_empty() {
            out.push(Inline::Text(before.to_owned()));
        }
        out.push(Inline::Link { url: address.to_owned(), label: vec![Inline::Text(address.to_owned())] });
        rest = after;
    }
    if !rest.is_empty() {
        out.push(Inline::Text(rest.to_owned()));
    }
}

fn next(text: &str) -> Option<(&str, &str, &str)> {
    let at = [text.find("https://"), text.find("http://")].into_iter().flatten().min()?;
    let (before, from) = text.split_at(at);
    let end = from.find(|c: char| c.is_whitespace() || "<>\"«»„“”".contains(c)).unwrap_or(from.len());
    // The full stop that ends the sentence is not part of the address.
    let address = from[..end].trim_end_matches(['.', ',', ';', ':', '!', '?', ')', '…', '\'']);
    Url::parse(address).ok()?;
    Some((before, address, &from[address.len()..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bare_addresses_are_linked_and_nothing_else() {
        let mut document =
            Document::parse("Мы в MAX: **https://max.ru/gorod**. [сайт](https://a.ru) `https://b.ru` http://");
        mark(&mut document);
        assert_eq!(
            document.html(),
            "<p>Мы в MAX: <strong><a href=\"https://max.ru/gorod\">https://max.ru/gorod</a></strong>. \
             <a href=\"https://a.ru\">сайт</a> <code>https://b.ru</code> http://</p>"
        );
    }
}
