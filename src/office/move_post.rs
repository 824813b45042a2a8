//! Moving a post, or one of its followers, to another time.

use super::{Office, OfficeError};
use crate::domain::wall_time;
use crate::store::{AsSeen, Move, Moved, StoreError};

/// Where to, as a person says it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MoveTo {
    /// The time as typed, in the organisation's zone unless it has an offset of its own.
    pub at: String,
    /// The follower that gets its own time; `None`: the whole post.
    pub channel: Option<String>,
    /// Where the person saw it lie, in microseconds since 1970: the second of two people is told.
    pub seen: Option<i64>,
}

impl Office {
    /// Moves what is not out yet; gives where everything lies then.
    pub async fn move_post(&self, post: impl Into<AsSeen>, to: MoveTo, by: &str) -> Result<Moved, OfficeError> {
        let AsSeen { post: id, mark } = post.into();
        let now = self.clock.now();
        let deliveries = self.store.deliveries_of(id).await?;
        let organisation = deliveries.first().map(|d| d.organisation.clone()).ok_or_else(|| StoreError::NotFound {
            what: "post",
            name: id.to_string(),
            hint: "; `vestnik post list` shows them".into(),
        })?;
        let zone = self.organisation(Some(&organisation))?.zone;
        let wish = Move {
            post: id,
            mark,
            channel: to.channel,
            to: wall_time::read(&to.at, zone, now)?,
            seen: to.seen.and_then(chrono::DateTime::from_timestamp_micros),
            hold: self.config.hold,
            by: by.into(),
        };
        Ok(self.store.move_post(wish, now).await?)
    }
}
