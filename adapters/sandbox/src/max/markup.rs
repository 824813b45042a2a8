//! Text with markup apart, as MAX stores it, read from the HTML or Markdown that a bot sends.
//!
//! HTML outside the documented tags is stripped; Markdown outside the documented marks stays as it was typed.

mod html;
mod markdown;

use serde_json::{Value, json};

pub use html::from_html;
pub use markdown::from_markdown;

/// A text as readers see it, and where it is marked up.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Marked {
    /// The text without markup.
    pub text: String,
    /// The markup.
    pub spans: Vec<Span>,
    /// The length of `text` in UTF-16 units, kept while it grows.
    length: usize,
}

/// One piece of markup. Offsets count UTF-16 units.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// `strong`, `emphasized`, `monospaced`, `link`, ... (MAX API schema 0.0.33, `MarkupElement`).
    pub kind: &'static str,
    /// Where it begins.
    pub from: usize,
    /// How long it is.
    pub length: usize,
    /// Where a link leads.
    pub url: Option<String>,
}

impl Span {
    pub(super) fn to_json(&self) -> Value {
        let mut span = json!({ "type": self.kind, "from": self.from, "length": self.length });
        match self.url.as_deref().map(|url| (url, url.strip_prefix("max://user/"))) {
            Some((_, Some(user))) => {
                span["type"] = json!("user_mention");
                span["user_id"] = json!(user.parse::<i64>().ok());
            }
            Some((url, None)) => span["url"] = json!(url),
            None => {}
        }
        span
    }
}

impl Marked {
    /// A text without markup.
    pub fn plain(text: &str) -> Self {
        let mut marked = Self::default();
        marked.push_str(text);
        marked
    }

    fn push(&mut self, c: char) {
        self.length += c.len_utf16();
        self.text.push(c);
    }

    fn push_str(&mut self, text: &str) {
        text.chars().for_each(|c| self.push(c));
    }

    /// Marks up everything since `from`.
    fn mark(&mut self, kind: &'static str, from: usize, url: Option<String>) {
        if self.length > from {
            self.spans.push(Span { kind, from, length: self.length - from, url });
        }
    }
}
