//! Logins and names as people type them.

use unicode_normalization::UnicodeNormalization as _;

use super::error::Refusal;
use crate::domain::people;
use crate::journal::VESTNIK;

const LOGIN_CHARS: std::ops::RangeInclusive<usize> = 2..=64;
const NAME_CHARS_MAX: usize = 100;

/// A login as it is kept.
pub(super) fn login(typed: &str) -> Result<String, Refusal> {
    let login = people::login(typed);
    let fits = |c: char| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '@');
    if LOGIN_CHARS.contains(&login.chars().count()) && login.chars().all(fits) {
        Ok(login)
    } else {
        Err(Refusal::Login)
    }
}

/// A name as it stands in the journal.
pub(super) fn name(typed: &str) -> Result<String, Refusal> {
    let name = one_line(typed, NAME_CHARS_MAX).ok_or(Refusal::Name)?;
    if people::read_as(&name).split(|c: char| !c.is_alphabetic()).any(is_of_two_alphabets) {
        return Err(Refusal::NameMixed);
    }
    // The program itself stands in the journal under this name.
    if people::read_as(&name) == VESTNIK { Err(Refusal::Name) } else { Ok(name) }
}

/// Many Latin letters look like Russian ones: in the journal such a word could not be told from another person's name.
fn is_of_two_alphabets(word: &str) -> bool {
    let is_latin = |c| matches!(c, 'a'..='z' | '\u{df}'..='\u{24f}' | '\u{1e00}'..='\u{1eff}');
    let is_cyrillic = |c| matches!(c, '\u{400}'..='\u{52f}' | '\u{1c80}'..='\u{1c8f}' | '\u{a640}'..='\u{a69f}');
    word.contains(is_latin) && word.contains(is_cyrillic)
}

/// What a person calls a thing of theirs: one line, with single spaces.
pub(super) fn one_line(typed: &str, most: usize) -> Option<String> {
    let line = typed.split_whitespace().collect::<Vec<_>>().join(" ").nfc().collect::<String>();
    // Signs that turn the direction of a line would let one name look like another.
    let is_hidden = |c: char| {
        c.is_control()
            || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2069}' | '\u{feff}')
    };
    (!line.is_empty() && line.chars().count() <= most && !line.chars().any(is_hidden)).then_some(line)
}
