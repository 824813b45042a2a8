//! The only place with SQL.
//!
//! [`Store`] gives whole operations of the domain. Every change of state and its journal row are one transaction, and
//! all writes of the process go through one [`writer`], which commits what is waiting together. Each statement is a
//! `const` beside its function; `tests/statements` prepares all of them.

mod again;
mod answer;
mod attempt;
mod attempt_row;
mod attention;
mod audit;
mod broken;
mod calendar;
mod changes;
mod channel;
mod claim;
mod confirm;
mod copy;
mod db;
mod delivery;
mod distance;
mod doubt;
mod draft;
mod draft_approval;
mod draft_queue;
mod draft_rows;
mod edit;
mod error;
mod facts;
mod file;
mod gate;
mod invitation;
mod journal;
mod journal_index;
mod keys;
mod list;
mod mirror;
mod move_post;
mod older;
mod password;
mod people;
mod person;
mod post;
mod read;
mod reading;
mod refusal;
mod rights;
mod round;
mod rows;
mod schema;
mod seen;
mod session;
mod settle;
mod setup;
mod statements;
mod stop;
mod taken_down;
mod token;
mod unnamed_file;
mod unsent;
mod upcoming;
mod week;
mod writer;

pub use answer::StoredAnswer;
pub use attempt::{Begin, Begun, Clocks, Intent};
pub use attention::{Attention, AttentionKind};
pub use audit::{AuditAttempt, AuditDelivery, AuditPage, AuditPost, AuditRevision};
pub use calendar::{CalendarDraft, CalendarEntry, CalendarPost};
pub use channel::ChannelView;
pub use claim::{Claim, ClaimedPrimary};
pub use confirm::Confirmation;
pub use distance::{DistancePeriod, DistancePlace};
pub use doubt::{Doubt, Look, LookAfter};
pub use draft::{NewDraft, REMARK_CHARS_MAX, Saved};
pub use draft_queue::Becomes;
pub use draft_rows::{Began, DecidedDraft, Draft, DraftComment, ListedDraft, Signed, WhichDrafts};
pub use edit::Edit;
pub use error::StoreError;
pub use file::OwnedFile;
pub use gate::{Gate, Point};
pub use invitation::{Invitation, NewInvitation};
pub use journal::{JournalRow, PostTexts};
pub use journal_index::{RowWords, StoredDistance, Stretch};
pub use keys::KeysTaken;
pub use list::{PostFilter, PostPage, Standing};
pub use move_post::{Move, Moved};
pub use older::{PeopleTakenUp, TakenUp};
pub use password::{PasswordChange, ShownPassword};
pub use people::{NewPerson, Person};
pub use person::{Resolved, Withdrawal};
pub use post::{NewPost, Queued};
pub use read::{AttemptView, DeliveryView, PostSummary, PostView, RevisionView};
pub use refusal::StoreRefusal;
pub use round::{Asking, Round};
pub use rows::{Delivery, Order, StoredHold};
pub use seen::{AsSeen, DeliveryAsSeen, given_times, mark, newest};
pub use session::{SessionView, StoredSession};
pub use settle::{NextClaim, Outcome, Settled};
pub use setup::{ChannelSetup, OrganisationSetup};
pub use statements::STATEMENTS;
pub use stop::Stop;
pub use token::{NewToken, Token};
pub use unsent::Unsent;
pub use week::{WeekOfChannel, WeekTally};
pub use writer::Tx;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use db::{Db, Readers};
use futures_util::future::BoxFuture;
use gate::Way;
use mirror::Mirror;
use writer::Writer;

/// The database.
#[derive(Debug, Clone)]
pub struct Store {
    writer: Writer,
    readers: Readers,
    /// Nobody but the daemon has these.
    daemons_readers: Readers,
    ids: Arc<dyn Ids>,
    place: PathBuf,
}

/// Makes the ids of new rows: a value that is passed in, so that a simulation repeats itself.
pub trait Ids: Send + Sync + std::fmt::Debug {
    /// A new id; of two ids the later one sorts after the earlier.
    fn next(&self, now: chrono::DateTime<chrono::Utc>) -> uuid::Uuid;
}

/// Ids of version 7 (RFC 9562) with the system's randomness, counting up within a millisecond.
#[derive(Debug)]
pub struct RandomIds(std::sync::Mutex<uuid::ContextV7>);

impl Default for RandomIds {
    fn default() -> Self {
        Self(std::sync::Mutex::new(uuid::ContextV7::new()))
    }
}

impl Ids for RandomIds {
    fn next(&self, now: chrono::DateTime<chrono::Utc>) -> uuid::Uuid {
        let (seconds, nanos) = (now.timestamp().unsigned_abs(), now.timestamp_subsec_nanos());
        let context = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        uuid::Uuid::new_v7(uuid::Timestamp::from_unix(&*context, seconds, nanos))
    }
}

impl Store {
    /// Opens the SQLite database at `place`, creates it when absent and brings its schema up to date. A database
    /// written by a newer program is refused.
    pub async fn open(place: &Path) -> Result<Self, StoreError> {
        Self::open_with(place, Arc::new(RandomIds::default())).await
    }

    /// The same with ids of the caller's making.
    pub async fn open_with(place: &Path, ids: Arc<dyn Ids>) -> Result<Self, StoreError> {
        Self::open_by(place, ids, Way::default()).await
    }

    /// The same with a simulation on the way to the database.
    pub async fn open_behind(gate: Arc<dyn Gate>, place: &Path, ids: Arc<dyn Ids>) -> Result<Self, StoreError> {
        Self::open_by(place, ids, Way(Some(gate))).await
    }

    async fn open_by(place: &Path, ids: Arc<dyn Ids>, way: Way) -> Result<Self, StoreError> {
        let (db, readers) = Db::open(place, way.clone()).await?;
        let daemons_readers = readers.apart();
        let writer = Writer::start(db, Mirror::beside(place).behind(way.clone()), way);
        Ok(Self { writer, readers, daemons_readers, ids, place: place.into() })
    }

    /// The database file.
    pub fn place(&self) -> &Path {
        &self.place
    }

    /// The same store for the daemon: what it reads waits for nobody who reads at the desk.
    #[must_use]
    pub fn for_the_daemon(&self) -> Self {
        Self { readers: self.daemons_readers.clone(), ..self.clone() }
    }

    /// Runs one operation; what it did is on disk when this returns. Operations that wait at the same moment share
    /// a commit, and one that fails takes nothing back from the others.
    async fn write<T, F>(&self, operation: F) -> Result<T, StoreError>
    where
        T: Send + 'static,
        F: for<'t> FnOnce(&'t mut Tx) -> BoxFuture<'t, Result<T, StoreError>> + Send + 'static,
    {
        self.writer.run(operation).await
    }

    /// Waits until every commit is on disk and closes the database.
    pub async fn close(self) {
        // The writer last: the last connection that may write leaves one whole file behind, without a log beside it.
        self.readers.close().await;
        self.daemons_readers.close().await;
        self.writer.close().await;
    }
}
