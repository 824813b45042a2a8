//! From events of the parser to the tree.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};

use super::{Block, Document, Inline};

/// Deeper nesting than any news item has; beyond it the inner text is kept flat, so that no input exhausts the stack.
const DEPTH_MAX: usize = 32;

/// What is being built, innermost last.
enum Open {
    Blocks(Frame, Vec<Block>),
    Inlines(Span, Vec<Inline>),
}

enum Frame {
    Root,
    Quote,
    List(Option<u64>, Vec<Vec<Block>>),
    Item,
}

enum Span {
    Paragraph,
    Heading(u8),
    Emphasis,
    Strong,
    Strike,
    Link(String),
    /// Text without a paragraph of its own: tight list items, and what was too deep.
    Bare,
    Code,
}

impl Document {
    /// Reads a text. Every text is valid.
    pub fn parse(markdown: &str) -> Self {
        let mut builder = Builder { open: vec![Open::Blocks(Frame::Root, Vec::new())], skipped: 0 };
        for event in Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH) {
            builder.event(event);
        }
        while builder.open.len() > 1 {
            builder.close();
        }
        match builder.open.pop() {
            Some(Open::Blocks(_, blocks)) => Self { blocks },
            _ => Self::default(),
        }
    }
}

struct Builder {
    open: Vec<Open>,
    /// Tags that were opened beyond [`DEPTH_MAX`] and are not kept.
    skipped: usize,
}

impl Builder {
    fn event(&mut self, event: Event<'_>) {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::End(end) => self.end(end),
            Event::Text(t) | Event::Html(t) | Event::InlineHtml(t) | Event::InlineMath(t) | Event::DisplayMath(t) => {
                self.inline(Inline::Text(seen(&t)));
            }
            Event::Code(t) => self.inline(Inline::Code(seen(&t))),
            // A line end inside a paragraph: people who type news mean it.
            Event::SoftBreak | Event::HardBreak => self.inline(Inline::Break),
            Event::Rule => self.block(Block::Rule),
            Event::FootnoteReference(_) | Event::TaskListMarker(_) => {}
        }
    }

    fn start(&mut self, tag: Tag<'_>) {
        if self.open.len() >= DEPTH_MAX {
            self.skipped += 1;
            return;
        }
        let open = match tag {
            Tag::Heading { level, .. } => Open::Inlines(Span::Heading(rank(level)), Vec::new()),
            Tag::BlockQuote(_) => Open::Blocks(Frame::Quote, Vec::new()),
            Tag::CodeBlock(_) => Open::Inlines(Span::Code, Vec::new()),
            Tag::List(start) => Open::Blocks(Frame::List(start, Vec::new()), Vec::new()),
            Tag::Item => Open::Blocks(Frame::Item, Vec::new()),
            Tag::Emphasis => Open::Inlines(Span::Emphasis, Vec::new()),
            Tag::Strong => Open::Inlines(Span::Strong, Vec::new()),
            Tag::Strikethrough => Open::Inlines(Span::Strike, Vec::new()),
            Tag::Link { dest_url, .. } => Open::Inlines(Span::Link(dest_url.into_string()), Vec::new()),
            Tag::Paragraph | Tag::HtmlBlock => Open::Inlines(Span::Paragraph, Vec::new()),
            // Images become their text alternative; the other tags need options that are off.
            _ => Open::Inlines(Span::Bare, Vec::new()),
        };
        let starts_block = match &open {
            Open::Blocks(..) => true,
            Open::Inlines(span, _) => matches!(span, Span::Paragraph | Span::Heading(_) | Span::Code),
        };
        if starts_block && matches!(self.open.last(), Some(Open::Inlines(Span::Bare, _))) {
            self.close();
        }
        self.open.push(open);
    }

    fn end(&mut self, end: TagEnd) {
        if self.skipped > 0 {
            self.skipped -= 1;
            return;
        }
        if matches!(end, TagEnd::Item | TagEnd::List(_) | TagEnd::BlockQuote(_))
            && matches!(self.open.last(), Some(Open::Inlines(..)))
        {
            self.close();
        }
        self.close();
    }

    /// Closes the innermost and hangs it into what is around it.
    fn close(&mut self) {
        if self.open.len() < 2 {
            return;
        }
        match self.open.pop() {
            Some(Open::Blocks(Frame::Quote, blocks)) => self.block(Block::Quote(blocks)),
            Some(Open::Blocks(Frame::List(start, mut items), flat)) => {
                // Items that were too deep left their text here.
                if !flat.is_empty() {
                    items.push(flat);
                }
                self.block(Block::List { start, items });
            }
            Some(Open::Blocks(Frame::Item, blocks)) => match self.open.last_mut() {
                Some(Open::Blocks(Frame::List(_, items), _)) => items.push(blocks),
                _ => blocks.into_iter().for_each(|b| self.block(b)),
            },
            Some(Open::Blocks(Frame::Root, _)) | None => {}
            Some(Open::Inlines(span, inner)) => match span {
                Span::Paragraph if inner.is_empty() => {}
                Span::Paragraph => self.block(Block::Paragraph(trimmed(inner))),
                Span::Heading(level) => self.block(Block::Heading(level, inner)),
                Span::Code => self.block(Block::Code(flat(&inner))),
                Span::Emphasis => self.inline(Inline::Emphasis(inner)),
                Span::Strong => self.inline(Inline::Strong(inner)),
                Span::Strike => self.inline(Inline::Strike(inner)),
                Span::Link(url) if is_safe(&url) => self.inline(Inline::Link { url, label: inner }),
                Span::Link(_) => inner.into_iter().for_each(|i| self.inline(i)),
                Span::Bare => {
                    if matches!(self.open.last(), Some(Open::Inlines(..))) {
                        inner.into_iter().for_each(|i| self.inline(i));
                    } else if !inner.is_empty() {
                        self.block(Block::Paragraph(trimmed(inner)));
                    }
                }
            },
        }
    }

    fn block(&mut self, block: Block) {
        if matches!(self.open.last(), Some(Open::Inlines(..))) {
            self.close();
        }
        if let Some(Open::Blocks(_, blocks)) = self.open.last_mut() {
            blocks.push(block);
        }
    }

    fn inline(&mut self, inline: Inline) {
        if let Some(Open::Blocks(..)) = self.open.last() {
            self.open.push(Open::Inlines(Span::Bare, Vec::new()));
        }
        if let Some(Open::Inlines(_, inner)) = self.open.last_mut() {
            match (inner.last_mut(), inline) {
                (Some(Inline::Text(before)), Inline::Text(more)) => before.push_str(&more),
                (_, inline) => inner.push(inline),
            }
        }
    }
}

/// `&#27;` is a control character that nobody sees typed; whatever shows the text may be steered by it.
fn seen(text: &str) -> String {
    text.chars().filter(|c| !c.is_control() || matches!(c, '\n' | '\t')).collect()
}

/// HTML blocks keep the line end that closes them; nobody wants to see it.
fn trimmed(mut inner: Vec<Inline>) -> Vec<Inline> {
    if let Some(Inline::Text(last)) = inner.last_mut() {
        last.truncate(last.trim_end_matches('\n').len());
    }
    inner
}

fn flat(inner: &[Inline]) -> String {
    inner.iter().map(|i| if let Inline::Text(t) | Inline::Code(t) = i { t.as_str() } else { "\n" }).collect()
}

fn rank(level: HeadingLevel) -> u8 {
    match level {
        HeadingLevel::H1 => 1,
        HeadingLevel::H2 => 2,
        HeadingLevel::H3 => 3,
        HeadingLevel::H4 => 4,
        HeadingLevel::H5 => 5,
        HeadingLevel::H6 => 6,
    }
}

fn is_safe(url: &str) -> bool {
    !url.contains(char::is_control)
        && url::Url::parse(url).is_ok_and(|u| matches!(u.scheme(), "http" | "https" | "mailto" | "tel"))
}
