//! People who give posts and followers other times.

use chrono::TimeDelta;
use vestnik::domain::HoldLength;
use vestnik::store::Move;

use crate::people::OFFICER;
use crate::story::Story;

impl Story {
    /// Moves a whole post, or one of its followers.
    pub async fn shift(&mut self) {
        let Some(post) = self.some_post() else { return };
        let now = self.now();
        let (id, followers): (_, Vec<_>) = {
            let world = self.world().look();
            let slugs = world.platforms.iter().filter(|(_, p)| !p.primary).map(|(slug, _)| slug.clone());
            (world.posts[post].id, slugs.collect())
        };
        let channel = if self.chance.percent(50) { self.chance.pick(&followers) } else { None };
        let to = now + TimeDelta::minutes(self.chance.between(0, 2 * 1440));
        let by = OFFICER.to_owned();
        let wish =
            Move { post: id, mark: None, channel: channel.clone(), to, seen: None, hold: HoldLength::DEFAULT, by };
        let done = self.desk.store.move_post(wish, now).await;
        self.say(format!("post {post} is moved on {channel:?} to {to}: {:?}", done.as_ref().map(|m| &m.planned)));
        let Ok(moved) = done else { return };
        self.touch(post);
        let mut world = self.outside.world.look();
        world.tally.count("moved by people");
        let queued = &mut world.posts[post];
        queued.moved = true;
        match channel {
            None => queued.at = to,
            // What is no later than the hold needs no time of its own.
            Some(slug) if moved.planned.iter().any(|(channel, at)| *channel == slug && *at == to) => {
                queued.not_before.insert(slug, to);
            }
            Some(slug) => drop(queued.not_before.remove(&slug)),
        }
    }
}
