//! The same acts on the real store: what it answers and what it holds must be what the model says.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use vestnik::domain::clocks::Verdict;
use vestnik::domain::{AttemptId, DeliveryId, Hold, OwnReason, PostContent, PostId, Reason, StopKind};
use vestnik::journal::event::{By, Looked};
use vestnik::store::{
    Asking, Begin, ChannelSetup, Claim, Clocks, Confirmation, Doubt, Intent, Look, LookAfter, NewPost,
    OrganisationSetup, Outcome, PostFilter, RandomIds, Store, StoreError, Unsent,
};
use vestnik_contract::Receipt;

use crate::act::{Act, Answer};
use crate::after::{clocks, policy, receipt};
use crate::rules::Rules;
use crate::situation::{
    CHANNELS, FOLLOWER, LEASE, PRIMARY, Phase, Situation, TICK, Ticks, Worker, hold_length, moment,
};

const SLUGS: [&str; 2] = ["gorod-max", "gorod-vk"];

/// An office on a database of its own, with one post in it.
pub struct Real {
    store: Store,
    rules: Rules,
    post: PostId,
    deliveries: [DeliveryId; 2],
    /// What our clock shows.
    now: DateTime<Utc>,
    /// What it should show.
    right: DateTime<Utc>,
    stood: [Option<DateTime<Utc>>; 2],
    starts: u32,
    daemons: [Daemon; 2],
}

#[derive(Default)]
struct Daemon {
    instance: String,
    claims: [Option<Claim>; 2],
    calls: [Option<AttemptId>; 2],
    missed: [Option<Doubt>; 2],
}

fn morning() -> DateTime<Utc> {
    "2026-11-23T06:00:00Z".parse().unwrap()
}

/// A database in which one post is queued; copies of it are cheaper than new ones.
pub async fn prepare(file: &Path) {
    let store = Store::open(file).await.unwrap();
    let channel =
        |nth: usize| ChannelSetup { slug: SLUGS[nth].into(), platform: "toy".into(), primary: nth == PRIMARY };
    let office = OrganisationSetup {
        slug: "gorod".into(),
        name: "Администрация города".into(),
        time_zone: "Europe/Moscow".into(),
        channels: CHANNELS.map(channel).into(),
    };
    store.set_up(vec![office], true).await.unwrap();
    let content = PostContent {
        title: "Мост открыт".into(),
        body: "Движение по мосту открыто.".into(),
        link: None,
        tags: vec![],
        media: vec![],
        overrides: std::collections::BTreeMap::new(),
    };
    let post = NewPost {
        organisation: "gorod".into(),
        content,
        primary: SLUGS[PRIMARY].into(),
        followers: vec![(SLUGS[FOLLOWER].into(), None)],
        at: morning(),
        expires_at: None,
        key: None,
        request_sha256: "0".repeat(64),
        by: "Офицер".into(),
        hold: hold_length(),
    };
    store.queue_post(post, morning()).await.unwrap();
    store.close().await;
}

impl Real {
    pub async fn open(file: PathBuf, rules: &Rules) -> Self {
        let store = Store::open_with(&file, Arc::new(RandomIds::default())).await.unwrap();
        let post = store.post_page(&PostFilter::default(), None, 1).await.unwrap().posts.remove(0);
        let mut daemons: [Daemon; 2] = <_>::default();
        daemons[0].instance = "A-0".into();
        Self {
            store,
            rules: rules.clone(),
            post: post.id,
            deliveries: [post.deliveries[PRIMARY].id, post.deliveries[FOLLOWER].id],
            now: morning(),
            right: morning(),
            stood: [None; 2],
            starts: 0,
            daemons,
        }
    }

    pub async fn close(self) {
        self.store.close().await;
    }

    /// Does it, and says where the store and the model disagree.
    pub async fn perform(&mut self, act: Act, after: &Situation) -> Result<(), String> {
        match act {
            Act::Tick => (self.now, self.right) = (self.now + TICK, self.right + TICK),
            Act::Step(by) => {
                let before = self.now;
                self.now = moment(before, by);
                if by > 0 && after.daemons.iter().any(|d| d.up) {
                    self.store.clock_went_forward(before, self.now).await.map_err(told)?;
                }
            }
            Act::Crash(d) => self.daemons[d] = Daemon::default(),
            Act::Start(d) => {
                self.starts += 1;
                self.daemons[d].instance = format!("{}-{}", ["A", "B"][d], self.starts);
                self.store.take_over(&self.daemons[d].instance, self.now).await.map_err(told)?;
            }
            Act::ClockWentBack(_) => self.store.clock_went_back(self.now).await.map_err(told)?,
            Act::DoubtOrphans(d) => {
                let alive = self.daemons[d].calls.iter().flatten().copied().collect();
                let n = self.store.doubt_orphans(&self.daemons[d].instance, alive, self.now).await.map_err(told)?;
                same("orphans were found", &(n > 0), &true)?;
            }
            Act::Claim(d, c) => {
                let (instance, until) = (&self.daemons[d].instance, moment(self.now, LEASE));
                let claim = self.store.claim(SLUGS[c], self.now, instance, until).await.map_err(told)?;
                same("claimed", &claim.is_some(), &true)?;
                self.daemons[d].claims[c] = claim;
            }
            Act::LookFirst(d, c) => self.look_first(d, c).await?,
            Act::AskClocks(d) => self.ask_clocks(d, after).await?,
            Act::Begin(d, c) => self.begin(d, c, after).await?,
            Act::Land(c, _) => self.stood[c] = Some(self.right),
            Act::Answer(d, c, answer) => self.answer((d, c), answer).await?,
            Act::Look(d, c) => self.look(d, c).await?,
            Act::Missed(d, c) => self.missed(d, c).await?,
        }
        self.compare(after).await
    }

    fn platform_now(&self, c: usize) -> DateTime<Utc> {
        moment(self.right, self.rules.platforms_ahead[c])
    }

    fn receipt(&self, c: usize) -> Result<Receipt, String> {
        let stood = self.stood[c].ok_or("nothing stands")?;
        Ok(receipt(c, moment(stood, self.rules.platforms_ahead[c])))
    }

    fn claim(&self, d: usize, c: usize) -> Result<Claim, String> {
        self.daemons[d].claims[c].clone().ok_or_else(|| "no claim is held".into())
    }

    async fn look_first(&mut self, d: usize, c: usize) -> Result<(), String> {
        let id = self.deliveries[c];
        if self.stood[c].is_none() {
            return self.store.looked_before_sending(id, self.now).await.map_err(told);
        }
        let receipt = self.receipt(c)?;
        let hold = Hold::from_found(&receipt, receipt.platform_time.unwrap_or(self.now), hold_length());
        self.daemons[d].claims[c] = None;
        self.adopt(c, receipt, (By::Find, hold)).await
    }

    async fn adopt(&self, c: usize, receipt: Receipt, (by, hold): (By, Hold)) -> Result<(), String> {
        let found = Confirmation { receipt, by, hold, actor: "vestnik".into(), revision: Some(1) };
        self.store.adopt(self.deliveries[c], found, self.now).await.map(drop).map_err(told)
    }

    async fn ask_clocks(&self, d: usize, after: &Situation) -> Result<(), String> {
        let claim = self.claim(d, FOLLOWER)?;
        let until = claim.hold.as_ref().ok_or("a follower was claimed without a hold")?.until;
        let passed = clocks(until, self.now, CHANNELS.map(|c| self.platform_now(c))) == Verdict::Passed;
        same(
            "every clock says that the hold has passed",
            &passed,
            &(after.daemons[d].workers[FOLLOWER] == Worker::Ready),
        )?;
        if passed {
            return Ok(());
        }
        let why = Unsent::Postponed(
            self.now + TimeDelta::seconds(15),
            Reason::own(OwnReason::HoldNotPassed, "a clock says «not yet»"),
        );
        self.store.unsent(&claim, why, self.now).await.map_err(told)
    }

    async fn begin(&mut self, d: usize, c: usize, after: &Situation) -> Result<(), String> {
        let claim = self.claim(d, c)?;
        self.daemons[d].claims[c] = None;
        let instance = self.daemons[d].instance.clone();
        let intent = Intent {
            claim: claim.clone(),
            prepared: None,
            clocks: Clocks::default(),
            instance: instance.clone(),
            lease_until: moment(self.now, LEASE),
            gap: Duration::ZERO,
        };
        let begin = self.store.begin_attempt(intent, self.now).await.map_err(told)?;
        let begun = matches!(after.daemons[d].workers[c], Worker::Calling { .. });
        same("begun", &matches!(begin, Begin::Now(_)), &begun)?;
        match begin {
            Begin::Now(begun) => self.daemons[d].calls[c] = Some(begun.attempt),
            Begin::NotNow(_) => self.store.unclaim(&claim, &instance).await.map_err(told)?,
        }
        Ok(())
    }

    async fn answer(&mut self, (d, c): (usize, usize), answer: Answer) -> Result<(), String> {
        let attempt = self.daemons[d].calls[c].take().ok_or("no call is made")?;
        let said = Reason::own(OwnReason::Remark, format!("{answer:?}"));
        let outcome = match answer {
            Answer::Receipt => {
                let receipt = self.receipt(c)?;
                let hold = Hold::from_receipt(&receipt, self.now, hold_length());
                Outcome::Confirmed { receipt, by: By::Platform, hold }
            }
            Answer::Refused => Outcome::Retry { told: said, at: self.now + TimeDelta::seconds(15) },
            Answer::Rejected => Outcome::Rejected(said),
            Answer::Lost => Outcome::InDoubt { told: said, look_at: self.now + policy().first_look_after },
        };
        match (self.store.settle(attempt, outcome.clone(), self.now, None).await, outcome) {
            (Ok(_), _) => Ok(()),
            // Given up meanwhile.
            (Err(StoreError::Refused(_)), Outcome::Confirmed { receipt, by, hold }) => {
                self.adopt(c, receipt, (by, hold)).await
            }
            (Err(StoreError::Refused(_)), _) => Ok(()),
            (Err(error), _) => Err(told(error)),
        }
    }

    async fn look(&mut self, d: usize, c: usize) -> Result<(), String> {
        let due = self.store.due_looks(self.now).await.map_err(told)?;
        let doubt = due.into_iter().find(|doubt| doubt.delivery.id == self.deliveries[c]).ok_or("no look is due")?;
        let earliest = doubt.started_at + policy().first_look_after;
        if self.now < earliest {
            let look = Look::NoAnswer(earliest, Reason::own(OwnReason::LookAhead, "too early"));
            return self.store.looked(doubt.attempt, look, self.now).await.map_err(told);
        }
        if self.stood[c].is_none() {
            self.daemons[d].missed[c] = Some(doubt);
            return Ok(());
        }
        let receipt = self.receipt(c)?;
        let hold = Hold::from_found(&receipt, doubt.started_at, hold_length());
        let outcome = Outcome::Confirmed { receipt, by: By::Find, hold };
        self.store.settle(doubt.attempt, outcome, self.now, None).await.map(drop).map_err(told)
    }

    async fn missed(&mut self, d: usize, c: usize) -> Result<(), String> {
        let doubt = self.daemons[d].missed[c].take().ok_or("no look was made")?;
        let look = if doubt.looks + 1 < policy().looks {
            Look::Nothing(self.now + policy().look_interval)
        } else if doubt.resends < policy().resends {
            let reason = Reason::own(OwnReason::NothingFound, "nothing");
            let outcome = Outcome::NotAccepted { reason, at: self.now, actor: "vestnik".into() };
            return self.store.settle(doubt.attempt, outcome, self.now, None).await.map(drop).map_err(told);
        } else {
            Look::Ask(LookAfter {
                kind: StopKind::UnknownOutcome,
                reason: "nothing".into(),
                todo: "look".into(),
                found: Looked::No,
            })
        };
        self.store.looked(doubt.attempt, look, self.now).await.map_err(told)
    }

    /// What stands in the database, and what the store would give out now.
    async fn compare(&self, after: &Situation) -> Result<(), String> {
        let view = self.store.post_view(self.post).await.map_err(told)?;
        for (c, channel) in after.channels.iter().enumerate() {
            let d = &view.deliveries[c];
            same(&format!("state on {}", SLUGS[c]), &d.delivery.state, &channel.state)?;
            let open = d.attempts.last().map(|a| &*a.outcome).filter(|o| matches!(*o, "open" | "in_doubt"));
            let phase = channel.attempt.map(|a| if a.phase == Phase::Open { "open" } else { "in_doubt" });
            same(&format!("attempt on {}", SLUGS[c]), &open, &phase)?;
        }
        let hold = view.holds.last().map(|hold| hold.until <= self.now);
        same("the hold has passed by our clock", &hold, &after.hold.map(|until: Ticks| until <= 0))?;
        for (d, daemon) in self.daemons.iter().enumerate().filter(|(d, _)| after.daemons[*d].up) {
            let (instance, horizon) = (&*daemon.instance, self.now);
            let asking = Asking { instance, alive: Vec::new(), busy: Vec::new(), horizon };
            let mut due = self.store.round(self.now, asking).await.map_err(told)?.channels;
            due.sort_unstable();
            let wanted = CHANNELS.into_iter().filter(|c| after.is_claimable(d, *c, &self.rules));
            same("claimable", &due, &wanted.map(|c| SLUGS[c].to_owned()).collect())?;
        }
        let looks = self.store.due_looks(self.now).await.map_err(told)?;
        let mut due: Vec<_> = looks.into_iter().map(|doubt| doubt.delivery.channel).collect();
        due.sort_unstable();
        let wanted = CHANNELS.into_iter().filter(|c| after.is_look_due(*c));
        same("looks that are due", &due, &wanted.map(|c| SLUGS[c].to_owned()).collect())
    }
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, real: &T, model: &T) -> Result<(), String> {
    if real == model { Ok(()) } else { Err(format!("{what}: the store says {real:?}, the model {model:?}")) }
}

#[expect(clippy::needless_pass_by_value, reason = "for map_err")]
fn told(error: StoreError) -> String {
    format!("the store refuses: {error}")
}
