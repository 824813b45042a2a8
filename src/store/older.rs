//! An older copy of the database was put back: what the mirror tells of the time since is taken up.
//!
//! A receipt is a fact of the platform, whichever database wrote it down first. So every entry that the mirror holds
//! and the database does not is believed as far as it tells what stands where and what people ordered. The contents
//! that were lost with the database cannot be had back: where one of them shows, a person is asked.

use std::collections::{BTreeMap, HashSet};

use chrono::{DateTime, TimeDelta, Utc};
use vestnik_contract::{Receipt, RemoteId};

use super::confirm::{Confirmation, confirmed_showing};
use super::db::{execute, fetch_optional, read_all};
use super::edit::{REVISION_SHA, SUSPEND_HOLD};
use super::journal::{About, append};
use super::mirror::Mirror;
use super::person::{insert_primary, order};
use super::rows::{DELIVERY_BY_ID, Delivery, DeliveryRow, Order, Post, deliveries, delivery, post, posts, save, uuid};
use super::settle::{Outcome, followers, pause, settle, tell, tell_stop};
use super::unsent::SET_LOOKED_AT;
use super::writer::Tx;
use super::{Ids, Store, StoreError, taken_down};
use crate::domain::delivery::{Action, Change, State};
use crate::domain::{AttemptId, DeliveryId, Hold, HoldLength, PostId};
use crate::journal::event::{self, Published, Standing};
use crate::journal::later::{LaterPost, Shown, Word};
use crate::journal::{Entry, Event, Head, Later, VESTNIK};

/// So many entries in a row that the database knows: it is not older than the mirror. Entries of several processes
/// stand in the mirror in nearly the order of their commits, and those of commands that ran on the copy before the
/// daemon did come after what the copy has lost.
const KNOWN_IN_A_ROW: usize = 4096;
/// A page of rows that are written into the mirror again.
const PAGE: u32 = 1_000;
/// A call that the copy does not know may still be on its way for so long.
const UNANSWERED: TimeDelta = TimeDelta::minutes(2);

/// Which of the entries in a JSON array of `[chain, seq, hash]` are not in the journal, counted from 0.
pub(super) const UNKNOWN: &str = "SELECT t.key FROM json_each($1) t WHERE NOT EXISTS (SELECT 1 FROM journal j \
     WHERE j.chain = t.value ->> 0 AND j.seq = t.value ->> 1 AND j.hash = t.value ->> 2)";
pub(super) const REVISION_OF_SHA: &str =
    "SELECT number FROM revision WHERE post = $1 AND sha256 = $2 ORDER BY number DESC LIMIT 1";
pub(super) const UNSETTLED: &str = "SELECT id, action FROM attempt WHERE delivery = $1 AND state <> 'settled'";

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
}

impl Store {
    /// What the mirror tells that this database does not know, by chain: something only when the database is an older
    /// copy. A mirror that lags behind (the program was killed between a commit and its copy) is caught up. Only for
    /// who holds the process lock.
    pub async fn later(&self) -> Result<Vec<Later>, StoreError> {
        let mut mirror = Mirror::beside(&self.place);
        let mut backwards = match mirror.backwards() {
            Ok(backwards) => backwards,
            Err(error) => {
                tracing::warn!(%error, "the history beside the database cannot be read");
                return Ok(Vec::new());
            }
        };
        let (mut chains, mut settled, mut last) = (BTreeMap::<String, Later>::new(), HashSet::new(), BTreeMap::new());
        let mut in_a_row = 0;
        while in_a_row < KNOWN_IN_A_ROW {
            let entries = match backwards.next() {
                Ok(Some(entries)) => entries,
                Ok(None) => break,
                Err(error) => {
                    tracing::warn!(%error, "the history beside the database cannot be read further");
                    break;
                }
            };
            let unknown = self.unknown(&entries).await?;
            for (n, entry) in entries.iter().enumerate() {
                in_a_row += 1;
                if !unknown.contains(&n) {
                    last.entry(entry.chain.clone()).or_insert(entry.seq);
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
        for (chain, seq) in last {
            self.catch_up(&mut mirror, &chain, seq).await?;
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

    /// Takes up what the mirror tells, with a mark in the journal: all of it or nothing.
    pub async fn take_up(&self, later: Later, hold: HoldLength, now: DateTime<Utc>) -> Result<TakenUp, StoreError> {
        let found = self.head(&later.chain).await?;
        let ids = self.ids.clone();
        self.write(move |tx| {
            Box::pin(async move {
                let mut taken = TakenUp {
                    chain: later.chain.clone(),
                    remembered: later.head,
                    found,
                    posts: later.posts.len(),
                    lost: Vec::new(),
                    asked: Vec::new(),
                };
                let event = Event::HistoryOlderHead { remembered: later.head, found };
                append(tx, &later.chain, now, VESTNIK, About::default(), event).await?;
                for (channel, word) in &later.pauses {
                    if let Some(word) = word {
                        pause(tx, &later.chain, channel, now, &word.by, &word.reason).await?;
                    }
                }
                for (id, since) in &later.posts {
                    let id = PostId(*id);
                    match posts(tx.sql().await?, &[id]).await?.pop() {
                        Some(post) => {
                            let taking = Taking { post, hold, now };
                            if taking.take_up(tx, since, &*ids).await? {
                                taken.asked.push(id);
                            }
                        }
                        None => {
                            tell_lost(tx, &later.chain, id, since, now).await?;
                            taken.lost.push(id);
                        }
                    }
                }
                Ok(taken)
            })
        })
        .await
    }
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

/// One post of the copy.
struct Taking {
    post: Post,
    hold: HoldLength,
    now: DateTime<Utc>,
}

impl Taking {
    /// Gives whether a person is asked.
    async fn take_up(&self, tx: &mut Tx, since: &LaterPost, ids: &dyn Ids) -> Result<bool, StoreError> {
        let mut unknown_text = HashSet::new();
        for shown in &since.shown {
            match &shown.receipt {
                Some(receipt) => {
                    if self.stands(tx, shown, receipt).await? {
                        unknown_text.remove(&shown.delivery);
                    } else {
                        unknown_text.insert(shown.delivery);
                    }
                }
                None => self.taken_down(tx, DeliveryId(shown.delivery)).await?,
            }
        }
        if let Some(asked_at) = since.republished {
            self.publish_anew(tx, since, asked_at, ids).await?;
        }
        self.wait_for_calls(tx, since).await?;
        self.follow_orders(tx, since).await?;
        let p = post(tx, self.post.id).await?;
        let edited = match &since.edited {
            Some(sha256) => self.revision_of(tx, sha256).await? != Some(p.revision),
            None => false,
        };
        let ordered = p.withdraw.is_some() || p.cancel.is_some();
        if !ordered {
            self.miss_primary(tx).await?;
        }
        if ordered || (!edited && unknown_text.is_empty()) { Ok(false) } else { self.ask(tx).await }
    }

    /// A channel showed the post: gives whether it is known with what text.
    async fn stands(&self, tx: &mut Tx, shown: &Shown, seen: &Published) -> Result<bool, StoreError> {
        let known = self.revision_of(tx, &seen.content_sha256).await?;
        let Some(mut d) = self.delivery(tx, shown, seen.primary).await? else { return Ok(true) };
        let stands = d.state == State::Published;
        if d.state == State::Withdrawn || (stands && seen.action == event::Action::Publish) {
            return Ok(true);
        }
        let Some(revision) = known.or((!stands).then_some(self.post.revision)) else { return Ok(false) };
        let receipt = Receipt {
            id: RemoteId(seen.remote_id.clone()),
            url: seen.url.clone(),
            platform_time: seen.platform_time,
            server_date: None,
            remark: None,
            answer: None,
            shown: None,
        };
        let hold = Hold::from_receipt(&receipt, seen.counts_from, self.hold);
        if let Some((attempt, _)) = unsettled(tx, d.id).await? {
            if seen.attempt == Some(attempt.0) {
                settle(tx, attempt, Outcome::Confirmed { receipt, by: seen.by, hold }, self.now).await?;
                return Ok(known.is_some());
            }
            self.give_up(tx, attempt).await?;
            d = delivery(tx, d.id).await?;
        }
        if d.state == State::Failed {
            d.take(if d.is_primary { Change::BackToQueue } else { Change::BackToWaiting })?;
        }
        if d.state != State::Published && d.state.after(Change::Confirmed).is_err() {
            return Ok(true);
        }
        let confirmation = Confirmation { receipt, by: seen.by, hold, actor: VESTNIK.into(), revision: Some(revision) };
        let sha256 = Some(seen.content_sha256.clone());
        match confirmed_showing(tx, d, &self.post, None, (confirmation, sha256), self.now).await {
            // It belongs to another delivery of the copy: one of the two databases was told wrongly by a person.
            Err(StoreError::Refused(why)) => tracing::warn!(post = %self.post.id, why, "a receipt is not taken up"),
            done => drop(done?),
        }
        Ok(known.is_some())
    }

    /// The delivery of the copy, or the one that was made later to publish the primary anew.
    async fn delivery(&self, tx: &mut Tx, shown: &Shown, primary: bool) -> Result<Option<Delivery>, StoreError> {
        let id = DeliveryId(shown.delivery);
        if let Some(row) = fetch_optional!(tx.sql().await?, DeliveryRow, DELIVERY_BY_ID, id.to_string())? {
            return row.try_into().map(Some);
        }
        match self.newest_primary(tx).await? {
            Some(old) if primary && old.channel == shown.channel => {
                insert_primary(tx, id, &old, self.now).await?;
                delivery(tx, id).await.map(Some)
            }
            _ => Ok(None),
        }
    }

    async fn newest_primary(&self, tx: &mut Tx) -> Result<Option<Delivery>, StoreError> {
        Ok(deliveries(tx, self.post.id).await?.into_iter().filter(|d| d.is_primary).max_by_key(|d| d.number))
    }

    async fn revision_of(&self, tx: &mut Tx, sha256: &str) -> Result<Option<u32>, StoreError> {
        let id = self.post.id.to_string();
        let current = fetch_optional!(tx.sql().await?, (String,), REVISION_SHA, &*id, i64::from(self.post.revision))?;
        if current.is_some_and(|(current,)| current == sha256) {
            return Ok(Some(self.post.revision));
        }
        let row = fetch_optional!(tx.sql().await?, (i64,), REVISION_OF_SHA, &*id, sha256)?;
        Ok(row.and_then(|(number,)| u32::try_from(number).ok()))
    }

    async fn taken_down(&self, tx: &mut Tx, id: DeliveryId) -> Result<(), StoreError> {
        if let Some((attempt, action)) = unsettled(tx, id).await? {
            if action == Action::Retract {
                return settle(tx, attempt, Outcome::Retracted, self.now).await.map(drop);
            }
            self.give_up(tx, attempt).await?;
        }
        let Some(row) = fetch_optional!(tx.sql().await?, DeliveryRow, DELIVERY_BY_ID, id.to_string())? else {
            return Ok(());
        };
        let mut d = Delivery::try_from(row)?;
        if d.state != State::Published {
            return Ok(());
        }
        d.take(Change::TakenDown)?;
        d.nothing_to_do();
        d.clear_stop();
        tell(tx, &d, self.now, VESTNIK, Event::DeliveryRetracted {}).await?;
        save(tx, &d);
        if d.is_primary {
            tx.changes.end_holds(self.post.id);
            self.back_to_waiting(tx, "the primary was taken down").await?;
        }
        Ok(())
    }

    async fn back_to_waiting(&self, tx: &mut Tx, reason: &str) -> Result<(), StoreError> {
        for mut d in followers(tx, &self.post).await? {
            if matches!(d.state, State::Held | State::Handed) {
                d.take(Change::HoldLapses)?;
                d.nothing_to_do();
                d.clear_stop();
                tell(tx, &d, self.now, VESTNIK, Event::DeliveryWaiting { reason: reason.into() }).await?;
                save(tx, &d);
            }
        }
        Ok(())
    }

    /// The call of the copy came to another end than its delivery.
    async fn give_up(&self, tx: &mut Tx, attempt: AttemptId) -> Result<(), StoreError> {
        let outcome = Outcome::NotAccepted {
            reason: "the history beside the database tells what came after it".into(),
            at: self.now,
            actor: VESTNIK.into(),
        };
        settle(tx, attempt, outcome, self.now).await.map(drop)
    }

    /// A person had asked for a new primary that was not out yet, as far as is known. It keeps the id under which it
    /// was called, and is looked for first.
    async fn publish_anew(
        &self,
        tx: &mut Tx,
        since: &LaterPost,
        asked_at: DateTime<Utc>,
        ids: &dyn Ids,
    ) -> Result<(), StoreError> {
        let Some(old) = self.newest_primary(tx).await?.filter(|d| d.state == State::Withdrawn) else { return Ok(()) };
        let known: HashSet<_> = deliveries(tx, self.post.id).await?.into_iter().map(|d| d.id.0).collect();
        let mut attempted = since.attempted.iter().rev();
        let called = attempted.find(|(id, channel)| **channel == old.channel && !known.contains(id));
        let id = DeliveryId(called.map_or_else(|| ids.next(self.now), |(id, _)| *id));
        insert_primary(tx, id, &old, asked_at.min(self.now)).await?;
        execute!(tx.sql().await?, SET_LOOKED_AT, id.to_string(), None::<i64>)?;
        Ok(())
    }

    /// The primary was taken down and nobody had asked for a new one: followers that are not out ask.
    async fn miss_primary(&self, tx: &mut Tx) -> Result<(), StoreError> {
        let Some(gone) = self.newest_primary(tx).await?.filter(|d| d.state == State::Withdrawn) else { return Ok(()) };
        for follower in followers(tx, &self.post).await? {
            if follower.stop_reason.is_none() {
                taken_down::lose_primary(tx, follower, &gone.channel, self.now).await?;
            }
        }
        Ok(())
    }

    /// What was called before the copy was put back may still arrive: it is not looked for too soon.
    async fn wait_for_calls(&self, tx: &mut Tx, since: &LaterPost) -> Result<(), StoreError> {
        for mut d in deliveries(tx, self.post.id).await? {
            if since.unanswered.contains(&d.id.0) && matches!(d.state, State::Queued | State::Held) {
                d.due_at = d.due_at.map(|due| due.max(self.now + UNANSWERED));
                save(tx, &d);
            }
        }
        Ok(())
    }

    async fn follow_orders(&self, tx: &mut Tx, since: &LaterPost) -> Result<(), StoreError> {
        for (word, withdraw, known) in [
            (&since.cancelled, false, self.post.cancel.is_some()),
            (&since.withdrawn, true, self.post.withdraw.is_some()),
        ] {
            if let Some(Word { by, at, reason }) = word.as_ref().filter(|_| !known) {
                let given = Order { at: *at, by: by.clone(), reason: reason.clone() };
                order(tx, &self.post, given, withdraw, self.now).await?;
            }
        }
        Ok(())
    }

    /// A text that was lost with the database stands or was to stand: nothing more goes out with the old one.
    async fn ask(&self, tx: &mut Tx) -> Result<bool, StoreError> {
        let id = self.post.id;
        execute!(tx.sql().await?, SUSPEND_HOLD, id.to_string())?;
        self.back_to_waiting(tx, "a later text of the post is lost").await?;
        let all = deliveries(tx, id).await?;
        let out = all.iter().any(|d| d.is_primary && d.state == State::Published);
        let mut asked = false;
        for mut d in all {
            let affected = if d.is_primary {
                matches!(d.state, State::Queued | State::Published)
            } else {
                out && d.state == State::Waiting
            };
            if affected {
                d.stop(
                    "the database was restored from a copy that does not hold the newest text of this post",
                    format!(
                        "`vestnik post edit {id} FILE.md` with the text as it is to read, or `vestnik post cancel {id} \
                         --reason TEXT` to leave everything as it stands"
                    ),
                );
                tell_stop(tx, &d, self.now).await?;
                save(tx, &d);
                asked = true;
            }
        }
        Ok(asked)
    }
}

async fn unsettled(tx: &mut Tx, id: DeliveryId) -> Result<Option<(AttemptId, Action)>, StoreError> {
    let Some((attempt, action)) = fetch_optional!(tx.sql().await?, (String, String), UNSETTLED, id.to_string())? else {
        return Ok(None);
    };
    let action = action.parse().map_err(|e| StoreError::corrupt("attempt", &attempt, e))?;
    Ok(Some((AttemptId(uuid("attempt", &attempt)?), action)))
}
