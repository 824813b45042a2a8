//! What an act makes of a situation: the protocol as the program keeps it, with the places where it can be broken.

use chrono::{DateTime, TimeDelta, Utc};
use vestnik::domain::Hold;
use vestnik::domain::clocks::{Reading, Verdict, Whose, hold_passed};
use vestnik::domain::delivery::Change;
use vestnik_contract::{DoubtPolicy, Receipt, RemoteId};

use crate::act::Act;
use crate::rules::{Broken, Rules, floor};
use crate::situation::{
    Attempt, CHANNELS, Call, Channel, DEAD, FOLLOWER, HOLD, LEASE, PRIMARY, Phase, Situation, TICK, Ticks, Worker,
    hold_length, moment, ticks,
};

/// A look makes sense a tick after the call, and two that find nothing are enough to send it again, once.
pub fn policy() -> DoubtPolicy {
    let tick = TICK.to_std().unwrap();
    DoubtPolicy { first_look_after: tick, look_interval: tick, looks: 2, resends: 1, resend_within: None }
}

/// Any moment: only distances count.
pub const NOW: DateTime<Utc> = DateTime::UNIX_EPOCH;

pub fn at(ticks: Ticks) -> DateTime<Utc> {
    moment(NOW, ticks)
}

pub fn in_ticks(moment: DateTime<Utc>) -> Ticks {
    ticks(NOW, moment)
}

pub fn wait(length: std::time::Duration) -> Ticks {
    in_ticks(NOW + length)
}

/// The receipt of a post that the platform stamped then.
pub fn receipt(channel: usize, stamp: DateTime<Utc>) -> Receipt {
    Receipt {
        id: RemoteId(format!("post.{channel}")),
        url: None,
        platform_time: Some(stamp),
        server_date: None,
        remark: None,
        answer: None,
        shown: None,
    }
}

/// What every visible clock says of a hold that ends then. The primary's may witness.
pub fn clocks(until: DateTime<Utc>, ours: DateTime<Utc>, [primary, follower]: [DateTime<Utc>; 2]) -> Verdict {
    let reading = |whose, at, witness| Reading { whose, at, witness };
    let readings = [
        reading(Whose::Ours, ours, false),
        reading(Whose::Primary, primary, true),
        reading(Whose::Follower, follower, false),
    ];
    hold_passed(until, &readings)
}

impl Channel {
    /// As [`State::after`] says.
    pub fn take(&mut self, change: Change) {
        self.state = self.state.after(change).unwrap();
    }

    pub fn nothing_to_do(&mut self) {
        (self.due, self.lease) = (None, None);
    }

    pub fn is_awaited(&self, d: usize) -> bool {
        self.calls.iter().flatten().any(|call| call.waiting == Some(d))
    }

    fn call(&mut self, d: usize) {
        // Where broken rules make more calls than there are places, one is lost.
        if let Some(place) = self.calls.iter_mut().find(|place| place.is_none()) {
            *place = Some(Call { waiting: Some(d), age: 0 });
        }
        self.calls.sort_unstable_by_key(|call| call.map_or((9, 0), |c| (c.waiting.unwrap_or(DEAD), c.age)));
    }

    /// Nobody waits for its answer any more.
    pub fn abandon(&mut self, d: usize, rules: &Rules) {
        for place in &mut self.calls {
            if let Some(call) = place.as_mut().filter(|call| call.waiting == Some(d)) {
                call.waiting = None;
                if call.age > rules.late {
                    *place = None;
                }
            }
        }
    }
}

impl Situation {
    pub fn after(&self, act: Act, rules: &Rules) -> Self {
        let mut s = *self;
        match act {
            Act::Tick => s.pass(rules),
            Act::Step(by) => {
                s.steps -= 1;
                s.ahead += by;
                s.each_moment(|at| *at -= by);
                s.sightings_age(rules);
                if by > 0 && self.daemons.iter().any(|d| d.up) && !rules.breaks(Broken::LooksOutrun) {
                    s.put_off_looks(self);
                }
            }
            Act::Crash(d) => s.crash(d, rules),
            Act::Start(d) => s.take_over(d, rules),
            Act::ClockWentBack(_) => s.shorten_waits(),
            Act::DoubtOrphans(d) => CHANNELS.into_iter().for_each(|c| s.doubt_orphan(d, c, rules)),
            Act::Claim(d, c) => {
                s.channels[c].lease = Some((d, LEASE));
                s.daemons[d].workers[c] = Worker::Claimed { looked: s.channels[c].looked };
            }
            Act::LookFirst(d, c) => s.look_first(d, c, rules),
            Act::AskClocks(d) => s.ask_clocks(d, rules),
            Act::Begin(d, c) => s.begin(d, c, rules),
            Act::Land(c, place) => s.land(c, place),
            Act::Answer(d, c, answer) => s.answer((d, c), answer, rules),
            Act::Look(d, c) => s.look((d, c), rules),
            Act::Missed(d, c) => s.missed((d, c), rules),
        }
        s.forget(rules);
        s
    }

    /// Every moment that is written down by our clock.
    fn each_moment(&mut self, mut change: impl FnMut(&mut Ticks)) {
        self.hold.iter_mut().chain(&mut self.counts_from).for_each(&mut change);
        for c in &mut self.channels {
            c.due.iter_mut().chain([&mut c.planned, &mut c.next]).for_each(&mut change);
            if let Some((_, until)) = &mut c.lease {
                change(until);
            }
            if let Some(a) = &mut c.attempt {
                change(&mut a.started);
                change(&mut a.lease);
                if let Phase::InDoubt { look: Some(look), .. } = &mut a.phase {
                    change(look);
                }
            }
        }
    }

    /// Situations that differ only in what nobody will ever ask are one.
    fn forget(&mut self, rules: &Rules) {
        let floor = floor(self.steps);
        let hold_floor = floor.min(-self.ahead) - 1;
        // Nobody counts from the planned time, unless that is what is broken.
        let planned_floor = floor - if rules.breaks(Broken::HoldFromPlannedTime) { HOLD } else { 0 };
        self.hold.iter_mut().for_each(|until| *until = (*until).max(hold_floor));
        self.counts_from.iter_mut().for_each(|from| *from = (*from).max(hold_floor - HOLD));
        for c in CHANNELS {
            let channel = &mut self.channels[c];
            let is_final = channel.state.is_final();
            if is_final {
                (channel.planned, channel.next, channel.looked) = (floor, floor, true);
            }
            channel.due.iter_mut().chain([&mut channel.next]).for_each(|at| *at = (*at).max(floor));
            channel.lease = channel.lease.map(|(by, until)| (by, until.max(floor - 1)));
            channel.planned = channel.planned.max(planned_floor);
            if let Some(a) = &mut channel.attempt {
                (a.started, a.lease) = (a.started.max(hold_floor - HOLD), a.lease.max(floor - 1));
                match &mut a.phase {
                    Phase::Open => {}
                    Phase::InDoubt { look, .. } => {
                        // Whose it was is asked of open attempts alone.
                        (a.by, a.lease) = (DEAD, floor - 1);
                        look.iter_mut().for_each(|at| *at = (*at).max(floor));
                    }
                }
            }
            // A stamp is compared with our clock where a hold is made of it, and with the other stamp at the end.
            let oldest = -HOLD - 2 + if self.hold.is_some() { 0 } else { floor - self.ahead.abs() };
            channel.stood = channel.stood.max(if c == FOLLOWER { 0 } else { oldest });
            self.drop_dead_ends(c, is_final);
        }
    }

    fn drop_dead_ends(&mut self, c: usize, is_final: bool) {
        for d in 0..2 {
            let awaited = self.channels[c].is_awaited(d);
            let daemon = &mut self.daemons[d];
            daemon.looks[c] = daemon.looks[c].filter(|missed| missed.current);
            if let Worker::Calling { current: false, landed } = daemon.workers[c]
                && (is_final || !landed && !awaited)
            {
                daemon.workers[c] = Worker::Idle;
                self.channels[c]
                    .calls
                    .iter_mut()
                    .flatten()
                    .filter(|k| k.waiting == Some(d))
                    .for_each(|k| k.waiting = None);
            }
        }
    }

    fn pass(&mut self, rules: &Rules) {
        self.each_moment(|at| *at -= 1);
        for c in &mut self.channels {
            if c.posts > 0 {
                c.stood -= 1;
            }
            for place in &mut c.calls {
                let Some(call) = place else { continue };
                if call.waiting.is_none() || !rules.slow {
                    call.age += 1;
                    if call.age > rules.late {
                        *place = None;
                    }
                }
            }
        }
        self.sightings_age(rules);
    }

    fn sightings_age(&mut self, rules: &Rules) {
        for worker in self.daemons.iter_mut().flat_map(|d| &mut d.workers) {
            if *worker == Worker::Ready && !rules.breaks(Broken::OldSightingCounts) {
                *worker = Worker::Claimed { looked: true };
            }
        }
    }

    fn crash(&mut self, d: usize, rules: &Rules) {
        self.crashes -= 1;
        self.daemons[d].up = false;
        self.daemons[d].workers = [Worker::Idle; 2];
        self.daemons[d].looks = [None; 2];
        for c in &mut self.channels {
            c.abandon(d, rules);
            c.lease = c.lease.map(|(by, until)| (if by == d { DEAD } else { by }, until));
            if let Some(a) = c.attempt.as_mut().filter(|a| a.by == d) {
                a.by = DEAD;
            }
        }
    }

    fn take_over(&mut self, d: usize, rules: &Rules) {
        self.daemons[d].up = true;
        for c in &mut self.channels {
            if !rules.breaks(Broken::LeaseNeverEnds) {
                c.lease = c.lease.filter(|(by, _)| *by == d);
            }
            c.looked &= c.state.is_final();
        }
        self.shorten_waits();
    }

    /// Waits are longer than an hour, which is a whole tick when it comes to it.
    pub fn waits_are_long(&self) -> bool {
        let mut shortened = *self;
        shortened.shorten_waits();
        shortened != *self
    }

    /// Our clock went forward: what was to be looked for waits as long as it did `before`.
    fn put_off_looks(&mut self, before: &Self) {
        for (c, before) in self.channels.iter_mut().zip(&before.channels) {
            if let (Some(a), Some(Phase::InDoubt { look: Some(was), .. })) =
                (&mut c.attempt, before.attempt.map(|a| a.phase))
                && let Phase::InDoubt { look: Some(look), .. } = &mut a.phase
                && was > 0
            {
                *look = was;
            }
        }
    }

    fn shorten_waits(&mut self) {
        for c in &mut self.channels {
            c.next = c.next.min(1);
            if let Some(due) = c.due.as_mut().filter(|due| **due > c.planned) {
                *due = (*due).min(c.planned.max(1));
            }
            if let Some(Attempt { phase: Phase::InDoubt { look: Some(look), .. }, .. }) = &mut c.attempt {
                *look = (*look).min(1);
            }
        }
    }

    pub fn is_orphan(&self, d: usize, c: usize, rules: &Rules) -> bool {
        let works = matches!(self.daemons[d].workers[c], Worker::Calling { current: true, .. });
        self.channels[c].attempt.is_some_and(|a| {
            let left = (a.lease < 0 || a.by != d) && !works;
            a.phase == Phase::Open
                && !rules.breaks(Broken::OrphansStayOpen)
                && (left || rules.breaks(Broken::LeaseIgnored))
        })
    }

    fn doubt_orphan(&mut self, d: usize, c: usize, rules: &Rules) {
        if !self.is_orphan(d, c, rules) {
            return;
        }
        self.channels[c].take(Change::AnswerLost);
        if rules.breaks(Broken::OrphansBackToQueue) {
            return self.not_accepted(c, 0);
        }
        self.in_doubt(c, 0, rules);
    }

    pub fn is_claimable(&self, d: usize, c: usize, rules: &Rules) -> bool {
        let Channel { due: Some(due), planned, next, lease, attempt, .. } = self.channels[c] else { return false };
        let ripe = c == PRIMARY || self.hold.is_some_and(|until| until <= 0);
        let free = lease.is_none_or(|(by, until)| by == d || until < 0 && !rules.breaks(Broken::LeaseNeverEnds));
        let passed = ripe && due <= 0 && planned <= 0;
        next <= 0 && free && attempt.is_none() && (passed || c == FOLLOWER && rules.breaks(Broken::ClaimIgnoresHold))
    }

    fn look_first(&mut self, d: usize, c: usize, rules: &Rules) {
        if self.channels[c].posts > 0 {
            let stamp = at(self.stamp(c, rules));
            self.adopted(c, &Hold::from_found(&receipt(c, stamp), stamp, hold_length()), rules);
            self.daemons[d].workers[c] = Worker::Idle;
        } else {
            self.channels[c].looked = true;
            self.daemons[d].workers[c] = Worker::Claimed { looked: true };
        }
    }

    /// What a platform's clock shows, in ticks from what ours does.
    pub fn platform_now(&self, c: usize, rules: &Rules) -> Ticks {
        rules.platforms_ahead[c] - self.ahead
    }

    /// When the platform says that its post went out.
    pub fn stamp(&self, c: usize, rules: &Rules) -> Ticks {
        self.channels[c].stood + self.platform_now(c, rules)
    }

    fn ask_clocks(&mut self, d: usize, rules: &Rules) {
        let shown = CHANNELS.map(|c| at(self.platform_now(c, rules)));
        let verdict = clocks(at(self.hold.unwrap_or(0)), NOW, shown);
        let passed = verdict == Verdict::Passed || rules.breaks(Broken::ReleaseIgnoresClocks);
        self.daemons[d].workers[FOLLOWER] = if passed { Worker::Ready } else { Worker::Idle };
        if !passed {
            let c = &mut self.channels[FOLLOWER];
            c.lease = None;
            // Asked again after 15 seconds at the latest.
            c.due = c.due.map(|_| in_ticks(NOW + TimeDelta::seconds(15)));
        }
    }

    fn begin(&mut self, d: usize, c: usize, rules: &Rules) {
        let held = c == FOLLOWER && self.hold.is_none_or(|until| until > 0);
        let holds = held && !rules.breaks(Broken::IntentIgnoresHold);
        let channel = &mut self.channels[c];
        let ours = channel.lease.is_some_and(|(by, _)| by == d);
        if !ours || channel.due.is_none() || holds {
            channel.lease = channel.lease.filter(|_| !ours);
            self.daemons[d].workers[c] = Worker::Idle;
            return;
        }
        channel.next = channel.next.max(0);
        channel.call(d);
        let written = !rules.breaks(Broken::CallBeforeIntent);
        if written {
            channel.attempt = Some(Attempt { by: d, started: 0, lease: LEASE, phase: Phase::Open });
            channel.take(Change::AttemptBegins);
            channel.nothing_to_do();
        }
        self.daemons[d].workers[c] = Worker::Calling { current: written, landed: false };
    }

    fn land(&mut self, c: usize, place: usize) {
        let channel = &mut self.channels[c];
        let Some(call) = channel.calls[place].take() else { return };
        channel.posts += 1;
        channel.stood = 0;
        if let Some(d) = call.waiting
            && let Worker::Calling { landed, .. } = &mut self.daemons[d].workers[c]
        {
            *landed = true;
        }
    }
}
