//! Older copies of the database: made now and then, put back one day.

use std::fs;
use std::path::PathBuf;

use chrono::TimeDelta;

use crate::program::Desk;
use crate::story::Story;

pub const OLDER_COPIES: &str = "older copies";
pub const OLDER_COPIES_WITHOUT_HISTORY: &str = "older copies without history";

/// The database as it was once.
#[derive(Debug)]
pub struct Copy {
    bytes: Vec<u8>,
    moment: u64,
}

impl Story {
    /// Copies the database; nothing has it open.
    pub fn keep_a_copy(&mut self) {
        let mut world = self.outside.world.look();
        self.copy = Some(Copy { bytes: fs::read(&self.outside.file).unwrap(), moment: world.moment });
        // What happens from now on is later.
        world.moment += 1;
    }

    /// An older copy of the database comes back, with or without the history beside it, after so long without a program.
    pub async fn put_back(&mut self, away: TimeDelta, with_history: bool) {
        let Some(Copy { bytes, moment }) = self.copy.take() else { return };
        self.close_all().await;
        let until = self.world().look().now + away;
        self.pass_to(until).await;
        fs::write(&self.outside.file, bytes).unwrap();
        if !with_history {
            let mut history = self.outside.file.clone().into_os_string();
            history.push(".history");
            // There is none where nothing was written yet.
            fs::remove_dir_all(PathBuf::from(history)).ok();
        }
        {
            let mut world = self.outside.world.look();
            let with = if with_history { "with" } else { "without" };
            world.tell(format!("an older copy of the database is put back, {with} its history"));
            world.happened(if with_history { OLDER_COPIES } else { OLDER_COPIES_WITHOUT_HISTORY });
            world.moment += 1;
            world.posts.iter_mut().for_each(|post| post.goes_back_to(moment, with_history));
            for platform in world.platforms.values_mut() {
                platform.paused = platform.paused.filter(|said| with_history || *said <= moment);
                platform.waits.retain(|_, (_, _, heard)| *heard <= moment);
            }
        }
        self.desk = Desk::open(&self.outside).await;
        self.start().await;
    }
}
