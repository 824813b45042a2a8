//! What befalls the machine: clocks that jump, a disk that is full, restarts, a second daemon; while the daemon rests
//! and while its calls are on their way.

use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};

use crate::copies::{OLDER_COPIES, OLDER_COPIES_WITHOUT_HISTORY};
use crate::program::{Desk, Program};
use crate::story::Story;

const CLOCK_STEPS_BACK: &str = "clock steps back";
const CLOCK_STEPS_FORWARD: &str = "clock steps forward";
const PLATFORM_CLOCKS: &str = "steps of a platform's clock";
const RESTARTS: &str = "restarts";
const RESTARTS_AT_WORK: &str = "restarts at work";
const FULL_DISKS: &str = "full disks";
const SECOND_DAEMONS: &str = "second daemons";

/// All that can befall the machine.
pub const KINDS: &[&str] = &[
    CLOCK_STEPS_BACK,
    CLOCK_STEPS_FORWARD,
    PLATFORM_CLOCKS,
    RESTARTS,
    RESTARTS_AT_WORK,
    FULL_DISKS,
    SECOND_DAEMONS,
    OLDER_COPIES,
    OLDER_COPIES_WITHOUT_HISTORY,
];

/// So long a program that is ended in order waits for its calls.
const PATIENCE: Duration = Duration::from_secs(20);

impl Story {
    /// Something that happens while the daemon rests.
    pub async fn act(&mut self) {
        match self.chance.below(100) {
            0..5 => {
                let back = self.chance.percent(40);
                self.step_our_clock(back).await;
            }
            5..8 => self.step_a_platforms_clock(),
            8..12 => {
                self.say("the program is ended and started");
                let keep = self.copy.is_none();
                self.restart(keep).await;
            }
            12..15 if self.copy.is_some() => {
                // A day without the program: longer than any list is late.
                let away = TimeDelta::hours(self.chance.between(1, 30));
                let with_history = self.chance.percent(70);
                self.put_back(away, with_history).await;
            }
            15..17 if self.world().look().trouble > 0 => self.fill_the_disk(),
            17..21 if self.world().look().rivals => self.second_daemon().await,
            _ => self.act_beside().await,
        }
    }

    /// Something that happens while the daemon works: whatever has no turn waits meanwhile.
    pub async fn act_amid(&mut self) {
        let what = self.chance.below(100);
        match what {
            0..3 => {
                let back = self.chance.percent(40);
                self.step_our_clock_amid(back).await;
            }
            3..16 => {
                let turn = self.desk.life.turn(false).await;
                match what {
                    3..5 => self.step_a_platforms_clock(),
                    5..7 if self.world().look().trouble > 0 => self.fill_the_disk(),
                    7..13 => self.end_at_work(),
                    _ => {}
                }
                drop(turn);
            }
            16..20 if self.world().look().rivals => self.second_daemon().await,
            20..70 => self.lose_patience().await,
            _ => self.act_beside().await,
        }
    }

    /// Something that this story owes, if its time has come.
    pub async fn owed_mishap(&mut self) -> bool {
        let found = {
            let mut world = self.outside.world.look();
            KINDS.iter().copied().find(|kind| world.owes(kind))
        };
        let Some(kind) = found else { return false };
        match kind {
            CLOCK_STEPS_BACK | CLOCK_STEPS_FORWARD => self.step_our_clock(kind == CLOCK_STEPS_BACK).await,
            PLATFORM_CLOCKS => self.step_a_platforms_clock(),
            RESTARTS => self.restart(false).await,
            FULL_DISKS => self.fill_the_disk(),
            SECOND_DAEMONS if self.rival.is_none() => self.second_daemon().await,
            OLDER_COPIES | OLDER_COPIES_WITHOUT_HISTORY => {
                self.restart(true).await;
                self.pass(TimeDelta::hours(7)).await;
                self.act_beside().await;
                self.put_back(TimeDelta::hours(2), kind == OLDER_COPIES).await;
            }
            _ => self.must_end_at_work = true,
        }
        true
    }

    /// Ends the daemon, whatever it is doing, and starts it again.
    pub async fn restart(&mut self, keep_a_copy: bool) {
        if keep_a_copy {
            self.close_all().await;
            self.keep_a_copy().await;
            self.desk = Desk::open(&self.outside).await;
        } else {
            self.program.end().await;
        }
        self.start().await;
        self.world().look().happened(RESTARTS);
    }

    pub async fn start(&mut self) {
        self.starts += 1;
        self.program = Program::start(&self.outside, self.starts).await;
    }

    /// Ends every program, so that one whole file is left.
    pub async fn close_all(&mut self) {
        if let Some(mut rival) = self.rival.take() {
            rival.end().await;
        }
        self.program.end().await;
        self.outside.witness.close().await;
        self.desk.store.clone().close().await;
    }

    /// The program is told to end while its calls are on their way: some end in order, others are cut off.
    pub fn end_at_work(&mut self) {
        let in_order = self.chance.percent(50);
        if in_order {
            let daemon = self.program.daemon.clone();
            self.beside.push(tokio::spawn(async move { daemon.stop(PATIENCE).await }));
            self.ends_after_round = true;
        } else {
            self.program.life.end();
        }
        let mut world = self.outside.world.look();
        world.tell(format!("the program is ended at its work{}", if in_order { ", in order" } else { "" }));
        world.happened(RESTARTS_AT_WORK);
        world.forget_what_was_heard();
    }

    fn fill_the_disk(&mut self) {
        let mut world = self.outside.world.look();
        let until = world.now + TimeDelta::minutes(self.chance.between(1, 30));
        world.disk_full_until = Some(until);
        world.tell("the disk is full");
        world.happened(FULL_DISKS);
    }

    /// Somebody starts a second daemon past the lock; they find it or it ends after some hours.
    async fn second_daemon(&mut self) {
        if let Some(mut rival) = self.rival.take() {
            self.say("the second daemon is ended");
            self.world().look().forget_what_was_heard();
            rival.end().await;
            return;
        }
        self.starts += 1;
        self.say("a second daemon is started on the same database");
        self.world().look().rivals = true;
        self.rival = Some(Program::start(&self.outside, self.starts).await);
        self.world().look().happened(SECOND_DAEMONS);
    }

    async fn step_our_clock(&mut self, back: bool) {
        let before = self.now();
        if self.move_our_clock(back) {
            self.tell_daemons_of_a_step(before);
            self.outside.turns.quiet().await;
            self.end_what_runs_beside();
        }
    }

    async fn step_our_clock_amid(&mut self, back: bool) {
        let turn = self.desk.life.turn(false).await;
        let before = self.now();
        if self.move_our_clock(back) {
            self.tell_daemons_of_a_step(before);
        }
        drop(turn);
    }

    fn move_our_clock(&mut self, back: bool) -> bool {
        let by = self.chance.pick(&[5, 60, 600, 3600, 5 * 3600, 86_400, 3 * 86_400]).unwrap();
        let mut world = self.outside.world.look();
        let now = world.now;
        // Two steps within the time of a few looks would outrun the lateness of a list.
        if world.steps.last().is_some_and(|at| now - *at < TimeDelta::minutes(20)) {
            return false;
        }
        world.ahead += TimeDelta::seconds(if back { -by } else { by });
        world.steps.push(now);
        if back {
            world.went_back = Some(now);
        }
        world.platforms.values_mut().for_each(|p| p.told = None);
        world.tell(format!("our clock goes {by} s {}", if back { "back" } else { "forward" }));
        world.happened(if back { CLOCK_STEPS_BACK } else { CLOCK_STEPS_FORWARD });
        world.pass_to(now);
        true
    }

    /// As the loop around the rounds does when it sees that the clock was put wrong.
    fn tell_daemons_of_a_step(&mut self, before: DateTime<Utc>) {
        let now = self.now();
        for program in std::iter::once(&self.program).chain(&self.rival) {
            let daemon = program.daemon.clone();
            self.beside.push(tokio::spawn(async move {
                let told = if now < before {
                    daemon.clock_went_back(before, now).await
                } else {
                    daemon.clock_went_forward(before, now).await
                };
                drop(told);
            }));
        }
    }

    /// Nothing that was begun beside a round outlives it.
    pub fn end_what_runs_beside(&mut self) {
        self.beside.drain(..).for_each(|task| task.abort());
    }

    fn step_a_platforms_clock(&mut self) {
        let slugs: Vec<_> = self.world().look().platforms.keys().cloned().collect();
        let Some(slug) = self.chance.pick(&slugs) else { return };
        let to = TimeDelta::minutes(self.chance.between(-240, 240));
        let mut world = self.outside.world.look();
        let now = world.now;
        let platform = world.platforms.get_mut(&slug).unwrap();
        (platform.ahead, platform.moved_at) = (to, Some(now));
        world.platform_stepped = true;
        world.tell(format!("the clock of {slug} is now {} min ahead", to.num_minutes()));
        world.happened(PLATFORM_CLOCKS);
    }
}
