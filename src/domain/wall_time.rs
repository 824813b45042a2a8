//! What people type as a time, turned into an instant, and instants shown as people read them.
//!
//! The only place where an organisation's time zone meets a text. Instants are UTC everywhere else.

use chrono::{
    DateTime, FixedOffset, MappedLocalTime, NaiveDate, NaiveDateTime, NaiveTime, Offset as _, TimeDelta, TimeZone as _,
    Utc,
};
use chrono_tz::{GapInfo, Tz};
use vestnik_contract::Figures;

mod parse;

use parse::Typed;

/// The forms that are read, as they are listed in errors and in the manual.
pub const FORMS: &str = "2026-11-23 10:00, 2026-11-23T10:00:00, 23.11.2026 10:00, 10:00 (today), +2h30m (from now), \
                         or with an offset: 2026-11-23T10:00+03:00";

/// A time this little ago is still "now": it was typed a moment before it was read.
const JUST_NOW: TimeDelta = TimeDelta::minutes(1);

/// A text that names no instant, or one that is no use.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum WallTimeError {
    /// No form that is known.
    #[error("`{text}` is not a time; write it like {FORMS}")]
    Unreadable {
        /// What was typed.
        text: String,
    },
    /// The clocks of the zone were put forward past it.
    #[error(
        "`{text}` does not exist in {zone}: the clocks go from {} to {}; take a time before {} or from {} on",
        .from.format("%H:%M"), .to.format("%H:%M"), .from.format("%Y-%m-%d %H:%M"), .to.format("%Y-%m-%d %H:%M")
    )]
    Skipped {
        /// What was typed.
        text: String,
        /// The zone it was read in.
        zone: Tz,
        /// Where the gap begins, as the clocks on the wall show it.
        from: NaiveDateTime,
        /// The first time after it.
        to: NaiveDateTime,
    },
    /// The clocks of the zone were put back over it.
    #[error(
        "`{text}` comes twice in {zone}, at {earlier} and at {later}; \
         write which one by its offset: `{text}{earlier}` or `{text}{later}`"
    )]
    Twice {
        /// What was typed.
        text: String,
        /// The zone it was read in.
        zone: Tz,
        /// Offset of the first of the two.
        earlier: FixedOffset,
        /// Offset of the second.
        later: FixedOffset,
    },
    /// Over already.
    #[error("`{text}` is in the past: it is {now} in {zone} now; take a later time")]
    Past {
        /// What was typed.
        text: String,
        /// The zone it was read in.
        zone: Tz,
        /// Now, as [`show`] writes it.
        now: String,
    },
}

impl WallTimeError {
    /// The name of the refusal, stable: words in other languages stand under it.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Unreadable { .. } => "time-unreadable",
            Self::Skipped { .. } => "time-skipped",
            Self::Twice { .. } => "time-twice",
            Self::Past { .. } => "time-past",
        }
    }

    /// What those words name.
    pub fn figures(&self) -> Figures {
        let (Self::Unreadable { text }
        | Self::Skipped { text, .. }
        | Self::Twice { text, .. }
        | Self::Past { text, .. }) = self;
        let mut figures = Figures::from([("text", text.as_str().into())]);
        match self {
            Self::Unreadable { .. } => {}
            Self::Skipped { from, to, .. } => {
                figures.insert("from", from.format("%H:%M").to_string().into());
                figures.insert("to", to.format("%H:%M").to_string().into());
            }
            Self::Twice { earlier, later, .. } => {
                figures.insert("earlier", earlier.to_string().into());
                figures.insert("later", later.to_string().into());
            }
            // Of «2026-11-23 10:00:00 +03:00» people need hours and minutes.
            Self::Past { now, .. } => {
                figures.insert("now", now.get(..16).unwrap_or(now).into());
            }
        }
        figures
    }
}

/// The instant that `text` names on the clocks of `zone`, which must not be over: for what is to happen.
pub fn instant(text: &str, zone: Tz, now: DateTime<Utc>) -> Result<DateTime<Utc>, WallTimeError> {
    let instant = read(text, zone, now)?;
    if now.signed_duration_since(instant) > JUST_NOW {
        return Err(WallTimeError::Past { text: text.trim().to_owned(), zone, now: show(now, zone) });
    }
    Ok(instant)
}

/// The instant that `text` names on the clocks of `zone`, whether over or not.
pub fn read(text: &str, zone: Tz, now: DateTime<Utc>) -> Result<DateTime<Utc>, WallTimeError> {
    let text = text.trim();
    let unreadable = || WallTimeError::Unreadable { text: text.to_owned() };
    match parse::typed(text).ok_or_else(unreadable)? {
        Typed::Fixed(instant) => Ok(instant),
        Typed::FromNow(after) => now.checked_add_signed(after).ok_or_else(unreadable),
        Typed::Wall(wall) => on_the_wall(text, wall, zone),
        Typed::Today(time) => on_the_wall(text, local(now, zone).date_naive().and_time(time), zone),
    }
}

/// Which end of a period a text names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Edge {
    /// A bare date means the beginning of the day.
    From,
    /// A bare date means the end of the day, that is the beginning of the next.
    To,
}

/// One end of a period of history: everything that [`read`] takes, and bare dates (`2026-11-23`, `23.11.2026`).
pub fn edge(text: &str, edge: Edge, zone: Tz, now: DateTime<Utc>) -> Result<DateTime<Utc>, WallTimeError> {
    match parse::date(text.trim()) {
        Some(date) if edge == Edge::To => Ok(day_start(date.succ_opt().unwrap_or(date), zone)),
        Some(date) => Ok(day_start(date, zone)),
        None => read(text, zone, now),
    }
}

/// For people: `2026-11-23 10:00:00 +03:00`, with seconds, because checkers count them. [`read`] takes it back.
pub fn show(instant: DateTime<Utc>, zone: Tz) -> String {
    local(instant, zone).format("%Y-%m-%d %H:%M:%S %:z").to_string()
}

/// When a day begins in a zone. Some zones put their clocks forward at midnight: then it is the first time that exists.
pub fn day_start(date: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = date.and_time(NaiveTime::MIN);
    match zone.from_local_datetime(&midnight) {
        MappedLocalTime::Single(t) | MappedLocalTime::Ambiguous(t, _) => t.to_utc(),
        // No end of the gap is known only beyond the zone's tables, where there are no gaps.
        MappedLocalTime::None => {
            GapInfo::new(&midnight, &zone).and_then(|gap| gap.end).map_or(midnight.and_utc(), |end| end.to_utc())
        }
    }
}

/// An instant on the clocks of a zone. Instants that no calendar reaches are brought to the nearest year that one does.
pub(crate) fn local(instant: DateTime<Utc>, zone: Tz) -> DateTime<Tz> {
    const FIRST: DateTime<Utc> = NaiveDate::from_ymd_opt(1, 1, 2).expect("a date").and_time(NaiveTime::MIN).and_utc();
    const LAST: DateTime<Utc> =
        NaiveDate::from_ymd_opt(9999, 12, 30).expect("a date").and_time(NaiveTime::MIN).and_utc();
    instant.clamp(FIRST, LAST).with_timezone(&zone)
}

fn on_the_wall(text: &str, wall: NaiveDateTime, zone: Tz) -> Result<DateTime<Utc>, WallTimeError> {
    use chrono::Offset as _;
    match zone.from_local_datetime(&wall) {
        MappedLocalTime::Single(t) => Ok(t.to_utc()),
        MappedLocalTime::Ambiguous(earlier, later) => Err(WallTimeError::Twice {
            text: text.to_owned(),
            zone,
            earlier: earlier.offset().fix(),
            later: later.offset().fix(),
        }),
        MappedLocalTime::None => {
            let gap = GapInfo::new(&wall, &zone);
            let from = gap.as_ref().and_then(|g| g.begin.as_ref()).map_or(wall, |(begin, _)| *begin);
            let to = gap.and_then(|g| g.end).map_or(wall, |end| end.naive_local());
            Err(WallTimeError::Skipped { text: text.to_owned(), zone, from, to })
        }
    }
}

/// By how many whole hours a zone is ahead of Moscow all year round (Federal Law 107-FZ of 03.06.2011
/// names Russia's time zones so); `None` where that changes or is no whole hour.
pub fn hours_from_moscow(zone: Tz) -> Option<i32> {
    let ahead = |month| {
        let at = Utc.with_ymd_and_hms(2026, month, 1, 0, 0, 0).single()?;
        let offset = |zone: Tz| zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc();
        Some(offset(zone) - offset(Tz::Europe__Moscow))
    };
    let (winter, summer) = (ahead(1)?, ahead(7)?);
    (winter == summer && winter % 3600 == 0).then_some(winter / 3600)
}

#[cfg(test)]
mod tests;
