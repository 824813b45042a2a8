//! What an operation on one delivery has to know, read for many of them at once.

use std::collections::{HashMap, HashSet};

use vestnik_contract::RemoteId;

use super::StoreError;
use super::attempt::last_attempts;
use super::attempt_row::{Attempt, attempts};
use super::confirm::owners;
use super::db::Db;
use super::rows::{Delivery, Post, StoredHold, deliveries_of, posts, running_holds};
use crate::domain::{AttemptId, DeliveryId, PostId};

/// What an operation is about.
#[derive(Debug, Clone)]
pub(super) enum Subject {
    /// A delivery that is about to be attempted.
    Delivery(DeliveryId, PostId),
    /// An attempt that ended, with the id that the platform gave.
    Attempt(AttemptId, Option<RemoteId>),
}

/// What is known of one post. No second operation of the same transaction sees it.
#[derive(Debug)]
pub(super) struct Facts {
    pub post: Post,
    pub deliveries: Vec<Delivery>,
    pub running: Option<StoredHold>,
    /// The attempt that ended.
    pub attempt: Option<Attempt>,
    /// The post that the id from the platform belongs to, when it is another one's.
    pub owner: Option<PostId>,
    /// Of the delivery that is to be attempted: whether its channel is shut, and the number of its last attempt.
    pub last_attempt: Option<(bool, i64)>,
}

impl Facts {
    pub(super) fn delivery(&self, id: DeliveryId) -> Option<&Delivery> {
        self.deliveries.iter().find(|d| d.id == id)
    }

    pub(super) fn save(&mut self, changed: &Delivery) {
        if let Some(d) = self.deliveries.iter_mut().find(|d| d.id == changed.id) {
            d.clone_from(changed);
        }
    }
}

/// Reads the facts of each subject; none for what is not there and for a second subject on one post.
pub(super) async fn load(db: &mut Db, subjects: &[Subject]) -> Result<Vec<Option<Facts>>, StoreError> {
    if subjects.is_empty() {
        return Ok(vec![]);
    }
    let (mut ended, mut begins, mut wanted) = (vec![], vec![], HashSet::new());
    for subject in subjects {
        match subject {
            Subject::Delivery(delivery, post) => {
                begins.push(*delivery);
                wanted.insert(*post);
            }
            Subject::Attempt(attempt, _) => ended.push(*attempt),
        }
    }
    let mut attempts = by(attempts(db, &ended).await?, |(_, a)| a.id);
    wanted.extend(attempts.values().map(|(post, _)| *post));
    let last = last_attempts(db, &begins).await?;
    let wanted: Vec<_> = wanted.into_iter().collect();
    let mut posts = by(posts(db, &wanted).await?, |p| p.id);
    let mut running = by(running_holds(db, &wanted).await?, |(post, _)| *post);
    let mut all: HashMap<_, Vec<Delivery>> = HashMap::new();
    for d in deliveries_of(db, &wanted).await? {
        all.entry(d.post).or_default().push(d);
    }
    let claimed: Vec<_> = subjects.iter().filter_map(|s| receipt(s, &attempts, &all)).collect();
    let owners = owners(db, &claimed).await?;
    Ok(subjects
        .iter()
        .map(|subject| {
            let (post, attempt, last_attempt, owner) = match subject {
                Subject::Delivery(delivery, post) => (*post, None, last.get(delivery).copied(), None),
                Subject::Attempt(id, _) => {
                    let (post, attempt) = attempts.remove(id)?;
                    let owner = owners.get(&attempt.delivery).copied();
                    (post, Some(attempt), None, owner)
                }
            };
            Some(Facts {
                post: posts.remove(&post)?,
                deliveries: all.remove(&post)?,
                running: running.remove(&post).map(|(_, hold)| hold),
                attempt,
                owner,
                last_attempt,
            })
        })
        .collect())
}

/// Where the platform says that a delivery stands: its channel and the id there.
fn receipt(
    subject: &Subject,
    attempts: &HashMap<AttemptId, (PostId, Attempt)>,
    all: &HashMap<PostId, Vec<Delivery>>,
) -> Option<(DeliveryId, String, RemoteId)> {
    let Subject::Attempt(id, Some(remote)) = subject else { return None };
    let (post, attempt) = attempts.get(id)?;
    let d = all.get(post)?.iter().find(|d| d.id == attempt.delivery)?;
    Some((d.id, d.channel.clone(), remote.clone()))
}

fn by<T, K: Eq + std::hash::Hash>(rows: Vec<T>, key: impl Fn(&T) -> K) -> HashMap<K, T> {
    rows.into_iter().map(|row| (key(&row), row)).collect()
}
