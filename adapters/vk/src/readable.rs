//! What a reader sees of a text with VK's mention markup.

/// Undoes mentions: `[club1|Gorod]` and `@club1 (Gorod)` both read `Gorod`. VK turns the second into the first when
/// it stores a post (dev.vk.com, wall), so texts are compared in this form.
pub(crate) fn readable(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(['[', '@', '*']) {
        let (before, from) = rest.split_at(start);
        out.push_str(before);
        let in_word = before.chars().next_back().or(out.chars().next_back()).is_some_and(char::is_alphanumeric);
        let found = if from.starts_with('[') {
            bracketed(from)
        } else if in_word {
            None
        } else {
            called(from)
        };
        if let Some((label, length)) = found {
            out.push_str(label);
            rest = &from[length..];
        } else {
            out.push_str(&from[..1]);
            rest = &from[1..];
        }
    }
    out.push_str(rest);
    out
}

/// `[target|label]`: the label and the length of the whole.
fn bracketed(text: &str) -> Option<(&str, usize)> {
    let inner = &text[1..text.find(']')?];
    let (target, label) = inner.split_once('|')?;
    let one_word = !target.is_empty() && target.chars().all(|c| c.is_ascii_graphic());
    let plain = !label.is_empty() && !label.contains(['[', '\n']) && !target.contains('[');
    (one_word && plain).then_some((label, inner.len() + 2))
}

/// `@name (label)` or `*name (label)`.
fn called(text: &str) -> Option<(&str, usize)> {
    let name = text[1..].find(|c: char| !(c.is_ascii_alphanumeric() || c == '_' || c == '.'))?;
    let after = text[1 + name..].strip_prefix(" (").filter(|_| name > 0)?;
    let label = &after[..after.find(')')?];
    (!label.is_empty() && !label.contains('\n')).then_some((label, 1 + name + 2 + label.len() + 1))
}

#[cfg(test)]
mod tests {
    use super::readable;

    #[test]
    fn both_forms_of_a_mention_read_alike() {
        assert_eq!(readable("Пишет [club1|Администрация города]."), "Пишет Администрация города.");
        assert_eq!(readable("Пишет @club1 (Администрация города)."), "Пишет Администрация города.");
        assert_eq!(readable("*id1 (Павел), [id2|@durov]"), "Павел, @durov");
    }

    proptest::proptest! {
        #[test]
        fn any_text_is_read_and_none_grows(text in "([@*\\[\\]|() aЯ]|\\PC){0,60}") {
            proptest::prop_assert!(readable(&text).len() <= text.len());
        }
    }

    #[test]
    fn what_is_no_mention_stays() {
        for text in
            ["почта press@gorod.ru (приёмная)", "* пункт (описание)", "[см. | ниже]", "[1] и @", "a[b", "*", "[|x]"]
        {
            assert_eq!(readable(text), text);
        }
    }
}
