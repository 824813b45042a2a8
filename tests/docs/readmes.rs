//! The two readmes say the same: heading for heading, block for block.

use crate::page::{Block, Page};

fn readmes() -> (Page, Page) {
    (Page::read("README.md"), Page::read("README.ru.md"))
}

/// What a reader types: comments are in the reader's language, and so are the words of a picture.
fn typed(block: &Block) -> Vec<String> {
    let is_picture = block.language == "mermaid";
    let lines = block.lines.iter().map(|line| {
        let end = if is_picture { line.rfind(": ") } else { line.find(" # ") };
        line[..end.unwrap_or(line.len())].trim_end().to_owned()
    });
    if is_picture { lines.filter(|line| line.contains("-->")).collect() } else { lines.collect() }
}

#[test]
fn they_have_the_same_headings() {
    let (english, russian) = readmes();
    let levels = |page: &Page| page.headings().iter().map(|(level, _)| *level).collect::<Vec<_>>();
    assert_eq!(levels(&english), levels(&russian));
}

#[test]
fn they_have_the_same_blocks() {
    let (english, russian) = readmes();
    let (ours, theirs) = (english.blocks(), russian.blocks());
    assert_eq!(ours.len(), theirs.len());
    for (ours, theirs) in ours.iter().zip(&theirs) {
        let place = format!("README.md line {}, README.ru.md line {}", ours.line, theirs.line);
        assert_eq!(ours.language, theirs.language, "{place}");
        assert_eq!(typed(ours), typed(theirs), "{place}");
    }
}

#[test]
fn they_lead_to_the_same_pages() {
    let (english, russian) = readmes();
    let links = |page: &Page| {
        let prose = page.prose();
        let rests = prose.split("](").skip(1);
        let mut all: Vec<_> = rests.filter_map(|rest| rest.split_once(')')).map(|(to, _)| to.to_owned()).collect();
        all.retain(|to| !to.starts_with("README"));
        all.sort();
        all.dedup();
        all
    };
    assert_eq!(links(&english), links(&russian));
}

#[test]
fn the_picture_shows_the_states_that_there_are() {
    use vestnik::domain::State;
    use vestnik::domain::delivery::Change;
    for page in [readmes().0, readmes().1] {
        let picture = page.blocks().into_iter().find(|b| b.language == "mermaid").unwrap();
        let text = picture.lines.join("\n");
        for state in State::ALL {
            assert!(text.contains(state.name()), "{}: {state} is missing from the picture", page.name);
        }
        for line in picture.lines.iter().filter(|line| !line.contains("[*]")) {
            let Some((from, rest)) = line.trim().split_once(" --> ") else { continue };
            let to = rest.split(':').next().unwrap_or(rest);
            let (from, to): (State, State) = (from.parse().unwrap(), to.parse().unwrap());
            let leads_there = Change::ALL.iter().any(|change| from.after(*change) == Ok(to));
            assert!(leads_there, "{}: nothing leads from {from} to {to}", page.name);
        }
    }
}
