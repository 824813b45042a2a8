//! Times as the journal writes them: RFC 3339, UTC, exactly six decimals, `Z`. One instant has one spelling.
//!
//! As a serde module (`#[serde(with = "stamp")]`, [`option`] for optional times) it serves entries and exports.

use chrono::{DateTime, NaiveDate, NaiveTime, SecondsFormat, SubsecRound, Timelike, Utc};
use serde::{Deserialize, Deserializer, Serializer};

/// The text is not a time as the journal writes it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a time as the journal writes it, for example 2026-11-22T06:30:00.000000Z")]
pub struct NotAStamp(String);

/// The instant that the journal can keep: whole microseconds of the years 1 to 9999, a leap second as the last
/// microsecond before it. Platforms can send times far outside; those become the nearest end.
pub fn keepable(time: DateTime<Utc>) -> DateTime<Utc> {
    let instant =
        |year, month, day, time| NaiveDate::from_ymd_opt(year, month, day).map(|d| d.and_time(time).and_utc());
    let last_microsecond = NaiveTime::from_hms_micro_opt(23, 59, 59, 999_999).unwrap_or(NaiveTime::MIN);
    let first = instant(1, 1, 1, NaiveTime::MIN).unwrap_or(DateTime::<Utc>::MIN_UTC);
    let last = instant(9999, 12, 31, last_microsecond).unwrap_or(DateTime::<Utc>::MAX_UTC);
    let time =
        if time.nanosecond() >= 1_000_000_000 { time.with_nanosecond(999_999_000).unwrap_or(time) } else { time };
    time.trunc_subsecs(6).clamp(first, last)
}

/// The time as text.
pub fn text(time: DateTime<Utc>) -> String {
    keepable(time).to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// Reads a text that [`text`] wrote, and no other spelling of the same instant.
pub fn parse(stamp: &str) -> Result<DateTime<Utc>, NotAStamp> {
    let time = DateTime::parse_from_rfc3339(stamp).ok().map(|t| t.to_utc()).filter(|t| text(*t) == stamp);
    time.ok_or_else(|| NotAStamp(stamp.chars().take(40).collect()))
}

/// Writes a time into an entry.
pub fn serialize<S: Serializer>(time: &DateTime<Utc>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&text(*time))
}

/// Reads a time of an entry.
pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<DateTime<Utc>, D::Error> {
    parse(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

/// The same for a time that may be unknown.
pub mod option {
    use super::{DateTime, Deserialize, Deserializer, Serializer, Utc, parse};

    /// Writes a time that may be unknown into an entry.
    pub fn serialize<S: Serializer>(time: &Option<DateTime<Utc>>, serializer: S) -> Result<S::Ok, S::Error> {
        match time {
            Some(time) => super::serialize(time, serializer),
            None => serializer.serialize_none(),
        }
    }

    /// Reads a time of an entry that may be unknown.
    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
        let stamp = Option::<String>::deserialize(deserializer)?;
        stamp.map(|stamp| parse(&stamp)).transpose().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn an_instant_has_one_spelling() {
        let noon = parse("2026-11-22T12:00:00.000000Z").unwrap();
        assert_eq!(noon.timestamp(), 1_795_348_800);
        let others = [
            "2026-11-22T12:00:00Z",
            "2026-11-22T12:00:00.000Z",
            "2026-11-22T12:00:00.000000+00:00",
            "2026-11-22T15:00:00.000000+03:00",
            "2026-11-22t12:00:00.000000z",
            "2026-11-22 12:00:00.000000Z",
            "2026-11-22T12:00:60.000000Z",
            "0000-01-01T00:00:00.000000Z",
            "+12026-11-22T12:00:00.000000Z",
        ];
        for other in others {
            assert!(parse(other).is_err(), "{other}");
        }
    }

    #[test]
    fn times_beyond_the_calendar_become_its_ends() {
        assert_eq!(text(DateTime::<Utc>::MAX_UTC), "9999-12-31T23:59:59.999999Z");
        assert_eq!(text(DateTime::<Utc>::MIN_UTC), "0001-01-01T00:00:00.000000Z");
        let leap = DateTime::parse_from_rfc3339("2016-12-31T23:59:60.5Z").unwrap().to_utc();
        assert_eq!(text(leap), "2016-12-31T23:59:59.999999Z");
    }

    proptest! {
        #[test]
        fn what_is_written_can_be_read(nanos: i64) {
            let time = DateTime::from_timestamp_nanos(nanos);
            let read = parse(&text(time)).unwrap();
            prop_assert_eq!(read, keepable(time));
            prop_assert!(time - read >= TimeDelta::zero() && time - read < TimeDelta::microseconds(1));
        }
    }
}
