//! The pure rules and types: no I/O, no clock, no database.
//!
//! [`delivery`] is the life of one post on one channel, [`hold`] the four hours, [`content`] what is published,
//! [`wall_time`] and [`week`] the calendar of an organisation.

pub mod backoff;
pub mod clocks;
pub mod content;
pub mod delivery;
pub mod hold;
pub mod ids;
pub mod wall_time;
pub mod week;

pub use content::PostContent;
pub use delivery::{Action, State};
pub use hold::{Hold, HoldLength};
pub use ids::{AttemptId, DeliveryId, PostId};
