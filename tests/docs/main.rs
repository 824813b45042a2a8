//! What the documents say is held against the program: links, commands, keys, and the two readmes against each other.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod commands;
mod configuration;
mod links;
mod page;
mod readmes;
