//! A patient person who looks at the platforms and says what is there.

use chrono::TimeDelta;
use vestnik::domain::{HoldLength, State, StopKind};
use vestnik::release::{Contradiction, Resolution, ResolveError, resolve};
use vestnik::store::{Attention, AttentionKind, Delivery};

use crate::story::Story;

/// After the faults: so many half days of patience.
const PATIENCE: u32 = 80;

impl Story {
    /// No more faults; time and a person bring everything to an end.
    pub async fn settle_everything(&mut self) {
        {
            let mut world = self.outside.world.look();
            world.trouble = 0;
            world.losses = 0;
            world.owed.clear();
            world.dies_once_in = 0;
            world.disk_full_until = None;
            for platform in world.platforms.values_mut() {
                platform.locked_until = None;
            }
            world.tell("the faults end");
        }
        if let Some(mut rival) = self.rival.take() {
            rival.end().await;
        }
        for n in 0..PATIENCE {
            if self.ended() {
                return;
            }
            self.resume().await;
            self.pass(TimeDelta::hours(12)).await;
            let list = self.desk.store.attention(self.now()).await.unwrap();
            if list.is_empty() && self.all_done().await {
                return;
            }
            // Corrections that do not help are given up: each starts a hold again.
            self.resigned = n > 5;
            self.settle(list).await;
        }
    }

    async fn all_done(&self) -> bool {
        let unfinished = self.outside.witness.unfinished().await;
        let world = self.world().look();
        !world.posts.iter().any(|q| !q.forgotten && unfinished.contains(&q.id))
    }

    /// Somebody sees to what needs a person.
    pub async fn settle_attention(&mut self) {
        let list = self.desk.store.attention(self.now()).await.unwrap();
        self.settle(list).await;
    }

    async fn settle(&mut self, list: Vec<Attention>) {
        for item in list {
            match item.kind {
                AttentionKind::ChannelPaused | AttentionKind::Late | AttentionKind::Outstanding => {}
                _ => self.settle_one(item).await,
            }
        }
        let trouble = self.world().look().trouble;
        if trouble > 0 && self.chance.percent(50) {
            self.resume().await;
        }
    }

    async fn settle_one(&mut self, item: Attention) {
        let found = {
            let world = self.world().look();
            world.posts.iter().position(|q| Some(q.id) == item.post && !q.forgotten)
        };
        let Some(post) = found else { return };
        {
            let mut world = self.outside.world.look();
            world.tell(format!("post {post} on {} needs a person: {}: {}", item.channel, item.kind, item.what));
            world.tally.count(item.stop_kind.map_or(item.kind.name(), StopKind::name));
        }
        let id = self.world().look().posts[post].id;
        let view = self.desk.store.post_view(id).await.unwrap();
        let delivery = view
            .deliveries
            .iter()
            .map(|v| &v.delivery)
            .filter(|d| d.channel == item.channel)
            .max_by_key(|d| d.number)
            .unwrap()
            .clone();
        if delivery.is_primary && delivery.state == State::Failed {
            let is_left = |d: &Delivery| d.state == State::Waiting && !d.is_asked_whether_out();
            let waits = view.deliveries.iter().find(|v| is_left(&v.delivery));
            if let Some(follower) = waits {
                let slug = &follower.delivery.channel;
                self.world().look().complain(format!("I3: post {post} on {slug} waits for a primary that failed"));
            }
        }
        if view.withdraw.is_some() && delivery.state == State::Published {
            // That it stands is no news: it is to go.
            let stands = self.world().look().standing(&item.channel, post).is_some();
            if stands || !self.resolve_truly(post, &item.channel).await {
                self.order_post(post, true).await;
            }
            return;
        }
        // What was deleted by hand after a cancellation can neither be edited nor published anew.
        if (view.cancel.is_some() || self.resigned) && delivery.state == State::Published {
            self.order_post(post, true).await;
            return;
        }
        let done = match item.kind {
            AttentionKind::InDoubt | AttentionKind::Handed => self.resolve_truly(post, &item.channel).await,
            AttentionKind::Failed => {
                if self.chance.percent(30) {
                    self.edit_post(post).await
                } else {
                    self.order_post(post, false).await
                }
            }
            _ if delivery.is_primary && delivery.state == State::Published => {
                self.republish_post(post).await || self.edit_post(post).await
            }
            _ => self.republish_post(post).await || self.resolve_truly(post, &item.channel).await,
        };
        if !done && !self.resigned && self.chance.percent(60) {
            self.edit_post(post).await;
        } else if !done && !self.order_post(post, false).await {
            self.order_post(post, true).await;
        }
    }

    /// Says what stands on the platform.
    pub async fn resolve_truly(&mut self, post: usize, slug: &str) -> bool {
        let (id, url) = {
            let world = self.world().look();
            // People wait for what may still be on its way.
            if world.calls_just_now(slug, post) {
                return false;
            }
            let url = world.standing(slug, post).map(|s| format!("https://{}.test/", s.id).parse().unwrap());
            (world.posts[post].id, url)
        };
        if url.is_some() {
            self.world().look().posts[post].vouched.insert(slug.to_owned());
        }
        let word = url.map_or(Resolution::NotPublished, Resolution::Published);
        let what = format!("resolve post {post} on {slug} as {word:?}");
        let done = resolve(
            &self.desk.store,
            &self.desk.channels,
            &*self.outside.clock,
            HoldLength::DEFAULT,
            (id, slug),
            (word, "Офицер"),
        )
        .await;
        self.touch(post);
        self.world().look().tell(format!("{what}: {:?}", done.as_ref().map_err(ToString::to_string)));
        if let Err(ResolveError::Contradicted(why)) = &done
            && matches!(why, Contradiction::ReadsDifferently(_) | Contradiction::PrimaryReadsDifferently(_))
        {
            self.take_down_by_hand(post, slug);
        }
        done.is_ok()
    }
}
