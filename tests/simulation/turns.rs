//! One thing at a time, in an order that the seed sets: operations of the database and calls of platforms wait for
//! their turn. Between two turns a program may die.

use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::task::Poll;

use futures_util::future::BoxFuture;
use tokio::sync::oneshot;
use vestnik::store::{Gate, Point, StoreError};

use crate::chance::Chance;
use crate::world::World;

/// Everything that can run without a turn has run after so many rounds of the runtime.
const SETTLING: usize = 6;

const CRASHES_BETWEEN: &str = "crashes between";
const CRASHES_BEFORE_A_COMMIT: &str = "crashes before a commit";
const CRASHES_AFTER_A_COMMIT: &str = "crashes after a commit";
const CRASHES_AFTER_THE_MIRROR: &str = "crashes after the mirror";
const FAILED_COMMITS: &str = "failed commits";
const TORN_HISTORY: &str = "torn lines of the history";

/// All that can happen to a program on its way to the database.
pub const KINDS: &[&str] = &[
    CRASHES_BETWEEN,
    CRASHES_BEFORE_A_COMMIT,
    CRASHES_AFTER_A_COMMIT,
    CRASHES_AFTER_THE_MIRROR,
    FAILED_COMMITS,
    TORN_HISTORY,
];

#[derive(Debug)]
pub struct Turns(Mutex<Inner>);

#[derive(Debug)]
struct Inner {
    chance: Chance,
    taken: usize,
    choosing: bool,
    waiting: Vec<Waiting>,
    quiet: Vec<oneshot::Sender<()>>,
}

#[derive(Debug)]
struct Waiting {
    life: Arc<Life>,
    writes: bool,
    /// The task that waits: of several that came at once, which came first is the machine's. What one task asks for
    /// stands in its order.
    task: u64,
    go: oneshot::Sender<Turn>,
}

/// A turn. It lasts until it is dropped.
#[derive(Debug)]
pub struct Turn(Arc<Turns>);

/// One run of a program, from its start to its end.
#[derive(Debug)]
pub struct Life {
    turns: Arc<Turns>,
    world: Arc<World>,
    /// Of the programs of a story, which.
    pub number: u64,
    /// A person's command: it is done before the person does something else.
    pub by_person: bool,
    /// It is up: from now on it may die.
    up: AtomicBool,
    ended: AtomicBool,
}

/// How a program's store meets its life.
#[derive(Debug)]
pub struct Door(pub Arc<Life>);

impl Turns {
    pub fn new(chance: Chance) -> Arc<Self> {
        let (waiting, quiet) = (Vec::new(), Vec::new());
        Arc::new(Self(Mutex::new(Inner { chance, taken: 0, choosing: false, waiting, quiet })))
    }

    /// Waits until whatever goes on waits for time to pass.
    pub async fn quiet(self: &Arc<Self>) {
        let (tell, told) = oneshot::channel();
        self.0.lock().unwrap().quiet.push(tell);
        self.choose_soon();
        told.await.unwrap();
    }

    /// Chooses when all who are on their way have come.
    fn choose_soon(self: &Arc<Self>) {
        let mut inner = self.0.lock().unwrap();
        if inner.taken > 0 || std::mem::replace(&mut inner.choosing, true) {
            return;
        }
        let turns = Arc::clone(self);
        tokio::spawn(async move {
            others_first().await;
            for (go, turn) in turns.choose() {
                drop(go.send(turn));
            }
        });
    }

    fn choose(self: &Arc<Self>) -> Vec<(oneshot::Sender<Turn>, Turn)> {
        let mut inner = self.0.lock().unwrap();
        let inner = &mut *inner;
        inner.choosing = false;
        if inner.taken > 0 {
            return Vec::new();
        }
        inner.waiting.retain(|w| !w.go.is_closed() && !w.life.has_ended());
        inner.waiting.sort_by_key(|w| w.task);
        let mut chosen = Vec::new();
        while !inner.waiting.is_empty() && chosen.is_empty() {
            // A task that renews a lease meanwhile does not go on with what it keeps the lease for.
            let last = |n: &usize| inner.waiting.get(n + 1).is_none_or(|next| next.task != inner.waiting[*n].task);
            let ready: Vec<_> = (0..inner.waiting.len()).filter(last).collect();
            let first = inner.waiting.remove(inner.chance.pick(&ready).unwrap());
            let life = Arc::clone(&first.life);
            if life.dies(&mut inner.chance, CRASHES_BETWEEN) {
                inner.waiting.retain(|w| !w.life.has_ended());
                continue;
            }
            let together = first.writes && inner.chance.percent(70);
            chosen.push(first);
            // Writes of one program that wait together share a commit.
            if together {
                let (beside, others) = std::mem::take(&mut inner.waiting)
                    .into_iter()
                    .partition(|w| w.writes && Arc::ptr_eq(&w.life, &life));
                inner.waiting = others;
                chosen.extend::<Vec<_>>(beside);
            }
        }
        if chosen.is_empty() {
            inner.quiet.drain(..).for_each(|tell| tell.send(()).unwrap_or_default());
        }
        inner.taken = chosen.len();
        chosen.into_iter().map(|w| (w.go, Turn(Arc::clone(self)))).collect()
    }
}

/// Lets everything run that can. Unlike the runtime's own way to do so it does not look for the system's events.
async fn others_first() {
    let mut rounds = 0;
    poll_fn(|cx| {
        rounds += 1;
        if rounds > SETTLING {
            return Poll::Ready(());
        }
        cx.waker().wake_by_ref();
        Poll::Pending
    })
    .await;
}

impl Drop for Turn {
    fn drop(&mut self) {
        self.0.0.lock().unwrap().taken -= 1;
        self.0.choose_soon();
    }
}

impl Life {
    pub fn new(turns: &Arc<Turns>, world: &Arc<World>, number: u64, by_person: bool) -> Arc<Self> {
        let (turns, world) = (Arc::clone(turns), Arc::clone(world));
        Arc::new(Self { turns, world, number, by_person, up: AtomicBool::new(false), ended: AtomicBool::new(false) })
    }

    pub fn has_ended(&self) -> bool {
        self.ended.load(Ordering::Relaxed)
    }

    /// The program has started.
    pub fn is_up(&self) {
        self.up.store(true, Ordering::Relaxed);
    }

    /// Nothing of this program happens any more.
    pub fn end(&self) {
        self.ended.store(true, Ordering::Relaxed);
    }

    /// Nobody has a turn until it is dropped: what is done meanwhile takes as long as the machine likes, and must not set
    /// the order of anything.
    pub fn nobodys_turn(&self) -> Turn {
        self.turns.0.lock().unwrap().taken += 1;
        Turn(Arc::clone(&self.turns))
    }

    pub async fn turn(self: &Arc<Self>, writes: bool) -> Turn {
        let (go, gone) = oneshot::channel();
        let task = tokio::task::try_id().map_or(0, |id| id.to_string().parse().unwrap_or(0));
        if !self.has_ended() {
            self.turns.0.lock().unwrap().waiting.push(Waiting { life: Arc::clone(self), writes, task, go });
            self.turns.choose_soon();
        }
        match gone.await {
            Ok(turn) => turn,
            Err(_) => std::future::pending().await,
        }
    }

    fn dies(&self, chance: &mut Chance, place: &'static str) -> bool {
        let mut world = self.world.look();
        let mortal = !self.by_person && self.up.load(Ordering::Relaxed);
        let by_chance = world.dies_once_in > 0 && chance.below(world.dies_once_in) == 0;
        let dies = mortal && (by_chance || world.owes(place));
        if dies {
            self.end();
            world.tell(format!("a program is killed: {place}"));
            world.happened(place);
            world.forget_what_was_heard();
        }
        dies
    }
}

impl Gate for Door {
    fn turn(&self, writes: bool) -> BoxFuture<'_, Box<dyn Send>> {
        Box::pin(async move { Box::new(self.0.turn(writes).await) as Box<dyn Send> })
    }

    fn at(&self, point: Point) -> Result<(), StoreError> {
        if self.0.has_ended() {
            return Err(StoreError::Stopping);
        }
        let mut turns = self.0.turns.0.lock().unwrap();
        let place = match point {
            Point::Written => CRASHES_BEFORE_A_COMMIT,
            Point::Committed => CRASHES_AFTER_A_COMMIT,
            Point::Mirrored => CRASHES_AFTER_THE_MIRROR,
        };
        if self.0.dies(&mut turns.chance, place) {
            return Err(StoreError::Stopping);
        }
        let mut world = self.0.world.look();
        let owed = point == Point::Written && !self.0.by_person && world.owes(FAILED_COMMITS);
        if owed || point == Point::Written && world.disk_fails(&mut turns.chance) {
            world.happened(FAILED_COMMITS);
            world.forget_what_was_heard();
            return Err(if turns.chance.percent(70) { StoreError::Full } else { StoreError::Disk("I/O error".into()) });
        }
        Ok(())
    }

    fn history_takes(&self, bytes: usize) -> Option<usize> {
        let mut turns = self.0.turns.0.lock().unwrap();
        let mut world = self.0.world.look();
        let owed = !self.0.by_person && world.owes(TORN_HISTORY);
        if !owed && (world.trouble == 0 || turns.chance.below(200) > 0) {
            return None;
        }
        world.happened(TORN_HISTORY);
        Some(turns.chance.below(bytes))
    }
}
