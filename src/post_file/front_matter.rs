//! The text of a post file: front matter between two lines of `---`, then the body.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use super::{MediaEntry, PostFile, Problem};
use crate::config::{self, wording};

const FENCE: &str = "---";

/// The keys, with the names that stand in the file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    title: String,
    at: Option<String>,
    link: Option<String>,
    tags: Option<Vec<String>>,
    media: Option<Vec<File>>,
    channels: Option<Vec<String>>,
    not_before: Option<BTreeMap<String, String>>,
    overrides: Option<BTreeMap<String, String>>,
    expires_at: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    file: PathBuf,
    alt: Option<String>,
}

/// Reads a whole post file; `folder` is where relative paths start.
pub(super) fn parse(text: &str, folder: &Path) -> Result<PostFile, Problem> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text).replace("\r\n", "\n");
    let (front, body) = split(&text)?;
    let front = read(front)?;
    let entry = |File { file, alt }| MediaEntry { path: folder.join(file), alt: alt.unwrap_or_default() };
    Ok(PostFile {
        title: front.title.trim().to_owned(),
        body: body.trim_matches('\n').trim_end().to_owned(),
        at: front.at,
        link: front.link,
        tags: front.tags.unwrap_or_default(),
        media: front.media.unwrap_or_default().into_iter().map(entry).collect(),
        channels: front.channels.unwrap_or_default(),
        not_before: front.not_before.unwrap_or_default(),
        overrides: front.overrides.unwrap_or_default(),
        expires_at: front.expires_at,
    })
}

fn split(text: &str) -> Result<(&str, &str), Problem> {
    let is_fence = |line: &str| line.trim_end() == FENCE;
    let mut lines = text.split_inclusive('\n');
    let first = lines.next().unwrap_or_default();
    if !is_fence(first) {
        let problem = "the file does not begin with front matter; let its first lines be `---`, `title: THE HEADLINE`, \
                       `---`, and the text follow";
        return Err(Problem::new("post-file", "line 1", problem));
    }
    let mut end = first.len();
    for line in lines {
        if is_fence(line) {
            return Ok((&text[first.len()..end], &text[end + line.len()..]));
        }
        end += line.len();
    }
    let problem = "the front matter that begins here has no end; put a line `---` between it and the text";
    Err(Problem::new("post-file", "line 1", problem))
}

fn read(yaml: &str) -> Result<FrontMatter, Problem> {
    let options = serde_saphyr::options! { with_snippet: false };
    let mut path = String::new();
    let result = serde_saphyr::with_deserializer_from_str_with_options(yaml, options, |parser| {
        serde_path_to_error::deserialize(parser).map_err(|error| {
            path = error.path().to_string();
            error.into_inner()
        })
    });
    result.map_err(|error| {
        // The front matter begins in the file's second line.
        let line = error.location().map_or(1, |location| location.line()) + 1;
        // A place that the parser cannot name is `.` or `?`.
        let key = if path.contains('?') || path == "." { "" } else { &path };
        match wording::problem(key, &told(&error)) {
            config::Problem { key, problem } if key.is_empty() => {
                config::Problem { key: format!("line {line}"), problem }.into()
            }
            problem => problem.into(),
        }
    })
}

/// The parser's message in the words that [`wording`] knows, without its own account of the place.
fn told(error: &serde_saphyr::Error) -> String {
    use serde_saphyr::Error;
    match error {
        Error::SerdeUnknownField { field, expected, .. } => {
            format!("unknown field `{field}`, expected one of `{}`", expected.join("`, `"))
        }
        Error::SerdeMissingField { field, .. } => format!("missing field `{field}`"),
        Error::Eof { .. } => "missing field `title`".into(),
        Error::NullIntoString { .. } => "is empty; write a value, or take the key out if it is not needed".into(),
        Error::DuplicateMappingKey { key, .. } => {
            format!("the key `{}` stands twice; keep one of the two", key.as_deref().unwrap_or_default())
        }
        Error::Unexpected { expected: "sequence start", .. } => "must be a list, like [first, second]".into(),
        Error::Unexpected { expected: "mapping start", .. } => {
            "must be keys with values, like {file: school.jpg, alt: The new school}".into()
        }
        Error::Unexpected { expected: "string scalar", .. } => "must be text".into(),
        other => {
            let message = other.to_string();
            let message = message.split(" at line ").next().unwrap_or_default();
            format!("is not YAML: {message}; text that holds a colon or begins with a sign needs \"quotation marks\"")
        }
    }
}
