//! Weeks and the weekly minimum: three posts per channel, Monday to Sunday in the organisation's time zone
//! (Decree 40 of the Head of North Ossetia, 17.02.2023, Procedure item 8).

use std::fmt;
use std::ops::Range;
use std::str::FromStr;

use chrono::{DateTime, Datelike as _, Days, NaiveDate, Utc, Weekday};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

use super::wall_time::{day_start, local};

/// The orders' figure, unless configured.
pub const MINIMUM_DEFAULT: u32 = 3;

/// A week as ISO 8601 counts it, written `2026-W47`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct IsoWeek {
    monday: NaiveDate,
}

/// A text that is not a week.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WeekError {
    /// Another form.
    #[error("`{0}` is not a week; write the year and the week's number, like 2026-W47")]
    Unreadable(String),
    /// A number that the year does not have.
    #[error("{year} has no week {week}; its weeks are W01 to W{last}")]
    NoSuchWeek {
        /// The year.
        year: i32,
        /// The number that was asked for.
        week: u32,
        /// The year's last week, 52 or 53.
        last: u32,
    },
}

impl IsoWeek {
    /// The week that an instant lies in, on the calendar of `zone`.
    pub fn of(instant: DateTime<Utc>, zone: Tz) -> Self {
        let date = local(instant, zone).date_naive();
        let back = Days::new(date.weekday().num_days_from_monday().into());
        Self { monday: date.checked_sub_days(back).unwrap_or(date) }
    }

    /// From the beginning of Monday to the beginning of the next Monday, in `zone`. 168 hours, or 167 or 169 where
    /// the clocks are changed.
    pub fn bounds(self, zone: Tz) -> Range<DateTime<Utc>> {
        day_start(self.monday, zone)..day_start(self.next().monday, zone)
    }

    /// The week before.
    #[must_use]
    pub fn previous(self) -> Self {
        Self { monday: self.monday.checked_sub_days(Days::new(7)).unwrap_or(self.monday) }
    }

    /// The week after.
    #[must_use]
    pub fn next(self) -> Self {
        Self { monday: self.monday.checked_add_days(Days::new(7)).unwrap_or(self.monday) }
    }

    /// Its Monday.
    pub fn monday(self) -> NaiveDate {
        self.monday
    }
}

impl fmt::Display for IsoWeek {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let week = self.monday.iso_week();
        write!(f, "{:04}-W{:02}", week.year(), week.week())
    }
}

impl FromStr for IsoWeek {
    type Err = WeekError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let unreadable = || WeekError::Unreadable(text.to_owned());
        let (year, week) = text.trim().split_once("-W").ok_or_else(unreadable)?;
        if year.len() != 4 || week.len() != 2 || !(year.bytes().chain(week.bytes()).all(|b| b.is_ascii_digit())) {
            return Err(unreadable());
        }
        let (year, week) = (year.parse().map_err(|_| unreadable())?, week.parse().map_err(|_| unreadable())?);
        NaiveDate::from_isoywd_opt(year, week, Weekday::Mon).map(|monday| Self { monday }).ok_or_else(|| {
            let last = if NaiveDate::from_isoywd_opt(year, 53, Weekday::Mon).is_some() { 53 } else { 52 };
            WeekError::NoSuchWeek { year, week, last }
        })
    }
}

impl TryFrom<String> for IsoWeek {
    type Error = WeekError;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<IsoWeek> for String {
    fn from(week: IsoWeek) -> Self {
        week.to_string()
    }
}

/// One channel's week against the minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WeekCount {
    /// Posts that went out in the week.
    pub published: u32,
    /// Posts that are still to go out before the week ends.
    pub planned: u32,
    /// How many there must be.
    pub minimum: u32,
    /// What that comes to.
    pub verdict: Verdict,
}

/// How a channel stands against the weekly minimum.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// Enough went out.
    Met,
    /// Enough will have gone out when what is planned has.
    OnTheWay,
    /// Not enough is planned, but there is time.
    AtRisk,
    /// The week is over and there were too few.
    Missed,
}

impl Verdict {
    /// The name, the same in database, API and interface.
    pub fn name(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::OnTheWay => "on_the_way",
            Self::AtRisk => "at_risk",
            Self::Missed => "missed",
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Met => "met",
            Self::OnTheWay => "on the way",
            Self::AtRisk => "at risk",
            Self::Missed => "missed",
        })
    }
}

/// Between which planned times a post still counts for a week. One whose time has come counts as going out now; for a
/// week that is over nothing is planned any more.
pub fn planned_within(week: &Range<DateTime<Utc>>, now: DateTime<Utc>) -> Range<DateTime<Utc>> {
    if now >= week.end {
        week.end..week.end
    } else if now >= week.start {
        DateTime::<Utc>::MIN_UTC..week.end
    } else {
        week.clone()
    }
}

impl WeekCount {
    /// What `published` posts, and `planned` ones that still count, come to.
    pub fn of(published: u32, planned: u32, minimum: u32, is_over: bool) -> Self {
        let verdict = if published >= minimum {
            Verdict::Met
        } else if is_over {
            Verdict::Missed
        } else if published.saturating_add(planned) >= minimum {
            Verdict::OnTheWay
        } else {
            Verdict::AtRisk
        };
        Self { published, planned, minimum, verdict }
    }
}

#[cfg(test)]
mod tests;
