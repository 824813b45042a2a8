//! What auditors ask.

pub mod export;
pub mod rule;
pub mod verify;
