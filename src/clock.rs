//! Clocks: real time, and time that runs faster for the demo and for trials against the sandbox.

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
    fn speed_one_is_the_machines_own_time() {
        let (before, shown, after) = (SystemClock.now(), of(1).now(), SystemClock.now());
        assert!(before <= shown && shown <= after);
    }
}
