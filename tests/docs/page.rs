//! A document as far as these tests read it.

use std::path::{Path, PathBuf};

/// The repository.
pub fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// One Markdown file.
pub struct Page {
    /// Its path from the repository's root.
    pub name: String,
    pub path: PathBuf,
    pub text: String,
}

/// A fenced block of a page.
#[derive(Debug)]
pub struct Block {
    /// What stands behind the opening fence.
    pub language: String,
    /// Its lines, without the indentation of the fence.
    pub lines: Vec<String>,
    /// The line of the page at which it opens, counted from 1.
    pub line: usize,
}

impl Page {
    pub fn read(name: &str) -> Self {
        let path = root().join(name);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{name}: {e}"));
        Self { name: name.into(), path, text }
    }

    /// Its fenced blocks.
    pub fn blocks(&self) -> Vec<Block> {
        let mut blocks = Vec::new();
        let mut open: Option<(usize, Block)> = None;
        for (index, line) in self.text.lines().enumerate() {
            let trimmed = line.trim_start();
            match (open.take(), trimmed.strip_prefix("```")) {
                (Some((_, block)), Some(_)) => blocks.push(block),
                (Some((indent, mut block)), None) => {
                    block.lines.push(line.get(indent..).unwrap_or_default().to_owned());
                    open = Some((indent, block));
                }
                (None, Some(language)) => {
                    let block = Block { language: language.trim().into(), lines: Vec::new(), line: index + 1 };
                    open = Some((line.len() - trimmed.len(), block));
                }
                (None, None) => {}
            }
        }
        assert!(open.is_none(), "{}: a block has no end", self.name);
        blocks
    }

    /// The text with its fenced blocks made empty lines.
    pub fn prose(&self) -> String {
        let mut fenced = false;
        let line = |line: &str| {
            let fence = line.trim_start().starts_with("```");
            let was = fenced;
            fenced ^= fence;
            if fence || was { String::new() } else { line.to_owned() }
        };
        self.text.lines().map(line).collect::<Vec<_>>().join("\n")
    }

    /// What stands between single backticks in the prose; line ends within are blanks.
    pub fn spans(&self) -> Vec<String> {
        let prose = self.prose();
        let spans = prose.split("\n\n").flat_map(|paragraph| paragraph.split('`').skip(1).step_by(2));
        spans.map(|span| span.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
    }

    /// Its headings, with their level.
    pub fn headings(&self) -> Vec<(usize, String)> {
        let level = |line: &str| line.bytes().take_while(|b| *b == b'#').count();
        let prose = self.prose();
        let lines = prose.lines().filter(|line| level(line) > 0);
        lines.map(|line| (level(line), line[level(line)..].trim().to_owned())).collect()
    }
}

/// Every document that is ours to keep true.
pub fn all() -> Vec<Page> {
    let mut names = vec!["README.md".to_owned(), "README.ru.md".to_owned(), "CHANGELOG.md".to_owned()];
    for folder in ["docs", "docs/decisions"] {
        let files = std::fs::read_dir(root().join(folder)).unwrap().map(|entry| entry.unwrap().path());
        let pages = files.filter(|file| file.extension().is_some_and(|extension| extension == "md"));
        names.extend(pages.map(|page| format!("{folder}/{}", page.file_name().unwrap().to_str().unwrap())));
    }
    names.sort();
    names.iter().map(|name| Page::read(name)).collect()
}
