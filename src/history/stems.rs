//! Words as they are searched: lower case, ё as е, reduced to their stems by Snowball (Russian for Cyrillic letters,
//! English for Latin ones), so that «мост» finds «моста» and «мосту». `docs/auditor.md` tells the limits.

use std::sync::LazyLock;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization as _;

static RUSSIAN: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::Russian));
static ENGLISH: LazyLock<Stemmer> = LazyLock::new(|| Stemmer::create(Algorithm::English));

/// No word of a language is longer; ids of platforms are cut on both sides of a comparison.
const LETTERS_MAX: usize = 64;
/// More words than a person asks for.
const TERMS_MAX: usize = 20;
/// A longer question is a text.
const QUESTION_CHARS_MAX: usize = 400;

/// A search cannot be done; the words under this key say why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TooMuch {
    /// Too long.
    #[error("a search may have {QUESTION_CHARS_MAX} characters")]
    Long,
    /// Too many words.
    #[error("a search may have {TERMS_MAX} words")]
    Words,
}

/// The stems of a text, in order, with a space between them.
pub fn stems(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let folded: String = text.nfc().flat_map(char::to_lowercase).map(|c| if c == 'ё' { 'е' } else { c }).collect();
    for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let word = word.char_indices().nth(LETTERS_MAX).map_or(word, |(end, _)| &word[..end]);
        if !out.is_empty() {
            out.push(' ');
        }
        if word.chars().any(|c| ('а'..='я').contains(&c)) {
            // Twice: a short participle («открыт») loses one ending more than the full one («открытый») does.
            out.push_str(&RUSSIAN.stem(&RUSSIAN.stem(word)));
        } else if word.chars().all(|c| c.is_ascii_lowercase()) {
            out.push_str(&ENGLISH.stem(word));
        } else {
            out.push_str(word);
        }
    }
    out
}

/// What a person types, as phrases of stems that must all occur: words, and several words in quotes as they follow each
/// other. A word with marks inside it, like an address, is a phrase of its parts.
pub fn phrases(question: &str) -> Result<Vec<String>, TooMuch> {
    if question.chars().count() > QUESTION_CHARS_MAX {
        return Err(TooMuch::Long);
    }
    let mut phrases = Vec::new();
    let is_quote = |c: char| matches!(c, '"' | '«' | '»' | '“' | '”' | '„');
    for (nth, part) in question.split(is_quote).enumerate() {
        // Between an opening and a closing mark; a mark that is never closed reaches to the end.
        if nth % 2 == 1 {
            phrases.push(stems(part));
        } else {
            phrases.extend(part.split_whitespace().map(stems));
        }
    }
    phrases.retain(|phrase| !phrase.is_empty());
    if phrases.iter().map(|phrase| phrase.split(' ').count()).sum::<usize>() > TERMS_MAX {
        return Err(TooMuch::Words);
    }
    Ok(phrases)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_forms_of_a_word_have_one_stem() {
        for (word, forms) in [
            ("мост", ["моста", "мосту", "мостом", "Мосты"]),
            ("школа", ["школы", "школе", "школой", "школ"]),
            ("зелёный", ["зеленая", "ЗЕЛЁНОГО", "зелёными", "зеленой"]),
            ("открыть", ["открыли", "открыт", "открытый", "открытие"]),
            ("release", ["released", "releases", "releasing", "Release"]),
        ] {
            for form in forms {
                assert_eq!(stems(form), stems(word), "{form}");
            }
        }
        assert_ne!(stems("мост"), stems("мотив"));
    }

    #[test]
    fn letters_of_two_code_points_are_those_of_one() {
        assert_eq!(stems("и\u{306}од е\u{308}лка"), stems("йод ёлка"));
    }

    #[test]
    fn quotes_hold_words_together() {
        assert_eq!(
            phrases("мосты «Зелёная улица» gorod-vk/17"),
            Ok(vec![stems("мост"), stems("зеленая улица"), "gorod vk 17".to_owned()])
        );
        assert_eq!(phrases("\"не закрыта"), Ok(vec![stems("не закрыта")]));
        assert_eq!(phrases(" «» — ! "), Ok(Vec::new()));
    }

    #[test]
    fn a_question_is_no_text() {
        assert_eq!(phrases(&"а ".repeat(150)), Err(TooMuch::Words));
        assert_eq!(phrases(&"а".repeat(401)), Err(TooMuch::Long));
    }
}
