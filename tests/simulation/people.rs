//! What people do, in the program and on the platforms.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use vestnik::domain::{HoldLength, PostContent};
use vestnik::release::republish;
use vestnik::store::{Edit, NewPost, StoreError};
use vestnik_contract::{Media, MediaKind};

use crate::program::OFFICE;
use crate::story::Story;
use crate::world::{Inner, Queued, Text, title};

pub const OFFICER: &str = "Офицер";

fn content(post: usize, revision: u32) -> PostContent {
    PostContent {
        title: title(post, revision),
        // No two posts are much like each other, and all versions of one are.
        body: format!("На площади{post} праздник{post} и ярмарка{post}."),
        link: None,
        tags: Vec::new(),
        media: (0..(post + revision as usize) % 3).map(picture).collect(),
        overrides: BTreeMap::new(),
    }
}

fn picture(n: usize) -> Media {
    Media {
        kind: MediaKind::Picture,
        path: PathBuf::new(),
        name: format!("{n}.png"),
        mime: "image/png".into(),
        bytes: 1000,
        sha256: format!("{n:064}"),
        size: Some((100, 100)),
        alt: "Фото".into(),
    }
}

impl Story {
    /// Something that may happen at any moment.
    pub async fn act_beside(&mut self) {
        match self.chance.below(100) {
            0..32 => self.queue().await,
            32..42 => self.edit().await,
            42..47 => self.order(false).await,
            47..52 => self.order(true).await,
            52..57 => self.republish().await,
            57..62 => self.shift().await,
            62..67 => self.pause().await,
            67..73 => self.resume().await,
            73..79 => self.delete_by_hand().await,
            79..83 => self.edit_by_hand(),
            83..86 => self.post_by_hand(),
            _ => self.settle_attention().await,
        }
    }

    pub fn touch(&self, post: usize) {
        let mut world = self.outside.world.look();
        world.posts[post].touched = world.moment;
        world.does(post);
    }

    pub fn some_post(&mut self) -> Option<usize> {
        let posts: Vec<_> =
            self.world().look().posts.iter().enumerate().filter(|(_, q)| !q.forgotten).map(|(n, _)| n).collect();
        // Mostly of the newest: there is more to happen to them.
        let from = if self.chance.percent(70) { posts.len().saturating_sub(5) } else { 0 };
        self.chance.pick(&posts[from..])
    }

    async fn queue(&mut self) {
        let now = self.now();
        let at = if self.chance.percent(50) { now } else { now + TimeDelta::minutes(self.chance.between(1, 2 * 1440)) };
        self.queue_for(at).await;
    }

    async fn queue_for(&mut self, at: DateTime<Utc>) {
        let now = self.now();
        let n = self.world().look().posts.len();
        let primary = self.world().look().primary().0.clone();
        let all: Vec<_> = self.world().look().platforms.keys().filter(|s| **s != primary).cloned().collect();
        let chosen: Vec<_> = all.iter().filter(|_| self.chance.percent(80)).cloned().collect();
        let expires_at = self.chance.percent(20).then(|| at + TimeDelta::minutes(self.chance.between(60, 3 * 1440)));
        let mut followers = Vec::new();
        for slug in if chosen.is_empty() { all } else { chosen } {
            let not_before = self.chance.percent(20).then(|| at + TimeDelta::minutes(self.chance.between(1, 2 * 1440)));
            followers.push((slug, not_before));
        }
        let not_before: BTreeMap<_, _> = followers.iter().filter_map(|(s, t)| t.map(|t| (s.clone(), t))).collect();
        // The platform must know it before the daemon, which may take it at once.
        {
            let mut world = self.outside.world.look();
            let moment = world.moment;
            world.posts.push(Queued {
                id: vestnik::domain::PostId(uuid::Uuid::nil()),
                known_since: moment,
                at,
                not_before,
                expires_at,
                revision: 1,
                cancelled: None,
                withdrawn: None,
                republished: 0,
                vouched: BTreeSet::new(),
                touched: moment,
                done: moment,
                moved: false,
                words_lost: false,
                left_as_it_stands: false,
                mirrored: false,
                forgotten: false,
                restored: false,
            });
        }
        let new = NewPost {
            organisation: OFFICE.into(),
            content: content(n, 1),
            primary,
            followers,
            at,
            expires_at,
            key: None,
            request_sha256: format!("{n:064}"),
            by: OFFICER.into(),
            hold: HoldLength::DEFAULT,
        };
        // Some are written by several people first.
        let queued = if n % 8 == 1 {
            self.queue_through_draft(new).await
        } else {
            self.desk.store.queue_post(new, now).await.map(|queued| queued.id)
        };
        let mut world = self.outside.world.look();
        match queued {
            Ok(id) => {
                world.posts[n].id = id;
                world.tell(format!("post {n} is queued for {at}, expires {expires_at:?}, {id}"));
            }
            Err(error) => {
                world.posts[n].forgotten = true;
                world.tell(format!("post {n} is not queued: {error}"));
                must_be_explained(&mut world, &error);
            }
        }
    }

    async fn edit(&mut self) {
        if let Some(post) = self.some_post() {
            self.edit_post(post).await;
        }
    }

    pub async fn edit_post(&mut self, post: usize) -> bool {
        let (queued, revision) = {
            let mut world = self.outside.world.look();
            world.posts[post].revision += 1;
            (world.posts[post].clone(), world.posts[post].revision)
        };
        let edit = Edit {
            seen: None,
            post: queued.id,
            content: content(post, revision),
            at: None,
            expires_at: queued.expires_at,
            not_before: queued.not_before,
            hold: HoldLength::DEFAULT,
            by: OFFICER.into(),
        };
        let done = self.desk.store.edit_post(edit, self.now()).await;
        self.say(format!("edit of post {post} to revision {revision}: {done:?}"));
        if let Err(error) = &done {
            must_be_explained(&mut self.world().look(), error);
        }
        self.touch(post);
        done.is_ok()
    }

    async fn order(&mut self, withdraw: bool) {
        if let Some(post) = self.some_post() {
            self.order_post(post, withdraw).await;
        }
    }

    /// Somebody takes back, or says anew, what hangs: its call is on its way, or came to nothing.
    pub async fn lose_patience(&mut self) {
        let hanging: Vec<_> = {
            let world = self.outside.world.look();
            world.hanging_posts().into_iter().filter(|n| !world.posts[*n].forgotten).collect()
        };
        let Some(post) = self.chance.pick(&hanging) else { return };
        match self.chance.below(10) {
            0..5 => drop(self.order_post(post, false).await),
            5..7 => drop(self.order_post(post, true).await),
            7 => drop(self.edit_post(post).await),
            _ => {}
        }
    }

    pub async fn order_post(&mut self, post: usize, withdraw: bool) -> bool {
        let (id, now) = (self.world().look().posts[post].id, self.now());
        let done = if withdraw {
            self.desk.store.withdraw_post(id, OFFICER, "ошибка", now).await
        } else {
            self.desk.store.cancel_post(id, OFFICER, "ошибка", now).await
        };
        self.say(format!("{} post {post}: {:?}", if withdraw { "withdraw" } else { "cancel" }, done.as_ref().err()));
        if let Err(error) = &done {
            must_be_explained(&mut self.world().look(), error);
        }
        self.touch(post);
        if done.is_ok() {
            let mut world = self.outside.world.look();
            let moment = world.moment;
            let queued = &mut world.posts[post];
            let said = if withdraw { &mut queued.withdrawn } else { &mut queued.cancelled };
            said.get_or_insert(moment);
            queued.left_as_it_stands |= queued.words_lost;
        }
        done.is_ok()
    }

    async fn republish(&mut self) {
        if let Some(post) = self.some_post() {
            self.republish_post(post).await;
        }
    }

    pub async fn republish_post(&mut self, post: usize) -> bool {
        let id = self.world().look().posts[post].id;
        // Counted before: the daemon may be faster than this answer.
        self.world().look().posts[post].republished += 1;
        let done = republish(&self.desk.store, &self.desk.channels, &*self.outside.clock, id, OFFICER).await;
        self.touch(post);
        if let Err(error) = &done {
            self.world().look().posts[post].republished -= 1;
            self.say(format!("post {post} is not published anew: {error}"));
        } else {
            self.say(format!("post {post} is published anew"));
        }
        done.is_ok()
    }

    async fn pause(&mut self) {
        let slugs: Vec<_> = self.world().look().platforms.keys().cloned().collect();
        let Some(slug) = self.chance.pick(&slugs) else { return };
        let now = self.now();
        let done = self.desk.store.pause_channel(&slug, OFFICER, "праздник", now).await;
        let is_primary = {
            let mut world = self.outside.world.look();
            world.tell(format!("pause {slug}: {done:?}"));
            let moment = world.moment;
            if done.is_ok() {
                world.platforms.get_mut(&slug).unwrap().paused = Some(moment);
            }
            world.platforms[&slug].primary
        };
        // What comes due meanwhile stands in a row afterwards, and was not queued in that order.
        if is_primary && done.is_ok() {
            self.queue_for(now + TimeDelta::minutes(20)).await;
            self.queue_for(now + TimeDelta::minutes(10)).await;
        }
    }

    pub async fn resume(&mut self) {
        for slug in self.outside.witness.paused().await {
            let before = self.world().look().platforms.get_mut(&slug).unwrap().paused.take();
            let done = self.desk.store.resume_channel(&slug, OFFICER, self.now()).await;
            if done.is_ok() {
                self.say(format!("{slug} is resumed"));
            } else {
                self.world().look().platforms.get_mut(&slug).unwrap().paused = before;
            }
        }
    }

    /// A post that the program knows the id of.
    fn some_standing(&mut self) -> Option<(String, usize)> {
        let found: Vec<_> = {
            let world = self.world().look();
            let of = |(slug, p): (&String, &crate::world::Platform)| {
                let posts = p.posts.iter().enumerate().filter(|(_, s)| s.gone.is_none() && s.answered.is_some());
                posts.map(|(n, _)| (slug.clone(), n)).collect::<Vec<_>>()
            };
            world.platforms.iter().flat_map(of).collect()
        };
        self.chance.pick(&found)
    }

    async fn delete_by_hand(&mut self) {
        let Some((slug, place)) = self.some_standing() else { return };
        let post = self.delete(&slug, place);
        // Some say so, others let it be found out.
        if let Some(post) = post.filter(|_| self.chance.percent(30)) {
            self.resolve_truly(post, &slug).await;
        }
    }

    /// What stands there is taken down by hand.
    pub fn take_down_by_hand(&mut self, post: usize, slug: &str) {
        let place =
            self.world().look().platforms[slug].posts.iter().rposition(|s| s.post == Some(post) && s.gone.is_none());
        place.and_then(|place| self.delete(slug, place));
    }

    fn delete(&mut self, slug: &str, place: usize) -> Option<usize> {
        let mut world = self.outside.world.look();
        let now = world.now;
        let standing = &mut world.platforms.get_mut(slug).unwrap().posts[place];
        standing.gone = Some(now);
        let (id, post) = (standing.id.clone(), standing.post);
        world.tell(format!("{id} (post {post:?}) is deleted by hand"));
        world.tally.count("deleted by hand");
        drop(world);
        let known = post.filter(|n| !self.world().look().posts[*n].forgotten);
        known.into_iter().for_each(|post| self.touch(post));
        known
    }

    fn edit_by_hand(&mut self) {
        let Some((slug, place)) = self.some_standing() else { return };
        let mut world = self.outside.world.look();
        let (since, ours, stamp) = (world.now, world.ours(), world.stamp(&slug));
        let standing = &mut world.platforms.get_mut(&slug).unwrap().posts[place];
        standing.texts.push(Text {
            reads: "Исправлено коллегой".into(),
            since,
            ours,
            stamp,
            edit: true,
            timed: None,
            pictures: 0,
        });
        let (id, post) = (standing.id.clone(), standing.post);
        world.tell(format!("{id} (post {post:?}) is edited by hand"));
        world.tally.count("edited by hand");
        drop(world);
        if let Some(post) = post {
            self.touch(post);
        }
    }

    fn post_by_hand(&mut self) {
        let slugs: Vec<_> = self.world().look().platforms.keys().cloned().collect();
        let Some(slug) = self.chance.pick(&slugs) else { return };
        let mut world = self.outside.world.look();
        let (since, ours, stamp) = (world.now, world.ours(), world.stamp(&slug));
        let platform = world.platforms.get_mut(&slug).unwrap();
        platform.posts.push(crate::world::Standing {
            id: format!("{slug}-{}", platform.posts.len() + 1),
            delivery: None,
            post: None,
            stamp,
            listed_from: since,
            answered: Some(0),
            texts: vec![Text {
                reads: "Поздравляем!".into(),
                since,
                ours,
                stamp,
                edit: false,
                timed: None,
                pictures: 0,
            }],
            gone: None,
        });
    }
}

/// A person may be refused, and the disk may be full; that the database contradicts the program has no other reason than
/// the program.
fn must_be_explained(world: &mut Inner, error: &StoreError) {
    if matches!(error, StoreError::Database(_) | StoreError::Forbidden(_)) {
        world.complain(format!("a person's word was lost: {error}"));
    }
}
