//! How attempts end in the model: answers, looks, and what follows for the post's other delivery.

use vestnik::domain::backoff::backoff;
use vestnik::domain::delivery::Change;
use vestnik::domain::{Hold, State};

use crate::act::Answer;
use crate::after::{NOW, at, in_ticks, policy, receipt, wait};
use crate::rules::{Broken, Rules};
use crate::situation::{FOLLOWER, HOLD, Missed, PRIMARY, Phase, Situation, Ticks, Worker, hold_length};

impl Situation {
    pub fn answer(&mut self, (d, c): (usize, usize), answer: Answer, rules: &Rules) {
        let Worker::Calling { current, .. } = self.daemons[d].workers[c] else { return };
        self.daemons[d].workers[c] = Worker::Idle;
        if matches!(answer, Answer::Refused | Answer::Rejected) {
            // The platform has decided.
            self.channels[c].calls = self.channels[c].calls.map(|place| place.filter(|p| p.waiting != Some(d)));
        }
        self.channels[c].abandon(d, rules);
        let committed = !rules.breaks(Broken::OutcomeNotCommitted);
        match answer {
            Answer::Receipt if committed => {
                let hold = Hold::from_receipt(&receipt(c, at(self.stamp(c, rules))), NOW, hold_length());
                if current { self.confirmed(c, &hold, rules) } else { self.adopted(c, &hold, rules) }
            }
            _ if !current => {}
            Answer::Rejected => self.failed(c),
            Answer::Lost if !rules.breaks(Broken::LostReplyIsRefusal) => {
                // Where somebody else has put it in doubt already, that counts.
                if self.channels[c].state == State::Releasing {
                    self.channels[c].take(Change::AnswerLost);
                    self.in_doubt(c, wait(policy().first_look_after), rules);
                }
            }
            Answer::Receipt | Answer::Refused | Answer::Lost => {
                let again = wait(backoff(1, None, 0.0));
                self.channels[c].next = self.channels[c].next.max(again);
                self.not_accepted(c, again);
            }
        }
    }

    pub fn in_doubt(&mut self, c: usize, look: Ticks, rules: &Rules) {
        let look = Some(look).filter(|_| !rules.breaks(Broken::DoubtNeverLookedInto));
        self.channels[c].attempt.iter_mut().for_each(|a| a.phase = Phase::InDoubt { look, looks: 0, asked: false });
    }

    pub fn is_look_due(&self, c: usize) -> bool {
        let phase = self.channels[c].attempt.map(|a| a.phase);
        matches!(phase, Some(Phase::InDoubt { look: Some(look), .. }) if look <= 0)
    }

    pub fn look(&mut self, (d, c): (usize, usize), rules: &Rules) {
        let stamp = at(self.stamp(c, rules));
        let channel = &mut self.channels[c];
        let Some(a) = &mut channel.attempt else { return };
        let Phase::InDoubt { look, looks, .. } = &mut a.phase else { return };
        let earliest = in_ticks(at(a.started) + policy().first_look_after);
        if rules.breaks(Broken::ResentWithoutLook) {
            self.not_accepted(c, 0);
        } else if earliest > 0 && !rules.breaks(Broken::OneLookAtOnce) {
            *look = Some(earliest);
        } else if channel.posts == 0 {
            self.daemons[d].looks[c] = Some(Missed { current: true, looks: *looks });
        } else if rules.breaks(Broken::FoundReceiptStartsNoHold) && c == PRIMARY {
            self.settled(c);
            self.channels[c].take(Change::Confirmed);
        } else {
            let hold = Hold::from_found(&receipt(c, stamp), at(a.started), hold_length());
            self.confirmed(c, &hold, rules);
        }
    }

    pub fn missed(&mut self, (d, c): (usize, usize), rules: &Rules) {
        let Some(missed) = self.daemons[d].looks[c].take().filter(|m| m.current) else { return };
        let channel = &mut self.channels[c];
        let Some(a) = &mut channel.attempt else { return };
        let Phase::InDoubt { look, looks, asked } = &mut a.phase else { return };
        let DoubtIs { again, resend } = after_missed(missed.looks, channel.resends, rules);
        if again {
            (*look, *looks) = (Some(wait(policy().look_interval)), *looks + 1);
        } else if resend {
            channel.resends += 1;
            self.not_accepted(c, 0);
        } else {
            (*look, *looks, *asked) = (None, *looks + 1, true);
        }
    }

    /// A receipt that counts from `hold`.
    fn confirmed(&mut self, c: usize, hold: &Hold, rules: &Rules) {
        self.settled(c);
        self.channels[c].take(Change::Confirmed);
        self.channels[c].nothing_to_do();
        if c != PRIMARY {
            return;
        }
        self.counts_from = Some(in_ticks(hold.from()));
        let until = if rules.breaks(Broken::HoldFromPlannedTime) {
            self.channels[PRIMARY].planned + HOLD
        } else if rules.breaks(Broken::HoldFromOurClockAlone) {
            HOLD
        } else {
            in_ticks(hold.until())
        };
        self.hold = Some(until);
        let follower = &mut self.channels[FOLLOWER];
        if follower.state == State::Waiting {
            follower.take(Change::HoldBegins);
            (follower.due, follower.planned) = (Some(until), until);
        }
    }

    /// It stands, and no attempt is open: it must not be sent again.
    pub fn adopted(&mut self, c: usize, hold: &Hold, rules: &Rules) {
        if matches!(self.channels[c].state, State::Waiting | State::Held | State::Queued) {
            self.confirmed(c, hold, rules);
        }
    }

    /// Back to where it came from, to be tried again then.
    pub fn not_accepted(&mut self, c: usize, again: Ticks) {
        self.settled(c);
        let back = if c == PRIMARY { Change::BackToQueue } else { Change::BackToHold };
        let channel = &mut self.channels[c];
        channel.take(back);
        channel.due = Some(if c == PRIMARY { again } else { again.max(self.hold.unwrap_or(again)) });
    }

    /// It will not go out, and what waits for it neither.
    fn failed(&mut self, c: usize) {
        self.settled(c);
        self.channels[c].take(Change::Failed);
        if c == PRIMARY {
            self.channels[FOLLOWER].take(Change::Failed);
        }
    }

    fn settled(&mut self, c: usize) {
        let channel = &mut self.channels[c];
        (channel.attempt, channel.lease) = (None, None);
        for daemon in &mut self.daemons {
            if let Worker::Calling { current, .. } = &mut daemon.workers[c] {
                *current = false;
            }
            daemon.looks[c].iter_mut().for_each(|missed| missed.current = false);
        }
    }
}

/// What follows from one more look that found nothing.
struct DoubtIs {
    again: bool,
    resend: bool,
}

fn after_missed(looks: u32, resends: u32, rules: &Rules) -> DoubtIs {
    let enough = if rules.breaks(Broken::OneLookAtOnce) { 1 } else { policy().looks };
    DoubtIs { again: looks + 1 < enough, resend: resends < policy().resends }
}
