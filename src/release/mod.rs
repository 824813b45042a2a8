//! The daemon: claim → attempt → outcome, the clocks, and what is done after an unknown outcome.
//!
//! [`Daemon::tick`] does one round and says when to wake; [`run()`] is the loop around it. A channel with something due
//! gets a worker ([`worker`]) that takes one delivery after the other through [`publish`], [`edit`] or [`retract`];
//! channels do not wait for each other. Nothing here reads the machine's clock or makes chance by itself.

mod channels;
mod clocks;
mod compose;
mod contradiction;
mod daemon;
mod doubt;
mod edit;
mod jump;
mod lock;
mod look_first;
mod older_copy;
mod outcome;
mod prepare;
mod primary;
mod publish;
mod pulse;
mod renewals;
mod resolve;
mod retract;
mod run;
mod texts;
mod worker;

pub use channels::{Channel, Channels};
pub use compose::{compose, draw};
pub use contradiction::Contradiction;
pub use daemon::{Daemon, POLL, Settings, Wake};
pub use lock::{LockError, ProcessLock};
pub use pulse::{LATENESS_BOUNDS, Lateness, Pulse, Reading};
pub use renewals::note_renewals;
pub use resolve::{Resolution, ResolveError, republish, resolve};
pub use run::{RunError, run};
pub use texts::{find_any, prepared_now, prepared_of_all};
