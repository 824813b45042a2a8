//! Tests that need more than every machine has.

use std::fmt::Display;

/// Says that a test did not run here. It is no success: where `CI` is set it is a failure.
#[track_caller]
pub fn not_run(why: impl Display) {
    assert!(std::env::var_os("CI").is_none(), "NOT RUN: {why}");
    println!("NOT RUN: {why}");
}
