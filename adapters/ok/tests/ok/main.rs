//! The adapter against a loopback OK.
#![expect(clippy::unwrap_used, reason = "a failed test panics, also in its helpers")]

mod conformance;
mod doubts;
mod methods;
mod renewal;
mod signature;
mod topics;
mod world;
