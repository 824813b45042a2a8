//! Somebody who reads all channels all the time: what stood there for a while only was seen, too.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use chrono::{DateTime, Utc};
use vestnik_sandbox::town::Platform;

use crate::press::{LEAST_HOLD, Press, name_of};

const LOOK_EVERY: Duration = Duration::from_millis(150);

/// When a headline came up on a channel: not before one moment, not after the other.
#[derive(Debug, Clone, Copy)]
struct CameUp {
    after: DateTime<Utc>,
    before: DateTime<Utc>,
}

/// By the organisation, the platform and the headline.
type Seen = HashMap<(String, Platform, String), CameUp>;

/// Does the work while somebody reads. No post may ever stand twice on a channel, and whatever a follower shows must
/// have stood in MAX for as long as the orders demand.
pub fn with_a_reader<T>(press: &Press, work: impl FnOnce() -> T) -> T {
    let over = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reader = scope.spawn(|| reads(press, &over));
        let work = {
            // Also when the work fails.
            let _ends = EndsWith(&over);
            work()
        };
        follows_max(&reader.join().unwrap());
        work
    })
}

struct EndsWith<'a>(&'a AtomicBool);

impl Drop for EndsWith<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

fn reads(press: &Press, over: &AtomicBool) -> Seen {
    let mut seen = Seen::new();
    let mut looked = DateTime::<Utc>::MIN_UTC;
    loop {
        let is_last = over.load(Ordering::Relaxed);
        let began = press.now();
        for channel in press.town.channels() {
            let posts = channel.posts();
            let mut names = std::collections::HashSet::new();
            for post in &posts {
                assert!(names.insert(name_of(post.title())), "twice on {}: {posts:#?}", channel.slug());
                let what = (channel.organisation().to_owned(), channel.platform(), post.title().to_owned());
                seen.entry(what).or_insert_with(|| CameUp { after: looked, before: press.now() });
            }
        }
        if is_last {
            return seen;
        }
        looked = began;
        std::thread::sleep(LOOK_EVERY);
    }
}

#[track_caller]
fn follows_max(seen: &Seen) {
    for ((organisation, platform, headline), follower) in seen {
        let in_max = seen.get(&(organisation.clone(), Platform::Max, headline.clone()));
        let in_max = in_max.unwrap_or_else(|| panic!("«{headline}» of {organisation} on {platform} and never in MAX"));
        let distance = follower.before.signed_duration_since(in_max.after);
        assert!(
            *platform == Platform::Max || distance >= LEAST_HOLD,
            "«{headline}» of {organisation} on {platform}: {distance} after MAX at the most"
        );
    }
}
