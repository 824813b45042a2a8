//! What a configuration must say beyond having the right keys.

use std::path::Path;
use std::time::Duration;

use chrono::{DateTime, Utc};

use super::error::Problem;
use super::{Config, MediaSettings, StoreUrl, file, organisations, server};
use crate::domain::HoldLength;
use crate::domain::hold::HOLD_SECONDS_MIN;

/// Longer holds are slips of the hand (30 days).
const HOLD_HOURS_MAX: f64 = 720.0;
/// From a small photo to what one process can open without taking the machine's memory (three bytes a pixel, twice).
const PIXELS_MAX: std::ops::RangeInclusive<u64> = 1_000_000..=200_000_000;
/// A longer gap than a day would never let a channel have its weekly minimum in peace.
const GAP_SECONDS_MAX: u64 = 86_400;
/// Faster than this, a day would pass between two looks of the daemon.
const SPEED_MAX: u32 = 100_000;

/// Checks everything and tells everything that is wrong at once.
pub(super) fn checked(file: file::File, base_dir: &Path) -> Result<Config, Vec<Problem>> {
    let mut problems = Vec::new();
    let server = server::checked(&file.server, &mut problems);
    let store = noted(store_url(&file.store.url, base_dir), &mut problems);
    let hold = noted(hold_length(&file.hold), &mut problems);
    noted(media(&file.media), &mut problems);
    noted(gap(&file.pacing), &mut problems);
    noted(speed(&file.clock), &mut problems);
    let origin = noted(origin(&file.clock), &mut problems);
    let organisations = organisations::checked(file.organisation, &mut problems);
    let (true, Some(server), Some(store), Some(hold)) = (problems.is_empty(), server, store, hold) else {
        return Err(problems);
    };
    let config = Config {
        base_dir: base_dir.to_owned(),
        server,
        store,
        media: MediaSettings {
            dir: base_dir.join(file.media.dir),
            picture_bytes_max: file.media.picture_bytes_max,
            document_bytes_max: file.media.document_bytes_max,
            pixels_max: file.media.pixels_max,
        },
        hold,
        week_minimum: file.week.minimum,
        gap: file.pacing.gap_seconds.map(Duration::from_secs),
        speed: file.clock.speed,
        clock_origin: origin.flatten(),
        allow_private_addresses: file.network.allow_private_addresses,
        organisations,
    };
    let problems = only_on_loopback(&config);
    if problems.is_empty() { Ok(config) } else { Err(problems) }
}

fn noted<T>(result: Result<T, Problem>, problems: &mut Vec<Problem>) -> Option<T> {
    result.map_err(|problem| problems.push(problem)).ok()
}

fn store_url(text: &str, base_dir: &Path) -> Result<StoreUrl, Problem> {
    let wrong = |why: &str| {
        Problem::new(
            "store.url",
            format!("`{}` {why}; write sqlite:PATH, like sqlite:data/vestnik.db", without_password(text)),
        )
    };
    let path = text.strip_prefix("sqlite:").ok_or_else(|| wrong("is not a database that vestnik can use"))?;
    let path = path.strip_prefix("//").unwrap_or(path);
    match path {
        "" => Err(wrong("names no file")),
        ":memory:" => Err(wrong("would forget everything at the end")),
        _ if path.contains('?') => Err(wrong("must be a path alone, without `?`")),
        _ => Ok(StoreUrl::Sqlite(base_dir.join(path))),
    }
}

/// A database address of another kind may hold a password.
fn without_password(text: &str) -> &str {
    text.split(':').next().filter(|_| text.contains('@')).unwrap_or(text)
}

fn hold_length(hold: &file::Hold) -> Result<HoldLength, Problem> {
    let hours = hold.hours;
    if hours.is_nan() || hours < 4.0 {
        return Err(Problem::new(
            "hold.hours",
            format!(
                "{hours} is less than the 4 hours that the orders demand (Aksai order 454 of 11.12.2025, plan item 3; \
                 Kherson ministry order 89 of 25.03.2026, item 1.4); write 4 or more"
            ),
        ));
    }
    if hours > HOLD_HOURS_MAX {
        return Err(Problem::new("hold.hours", format!("{hours} is too long; write 4 to {HOLD_HOURS_MAX}")));
    }
    #[expect(clippy::cast_possible_truncation, reason = "4 to 720 hours")]
    let seconds = ((hours * 3600.0).round() as i64).max(HOLD_SECONDS_MIN);
    HoldLength::new(seconds, hold.margin_seconds).map_err(|_| {
        Problem::new("hold.margin_seconds", format!("{} is not allowed; write 0 to 3600", hold.margin_seconds))
    })
}

fn media(media: &file::Media) -> Result<(), Problem> {
    if media.dir.as_os_str().is_empty() {
        return Err(Problem::new("media.dir", "is empty; name a folder, like data/media"));
    }
    for (key, value) in [("picture", media.picture_bytes_max), ("document", media.document_bytes_max)] {
        if value == 0 {
            let key = format!("media.{key}_bytes_max");
            return Err(Problem::new(key, "0 would refuse every file; write the largest size in bytes, like 50000000"));
        }
    }
    if !PIXELS_MAX.contains(&media.pixels_max) {
        let (least, most) = (PIXELS_MAX.start(), PIXELS_MAX.end());
        let problem = format!("{} is not allowed; write {least} to {most}", media.pixels_max);
        return Err(Problem::new("media.pixels_max", problem));
    }
    Ok(())
}

fn gap(pacing: &file::Pacing) -> Result<(), Problem> {
    match pacing.gap_seconds {
        Some(gap) if gap > GAP_SECONDS_MAX => {
            let problem = format!("{gap} is too long; write 1 to {GAP_SECONDS_MAX} (a day)");
            Err(Problem::new("pacing.gap_seconds", problem))
        }
        _ => Ok(()),
    }
}

fn speed(clock: &file::Clock) -> Result<(), Problem> {
    match clock.speed {
        1..=SPEED_MAX => Ok(()),
        speed => Err(Problem::new("clock.speed", format!("{speed} is not allowed; write 1 to {SPEED_MAX}"))),
    }
}

fn origin(clock: &file::Clock) -> Result<Option<DateTime<Utc>>, Problem> {
    let Some(text) = clock.origin.as_deref() else { return Ok(None) };
    let at = DateTime::parse_from_rfc3339(text).map_err(|_| {
        let problem =
            format!("`{text}` is not a moment; write it with its offset from UTC, like \"2026-11-23T06:00:00Z\"");
        Problem::new("clock.origin", problem)
    })?;
    Ok(Some(at.to_utc()))
}

/// What would break a real platform's rules, or the hold itself, is for the sandbox.
fn only_on_loopback(config: &Config) -> Vec<Problem> {
    let Some((organisation, channel)) = config.channels().find(|(_, channel)| !channel.settings.is_loopback()) else {
        return Vec::new();
    };
    let abroad = format!("channel {} of {} is not on this machine (loopback)", channel.slug, organisation.slug);
    let mut problems = Vec::new();
    if config.speed > 1 {
        let problem = format!("{} is for the sandbox alone, and {abroad}; write 1 or leave it out", config.speed);
        problems.push(Problem::new("clock.speed", problem));
    }
    if config.gap == Some(Duration::ZERO) {
        let problem = format!("0 is for the sandbox alone, and {abroad}; write 1 or more, or leave it out");
        problems.push(Problem::new("pacing.gap_seconds", problem));
    }
    problems
}
