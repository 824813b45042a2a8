//! Distances to the primary, in the order of the auditor's page.

use chrono::{DateTime, Utc};

use super::db::read_all;
use super::rows::micros;
use super::{Store, StoreError};

/// Before every distance that can be: publications whose distance is not known come first.
const WITHOUT_PRIMARY: i64 = -(1 << 62);

pub(super) const SMALLEST: &str = "SELECT COALESCE(seconds, -4611686018427387904) AS key, seq, post \
     FROM follower_distance WHERE chain = $1 AND published_at >= $2 AND published_at < $3 \
     AND ($4 IS NULL OR channel = $4) AND (COALESCE(seconds, -4611686018427387904), seq) > ($5, $6) \
     ORDER BY 1, seq LIMIT $7";
pub(super) const TALLY: &str = "SELECT verdict, COUNT(*) FROM follower_distance \
     WHERE chain = $1 AND published_at >= $2 AND published_at < $3 AND ($4 IS NULL OR channel = $4) GROUP BY verdict";

/// A publication's place in the order of distances: the smallest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DistancePlace {
    /// Seconds to the primary, or less than any where that is not known.
    pub key: i64,
    /// The place in the chain.
    pub seq: u64,
}

impl DistancePlace {
    /// Before all.
    pub const FIRST: Self = Self { key: WITHOUT_PRIMARY, seq: 0 };
}

/// Which publications are meant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistancePeriod {
    /// The chain.
    pub chain: String,
    /// From this moment of publication.
    pub from: DateTime<Utc>,
    /// Up to, not including, this one.
    pub to: DateTime<Utc>,
    /// One follower only.
    pub channel: Option<String>,
}

type Row = (i64, i64, String);

impl Store {
    /// The publications that follow `after` in the order of their distances, with their posts.
    pub async fn smallest_distances(
        &self,
        period: &DistancePeriod,
        after: DistancePlace,
        most: u32,
    ) -> Result<Vec<(DistancePlace, String)>, StoreError> {
        let DistancePeriod { chain, from, to, channel } = period;
        let (from, to, seq) = (micros(*from), micros(*to), i64::try_from(after.seq).unwrap_or(i64::MAX));
        let (channel, most) = (channel.as_deref(), i64::from(most));
        let rows = read_all!(&self.readers, Row, SMALLEST, &**chain, from, to, channel, after.key, seq, most)?;
        let place = |key, seq| DistancePlace { key, seq: u64::try_from(seq).unwrap_or(0) };
        Ok(rows.into_iter().map(|(key, seq, post)| (place(key, seq), post)).collect())
    }

    /// How many publications came to which verdict.
    pub async fn count_distances(&self, period: &DistancePeriod) -> Result<Vec<(String, u64)>, StoreError> {
        let DistancePeriod { chain, from, to, channel } = period;
        let (from, to) = (micros(*from), micros(*to));
        let rows = read_all!(&self.readers, (String, i64), TALLY, &**chain, from, to, channel.as_deref())?;
        Ok(rows.into_iter().map(|(verdict, n)| (verdict, u64::try_from(n).unwrap_or(0))).collect())
    }
}
