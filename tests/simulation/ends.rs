//! What must hold when everything has come to rest: every post at its end, the history whole, no secret anywhere.

use std::path::Path;

use uuid::Uuid;
use vestnik::domain::State;
use vestnik::history::audit;
use vestnik::journal::{Entry, Event, VESTNIK};
use vestnik::store::{Attention, AttentionKind, Delivery, DeliveryView, PostView};

use crate::platform::SECRET;
use crate::story::Story;
use crate::world::{Inner, Queued, post_of};

impl Story {
    /// What must hold when everything has come to rest.
    pub async fn look_at_the_end(&mut self) {
        if self.ended() {
            return;
        }
        let views = self.views().await;
        self.what_stands_is_known(&views).await;
        self.every_post_came_to_an_end(&views).await;
        let audit = audit::verify(&self.desk.store, None, self.now()).await.unwrap();
        // What the history measures itself says too much against it after an older copy came back that does not know
        // what people edited meanwhile, of an edit that was seen when our clock had gone back, and where a follower's
        // clock was moved just before a call; its chain and its rows must be in order all the same.
        let says_too_much = {
            let world = self.world().look();
            world.posts.iter().any(|q| q.restored) || world.went_back.is_some() || world.stepped_under_a_call.is_some()
        };
        let chains = audit.report.chains.iter().all(|chain| chain.whole && chain.fault.is_none());
        let in_order = if says_too_much { chains && audit.findings.is_empty() } else { audit.ok };
        if !in_order {
            self.world().look().complain(format!("I5: {audit}"));
        }
        self.close_all().await;
        if holds_the_secret(self.outside.file.parent().unwrap()) {
            self.world().look().complain("I6: the token is in the database or its history");
        }
    }

    /// Every post that the program knows as it shows it, by its number.
    async fn views(&self) -> Vec<(usize, Queued, PostView)> {
        let posts = self.world().look().posts.clone();
        let mut views = Vec::new();
        for (n, queued) in posts.into_iter().enumerate().filter(|(_, q)| !q.forgotten) {
            let view = self.desk.store.post_view(queued.id).await.unwrap();
            views.push((n, queued, view));
        }
        views
    }

    /// I3: published, failed with a reason, cancelled or withdrawn, and told so.
    async fn every_post_came_to_an_end(&mut self, views: &[(usize, Queued, PostView)]) {
        let attention = self.desk.store.attention(self.now()).await.unwrap();
        for (n, queued, view) in views {
            let rows = self.desk.store.journal_of_post(queued.id).await.unwrap();
            let told: Vec<_> = rows.iter().map(|row| row.entry().unwrap()).collect();
            let mut world = self.outside.world.look();
            for v in &view.deliveries {
                let place = format!("post {n} on {}", v.delivery.channel);
                for wrong in wrong_with((queued, view), v, &told, &attention) {
                    world.complain(format!("I3: {place}: {wrong}"));
                }
                let withdrawn = queued.withdrawn.is_some() && !queued.past_lost();
                if withdrawn && world.standing(&v.delivery.channel, *n).is_some() {
                    world.complain(format!("{place} stands although the post was withdrawn"));
                }
                shows_the_newest_text(&mut world, *n, &v.delivery);
            }
        }
    }
}

/// What is wrong with a delivery at its end, by what the journal told and people said.
fn wrong_with(
    (queued, view): (&Queued, &PostView),
    v: &DeliveryView,
    told: &[Entry],
    attention: &[Attention],
) -> Vec<String> {
    let d = &v.delivery;
    let mut wrong = Vec::new();
    let mut must = |holds: bool, what: &str| {
        if !holds {
            wrong.push(format!("{}, {what} ({:?}, {:?})", d.state, d.last_reason, d.stop_reason));
        }
    };
    match d.state {
        State::Published => {
            let id = d.remote_id.clone().unwrap_or_default();
            let receipt = |e: &Event| matches!(e, Event::DeliveryPublished(p) if p.remote_id == id);
            must(tells(told, d.id.0, receipt, |_| true), "and the journal has no such receipt");
        }
        State::Withdrawn => {
            let taken_down = |e: &Event| matches!(e, Event::DeliveryRetracted {});
            must(tells(told, d.id.0, taken_down, |_| true), "and the journal does not tell it");
        }
        State::Cancelled => {
            let cancelled = |e: &Event| matches!(e, Event::DeliveryCancelled { .. });
            must(tells(told, d.id.0, cancelled, |by| by != VESTNIK), "and the journal names nobody who said so");
            must(queued.cancelled.is_some() || queued.withdrawn.is_some(), "and nobody said so");
        }
        State::Failed => {
            let failed =
                |e: &Event| matches!(e, Event::DeliveryFailed(why) if Some(&why.reason) == d.last_reason.as_ref());
            must(tells(told, d.id.0, failed, |_| true), "and the journal does not tell why");
            let item =
                |a: &Attention| a.kind == AttentionKind::Failed && a.post == Some(d.post) && a.channel == d.channel;
            must(attention.iter().any(|a| item(a) && !a.what.is_empty()), "and nobody is told");
        }
        _ => must(false, "and stuck"),
    }
    let open = v.attempts.iter().any(|a| matches!(a.outcome.as_str(), "open" | "in_doubt"));
    must(d.action.is_none() && !open, &format!("and something is left to do: {:?} of {:?}", d.action, view.id));
    wrong
}

/// Whether the journal tells this of the delivery, from the mouth of somebody fitting.
fn tells(told: &[Entry], delivery: Uuid, what: impl Fn(&Event) -> bool, by: impl Fn(&str) -> bool) -> bool {
    told.iter().any(|entry| {
        let event = entry.event().ok().flatten();
        entry.delivery == Some(delivery) && by(&entry.actor) && event.is_some_and(|event| what(&event))
    })
}

/// What is out shows everywhere what the primary shows, unless people had their hands in it.
fn shows_the_newest_text(world: &mut Inner, n: usize, d: &Delivery) {
    let queued = &world.posts[n];
    let ordered = queued.cancelled.is_some() || queued.withdrawn.is_some();
    if d.is_primary
        || d.state != State::Published
        || ordered
        || queued.words_lost && queued.past_lost()
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

/// Searches every file of a folder.
fn holds_the_secret(folder: &Path) -> bool {
    folder.read_dir().unwrap().map(|file| file.unwrap().path()).any(|place| {
        if place.is_dir() {
            return holds_the_secret(&place);
        }
        std::fs::read(place).unwrap().windows(SECRET.len()).any(|w| w == SECRET.as_bytes())
    })
}
