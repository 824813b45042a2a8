//! What every page shows around its own content.

use chrono::{DateTime, Datelike as _, Days, NaiveDate, Timelike as _, Utc};
use chrono_tz::Tz;

use super::Desk;
use super::assets;
use super::locale::{Locale, Phrase};
use super::words::{self, typed_moment};
use crate::domain::Deed;
use crate::domain::wall_time::{hours_from_moscow, local};
use crate::store::Person;

/// The frame of a page: language, visitor, navigation. Templates reach it as `page`.
#[derive(Debug, Clone)]
pub struct Page {
    /// The language.
    pub locale: Locale,
    /// Who sits at the desk.
    pub person: Option<Person>,
    /// The token that forms carry.
    pub csrf: String,
    /// The path of this page.
    pub path: String,
    /// Organisations that the person may read, each with its slug and name.
    pub organisations: Vec<(String, String)>,
    /// Whether a fast clock runs: a demonstration.
    pub is_demonstration: bool,
}

/// An entry of the navigation.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    /// Its path.
    pub path: &'static str,
    /// The key of its name.
    pub key: &'static str,
    /// What one must be allowed somewhere to see it.
    pub deed: Deed,
}

/// The navigation, in order.
const PLACES: &[Place] = &[
    Place { path: "/today", key: "nav-today", deed: Deed::Read },
    Place { path: "/posts", key: "nav-posts", deed: Deed::Read },
    Place { path: "/calendar", key: "nav-calendar", deed: Deed::Read },
    Place { path: "/drafts", key: "nav-drafts", deed: Deed::Write },
    Place { path: "/weeks", key: "nav-weeks", deed: Deed::Read },
    Place { path: "/journal", key: "nav-journal", deed: Deed::Read },
    Place { path: "/rule", key: "nav-rule", deed: Deed::Read },
    Place { path: "/channels", key: "nav-channels", deed: Deed::RunChannels },
    Place { path: "/people", key: "nav-people", deed: Deed::RunPeople },
];

#[expect(
    clippy::unused_self,
    clippy::trivially_copy_pass_by_ref,
    reason = "templates reach all of it as `page`, by reference"
)]
impl Page {
    pub(super) fn new(desk: &Desk, locale: Locale, person: Option<Person>, csrf: String, path: String) -> Self {
        let config = &desk.office.config;
        let may_read = |slug: &str| person.as_ref().is_some_and(|p| p.rights.may(Deed::Read, slug));
        let organisations = config.organisations.iter().filter(|o| may_read(&o.slug));
        Self {
            organisations: organisations.map(|o| (o.slug.clone(), o.name.clone())).collect(),
            is_demonstration: config.speed > 1,
            locale,
            person,
            csrf,
            path,
        }
    }

    /// Words in the visitor's language.
    pub fn t(&self, key: impl AsRef<str>) -> Phrase {
        self.locale.t(key.as_ref())
    }

    /// The address of a style, script or picture.
    pub fn asset(&self, name: &str) -> String {
        assets::address(name)
    }

    /// The program's version.
    pub fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    /// What the visitor may go to.
    pub fn places(&self) -> Vec<Place> {
        let Some(person) = &self.person else { return Vec::new() };
        PLACES.iter().copied().filter(|place| person.rights.may_somewhere(place.deed)).collect()
    }

    /// Whether the page lies under this place.
    pub fn is_at(&self, place: &Place) -> bool {
        self.path.strip_prefix(place.path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// Whether the visitor may do this (a name of [`Deed`]) in an organisation.
    pub fn may(&self, deed: &str, organisation: &str) -> bool {
        let deed = deed.parse::<Deed>();
        self.person.as_ref().zip(deed.ok()).is_some_and(|(person, deed)| person.rights.may(deed, organisation))
    }

    /// Where the visitor begins a post: for this organisation, if they write for it, or the first that they write for.
    pub fn new_post(&self, organisation: &str) -> Option<String> {
        let may_write = |slug: &&str| self.may(Deed::Write.name(), slug);
        let own = self.organisations.iter().map(|(slug, _)| slug.as_str());
        let slug = Some(organisation).filter(may_write).or_else(|| own.clone().find(may_write))?;
        Some(format!("/drafts/new?organisation={slug}"))
    }

    /// A day as people write it, like «22 ноября».
    pub(super) fn day(&self, date: NaiveDate) -> String {
        self.locale.day(date)
    }

    /// A week by its first and last day, like «16 ноября – 22 ноября 2026».
    pub(super) fn week(&self, monday: NaiveDate) -> String {
        let sunday = monday.checked_add_days(Days::new(6)).unwrap_or(monday);
        let words = self.t("calendar-week").with("first", self.day(monday)).with("last", self.day(sunday));
        words.with("year", sunday.year().to_string()).to_string()
    }

    /// A zone as people in Russia name it, like «МСК+2»; others by their name.
    pub fn zone(&self, zone: &Tz) -> String {
        let moscow = self.t("zone-moscow");
        match hours_from_moscow(*zone) {
            None => zone.name().to_owned(),
            Some(0) => moscow.to_string(),
            Some(ahead @ 1..) => format!("{moscow}+{ahead}"),
            Some(behind) => format!("{moscow}−{}", behind.abs()),
        }
    }

    /// A day and a time as people write them, like «22 ноября, 10:00».
    pub fn time(&self, at: &DateTime<Utc>, zone: &Tz) -> String {
        self.locale.wall_time(local(*at, *zone).naive_local())
    }

    /// The same of a moment as a form keeps it (`2026-11-23T12:00`); anything else stays as it was typed.
    pub fn typed_time(&self, typed: &str) -> String {
        typed_moment(typed).map_or_else(|| typed.to_owned(), |at| self.locale.wall_time(at))
    }

    /// The same with the year and, because auditors compare them, seconds.
    pub fn exact_time(&self, at: &DateTime<Utc>, zone: &Tz) -> String {
        let at = local(*at, *zone);
        self.t("day-year-and-time")
            .with("day", self.day(at.date_naive()))
            .with("year", at.year().to_string())
            .with("time", at.format("%H:%M:%S").to_string())
            .to_string()
    }

    /// The time alone, like «10:00».
    pub fn clock(&self, at: &DateTime<Utc>, zone: &Tz) -> String {
        let at = local(*at, *zone);
        format!("{:02}:{:02}", at.hour(), at.minute())
    }

    /// A size in bytes as people read it.
    pub fn size(&self, bytes: &u64) -> String {
        words::size(self.locale, *bytes)
    }

    /// For `datetime` attributes and machines.
    pub fn rfc3339(&self, at: &DateTime<Utc>) -> String {
        at.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    }
}
