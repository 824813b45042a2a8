//! vestnik's adapter for MAX: posts of an organisation's channel through the Bot API.
//!
//! Written after the MAX API schema 0.0.33; where that is silent, the safer reading is taken. MAX has no key that
//! would make two equal calls one post, so an unknown outcome is settled by looking at the channel (module `find`).
//!
//! To change how a post looks, go to `render`; what an error means, `errors`; how a call is made, `client`.

mod adapter;
mod address;
mod check;
mod client;
mod errors;
mod find;
mod message;
mod publish;
mod read;
mod render;
mod settings;
mod upload;

pub use adapter::MaxAdapter;
pub use settings::Settings;
