//! Comparing what was sent with what a platform shows.

use std::collections::HashSet;

use sha2::{Digest, Sha256};
use unicode_normalization::UnicodeNormalization;

use crate::reading::Shown;

/// Shorter prefixes say nothing: two news items may well begin alike.
const CUT_PREFIX_MIN: usize = 40;
/// Shorter words are in every text.
const LONGER_WORD: usize = 4;

/// Brings a text into the form in which two texts are compared: NFC, one kind of line end, no white space at line
/// ends, runs of blanks and of empty lines as one, no invisible joiners that editors add.
pub fn normalise(text: &str) -> String {
    let text: String = text.nfc().filter(|c| !matches!(c, '\u{200b}' | '\u{feff}' | '\u{ad}')).collect();
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let mut out = String::with_capacity(text.len());
    let mut blank = false;
    for line in text.split('\n') {
        let line =
            line.split(|c: char| c.is_whitespace()).filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        if line.is_empty() {
            blank = !out.is_empty();
            continue;
        }
        if !out.is_empty() {
            out.push_str(if blank { "\n\n" } else { "\n" });
        }
        blank = false;
        out.push_str(&line);
    }
    out
}

/// SHA-256 of the normalised text, lower-case hex.
pub fn fingerprint(text: &str) -> String {
    hex::encode(Sha256::digest(normalise(text).as_bytes()))
}

/// Whether the platform shows the text that was sent. Cut texts are compared as far as they go.
pub fn same_text(sent: &str, shown: &Shown) -> bool {
    if shown.opaque {
        return true;
    }
    let (sent, seen) = (normalise(sent), normalise(&shown.text));
    if !shown.cut {
        return sent == seen;
    }
    let seen = seen.trim_end_matches(['…', '.', ' ', '\n']);
    seen.chars().count() >= CUT_PREFIX_MIN.min(sent.chars().count()) && sent.starts_with(seen)
}

/// Whether a reader sees nothing of it: white space, control characters, what is ignored by default (Unicode,
/// `DerivedCoreProperties.txt`: joiners, directions, fillers, variation selectors, tags) and the empty Braille cell.
pub fn is_blank(text: &str) -> bool {
    text.chars().all(|c| {
        c.is_whitespace()
            || c.is_control()
            || matches!(c,
                '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{17b4}'..='\u{17b5}'
                | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{2800}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
                | '\u{ffa0}' | '\u{fff0}'..='\u{fff8}' | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
                | '\u{e0000}'..='\u{e0fff}')
    })
}

/// Whether two texts are likely versions of one: more than half of their longer words are in both.
pub fn resembles(one: &str, other: &str) -> bool {
    let (one, other) = (longer_words(one), longer_words(other));
    let both = one.intersection(&other).count();
    2 * both > one.len() + other.len() - both
}

fn longer_words(text: &str) -> HashSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| word.chars().count() >= LONGER_WORD);
    words.map(str::to_lowercase).collect()
}

/// A text without what could steer the terminal or the log that shows it: strangers wrote parts of it.
pub fn printable(text: &str) -> String {
    let steers = |c: char| c.is_control() && !matches!(c, '\n' | '\t');
    text.chars().map(|c| if steers(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Cuts `text` to at most `max` characters, ending in `…` where something was left out.
pub fn cut(text: &str, max: usize) -> String {
    if text.chars().count() <= max {
        return text.to_owned();
    }
    let mut out: String = text.chars().take(max.saturating_sub(1)).collect();
    out.push('…');
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, cut: bool) -> Shown {
        Shown { text: text.into(), cut, opaque: false, media: None, url: None, platform_time: None }
    }

    #[test]
    fn white_space_and_composition_do_not_matter() {
        assert_eq!(normalise("Й  текст \r\n\r\n\r\nещё\u{a0}строка\n"), "Й текст\n\nещё строка");
        assert_eq!(fingerprint("и\u{306}"), fingerprint("й"));
    }

    #[test]
    fn a_changed_word_matters() {
        assert!(same_text("Отключение воды 5 мая", &shown("Отключение воды 5 мая\n", false)));
        assert!(!same_text("Отключение воды 5 мая", &shown("Отключение воды 6 мая", false)));
    }

    #[test]
    fn a_cut_text_is_compared_as_far_as_it_goes() {
        let sent = "Отключение воды 5 мая с 10 до 18 часов на улице Ленина, дома 1-15";
        assert!(same_text(sent, &shown("Отключение воды 5 мая с 10 до 18 часов на улице…", true)));
        assert!(!same_text(sent, &shown("Отключение воды 6 мая с 10 до 18 часов на улице…", true)));
        assert!(!same_text(sent, &shown("Отключение…", true)), "too short to tell");
    }

    #[test]
    fn what_nobody_sees_is_blank() {
        for blank in
            ["", " \u{a0}\t\n", "\u{200b}\u{200d}\u{feff}", "\u{2800}", "\u{ad}", "\u{200f}\u{202e}", "\u{3164}"]
        {
            assert!(is_blank(blank), "{blank:?}");
        }
        for seen in ["а", "\u{200b}.", "👩\u{200d}🚒", "—"] {
            assert!(!is_blank(seen), "{seen:?}");
        }
    }

    #[test]
    fn an_edited_text_resembles_what_it_was() {
        let first = "Отключение воды 5 мая\n\nВоды не будет на улице Ленина с 10 до 18 часов.";
        assert!(resembles(
            first,
            "Исправлено: отключение воды 6 мая\n\nВоды не будет на улице Ленина с 9 до 17 часов."
        ));
        assert!(!resembles(first, "Отключение света 5 мая\n\nНа проспекте Мира меняют подстанцию."));
        assert!(!resembles("5 мая", "6 мая"), "nothing to tell by");
    }

    #[test]
    fn cutting_keeps_whole_characters() {
        assert_eq!(cut("привет", 4), "при…");
        assert_eq!(cut("при", 4), "при");
    }
}
