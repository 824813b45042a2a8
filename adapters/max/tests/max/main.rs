//! The MAX adapter against the sandbox's world of MAX.

#![expect(clippy::unwrap_used, reason = "a failed test panics")]

mod answers;
mod conformance;
mod files;
mod looking;
mod settings;
mod text;
mod tls;
mod wire;

mod world;
