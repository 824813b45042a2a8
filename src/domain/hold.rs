//! The hold: the four hours that nothing may shorten.

use chrono::{DateTime, TimeDelta, Utc};
use vestnik_contract::Receipt;

/// The orders' figure (Aksai order 454 of 11.12.2025, plan item 3; Kherson ministry order 89 of 25.03.2026, item 1.4).
pub const HOLD_SECONDS_MIN: i64 = 4 * 3600;
/// The longest margin that may be configured.
pub const MARGIN_SECONDS_MAX: i64 = 3600;

/// How long a hold lasts: the hours of the orders, or more, and the margin on top (checkers read hh:mm).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct HoldLength {
    hold_seconds: i64,
    margin_seconds: i64,
}

/// A length that is not allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HoldLengthError {
    /// Shorter than the orders say.
    #[error("a hold of {0} s is shorter than the {HOLD_SECONDS_MIN} s (4 hours) that the orders demand")]
    TooShort(i64),
    /// A margin out of bounds.
    #[error("a margin of {0} s is not within 0 to {MARGIN_SECONDS_MAX} s")]
    Margin(i64),
}

impl HoldLength {
    /// Four hours and one minute: what applies unless configured.
    pub const DEFAULT: Self = Self { hold_seconds: HOLD_SECONDS_MIN, margin_seconds: 60 };

    /// A length within the bounds.
    pub fn new(hold_seconds: i64, margin_seconds: i64) -> Result<Self, HoldLengthError> {
        if hold_seconds < HOLD_SECONDS_MIN {
            return Err(HoldLengthError::TooShort(hold_seconds));
        }
        if !(0..=MARGIN_SECONDS_MAX).contains(&margin_seconds) {
            return Err(HoldLengthError::Margin(margin_seconds));
        }
        Ok(Self { hold_seconds, margin_seconds })
    }

    /// The hours that a checker counts, in seconds. Never under four hours.
    pub fn hold_seconds(self) -> i64 {
        self.hold_seconds
    }

    /// The safety on top, in seconds.
    pub fn margin_seconds(self) -> i64 {
        self.margin_seconds
    }

    /// Both together.
    pub fn total(self) -> TimeDelta {
        TimeDelta::seconds(self.hold_seconds.saturating_add(self.margin_seconds))
    }
}

/// A running hold. Can only be made from what confirms the primary: a receipt, or the reading that showed an edit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hold {
    from: DateTime<Utc>,
    length: HoldLength,
}

impl Hold {
    /// From a receipt that answered our call: counts from the later of the platform's time and our receipt of it.
    pub fn from_receipt(receipt: &Receipt, received_at: DateTime<Utc>, length: HoldLength) -> Self {
        Self { from: receipt.platform_time.map_or(received_at, |t| t.max(received_at)), length }
    }

    /// The same of a primary that its platform does not stamp: no earlier than what its platform says the time is.
    pub fn from_primary_receipt(receipt: &Receipt, received_at: DateTime<Utc>, length: HoldLength) -> Self {
        let hold = Self::from_receipt(receipt, received_at, length);
        match (receipt.platform_time, receipt.server_date) {
            (None, Some(there)) => hold.no_earlier_than(there),
            _ => hold,
        }
    }

    /// From a receipt that `find` brought after an unknown outcome: counts from the later of the platform's time
    /// and the attempt's start.
    pub fn from_found(receipt: &Receipt, attempt_started: DateTime<Utc>, length: HoldLength) -> Self {
        Self::from_receipt(receipt, attempt_started, length)
    }

    /// From the reading that showed an edited primary: MAX has no edit time, so the later of our clock and the
    /// `Date` of that answer counts (or of the answer to the edit, where the reading has none).
    pub fn from_reading(read_at: DateTime<Utc>, server_date: Option<DateTime<Utc>>, length: HoldLength) -> Self {
        Self { from: server_date.map_or(read_at, |t| t.max(read_at)), length }
    }

    /// The same, counting from this moment if that is later: an edit is no earlier than what it edits, whatever a clock
    /// says that was put right meanwhile.
    #[must_use]
    pub fn no_earlier_than(self, moment: DateTime<Utc>) -> Self {
        Self { from: self.from.max(moment), ..self }
    }

    /// From when it counts.
    pub fn from(&self) -> DateTime<Utc> {
        self.from
    }

    /// How long it lasts.
    pub fn length(&self) -> HoldLength {
        self.length
    }

    /// The earliest release of a follower.
    pub fn until(&self) -> DateTime<Utc> {
        self.from.checked_add_signed(self.length.total()).unwrap_or(DateTime::<Utc>::MAX_UTC)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use vestnik_contract::RemoteId;

    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).unwrap()
    }

    fn receipt(platform_time: Option<DateTime<Utc>>) -> Receipt {
        Receipt {
            id: RemoteId("mid.1".into()),
            url: None,
            platform_time,
            server_date: None,
            remark: None,
            answer: None,
            shown: None,
        }
    }

    #[test]
    fn shorter_than_four_hours_cannot_be_written() {
        assert_eq!(HoldLength::new(14_399, 60), Err(HoldLengthError::TooShort(14_399)));
        assert_eq!(HoldLength::new(14_400, 3_601), Err(HoldLengthError::Margin(3_601)));
        assert_eq!(HoldLength::new(14_400, -1), Err(HoldLengthError::Margin(-1)));
        assert_eq!(HoldLength::new(14_400, 0).unwrap().total(), TimeDelta::hours(4));
    }

    proptest! {
        #[test]
        fn no_clock_sees_a_release_before_the_hold(
            platform in proptest::option::of(0i64..4_000_000_000),
            ours in 0i64..4_000_000_000,
            hold in 14_400i64..1_000_000,
            margin in 0i64..=3_600,
        ) {
            let length = HoldLength::new(hold, margin).unwrap();
            let made = Hold::from_receipt(&receipt(platform.map(at)), at(ours), length);
            prop_assert!(made.until() >= at(ours) + TimeDelta::hours(4));
            if let Some(platform) = platform {
                prop_assert!(made.until() >= at(platform) + TimeDelta::hours(4));
            }
            prop_assert_eq!(made.until() - made.from(), length.total());
        }
    }
}
