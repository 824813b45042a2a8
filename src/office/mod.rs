//! What a press office does, whether through the command line or the desk: one function per action of a person.

mod calendar;
mod channels;
mod check;
mod decided;
mod draft;
mod draft_meaning;
mod edit;
mod error;
mod files;
mod look;
mod move_post;
mod open;
pub mod people;
mod plan;
mod preview;
mod program;
mod queue;
mod reason;
mod request;
mod settle;
mod typed;
mod ways;

pub use calendar::{Place, PlanPage, PlannedDay, PlannedDraft, PlannedFollower, PlannedPost, day_span, time_of};
pub use check::{ChannelCheck, check};
pub use error::{ChannelMisfit, OfficeError};
pub use look::{ChannelLook, LookAnswer};
pub use move_post::MoveTo;
pub use open::Office;
pub use people::{PeopleError, Refusal, Ruler};
pub use plan::{Plan, PlannedChannel, Start};
pub use preview::{ChannelPreview, Preview};
pub use program::ProgramPost;
pub use queue::QueueOptions;
pub use reason::reason;
pub use ways::{ChannelWay, PostWay, Standing};
