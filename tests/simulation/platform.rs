//! An adapter over a platform in memory. Everything that can go wrong on the way does, by chance.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use vestnik_contract::{
    Adapter, AdapterError, Content, DeliveryKey, DoubtPolicy, Evidence, Found, Health, LengthUnit, Limits, Markup,
    Misfit, Pace, PlatformClock, Prepared, Presence, PublishError, Purpose, Receipt, RemoteId, RemotePost, Rendered,
    Shown, Sighting, Told, Traits,
};

use crate::chance::Chance;
use crate::checks;
use crate::world::{Inner, Standing, Text, World, post_of};

/// Must never be written down: whoever stores the `Debug` of an adapter is found.
pub const SECRET: &str = "planted-token-4f1c";

/// A list shows a new post after this at the latest: before the last look of [`Adapter::doubt_policy`], also when our
/// clock is moved between two looks.
const LISTED_WITHIN_SECONDS: i64 = 45;

/// A follower that does not tell the time is released by the other clocks, and where its own is behind its stamp is
/// early: the history then says so. Until that is decided, a follower whose clock is behind always tells it.
const A_CLOCK_BEHIND_MAY_BE_HIDDEN: bool = false;

#[derive(Debug)]
pub struct Toy {
    pub world: Arc<World>,
    pub slug: String,
    /// Held by a person's command, which does not die with the daemon.
    pub by_person: bool,
    #[expect(dead_code, reason = "read through Debug")]
    pub token: &'static str,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    Refused,
    LostRequest,
    LostReply,
    Later(Option<Duration>),
    Locked,
    Unclear,
    NoClock,
    DiesBefore,
    DiesAfter,
}

fn told(what: &str) -> Told {
    Told::plain(what)
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
        media: None,
        url: format!("https://{}.test/", s.id).parse().ok(),
        platform_time: Some(s.stamp),
    }
}

impl Toy {
    /// One call on its way: some turns of the others, then what happens to it.
    async fn call(&self, op: &'static str, subject: &str) -> Fault {
        let fault = {
            let mut world = self.world.look();
            let key = format!("{} {op} {subject} {}", self.slug, self.by_person);
            let nth = *world.calls.entry(key.clone()).and_modify(|n| *n += 1).or_insert(0);
            let mut chance = Chance::of((world.seed, &key, nth));
            let turns = chance.below(6);
            let fault = self.fault(&mut world, op, &mut chance);
            if fault != Fault::None {
                let name = format!("{} {op} {subject}: {fault:?}", self.slug);
                world.tell(name);
            }
            (turns, fault)
        };
        for _ in 0..fault.0 {
            tokio::task::yield_now().await;
        }
        if fault.1 == Fault::DiesBefore {
            self.die().await;
        }
        fault.1
    }

    fn fault(&self, world: &mut Inner, op: &'static str, chance: &mut Chance) -> Fault {
        let now = world.now;
        let p = &world.platforms[&self.slug];
        if p.locked_until.is_some_and(|until| now < until) && op != "clock" {
            return Fault::Locked;
        }
        let tells_late = p.primary || p.ahead >= TimeDelta::zero();
        let writes = matches!(op, "publish" | "edit" | "retract");
        // Questions are asked every few seconds, writes are few.
        if !chance.percent(if writes { world.trouble * 2 } else { world.trouble }) {
            return Fault::None;
        }
        let dies = world.crashes && !self.by_person && (writes || chance.percent(15));
        let fault = match chance.below(20) {
            0..3 if writes => Fault::LostRequest,
            3..7 if writes => Fault::LostReply,
            7 if op == "publish" || op == "edit" => Fault::Refused,
            8..11 if dies => Fault::DiesBefore,
            11..14 if dies => Fault::DiesAfter,
            14 if op != "clock" && chance.percent(30) => {
                let until = now + TimeDelta::minutes(chance.between(10, 600));
                world.platforms.get_mut(&self.slug).unwrap().locked_until = Some(until);
                Fault::Locked
            }
            15 if matches!(op, "presence" | "clock") && (tells_late || A_CLOCK_BEHIND_MAY_BE_HIDDEN) => Fault::NoClock,
            16 if !writes && op != "prepare" => Fault::Unclear,
            17 => Fault::Later(Some(Duration::from_secs(chance.between(1, 1200).unsigned_abs()))),
            _ => Fault::Later(None),
        };
        world.tally.count(match fault {
            Fault::LostRequest => "lost requests",
            Fault::LostReply => "lost replies",
            Fault::Refused => "refusals",
            Fault::DiesBefore | Fault::DiesAfter => "crashes in a call",
            Fault::Locked => "lost rights",
            Fault::NoClock => "answers without a time",
            _ => "passing failures",
        });
        fault
    }

    /// The program ends here; nobody hears the answer.
    async fn die(&self) -> ! {
        self.world.crash.notify_one();
        std::future::pending().await
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

    fn refusal(&self, fault: Fault, delivery: Option<uuid::Uuid>) -> Option<PublishError> {
        let error = match fault {
            Fault::None | Fault::LostReply | Fault::NoClock | Fault::DiesAfter | Fault::DiesBefore => return None,
            Fault::Refused => PublishError::Rejected { told: told("the platform refuses this text") },
            Fault::LostRequest => PublishError::InDoubt { told: told("the connection ended before an answer came") },
            Fault::Locked => PublishError::Unauthorised { told: told("the token is not valid") },
            Fault::Unclear => PublishError::Retry { after: None, told: told("the platform answered something else") },
            Fault::Later(after) => PublishError::Retry { after, told: told("too many requests") },
        };
        if let (PublishError::Retry { after, .. }, Some(delivery)) = (&error, delivery) {
            let mut world = self.world.look();
            let (now, moment) = (world.now, world.moment);
            let until = world.ours() + after.unwrap_or(Duration::from_secs(15));
            world.platforms.get_mut(&self.slug).unwrap().waits.insert(delivery, (until, now, moment));
        }
        Some(error)
    }

    fn no_answer(fault: Fault) -> Option<AdapterError> {
        Some(match fault {
            Fault::None | Fault::NoClock | Fault::DiesAfter | Fault::DiesBefore => return None,
            Fault::Locked => AdapterError::Unauthorised { told: told("the token is not valid") },
            Fault::Unclear => AdapterError::Unclear { told: told("this is not the answer of the platform") },
            Fault::Later(after) => AdapterError::Retry { after, told: told("too many requests") },
            Fault::Refused | Fault::LostRequest | Fault::LostReply => {
                AdapterError::Retry { after: None, told: told("no answer") }
            }
        })
    }

    /// What a write comes to once the platform did it.
    async fn done<T>(&self, fault: Fault, answer: T) -> Result<T, PublishError> {
        tokio::task::yield_now().await;
        match fault {
            Fault::DiesAfter => self.die().await,
            Fault::LostReply => Err(PublishError::InDoubt { told: told("the answer was lost") }),
            _ => Ok(answer),
        }
    }

    async fn asked<T>(&self, fault: Fault, answer: T) -> Result<T, AdapterError> {
        tokio::task::yield_now().await;
        if fault == Fault::DiesAfter {
            self.die().await;
        }
        Ok(answer)
    }

    async fn see(&self, op: &'static str, id: &str) -> Result<Sighting, AdapterError> {
        let fault = self.call(op, id).await;
        if let Some(error) = Self::no_answer(fault) {
            return Err(error);
        }
        let sighting = {
            let world = self.world.look();
            let clock = self.clock_of(&world, fault);
            match world.text(&self.slug, id) {
                Some((_, s)) => stands(clock, s, world.platforms[&self.slug].site),
                None => Sighting { presence: Presence::Gone, clock },
            }
        };
        self.asked(fault, sighting).await
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
            pictures_max: 0,
            documents_max: 0,
            documents_with_pictures: false,
            picture_bytes_max: 0,
            document_bytes_max: 0,
            picture_side_max: None,
            picture_types: Vec::new(),
        }
    }

    fn pace(&self) -> Pace {
        Pace { gap: Duration::from_secs(5), per_day: None }
    }

    fn doubt_policy(&self) -> DoubtPolicy {
        DoubtPolicy {
            first_look_after: Duration::from_secs(20),
            look_interval: Duration::from_secs(30),
            looks: 3,
            resends: 2,
            resend_within: None,
        }
    }

    fn render(&self, content: &Content) -> Result<Rendered, Vec<Misfit>> {
        let body = format!("{}\n{}", content.title, content.body);
        Ok(Rendered {
            title: None,
            plain: body.clone(),
            length: body.chars().count(),
            body,
            markup: Markup::Plain,
            link: None,
            tags: Vec::new(),
            media: Vec::new(),
        })
    }

    async fn prepare(
        &self,
        post: &Rendered,
        key: &DeliveryKey,
        _: Purpose<'_>,
        _: Option<&Prepared>,
    ) -> Result<Prepared, PublishError> {
        checks::asked_to_wait(&mut self.world.look(), &self.slug, key.delivery, &post.plain);
        let fault = self.call("prepare", &key.delivery.to_string()).await;
        if let Some(error) = self.refusal(fault, Some(key.delivery)) {
            return Err(error);
        }
        let at = self.world.look().ours();
        let prepared = Prepared { key: *key, post: post.clone(), at, notes: serde_json::Value::Bool(true) };
        self.done(fault, prepared).await
    }

    async fn publish(&self, prepared: &Prepared) -> Result<Receipt, PublishError> {
        let delivery = prepared.key.delivery;
        let fault = self.call("publish", &delivery.to_string()).await;
        if let Some(error) = self.refusal(fault, Some(delivery)) {
            return Err(error);
        }
        let receipt = {
            let mut world = self.world.look();
            let text = prepared.post.plain.clone();
            checks::published(&mut world, &self.slug, &text);
            let (now, ours, stamp) = (world.now, world.ours(), world.stamp(&self.slug));
            let late = Chance::of((world.seed, delivery, now)).between(-60, LISTED_WITHIN_SECONDS).max(0);
            let id = format!("{}-{}", self.slug, world.platforms[&self.slug].posts.len() + 1);
            let line = format!("{id} stands: {}", text.lines().next().unwrap_or_default());
            let standing = Standing {
                id,
                delivery: Some(delivery),
                post: post_of(&text),
                stamp,
                listed_from: now + TimeDelta::seconds(late),
                answered: fault == Fault::None,
                texts: vec![Text { reads: text, since: now, ours, stamp, edit: false }],
                gone: None,
            };
            let receipt = self.receipt(&world, &standing);
            world.platforms.get_mut(&self.slug).unwrap().posts.push(standing);
            world.tell(line);
            world.tally.count("posts out");
            receipt
        };
        self.done(fault, receipt).await
    }

    async fn find(&self, prepared: &Prepared, known: &[RemoteId]) -> Result<Found, AdapterError> {
        let delivery = prepared.key.delivery;
        let fault = self.call("find", &delivery.to_string()).await;
        if let Some(error) = Self::no_answer(fault) {
            return Err(error);
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
        self.asked(fault, found).await
    }

    async fn presence(&self, id: &RemoteId) -> Result<Sighting, AdapterError> {
        self.see("presence", &id.0).await
    }

    async fn edit(&self, id: &RemoteId, prepared: &Prepared) -> Result<Receipt, PublishError> {
        let fault = self.call("edit", &id.0).await;
        if let Some(error) = self.refusal(fault, None) {
            return Err(error);
        }
        let receipt = {
            let mut world = self.world.look();
            let Some(place) = world.text(&self.slug, &id.0).filter(|(_, s)| s.gone.is_none()).map(|(place, _)| place)
            else {
                return Err(PublishError::Rejected { told: told("there is no such post") });
            };
            let text = prepared.post.plain.clone();
            checks::edited(&mut world, &self.slug, &text);
            let (since, ours, stamp) = (world.now, world.ours(), world.stamp(&self.slug));
            let line = format!("{id} now reads: {}", text.lines().next().unwrap_or_default());
            world.tell(line);
            world.tally.count("edits");
            let standing = &mut world.platforms.get_mut(&self.slug).unwrap().posts[place];
            if standing.now().reads != text {
                standing.texts.push(Text { reads: text, since, ours, stamp, edit: true });
            }
            let standing = standing.clone();
            self.receipt(&world, &standing)
        };
        self.done(fault, receipt).await
    }

    async fn retract(&self, id: &RemoteId) -> Result<(), PublishError> {
        let fault = self.call("retract", &id.0).await;
        if let Some(error) = self.refusal(fault, None) {
            return Err(error);
        }
        {
            let mut world = self.world.look();
            let now = world.now;
            world.tell(format!("{id} is taken down"));
            world.tally.count("withdrawals");
            let platform = world.platforms.get_mut(&self.slug).unwrap();
            if let Some(standing) = platform.posts.iter_mut().find(|s| s.id == id.0) {
                standing.gone.get_or_insert(now);
            }
        }
        self.done(fault, ()).await
    }

    async fn feed(&self, _: DateTime<Utc>) -> Result<Vec<RemotePost>, AdapterError> {
        Ok(Vec::new())
    }

    async fn check(&self) -> Result<Health, AdapterError> {
        Err(AdapterError::Unsupported("nobody asks".into()))
    }

    async fn clock(&self) -> Result<PlatformClock, AdapterError> {
        let fault = self.call("clock", "").await;
        if let Some(error) = Self::no_answer(fault) {
            return Err(error);
        }
        let clock = {
            let mut world = self.world.look();
            let clock = self.clock_of(&world, fault);
            let moment = world.moment;
            if clock.header.is_none() {
                world.platforms.get_mut(&self.slug).unwrap().clock_hidden = Some(moment);
            }
            clock
        };
        self.asked(fault, clock).await
    }

    async fn at_address(&self, url: &url::Url) -> Result<(RemoteId, Sighting), AdapterError> {
        let id = url.host_str().unwrap_or_default().trim_end_matches(".test").to_owned();
        let sighting = self.see("at_address", &id).await?;
        Ok((RemoteId(id), sighting))
    }
}
