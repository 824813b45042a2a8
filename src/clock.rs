//! Clocks: real time, and time that runs faster for the demo and for trials against the sandbox.
//!
//! [`ScaledClock`] lives in one process. [`AnchoredClock`] is the same for every process that is told the same anchor:
//! a daemon, the commands beside it, the sandbox it speaks to, and the daemon that is started after it.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use chrono::{DateTime, SubsecRound as _, TimeDelta, Utc};
use vestnik_contract::{Clock, SystemClock};

/// The clock for a speed: this machine's own for 1, one that starts now and runs so much faster for more.
pub fn of(speed: u32) -> Arc<dyn Clock> {
    match speed {
        0 | 1 => Arc::new(SystemClock),
        speed => {
            let clock = ScaledClock::standing_at(SystemClock.now(), speed);
            clock.start();
            Arc::new(clock)
        }
    }
}

/// The clock of a configuration: one that agrees with this machine's at `origin` and runs `speed` times faster from
/// there. Without an origin it agrees now.
pub fn configured(speed: u32, origin: Option<DateTime<Utc>>) -> Arc<dyn Clock> {
    match origin {
        Some(origin) if speed > 1 => Arc::new(AnchoredClock::new(origin, speed)),
        _ => of(speed),
    }
}

/// A clock that agrees with this machine's up to a moment and runs a whole number of times faster from there. It
/// follows the wall clock, so that every process with the same anchor sees the same time.
#[derive(Debug, Clone, Copy)]
pub struct AnchoredClock {
    origin: DateTime<Utc>,
    speed: u32,
}

impl AnchoredClock {
    /// A clock that runs away from this machine's at `origin`.
    pub fn new(origin: DateTime<Utc>, speed: u32) -> Self {
        Self { origin, speed }
    }

    /// What it shows when this machine's clock shows `real`.
    fn at(&self, real: DateTime<Utc>) -> DateTime<Utc> {
        let since = real - self.origin;
        if since <= TimeDelta::zero() {
            return real;
        }
        let scaled = i32::try_from(self.speed).ok().and_then(|speed| since.checked_mul(speed));
        let shown = scaled.and_then(|scaled| self.origin.checked_add_signed(scaled));
        shown.unwrap_or(DateTime::<Utc>::MAX_UTC).trunc_subsecs(6)
    }
}

impl Clock for AnchoredClock {
    fn now(&self) -> DateTime<Utc> {
        self.at(SystemClock.now())
    }
}

/// A clock that runs a whole number of times faster than real time once it is started. It follows the monotonic
/// clock, so it never jumps.
#[derive(Debug)]
pub struct ScaledClock {
    shown: DateTime<Utc>,
    since: OnceLock<Instant>,
    speed: u32,
}

impl ScaledClock {
    /// A clock that stands at `shown` until [`ScaledClock::start`].
    pub fn standing_at(shown: DateTime<Utc>, speed: u32) -> Self {
        Self { shown, since: OnceLock::new(), speed }
    }

    /// Lets it run. A clock that runs already goes on.
    pub fn start(&self) {
        self.since.get_or_init(Instant::now);
    }

    /// How many times faster than real time it runs.
    pub fn speed(&self) -> u32 {
        self.speed
    }
}

impl Clock for ScaledClock {
    fn now(&self) -> DateTime<Utc> {
        let real = self.since.get().map(Instant::elapsed).unwrap_or_default();
        // Centuries of real time at the highest speed end at the last year that a calendar knows.
        let elapsed = real.checked_mul(self.speed).and_then(|passed| TimeDelta::from_std(passed).ok());
        let now = elapsed.and_then(|elapsed| self.shown.checked_add_signed(elapsed));
        now.unwrap_or(DateTime::<Utc>::MAX_UTC).trunc_subsecs(6)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fast_clock_stands_until_it_is_started_and_then_runs_ahead() {
        let start = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let clock = ScaledClock::standing_at(start, 100_000);
        assert_eq!((clock.now(), clock.now()), (start, start));
        clock.start();
        let real = Instant::now();
        while real.elapsed().as_millis() < 2 {
            std::hint::spin_loop();
        }
        let shown = clock.now() - start;
        assert!(shown >= TimeDelta::seconds(200), "{shown}");
        assert_eq!(clock.now().timestamp_subsec_nanos() % 1_000, 0);
    }

    #[test]
    fn an_anchored_clock_is_ours_up_to_its_origin_and_runs_ahead_from_there() {
        let origin = DateTime::from_timestamp(1_800_000_000, 0).unwrap();
        let clock = AnchoredClock::new(origin, 3600);
        let (before, second) = (origin - TimeDelta::days(1), TimeDelta::seconds(1));
        assert_eq!((clock.at(before), clock.at(origin)), (before, origin));
        assert_eq!(clock.at(origin + second), origin + TimeDelta::hours(1));
        assert_eq!(clock.at(DateTime::<Utc>::MAX_UTC), DateTime::<Utc>::MAX_UTC.trunc_subsecs(6));
    }

    #[test]
    fn speed_one_is_the_machines_own_time() {
        let (before, shown, after) = (SystemClock.now(), of(1).now(), SystemClock.now());
        assert!(before <= shown && shown <= after);
        let anchored = configured(1, Some(before - TimeDelta::days(1))).now();
        assert!(anchored - after < TimeDelta::minutes(1), "{anchored}");
    }
}
