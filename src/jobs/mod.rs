//! What runs by the calendar. [`schedule`] rings the bell, one file a job does the work.
//!
//! Each job may run at any time and as often as it likes: what is due it decides from the clock that it was given.

mod count_week;
mod forget;
mod forget_files;
mod index_journal;
mod keep_credentials;
mod schedule;
mod weeks;

pub use count_week::count_week;
pub use forget::forget;
pub use forget_files::{ForgetFilesError, forget_files};
pub use index_journal::index_journal;
pub use keep_credentials::keep_credentials;
pub use schedule::{Schedule, ScheduleError, start};
pub use weeks::{ChannelWeekReport, PastWeek, past_weeks, weeks};

use std::path::PathBuf;
use std::sync::Arc;

use chrono_tz::Tz;
use vestnik_contract::Clock;

use crate::release::Channels;
use crate::store::Store;

/// What jobs work with.
#[derive(Debug, Clone)]
pub struct Jobs {
    /// The database.
    pub store: Store,
    /// The channels with their adapters.
    pub channels: Channels,
    /// What time it is.
    pub clock: Arc<dyn Clock>,
    /// The organisations whose weeks are counted.
    pub organisations: Vec<Organisation>,
    /// Posts that each channel must get in a week.
    pub week_minimum: u32,
    /// The media folder.
    pub media_dir: PathBuf,
}

/// An organisation, as far as the calendar is concerned.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organisation {
    /// Its slug.
    pub slug: String,
    /// The zone in which its weeks are counted.
    pub zone: Tz,
}

#[cfg(test)]
mod tests;
