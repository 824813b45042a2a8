//! The publications on followers of a period, the smallest distance first. The order and the counts are those of the
//! index over the journal; every distance that is shown is measured anew from the journal.

use std::collections::HashMap;

use super::Distance;
use crate::domain::PostId;
use crate::history::index::measured_each;
use crate::store::{DistancePeriod, DistancePlace, Store, StoreError};

/// Publications by what they came to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Counts {
    /// The whole hold had passed.
    pub kept: u64,
    /// Too early.
    pub broken: u64,
    /// Nothing on the primary stands before it.
    pub no_primary: u64,
    /// Nobody can tell.
    pub unknown: u64,
}

impl Counts {
    /// All of them.
    pub fn all(self) -> u64 {
        self.kept + self.broken + self.no_primary + self.unknown
    }

    /// Whether every one kept the rule.
    pub fn is_clean(self) -> bool {
        self.kept == self.all()
    }

    /// Whether any is known to have broken it.
    pub fn is_broken(self) -> bool {
        self.broken > 0 || self.no_primary > 0
    }
}

/// A publication of the period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Measured {
    /// Its place in the order, for the page after it.
    pub place: DistancePlace,
    /// What the journal tells of it; `None`: it tells so no more, so something else than vestnik changed it.
    pub distance: Option<Distance>,
    /// The post's headline in the revision that went out.
    pub title: Option<String>,
}

/// How many publications the period has.
pub async fn counts(store: &Store, period: &DistancePeriod) -> Result<Counts, StoreError> {
    let mut counts = Counts::default();
    for (verdict, n) in store.count_distances(period).await? {
        match verdict.as_str() {
            "kept" => counts.kept = n,
            "broken" => counts.broken = n,
            "no_primary" => counts.no_primary = n,
            _ => counts.unknown = n,
        }
    }
    Ok(counts)
}

/// The next publications in the order of their distances.
pub async fn smallest(
    store: &Store,
    period: &DistancePeriod,
    after: DistancePlace,
    most: u32,
) -> Result<Vec<Measured>, StoreError> {
    let places = store.smallest_distances(period, after, most).await?;
    let mut posts: Vec<&str> = places.iter().map(|(_, post)| post.as_str()).collect();
    posts.sort_unstable();
    posts.dedup();
    let mut titles: HashMap<(String, i64), String> = HashMap::new();
    for (post, number, title) in store.titles_of(&posts).await? {
        titles.insert((post, number), title);
    }
    let posts: Vec<PostId> = posts.iter().filter_map(|post| post.parse().ok()).collect();
    let by_post = measured_each(store, &posts).await?;
    let row = |(place, post): &(DistancePlace, String)| {
        let distance =
            post.parse().ok().and_then(|id| by_post.get(&id)).and_then(|of_post| of_post.get(&place.seq)).cloned();
        let title = distance.as_ref().and_then(|d| titles.get(&(post.clone(), i64::from(d.revision)))).cloned();
        Measured { place: *place, distance, title }
    };
    Ok(places.iter().map(row).collect())
}
