//! What befalls the machine: clocks that jump, a disk that is full, restarts, older copies, a second daemon.

use std::fs;
use std::path::PathBuf;

use chrono::TimeDelta;

use crate::program::{Desk, Program};
use crate::story::Story;

/// The database as it was once.
#[derive(Debug)]
pub struct Copy {
    bytes: Vec<u8>,
    moment: u64,
}

impl Story {
    /// Something that happens while the daemon rests.
    pub async fn act(&mut self) {
        match self.chance.below(100) {
            0..6 => self.step_our_clock().await,
            6..9 => self.step_a_platforms_clock(),
            9..13 => {
                self.say("the program is ended and started");
                let keep = self.copy.is_none();
                self.restart(keep).await;
            }
            13..16 if self.copy.is_some() => {
                // A day without the program: longer than any list is late.
                let away = TimeDelta::hours(self.chance.between(1, 30));
                let until = self.world().look().now + away;
                self.put_back(until).await;
            }
            16..18 if self.world().look().trouble > 0 => {
                let mut world = self.outside.world.look();
                let until = world.now + TimeDelta::minutes(self.chance.between(1, 30));
                world.disk_full_until = Some(until);
                world.tell("the disk is full");
                world.happened("full disks");
            }
            18..22 if self.world().look().rivals => self.second_daemon().await,
            _ => self.act_beside().await,
        }
    }

    /// Ends the daemon, whatever it is doing, and starts it again.
    pub async fn restart(&mut self, keep_a_copy: bool) {
        if keep_a_copy {
            let moment = self.world().look().moment;
            self.close_all().await;
            self.copy = Some(Copy { bytes: fs::read(&self.outside.file).unwrap(), moment });
            self.desk = Desk::open(&self.outside).await;
        } else {
            self.program.end().await;
        }
        self.start().await;
        self.world().look().happened("restarts");
    }

    async fn start(&mut self) {
        self.starts += 1;
        self.program = Program::start(&self.outside, self.starts).await;
    }

    /// Ends every program, so that one whole file is left.
    pub async fn close_all(&mut self) {
        if let Some(mut rival) = self.rival.take() {
            rival.end().await;
        }
        self.program.end().await;
        self.desk.store.clone().close().await;
    }

    /// An older copy of the database comes back, with or without the history beside it.
    async fn put_back(&mut self, until: chrono::DateTime<chrono::Utc>) {
        let Some(Copy { bytes, moment }) = self.copy.take() else { return };
        self.close_all().await;
        self.pass_to(until).await;
        fs::write(&self.outside.file, bytes).unwrap();
        let mirrored = self.chance.percent(70);
        if !mirrored {
            let mut history = self.outside.file.clone().into_os_string();
            history.push(".history");
            // There is none where nothing was written yet.
            fs::remove_dir_all(PathBuf::from(history)).ok();
        }
        {
            let mut world = self.outside.world.look();
            let with = if mirrored { "with" } else { "without" };
            world.tell(format!("an older copy of the database is put back, {with} its history"));
            world.happened(if mirrored { "older copies" } else { "older copies without history" });
            for post in &mut world.posts {
                let known_before = !post.words_lost && !post.forgotten;
                post.restored = true;
                post.words_lost |= post.touched > moment;
                post.forgotten |= post.known_since > moment;
                post.mirrored = mirrored && (post.mirrored || known_before);
            }
            for platform in world.platforms.values_mut() {
                platform.paused = None;
                platform.waits.clear();
            }
        }
        self.desk = Desk::open(&self.outside).await;
        self.start().await;
    }

    /// Somebody starts a second daemon past the lock; they find it or it ends after some hours.
    async fn second_daemon(&mut self) {
        if let Some(mut rival) = self.rival.take() {
            self.say("the second daemon is ended");
            rival.end().await;
            return;
        }
        self.starts += 1;
        self.say("a second daemon is started on the same database");
        self.rival = Some(Program::start(&self.outside, self.starts).await);
        self.world().look().happened("second daemons");
    }

    async fn step_our_clock(&mut self) {
        let by = self.chance.pick(&[5, 60, 600, 3600, 5 * 3600, 86_400, 3 * 86_400]).unwrap();
        let back = self.chance.percent(40);
        {
            let mut world = self.outside.world.look();
            let now = world.now;
            // Two steps within the time of a few looks would outrun the lateness of a list.
            if world.stepped.is_some_and(|at| now - at < TimeDelta::minutes(20)) {
                return;
            }
            world.ahead += TimeDelta::seconds(if back { -by } else { by });
            world.stepped = Some(now);
            if back {
                world.went_back = Some(now);
            }
            world.tell(format!("our clock goes {by} s {}", if back { "back" } else { "forward" }));
            world.happened(if back { "clock steps back" } else { "clock steps forward" });
            world.pass_to(now);
        }
        // As the loop around the rounds does when it sees that.
        let now = self.now();
        for program in std::iter::once(&self.program).chain(&self.rival).filter(|_| back) {
            let daemon = program.daemon.clone();
            let told = tokio::spawn(async move { daemon.clock_went_back(now).await });
            self.outside.turns.quiet().await;
            told.abort();
        }
    }

    fn step_a_platforms_clock(&mut self) {
        let slugs: Vec<_> = self.world().look().platforms.keys().cloned().collect();
        let Some(slug) = self.chance.pick(&slugs) else { return };
        let to = TimeDelta::minutes(self.chance.between(-240, 240));
        let mut world = self.outside.world.look();
        world.platforms.get_mut(&slug).unwrap().ahead = to;
        world.platform_stepped = true;
        world.tell(format!("the clock of {slug} is now {} min ahead", to.num_minutes()));
        world.happened("steps of a platform's clock");
    }
}
