//! The words of the interface: one Fluent file a language, nowhere else.

use std::fmt;
use std::sync::LazyLock;

use chrono::{Datelike as _, NaiveDate, NaiveDateTime};
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use unic_langid::langid;

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Locale {
    /// Russian, unless a person chose otherwise.
    #[default]
    Ru,
    /// English.
    En,
}

/// The file of each language.
pub const FILES: [(Locale, &str); 2] =
    [(Locale::Ru, include_str!("locales/ru.ftl")), (Locale::En, include_str!("locales/en.ftl"))];

static BUNDLES: LazyLock<Vec<(Locale, FluentBundle<FluentResource>)>> =
    LazyLock::new(|| FILES.iter().map(|(locale, text)| (*locale, bundle(*locale, text))).collect());

fn bundle(locale: Locale, text: &str) -> FluentBundle<FluentResource> {
    let id = match locale {
        Locale::Ru => langid!("ru"),
        Locale::En => langid!("en"),
    };
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // The marks would stand in titles, file names and attributes.
    bundle.set_use_isolating(false);
    // What a file cannot say is found by tests; a page shows the key then.
    let resource = FluentResource::try_new(text.to_owned()).unwrap_or_else(|(whole, _)| whole);
    bundle.add_resource_overriding(resource);
    bundle
}

impl Locale {
    /// The language's name in addresses, forms and HTML: `ru` or `en`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ru => "ru",
            Self::En => "en",
        }
    }

    /// The language of this name.
    pub fn named(name: &str) -> Option<Self> {
        FILES.iter().map(|(locale, _)| *locale).find(|locale| locale.name() == name)
    }

    /// The first language of ours that a browser asks for.
    pub fn accepted(header: &str) -> Option<Self> {
        header.split(',').find_map(|part| Self::named(part.trim().get(..2)?.to_ascii_lowercase().as_str()))
    }

    /// A day as people write it, like «22 ноября».
    pub fn day(self, date: NaiveDate) -> String {
        self.t("day-and-month").with("day", date.day()).with("month", date.month()).to_string()
    }

    /// A day and a time as people write them, like «22 ноября, 10:00».
    pub fn wall_time(self, at: NaiveDateTime) -> String {
        let words = self.t("day-and-time").with("day", self.day(at.date()));
        words.with("time", at.format("%H:%M").to_string()).to_string()
    }

    /// The same with the year, where the day alone would mislead.
    pub fn wall_time_of_year(self, at: NaiveDateTime) -> String {
        let words = self.t("day-year-and-time").with("day", self.day(at.date())).with("year", at.year().to_string());
        words.with("time", at.format("%H:%M").to_string()).to_string()
    }

    /// What stands under a key. Figures and names follow with [`Phrase::with`].
    pub fn t(self, key: &str) -> Phrase {
        Phrase { locale: self, key: key.to_owned(), args: Vec::new() }
    }
}

/// Words on their way to a page.
#[derive(Debug, Clone)]
pub struct Phrase {
    locale: Locale,
    key: String,
    args: Vec<(&'static str, FluentValue<'static>)>,
}

impl Phrase {
    /// Fills in what the phrase calls `$name`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<FluentValue<'static>>) -> Self {
        self.args.push((name, value.into()));
        self
    }

    /// Whether the language has words for the key.
    pub fn is_known(&self) -> bool {
        self.bundle().is_some_and(|bundle| bundle.has_message(&self.key))
    }

    fn bundle(&self) -> Option<&'static FluentBundle<FluentResource>> {
        BUNDLES.iter().find(|(locale, _)| *locale == self.locale).map(|(_, bundle)| bundle)
    }
}

impl fmt::Display for Phrase {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let found = self.bundle().and_then(|bundle| {
            let pattern = bundle.get_message(&self.key)?.value()?;
            let args: FluentArgs<'_> = self.args.iter().cloned().collect();
            Some(bundle.format_pattern(pattern, Some(&args), &mut Vec::new()).into_owned())
        });
        f.write_str(found.as_deref().unwrap_or(&self.key))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use fluent_syntax::ast::Entry;

    use super::*;

    fn keys(text: &str) -> BTreeSet<String> {
        let resource = fluent_syntax::parser::parse(text).unwrap_or_else(|(_, errors)| panic!("{errors:?}"));
        let messages = resource.body.iter().filter_map(|entry| match entry {
            Entry::Message(message) => Some(message.id.name.to_owned()),
            _ => None,
        });
        messages.collect()
    }

    #[test]
    fn both_languages_say_the_same_things() {
        let [(_, ru), (_, en)] = FILES;
        assert_eq!(keys(ru), keys(en));
    }

    #[test]
    fn every_key_that_a_page_names_has_words() {
        let known = keys(FILES[0].1);
        let mut unknown = Vec::new();
        for file in sources(std::path::Path::new("src/web")) {
            let text = std::fs::read_to_string(&file).unwrap();
            for named in text.split(".t(\"").skip(1).filter_map(|rest| rest.split('"').next()) {
                let is_key = named.contains('-')
                    && named.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-');
                if is_key && !named.ends_with('-') && !known.contains(named) {
                    unknown.push(format!("{}: {named}", file.display()));
                }
            }
        }
        assert!(unknown.is_empty(), "{}", unknown.join("\n"));
    }

    fn sources(under: &std::path::Path) -> Vec<std::path::PathBuf> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(under).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                found.extend(sources(&path));
            } else if path.extension().is_some_and(|e| e == "rs" || e == "html") {
                found.push(path);
            }
        }
        found
    }

    #[test]
    fn numbers_take_their_russian_forms() {
        let posts = |n: i64| Locale::Ru.t("count-posts").with("n", n).to_string();
        assert_eq!(
            [posts(1), posts(2), posts(5), posts(21)],
            ["1 публикация", "2 публикации", "5 публикаций", "21 публикация"]
        );
    }
}
