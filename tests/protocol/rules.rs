//! How much may go wrong, and which rules are broken on purpose.

use crate::situation::Ticks;

/// What may happen in one search.
#[derive(Debug, Clone)]
pub struct Rules {
    /// Two: the process lock was got round.
    pub daemons: usize,
    pub crashes: u8,
    /// How often our clock is put forward or back, over a hold and over a lease.
    pub steps: u8,
    /// For how many ticks a call may still arrive when nobody waits for it. -1: it does not.
    pub late: Ticks,
    /// A call may take as long as its process waits for it; otherwise it arrives within `late` or never.
    pub slow: bool,
    /// How far the clocks of the primary's and the follower's platform are ahead of the real time.
    pub platforms_ahead: [Ticks; 2],
    pub broken: &'static [Broken],
}

impl Rules {
    /// As the program is meant to run: one daemon; a call may take long.
    pub const ALONE: Self =
        Self { daemons: 1, crashes: 2, steps: 1, late: -1, slow: true, platforms_ahead: [0, 0], broken: &[] };
    /// A second daemon was started by mistake; a call may arrive after its sender died, within the tick.
    pub const TWO_DAEMONS: Self = Self { daemons: 2, late: 0, slow: false, ..Self::ALONE };
    /// Our clock is right, and a call may arrive so late that the first look is too early.
    pub const LATE_CALLS: Self = Self { steps: 0, late: 1, ..Self::TWO_DAEMONS };

    pub fn breaks(&self, rule: Broken) -> bool {
        self.broken.contains(&rule)
    }
}

/// Our clock is put wrong by so much: over a hold, and over a lease.
pub const STEP: Ticks = 2;

/// Longer ago is the same, whatever clocks may still do.
pub fn floor(steps_left: u8) -> Ticks {
    -STEP * Ticks::try_from(steps_left).unwrap()
}

/// A rule that the program keeps and the model does not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Broken {
    /// First guard of the hold: a follower is claimed as soon as it is held.
    ClaimIgnoresHold,
    /// Second guard: no outside clock is asked, nor ours.
    ReleaseIgnoresClocks,
    /// Third guard, program and database: the intent is committed whatever the hold says.
    IntentIgnoresHold,
    /// What was seen of the primary and the clocks counts for ever.
    OldSightingCounts,
    HoldFromPlannedTime,
    HoldFromOurClockAlone,
    FoundReceiptStartsNoHold,
    /// Whoever works on an attempt, it is put in doubt.
    LeaseIgnored,
    OrphansBackToQueue,
    OrphansStayOpen,
    /// Nobody takes over what a dead process had claimed.
    LeaseNeverEnds,
    LostReplyIsRefusal,
    ResentWithoutLook,
    OneLookAtOnce,
    DoubtNeverLookedInto,
    /// Looks wait by our clock, also where it is put forward.
    LooksOutrun,
    /// The call is made first and written down with its answer.
    CallBeforeIntent,
    /// A receipt is thrown away, and the delivery goes back to where it came from.
    OutcomeNotCommitted,
}
