//! How much a post may be. All of it is far more than any platform takes, and little enough to be read and drawn at once.

use super::{PostFile, Problem};
use crate::domain::draft::HEADLINE_CHARS_MAX;

/// Longest text and text of one channel, in characters: platforms take 4 000 to 30 000.
pub const TEXT_CHARS_MAX: usize = 100_000;
/// Longest link, tag, typed time and text alternative, in characters: as much as the composer lets people type.
pub const LINE_CHARS_MAX: usize = 2000;
/// Most tags.
pub const TAGS_MAX: usize = 50;
/// Most files: the platform that takes most takes ten.
pub const FILES_MAX: usize = 100;
/// Most channels that one field may name.
pub const CHANNELS_MAX: usize = 100;

/// What of a post is too much. Asked before anything is made of what was typed.
pub fn too_much(file: &PostFile) -> Vec<Problem> {
    let mut problems = Vec::new();
    let mut long = |key: String, text: &str, max: usize| {
        let length = text.chars().count();
        if length > max {
            let told = format!("has {length} characters, and a post may have {max}; shorten it");
            problems.push(of("text-too-long", key, told, length, max));
        }
    };
    long("title".into(), &file.title, HEADLINE_CHARS_MAX);
    long("text".into(), &file.body, TEXT_CHARS_MAX);
    for (channel, text) in file.overrides.iter().take(CHANNELS_MAX) {
        long(format!("overrides.{channel}"), text, TEXT_CHARS_MAX);
    }
    for (key, line) in [("link", &file.link), ("at", &file.at), ("expires_at", &file.expires_at)] {
        long(key.into(), line.as_deref().unwrap_or_default(), LINE_CHARS_MAX);
    }
    for (channel, time) in file.not_before.iter().take(CHANNELS_MAX) {
        long(format!("not_before.{channel}"), time, LINE_CHARS_MAX);
    }
    for (index, tag) in file.tags.iter().enumerate().take(TAGS_MAX) {
        long(format!("tags[{index}]"), tag, LINE_CHARS_MAX);
    }
    for (index, file) in file.media.iter().enumerate().take(FILES_MAX) {
        long(format!("media[{index}].alt"), &file.alt, LINE_CHARS_MAX);
    }
    if file.tags.len() > TAGS_MAX {
        let count = file.tags.len();
        let told = format!("are {count}, and a post may have {TAGS_MAX}; take some out");
        problems.push(of("too-many-tags", "tags", told, count, TAGS_MAX));
    }
    problems.extend(too_many_files(file.media.len()));
    let named =
        [("channels", file.channels.len()), ("not_before", file.not_before.len()), ("overrides", file.overrides.len())];
    for (key, count) in named.into_iter().filter(|(_, count)| *count > CHANNELS_MAX) {
        let told = format!("names {count} channels, and {CHANNELS_MAX} may be named; name those that the post goes to");
        problems.push(of("too-many-channels", key, told, count, CHANNELS_MAX));
    }
    problems
}

/// The same of files that are not named in a post file.
pub fn too_many_files(count: usize) -> Option<Problem> {
    let told = format!("are {count} files, and a post may have {FILES_MAX}; take some out");
    (count > FILES_MAX).then(|| of("too-many-files", "media", told, count, FILES_MAX))
}

fn of(code: &'static str, key: impl Into<String>, told: String, length: usize, max: usize) -> Problem {
    Problem::new(code, key, told).with("length", length).with("max", max).with("over", length.saturating_sub(max))
}
