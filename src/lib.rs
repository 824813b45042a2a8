//! vestnik publishes a press office's news in the national messenger (MAX) first and everywhere else no earlier than
//! four hours after MAX confirmed it, and proves that to an auditor.
//!
//! Floors, from the ground: [`domain`], [`journal`] ← [`store`] ← [`release`], [`history`] ← [`jobs`] ← [`office`] ← [`web`] ←
//! [`cli`]; beside them what is read from outside: [`config`] with [`platforms`], [`post_file`], [`media`]. An import never
//! points up (`tests/tidy`). How a post lives is told in `docs/architecture.md`.

pub mod backup;
pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod history;
pub mod jobs;
pub mod journal;
pub mod media;
pub mod office;
pub mod platforms;
pub mod post_file;
pub mod release;
pub mod store;
pub mod web;
