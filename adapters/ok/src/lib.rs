//! OK (Odnoklassniki): topics of a group, through the REST API.
//!
//! The platform takes no idempotency key, so an unknown outcome is settled by reading the group (`find.rs`). Errors
//! come inside HTTP 200 (`errors.rs`); a success is a topic's id and nothing else. Start reading at `adapter.rs`.

mod adapter;
mod attachment;
mod check;
mod client;
mod credentials;
mod errors;
mod feed;
mod find;
mod notes;
mod permalink;
mod presence;
mod publish;
mod read;
mod render;
mod settings;
mod signature;
mod topic;
mod upload;

pub use adapter::OkAdapter;
pub use settings::{DeleteParameter, PublicKey, Refresh, Settings};
