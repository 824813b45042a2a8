//! The real program with its real database, killed, frozen and denied its disk: at moments of chance, at the moments of
//! an attempt that matter, and at every single system call. Whatever happened, the platforms must show every post
//! once, nothing early, and the journal must prove it ([`press::Press::prove`]).
//!
//! The short form is what everybody runs. `tests/crash/long` runs for hours: `VESTNIK_KILLS` says how many kills,
//! `VESTNIK_LONG` takes every system call instead of a sample, and freezes for longer than a lease.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

mod asked;
mod every_call;
mod failing_disk;
mod frozen;
mod mark;
mod marked;
mod marked_changes;
mod mishap;
mod newsroom;
mod officer;
#[path = "../common/press/mod.rs"]
#[allow(dead_code, unused_imports, reason = "each suite uses its part")]
mod press;
mod random;
mod reader;
mod tracer;

use vestnik_sandbox::town::Platform;

/// Every platform that can be asked what it holds, MAX first.
const PLATFORMS: [Platform; 5] = [Platform::Max, Platform::Vk, Platform::Ok, Platform::WordPress, Platform::Webhook];
