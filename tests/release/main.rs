//! What the daemon does with posts, told by what stands on the platforms. Time is set, never waited for.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

mod broken;
mod clocks;
mod doubt;
mod edit;
mod forgotten;
mod hold;
mod lost_text;
mod manual;
mod moved;
mod ok_group;
mod older_copy;
mod older_copy_asks;
mod people;
mod renewal;
mod restart;
mod taken_down;
mod town;
mod unanswered;
