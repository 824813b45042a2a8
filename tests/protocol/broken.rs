//! A search that finds nothing says something only if it would have found it: every rule is broken on purpose, and the
//! shortest way to the damage is printed.

use crate::rules::{Broken, Rules};
use crate::search::search;

/// Breaks rules and gives the promise that does not hold then.
fn damage(what: &str, rules: &Rules) -> &'static str {
    match search(rules) {
        Ok(_) => panic!("{what}: nothing was found"),
        Err(path) => {
            println!("{what}, {path}");
            path.promise
        }
    }
}

#[track_caller]
fn breaks(promise: &str, what: &str, rules: &Rules) {
    let found = damage(what, rules);
    assert!(found.starts_with(promise), "{what}: {found}");
}

macro_rules! broken {
    ($($name:ident: $promise:literal, $rules:expr, [$($broken:ident),+];)*) => {
        $(#[test]
        fn $name() {
            breaks($promise, &stringify!($name).replace('_', " "), &Rules { broken: &[$(Broken::$broken),+], ..$rules });
        })*
    };
}

broken! {
    all_guards_of_the_hold_gone: "I1", RIGHT_CLOCK, [ClaimIgnoresHold, ReleaseIgnoresClocks, IntentIgnoresHold];
    our_clock_alone_decides: "I1", Rules::ALONE, [ReleaseIgnoresClocks];
    what_was_seen_before_the_clock_went_back_counts: "I1", OUR_CLOCK_WRONG_TWICE, [OldSightingCounts, IntentIgnoresHold];
    hold_from_the_planned_time: "I1", RIGHT_CLOCK, [HoldFromPlannedTime];
    hold_from_our_clock_alone: "I1", MAX_AHEAD, [HoldFromOurClockAlone];
    a_lease_is_ignored_while_a_call_takes_long: "I2", RIGHT_CLOCK, [LeaseIgnored];
    the_reaper_marks_ready: "I2", Rules::TWO_DAEMONS, [OrphansBackToQueue];
    a_lost_reply_is_a_refusal: "I2", RIGHT_CLOCK, [LostReplyIsRefusal];
    sent_again_without_a_look: "I2", RIGHT_CLOCK, [ResentWithoutLook];
    one_look_at_once: "I2", Rules::LATE_CALLS, [OneLookAtOnce];
    called_before_it_is_written_down: "I2", Rules::TWO_DAEMONS, [CallBeforeIntent];
    a_receipt_is_not_committed: "I2", RIGHT_CLOCK, [OutcomeNotCommitted];
    nobody_doubts_what_a_dead_daemon_began: "I3", RIGHT_CLOCK, [OrphansStayOpen];
    a_dead_daemons_claim_stays: "I3", RIGHT_CLOCK, [LeaseNeverEnds];
    nobody_looks_into_a_doubt: "I3", RIGHT_CLOCK, [DoubtNeverLookedInto];
    looks_are_not_put_off_when_our_clock_goes_forward: "I2", PUT_FORWARD_BEFORE_EACH_LOOK, [LooksOutrun];
    a_receipt_that_was_found_starts_no_hold: "I3", RIGHT_CLOCK, [FoundReceiptStartsNoHold];
}

const RIGHT_CLOCK: Rules = Rules { steps: 0, ..Rules::ALONE };
const OUR_CLOCK_WRONG_TWICE: Rules = Rules { steps: 2, crashes: 0, ..Rules::ALONE };
const PUT_FORWARD_BEFORE_EACH_LOOK: Rules = Rules { steps: 2, crashes: 0, daemons: 1, ..Rules::TWO_DAEMONS };
const MAX_AHEAD: Rules = Rules { platforms_ahead: [1, 0], ..RIGHT_CLOCK };

/// What the design bets on: a mistake in two of them does no harm yet.
#[test]
fn each_guard_of_the_hold_is_enough_by_itself() {
    const PAIRS: [&[Broken]; 3] = [
        &[Broken::ClaimIgnoresHold, Broken::ReleaseIgnoresClocks],
        &[Broken::ClaimIgnoresHold, Broken::IntentIgnoresHold],
        &[Broken::ReleaseIgnoresClocks, Broken::IntentIgnoresHold],
    ];
    for broken in PAIRS {
        if let Err(path) = search(&Rules { broken, ..RIGHT_CLOCK }) {
            panic!("{broken:?}: {path}");
        }
    }
}

/// Where the promises end (`docs/reliability.md`): two looks do not see a call that is on its way when our clock is put
/// forward before each of them while no daemon runs that could see it.
#[test]
fn a_clock_put_forward_twice_between_two_daemons_outruns_both_looks() {
    breaks("I2", "our clock is put forward before each look", &Rules { crashes: 2, ..PUT_FORWARD_BEFORE_EACH_LOOK });
}

/// What the process lock is for: a daemon that is frozen in the middle of a call wakes and goes on.
#[test]
fn without_the_process_lock_a_call_that_takes_long_is_made_again() {
    let rules = Rules { slow: true, steps: 0, crashes: 0, ..Rules::TWO_DAEMONS };
    breaks("I2", "two daemons, and a call takes long", &rules);
}
