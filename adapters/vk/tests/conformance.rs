//! VK passes what every adapter passes.

mod common;

vestnik_contract::conformance!(common::Office::start().await);
