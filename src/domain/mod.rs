//! The pure rules and types: no I/O, no clock, no database.
//!
//! [`delivery`] is the life of one post on one channel, [`stop`] what keeps it until a person decides,
//! [`reason`] why a try did not end in a receipt, [`hold`] the four hours, [`content`] what is published, [`wall_time`], [`week`] and [`schedule`] the calendar of an organisation, [`people`] who may do what.

pub mod backoff;
pub mod clocks;
pub mod content;
pub mod delivery;
pub mod draft;
pub mod given_times;
pub mod hold;
pub mod ids;
pub(crate) mod names;
pub mod people;
pub mod reason;
pub(crate) mod refusals;
pub mod schedule;
pub mod stop;
pub mod wall_time;
pub mod week;

pub use content::PostContent;
pub use delivery::{Action, State};
pub use given_times::GivenTimes;
pub use hold::{Hold, HoldLength};
pub use ids::{AttemptId, DeliveryId, DraftId, PersonId, PostId, TokenId};
pub use names::UnknownName;
pub use people::{Deed, Rights, Role};
pub use reason::{OwnReason, Reason, ReasonKind};
pub use stop::StopKind;
