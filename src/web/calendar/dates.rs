//! Which days a view of the calendar shows, and how its neighbours are called.

use std::ops::Range;

use chrono::{Datelike as _, Days, Months, NaiveDate};

use crate::web::page::Page;

/// Years in which anything can lie; others are slips of the hand.
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2199;

/// How the calendar is laid out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum View {
    /// A month, week under week.
    #[default]
    Month,
    /// A week, day under day, a column for each channel.
    Week,
    /// Posts one after the other.
    List,
}

impl View {
    pub fn named(name: &str) -> Option<Self> {
        [Self::Month, Self::Week, Self::List].into_iter().find(|view| view.name() == name)
    }

    /// Its name in addresses and keys.
    pub fn name(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Week => "week",
            Self::List => "list",
        }
    }
}

/// A day that people name, with the view around it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Period {
    pub view: View,
    pub at: NaiveDate,
}

impl Period {
    /// The days that are drawn: whole weeks, Monday to Sunday; in a list, one day.
    pub fn days(self) -> Range<NaiveDate> {
        match self.view {
            View::Month => {
                let first = self.at.with_day(1).unwrap_or(self.at);
                let last = later(first, 1).pred_opt().unwrap_or(first);
                monday(first)..monday(last) + Days::new(7)
            }
            View::Week => monday(self.at)..monday(self.at) + Days::new(7),
            View::List => self.at..self.at + Days::new(1),
        }
    }

    /// Whether a day is one that the view is about, and not one that fills a week up.
    pub fn is_about(self, day: NaiveDate) -> bool {
        self.view != View::Month || (day.year(), day.month()) == (self.at.year(), self.at.month())
    }

    /// The period before.
    pub fn previous(self) -> Self {
        Self { at: self.moved(-1), ..self }
    }

    /// The period after.
    pub fn next(self) -> Self {
        Self { at: self.moved(1), ..self }
    }

    fn moved(self, by: i32) -> NaiveDate {
        let days = |n: i64| self.at + chrono::TimeDelta::days(n * i64::from(by));
        let there = match self.view {
            View::Month => later(self.at.with_day(1).unwrap_or(self.at), by),
            View::Week => days(7),
            View::List => days(1),
        };
        if YEARS.contains(&there.year()) { there } else { self.at }
    }

    /// «Ноябрь 2026», «16 ноября – 22 ноября 2026».
    pub fn title(self, page: &Page) -> String {
        let year = self.at.year().to_string();
        match self.view {
            View::Month => page.t("calendar-month").with("month", self.at.month()).with("year", year).to_string(),
            View::Week => page.week(self.days().start),
            View::List => page.t("calendar-from").with("day", page.day(self.at)).with("year", year).to_string(),
        }
    }
}

/// A day as it stands in addresses, or as people type it where a browser has no field for days.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    let read = |form| NaiveDate::parse_from_str(text, form).ok();
    ["%Y-%m-%d", "%d.%m.%Y"].into_iter().find_map(read).filter(|date| YEARS.contains(&date.year()))
}

/// «понедельник, 23 ноября».
pub(super) fn day_name(page: &Page, date: NaiveDate) -> String {
    let weekday = page.t("calendar-weekday").with("n", date.weekday().number_from_monday()).to_string();
    page.t("calendar-day").with("weekday", weekday).with("day", page.day(date)).to_string()
}

fn monday(date: NaiveDate) -> NaiveDate {
    date - Days::new(date.weekday().num_days_from_monday().into())
}

fn later(first_of_month: NaiveDate, months: i32) -> NaiveDate {
    let n = Months::new(months.unsigned_abs());
    let there = if months < 0 { first_of_month.checked_sub_months(n) } else { first_of_month.checked_add_months(n) };
    there.unwrap_or(first_of_month)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> NaiveDate {
        date(text).unwrap()
    }

    fn period(view: View, at: &str) -> Period {
        Period { view, at: day(at) }
    }

    #[test]
    fn a_month_is_drawn_in_whole_weeks() {
        let november = period(View::Month, "2026-11-30");
        assert_eq!(november.days(), day("2026-10-26")..day("2026-12-07"));
        assert!(november.is_about(day("2026-11-01")) && !november.is_about(day("2026-12-01")));
        let march = period(View::Month, "2027-03-31");
        assert_eq!(march.days(), day("2027-03-01")..day("2027-04-05"), "it begins on a Monday");
        assert_eq!(march.previous().days().start, day("2027-02-01"));
        assert_eq!(march.next().at, day("2027-04-01"), "from the 31st to a month of 30 days");
    }

    #[test]
    fn a_week_runs_from_monday_to_sunday() {
        let sunday = period(View::Week, "2026-11-22");
        assert_eq!(sunday.days(), day("2026-11-16")..day("2026-11-23"));
        assert_eq!(sunday.next().days().start, day("2026-11-23"));
    }

    #[test]
    fn nobody_walks_out_of_the_calendar() {
        for wrong in ["", "2026-13-01", "9999-01-01", "0001-01-01", "32.11.2026", "+262142-01-01"] {
            assert_eq!(date(wrong), None, "{wrong}");
        }
        assert_eq!(date("22.11.2026"), date("2026-11-22"));
        for view in [View::Month, View::Week, View::List] {
            let last = period(view, "2199-12-31");
            assert!(YEARS.contains(&last.next().at.year()));
            assert!(YEARS.contains(&period(view, "2000-01-01").previous().at.year()));
        }
    }
}
