//! Every command that a document shows is one that the program understands.

use clap::Parser as _;
use clap::error::{Error, ErrorKind};
use vestnik::cli::Cli;

use crate::page::all;

/// What documents write for something of the reader's own, with something that has its form.
const PLACEHOLDERS: [(&str, &str); 5] = [
    ("ID", "01a201cd-3b77-73c6-870d-7076d8bdcc9c"),
    ("HASH", "cf536edaa46493a74e6faaec92255cb34157bb006af52173ff83edd119daa62e"),
    ("URL", "https://gorod.ru/news/17"),
    ("ADDRESS", "https://gorod.ru/news/17"),
    ("FORMAT", "table"),
];

/// The words of a line as a shell would part them, up to a comment, a pipe or a redirection.
fn words(line: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let (mut word, mut quote) = (None::<String>, None);
    for c in line.chars().chain([' ']) {
        match (quote, c) {
            (Some(q), c) if c == q => quote = None,
            (None, '"' | '\'') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, c) if c.is_whitespace() => words.extend(word.take()),
            (None, '#') if word.is_none() => break,
            (None, '|' | '>' | ';' | '&') => break,
            (_, c) => word.get_or_insert_default().push(c),
        }
    }
    assert!(quote.is_none(), "a quotation has no end: {line}");
    words
}

/// The commands of vestnik in a line of a shell.
fn commands(line: &str) -> Vec<Vec<String>> {
    let parts = line.split("&&").map(|part| words(part.trim()));
    parts.filter_map(|words| Some(from_its_name(&words)?.iter().map(|word| filled_in(word)).collect())).collect()
}

/// The words from the program's name on, where the line runs it.
fn from_its_name(words: &[String]) -> Option<&[String]> {
    match words.first()?.as_str() {
        "vestnik" => Some(words),
        // What stands before its arguments here is cargo's, and `--` goes for the name.
        "cargo" if words.get(1).is_some_and(|word| word == "run") => {
            words.iter().position(|word| word == "--").map(|at| &words[at..])
        }
        // The user's name comes first.
        "sudo" => words.iter().rposition(|word| word == "vestnik").map(|at| &words[at..]),
        path if path.ends_with("/bin/vestnik") => Some(words),
        _ => None,
    }
}

fn filled_in(word: &str) -> String {
    PLACEHOLDERS
        .iter()
        .find(|(name, _)| *name == word)
        .map_or_else(|| word.to_owned(), |(_, value)| (*value).to_owned())
}

fn understood(words: &[String]) -> Result<(), Error> {
    Cli::try_parse_from(words).map(drop)
}

#[test]
fn every_command_of_a_block_parses() {
    let mut seen = 0;
    for page in all() {
        for block in page.blocks().iter().filter(|b| matches!(b.language.as_str(), "sh" | "ini" | "")) {
            for line in block.lines.iter().map(|line| line.trim().trim_start_matches("ExecStart=")) {
                for words in commands(line) {
                    seen += 1;
                    let told = understood(&words);
                    assert!(told.is_ok(), "{} line {}: {line}\n{}", page.name, block.line, told.unwrap_err());
                }
            }
        }
    }
    assert!(seen > 40, "only {seen} commands were found; are they looked for rightly?");
}

#[test]
fn every_command_of_a_sentence_is_one_that_there_is() {
    for page in all() {
        for span in page.spans().iter().filter(|span| span.starts_with("vestnik ")) {
            // A line that is quoted from the inside of the journal is no command.
            if span == "vestnik journal 1" {
                continue;
            }
            for words in commands(span) {
                // A sentence may name a command without what it needs.
                let unfinished = |error: &Error| {
                    use ErrorKind as K;
                    let on_missing = K::DisplayHelpOnMissingArgumentOrSubcommand;
                    matches!(error.kind(), K::MissingRequiredArgument | K::MissingSubcommand)
                        || error.kind() == on_missing
                };
                if let Err(error) = understood(&words) {
                    assert!(unfinished(&error), "{}: `{span}`\n{error}", page.name);
                }
            }
        }
    }
}

#[test]
fn commands_are_found_where_they_stand() {
    let first = |line: &str| commands(line).into_iter().next().unwrap().join(" ");
    assert_eq!(first("vestnik post list --json | head # the newest"), "vestnik post list --json");
    assert_eq!(first("sudo -u vestnik vestnik --config a.toml check"), "vestnik --config a.toml check");
    assert_eq!(first("vestnik history verify --head HASH").len(), "vestnik history verify --head ".len() + 64);
    assert_eq!(first("cargo run --release -- demo"), "-- demo");
    assert!(commands("adduser --system vestnik").is_empty());
    assert!(understood(&words("vestnik post ad news.md")).is_err());
}
