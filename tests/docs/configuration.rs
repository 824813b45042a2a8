//! Every piece of configuration that a document shows is taken by the program, and every key it names exists.

use vestnik::config::{Config, SHIPPED};

use crate::page::{all, root};

const ORGANISATION: &str =
    "[[organisation]]\nslug = \"an-office\"\nname = \"An office\"\ntime_zone = \"Europe/Moscow\"\n";
const PRIMARY: &str = "[[organisation.channel]]\nslug = \"an-office-max\"\nplatform = \"max\"\nprimary = true\n\
                       chat_id = -1\ntoken = { env = \"TOKEN\" }\n";

/// A piece with what it takes to be whole around it.
fn whole(piece: &str) -> String {
    let primary = if piece.contains("primary = true") { "" } else { PRIMARY };
    if piece.contains("[[organisation]]") {
        format!("{piece}\n{primary}")
    } else if piece.contains("[[organisation.channel]]") {
        let (tables, channels) = piece.split_at(piece.find("[[organisation.channel]]").unwrap_or_default());
        format!("{tables}\n{ORGANISATION}\n{primary}\n{channels}")
    } else {
        format!("{piece}\n{ORGANISATION}\n{primary}")
    }
}

#[test]
fn every_piece_of_configuration_is_taken() {
    for page in all() {
        for block in page.blocks().iter().filter(|b| b.language == "toml") {
            let taken = Config::parse(&whole(&block.lines.join("\n")), root());
            assert!(taken.is_ok(), "{} line {}: {}", page.name, block.line, taken.unwrap_err());
        }
    }
}

/// `[table] key` for every key of the shipped configuration, also those behind a `#`.
fn shipped_keys() -> Vec<String> {
    let mut table = String::new();
    let mut keys = Vec::new();
    for line in SHIPPED.lines() {
        if line.starts_with('[') {
            line.clone_into(&mut table);
        } else if let Some((key, _)) = line.trim_start_matches('#').split_once(" = ")
            && key.bytes().all(|b| b.is_ascii_lowercase() || b == b'_')
        {
            keys.push(format!("{table} {key}"));
        }
    }
    keys
}

#[test]
fn every_key_that_is_named_with_its_table_exists() {
    let known = shipped_keys();
    for page in all() {
        for span in page.spans().iter().filter(|span| span.starts_with('[') && span.contains("] ")) {
            let key = span.split(" = ").next().unwrap_or(span);
            assert!(known.iter().any(|known| known == key), "{}: `{span}`; known are {known:#?}", page.name);
        }
    }
}
