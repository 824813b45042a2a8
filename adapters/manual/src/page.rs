//! The readable text of a page.

use encoding_rs::{Encoding, UTF_8};
use html5gum::{DefaultEmitter, Token, Tokenizer};
use reqwest::header::CONTENT_TYPE;
use vestnik_contract::http::Reply;
use vestnik_contract::text::{cut, normalise};

/// Longer texts are cut here, in characters: no news item is longer, and the text is kept in history.
pub(crate) const TEXT_MAX: usize = 20_000;
/// A page says its encoding within this many bytes (HTML standard, prescan).
const PRESCAN_BYTES: usize = 1024;

/// What stands in these is not read by anybody.
const UNREAD: [&str; 10] =
    ["title", "script", "style", "noscript", "template", "svg", "iframe", "noframes", "textarea", "select"];
/// What comes before and after these stands on lines of its own.
const BLOCKS: [&str; 36] = [
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "br",
    "dd",
    "details",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "li",
    "main",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "td",
    "tr",
    "ul",
];

/// What a page says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Read {
    pub(crate) text: String,
    /// The page is longer than [`TEXT_MAX`].
    pub(crate) cut: bool,
}

/// Reads a page; anything but HTML and plain text says nothing.
pub(crate) fn read(reply: &Reply) -> Read {
    let kind = reply.headers.get(CONTENT_TYPE).and_then(|v| v.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
    let text = match kind.split(';').next().unwrap_or_default().trim() {
        "text/plain" => decode(&kind, &reply.body),
        "" | "text/html" | "application/xhtml+xml" => text_of(&decode(&kind, &reply.body)),
        _ => String::new(),
    };
    let text = normalise(&text);
    Read { cut: text.chars().count() > TEXT_MAX, text: cut(&text, TEXT_MAX) }
}

/// The text between the tags. Tokens are enough for that; building a tree takes time with the square of a page's
/// depth, and the page is a stranger's.
fn text_of(html: &str) -> String {
    let mut emitter = DefaultEmitter::default();
    // Otherwise the content of a script would be read as tags.
    emitter.naively_switch_states(true);
    let mut out = String::new();
    let mut unread: Option<Vec<u8>> = None;
    // The reader is a string: it cannot fail.
    for token in Tokenizer::new_with_emitter(html, emitter).flatten() {
        match token {
            Token::String(text) if unread.is_none() => out.push_str(&String::from_utf8_lossy(&text)),
            Token::StartTag(tag) if unread.is_none() => {
                // Only foreign elements close themselves; `<script/>` goes on until `</script>`.
                if is_one_of(&UNREAD, &tag.name) && !(tag.self_closing && *tag.name == *b"svg") {
                    unread = Some(tag.name.to_vec());
                } else if is_one_of(&BLOCKS, &tag.name) {
                    out.push('\n');
                }
            }
            Token::EndTag(tag) => {
                if unread.as_deref() == Some(tag.name.as_slice()) {
                    unread = None;
                } else if unread.is_none() && is_one_of(&BLOCKS, &tag.name) {
                    out.push('\n');
                }
            }
            _ => {}
        }
    }
    out
}

fn is_one_of(names: &[&str], name: &[u8]) -> bool {
    names.iter().any(|n| n.as_bytes() == name)
}

/// Older sites still speak windows-1251.
fn decode(kind: &str, body: &[u8]) -> String {
    let start = String::from_utf8_lossy(&body[..body.len().min(PRESCAN_BYTES)]).to_ascii_lowercase();
    let encoding = charset(kind).or_else(|| charset(&start)).unwrap_or(UTF_8);
    encoding.decode(body).0.into_owned()
}

/// The encoding named after `charset=`, in a header or in a `meta` tag.
fn charset(text: &str) -> Option<&'static Encoding> {
    let (_, after) = text.split_once("charset=")?;
    let name: String = after
        .trim_start_matches(['"', '\'', ' '])
        .chars()
        .take_while(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | ':'))
        .collect();
    Encoding::for_label(name.as_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(kind: &str, body: &[u8]) -> Read {
        let mut headers = reqwest::header::HeaderMap::new();
        headers.insert(CONTENT_TYPE, kind.parse().unwrap());
        read(&Reply { status: reqwest::StatusCode::OK, headers, body: body.to_vec().into() })
    }

    #[test]
    fn a_reader_does_not_read_scripts() {
        let html = "<!doctype html><title>Сайт</title><style>p{}</style><nav><a href=/>Главная</a></nav><h1>Вода</h1>\
                    <p>Нет <b>воды</b>&nbsp;до 18<br>и света</p><ul><li>Ленина<li>Мира</ul>\
                    <script>document.write('<p>взлом</p>')</script><script/>взлом</script><svg/><noscript>Включите JS</noscript><!-- тайна -->";
        assert_eq!(
            page("text/html; charset=utf-8", html.as_bytes()).text,
            "Главная\n\nВода\n\nНет воды до 18\nи света\n\nЛенина\nМира"
        );
    }

    #[test]
    fn old_encodings_are_read() {
        let html = "<html><head><meta http-equiv=Content-Type content='text/html; charset=windows-1251'></head>Вода";
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode(html);
        assert_eq!(page("text/html", &bytes).text, "Вода");
        let (bytes, _, _) = encoding_rs::WINDOWS_1251.encode("<p>Вода");
        assert_eq!(page("text/html; charset=\"Windows-1251\"", &bytes).text, "Вода");
        assert_eq!(page("text/html; charset=nonsense", "Вода".as_bytes()).text, "Вода");
    }

    #[test]
    fn what_is_no_page_says_nothing() {
        assert_eq!(page("application/pdf", b"%PDF-1.4").text, "");
        assert_eq!(page("text/plain", "Вода".as_bytes()).text, "Вода");
        // Not text at all: nothing panics.
        page("text/html", &[0xff, 0xfe, 0x00, 0x3c, 0x3c, 0xd0]);
    }

    #[test]
    fn hostile_pages_are_read_in_a_moment() {
        let deep = format!("{}дно", "<div>".repeat(1_000_000));
        assert_eq!(page("text/html", deep.as_bytes()).text, "дно");
        let mut wide = String::from("<p");
        (0..500_000).for_each(|n| wide.extend([" a", &n.to_string()]));
        wide.push_str(">край");
        assert_eq!(page("text/html", wide.as_bytes()).text, "край");
        let long = page("text/html", format!("<p>{}", "слово ".repeat(50_000)).as_bytes());
        assert!(long.cut && long.text.chars().count() == TEXT_MAX);
    }
}
