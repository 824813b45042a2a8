//! An older copy of the database was put back: what the mirror tells of the time since is taken up.
//!
//! A receipt is a fact of the platform, whichever database wrote it down first. So every entry that the mirror holds
//! and the database does not is believed as far as it tells what stands where and what people ordered. The contents
//! that were lost with the database cannot be had back: where one of them shows, a person is asked.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io;

use chrono::{DateTime, Utc};

use super::db::read_all;
use super::journal::{About, append};
use super::mirror::Mirror;
use super::rows::posts;
use super::settle::pause;
use super::writer::Tx;
use super::{Store, StoreError};
use crate::domain::{HoldLength, PostId};
use crate::journal::event::Standing;
use crate::journal::later::LaterPost;
use crate::journal::{Entry, Event, Head, Later, VESTNIK};

mod people;
mod taking;

pub(super) use people::KNOWS_ORGANISATION;
pub use people::PeopleTakenUp;
use taking::Taking;
pub(super) use taking::{REVISION_OF_SHA, UNSETTLED};

/// So many entries in a row that the database knows: it is not older than the mirror. Entries of several processes
/// stand in the mirror in nearly the order of their commits, and those of commands that ran on the copy before the
/// daemon did come after what the copy has lost.
const KNOWN_IN_A_ROW: usize = 4096;
/// A page of rows that are written into the mirror again.
const PAGE: u32 = 1_000;

/// Which of the entries in a JSON array of `[chain, seq, hash]` are not in the journal, counted from 0.
pub(super) const UNKNOWN: &str = "SELECT t.key FROM json_each($1) t WHERE NOT EXISTS (SELECT 1 FROM journal j \
     WHERE j.chain = t.value ->> 0 AND j.seq = t.value ->> 1 AND j.hash = t.value ->> 2)";

/// What was taken up into a chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenUp {
    /// The chain.
    pub chain: String,
    /// Where the mirror ends.
    pub remembered: Head,
    /// Where the copy ended.
    pub found: Head,
    /// Posts whose later life is known again.
    pub posts: usize,
    /// Posts that were queued after the copy was made and are lost.
    pub lost: Vec<PostId>,
    /// Posts about which a person is asked, because a later text of theirs is lost.
    pub asked: Vec<PostId>,
    /// What became of people who were kept out, or had other rights.
    pub people: PeopleTakenUp,
}

impl Store {
    /// What the mirror tells that this database does not know, by chain: something only when the database is an older
    /// copy. A mirror that lags behind (the program was killed between a commit and its copy, the disk was full) is caught up. Only for
    /// who holds the process lock. A mirror that cannot be read whole is an error: what a part of it tells would be
    /// taken for everything.
    pub async fn later(&self) -> Result<Vec<Later>, StoreError> {
        let mut mirror = Mirror::beside(&self.place);
        let mut backwards = mirror.backwards().map_err(unreadable)?;
        let (mut chains, mut settled) = (BTreeMap::<String, Later>::new(), HashSet::new());
        let mut known = BTreeMap::<String, BTreeSet<u64>>::new();
        let mut in_a_row = 0;
        while in_a_row < KNOWN_IN_A_ROW {
            let Some(entries) = backwards.next().map_err(unreadable)? else { break };
            let unknown = self.unknown(&entries).await?;
            for (n, entry) in entries.iter().enumerate() {
                in_a_row += 1;
                if !unknown.contains(&n) {
                    known.entry(entry.chain.clone()).or_default().insert(entry.seq);
                    // What stands before it was taken up when it was written.
                    if matches!(entry.event(), Ok(Some(Event::HistoryOlderHead { .. }))) {
                        settled.insert(entry.chain.clone());
                    }
                } else if !settled.contains(&entry.chain) {
                    in_a_row = 0;
                    chains.entry(entry.chain.clone()).or_insert_with(|| Later::ending_with(entry)).take(entry);
                }
            }
        }
        for (chain, places) in known {
            // What could not be written, at the end or before something newer, is written from there on.
            if let Some(whole) = places.iter().find(|seq| !places.contains(&(*seq + 1))) {
                self.catch_up(&mut mirror, &chain, *whole).await?;
            }
        }
        Ok(chains.into_values().map(Later::in_order).collect())
    }

    async fn unknown(&self, entries: &[Entry]) -> Result<HashSet<usize>, StoreError> {
        let places: Vec<_> = entries.iter().map(|e| (&e.chain, e.seq, e.hash.to_string())).collect();
        let places = serde_json::to_string(&places).map_err(|e| StoreError::corrupt("journal", "mirror", e))?;
        let rows = read_all!(&self.readers, (i64,), UNKNOWN, places)?;
        Ok(rows.into_iter().filter_map(|(n,)| usize::try_from(n).ok()).collect())
    }

    async fn catch_up(&self, mirror: &mut Mirror, chain: &str, mut after: u64) -> Result<(), StoreError> {
        loop {
            let rows = self.journal_page(chain, after, PAGE).await?;
            let Some(last) = rows.last() else { return Ok(()) };
            after = u64::try_from(last.seq).unwrap_or(after + 1);
            mirror.append(&rows);
        }
    }

    /// Takes up what the mirror tells: each post by itself, then the mark in the journal, with what concerns no post
    /// that is there. A program that ends in between does it once more at its next start, which changes nothing.
    pub async fn take_up(&self, later: Later, hold: HoldLength, now: DateTime<Utc>) -> Result<TakenUp, StoreError> {
        let found = self.head(&later.chain).await?;
        let mut taken = TakenUp {
            chain: later.chain.clone(),
            remembered: later.head,
            found,
            posts: later.posts.len(),
            lost: Vec::new(),
            asked: Vec::new(),
            people: PeopleTakenUp::default(),
        };
        let mut lost = Vec::new();
        for (id, since) in later.posts {
            let id = PostId(id);
            match self.take_up_post(id, since.clone(), hold, now).await {
                Ok(None) => {
                    taken.lost.push(id);
                    lost.push((id, since));
                }
                Ok(Some(asked)) => taken.asked.extend(asked.then_some(id)),
                Err(error) if error.concerns_one_row() => {
                    tracing::error!(post = %id, %error, "what the history beside the database tells of it is not taken up");
                    self.write(move |tx| Box::pin(async move { taking::ask_instead(tx, id, &error, now).await }))
                        .await?;
                    taken.asked.push(id);
                }
                Err(error) => return Err(error),
            }
        }
        let (chain, remembered, pauses, people) = (later.chain, later.head, later.pauses, later.people);
        let write = self.write(move |tx| {
            Box::pin(async move {
                let event = Event::HistoryOlderHead { remembered, found };
                append(tx, &chain, now, VESTNIK, About::default(), event).await?;
                for (channel, word) in &pauses {
                    if let Some(word) = word {
                        pause(tx, &chain, channel, now, &word.by, (*word.reason).into()).await?;
                    }
                }
                for (id, since) in &lost {
                    tell_lost(tx, &chain, *id, since, now).await?;
                }
                people::take_up(tx, &people, now).await
            })
        });
        taken.people = write.await?;
        Ok(taken)
    }

    /// Whether a person is asked about the post; `None`: the copy does not know it.
    async fn take_up_post(
        &self,
        id: PostId,
        since: LaterPost,
        hold: HoldLength,
        now: DateTime<Utc>,
    ) -> Result<Option<bool>, StoreError> {
        let ids = self.ids.clone();
        self.write(move |tx| {
            Box::pin(async move {
                let Some(post) = posts(tx.sql().await?, &[id]).await?.pop() else { return Ok(None) };
                Taking { post, hold, now }.take_up(tx, &since, &*ids).await.map(Some)
            })
        })
        .await
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err asks for")]
fn unreadable(error: io::Error) -> StoreError {
    StoreError::HistoryUnreadable(error.to_string())
}

async fn tell_lost(
    tx: &mut Tx,
    chain: &str,
    id: PostId,
    since: &LaterPost,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (title, channel) = since.queued.clone().unwrap_or_default();
    let standing =
        since.standing().into_iter().map(|(channel, url)| Standing { channel: channel.into(), url: url.cloned() });
    let event = Event::PostLost { title, standing: standing.collect() };
    let about = About { post: Some(id.0), delivery: None, channel: channel.as_deref() };
    append(tx, chain, now, VESTNIK, about, event).await
}
