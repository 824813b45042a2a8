//! The points of an attempt at which dying matters.

use std::time::Duration;

use vestnik_sandbox::Fault;
use vestnik_sandbox::town::Platform;

use crate::press::Press;

/// Longer than the daemon lives.
const UNTIL_NOBODY_LISTENS: Duration = Duration::from_secs(30);
/// Long enough to take the database's lock in.
const A_MOMENT: Duration = Duration::from_secs(3);

/// Where an attempt is when its process dies.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mark {
    /// The intent is written down; the call never arrives.
    CallUnderWay,
    /// The platform has done it; nobody hears its answer.
    AnswerUnderWay,
    /// The answer is heard and cannot be written down.
    OutcomeUnwritten,
    /// The outcome is written down.
    OutcomeWritten,
}

impl Mark {
    /// Makes the next of these calls stay at the mark for long enough.
    pub fn arm(self, press: &Press, platforms: &[Platform], call: impl Fn(Platform) -> &'static str) {
        let fault = match self {
            Self::CallUnderWay => Fault::Delay(UNTIL_NOBODY_LISTENS),
            Self::AnswerUnderWay => Fault::CommitThenDelay(UNTIL_NOBODY_LISTENS),
            Self::OutcomeUnwritten => Fault::CommitThenDelay(A_MOMENT),
            Self::OutcomeWritten => return,
        };
        for platform in platforms {
            press.town.server(*platform).switches.next(call(*platform), fault.clone());
        }
    }
}
