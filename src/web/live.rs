//! Live pages: one stream of server-sent events that tells browsers the time and that something has happened.
//!
//! Whatever happens to a post stands in the journal, also when another process did it. One task looks, as long as
//! anyone listens, how long the chains of the organisations are; every listener hears of those that they may read.

use std::collections::HashMap;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::response::sse::{Event, Sse};
use axum::routing::get;
use futures_util::stream::{self, Stream};
use serde::Serialize;
use tokio::sync::watch;
use tokio_util::sync::CancellationToken;

use super::visitor::SignedIn;
use super::{Desk, WebError, session};
use crate::domain::{Deed, PersonId};
use crate::store::Person;

/// How often the database is looked at, in real time.
const LOOK_EVERY: Duration = Duration::from_secs(1);
/// So often a stream says something even when nothing happens: proxies close silent connections, clocks drift apart.
const BEAT: Duration = Duration::from_secs(15);
/// Browsers come back this long after a stream has ended.
const COME_BACK: Duration = Duration::from_secs(3);
/// Streams of one person: some windows on some devices.
const STREAMS_MAX: u32 = 8;

pub(super) fn routes() -> Router<Desk> {
    Router::new().route("/live", get(live))
}

/// Who listens, and what was seen last.
#[derive(Debug, Default)]
pub(super) struct Live {
    /// The length of every organisation's chain.
    lengths: watch::Sender<Arc<HashMap<String, i64>>>,
    listeners: Mutex<Listeners>,
    ended: CancellationToken,
}

#[derive(Debug, Default)]
struct Listeners {
    streams: HashMap<PersonId, u32>,
    is_looking: bool,
}

/// What a page knows when it is made: it is out of date when `seen` has changed.
#[derive(Debug, Clone, Copy, Serialize)]
pub(super) struct LiveMark {
    /// Now by the office's clock, in milliseconds since 1970.
    pub now: i64,
    /// How much faster than real time that clock runs.
    pub speed: u32,
    /// How much has happened in the organisations that the person may read.
    pub seen: i64,
}

impl Live {
    /// Ends every stream: nobody waits for them when the program ends.
    pub(super) fn end(&self) {
        self.ended.cancel();
    }

    fn listeners(&self) -> std::sync::MutexGuard<'_, Listeners> {
        self.listeners.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    /// What a page for this person has seen when it is made from now on.
    pub(super) async fn live_mark(&self, person: &Person) -> Result<LiveMark, WebError> {
        let lengths = self.lengths().await?;
        Ok(self.mark(person, &lengths))
    }

    fn mark(&self, person: &Person, lengths: &HashMap<String, i64>) -> LiveMark {
        let readable = lengths.iter().filter(|(slug, _)| person.rights.may(Deed::Read, slug));
        LiveMark {
            now: self.office.clock.now().timestamp_millis(),
            speed: self.office.config.speed,
            seen: readable.map(|(_, length)| length).sum(),
        }
    }

    async fn lengths(&self) -> Result<HashMap<String, i64>, WebError> {
        let slugs: Vec<_> = self.office.config.organisations.iter().map(|o| o.slug.as_str()).collect();
        Ok(self.office.store.chain_lengths(&slugs).await?.into_iter().collect())
    }

    /// Looks at the database until nobody listens any more.
    async fn look(self) {
        loop {
            tokio::select! {
                () = self.live.ended.cancelled() => return,
                () = tokio::time::sleep(LOOK_EVERY) => {}
            }
            {
                let mut listeners = self.live.listeners();
                if listeners.streams.is_empty() {
                    listeners.is_looking = false;
                    return;
                }
            }
            // A database that fails is told on the pages; here the next look comes in a second.
            let Ok(lengths) = self.lengths().await else { continue };
            self.live.lengths.send_if_modified(|known| {
                let is_new = **known != lengths;
                if is_new {
                    *known = Arc::new(lengths);
                }
                is_new
            });
        }
    }
}

/// A place among the streams; given back when the stream is dropped.
struct Listener {
    desk: Desk,
    person: PersonId,
}

impl Listener {
    fn of(desk: &Desk, person: PersonId) -> Result<Self, WebError> {
        let mut listeners = desk.live.listeners();
        let streams = listeners.streams.entry(person).or_default();
        if *streams >= STREAMS_MAX {
            return Err(WebError::TooMany(BEAT.as_secs()));
        }
        *streams += 1;
        if !std::mem::replace(&mut listeners.is_looking, true) {
            tokio::spawn(desk.clone().look());
        }
        Ok(Self { desk: desk.clone(), person })
    }
}

impl Drop for Listener {
    fn drop(&mut self) {
        let mut listeners = self.desk.live.listeners();
        if let Some(streams) = listeners.streams.get_mut(&self.person) {
            *streams -= 1;
            if *streams == 0 {
                listeners.streams.remove(&self.person);
            }
        }
    }
}

async fn live(
    State(desk): State<Desk>,
    visitor: SignedIn,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, WebError> {
    let listener = Listener::of(&desk, visitor.person.id)?;
    let changes = desk.live.lengths.subscribe();
    // What was seen last may be from before anyone listened.
    let first = desk.live_mark(&visitor.person).await?;
    let session = session::own_name(&visitor.session);
    let telling = Telling { desk, listener, session, changes, person: visitor.person, first: Some(first) };
    Ok(Sse::new(stream::unfold(telling, Telling::next)))
}

/// One stream.
struct Telling {
    desk: Desk,
    listener: Listener,
    /// The session in which it was asked for: the stream ends with it.
    session: String,
    changes: watch::Receiver<Arc<HashMap<String, i64>>>,
    person: Person,
    first: Option<LiveMark>,
}

impl Telling {
    async fn next(mut self) -> Option<(Result<Event, Infallible>, Self)> {
        if let Some(first) = self.first.take() {
            let event = event(&first)?.retry(COME_BACK);
            return Some((Ok(event), self));
        }
        let ended = self.desk.live.ended.clone();
        tokio::select! {
            biased;
            () = ended.cancelled() => return None,
            changed = self.changes.changed() => changed.ok()?,
            () = tokio::time::sleep(BEAT) => {}
        }
        // Before anything is told: a session that was ended hears nothing more, a disabled person is nobody, and rights
        // count at once.
        self.person = session::still(&self.desk, &self.session, self.listener.person).await.ok()??;
        let lengths = Arc::clone(&self.changes.borrow_and_update());
        let mark = self.desk.mark(&self.person, &lengths);
        Some((Ok(event(&mark)?), self))
    }
}

fn event(mark: &LiveMark) -> Option<Event> {
    Event::default().event("state").json_data(mark).ok()
}
