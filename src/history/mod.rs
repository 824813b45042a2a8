//! What auditors ask.
//!
//! [`search`] finds entries, [`copy`] takes copies and checks files, [`audit`] checks the database itself. Below them
//! are pure parts: [`export`] writes and reads copies, [`verify`](mod@verify) checks chains, [`rule`] measures the four
//! hours.

pub mod audit;
pub mod copy;
pub mod export;
pub mod rule;
pub mod search;
pub mod verify;

#[cfg(test)]
pub(crate) mod testing;
