//! What auditors ask.
//!
//! [`search`] finds entries as the command line asks for them and [`find`] as the desk does, through the [`index`] of
//! [`stems`]. [`copy`] takes copies and checks files, [`audit`] checks the database itself. Below them
//! are pure parts: [`export`] writes and reads copies, [`verify`](mod@verify) checks chains, [`rule`] measures the four
//! hours.

pub mod audit;
pub mod copy;
pub mod export;
pub mod find;
pub mod index;
pub mod rule;
pub mod search;
pub mod stems;
pub mod verify;

#[cfg(test)]
pub(crate) mod testing;
