//! What entries tell that came after a database was copied: what has to be known again when the copy is put back.
//!
//! Entries are taken newest first, as they are found from the end of the mirror. What is kept of a post is small, so
//! that a copy of last year needs no more memory than its posts.

use std::collections::{BTreeMap, BTreeSet, HashSet};

use chrono::{DateTime, Utc};
use uuid::Uuid;

use super::chain::Head;
use super::entry::Entry;
use super::event::{AttemptEnd, Event, Outcome, Planned, Published, Right};

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
    /// What happened to each person, by login.
    pub people: BTreeMap<String, LaterPerson>,
    ended: HashSet<Uuid>,
}

/// What happened to one person, as far as it decides who comes in.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LaterPerson {
    /// They were added.
    pub added: bool,
    /// The last word on whether they may come in, and whose it was.
    pub may_come: Option<(bool, String)>,
    /// They chose a password, or theirs was taken: another one counts no more.
    pub password: bool,
    /// Their last roles, and who gave them.
    pub rights: Option<(Vec<Right>, String)>,
}

/// What happened to one post.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct LaterPost {
    /// It was queued: its headline and its primary channel.
    pub queued: Option<(String, Option<String>)>,
    /// It was edited: the hash of its last content.
    pub edited: Option<String>,
    /// It was moved: where what was not out then lies since.
    pub moved: Option<Vec<Planned>>,
    /// It was cancelled.
    pub cancelled: Option<Word>,
    /// It was withdrawn.
    pub withdrawn: Option<Word>,
    /// When a new primary was asked for that did not come out.
    pub republished: Option<DateTime<Utc>>,
    /// What its channels showed, in the order of the chain once [`Later::in_order`] was called.
    pub shown: Vec<Shown>,
    /// Deliveries for which calls were made, with their channels.
    pub attempted: BTreeMap<Uuid, String>,
    /// Deliveries of which a call has no known end.
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

impl Word {
    fn of(entry: &Entry, reason: String) -> Self {
        Self { by: entry.actor.clone(), at: entry.at, reason }
    }
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
            people: BTreeMap::new(),
            ended: HashSet::new(),
        }
    }

    /// Takes the entry before those that were taken. What cannot be read says nothing.
    pub fn take(&mut self, entry: &Entry) {
        let Ok(Some(event)) = entry.event() else { return };
        if let Some(login) = LaterPerson::login_in(&event) {
            return self.people.entry(login.to_owned()).or_default().take(entry, event);
        }
        match (event, &entry.channel) {
            (Event::ChannelPaused(why), Some(channel)) => {
                self.pauses.entry(channel.clone()).or_insert_with(|| Some(Word::of(entry, why.reason)));
            }
            (Event::ChannelResumed {}, Some(channel)) => {
                self.pauses.entry(channel.clone()).or_insert(None);
            }
            (Event::AttemptEnded(AttemptEnd { attempt, outcome, .. }), _) if outcome != Outcome::InDoubt => {
                self.ended.insert(attempt);
            }
            (event, _) => {
                let Some(post) = entry.post else { return };
                self.posts.entry(post).or_default().take(entry, event, &mut self.ended);
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

impl LaterPerson {
    fn login_in(event: &Event) -> Option<&str> {
        match event {
            Event::PersonAdded { login, .. }
            | Event::PersonRightsChanged { login, .. }
            | Event::PersonDisabled { login }
            | Event::PersonEnabled { login }
            | Event::PersonPasswordReset { login }
            | Event::PersonPasswordSet { login } => Some(login),
            _ => None,
        }
    }

    fn take(&mut self, entry: &Entry, event: Event) {
        let by = || entry.actor.clone();
        match event {
            Event::PersonAdded { .. } => self.added = true,
            Event::PersonRightsChanged { roles, .. } => {
                self.rights.get_or_insert_with(|| (roles, by()));
            }
            Event::PersonDisabled { .. } => {
                self.may_come.get_or_insert_with(|| (false, by()));
            }
            Event::PersonEnabled { .. } => {
                self.may_come.get_or_insert_with(|| (true, by()));
            }
            _ => self.password = true,
        }
    }
}

impl LaterPost {
    fn take(&mut self, entry: &Entry, event: Event, ended: &mut HashSet<Uuid>) {
        let (delivery, channel) = (entry.delivery, entry.channel.as_deref());
        let word = |reason| Word::of(entry, reason);
        let show = |receipt| {
            let (delivery, channel) = delivery.zip(channel)?;
            Some(Shown { delivery, channel: channel.to_owned(), receipt })
        };
        match event {
            Event::PostQueued(queued) => {
                self.queued = Some((queued.title, queued.planned.into_iter().next().map(|first| first.channel)));
            }
            Event::PostEdited { content_sha256, .. } => {
                self.edited.get_or_insert(content_sha256);
            }
            Event::PostMoved { planned } => {
                self.moved.get_or_insert(planned);
            }
            Event::PostCancelRequested { reason } => {
                self.cancelled.get_or_insert_with(|| word(reason));
            }
            Event::PostWithdrawRequested { reason } => {
                self.withdrawn.get_or_insert_with(|| word(reason));
            }
            Event::PostRepublished {} if !self.shows_a_primary() => {
                self.republished.get_or_insert(entry.at);
            }
            Event::DeliveryPublished(receipt) => self.shown.extend(show(Some(receipt))),
            Event::DeliveryRetracted {} => self.shown.extend(show(None)),
            Event::AttemptStarted { attempt, .. } => {
                self.attempted.extend(delivery.zip(channel.map(ToOwned::to_owned)));
                if !ended.remove(&attempt) {
                    self.unanswered.extend(delivery);
                }
            }
            _ => {}
        }
    }

    fn shows_a_primary(&self) -> bool {
        self.shown.iter().any(|shown| shown.receipt.as_ref().is_some_and(|receipt| receipt.primary))
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
