//! What somebody most likely meant.

/// Names that are at least this alike (Jaro-Winkler, 0 to 1) are worth asking about.
const ALIKE: f64 = 0.85;

/// The names most like `typed`, best first, at most `most`.
pub(super) fn nearest<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>, most: usize) -> Vec<&'a str> {
    let typed = typed.to_lowercase();
    let mut scored: Vec<(f64, &str)> = names
        .into_iter()
        .map(|name| (likeness(&typed, &name.to_lowercase()), name))
        .filter(|(score, _)| *score >= ALIKE)
        .collect();
    scored.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    scored.into_iter().take(most).map(|(_, name)| name).collect()
}

/// People leave out the continent (`Moscow`) or guess it (`Asia/Moscow`): the last part counts as much as the whole.
fn likeness(typed: &str, name: &str) -> f64 {
    let last = |text: &str| text.rsplit('/').next().map(str::to_owned).unwrap_or_default();
    strsim::jaro_winkler(typed, name).max(strsim::jaro_winkler(&last(typed), &last(name)))
}

/// What follows a name that is not known: a question, or a full stop.
pub(super) fn hint<'a>(typed: &str, names: impl IntoIterator<Item = &'a str>) -> String {
    match nearest(typed, names, 1).first() {
        Some(name) => format!("; did you mean `{name}`?"),
        None => ".".into(),
    }
}
