//! What entries tell that came after a database was copied: what has to be known again when the copy is put back.
//!
//! Entries are taken newest first, as they are found from the end of the mirror. What is kept of a post is small, so
//! that a copy of last year needs no more memory than its posts.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::chain::Head;
use super::entry::Entry;
use super::event::{AttemptEnd, Event, Outcome, Published};

/// What a chain tells after the copy's end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later {
    /// The chain.
    pub chain: String,
    /// Where it ended.
    pub head: Head,
    /// What happened to each post.
    pub posts: BTreeMap<Uuid, LaterPost>,
    /// Each channel's last word: who paused it and why, or nothing when it was resumed.
    pub pauses: BTreeMap<String, Option<Word>>,
    ended: HashSet<Uuid>,
}

/// What happened to one post.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LaterPost {
    /// It was queued: its headline and its primary channel.
    pub queued: Option<(String, Option<String>)>,
    /// It was edited: the hash of its last content.
    pub edited: Option<String>,
    /// It was cancelled.
    pub cancelled: Option<Word>,
    /// It was withdrawn.
    pub withdrawn: Option<Word>,
    /// A new primary was asked for.
    pub republished: bool,
    /// What its channels showed, in the order of the chain once [`Later::in_order`] was called.
    pub shown: Vec<Shown>,
    /// Deliveries whose last call has no known end.
    pub unanswered: BTreeSet<Uuid>,
}

/// A person's word.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// Who.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
    /// Why.
    pub reason: String,
}

/// What one channel showed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shown {
    /// The delivery.
    pub delivery: Uuid,
    /// The channel's slug.
    pub channel: String,
    /// The receipt; nothing when it was taken down.
    pub receipt: Option<Published>,
}

impl Later {
    /// Nothing yet of a chain that ends with `last`.
    pub fn ending_with(last: &Entry) -> Self {
        Self {
            chain: last.chain.clone(),
            head: Head { hash: last.hash, seq: last.seq },
            posts: BTreeMap::new(),
            pauses: BTreeMap::new(),
            ended: HashSet::new(),
        }
    }

    /// Takes the entry before those that were taken. What cannot be read says nothing.
    pub fn take(&mut self, entry: &Entry) {
        let Ok(Some(event)) = entry.event() else { return };
        let word = |reason| Word { by: entry.actor.clone(), at: entry.at, reason };
        match (event, &entry.channel) {
            (Event::ChannelPaused { reason }, Some(channel)) => {
                self.pauses.entry(channel.clone()).or_insert_with(|| Some(word(reason)));
            }
            (Event::ChannelResumed {}, Some(channel)) => {
                self.pauses.entry(channel.clone()).or_insert(None);
            }
            (Event::AttemptEnded(AttemptEnd { attempt, outcome, .. }), _) if outcome != Outcome::InDoubt => {
                self.ended.insert(attempt);
            }
            (event, channel) => {
                let Some(post) = entry.post else { return };
                let post = self.posts.entry(post).or_default();
                post.take(event, &word, (entry.delivery, channel.as_deref()), &mut self.ended);
            }
        }
    }

    /// Everything was taken: what the channels showed stands in the order of the chain.
    #[must_use]
    pub fn in_order(mut self) -> Self {
        self.posts.values_mut().for_each(|post| post.shown.reverse());
        self
    }
}

impl LaterPost {
    fn take(
        &mut self,
        event: Event,
        word: &impl Fn(String) -> Word,
        (delivery, channel): (Option<Uuid>, Option<&str>),
        ended: &mut HashSet<Uuid>,
    ) {
        let mut show = |receipt| {
            if let (Some(delivery), Some(channel)) = (delivery, channel) {
                self.shown.push(Shown { delivery, channel: channel.to_owned(), receipt });
            }
        };
        match event {
            Event::PostQueued(queued) => {
                self.queued = Some((queued.title, queued.planned.into_iter().next().map(|first| first.channel)));
            }
            Event::PostEdited { content_sha256, .. } => {
                self.edited.get_or_insert(content_sha256);
            }
            Event::PostCancelRequested { reason } => {
                self.cancelled.get_or_insert_with(|| word(reason));
            }
            Event::PostWithdrawRequested { reason } => {
                self.withdrawn.get_or_insert_with(|| word(reason));
            }
            Event::PostRepublished {} => self.republished = true,
            Event::DeliveryPublished(receipt) => show(Some(receipt)),
            Event::DeliveryRetracted {} => show(None),
            Event::AttemptStarted { attempt, .. } if !ended.remove(&attempt) => self.unanswered.extend(delivery),
            _ => {}
        }
    }

    /// Where it stands: channel and address, as far as known.
    pub fn standing(&self) -> Vec<(&str, Option<&url::Url>)> {
        let mut standing = BTreeMap::new();
        for shown in &self.shown {
            match &shown.receipt {
                Some(receipt) => standing.insert(&*shown.channel, receipt.url.as_ref()),
                None => standing.remove(&*shown.channel),
            };
        }
        standing.into_iter().collect()
    }
}

#[cfg(test)]
mod tests;
