//! Why a delivery is not out, or how an attempt ended, in words: one sentence for each kind of reason.

use crate::domain::ReasonKind;
use crate::web::locale::{Locale, Phrase};

/// The sentence of a kind; `channel` as people call it.
pub(in crate::web) fn reason(locale: Locale, kind: ReasonKind, channel: &str) -> String {
    phrase(locale, kind.name()).with("channel", channel.to_owned()).to_string()
}

/// The same of a name that stands in the journal; `None`: one of a newer vestnik.
pub(in crate::web) fn reason_named(locale: Locale, name: &str, channel: &str) -> Option<String> {
    name.parse().ok().map(|kind| reason(locale, kind, channel))
}

fn phrase(locale: Locale, name: &str) -> Phrase {
    locale.t(&format!("reason-{}", name.replace('_', "-")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::web::locale::FILES;

    #[test]
    fn every_kind_of_reason_has_words_that_leave_no_value_open() {
        for kind in ReasonKind::all() {
            for (locale, _) in FILES {
                assert!(phrase(locale, kind.name()).is_known(), "{} does not say {kind}", locale.name());
                let said = reason(locale, kind, "VK");
                assert!(!said.contains(['{', '$', '_']), "{}: {said}", locale.name());
            }
        }
    }

    #[test]
    fn a_kind_of_a_newer_vestnik_has_no_words() {
        assert_eq!(reason_named(Locale::Ru, "tired", "VK"), None);
        assert!(reason_named(Locale::Ru, "captcha", "VK").unwrap().contains("VK"));
    }
}
