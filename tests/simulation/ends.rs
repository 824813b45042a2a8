//! What must hold when everything has come to rest: every post at its end, the history whole, no secret anywhere.

use std::path::Path;

use vestnik::domain::{DeliveryId, State};
use vestnik::history::audit;
use vestnik::store::{Delivery, PostView};

use crate::platform::SECRET;
use crate::story::Story;
use crate::world::{Inner, post_of};

impl Story {
    /// What must hold when everything has come to rest.
    pub async fn look_at_the_end(&mut self) {
        if self.ended() {
            return;
        }
        self.every_post_came_to_an_end().await;
        let audit = audit::verify(&self.desk.store, None, self.now()).await.unwrap();
        // What the history measures itself says too much against it after an older copy came back that does not know
        // what people edited meanwhile, and of an edit that was seen when our clock had gone back; its chain and its rows
        // must be in order all the same.
        let (restored, went_back) = {
            let world = self.world().look();
            (world.posts.iter().any(|q| q.restored), world.went_back.is_some())
        };
        let chains = audit.report.chains.iter().all(|chain| chain.whole && chain.fault.is_none());
        let in_order = if restored || went_back { chains && audit.findings.is_empty() } else { audit.ok };
        if !in_order {
            self.world().look().complain(format!("I5: {audit}"));
        }
        self.close_all().await;
        if holds_the_secret(self.outside.file.parent().unwrap()) {
            self.world().look().complain("I6: the token is in the database or its history");
        }
    }

    /// I3: published, failed with a reason, cancelled or withdrawn.
    async fn every_post_came_to_an_end(&mut self) {
        let posts = self.world().look().posts.clone();
        for (n, queued) in posts.iter().enumerate().filter(|(_, q)| !q.forgotten) {
            let view = self.desk.store.post_view(queued.id).await.unwrap();
            for d in view.deliveries.iter().map(|v| &v.delivery) {
                let open = is_open(&view, d.id);
                let mut world = self.outside.world.look();
                let stands = d.remote_id.as_deref().and_then(|id| world.text(&d.channel, id)).map(|(_, s)| s.clone());
                let place = format!("post {n} on {}", d.channel);
                match d.state {
                    State::Published if stands.is_none() => {
                        world.complain(format!("{place}: published, and no such post was ever there"));
                    }
                    State::Published | State::Withdrawn | State::Cancelled => {}
                    State::Failed if d.last_reason.is_some() => {}
                    state => world
                        .complain(format!("I3: {place} is stuck: {state}, {:?}, {:?}", d.last_reason, d.stop_reason)),
                }
                if queued.withdrawn.is_some() && !queued.restored && world.standing(&d.channel, n).is_some() {
                    world.complain(format!("{place} stands although the post was withdrawn"));
                }
                shows_the_newest_text(&mut world, n, d);
                if d.action.is_some() || open {
                    world.complain(format!("I3: {place}: something is left to do: {:?} {:?}", d.action, d.last_reason));
                }
            }
        }
    }
}

/// What is out shows everywhere what the primary shows, unless people had their hands in it.
fn shows_the_newest_text(world: &mut Inner, n: usize, d: &Delivery) {
    let queued = &world.posts[n];
    let ordered = queued.cancelled.is_some() || queued.withdrawn.is_some();
    if d.is_primary
        || d.state != State::Published
        || ordered
        || queued.words_lost
        || queued.vouched.contains(&d.channel)
    {
        return;
    }
    let primary = world.primary().0.clone();
    let shown = [&primary, &d.channel].map(|slug| world.standing(slug, n).map(|s| s.now().reads.clone()));
    let [Some(announced), Some(shown)] = shown else { return };
    if announced != shown && [&announced, &shown].iter().all(|text| post_of(text) == Some(n)) {
        world.complain(format!("post {n} on {} reads {shown:?} to the end, and the primary {announced:?}", d.channel));
    }
}

fn is_open(view: &PostView, id: DeliveryId) -> bool {
    let attempts = view.deliveries.iter().filter(|v| v.delivery.id == id).flat_map(|v| &v.attempts);
    attempts.into_iter().any(|a| matches!(a.outcome.as_str(), "open" | "in_doubt"))
}

/// Searches every file of a folder.
fn holds_the_secret(folder: &Path) -> bool {
    folder.read_dir().unwrap().map(|file| file.unwrap().path()).any(|place| {
        if place.is_dir() {
            return holds_the_secret(&place);
        }
        std::fs::read(place).unwrap().windows(SECRET.len()).any(|w| w == SECRET.as_bytes())
    })
}
