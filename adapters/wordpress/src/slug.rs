//! Our own ASCII slugs: readable, and found again by the delivery's id in them.

use deunicode::deunicode;
use uuid::Uuid;
use vestnik_contract::Rendered;

/// Longest readable part, in characters: what search engines show of an address.
const READABLE_MAX: usize = 60;

/// The address of a rendered post.
pub(crate) fn of_rendered(post: &Rendered, delivery: Uuid) -> String {
    of_post(&post.title.as_deref().map(crate::html::unescape).unwrap_or_default(), delivery)
}

/// The slug of a delivery's post, for example `otkliuchenie-vody-8c1f0a2b3d4e`. Never digits only, because
/// `WordPress` would append to a bare number.
pub(crate) fn of_post(title: &str, delivery: Uuid) -> String {
    format!("{}-{}", readable(title, "post"), short(delivery))
}

/// The slug (and, with an extension, the file name) of a delivery's file.
pub(crate) fn of_file(name: &str, sha256: &str, delivery: Uuid) -> String {
    let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
    let content: String = sha256.chars().filter(char::is_ascii_alphanumeric).take(12).collect();
    format!("{}-{}-{content}", readable(stem, "file"), short(delivery))
}

/// The end of an id: the start of a version 7 UUID is the time, and deliveries of one post share it.
fn short(delivery: Uuid) -> String {
    let hex = delivery.simple().to_string();
    hex[hex.len() - 12..].to_owned()
}

/// Words in lower-case ASCII joined by `-`, cut at a word's end; `otherwise` when nothing is left.
fn readable(text: &str, otherwise: &str) -> String {
    let ascii = deunicode(text).to_ascii_lowercase();
    let mut out = String::new();
    for word in ascii.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()) {
        let room = READABLE_MAX.saturating_sub(out.len() + usize::from(!out.is_empty()));
        if word.len() > room && !out.is_empty() {
            break;
        }
        if !out.is_empty() {
            out.push('-');
        }
        out.push_str(&word[..word.len().min(READABLE_MAX)]);
    }
    if out.bytes().any(|b| b.is_ascii_alphabetic()) {
        out
    } else {
        format!("{otherwise}-{out}").trim_end_matches('-').into()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_title_is_transliterated_and_cut_at_a_word() {
        let id = Uuid::from_u128(0x0193_0000_0000_7000_8000_8c1f_0a2b_3d4e);
        assert_eq!(of_post("Отключение воды!", id), "otkliuchenie-vody-8c1f0a2b3d4e");
        assert_eq!(of_post("№ 2026", id), "no-2026-8c1f0a2b3d4e");
        assert_eq!(of_post("2026", id), "post-2026-8c1f0a2b3d4e");
        assert_eq!(of_post("—", id), "post-8c1f0a2b3d4e");
        assert!(of_post(&"слово ".repeat(40), id).len() <= READABLE_MAX + 13);
        assert_eq!(of_file("Приказ 12.pdf", "00ffee1122334455", id), "prikaz-12-8c1f0a2b3d4e-00ffee112233");
    }

    proptest! {
        #[test]
        fn any_title_makes_a_slug_that_wordpress_keeps(title in "\\PC{0,120}") {
            let slug = of_post(&title, Uuid::from_u128(7));
            prop_assert!(slug.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-'), "{slug}");
            prop_assert!(!slug.starts_with('-') && !slug.ends_with('-') && !slug.contains("--"), "{slug}");
            prop_assert!(slug.bytes().any(|b| b.is_ascii_alphabetic()) && slug.len() <= 100, "{slug}");
        }
    }
}
