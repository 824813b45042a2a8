//! What was refused and why, in a person's language: the one place where names of refusals become words.
//!
//! A refusal has a name that stays, figures, and an English sentence for terminals. Under `problem-NAME` and
//! `problem-NAME-todo` (of misfits: `misfit-…`; of what office and store refuse: `refused-…`) the locale files say it for
//! people; what of problems and misfits has no words there is shown as it says itself.

mod reasons;
mod refusals;

pub(super) use reasons::{reason, reason_named};
pub(super) use refusals::{draft, failure, not_moved, people, reasons, upload, why};

use std::collections::HashSet;

use chrono::{Datelike as _, NaiveDateTime};
use vestnik_contract::{Figure, Figures, Misfit};

use super::Desk;
use super::locale::{Locale, Phrase};
use crate::domain::wall_time::WallTimeError;
use crate::media::MediaError;
use crate::post_file::Problem;

/// One thing that is wrong, and the way out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// What is wrong, with the figures.
    pub what: String,
    /// What to do; empty where the first sentence says it.
    pub todo: String,
}

impl std::fmt::Display for Told {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.what)?;
        if self.todo.is_empty() { Ok(()) } else { write!(f, " {}", self.todo) }
    }
}

/// A post does not fit a channel.
pub fn misfit(locale: Locale, misfit: &Misfit) -> Told {
    let key = format!("misfit-{}", misfit.code.name());
    told(locale, &key, &misfit.figures)
        .unwrap_or_else(|| Told { what: misfit.problem.clone(), todo: misfit.todo.clone() })
}

/// What was typed cannot be.
pub fn problem(locale: Locale, problem: &Problem) -> Told {
    coded(locale, problem.code, &problem.figures, problem)
}

/// A file is not taken.
pub fn media(locale: Locale, error: &MediaError) -> Told {
    coded(locale, error.code(), &error.figures(), error)
}

/// A time is none.
pub fn time(locale: Locale, error: &WallTimeError) -> Told {
    coded(locale, error.code(), &error.figures(), error)
}

/// The field that a problem is about, by the label that it has in the composer: not by the key of a file.
pub fn field(desk: &Desk, locale: Locale, key: &str) -> String {
    let name = key.split(['[', '.']).next().unwrap_or(key);
    let Some((_, label)) = LABELS.iter().find(|(field, _)| *field == name) else { return key.to_owned() };
    let channel = key.split_once('.').map(|(_, slug)| slug);
    match (name, channel) {
        ("not_before", Some(slug)) => locale.t("draft-not-before-of").with("channel", desk.channel_name(slug)),
        ("overrides", Some(slug)) => locale.t("draft-override-of").with("channel", desk.channel_name(slug)),
        _ => locale.t(label),
    }
    .to_string()
}

/// The composer's labels of what a post file names; of what has one label a channel, that of all of them.
const LABELS: [(&str, &str); 10] = [
    ("title", "draft-title"),
    ("text", "draft-body"),
    ("link", "draft-link"),
    ("tags", "draft-tags"),
    ("media", "files-legend"),
    ("at", "draft-at"),
    ("expires_at", "draft-expires"),
    ("channels", "draft-channels"),
    ("not_before", "draft-when"),
    ("overrides", "draft-overrides"),
];

/// What does not fit a channel, by the key that it has in a post file.
pub fn misfit_key(channel: &str, misfit: &Misfit) -> String {
    if misfit.field == "text" { format!("overrides.{channel}") } else { misfit.field.clone() }
}

/// A size in bytes as people read it.
pub fn size(locale: Locale, bytes: u64) -> String {
    const TENTH: u64 = 100_000;
    if bytes < TENTH {
        // Rounded up: what is there is never nothing.
        return locale.t("size-kilobytes").with("n", bytes.div_ceil(1000)).to_string();
    }
    let tenths = bytes.div_ceil(TENTH);
    let (whole, part) = (tenths / 10, tenths % 10);
    let point = if locale == Locale::Ru { ',' } else { '.' };
    let n = if part == 0 { whole.to_string() } else { format!("{whole}{point}{part}") };
    locale.t("size-megabytes").with("n", n).to_string()
}

fn coded(locale: Locale, code: &str, figures: &Figures, english: &impl ToString) -> Told {
    told(locale, &format!("problem-{code}"), figures)
        .unwrap_or_else(|| Told { what: english.to_string(), todo: String::new() })
}

fn told(locale: Locale, key: &str, figures: &Figures) -> Option<Told> {
    let what = filled(locale, locale.t(key), figures);
    let todo = locale.t(&format!("{key}-todo"));
    let todo = if todo.is_known() { filled(locale, todo, figures).to_string() } else { String::new() };
    what.is_known().then(|| Told { what: what.to_string(), todo })
}

fn filled(locale: Locale, phrase: Phrase, figures: &Figures) -> Phrase {
    let moment = |figure: &Figure| if let Figure::Text(text) = figure { typed_moment(text) } else { None };
    let years: HashSet<i32> = figures.values().filter_map(moment).map(|at| at.year()).collect();
    // The same day of another year looks like this one's.
    let told = |at| if years.len() > 1 { locale.wall_time_of_year(at) } else { locale.wall_time(at) };
    figures.iter().fold(phrase, |phrase, (name, figure)| match figure {
        Figure::Number(n) => phrase.with(name, *n),
        Figure::Bytes(bytes) => phrase.with(name, size(locale, *bytes)),
        Figure::Text(text) => phrase.with(name, moment(figure).map_or_else(|| text.clone(), told)),
    })
}

/// A moment as a form keeps it (`2026-11-23T12:00`) or a refusal names it (`2026-11-23 12:00`).
pub fn typed_moment(text: &str) -> Option<NaiveDateTime> {
    let forms = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"];
    forms.iter().find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
}

#[cfg(test)]
mod tests {
    use vestnik_contract::MisfitCode;

    use super::*;
    use crate::web::locale::FILES;

    #[test]
    fn every_name_of_a_refusal_has_words() {
        let misfits = MisfitCode::ALL.iter().map(|code| format!("misfit-{}", code.name()));
        let problems = Problem::CODES.iter().chain(&MediaError::CODES).map(|code| format!("problem-{code}"));
        for key in misfits.chain(problems) {
            for (locale, _) in FILES {
                assert!(locale.t(&key).is_known(), "{} does not say {key}", locale.name());
                assert!(locale.t(&format!("{key}-todo")).is_known(), "{} does not say {key}-todo", locale.name());
            }
        }
    }

    #[test]
    fn a_field_is_named_as_the_composer_labels_it() {
        let page =
            concat!(include_str!("templates/drafts/composer.html"), include_str!("templates/files/fieldset.html"));
        for (field, label) in LABELS {
            assert!(page.contains(&format!("page.t(\"{label}\")")), "{field}: the composer has no {label}");
        }
        for (locale, _) in FILES {
            let todo = locale.t("problem-channel-primary-todo").to_string();
            assert!(todo.contains(&locale.t("draft-at").to_string()), "{}: {todo}", locale.name());
        }
    }

    #[test]
    fn a_misfit_is_told_with_its_figures() {
        let long = Misfit::new(MisfitCode::TextTooLong, "text", "", "").over("length", 4210, 4000);
        let told = misfit(Locale::Ru, &long);
        assert!(told.what.contains("4210") && told.what.contains("4000"), "{told}");
        assert!(told.todo.contains("210"), "{told}");
        let heavy = Misfit::new(MisfitCode::FileTooLarge, "media[0]", "", "").with("name", "план.pdf");
        let told = misfit(Locale::Ru, &heavy.heavy(52_300_000, 50_000_000)).to_string();
        assert!(told.contains("«план.pdf»") && told.contains("52,3 МБ") && told.contains("50 МБ"), "{told}");
    }

    #[test]
    fn no_placeholder_is_left_unfilled() {
        let every = [
            "length",
            "max",
            "over",
            "link",
            "other",
            "count",
            "name",
            "mime",
            "types",
            "bytes",
            "width",
            "height",
            "ending",
            "text",
            "from",
            "to",
            "earlier",
            "later",
            "now",
            "character",
            "channel",
            "channels",
            "tag",
            "frames",
            "earliest",
        ];
        let figures: Figures = every.into_iter().map(|name| (name, Figure::Number(1))).collect();
        let codes = MisfitCode::ALL.iter().map(|code| format!("misfit-{}", code.name()));
        let codes = codes.chain(Problem::CODES.iter().chain(&MediaError::CODES).map(|code| format!("problem-{code}")));
        for key in codes {
            for (locale, _) in FILES {
                let told = told(locale, &key, &figures).unwrap().to_string();
                assert!(!told.contains(['{', '$']), "{}: {told}", locale.name());
            }
        }
    }

    #[test]
    fn moments_are_read_as_everywhere_else() {
        let past = |text: &str| {
            let figures = Figures::from([("text", text.into()), ("now", "2026-11-18 19:59".into())]);
            told(Locale::Ru, "problem-time-past", &figures).unwrap().what
        };
        assert_eq!(past("2026-11-17T10:00"), "Время «17 ноября, 10:00» прошло: сейчас 18 ноября, 19:59.");
        assert_eq!(past("2025-12-17T10:00"), "Время «17 декабря 2025, 10:00» прошло: сейчас 18 ноября 2026, 19:59.");
        assert_eq!(past("вчера"), "Время «вчера» прошло: сейчас 18 ноября, 19:59.");
    }

    #[test]
    fn sizes_are_read_in_megabytes() {
        assert_eq!(size(Locale::Ru, 12_345_678), "12,4 МБ");
        assert_eq!(size(Locale::En, 50_000_000), "50 MB");
        assert_eq!(size(Locale::Ru, 67), "1 КБ");
    }
}
