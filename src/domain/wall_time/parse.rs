//! The forms in which people write times. Knows no zone.

use chrono::{
    DateTime, Datelike as _, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike as _, Utc,
};

/// Years that a person can mean. Others are slips of the hand (`26-11-23`).
const YEARS: std::ops::RangeInclusive<i32> = 2000..=2199;
/// The longest "from now" that makes sense: a year.
const FROM_NOW_MAX: TimeDelta = TimeDelta::days(366);

/// What a text means, before a zone is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Typed {
    /// With an offset of its own.
    Fixed(DateTime<Utc>),
    /// This long from now.
    FromNow(TimeDelta),
    /// On the clocks of a zone.
    Wall(NaiveDateTime),
    /// Today on the clocks of a zone.
    Today(NaiveTime),
}

/// Reads any of the forms.
pub(super) fn typed(text: &str) -> Option<Typed> {
    if let Some(rest) = text.strip_prefix('+') {
        return from_now(rest).map(Typed::FromNow);
    }
    if let Some(time) = time(text) {
        return Some(Typed::Today(time));
    }
    let (wall, offset) = split_offset(text);
    let wall = date_time(wall)?;
    match offset {
        None => Some(Typed::Wall(wall)),
        Some(offset) => {
            let offset = self::offset(offset)?;
            wall.and_local_timezone(offset).single().map(|t| Typed::Fixed(t.to_utc()))
        }
    }
}

/// A bare date.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    ["%Y-%m-%d", "%d.%m.%Y"]
        .iter()
        .find_map(|form| NaiveDate::parse_from_str(text, form).ok())
        .filter(|date| YEARS.contains(&date.year()))
}

fn date_time(text: &str) -> Option<NaiveDateTime> {
    let (day, clock) = text.split_once(['T', 't', ' '])?;
    Some(date(day)?.and_time(time(clock.trim_start())?))
}

fn time(text: &str) -> Option<NaiveTime> {
    ["%H:%M", "%H:%M:%S", "%H:%M:%S%.f"]
        .iter()
        .find_map(|form| NaiveTime::parse_from_str(text, form).ok())
        // A 60th second is read as more than a whole second's nanoseconds; the database cannot keep it.
        .filter(|time| time.nanosecond() < 1_000_000_000)
}

/// `2h`, `30m`, `1h30m`.
fn from_now(text: &str) -> Option<TimeDelta> {
    let (hours, rest) = match text.split_once('h') {
        Some((hours, rest)) => (number(hours)?, rest),
        None => (0, text),
    };
    let minutes = match rest.strip_suffix('m') {
        Some(minutes) => number(minutes)?,
        None if rest.is_empty() && text.ends_with('h') => 0,
        None => return None,
    };
    let seconds = hours.checked_mul(3600)?.checked_add(minutes.checked_mul(60)?)?;
    TimeDelta::try_seconds(seconds).filter(|after| *after <= FROM_NOW_MAX)
}

/// Parts a time of day from the offset behind it. An offset is `Z`, or begins with a sign after the last colon's hour.
fn split_offset(text: &str) -> (&str, Option<&str>) {
    if let Some(wall) = text.strip_suffix(['Z', 'z']) {
        return (wall.trim_end(), Some("Z"));
    }
    let clock = text.find(':').unwrap_or(text.len());
    match text[clock..].find(['+', '-']) {
        Some(sign) => {
            let (wall, offset) = text.split_at(clock + sign);
            (wall.trim_end(), Some(offset))
        }
        None => (text, None),
    }
}

/// `Z`, `+03:00`, `+0300`, `+03`.
fn offset(text: &str) -> Option<FixedOffset> {
    if text == "Z" {
        return FixedOffset::east_opt(0);
    }
    let sign = if text.starts_with('-') { -1 } else { 1 };
    let digits = text.get(1..)?;
    let (hours, minutes) = match digits.split_once(':') {
        Some(parts) => parts,
        None if digits.len() == 4 => (digits.get(..2)?, digits.get(2..)?),
        None => (digits, "00"),
    };
    if hours.len() != 2 || minutes.len() != 2 {
        return None;
    }
    let (hours, minutes) = (number(hours)?, number(minutes)?);
    // No place on earth is further from Greenwich (RFC 3339 itself would allow 23:59).
    if minutes > 59 || hours * 60 + minutes > 14 * 60 {
        return None;
    }
    FixedOffset::east_opt(sign * i32::try_from(hours * 3600 + minutes * 60).ok()?)
}

/// Digits and nothing else: `parse` alone would take a sign.
fn number(text: &str) -> Option<i64> {
    (text.len() <= 6 && text.bytes().all(|b| b.is_ascii_digit())).then(|| text.parse().ok())?
}
