//! vestnik's adapter for sites that run `WordPress` 5.6 or newer, through its REST interface.
//!
//! What makes it safe: a post is first made as a draft under an address of our own (its slug holds the delivery's
//! id), found again by that address whatever happened before, and then published by its number. Publishing by number
//! can be repeated: it is the same post, with the same publication time. The worst accident left is a stray draft.
//!
//! Sources: the REST API handbook of developer.wordpress.org, and what versions 6.1, 6.8 and 7.1 were seen to do.

mod adapter;
mod check;
mod client;
mod doubt;
mod draft;
mod errors;
mod html;
mod links;
mod media;
mod notes;
mod publish;
mod read;
mod render;
mod root;
mod settings;
mod slug;
mod terms;
mod wire;

pub use settings::{Settings, SiteUrl};
