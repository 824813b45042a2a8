//! What keeps a form from being taken: each mistake in words, with the field that it is about.
//!
//! A page that comes back shows them at its head, each a link to its field ([`Mistake::field`], the field's `id`), and
//! the field says the same again ([`Mistakes::marks`]): whoever cannot see that both belong together hears it.

use std::fmt;

use askama::FastWritable;
use askama::filters::HtmlSafe;

/// One thing that has to be mended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mistake {
    /// What is wrong, and the way out, in the visitor's language.
    pub words: String,
    /// The `id` of the field that it is about; `None`: the form as a whole.
    pub field: Option<String>,
}

impl Mistake {
    /// Whether it is about this field.
    pub fn is_at(&self, field: &str) -> bool {
        self.field.as_deref() == Some(field)
    }
}

/// Everything that has to be mended in a form.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Mistakes(Vec<Mistake>);

impl Mistakes {
    /// A single one, about this field.
    pub fn at(field: &str, words: &impl ToString) -> Self {
        Self(vec![Mistake { words: words.to_string(), field: Some(field.to_owned()) }])
    }

    /// All of them, in the order in which they were found.
    pub fn all(&self) -> &[Mistake] {
        &self.0
    }

    /// Whether there is nothing to mend.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Those about one field, each with its place among all: the summary counts them, too.
    fn about(&self, field: &str) -> impl Iterator<Item = (usize, &Mistake)> {
        self.0.iter().enumerate().filter(move |(_, mistake)| mistake.is_at(field))
    }

    /// Whether something is wrong there.
    pub fn is_at(&self, field: &str) -> bool {
        self.about(field).next().is_some()
    }

    /// What is wrong in one field, to be said beside it; each with its place among all.
    pub fn beside(&self, field: &str) -> Vec<(usize, &str)> {
        self.about(field).map(|(place, mistake)| (place, mistake.words.as_str())).collect()
    }

    /// The attributes of a field: that it is wrong, and by which texts of the page it is described. `hints` are those
    /// that describe it anyhow.
    pub fn marks(&self, field: impl AsRef<str>, hints: &str) -> Marks {
        let field = field.as_ref();
        Marks { is_wrong: self.is_at(field), described_by: self.described_by(field, hints) }
    }

    /// The same for a group of fields, which by itself is neither right nor wrong.
    pub fn marks_of_group(&self, group: &str, hints: &str) -> Marks {
        Marks { is_wrong: false, described_by: self.described_by(group, hints) }
    }

    fn described_by(&self, field: &str, hints: &str) -> String {
        let ids = self.about(field).map(|(place, _)| format!("mistake-{place}"));
        hints.split_whitespace().map(ToOwned::to_owned).chain(ids).collect::<Vec<_>>().join(" ")
    }

    /// The same with every field named as the page names it. What the page has no field for is about the whole.
    #[must_use]
    pub fn placed(mut self, place: impl Fn(&str) -> Option<String>) -> Self {
        for mistake in &mut self.0 {
            mistake.field = mistake.field.as_deref().and_then(&place);
        }
        self
    }
}

impl FromIterator<Mistake> for Mistakes {
    fn from_iter<I: IntoIterator<Item = Mistake>>(mistakes: I) -> Self {
        Self(mistakes.into_iter().collect())
    }
}

/// One sentence after the other.
impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let words: Vec<_> = self.0.iter().map(|mistake| mistake.words.as_str()).collect();
        f.write_str(&words.join(" "))
    }
}

/// What was typed into one field and not taken: it stands there again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Refused {
    /// Why it was not taken.
    pub mistakes: Mistakes,
    typed: String,
}

impl Refused {
    /// What was typed into this field, and what is wrong with it.
    pub fn at(field: &str, words: &impl ToString, typed: &str) -> Self {
        Self { mistakes: Mistakes::at(field, words), typed: typed.to_owned() }
    }

    /// As [`Mistakes::placed`].
    #[must_use]
    pub fn placed(self, place: impl Fn(&str) -> Option<String>) -> Self {
        Self { mistakes: self.mistakes.placed(place), ..self }
    }

    /// What stands in a field.
    pub fn typed_at<'a>(&'a self, field: &str, otherwise: &'a str) -> &'a str {
        if self.mistakes.is_at(field) { &self.typed } else { otherwise }
    }
}

/// Attributes of a field, as they stand in a tag. They name places of the page and nothing that anybody typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Marks {
    is_wrong: bool,
    described_by: String,
}

impl fmt::Display for Marks {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_wrong {
            f.write_str(" aria-invalid=\"true\"")?;
        }
        if self.described_by.is_empty() { Ok(()) } else { write!(f, " aria-describedby=\"{}\"", self.described_by) }
    }
}

impl HtmlSafe for Marks {}

impl FastWritable for Marks {
    fn write_into(&self, dest: &mut dyn fmt::Write, _: &dyn askama::Values) -> askama::Result<()> {
        Ok(write!(dest, "{self}")?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mistakes() -> Mistakes {
        let mistake = |field: Option<&str>, words: &str| Mistake { words: words.into(), field: field.map(Into::into) };
        [mistake(Some("at"), "Прошло."), mistake(None, "Занято."), mistake(Some("at"), "Не время.")]
            .into_iter()
            .collect()
    }

    #[test]
    fn a_field_says_that_it_is_wrong_and_where_that_is_told() {
        let told = mistakes();
        assert_eq!(
            told.marks("at", "zone-how").to_string(),
            " aria-invalid=\"true\" aria-describedby=\"zone-how mistake-0 mistake-2\""
        );
        assert_eq!(told.marks("title", "").to_string(), "");
        assert_eq!(told.marks("title", "title-how").to_string(), " aria-describedby=\"title-how\"");
        assert_eq!(told.marks_of_group("at", "").to_string(), " aria-describedby=\"mistake-0 mistake-2\"");
        assert_eq!(told.beside("at"), [(0, "Прошло."), (2, "Не время.")]);
        assert_eq!(told.to_string(), "Прошло. Занято. Не время.");
    }

    #[test]
    fn what_the_page_has_no_field_for_is_about_the_whole() {
        let placed = mistakes().placed(|_| None);
        assert!(placed.all().iter().all(|mistake| mistake.field.is_none()) && !placed.is_empty());
    }
}
