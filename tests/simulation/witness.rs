//! Who reads the rows beside everybody else, without a turn: what faults meet there is read when they do.

use std::collections::HashSet;
use std::path::Path;
use std::sync::Arc;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions as _, Connection as _, SqliteConnection};
use tokio::sync::Mutex;
use vestnik::domain::{PostId, State};

/// The state of a post's newest delivery on a channel.
const STATE: &str = "SELECT state FROM delivery WHERE post = $1 AND channel = $2 ORDER BY number DESC LIMIT 1";
/// The deliveries of the newest posts, and whether a call for them has no known end yet.
const NEWEST: &str = "SELECT d.post, d.channel, d.state, \
     EXISTS (SELECT 1 FROM attempt a WHERE a.delivery = d.id AND a.state <> 'settled') FROM delivery d \
     WHERE d.post IN (SELECT id FROM post ORDER BY id DESC LIMIT 12) ORDER BY d.post DESC, d.channel, d.number";
/// Channels that a person may resume.
const PAUSED: &str = "SELECT slug FROM channel WHERE paused_at IS NOT NULL ORDER BY slug";
/// What is still to be done with a delivery, and where it stands.
const TO_DO: &str = "SELECT DISTINCT post, action IS NOT NULL, state FROM delivery";

#[derive(Debug, Default)]
pub struct Witness(Mutex<Option<SqliteConnection>>);

/// A delivery as its row shows it.
#[derive(Debug)]
pub struct Seen {
    pub post: PostId,
    pub channel: String,
    pub state: &'static str,
    /// A call for it has no known end yet.
    pub open: bool,
}

impl Witness {
    pub async fn open(self: &Arc<Self>, file: &Path) {
        let mut connection = self.0.lock().await;
        if connection.is_none() {
            let options = SqliteConnectOptions::new().filename(file).read_only(true).disable_statement_logging();
            *connection = Some(options.connect().await.unwrap());
        }
    }

    /// Before the file is copied or put back.
    pub async fn close(&self) {
        if let Some(connection) = self.0.lock().await.take() {
            connection.close().await.unwrap();
        }
    }

    /// The state of a post's newest delivery on a channel.
    pub async fn state(&self, post: PostId, slug: &str) -> Option<&'static str> {
        let mut connection = self.0.lock().await;
        let state = sqlx::query_as::<_, (String,)>(STATE).bind(post.to_string()).bind(slug);
        let (state,) = state.fetch_optional(connection.as_mut()?).await.unwrap()?;
        Some(named(&state))
    }

    /// The deliveries of the newest posts.
    pub async fn newest(&self) -> Vec<Seen> {
        let mut connection = self.0.lock().await;
        let Some(connection) = connection.as_mut() else { return Vec::new() };
        let rows = sqlx::query_as::<_, (String, String, String, bool)>(NEWEST).fetch_all(connection).await.unwrap();
        let seen = rows.into_iter().map(|(post, channel, state, open)| {
            let (post, state) = (PostId(post.parse().unwrap()), named(&state));
            Seen { post, channel, state, open }
        });
        seen.collect()
    }

    /// Every line of the journal.
    pub async fn journal(&self) -> HashSet<String> {
        let mut connection = self.0.lock().await;
        let connection = connection.as_mut().unwrap();
        let rows = sqlx::query_as::<_, (String,)>("SELECT entry FROM journal").fetch_all(connection).await.unwrap();
        rows.into_iter().map(|(entry,)| entry).collect()
    }

    /// Channels that stand still.
    pub async fn paused(&self) -> Vec<String> {
        let mut connection = self.0.lock().await;
        let Some(connection) = connection.as_mut() else { return Vec::new() };
        let rows = sqlx::query_as::<_, (String,)>(PAUSED).fetch_all(connection).await.unwrap();
        rows.into_iter().map(|(slug,)| slug).collect()
    }

    /// Posts of which some delivery is not at its end.
    pub async fn unfinished(&self) -> HashSet<PostId> {
        let mut connection = self.0.lock().await;
        let Some(connection) = connection.as_mut() else { return HashSet::new() };
        let rows = sqlx::query_as::<_, (String, bool, String)>(TO_DO).fetch_all(connection).await.unwrap();
        let ended = |state: &str| State::ALL.iter().any(|s| s.is_final() && s.name() == state);
        let unfinished = rows.into_iter().filter(|(_, to_do, state)| *to_do || !ended(state));
        unfinished.map(|(post, ..)| PostId(post.parse().unwrap())).collect()
    }
}

fn named(state: &str) -> &'static str {
    State::ALL.iter().map(|s| s.name()).find(|name| *name == state).unwrap()
}
