//! Links between files lead somewhere, paths that are named exist, and no build machine shines through.

use crate::page::{Page, all, root};

/// GitHub's name for a heading: lower case, punctuation gone, blanks made hyphens.
fn anchor(heading: &str) -> String {
    let kept = heading.to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn targets(page: &Page) -> Vec<String> {
    let prose = page.prose();
    let rests = prose.split("](").skip(1);
    rests.filter_map(|rest| rest.split_once(')')).map(|(target, _)| target.to_owned()).collect()
}

#[test]
fn every_link_within_the_repository_leads_somewhere() {
    for page in all() {
        for target in targets(&page) {
            if target.contains("://") {
                continue;
            }
            let (file, fragment) = target.split_once('#').unwrap_or((&target, ""));
            let path = if file.is_empty() { page.path.clone() } else { page.path.parent().unwrap().join(file) };
            assert!(path.exists(), "{}: there is no {target}", page.name);
            if !fragment.is_empty() {
                let path = path.canonicalize().unwrap();
                let name = path.strip_prefix(root().canonicalize().unwrap()).unwrap().to_str().unwrap().to_owned();
                let known: Vec<_> = Page::read(&name).headings().iter().map(|(_, h)| anchor(h)).collect();
                assert!(known.iter().any(|known| known == fragment), "{}: {target}; {name} has {known:?}", page.name);
            }
        }
    }
}

#[test]
fn every_path_that_is_named_in_our_folders_exists() {
    let folders = ["src/", "adapters/", "migrations/", "tests/", "docs/", "benches/"];
    for page in all() {
        for span in page.spans() {
            if folders.iter().any(|folder| span.starts_with(folder)) && !span.contains([' ', '*']) {
                assert!(root().join(&span).exists(), "{}: there is no `{span}`", page.name);
            }
        }
    }
}

#[test]
fn no_document_names_a_folder_of_the_machine_it_was_written_on() {
    let built_in = format!("{}/", root().display());
    for page in all() {
        for (number, line) in page.text.lines().enumerate() {
            for path in [built_in.as_str(), "/home/", "/root/", "/Users/"] {
                // Part of a longer, relative path it means nothing.
                let stands_alone = |at: usize| line[..at].chars().next_back().is_none_or(|c| !c.is_alphanumeric());
                let found = line.match_indices(path).any(|(at, _)| stands_alone(at));
                assert!(!found, "{} line {}: {path}", page.name, number + 1);
            }
        }
    }
}
