//! Older copies of the database: made now and then, put back one day.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

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
    journal: HashSet<String>,
}

impl Story {
    /// Copies the database; nothing has it open.
    pub async fn keep_a_copy(&mut self) {
        let journal = self.journal().await;
        if self.to_take_up.is_some_and(|before| taken_up(&journal) == before) {
            // It is an older copy still: what happened since stands beside it.
            return;
        }
        self.to_take_up = None;
        let mut world = self.outside.world.look();
        self.copy = Some(Copy { bytes: fs::read(&self.outside.file).unwrap(), moment: world.moment, journal });
        // What happens from now on is later.
        world.moment += 1;
    }

    async fn journal(&self) -> HashSet<String> {
        self.outside.witness.open(&self.outside.file).await;
        let journal = self.outside.witness.journal().await;
        self.outside.witness.close().await;
        journal
    }

    /// An older copy of the database comes back, with or without the history beside it, after so long without a program.
    pub async fn put_back(&mut self, away: TimeDelta, with_history: bool) {
        let Some(Copy { bytes, moment, journal }) = self.copy.take() else { return };
        self.close_all().await;
        // Lines that could not be written before the copy comes back are lost with the database.
        let history = history_of(&self.outside.file);
        let whole = with_history && self.journal().await.difference(&journal).all(|line| history.contains(line));
        self.to_take_up = (with_history && !history.is_subset(&journal)).then(|| taken_up(&journal));
        let until = self.world().look().now + away;
        self.pass_to(until).await;
        fs::write(&self.outside.file, bytes).unwrap();
        if !with_history {
            // There is none where nothing was written yet.
            fs::remove_dir_all(folder_of_history(&self.outside.file)).ok();
        }
        {
            let mut world = self.outside.world.look();
            let with = if with_history { "with" } else { "without" };
            world.tell(format!("an older copy of the database is put back, {with} its history"));
            world.happened(if with_history { OLDER_COPIES } else { OLDER_COPIES_WITHOUT_HISTORY });
            world.moment += 1;
            world.posts.iter_mut().for_each(|post| post.goes_back_to(moment, whole));
            for platform in world.platforms.values_mut() {
                platform.paused = platform.paused.filter(|said| whole || *said <= moment);
                platform.waits.retain(|_, (_, _, heard, _)| *heard <= moment);
            }
        }
        self.desk = Desk::open(&self.outside).await;
        self.start().await;
    }
}

/// How often what happened since a copy was taken up.
fn taken_up(journal: &HashSet<String>) -> usize {
    journal.iter().filter(|line| line.contains("\"kind\":\"history.older_head\"")).count()
}

fn folder_of_history(file: &Path) -> PathBuf {
    let mut folder = file.to_owned().into_os_string();
    folder.push(".history");
    folder.into()
}

/// Every line of the history beside a database.
fn history_of(file: &Path) -> HashSet<String> {
    let files = folder_of_history(file).read_dir().into_iter().flatten();
    let texts = files.map(|file| String::from_utf8_lossy(&fs::read(file.unwrap().path()).unwrap()).into_owned());
    texts.flat_map(|text| text.lines().map(str::to_owned).collect::<Vec<_>>()).collect()
}
