//! The MAX adapter against the sandbox's world of MAX.

mod conformance;
mod world;
