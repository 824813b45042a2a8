//! What must be so in the end, whatever happened: read off the platforms, the journal and the database file.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};
use vestnik_sandbox::town::Platform;

use super::Press;

/// What the orders demand between MAX and everything else.
pub const LEAST_HOLD: TimeDelta = TimeDelta::hours(4);

/// A post that was queued, and where it has to stand in the end.
#[derive(Debug, Clone)]
pub struct Queued {
    pub title: String,
    pub organisation: String,
    pub platforms: Vec<Platform>,
}

impl Press {
    /// Nothing is lost, twice or early: every post stands once on each of its channels, nothing else stands anywhere,
    /// and by the platforms' own times everything is four hours behind MAX. The journal says the same.
    #[track_caller]
    pub fn prove(&self, queued: &[Queued]) {
        let mut out_in_max: HashMap<&str, DateTime<Utc>> = HashMap::new();
        // MAX comes first of each organisation's channels.
        for channel in self.town.channels() {
            let (slug, platform) = (channel.slug(), channel.platform());
            let mut standing: HashMap<String, Vec<_>> = HashMap::new();
            for post in channel.posts() {
                standing.entry(post.title().to_owned()).or_default().push(post.published_at);
            }
            let here =
                |post: &&Queued| post.organisation == channel.organisation() && post.platforms.contains(&platform);
            for Queued { title, .. } in queued.iter().filter(here) {
                let times = standing.remove(title).unwrap_or_default();
                let [time] = times[..] else { panic!("«{title}» on {slug}: {times:?}") };
                if platform == Platform::Max {
                    out_in_max.insert(title, time);
                    continue;
                }
                let distance = time - out_in_max[&**title];
                assert!(distance >= LEAST_HOLD, "«{title}» on {slug}: {distance} after MAX");
            }
            assert!(standing.is_empty(), "nobody queued these for {slug}: {standing:?}");
        }
        self.vestnik(["history", "verify"]).done().shows(&["verdict: proven", "0 too early"]);
        let copy = self.journal();
        self.vestnik(["history".as_ref(), "verify".as_ref(), copy.as_os_str()]).done();
        assert_eq!(self.integrity(), "ok");
    }

    /// The journal in a file of its own.
    pub fn journal(&self) -> std::path::PathBuf {
        self.file("copy.jsonl", self.vestnik(["history", "--format", "jsonl"]).done().stdout)
    }

    /// The platforms with a channel.
    pub fn platforms(&self) -> &[Platform] {
        &self.platforms
    }
}
