//! The two-clock rule: the local clock alone can lie (a bad NTP step, a restored snapshot).

use chrono::{DateTime, TimeDelta, Utc};

/// Whose clock says so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Whose {
    /// This machine's.
    Ours,
    /// The primary's platform.
    Primary,
    /// The follower's platform: its stamp is what a checker reads.
    Follower,
    /// Another channel's platform, asked because the primary's was silent.
    Witness(String),
}

impl std::fmt::Display for Whose {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Ours => f.write_str("our clock"),
            Self::Primary => f.write_str("the primary's clock"),
            Self::Follower => f.write_str("the follower's clock"),
            Self::Witness(channel) => write!(f, "the clock behind channel `{channel}`"),
        }
    }
}

/// A clock that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// Whose.
    pub whose: Whose,
    /// What it said.
    pub at: DateTime<Utc>,
    /// It may witness that the hold has passed. A site's clock may not: its owner sets it.
    pub witness: bool,
}

/// Whether a hold has passed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Verdict {
    /// On every clock, one of them outside.
    Passed,
    /// This clock says that so much is missing.
    NotYet(Whose, TimeDelta),
    /// No outside clock was seen.
    NoWitness,
}

/// Decides by every clock that can be seen.
pub fn hold_passed(until: DateTime<Utc>, readings: &[Reading]) -> Verdict {
    if let Some(slowest) = readings.iter().min_by_key(|r| r.at).filter(|r| r.at < until) {
        return Verdict::NotYet(slowest.whose.clone(), until - slowest.at);
    }
    let witnessed = readings.iter().any(|r| r.witness && r.whose != Whose::Ours);
    if witnessed { Verdict::Passed } else { Verdict::NoWitness }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn reading(whose: Whose, seconds: i64, witness: bool) -> Reading {
        Reading { whose, at: at(seconds), witness }
    }

    #[test]
    fn our_clock_alone_releases_nothing() {
        assert_eq!(hold_passed(at(100), &[reading(Whose::Ours, 10_000, true)]), Verdict::NoWitness);
    }

    #[test]
    fn a_sites_clock_is_no_witness_but_can_object() {
        let ours = reading(Whose::Ours, 200, false);
        let site = |s| reading(Whose::Follower, s, false);
        assert_eq!(hold_passed(at(100), &[ours.clone(), site(200)]), Verdict::NoWitness);
        assert_eq!(hold_passed(at(100), &[ours, site(90)]), Verdict::NotYet(Whose::Follower, TimeDelta::seconds(10)));
    }

    #[test]
    fn the_primarys_clock_and_ours_release() {
        let readings = [reading(Whose::Ours, 100, false), reading(Whose::Primary, 101, true)];
        assert_eq!(hold_passed(at(100), &readings), Verdict::Passed);
    }

    proptest! {
        #[test]
        fn nothing_passes_while_any_clock_objects(times in proptest::collection::vec(0i64..200, 1..5)) {
            let readings: Vec<_> = times.iter().map(|s| reading(Whose::Primary, *s, true)).collect();
            let passed = hold_passed(at(100), &readings) == Verdict::Passed;
            prop_assert_eq!(passed, times.iter().all(|s| *s >= 100));
        }
    }
}
