//! Sites that vestnik reaches through a small receiver written by the site's contractor: 1C-Bitrix, `NetCat`, MODX,
//! home-made ones.
//!
//! The receiver takes signed POST requests (Standard Webhooks 1.0.0) and answers with the post's id and address.
//! `docs/webhook.md` is the whole contract, with two receivers that work. Start reading at [`event`] (what is sent)
//! and [`answer`] (what comes back); [`errors`] says what each refusal means for the next step.

mod adapter;
mod answer;
mod client;
mod errors;
mod event;
mod files;
mod publish;
mod read;
mod render;
mod settings;
mod signature;

pub use settings::Settings;
