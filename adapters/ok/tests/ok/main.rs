//! The adapter against a loopback OK.

mod conformance;
mod doubts;
mod renewal;
mod signature;
mod topics;
mod world;
