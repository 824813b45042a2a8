//! What the daemon does with posts, told by what stands on the platforms. Time is set, never waited for.

mod clocks;
mod doubt;
mod edit;
mod hold;
mod people;
mod restart;
mod town;
