//! The reason that people give for what they do.

/// Longer ones are stories.
const CHARS_MAX: usize = 500;

/// One line, not empty: it stands in the journal.
pub fn reason(text: &str) -> Result<String, String> {
    let text = text.trim();
    if text.is_empty() {
        return Err("say why, in a few words: it stands in the journal".into());
    }
    if text.chars().count() > CHARS_MAX || text.chars().any(char::is_control) {
        return Err(format!("one line of at most {CHARS_MAX} characters"));
    }
    Ok(text.to_owned())
}
