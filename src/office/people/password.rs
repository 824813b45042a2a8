//! What a password must be, after NIST SP 800-63B: long, and none that is tried first. No rules about kinds of
//! characters, no end after months.

use std::collections::HashSet;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

use super::error::Refusal;

/// Shortest password, in characters.
pub const PASSWORD_CHARS_MIN: usize = 12;
/// Longest password, in characters.
pub const PASSWORD_CHARS_MAX: usize = 128;
/// Before it is normalised, which may join characters: what is longer is not even looked at.
const TYPED_BYTES_MAX: usize = 4096;
/// Names that are shorter stand in many words by chance.
const TELLING_CHARS: usize = 4;
const DIFFERENT_CHARS_MIN: usize = 5;

/// One a line, folded; lines that begin with `#` say where they come from.
static COMMON: LazyLock<HashSet<String>> = LazyLock::new(|| {
    let lines = include_str!("common_passwords.txt").lines().map(str::trim);
    lines.filter(|line| !line.is_empty() && !line.starts_with('#')).map(folded).collect()
});

/// The form in which a password is hashed: the same whichever keyboard typed its letters.
pub(super) fn normalised(typed: &str) -> Option<String> {
    if typed.len() > TYPED_BYTES_MAX {
        return None;
    }
    let password: String = typed.nfkc().collect();
    (password.chars().count() <= PASSWORD_CHARS_MAX).then_some(password)
}

/// A new password in the form in which it is hashed. `names`: what its owner and their organisations are called.
pub(super) fn checked<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> Result<String, Refusal> {
    let password = normalised(typed).ok_or(Refusal::PasswordLong)?;
    if password.trim().chars().count() < PASSWORD_CHARS_MIN {
        return Err(Refusal::PasswordShort);
    }
    let folded = folded(&password);
    if folded.chars().collect::<HashSet<_>>().len() < DIFFERENT_CHARS_MIN {
        return Err(Refusal::PasswordPlain);
    }
    if is_common(&folded) {
        return Err(Refusal::PasswordCommon);
    }
    let tells = |name: &str| name.chars().count() >= TELLING_CHARS && folded.contains(&self::folded(name));
    if names.into_iter().any(tells) {
        return Err(Refusal::PasswordPersonal);
    }
    Ok(password)
}

/// Whether it stands in the list: whole, without the figures and signs around it, or as one of the list's words twice.
fn is_common(folded: &str) -> bool {
    let core = folded.trim_matches(|c: char| !c.is_alphabetic());
    let letters: String = folded.chars().filter(|c| c.is_alphabetic()).collect();
    let is_listed = |text: &str| !text.is_empty() && COMMON.contains(text);
    if is_listed(folded) || is_listed(core) || is_listed(&letters) {
        return true;
    }
    let half = folded.char_indices().nth(folded.chars().count() / 2).map_or(0, |(at, _)| at);
    let (first, second) = folded.split_at(half);
    first == second && is_listed(first)
}

fn folded(text: &str) -> String {
    text.nfkc().collect::<String>().to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(password: &str) -> Result<String, Refusal> {
        checked(password, ["petrova", "gorod", "Администрация города"])
    }

    #[test]
    fn long_words_of_any_alphabet_are_taken() {
        for good in ["одиннадцать синих лодок", "пять рыб на мосту", "лёд-на-реке-в-мае", "🐟🐠🐡🦈🐬🐳 шесть рыб"]
        {
            assert!(verdict(good).is_ok(), "{good}: {:?}", verdict(good));
        }
    }

    #[test]
    fn what_is_tried_first_is_refused() {
        for (bad, why) in [
            ("короткий", Refusal::PasswordShort),
            ("             ", Refusal::PasswordShort),
            ("абвабвабвабв", Refusal::PasswordPlain),
            ("111111111111", Refusal::PasswordPlain),
            ("Password2026!", Refusal::PasswordCommon),
            ("йцукенгшщзхъ", Refusal::PasswordCommon),
            ("ЙЦУКЕНГШЩЗХЪ", Refusal::PasswordCommon),
            ("ghbdtnghbdtn", Refusal::PasswordCommon),
            ("correct horse battery staple", Refusal::PasswordCommon),
            ("Пароль123456", Refusal::PasswordCommon),
            ("1q2w3e4r5t6y", Refusal::PasswordCommon),
            ("я-Petrova-тут", Refusal::PasswordPersonal),
            ("администрация города", Refusal::PasswordPersonal),
        ] {
            assert_eq!(verdict(bad), Err(why), "{bad}");
        }
        assert_eq!(verdict(&"два".repeat(50)), Err(Refusal::PasswordLong));
        assert_eq!(verdict(&"ы".repeat(5_000_000)), Err(Refusal::PasswordLong));
    }

    #[test]
    fn the_same_letters_are_the_same_password() {
        // й as one character and as и with a breve.
        assert_eq!(
            normalised("синий чайник"),
            normalised("сини\u{306}и\u{306} чаи\u{306}ник").map(|_| "синий чайник".into())
        );
        assert_eq!(normalised("чай"), normalised("чаи\u{306}"));
    }

    #[test]
    fn the_list_is_not_empty_and_has_both_keyboards() {
        assert!(COMMON.len() > 300, "{}", COMMON.len());
        assert!(COMMON.contains("qwerty") && COMMON.contains("йцукен") && COMMON.contains("ghbdtn"));
    }
}
