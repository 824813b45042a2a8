//! vestnik's adapter for VK (dev.vk.com, API version 5.199).
//!
//! VK splits its rights over three credentials, and none of them does everything: a community key posts text, a
//! service key reads the wall, a user token of an administrator uploads pictures, edits and deletes. [`Settings`]
//! says where they lie; `check` says what is missing for what.
//!
//! Two facts shape the code: errors come inside HTTP 200, so only an id in the answer is success (`errors.rs`); and
//! `guid` stops a repeated post for one hour only, so that after an unknown outcome the wall is read before anything
//! is sent again (`find.rs`).

mod adapter;
mod address;
mod check;
mod client;
mod credentials;
mod errors;
mod find;
mod media;
mod notes;
mod publish;
mod read;
mod readable;
mod render;
mod renewal;
mod settings;
mod wall;

pub use adapter::Vk;
pub use settings::{Settings, UserRefresh};
