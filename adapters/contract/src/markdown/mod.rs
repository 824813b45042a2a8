//! `CommonMark` (0.31) as a small tree that every adapter turns into its platform's form.
//!
//! Raw HTML in a post is text like any other: what a user types never becomes markup. Links keep their address only
//! when a reader can safely follow it (`http`, `https`, `mailto`, `tel`). Pictures belong to a post's media; one
//! written into the text becomes its text alternative.

mod parse;
mod write;

pub use write::{LinkStyle, escape_html};

/// A parsed text.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Document {
    /// Paragraphs, lists, ... in order.
    pub blocks: Vec<Block>,
}

/// A part of a text that stands on lines of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// A paragraph.
    Paragraph(Vec<Inline>),
    /// A heading of level 1 to 6.
    Heading(u8, Vec<Inline>),
    /// A list; `start` is the first number of an ordered one.
    List {
        /// First number, `None` for bullets.
        start: Option<u64>,
        /// What stands at each bullet.
        items: Vec<Vec<Block>>,
    },
    /// A quotation.
    Quote(Vec<Block>),
    /// Preformatted text.
    Code(String),
    /// A line across.
    Rule,
}

/// A part of a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Inline {
    /// Text.
    Text(String),
    /// Emphasis.
    Emphasis(Vec<Inline>),
    /// Strong emphasis.
    Strong(Vec<Inline>),
    /// Struck out.
    Strike(Vec<Inline>),
    /// Code.
    Code(String),
    /// A link with a safe address.
    Link {
        /// Where it leads.
        url: String,
        /// What is shown.
        label: Vec<Inline>,
    },
    /// A line end that the writer wants to be seen.
    Break,
}
