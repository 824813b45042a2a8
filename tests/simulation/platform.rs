//! An adapter over a platform in memory. Everything that can go wrong on the way does, by chance.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use vestnik_contract::{
    Adapter, AdapterError, Content, DeliveryKey, DoubtPolicy, Drawn, Evidence, Found, Health, LengthUnit, Limits,
    Markup, Pace, PlatformClock, Prepared, Presence, PublishError, Purpose, Receipt, RemoteId, RemotePost, Rendered,
    Shown, Sighting, Told, ToldKind, Traits,
};

use crate::chance::Chance;
use crate::checks;
use crate::faults::Fault;
use crate::turns::{Life, Turn};
use crate::witness::Witness;
use crate::world::{Inner, OnItsWay, Standing, World, post_of};

/// Must never be written down: whoever stores the `Debug` of an adapter is found.
pub const SECRET: &str = "planted-token-4f1c";

#[derive(Debug)]
pub struct Toy {
    pub world: Arc<World>,
    pub slug: String,
    pub life: Arc<Life>,
    pub witness: Arc<Witness>,
    #[expect(dead_code, reason = "read through Debug")]
    pub token: &'static str,
}

fn stands(clock: PlatformClock, s: &Standing, opaque: bool) -> Sighting {
    let presence = if s.gone.is_some() { Presence::Gone } else { Presence::Live(shown(s, opaque)) };
    Sighting { presence, clock }
}

fn shown(s: &Standing, opaque: bool) -> Shown {
    Shown {
        text: s.now().reads.clone(),
        cut: false,
        opaque,
        media: Some(s.now().pictures),
        url: format!("https://{}.test/", s.id).parse().ok(),
        platform_time: Some(s.stamp),
    }
}

impl Toy {
    /// One call on its way, until it arrives: what happens to it, and the turn in which it does.
    async fn call(&self, op: &'static str, subject: &str, post: Option<usize>) -> (Fault, Turn) {
        let turn = self.life.turn(false).await;
        let fault = {
            let mut world = self.world.look();
            let key = format!("{} {op} {subject} {}", self.slug, self.life.by_person);
            let nth = *world.calls.entry(key.clone()).and_modify(|n| *n += 1).or_insert(0);
            let mut chance = Chance::of((world.seed, &key, nth));
            let fault = Fault::by_chance(&mut world, (&self.slug, op), &mut chance, &self.life);
            if fault != Fault::None {
                world.tell(format!("{} {op} {subject}: {fault:?}", self.slug));
            }
            world.at_work.extend(post.map(|post| (self.slug.clone(), post)));
            fault
        };
        if let (true, Some(post)) = (fault != Fault::None, post) {
            self.book(fault, post).await;
        }
        let Some(time) = fault.on_its_way() else { return (fault, turn) };
        drop(turn);
        tokio::time::sleep(time).await;
        (fault, self.life.turn(false).await)
    }

    /// Notes in which state of its delivery a call met a fault. Nobody else has a turn meanwhile.
    async fn book(&self, fault: Fault, post: usize) {
        let id = self.world.look().posts[post].id;
        if let Some(state) = self.witness.state(id, &self.slug).await {
            self.world.look().tally.meets(fault.name(), state);
        }
    }

    fn clock_of(&self, world: &Inner, fault: Fault) -> PlatformClock {
        let p = &world.platforms[&self.slug];
        let hidden = p.silent || fault == Fault::NoClock;
        PlatformClock { header: (!hidden).then(|| world.stamp(&self.slug)), method: None }
    }

    fn receipt(&self, world: &Inner, s: &Standing) -> Receipt {
        Receipt {
            id: RemoteId(s.id.clone()),
            url: format!("https://{}.test/", s.id).parse().ok(),
            platform_time: Some(s.stamp),
            server_date: self.clock_of(world, Fault::None).header,
            remark: None,
            answer: Some(Evidence { status: 200, body: format!("{{\"id\":\"{}\"}}", s.id) }),
            shown: None,
        }
    }

    /// The platform does not do it; when it says to wait, it means so.
    fn refused(&self, fault: Fault, delivery: Option<uuid::Uuid>) -> Option<PublishError> {
        let error = fault.refusal()?;
        if let (PublishError::Retry { after, .. }, Some(delivery)) = (&error, delivery) {
            let mut world = self.world.look();
            let (now, moment) = (world.now, world.moment);
            let until = world.ours() + after.unwrap_or(Duration::from_secs(15));
            world.platforms.get_mut(&self.slug).unwrap().waits.insert(delivery, (until, now, moment, self.life.number));
        }
        Some(error)
    }

    /// What a write comes to once the platform did it.
    async fn done<T>(&self, (fault, turn): (Fault, Turn), answer: T) -> Result<T, PublishError> {
        self.on_its_way_back((fault, turn)).await;
        fault.lost().map_or(Ok(answer), Err)
    }

    /// The answer came: nobody waits any more.
    fn is_settled(&self, post: Option<usize>) {
        if let Some(post) = post {
            self.world.look().hanging.remove(&post);
        }
    }

    async fn on_its_way_back(&self, (fault, turn): (Fault, Turn)) {
        drop(turn);
        if let Fault::SlowReply(time) = fault {
            tokio::time::sleep(time).await;
            drop(self.life.turn(false).await);
        }
    }

    async fn see(&self, op: &'static str, id: &str) -> Result<Sighting, AdapterError> {
        let post = self.world.look().concerned(&self.slug, "", id);
        let (fault, turn) = self.call(op, id, post).await;
        if let Some(error) = fault.no_answer() {
            return Err(error);
        }
        let sighting = {
            let mut world = self.world.look();
            let clock = self.clock_of(&world, fault);
            if fault != Fault::OutOfSight {
                world.heard_of(&self.slug, id, clock.header.is_some());
            }
            match world.text(&self.slug, id) {
                Some(_) if fault == Fault::OutOfSight => {
                    Sighting { presence: Presence::Unknown("it is not shown".into()), clock }
                }
                Some((_, s)) => stands(clock, s, world.platforms[&self.slug].site),
                None => Sighting { presence: Presence::Gone, clock },
            }
        };
        self.on_its_way_back((fault, turn)).await;
        Ok(sighting)
    }
}

fn in_feed(s: &Standing) -> RemotePost {
    RemotePost {
        id: RemoteId(s.id.clone()),
        url: None,
        published_at: s.stamp,
        text: s.now().reads.clone(),
        media: Some(s.now().pictures),
    }
}

#[async_trait]
impl Adapter for Toy {
    fn traits(&self) -> Traits {
        let world = self.world.look();
        let p = &world.platforms[&self.slug];
        Traits {
            platform: if p.primary { "MAX" } else { "toy" },
            clock_is_witness: !p.site,
            sees_deletion: true,
            by_hand: false,
            edits: true,
            retracts: true,
            has_feed: true,
        }
    }

    fn limits(&self) -> Limits {
        Limits {
            text_max: None,
            unit: LengthUnit::Chars,
            pictures_max: 10,
            documents_max: 0,
            documents_with_pictures: false,
            picture_bytes_max: 1 << 20,
            document_bytes_max: 0,
            picture_side_max: None,
            picture_types: vec!["image/png"],
        }
    }

    fn pace(&self) -> Pace {
        Pace { gap: Duration::from_secs(5), per_day: None }
    }

    fn doubt_policy(&self) -> DoubtPolicy {
        self.world.look().platforms[&self.slug].policy.clone()
    }

    fn draw(&self, content: &Content) -> Drawn {
        let body = format!("{}\n{}", content.title, content.body);
        let rendered = Rendered {
            title: None,
            plain: body.clone(),
            length: body.chars().count(),
            body,
            markup: Markup::Plain,
            link: None,
            tags: Vec::new(),
            media: content.media.clone(),
        };
        Drawn { rendered, misfits: Vec::new() }
    }

    async fn prepare(
        &self,
        post: &Rendered,
        key: &DeliveryKey,
        _: Purpose<'_>,
        _: Option<&Prepared>,
    ) -> Result<Prepared, PublishError> {
        {
            let mut world = self.world.look();
            checks::asked_to_wait(&mut world, (&self.slug, self.life.number), key.delivery, &post.plain);
            world.tries(&self.slug, &post.plain);
        }
        let (fault, turn) = self.call("prepare", &key.delivery.to_string(), post_of(&post.plain)).await;
        if let Some(error) = self.refused(fault, Some(key.delivery)) {
            return Err(error);
        }
        let at = self.world.look().ours();
        let prepared = Prepared { key: *key, post: post.clone(), at, notes: serde_json::Value::Bool(true) };
        self.done((fault, turn), prepared).await
    }

    async fn publish(&self, prepared: &Prepared) -> Result<Receipt, PublishError> {
        let delivery = prepared.key.delivery;
        let ahead = {
            let mut world = self.world.look();
            checks::published(&mut world, &self.slug, &prepared.post);
            world.platforms[&self.slug].ahead
        };
        let post = post_of(&prepared.post.plain);
        let (fault, turn) = self.call("publish", &delivery.to_string(), post).await;
        if let Some(error) = self.refused(fault, Some(delivery)) {
            let mut world = self.world.look();
            if let Fault::ArrivesLate(after) = fault {
                let (at, slug) = (world.now + after, self.slug.clone());
                world.on_their_way.push(OnItsWay { at, slug, prepared: prepared.clone() });
            }
            return Err(error);
        }
        let (id, receipt) = {
            let mut world = self.world.look();
            if world.platforms[&self.slug].ahead < ahead {
                world.stepped_under_a_call = Some(world.now);
            }
            let standing = world.stands(&self.slug, prepared);
            (standing.id.clone(), self.receipt(&world, &standing))
        };
        self.done((fault, turn), receipt).await.inspect(|_| {
            self.is_settled(post);
            self.world.look().answers(&self.slug, &id);
        })
    }

    async fn find(&self, prepared: &Prepared, known: &[RemoteId]) -> Result<Found, AdapterError> {
        let delivery = prepared.key.delivery;
        self.world.look().tries(&self.slug, &prepared.post.plain);
        let (fault, turn) = self.call("find", &delivery.to_string(), post_of(&prepared.post.plain)).await;
        if let Some(error) = fault.no_answer() {
            return Err(error);
        }
        if fault == Fault::Ambiguous {
            return Ok(Found::CannotTell("two posts there read much like it".into()));
        }
        let found = {
            let world = self.world.look();
            let p = &world.platforms[&self.slug];
            // The primary is searched by its text, as MAX is; the others know a key.
            let ours = |s: &&Standing| {
                if p.primary { s.now().reads == prepared.post.plain } else { s.delivery == Some(delivery) }
            };
            let mut listed = p
                .posts
                .iter()
                .filter(|s| s.gone.is_none() && s.listed_from <= world.now && !known.iter().any(|k| k.0 == s.id));
            listed.rfind(ours).map_or(Found::No(None), |s| Found::Yes(self.receipt(&world, s)))
        };
        self.on_its_way_back((fault, turn)).await;
        Ok(found)
    }

    async fn presence(&self, id: &RemoteId) -> Result<Sighting, AdapterError> {
        self.see("presence", &id.0).await
    }

    async fn edit(&self, id: &RemoteId, prepared: &Prepared) -> Result<Receipt, PublishError> {
        checks::edited(&mut self.world.look(), &self.slug, &id.0, &prepared.post);
        let post = post_of(&prepared.post.plain);
        let (fault, turn) = self.call("edit", &id.0, post).await;
        if let Some(error) = self.refused(fault, None) {
            return Err(error);
        }
        let receipt = {
            let mut world = self.world.look();
            let made = world.now_reads(&self.slug, &id.0, &prepared.post);
            if fault.lost().is_none() {
                world.heard_of(&self.slug, &id.0, true);
            }
            let Some(standing) = made else {
                return Err(PublishError::Rejected { told: Told::plain(ToldKind::PostGone, "there is no such post") });
            };
            self.receipt(&world, &standing)
        };
        self.done((fault, turn), receipt).await.inspect(|_| self.is_settled(post))
    }

    async fn retract(&self, id: &RemoteId) -> Result<(), PublishError> {
        let post = self.world.look().concerned(&self.slug, "", &id.0);
        if let Some(post) = post {
            self.world.look().hangs(post);
        }
        let (fault, turn) = self.call("retract", &id.0, post).await;
        if let Some(error) = self.refused(fault, None) {
            return Err(error);
        }
        {
            let mut world = self.world.look();
            let now = world.now;
            post.into_iter().for_each(|post| world.does(post));
            world.tell(format!("{id} is taken down"));
            world.tally.count("withdrawals");
            let platform = world.platforms.get_mut(&self.slug).unwrap();
            if let Some(standing) = platform.posts.iter_mut().find(|s| s.id == id.0) {
                standing.gone.get_or_insert(now);
            }
        }
        self.done((fault, turn), ()).await.inspect(|()| self.is_settled(post))
    }

    async fn feed(&self, since: DateTime<Utc>) -> Result<Vec<RemotePost>, AdapterError> {
        let (fault, turn) = self.call("feed", "", None).await;
        if let Some(error) = fault.no_answer() {
            return Err(error);
        }
        let feed = {
            let world = self.world.look();
            let posts = world.platforms[&self.slug].posts.iter().rev();
            let shown = posts.filter(|s| s.gone.is_none() && s.listed_from <= world.now && s.stamp >= since);
            shown.map(in_feed).collect()
        };
        self.on_its_way_back((fault, turn)).await;
        Ok(feed)
    }

    async fn check(&self) -> Result<Health, AdapterError> {
        Err(AdapterError::Unsupported("nobody asks".into()))
    }

    async fn clock(&self) -> Result<PlatformClock, AdapterError> {
        let (fault, turn) = self.call("clock", "", None).await;
        if let Some(error) = fault.no_answer() {
            return Err(error);
        }
        let clock = {
            let mut world = self.world.look();
            let clock = self.clock_of(&world, fault);
            let (moment, ours, number) = (world.moment, world.ahead, self.life.number);
            let platform = world.platforms.get_mut(&self.slug).unwrap();
            if clock.header.is_some() {
                platform.told = Some((number, platform.ahead, ours));
            } else {
                platform.clock_hidden = Some(moment);
            }
            clock
        };
        self.on_its_way_back((fault, turn)).await;
        Ok(clock)
    }

    async fn at_address(&self, url: &url::Url) -> Result<(RemoteId, Sighting), AdapterError> {
        let id = url.host_str().unwrap_or_default().trim_end_matches(".test").to_owned();
        let sighting = self.see("at_address", &id).await?;
        Ok((RemoteId(id), sighting))
    }
}
