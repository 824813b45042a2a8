//! What a press office does, whether through the command line or the desk: one function per action of a person.

mod check;
mod draft;
mod draft_meaning;
mod edit;
mod error;
mod files;
mod move_post;
mod open;
pub mod people;
mod plan;
mod queue;
mod typed;

pub use check::{ChannelCheck, check};
pub use error::{ChannelMisfit, OfficeError};
pub use move_post::MoveTo;
pub use open::Office;
pub use people::{PeopleError, Refusal, Ruler};
pub use plan::{Plan, PlannedChannel};
pub use queue::QueueOptions;
