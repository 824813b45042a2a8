//! What can happen next, in words.

use crate::rules::{Rules, STEP};
use crate::situation::{CHANNELS, FOLLOWER, PRIMARY, Phase, Situation, Ticks, Worker};
use vestnik::domain::State;

/// One thing that happens, whole. What one transaction does is one act; reading and writing what was read are two.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Act {
    /// Time passes on all clocks.
    Tick,
    /// Our clock is put forward or back.
    Step(Ticks),
    Crash(usize),
    /// A daemon starts and takes over what dead ones held.
    Start(usize),
    /// Waits of a clock that was ahead are shortened.
    ClockWentBack(usize),
    DoubtOrphans(usize),
    Claim(usize, usize),
    /// What was queued before the start is looked for on its platform.
    LookFirst(usize, usize),
    /// The primary and the clocks are asked.
    AskClocks(usize),
    Begin(usize, usize),
    /// The platform takes the call in this place.
    Land(usize, usize),
    Answer(usize, usize, Answer),
    /// The platform is asked what became of an attempt in doubt.
    Look(usize, usize),
    /// That nothing was found is written down.
    Missed(usize, usize),
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Answer {
    Receipt,
    /// Not now.
    Refused,
    /// Never.
    Rejected,
    Lost,
}

impl Act {
    /// A fault may happen, and nothing may need it. A call that never arrives has no answer, which is none.
    pub fn is_fault(self, before: &Situation) -> bool {
        match self {
            Self::Step(_) | Self::Crash(_) | Self::Answer(_, _, Answer::Refused | Answer::Rejected) => true,
            Self::Answer(d, c, Answer::Lost) => {
                let landed = matches!(before.daemons[d].workers[c], Worker::Calling { landed: true, .. });
                landed || before.channels[c].is_awaited(d)
            }
            _ => false,
        }
    }

    pub fn words(self, after: &Situation) -> String {
        let on = |c: usize| if c == PRIMARY { "MAX" } else { "the follower" };
        let who = |d: usize| if d == 0 { "daemon A" } else { "daemon B" };
        match self {
            Self::Tick => "two hours pass".into(),
            Self::Step(by) if by > 0 => format!("our clock is put {} hours forward", 2 * by),
            Self::Step(by) => format!("our clock is put {} hours back", -2 * by),
            Self::Crash(d) => format!("{} dies", who(d)),
            Self::Start(d) => format!("{} starts and takes over", who(d)),
            Self::ClockWentBack(d) => format!("{} shortens the waits of the wrong clock", who(d)),
            Self::DoubtOrphans(d) => format!("{} acts on open attempts that nobody seems to work on", who(d)),
            Self::Claim(d, c) => format!("{} claims the delivery on {}", who(d), on(c)),
            Self::LookFirst(d, c) => format!("{} looks whether it stands on {} already", who(d), on(c)),
            Self::AskClocks(d) if after.daemons[d].workers[FOLLOWER] == Worker::Ready => {
                format!("{} sees the primary stand and the hold passed", who(d))
            }
            Self::AskClocks(d) => format!("{} sees a clock that says «not yet»", who(d)),
            Self::Begin(d, c) if matches!(after.daemons[d].workers[c], Worker::Calling { .. }) => {
                format!("{} writes the attempt down and calls {}", who(d), on(c))
            }
            Self::Begin(d, c) => format!("{} may not begin on {} and gives the claim back", who(d), on(c)),
            Self::Land(c, _) => format!("{} takes the call: {} of it now", on(c), after.channels[c].posts),
            Self::Answer(d, c, answer) => {
                let state = after.channels[c].state;
                format!("{} gets from {}: {} (now {state})", who(d), on(c), answer.words())
            }
            Self::Look(d, c) if after.channels[c].state == State::Published => {
                format!("{} looks on {} and finds it", who(d), on(c))
            }
            Self::Look(d, c) => format!("{} looks on {}: nothing yet", who(d), on(c)),
            Self::Missed(d, c) => {
                let state = after.channels[c].state;
                let asked =
                    after.channels[c].attempt.is_some_and(|a| matches!(a.phase, Phase::InDoubt { asked: true, .. }));
                let then = if asked { "a person is asked".into() } else { format!("now {state}") };
                format!("{} writes down that nothing was found on {} ({then})", who(d), on(c))
            }
        }
    }
}

impl Answer {
    fn words(self) -> &'static str {
        match self {
            Self::Receipt => "a receipt",
            Self::Refused => "not now",
            Self::Rejected => "never",
            Self::Lost => "no answer",
        }
    }
}

/// All that can happen next.
pub fn possible(s: &Situation, rules: &Rules) -> Vec<Act> {
    let mut acts = vec![Act::Tick];
    if s.steps > 0 {
        acts.extend([Act::Step(STEP), Act::Step(-STEP)]);
    }
    for c in CHANNELS {
        acts.extend((0..2).filter(|place| s.channels[c].calls[*place].is_some()).map(|place| Act::Land(c, place)));
    }
    for d in 0..rules.daemons {
        if !s.daemons[d].up {
            acts.push(Act::Start(d));
            continue;
        }
        if s.crashes > 0 {
            acts.push(Act::Crash(d));
        }
        if s.waits_are_long() {
            acts.push(Act::ClockWentBack(d));
        }
        if CHANNELS.iter().any(|c| s.is_orphan(d, *c, rules)) {
            acts.push(Act::DoubtOrphans(d));
        }
        for c in CHANNELS {
            on_channel(s, rules, (d, c), &mut acts);
        }
    }
    acts
}

fn on_channel(s: &Situation, rules: &Rules, (d, c): (usize, usize), acts: &mut Vec<Act>) {
    match s.daemons[d].workers[c] {
        Worker::Idle if s.is_claimable(d, c, rules) => acts.push(Act::Claim(d, c)),
        Worker::Idle => {}
        Worker::Claimed { looked: false } => acts.push(Act::LookFirst(d, c)),
        Worker::Claimed { looked: true } if c == FOLLOWER => acts.push(Act::AskClocks(d)),
        Worker::Claimed { looked: true } | Worker::Ready => acts.push(Act::Begin(d, c)),
        Worker::Calling { landed, .. } => {
            acts.push(Act::Answer(d, c, Answer::Lost));
            if landed {
                acts.push(Act::Answer(d, c, Answer::Receipt));
            } else if s.channels[c].is_awaited(d) {
                acts.extend([Answer::Refused, Answer::Rejected].map(|answer| Act::Answer(d, c, answer)));
            }
        }
    }
    if s.daemons[d].looks[c].is_some() {
        acts.push(Act::Missed(d, c));
    } else if s.is_look_due(c) {
        acts.push(Act::Look(d, c));
    }
}
