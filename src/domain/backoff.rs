//! How long to wait before the next try.

use std::time::Duration;

const FIRST: Duration = Duration::from_secs(15);
const LONGEST: Duration = Duration::from_secs(30 * 60);

/// The wait before try number `tries + 1`: 15 s, doubling to 30 minutes, up to a quarter more by `chance` (0 to 1),
/// and never less than the platform asked for.
pub fn backoff(tries: u32, asked: Option<Duration>, chance: f64) -> Duration {
    let doubled = FIRST.saturating_mul(2u32.saturating_pow(tries.saturating_sub(1).min(16))).min(LONGEST);
    doubled.mul_f64(1.0 + chance.clamp(0.0, 1.0) / 4.0).max(asked.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_and_honour_the_platform() {
        assert_eq!(backoff(1, None, 0.0), Duration::from_secs(15));
        assert_eq!(backoff(3, None, 0.0), Duration::from_secs(60));
        assert_eq!(backoff(400, None, 1.0), Duration::from_secs(2250));
        assert_eq!(backoff(1, Some(Duration::from_secs(3600)), 0.5), Duration::from_secs(3600));
    }
}
