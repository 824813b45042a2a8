//! HTML as a browser's tokenizer reads it, and what of it a platform may be sent.

use html5gum::{DefaultEmitter, Token, Tokenizer};

/// What a platform may be sent: tags with their attributes.
pub(crate) type Allowed = [(&'static str, &'static [&'static str])];

/// Tags that have no end.
const VOID: [&str; 2] = ["br", "hr"];

/// The text that readers see. Panics at any markup beyond `allowed`, at links that lead elsewhere than to pages, mail
/// and telephones, and at tags that are not closed in order.
pub(crate) fn text_of(html: &str, allowed: &Allowed) -> String {
    let mut open: Vec<String> = Vec::new();
    let mut text = String::new();
    for token in Tokenizer::new_with_emitter(html, DefaultEmitter::<()>::default()) {
        match token.unwrap_or_else(|never| match never {}) {
            Token::String(part) => text.push_str(&utf8(&part)),
            Token::StartTag(tag) => {
                let name = utf8(&tag.name);
                let attributes = allowed.iter().find(|(known, _)| *known == name).map(|(_, attributes)| *attributes);
                let attributes = attributes.unwrap_or_else(|| panic!("<{name}> is no tag of the platform: {html}"));
                for (key, value) in &tag.attributes {
                    let (key, value) = (utf8(key), utf8(value));
                    assert!(attributes.contains(&key.as_str()), "<{name} {key}> is not allowed: {html}");
                    assert!(key != "href" || leads_to_readers(&value), "a link to {value:?}: {html}");
                }
                if !VOID.contains(&name.as_str()) {
                    open.push(name);
                }
            }
            Token::EndTag(tag) => assert_eq!(open.pop(), Some(utf8(&tag.name)), "tags cross: {html}"),
            other => panic!("{other:?} in {html}"),
        }
    }
    assert!(open.is_empty(), "{open:?} stay open: {html}");
    text
}

/// Whether a link is one that readers can safely follow.
fn leads_to_readers(address: &str) -> bool {
    url::Url::parse(address).is_ok_and(|url| matches!(url.scheme(), "http" | "https" | "mailto" | "tel"))
}

fn utf8(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}
