//! The real program as its users meet it: a process of its own, a database of its own, the platforms over HTTP.
//!
//! What is claimed is read off the platforms ([`press::Press::on`]) and off what the program prints, never off its
//! insides. Nothing here sleeps for time to pass: it is waited for an event, with a deadline.

#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail")]

mod backup;
#[path = "../desk/browser.rs"]
#[allow(dead_code, reason = "each suite uses its part")]
mod browser;
mod daemon;
mod desk;
mod disk;
mod history;
mod looking;
mod people;
mod posts;
#[path = "../common/press/mod.rs"]
#[allow(dead_code, unused_imports, reason = "each suite uses its part")]
mod press;
mod rubbish;
mod secrets;
mod user;
mod wrong_config;
mod wrong_content;
